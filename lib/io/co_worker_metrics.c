/* What a worker counts, the same for every leased service. */
#include "co_worker_internal.h"

enum {
    OWNED,
    TAKEN,
    ENDED,
    LAG,
    LAG_SECONDS,
    TIMERS,
    OVERDUE,
    TURN_SECONDS,
    TURN_SIZE,
    ENTRIES,
    EMITTED,
    FAILURES,
    PARKED,
    METRICS
};

static const struct co_metric table[METRICS] = {
    [OWNED] = { .name = "callout_lanes_owned", .help = "Lanes of the journal that this process has leased now.",
                .type = CO_METRIC_GAUGE },
    [TAKEN] = { .name = "callout_lanes_taken_total", .help = "Lanes taken, by whether their last owner was dead.",
                .type = CO_METRIC_COUNTER, .labels = { "owner_died" } },
    [ENDED] = { .name = "callout_lanes_ended_total", .help = "Lanes that this process has no more: given back, or lost.",
                .type = CO_METRIC_COUNTER, .labels = { "how" } },
    [LAG] = { .name = "callout_lag_entries", .help = "Entries of the owned lanes that are known and not yet taken in.",
              .type = CO_METRIC_GAUGE },
    [LAG_SECONDS] = { .name = "callout_lag_seconds",
                      .help = "How long the oldest of those has been in the journal, in domain time.", .type = CO_METRIC_GAUGE },
    [TIMERS] = { .name = "callout_timers_pending", .help = "Wake-ups of cases that are armed in memory: those due soon.",
                 .type = CO_METRIC_GAUGE },
    [OVERDUE] = { .name = "callout_timers_overdue_seconds",
                  .help = "How long the earliest of those has been due, in domain time; 0: none is.", .type = CO_METRIC_GAUGE },
    [TURN_SECONDS] = { .name = "callout_turn_seconds", .help = "Turns that were committed, or had nothing to commit: from start to end.",
                       .type = CO_METRIC_HISTOGRAM, .buckets = co_metric_seconds, .bucket_count = CO_METRIC_SECONDS_COUNT },
    [TURN_SIZE] = { .name = "callout_turn_size", .help = "Entries, due cases and local events decided in one of those.",
                    .type = CO_METRIC_HISTOGRAM, .buckets = co_metric_sizes, .bucket_count = CO_METRIC_SIZES_COUNT },
    [ENTRIES] = { .name = "callout_turn_entries_total", .help = "Entries of the journal that were taken in.",
                  .type = CO_METRIC_COUNTER },
    [EMITTED] = { .name = "callout_turn_emitted_total", .help = "Entries that were written to the journal.", .type = CO_METRIC_COUNTER },
    [FAILURES] = { .name = "callout_turn_failures_total",
                   .help = "Turns that were not committed, by why: conflict (repeated), or failure.", .type = CO_METRIC_COUNTER,
                   .labels = { "why" } },
    [PARKED] = { .name = "callout_cases_parked_total", .help = "Cases that this process has set aside.", .type = CO_METRIC_COUNTER },
};

/* Domain time that has passed since; 0 while the clock is stepped. */
static double seconds_since(const struct co_worker *w, int64_t since_us)
{
    int64_t now_us = co_node_now_us(w->options.node);
    bool runs = co_node_clock(w->options.node)->rate > 0;
    return runs && since_us < now_us ? (double)(now_us - since_us) / 1e6 : 0;
}

static void look_at_lanes(struct co_worker *w, int64_t *ret_oldest_us, int64_t *ret_due_us, uint32_t *ret_timers)
{
    for (int lane = 0; lane < w->lanes; lane++) {
        const struct lane *l = &w->lane[lane];
        const struct co_held *held = l->state == LANE_OWNED ? co_follow_peek(w->follow, lane) : NULL;
        struct co_due due;
        if (held != NULL && held->entry.at_us < *ret_oldest_us)
            *ret_oldest_us = held->entry.at_us;
        *ret_timers += co_heap_len(l->due);
        if (!l->in_air && co_heap_peek(l->due, &due) && due.due_us < *ret_due_us)
            *ret_due_us = due.due_us;
    }
}

static void refresh(void *ctx)
{
    struct co_worker *w = ctx;
    if (!co_node_is_ready(w->options.node))
        return;
    struct co_metric_set *set = w->metrics;
    struct co_worker_stats stats = co_worker_stats(w);
    int64_t oldest_us = INT64_MAX, due_us = INT64_MAX;
    uint32_t timers = 0;
    look_at_lanes(w, &oldest_us, &due_us, &timers);
    co_metric_set(co_metric(set, OWNED), stats.owned);
    co_metric_set(co_metric(set, LAG), (double)stats.lag);
    co_metric_set(co_metric(set, LAG_SECONDS), seconds_since(w, oldest_us));
    co_metric_set(co_metric(set, TIMERS), timers);
    co_metric_set(co_metric(set, OVERDUE), seconds_since(w, due_us));
    co_metric_raise(co_metric(set, ENTRIES), (double)stats.entries);
    co_metric_raise(co_metric(set, EMITTED), (double)stats.emitted);
    co_metric_raise(co_metric(set, PARKED), (double)stats.parked);
    co_metric_raise(co_metric_with(set, FAILURES, CO_LABELS("conflict")), (double)stats.conflicts);
    co_metric_raise(co_metric_with(set, FAILURES, CO_LABELS("failure")), (double)stats.failures);
}

bool worker_metrics_open(struct co_worker *w)
{
    struct co_metrics *metrics = co_node_options(w->options.node)->metrics;
    if (metrics == NULL)
        return true;
    w->metrics = co_metrics_add(metrics, table, METRICS);
    if (w->metrics == NULL)
        return false;
    static const char *const ends[] = { "given_back", "lost" }, *const died[] = { "false", "true" };
    for (size_t i = 0; i < 2; i++) { /* shown from the start, at 0 */
        (void)co_metric_with(w->metrics, ENDED, CO_LABELS(ends[i]));
        (void)co_metric_with(w->metrics, TAKEN, CO_LABELS(died[i]));
    }
    co_metrics_before_render(metrics, refresh, w);
    return true;
}

void worker_metrics_taken(struct co_worker *w, bool owner_died)
{
    if (w->metrics != NULL)
        co_metric_add(co_metric_with(w->metrics, TAKEN, CO_LABELS(owner_died ? "true" : "false")), 1);
}

void worker_metrics_ended(struct co_worker *w, bool is_lost)
{
    if (w->metrics != NULL)
        co_metric_add(co_metric_with(w->metrics, ENDED, CO_LABELS(is_lost ? "lost" : "given_back")), 1);
}

void worker_metrics_turn(const struct turn_run *run)
{
    struct co_metric_set *set = run->worker->metrics;
    if (set == NULL)
        return;
    co_metric_observe(co_metric(set, TURN_SECONDS), (double)(co_mono_us() - run->started_mono_us) / 1e6);
    co_metric_observe(co_metric(set, TURN_SIZE), (double)run->size);
}
