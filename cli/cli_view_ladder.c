#include "cli_table.h"
#include "cli_view.h"
#include "co_time.h"

void cli_view_ladders(struct cli *cli, const Callout__V1__CaseView *v)
{
    struct cli_table t;
    cli_table_init(&t, cli, "milestone|>no.|>step|reached|told");
    for (size_t i = 0; i < v->n_clocks; i++) {
        const Callout__V1__ClockView *c = v->clocks[i];
        for (size_t j = 0; j < c->n_escalations; j++)
            CLI_TABLE_ADD(&t, cli_title(cli, c->title, c->milestone),
                          cli_format(cli, "%u", c->generation),
                          cli_format(cli, "%u", c->escalations[j]->step + 1),
                          cli_when(cli, c->escalations[j]->reached_us),
                          cli_roles(cli, c->escalations[j]->roles, c->escalations[j]->n_roles));
    }
    if (t.rows == 0)
        return;
    cli_view_heading(cli, "Escalations");
    cli_table_print(&t, CLI_VIEW_INDENT);
}

static void add_late(struct cli *cli, struct cli_table *t, const Callout__V1__ClockView *c,
                     const char *what, int64_t reached_us, int64_t announced_us)
{
    enum { SOME_SECONDS = 5 };
    if (reached_us == 0 || announced_us - reached_us <= SOME_SECONDS * CO_SECOND_US)
        return;
    CLI_TABLE_ADD(t, cli_title(cli, c->title, c->milestone), cli_format(cli, "%u", c->generation),
                  what, cli_when(cli, reached_us), cli_when(cli, announced_us),
                  cli_length_between(cli, reached_us, announced_us));
}

void cli_view_late(struct cli *cli, const Callout__V1__CaseView *v)
{
    struct cli_table t;
    cli_table_init(&t, cli, "milestone|>no.|what|reached|announced|late by");
    for (size_t i = 0; i < v->n_clocks; i++) {
        const Callout__V1__ClockView *c = v->clocks[i];
        for (size_t j = 0; j < c->n_warnings; j++)
            add_late(cli, &t, c, cli_format(cli, "warning %u", c->warnings[j]->threshold + 1),
                     c->warnings[j]->reached_us, c->warnings[j]->announced_us);
        add_late(cli, &t, c, "breach", c->due_us, c->breach_announced_us);
        for (size_t j = 0; j < c->n_escalations; j++)
            add_late(cli, &t, c, cli_format(cli, "escalation %u", c->escalations[j]->step + 1),
                     c->escalations[j]->reached_us, c->escalations[j]->announced_us);
    }
    if (t.rows == 0)
        return;
    cli_view_heading(cli, "Announced late");
    cli_table_print(&t, CLI_VIEW_INDENT);
}
