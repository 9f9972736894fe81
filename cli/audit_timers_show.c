/* What callout audit timers has found, for people or as JSON. */
#include "audit_timers.h"
#include "cli_table.h"
#include "co_time.h"

static const char *whole(struct cli *cli, uint64_t n)
{
    return cli_format(cli, "%llu", (unsigned long long)n);
}

static void show_differences(struct cli *cli, const Callout__V1__TimersReport *r)
{
    struct cli_table t;
    cli_table_init(&t, cli, "number|what|timer|due|announced|detail");
    for (size_t i = 0; i < r->n_differences; i++) {
        const Callout__V1__TimerDifference *d = r->differences[i];
        const char *timer = d->milestone[0] == '\0'
                                ? ""
                                : cli_format(cli, "%s/%u %s %u", d->milestone, d->generation,
                                             d->kind, d->ordinal + 1);
        CLI_TABLE_ADD(
            &t, d->number, d->what, timer, cli_when(cli, d->due_us), cli_when(cli, d->announced_us),
            d->parked ? cli_format(cli, "%s (the case is parked)", d->detail) : d->detail);
    }
    if (r->n_differences > 0)
        cli_table_print(&t, 0);
    if (r->difference_count > r->n_differences)
        (void)fprintf(cli->out, "... and %llu more\n",
                      (unsigned long long)(r->difference_count - r->n_differences));
}

static void show_counts(struct cli *cli, const Callout__V1__TimersReport *r)
{
    struct cli_table t;
    cli_table_init(&t, cli, "timer|>armed|>fired|>cancelled|>pending|>neither|>taken back");
    for (size_t i = 0; i < r->n_counts; i++) {
        const Callout__V1__TimerCount *c = r->counts[i];
        CLI_TABLE_ADD(&t, c->kind, whole(cli, c->armed), whole(cli, c->fired),
                      whole(cli, c->cancelled), whole(cli, c->pending),
                      whole(cli, c->armed - c->fired - c->cancelled - c->pending),
                      whole(cli, c->taken_back));
    }
    cli_table_print(&t, 0);
}

static const char *fine_length(struct cli *cli, int64_t us)
{
    if (us < CO_SECOND_US)
        return cli_format(cli, "%.1f ms", (double)us / (double)CO_MILLISECOND_US);
    return cli_length(cli, us - us % CO_MILLISECOND_US);
}

static void show_lateness(struct cli *cli, const Callout__V1__TimersReport *r)
{
    const Callout__V1__TimerLateness *l = r->lateness;
    struct cli_table t;
    if (l->count == 0)
        return;
    (void)fprintf(
        cli->out, "announced late by: half of them at most %s, 99 %% at most %s, all at most %s\n",
        fine_length(cli, l->p50_us), fine_length(cli, l->p99_us), fine_length(cli, l->most_us));
    cli_table_init(&t, cli, ">up to|>announced");
    for (size_t i = 0; i < l->n_buckets; i++)
        if (l->buckets[i]->count > 0)
            CLI_TABLE_ADD(
                &t, l->buckets[i]->upto_us == 0 ? "later" : cli_length(cli, l->buckets[i]->upto_us),
                whole(cli, l->buckets[i]->count));
    cli_table_print(&t, 2);
    if (r->late_news > 0)
        (void)fprintf(
            cli->out,
            "%llu of them were over already when what they follow from was reported: they "
            "count from then\n",
            (unsigned long long)r->late_news);
}

int audit_timers_show(struct cli *cli, const Callout__V1__TimersReport *r)
{
    if (cli->is_json) {
        int code = cli_print_json(cli, &r->base, false);
        return code == CLI_OK && r->difference_count > 0 ? CLI_FAILED : code;
    }
    show_differences(cli, r);
    show_counts(cli, r);
    show_lateness(cli, r);
    if (r->parked > 0)
        (void)fprintf(cli->out,
                      "%llu cases are parked for sla: their timers do not fire (callout parked)\n",
                      (unsigned long long)r->parked);
    (void)fprintf(cli->out, "%llu cases: %s\n", (unsigned long long)r->cases,
                  r->difference_count == 0 ? "armed = fired + cancelled + pending"
                                           : cli_format(cli, "%llu differences",
                                                        (unsigned long long)r->difference_count));
    return r->difference_count > 0 ? CLI_FAILED : CLI_OK;
}
