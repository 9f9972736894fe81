#include "metrics.h"

#include <stdlib.h>
#include <string.h>

enum { BODIES = 8, CODES = CALLOUT__V1__CODE__CODE_UNAVAILABLE + 1 };
enum { M_REQUESTS, M_REPLY_SECONDS, M_GROUPS, M_GROUP_SIZE, M_GROUP_SECONDS, M_LOST, M_OVERSIZE, M_WRONG_CODES, M_PAUSES, M_REVOKED, M_IN_FLIGHT, M_WAITING,
       M_WAITING_BYTES, M_SLA_LAG, METRICS };

static const struct co_metric table[METRICS] = {
    [M_REQUESTS] = { .name = "callout_intake_requests_total", .help = "Requests answered, by kind and code.",
                     .type = CO_METRIC_COUNTER, .labels = { "kind", "code" } },
    [M_REPLY_SECONDS] = { .name = "callout_intake_reply_seconds", .help = "From a request to its reply.",
                          .type = CO_METRIC_HISTOGRAM, .labels = { "kind" }, .buckets = co_metric_seconds,
                          .bucket_count = CO_METRIC_SECONDS_COUNT },
    [M_GROUPS] = { .name = "callout_intake_groups_total", .help = "Transactions of tickets and commands, by their end.",
                   .type = CO_METRIC_COUNTER, .labels = { "end" } },
    [M_GROUP_SIZE] = { .name = "callout_intake_group_size", .help = "Tickets and commands in a committed transaction.",
                       .type = CO_METRIC_HISTOGRAM, .buckets = co_metric_sizes, .bucket_count = CO_METRIC_SIZES_COUNT },
    [M_GROUP_SECONDS] = { .name = "callout_intake_group_seconds", .help = "From sending a transaction to its commit.",
                          .type = CO_METRIC_HISTOGRAM, .buckets = co_metric_seconds,
                          .bucket_count = CO_METRIC_SECONDS_COUNT },
    [M_LOST] = { .name = "callout_intake_replies_lost_total", .help = "Replies that nobody was there to take.",
                 .type = CO_METRIC_COUNTER },
    [M_OVERSIZE] = { .name = "callout_intake_oversize_total", .help = "Messages with too many frames or bytes.",
                     .type = CO_METRIC_COUNTER },
    [M_WRONG_CODES] = { .name = "callout_intake_wrong_codes_total", .help = "Answers by codes that are forged, used or over.",
                        .type = CO_METRIC_COUNTER },
    [M_PAUSES] = { .name = "callout_intake_answer_pauses_total", .help = "Pauses of a client after many of those.",
                   .type = CO_METRIC_COUNTER },
    [M_REVOKED] = { .name = "callout_intake_keys_revoked_total", .help = "Keys that the registry took from their clients.",
                    .type = CO_METRIC_COUNTER },
    [M_IN_FLIGHT] = { .name = "callout_intake_in_flight", .help = "Requests being worked on.", .type = CO_METRIC_GAUGE },
    [M_WAITING] = { .name = "callout_intake_waiting", .help = "Tickets and commands that wait for their commit.",
                    .type = CO_METRIC_GAUGE },
    [M_WAITING_BYTES] = { .name = "callout_intake_waiting_bytes", .help = "Memory of those.", .type = CO_METRIC_GAUGE },
    [M_SLA_LAG] = { .name = "callout_intake_sla_lag_seconds", .help = "How far sla is behind, as last seen.",
                    .type = CO_METRIC_GAUGE },
};

static const struct body {
    Callout__V1__Request__BodyCase body;
    const char *name;
} bodies[BODIES] = {
    { CALLOUT__V1__REQUEST__BODY__NOT_SET, "unknown" }, { CALLOUT__V1__REQUEST__BODY_SUBMIT, "submit" },
    { CALLOUT__V1__REQUEST__BODY_COMMAND, "command" },  { CALLOUT__V1__REQUEST__BODY_QUERY, "query" },
    { CALLOUT__V1__REQUEST__BODY_APPLY, "apply" },      { CALLOUT__V1__REQUEST__BODY_PING, "ping" },
    { CALLOUT__V1__REQUEST__BODY_PARKED, "parked" },    { CALLOUT__V1__REQUEST__BODY_ANSWER, "answer" },
};

static const char *const code_names[CODES] = { "ok",       "pending", "invalid", "forbidden",  "not_found",
                                               "conflict", "refused", "busy",    "unavailable" };
static const char *const end_names[INTAKE_GROUP_ENDS] = { "committed", "unknown", "conflict", "refused" };

struct intake_metrics {
    struct co_metric_set *set;
    struct co_series *requests[BODIES][CODES];
    struct co_series *seconds[BODIES];
    struct co_series *groups[INTAKE_GROUP_ENDS];
};

static size_t index_of(Callout__V1__Request__BodyCase body)
{
    for (size_t i = 1; i < BODIES; i++)
        if (bodies[i].body == body)
            return i;
    return 0;
}

const char *intake_body_name(Callout__V1__Request__BodyCase body)
{
    return bodies[index_of(body)].name;
}

struct intake_metrics *intake_metrics_new(struct co_metrics *registry)
{
    struct intake_metrics *m = calloc(1, sizeof(*m));
    if (m == NULL)
        return NULL;
    m->set = co_metrics_add(registry, table, METRICS);
    if (m->set == NULL) {
        free(m);
        return NULL;
    }
    for (size_t b = 0; b < BODIES; b++) {
        m->seconds[b] = co_metric_with(m->set, M_REPLY_SECONDS, CO_LABELS(bodies[b].name));
        for (size_t c = 0; c < CODES; c++)
            m->requests[b][c] = co_metric_with(m->set, M_REQUESTS, CO_LABELS(bodies[b].name, code_names[c]));
    }
    for (size_t e = 0; e < INTAKE_GROUP_ENDS; e++)
        m->groups[e] = co_metric_with(m->set, M_GROUPS, CO_LABELS(end_names[e]));
    return m;
}

void intake_metrics_free(struct intake_metrics *m)
{
    free(m);
}

void intake_metrics_reply(struct intake_metrics *m, Callout__V1__Request__BodyCase body, Callout__V1__Code code,
                          int64_t took_us)
{
    size_t b = index_of(body);
    co_metric_add(m->requests[b][code], 1);
    co_metric_observe(m->seconds[b], (double)took_us / 1e6);
}

void intake_metrics_group(struct intake_metrics *m, enum intake_group_end end, size_t size, int64_t took_us)
{
    co_metric_add(m->groups[end], 1);
    if (end != INTAKE_GROUP_COMMITTED)
        return;
    co_metric_observe(co_metric(m->set, M_GROUP_SIZE), (double)size);
    co_metric_observe(co_metric(m->set, M_GROUP_SECONDS), (double)took_us / 1e6);
}

void intake_metrics_lost_reply(struct intake_metrics *m)
{
    co_metric_add(co_metric(m->set, M_LOST), 1);
}

void intake_metrics_wrong_code(struct intake_metrics *m, bool is_pause)
{
    co_metric_add(co_metric(m->set, M_WRONG_CODES), 1);
    if (is_pause)
        co_metric_add(co_metric(m->set, M_PAUSES), 1);
}

void intake_metrics_revoked(struct intake_metrics *m, uint32_t keys)
{
    co_metric_add(co_metric(m->set, M_REVOKED), keys);
}

void intake_metrics_oversize(struct intake_metrics *m)
{
    co_metric_add(co_metric(m->set, M_OVERSIZE), 1);
}

void intake_metrics_gauges(struct intake_metrics *m, size_t in_flight, size_t waiting, size_t waiting_bytes, int64_t sla_lag_us)
{
    co_metric_set(co_metric(m->set, M_IN_FLIGHT), (double)in_flight);
    co_metric_set(co_metric(m->set, M_WAITING), (double)waiting);
    co_metric_set(co_metric(m->set, M_WAITING_BYTES), (double)waiting_bytes);
    co_metric_set(co_metric(m->set, M_SLA_LAG), (double)sla_lag_us / 1e6);
}

const char *intake_code_name(Callout__V1__Code code)
{
    return (unsigned)code < CODES ? code_names[code] : "unknown";
}
