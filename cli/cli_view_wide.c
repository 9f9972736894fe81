/* What a case has in common with others: calendars and exclusions. */
#include "cli_table.h"
#include "cli_view.h"

static const char *pin(struct cli *cli, const Callout__V1__Pin *p)
{
    return p == NULL || p->key[0] == '\0' ? "none"
                                          : cli_format(cli, "%s, as of registry version %llu",
                                                       p->key, (unsigned long long)p->since);
}

void cli_view_calendar(struct cli *cli, const Callout__V1__CaseView *v)
{
    if (v->calendar == NULL && v->rebased == NULL)
        return;
    if (v->rebased == NULL)
        cli_view_line(cli, "calendar", pin(cli, v->calendar));
    else
        cli_view_line(cli, "calendar",
                      cli_format(cli, "%s; opened with %s", pin(cli, v->rebased->calendar),
                                 pin(cli, v->calendar)));
}

void cli_view_exclusions(struct cli *cli, const Callout__V1__CaseView *v)
{
    if (v->n_exclusions == 0)
        return;
    cli_view_heading(cli, "Exclusions declared here");
    struct cli_table t;
    cli_table_init(&t, cli, "exclusion|title|cause|from|until|state");
    for (size_t i = 0; i < v->n_exclusions; i++) {
        const Callout__V1__Exclusion *x = v->exclusions[i]->exclusion;
        CLI_TABLE_ADD(&t, x->key, cli_title(cli, x->title, ""), x->cause, cli_when(cli, x->from_us),
                      x->until_us == 0 ? "not over" : cli_when(cli, x->until_us),
                      v->exclusions[i]->withdrawn ? "taken back" : "");
    }
    cli_table_print(&t, CLI_VIEW_INDENT);
}
