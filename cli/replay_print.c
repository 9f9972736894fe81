/* The report of a replay as tables. */
#include "cli_table.h"
#include "replay_report.h"

static const char *count(struct cli *cli, uint64_t n)
{
    return n == 0 ? "-" : cli_format(cli, "%llu", (unsigned long long)n);
}

static void head(struct cli *cli, const char *title)
{
    (void)fprintf(cli->out, "\n%s\n", title);
}

static void print_balance(struct cli *cli, const Callout__V1__ReplayReport *r)
{
    struct cli_table t;
    head(cli, "What went in, and what is there");
    cli_table_init(&t, cli, "what|>sent|>there|");
    for (size_t i = 0; i < r->n_balance; i++)
        CLI_TABLE_ADD(&t, r->balance[i]->what, count(cli, r->balance[i]->sent),
                      count(cli, r->balance[i]->there),
                      r->balance[i]->sent == r->balance[i]->there ? "equal" : "NOT EQUAL");
    cli_table_print(&t, 2);
}

static void print_cases(struct cli *cli, const Callout__V1__ReplayReport *r)
{
    const struct {
        const char *what;
        uint64_t n;
    } rows[] = {
        { "opened", r->cases->opened },
        { "held for a decision", r->cases->held },
        { "held still", r->cases->held_still },
        { "closed", r->cases->closed },
        { "severity raised", r->cases->raised },
        { "severity lowered", r->cases->lowered },
        { "nobody left to send", r->cases->nobody_left },
        { "announcements taken back", r->cases->withdrawn },
    };
    struct cli_table t;
    head(cli, "Cases");
    cli_table_init(&t, cli, "|>number");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CLI_TABLE_ADD(&t, rows[i].what, count(cli, rows[i].n));
    cli_table_print(&t, 2);
}

static void print_clocks(struct cli *cli, Callout__V1__ReplayClocks *const *clocks, size_t n,
                         const char *title, const char *columns)
{
    struct cli_table t;
    head(cli, title);
    cli_table_init(&t, cli, columns);
    for (size_t i = 0; i < n; i++) {
        const Callout__V1__ReplayClocks *c = clocks[i];
        uint64_t ended = c->met + c->missed;
        CLI_TABLE_ADD(
            &t, c->name, c->severity == 0 ? "?" : count(cli, c->severity), count(cli, c->promised),
            count(cli, c->met), count(cli, c->missed), count(cli, c->stopped), count(cli, c->open),
            ended == 0 ? "" : cli_format(cli, "%.1f %%", 100.0 * (double)c->met / (double)ended),
            c->km_max > 0 ? cli_km(cli, c->km_max) : "");
    }
    cli_table_print(&t, 2);
}

static void print_engineers(struct cli *cli, const Callout__V1__ReplayReport *r)
{
    struct cli_table t;
    head(cli, "Engineers");
    cli_table_init(
        &t, cli,
        "engineer|>offers|>accepted|>declined|>silent|>withdrawn|>overtaken|>visits|>one way");
    for (size_t i = 0; i < r->n_engineers; i++) {
        const Callout__V1__ReplayLoad *e = r->engineers[i];
        CLI_TABLE_ADD(&t, e->engineer, count(cli, e->offers), count(cli, e->accepted),
                      count(cli, e->declined), count(cli, e->silent), count(cli, e->withdrawn),
                      count(cli, e->overtaken), count(cli, e->visits), cli_km(cli, e->km));
    }
    cli_table_print(&t, 2);
}

static void print_commands(struct cli *cli, const Callout__V1__ReplayReport *r)
{
    struct cli_table t;
    head(cli, "Commands");
    cli_table_init(&t, cli, "act|>received|>applied|>refused");
    for (size_t i = 0; i < r->n_commands; i++) {
        const Callout__V1__ReplayCommands *c = r->commands[i];
        CLI_TABLE_ADD(&t, cli_act(cli, c->act), count(cli, c->received), count(cli, c->applied),
                      count(cli, c->refused));
    }
    cli_table_print(&t, 2);
}

static void print_notices(struct cli *cli, const Callout__V1__ReplayReport *r)
{
    struct cli_table t;
    head(cli, "Notices");
    cli_table_init(&t, cli, "channel|state|>number");
    for (size_t i = 0; i < r->n_notices; i++) {
        const Callout__V1__ReplayNotices *n = r->notices[i];
        CLI_TABLE_ADD(&t, n->channel[0] == '\0' ? "nobody to tell" : n->channel,
                      cli_notice_state(cli, n->state), count(cli, n->count));
    }
    cli_table_print(&t, 2);
}

void replay_report_print(struct cli *cli, const Callout__V1__ReplayReport *r)
{
    (void)fprintf(cli->out,
                  "%s\n%s to %s: %llu incidents, %llu rows (%llu mean nothing here, %llu "
                  "came after the end of their incident)\n",
                  r->source, cli_when(cli, r->from_us), cli_when(cli, r->until_us),
                  (unsigned long long)r->incidents, (unsigned long long)r->rows,
                  (unsigned long long)r->rows_without_act,
                  (unsigned long long)r->rows_after_closing);
    print_balance(cli, r);
    print_cases(cli, r);
    print_clocks(cli, r->milestones, r->n_milestones, "Promises by milestone and severity",
                 "milestone|>sev|>promised|>met|>missed|>stopped|>open|>in time|");
    print_clocks(cli, r->zones, r->n_zones, "Arrivals by zone and severity",
                 "zone|>sev|>promised|>met|>missed|>stopped|>open|>in time|>farthest");
    print_engineers(cli, r);
    print_commands(cli, r);
    print_notices(cli, r);
}
