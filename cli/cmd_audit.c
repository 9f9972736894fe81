/* callout audit: proves what was done, from what is stored. */
#include "cmd_audit.h"

#include <string.h>

#include "history.h"

const struct cli_option cmd_audit_options[] = {
    HISTORY_OPTIONS,
    { "grace", 0, "TIME", "timers: what became due so short a time ago may be on its way [10s]" },
    { NULL, 0, NULL, NULL },
};

static const struct {
    const char *name;
    int (*run)(struct cli *cli);
} audits[] = { { "refold", cmd_audit_refold }, { "timers", cmd_audit_timers } };

int cmd_audit(struct cli *cli)
{
    for (size_t i = 0; i < sizeof(audits) / sizeof(audits[0]); i++)
        if (strcmp(cli->args->word[0], audits[i].name) == 0)
            return audits[i].run(cli);
    return cli_usage(cli, "audit %s: allowed are refold and timers", cli->args->word[0]);
}
