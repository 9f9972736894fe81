/* callout roster show|gaps|import. */
#include "cmd_roster.h"

#include <string.h>

/* The help begins with the verbs that take it. */
const struct cli_option cmd_roster_options[] = {
    { "from", 0, "DATE", "show, gaps, import: the first day that is looked at [now]" },
    { "days", 0, "N", "show, gaps: how many days [show: 7, gaps: 30]" },
    { "until", 0, "DATE", "import: the day before which single shifts are taken [366 days on]" },
    { "office", 0, "KEY", "show, gaps: only the people of this office [all]" },
    { "person", 0, "KEY", "show: only this person [all]" },
    { "level", 0, "N",
      "show, gaps: only people of at least this level: 1 engineer, 2 senior, 3 expert [1]" },
    { "product", 0, "KEY", "show, gaps: only people who work on it, with their level in it [any]" },
    { "skill", 0, "KEY", "show, gaps: only people with this qualification [any]" },
    { "role", 0, "ROLE", "gaps: only of who holds this role [engineers, and all roles]" },
    { "policy", 0, "NAME", "gaps: whom this pack sends, at each of its levels, office by office" },
    { "calendar", 0, "KEY",
      "import: whose local time and holidays [that of the rosters there are, or the only one]" },
    { "map", 0, "TEXT=PERSON", "import: whom a mail or a name means; may be repeated" },
    { "out", 0, "FILE", "import: write there, what an import wrote is replaced [stdout]" },
    { "file", 'f', "PATH",
      "import: the people, from files instead of the registry in force; may be repeated" },
    { "keys", 0, "DIR",
      "show, gaps, import: where public_key_file of clients is looked for [where our own key is]" },
    { NULL, 0, NULL, NULL },
};

static const struct {
    const char *verb;
    int (*run)(struct cli *cli);
} verbs[] = {
    { "show", cmd_roster_show },
    { "gaps", cmd_roster_gaps },
    { "import", cmd_roster_import },
};

static bool takes(const struct cli_option *o, const char *verb)
{
    const char *at = strstr(o->help, verb);
    return at != NULL && at < strchr(o->help, ':');
}

int cmd_roster(struct cli *cli)
{
    const char *verb = cli->args->word[0];
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verbs[i].verb, verb) != 0)
            continue;
        for (const struct cli_option *o = cmd_roster_options; o->name != NULL; o++)
            if (cli_has(cli, o->name) && !takes(o, verb))
                return cli_usage(cli, "callout roster %s takes no --%s", verb, o->name);
        return verbs[i].run(cli);
    }
    return cli_usage(cli, "roster %s: allowed are show, gaps and import", verb);
}
