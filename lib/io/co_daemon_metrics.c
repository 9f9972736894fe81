#include "co_daemon_metrics.h"

#include <stdlib.h>

#include "co_process.h"

enum {
    BUILD,
    READY,
    LINES,
    LINES_LOST,
    DB_UP,
    DB_LINKS,
    DB_LOST,
    DB_SECONDS,
    DB_FAILURES,
    BEAT_AGE,
    KEYS,
    CLOCK_STEPS,
    CLOCK_STEP,
    METRICS
};

enum { REASONS_BYTES = 4096 };

/* From what a healthy database makes of a statement to its time-outs. */
static const double database_seconds[] = { 0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10 };

static const struct co_metric table[METRICS] = {
    [BUILD] = { .name = "callout_build_info", .help = "Always 1; says which daemon this is, and of which version.",
                .type = CO_METRIC_GAUGE, .labels = { "service", "version" } },
    [READY] = { .name = "callout_ready", .help = "1 while /readyz says that this process does its work; else 0.",
                .type = CO_METRIC_GAUGE },
    [LINES] = { .name = "callout_log_lines_total", .help = "Lines written to the log, by level.", .type = CO_METRIC_COUNTER,
                .labels = { "level" } },
    [LINES_LOST] = { .name = "callout_log_lines_lost_total", .help = "Lines that could not be written to the log.",
                     .type = CO_METRIC_COUNTER },
    [DB_UP] = { .name = "callout_database_connections", .help = "Connections to the database that are up.", .type = CO_METRIC_GAUGE },
    [DB_LINKS] = { .name = "callout_database_connects_total", .help = "Connections that were made to the database.",
                   .type = CO_METRIC_COUNTER },
    [DB_LOST] = { .name = "callout_database_connections_lost_total", .help = "Connections to the database that were lost.",
                  .type = CO_METRIC_COUNTER },
    [DB_SECONDS] = { .name = "callout_database_seconds",
                     .help = "Batches of statements that the database has done, from sending to the end, by their first statement.",
                     .type = CO_METRIC_HISTOGRAM, .labels = { "statement" }, .buckets = database_seconds,
                     .bucket_count = sizeof(database_seconds) / sizeof(database_seconds[0]) },
    [DB_FAILURES] = { .name = "callout_database_failures_total",
                      .help = "Batches of statements that the database has not done, by why.", .type = CO_METRIC_COUNTER,
                      .labels = { "why" } },
    [BEAT_AGE] = { .name = "callout_beat_age_seconds",
                   .help = "How long ago this process renewed its row in the database; over 3 it does not act any more.",
                   .type = CO_METRIC_GAUGE },
    [KEYS] = { .name = "callout_zap_total", .help = "Connections that asked to be let in, by whether their key was.",
               .type = CO_METRIC_COUNTER, .labels = { "verdict" } },
    [CLOCK_STEPS] = { .name = "callout_clock_steps_total", .help = "Times that the clock of the database was found set forward or back.",
                      .type = CO_METRIC_COUNTER },
    [CLOCK_STEP] = { .name = "callout_clock_step_seconds", .help = "By how much, the last time; below 0: back.",
                     .type = CO_METRIC_GAUGE },
};

/* "other": what the server refused, and what was too much for us. */
static const char *const whys[] = { "down", "conflict", "other" };

struct co_daemon_metrics {
    struct co_daemon_metrics_options options;
    struct co_metric_set *set;
    struct co_pg_watch watch;
    struct co_zap *zap;
    struct co_node *node;
};

static void on_ran(void *ctx, const char *statement, enum co_err err, int64_t took_us)
{
    struct co_daemon_metrics *m = ctx;
    if (err == CO_OK)
        co_metric_observe(co_metric_with(m->set, DB_SECONDS, CO_LABELS(statement)), (double)took_us / 1e6);
    else
        co_metric_add(co_metric_with(m->set, DB_FAILURES, CO_LABELS(whys[err == CO_EDOWN ? 0 : err == CO_ECONFLICT ? 1 : 2])), 1);
}

static void on_linked(void *ctx, bool is_up)
{
    struct co_daemon_metrics *m = ctx;
    co_metric_add(co_metric(m->set, is_up ? DB_LINKS : DB_LOST), 1);
    co_metric_add(co_metric(m->set, DB_UP), is_up ? 1 : -1);
}

static void refresh_node(struct co_daemon_metrics *m)
{
    int64_t step_us;
    uint64_t steps = co_node_clock_steps(m->node, &step_us);
    int64_t beat_us = co_node_beat_mono_us(m->node);
    co_metric_raise(co_metric(m->set, CLOCK_STEPS), (double)steps);
    co_metric_set(co_metric(m->set, CLOCK_STEP), (double)step_us / 1e6);
    co_metric_set(co_metric(m->set, BEAT_AGE), beat_us == 0 ? 0 : (double)(co_mono_us() - beat_us) / 1e6);
}

static void refresh(void *ctx)
{
    struct co_daemon_metrics *m = ctx;
    struct co_buf reasons;
    co_buf_init(&reasons, REASONS_BYTES);
    co_metric_set(co_metric(m->set, READY), m->options.is_ready(m->options.ctx, &reasons));
    co_buf_done(&reasons);
    for (enum co_log_level level = CO_LOG_DEBUG; level < CO_LOG_LEVELS; level++)
        co_metric_raise(co_metric_with(m->set, LINES, CO_LABELS(co_log_level_name(level))),
                        (double)co_log_lines(m->options.log, level));
    co_metric_raise(co_metric(m->set, LINES_LOST), (double)co_log_lost(m->options.log));
    if (m->zap != NULL) {
        struct co_zap_counts counts = co_zap_counts(m->zap);
        co_metric_raise(co_metric_with(m->set, KEYS, CO_LABELS("accepted")), (double)counts.accepted);
        co_metric_raise(co_metric_with(m->set, KEYS, CO_LABELS("refused")), (double)counts.refused);
    }
    if (m->node != NULL)
        refresh_node(m);
}

struct co_daemon_metrics *co_daemon_metrics_new(const struct co_daemon_metrics_options *options)
{
    struct co_daemon_metrics *m = calloc(1, sizeof(*m));
    if (m == NULL)
        return NULL;
    m->options = *options;
    m->watch = (struct co_pg_watch){ on_ran, on_linked, m };
    m->set = co_metrics_add(options->metrics, table, METRICS);
    if (m->set == NULL || co_process_measure(options->metrics) != CO_OK) {
        free(m);
        return NULL;
    }
    co_metric_set(co_metric_with(m->set, BUILD, CO_LABELS(options->service, options->version)), 1);
    for (size_t i = 0; i < sizeof(whys) / sizeof(whys[0]); i++)
        (void)co_metric_with(m->set, DB_FAILURES, CO_LABELS(whys[i])); /* shown from the start, at 0 */
    co_metrics_before_render(options->metrics, refresh, m);
    return m;
}

void co_daemon_metrics_free(struct co_daemon_metrics *m)
{
    free(m);
}

const struct co_pg_watch *co_daemon_metrics_watch(const struct co_daemon_metrics *m)
{
    return &m->watch;
}

void co_daemon_metrics_look(struct co_daemon_metrics *m, struct co_zap *zap, struct co_node *node)
{
    m->zap = zap;
    m->node = node;
}
