#include "sla.h"

int main(int argc, char **argv)
{
    return co_daemon_main(&sla_daemon, argc, argv);
}
