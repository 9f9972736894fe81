/* callout simulate: what drafts of policy packs and calendars would have made of the stored cases.
 */
#include "cli_table.h"
#include "history.h"
#include "simulate_drafts.h"
#include "simulate_tally.h"

#include <stdlib.h>

#include "co_assert.h"
#include "co_time.h"

const struct cli_option cmd_simulate_options[] = {
    { "policy", 'p', "FILE",
      "a draft of a policy pack, in the place of the one of its name; may be repeated" },
    { "calendar", 'c', "FILE", "a draft of a calendar, or of its holidays; may be repeated" },
    { "from", 0, "TIME", "only cases reported from then on" },
    { "to", 0, "TIME", "only cases reported before" },
    { "internal", 0, NULL, "count limits for ourselves too, not only promises" },
    HISTORY_OPTIONS,
    { NULL, 0, NULL, NULL },
};

/* What one thread counts. */
struct counts {
    struct simulate_tally *tally;
    uint64_t cases, touched, held, unreadable;
};

struct simulation {
    struct history history;
    struct simulate_drafts *drafts;
    int64_t from_us, until_us;
    struct counts counts[CO_HISTORY_WORKERS_MAX];
};

/* -- a case, on a worker's thread */

static bool is_wanted(const struct simulation *s, const Callout__V1__CaseOpened *opened)
{
    return opened->reported_us >= s->from_us && opened->reported_us < s->until_us;
}

/* The severity at the report stays; a draft with fewer levels takes the mildest it has. Neither
 * does it ask what a ticket said in words that only the other pack has. */
static enum co_err fold_draft(struct co_arena *arena, const struct sla_case *recorded,
                              struct sla_case *draft, struct sla_fold *ret_fold)
{
    Callout__V1__SlaState *state = co_arena_memdup(arena, recorded->state, sizeof(*state));
    Callout__V1__CaseOpened *opened =
        co_arena_memdup(arena, recorded->state->opened, sizeof(*opened));
    if (state == NULL || opened == NULL)
        return CO_ENOMEM;
    if (opened->severity > draft->policy->n_severities)
        opened->severity = (uint32_t)draft->policy->n_severities;
    state->opened = opened;
    draft->state = state;
    return sla_case_fold(draft, arena, draft->now_us, ret_fold);
}

static enum co_err count_case(struct simulation *s, struct counts *n, struct sla_case *c)
{
    struct sla_fold recorded, draft;
    bool is_touched = false;
    struct sla_case under = *c;
    enum co_err err = history_case_versions(&s->history, NULL, c, NULL);
    if (err == CO_OK)
        err = sla_case_fold(c, c->arena, c->now_us, &recorded);
    if (err == CO_OK)
        err =
            history_case_versions(&s->history, simulate_drafts_get(s->drafts), &under, &is_touched);
    if (err == CO_OK && is_touched)
        err = fold_draft(c->arena, c, &under, &draft);
    if (err != CO_OK)
        return err;
    n->cases++;
    n->touched += is_touched;
    struct simulate_side a = { c->policy, &recorded }, b = { under.policy, &draft };
    return simulate_tally_add(n->tally, c->arena, c->state->opened, a, is_touched ? b : a);
}

static enum co_err each(void *arg, unsigned worker, const struct co_history_case *stored)
{
    struct simulation *s = arg;
    struct counts *n = &s->counts[worker];
    struct sla_case c;
    enum co_err err =
        stored->problem != NULL
            ? CO_EINPUT
            : history_case(stored, co_history_now_us(s->history.stored), UINT64_MAX, &c);
    if (err == CO_OK && c.state->opened == NULL) {
        n->held++;
        return CO_OK;
    }
    if (err == CO_OK && is_wanted(s, c.state->opened))
        err = count_case(s, n, &c);
    n->unreadable += err == CO_EINPUT;
    return err == CO_EINPUT ? CO_OK : err;
}

/* -- the report */

static const char *moved(struct cli *cli, uint64_t from, uint64_t to)
{
    return from == to
               ? cli_format(cli, "%llu", (unsigned long long)to)
               : cli_format(cli, "%llu -> %llu", (unsigned long long)from, (unsigned long long)to);
}

static const char *number(struct cli *cli, uint64_t x)
{
    return cli_format(cli, "%llu", (unsigned long long)x);
}

static void add_row(struct cli_table *t, const char *contract, const char *severity,
                    const Callout__V1__SimulateRow *r)
{
    struct cli *cli = t->cli;
    const Callout__V1__Counts *a = r->recorded, *b = r->draft;
    CLI_TABLE_ADD(t, contract, severity, number(cli, r->cases), moved(cli, a->met, b->met),
                  moved(cli, a->missed, b->missed), moved(cli, a->open, b->open),
                  number(cli, r->newly_missed), number(cli, r->newly_met),
                  moved(cli, a->escalations, b->escalations), moved(cli, a->arrivals, b->arrivals));
}

static int show(struct cli *cli, const Callout__V1__SimulateReport *r)
{
    if (cli->is_json)
        return cli_print_json(cli, &r->base, false);
    struct cli_table t;
    cli_table_init(&t, cli,
                   "contract|>severity|>cases|>met|>missed|>open|>newly missed|>newly "
                   "met|>rises|>arrivals");
    for (size_t i = 0; i < r->n_rows; i++)
        add_row(&t, r->rows[i]->contract, number(cli, r->rows[i]->severity), r->rows[i]);
    if (r->cases > 0) {
        add_row(&t, "all", "", r->total);
        cli_table_print(&t, 0);
    }
    (void)fprintf(
        cli->out, "%llu cases folded, %llu of them under a draft; %llu held ones left out\n",
        (unsigned long long)r->cases, (unsigned long long)r->touched, (unsigned long long)r->held);
    if (r->unreadable > 0)
        (void)fprintf(
            cli->out,
            "%llu cases could not be computed and are left out: callout audit refold names them\n",
            (unsigned long long)r->unreadable);
    return r->unreadable > 0 ? CLI_FAILED : CLI_OK;
}

static int sum(struct simulation *s, int64_t start_ms)
{
    struct cli *cli = s->history.cli;
    Callout__V1__SimulateReport r = CALLOUT__V1__SIMULATE_REPORT__INIT;
    enum co_err err = CO_OK;
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++) {
        const struct counts *n = &s->counts[i];
        r.cases += n->cases;
        r.touched += n->touched;
        r.held += n->held;
        r.unreadable += n->unreadable;
        if (err == CO_OK && i > 0)
            err = simulate_tally_join(s->counts[0].tally, n->tally);
    }
    if (err == CO_OK)
        err = simulate_tally_report(s->counts[0].tally, &r);
    if (err != CO_OK)
        return cli_fail(cli, CLI_FAILED, "%s", co_err_name(err));
    r.now_us = co_history_now_us(s->history.stored);
    r.from_us = s->from_us == INT64_MIN ? 0 : s->from_us;
    r.until_us = s->until_us == INT64_MAX ? 0 : s->until_us;
    r.took_us = (uint64_t)(cli_mono_ms() - start_ms) * (uint64_t)CO_MILLISECOND_US;
    return show(cli, &r);
}

static int simulate(struct simulation *s)
{
    struct cli *cli = s->history.cli;
    int64_t start_ms = cli_mono_ms();
    struct co_history_options options = { .kinds = HISTORY_INPUTS, .each = each, .arg = s };
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
        if ((s->counts[i].tally = simulate_tally_new(cli_has(cli, "internal"))) == NULL)
            return cli_fail(cli, CLI_FAILED, "out of memory");
    int code = simulate_drafts_load(&s->history, &s->drafts);
    if (code == CLI_OK)
        code = history_run(&s->history, &options);
    return code == CLI_OK ? sum(s, start_ms) : code;
}

int cmd_simulate(struct cli *cli)
{
    if (!cli_has(cli, "policy") && !cli_has(cli, "calendar"))
        return cli_usage(cli, "which drafts: give --policy FILE or --calendar FILE");
    struct simulation *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    s->from_us = INT64_MIN;
    s->until_us = INT64_MAX;
    int code = CLI_USAGE;
    if (cli_read_time(cli, "from", &s->from_us) && cli_read_time(cli, "to", &s->until_us))
        code = s->from_us < s->until_us ? history_open(cli, &s->history)
                                        : cli_usage(cli, "--from is not before --to");
    if (code == CLI_OK)
        code = simulate(s);
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
        simulate_tally_free(s->counts[i].tally);
    simulate_drafts_free(s->drafts);
    history_close(&s->history);
    free(s);
    return code;
}
