#include "intake.h"

int main(int argc, char **argv)
{
    return co_daemon_main(&intake_daemon, argc, argv);
}
