/* callout reroute: the project manager sends an engineer elsewhere. */
#include "cli.h"

const struct cli_option cmd_reroute_options[] = {
    { "from", 0, "NUMBER", "the case he is taken off" },
    { "to", 0, "NUMBER", "the case he is asked for" },
    { "by", 0, "PERSON", "the project manager: key of a person" },
    { "note", 0, "TEXT", "why; kept with both cases" },
    { NULL, 0, NULL, NULL },
};

enum { WAIT_MS = 10000 };

static int send(struct cli *cli, Callout__V1__Act act, const char *number, const char *name)
{
    Callout__V1__Command command = CALLOUT__V1__COMMAND__INIT;
    command.key = cli_new_key(cli);
    command.number = cli_text(cli, number);
    command.act = act;
    command.role = CALLOUT__V1__ROLE__ROLE_PM;
    command.person = cli_text(cli, cli_value(cli, "by"));
    command.note = cli_text(cli, cli_value(cli, "note"));
    command.name = cli_text(cli, name);
    command.wait_ms = WAIT_MS;
    return cli_command(cli, &command);
}

int cmd_reroute(struct cli *cli)
{
    const char *from = cli_value(cli, "from"), *to = cli_value(cli, "to");
    if (from == NULL || to == NULL)
        return cli_usage(cli, "reroute: --from NUMBER and --to NUMBER are needed");
    int code = send(cli, CALLOUT__V1__ACT__ACT_RECALL, from, to);
    if (code != CLI_OK)
        return code;
    code = send(cli, CALLOUT__V1__ACT__ACT_NAME_ENGINEER, to, cli->args->word[0]);
    if (code != CLI_OK)
        cli_note(cli, "  he is off %s all the same; somebody else is sought for it", from);
    return code;
}
