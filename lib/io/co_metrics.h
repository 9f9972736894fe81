/* co_metrics.h - counters, gauges and histograms, shown in the text format of Prometheus.
 *
 * Metrics are declared in static tables and added to the daemon's one registry at start; a table
 * gives a set, in which a metric is found by its index in the table:
 *
 *     enum { SLA_M_FOLDS, SLA_M_LAG, SLA_METRICS };
 *     static const struct co_metric sla_metrics[SLA_METRICS] = {
 *         [SLA_M_FOLDS] = { .name = "callout_sla_folds_total", .help = "Cases folded.",
 *                           .type = CO_METRIC_COUNTER },
 *         [SLA_M_LAG] = { .name = "callout_sla_lag_seconds", .help = "Age of the oldest entry.",
 *                         .type = CO_METRIC_GAUGE, .labels = { "lane" } } };
 *     struct co_metric_set *set = co_metrics_add(metrics, sla_metrics, SLA_METRICS);
 *     co_metric_add(co_metric(set, SLA_M_FOLDS), 1);
 *     co_metric_set(co_metric_with(set, SLA_M_LAG, CO_LABELS("3")), 0.25);
 *
 * A series pointer lives as long as the registry: keep it where it is hot. Label values may come
 * from anywhere, so their number is bounded: over CO_METRIC_SERIES of a metric (or out of memory)
 * everything further is counted in one series whose labels all say "other".
 *
 * Numbers are doubles: whole up to 2^53. Units are the base units of the trade, said by the name:
 * _seconds, _bytes, _total. Names, helps and labels of a table are checked when added: a wrong one
 * is our bug. One thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_buf.h"
#include "co_err.h"

#define CO_METRIC_LABELS 3
#define CO_METRIC_SERIES 512 /* per metric */
#define CO_METRIC_BUCKETS 20

enum co_metric_type { CO_METRIC_COUNTER, CO_METRIC_GAUGE, CO_METRIC_HISTOGRAM, CO_METRIC_TYPES };

struct co_metric {
    const char *name; /* [a-z_][a-z0-9_]*; a counter, and nothing else, ends in _total */
    const char *help; /* one sentence */
    enum co_metric_type type;
    const char *labels[CO_METRIC_LABELS]; /* names; the first NULL ends them */
    const double *buckets;                /* histogram: upper bounds, ascending, without +Inf */
    size_t bucket_count;                  /* 1..CO_METRIC_BUCKETS */
};

/* 0.5 ms to 60 s, for waits and turns: .buckets = co_metric_seconds, .bucket_count = .._COUNT. */
#define CO_METRIC_SECONDS_COUNT 16
extern const double co_metric_seconds[CO_METRIC_SECONDS_COUNT];
/* 1 to 10,000, for group sizes. */
#define CO_METRIC_SIZES_COUNT 13
extern const double co_metric_sizes[CO_METRIC_SIZES_COUNT];

struct co_metrics;
struct co_metric_set;
struct co_series;

struct co_labels {
    const char *value[CO_METRIC_LABELS]; /* NULL counts as "" */
};
#define CO_LABELS(...) ((struct co_labels){ { __VA_ARGS__ } })

/* The caller owns the registry; sets and series live and go with it. NULL: out of memory. */
struct co_metrics *co_metrics_new(void);
void co_metrics_free(struct co_metrics *m); /* NULL is allowed */

/* Adds a table, borrowed for ever. Metrics without labels show 0 at once, those with labels their name and help. The registry owns the
 * result. NULL: out of memory. */
struct co_metric_set *co_metrics_add(struct co_metrics *m, const struct co_metric *table,
                                     size_t count);

/* The series of a metric without labels; never NULL. */
struct co_series *co_metric(struct co_metric_set *set, size_t index);

/* The series with these label values, made when new; never NULL. The values are copied. */
struct co_series *co_metric_with(struct co_metric_set *set, size_t index, struct co_labels labels);

/* Counters and gauges; a counter never goes down. */
void co_metric_add(struct co_series *series, double n);
/* Counters that repeat what is counted elsewhere: to `value`, unless it says more already. */
void co_metric_raise(struct co_series *series, double value);
/* Gauges only. */
void co_metric_set(struct co_series *series, double value);
/* Histograms only. */
void co_metric_observe(struct co_series *series, double value);

/* What a counter or gauge says now; of a histogram, the number of observations. */
double co_metric_value(const struct co_series *series);

/* Calls `refresh` before each rendering, for gauges that are cheaper to compute when asked. At most
 * 16; one more is our bug. */
void co_metrics_before_render(struct co_metrics *m, void (*refresh)(void *ctx), void *ctx);

/* Appends everything in the text format 0.0.4, in the order of the tables. Returns out->err. */
enum co_err co_metrics_render(struct co_metrics *m, struct co_buf *out);
