/* callout calendar import|show. */
#include "cmd_calendar.h"

#include <string.h>

const struct cli_option cmd_calendar_options[] = {
    { "out", 0, "FILE",
      "import: write there; what is there of other years and by hand stays [stdout]" },
    { "name", 0, "NAME",
      "import: of the set [that of --out, else cn for holiday-cn, else holidays]" },
    { "years", 0, "YEAR[-YEAR]",
      "import: these years only [those in the file; with recurring events this year + 2]" },
    { "zone", 0, "ZONE",
      "import: whose local days events with a time take, as Asia/Shanghai "
      "[each event's own]" },
    { "only", 0, "TEXT",
      "import: only events whose summary, category or description contains "
      "this; may be repeated" },
    { "makeup", 0, "TEXT",
      "import: events that contain this are make-up workdays; may be "
      "repeated" },
    { "file", 'f', "PATH", "show: from these files, without a daemon; may be repeated" },
    { NULL, 0, NULL, NULL },
};

static const struct {
    const char *verb;
    int (*run)(struct cli *cli);
} verbs[] = {
    { "import", cmd_calendar_import },
    { "show", cmd_calendar_show },
};

/* Every verb has options of its own. */
static int check_options(struct cli *cli, const char *verb)
{
    for (const struct cli_option *o = cmd_calendar_options; o->name != NULL; o++)
        if (cli_has(cli, o->name) && strncmp(o->help, verb, strlen(verb)) != 0)
            return cli_usage(cli, "callout calendar %s takes no --%s", verb, o->name);
    return CLI_OK;
}

int cmd_calendar(struct cli *cli)
{
    const char *verb = cli->args->word[0];
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verbs[i].verb, verb) != 0)
            continue;
        int code = check_options(cli, verb);
        return code == CLI_OK ? verbs[i].run(cli) : code;
    }
    return cli_usage(cli, "calendar %s: allowed are import and show", verb);
}
