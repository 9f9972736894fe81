#include "notify.h"

int main(int argc, char **argv)
{
    return co_daemon_main(&notify_daemon, argc, argv);
}
