#include "sla.h"
#include "sweep.h"

#include <stdlib.h>

#include "gaps.h"

enum { SCRATCH_BYTES = 64 << 20 };

/* From what a loaded machine makes of it to an outage. */
static const double lateness_seconds[] = { 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                           1,     2.5,    5,     10,   60,    300,  1800, 7200 };

static const struct co_metric metrics[SLA_METRICS] = {
    [SLA_M_CASES] = { .name = "callout_sla_cases_total", .help = "Cases looked at.", .type = CO_METRIC_COUNTER },
    [SLA_M_OUTPUTS] = { .name = "callout_sla_outputs_total", .help = "Outputs announced.", .type = CO_METRIC_COUNTER },
    [SLA_M_LATENESS] = { .name = "callout_sla_timer_lateness_seconds",
                         .help = "How late what happens by itself was announced, in domain time, to the commit.",
                         .type = CO_METRIC_HISTOGRAM, .buckets = lateness_seconds,
                         .bucket_count = sizeof(lateness_seconds) / sizeof(lateness_seconds[0]) },
    [SLA_M_SWEEPS] = { .name = "callout_sla_sweeps", .help = "Owned lanes whose cases are being swept after a change of the registry.",
                       .type = CO_METRIC_GAUGE },
    [SLA_M_SWEPT] = { .name = "callout_sla_sweep_cases_total", .help = "Cases that sweeps have woken.", .type = CO_METRIC_COUNTER },
    [SLA_M_MOVED] = { .name = "callout_sla_moved_cases_total",
                      .help = "Cases that an exclusion or a calendar version declared later has reached.", .type = CO_METRIC_COUNTER },
};

static void refresh(void *arg)
{
    struct sla_service *s = arg;
    co_metric_set(co_metric(s->metrics, SLA_M_SWEEPS), sla_sweep_count(s));
}

static void free_service(void *arg)
{
    struct sla_service *s = arg;
    sla_versions_free(s->versions);
    co_arena_free(s->scratch);
    free(s);
}

static void *start(struct co_daemon *d, const void *config)
{
    (void)config;
    struct sla_service *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return NULL;
    s->daemon = d;
    s->versions = sla_versions_new(co_daemon_feed(d));
    s->scratch = co_arena_new(SCRATCH_BYTES);
    s->metrics = co_metrics_add(co_daemon_metrics(d), metrics, SLA_METRICS);
    if (s->versions == NULL || s->scratch == NULL || s->metrics == NULL) {
        free_service(s);
        return NULL;
    }
    co_metrics_before_render(co_daemon_metrics(d), refresh, s);
    return s;
}

const struct co_daemon_def sla_daemon = {
    .name = "sla",
    .summary = "Promises times by contract and severity, keeps the clocks, announces warnings and breaches.",
    .start = start,
    .free = free_service,
    .ops = &sla_ops,
    .on_registry = sla_gaps_say,
};
