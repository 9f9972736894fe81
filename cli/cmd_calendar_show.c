#include "cmd_calendar.h"
int cmd_calendar_show(struct cli *cli)
{
    return cli_fail(cli, CLI_FAILED, "not yet");
}
