#include "suite.h"

#include <stdlib.h>

#include "co_row.h"
#include "intake_sql.h"
#include "query.h"

enum { LAG, LAG_SECONDS, UNOWNED, MEMBERS, PARKED, OVERDUE, DEAD, ASIDE, GONE, ROOM, AGE, METRICS };
enum { RESULT_LAGS, RESULT_TIMERS, RESULT_HOUSE };

static const int64_t EVERY_US = 5000000;

static const struct co_metric table[METRICS] = {
    [LAG] = { .name = "callout_suite_lag_entries", .help = "Entries of the journal that a service has not taken in, all lanes together.",
              .type = CO_METRIC_GAUGE, .labels = { "service" } },
    [LAG_SECONDS] = { .name = "callout_suite_lag_seconds",
                      .help = "How long the oldest of those has been in the journal, in domain time.", .type = CO_METRIC_GAUGE,
                      .labels = { "service" } },
    [UNOWNED] = { .name = "callout_suite_lanes_unowned", .help = "Lanes that no living process of a service has.",
                  .type = CO_METRIC_GAUGE, .labels = { "service" } },
    [MEMBERS] = { .name = "callout_suite_members", .help = "Processes of a service that were seen in the last ten seconds.",
                  .type = CO_METRIC_GAUGE, .labels = { "service" } },
    [PARKED] = { .name = "callout_suite_parked_cases", .help = "Cases that a service has set aside.", .type = CO_METRIC_GAUGE,
                 .labels = { "service" } },
    [OVERDUE] = { .name = "callout_suite_timers_overdue_seconds",
                  .help = "How long the earliest timer of a service has been due, in domain time; 0: none is.",
                  .type = CO_METRIC_GAUGE, .labels = { "service" } },
    [DEAD] = { .name = "callout_suite_dead_notices", .help = "Notices that were given up, or left to people; at most 10,000 are counted.",
               .type = CO_METRIC_GAUGE },
    [ASIDE] = { .name = "callout_suite_set_aside_seconds", .help = "How long a server of notices has been set aside, the longest; 0: none is.",
                .type = CO_METRIC_GAUGE },
    [GONE] = { .name = "callout_suite_addresses_gone", .help = "Addresses of notices that answered 410 Gone, and are not used.",
               .type = CO_METRIC_GAUGE },
    [ROOM] = { .name = "callout_suite_partition_room_entries",
               .help = "Entries that fit into the partitions of the journal that are made; below 0: none is there any more.",
               .type = CO_METRIC_GAUGE },
    [AGE] = { .name = "callout_suite_age_seconds", .help = "How long ago all callout_suite_ figures were read from the database.",
              .type = CO_METRIC_GAUGE },
};

struct intake_suite {
    struct intake *in;
    struct co_metric_set *set;
    struct co_batch *batch;
    bool in_air;
    int64_t asked_mono_us, read_mono_us;
};

static double domain_seconds(const struct intake_suite *suite, const PGresult *res, int row, int column)
{
    struct intake *in = suite->in;
    bool runs = co_node_clock(in->node)->rate > 0; /* the stepped clock stands still: nobody is late */
    if (!runs || co_row_is_null(res, row, column))
        return 0;
    int64_t late_us = co_node_now_us(in->node) - co_row_us(res, row, column);
    return late_us > 0 ? (double)late_us / 1e6 : 0;
}

static void set(struct intake_suite *suite, size_t metric, const PGresult *res, int row, double value)
{
    co_metric_set(co_metric_with(suite->set, metric, CO_LABELS(co_row_text(res, row, 0))), value);
}

static void take_lags(struct intake_suite *suite, const PGresult *res)
{
    int lanes = co_node_lanes(suite->in->node);
    for (int row = 0; row < PQntuples(res); row++) {
        set(suite, LAG, res, row, (double)co_row_int8(res, row, 1));
        set(suite, UNOWNED, res, row, (double)(lanes - co_row_int8(res, row, 2)));
        set(suite, LAG_SECONDS, res, row, domain_seconds(suite, res, row, 3));
        set(suite, MEMBERS, res, row, (double)co_row_int8(res, row, 4));
        set(suite, PARKED, res, row, (double)co_row_int8(res, row, 5));
    }
}

static void take_house(struct intake_suite *suite, const PGresult *res)
{
    double aside = co_row_is_null(res, 0, 1) ? 0 : (double)(co_row_us(res, 0, 4) - co_row_us(res, 0, 1)) / 1e6;
    co_metric_set(co_metric(suite->set, DEAD), (double)co_row_int8(res, 0, 0));
    co_metric_set(co_metric(suite->set, ASIDE), aside > 0 ? aside : 0);
    co_metric_set(co_metric(suite->set, GONE), (double)co_row_int8(res, 0, 2));
    co_metric_set(co_metric(suite->set, ROOM), co_row_is_null(res, 0, 3) ? -1 : (double)co_row_int8(res, 0, 3));
}

static void on_read(void *arg, const struct co_pg_outcome *outcome)
{
    struct intake_suite *suite = arg;
    suite->in_air = false;
    if (outcome->err == CO_EINPUT)
        co_log_error(suite->in->log, "suite_unreadable", CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
    if (outcome->err != CO_OK)
        return;
    PGresult **r = outcome->results->item;
    suite->read_mono_us = co_mono_us();
    take_lags(suite, r[RESULT_LAGS]);
    for (int row = 0; row < PQntuples(r[RESULT_TIMERS]); row++)
        set(suite, OVERDUE, r[RESULT_TIMERS], row, domain_seconds(suite, r[RESULT_TIMERS], row, 1));
    take_house(suite, r[RESULT_HOUSE]);
}

void intake_suite_beat(struct intake_suite *suite)
{
    if (suite->in_air || suite->in->is_stopping || co_mono_us() - suite->asked_mono_us < EVERY_US)
        return;
    suite->asked_mono_us = co_mono_us();
    co_batch_clear(suite->batch);
    (void)co_batch_add(suite->batch, &intake_sql[intake_sql_read_lags]);
    (void)co_batch_add(suite->batch, &intake_sql[intake_sql_read_timers]);
    (void)co_batch_add(suite->batch, &intake_sql[intake_sql_read_house]);
    suite->in_air = true;
    co_pg_run(intake_queries_pg(suite->in->queries), suite->batch, CO_PG_PLAIN, on_read, suite);
}

static void refresh(void *arg)
{
    struct intake_suite *suite = arg;
    co_metric_set(co_metric(suite->set, AGE), suite->read_mono_us == 0 ? 0 : (double)(co_mono_us() - suite->read_mono_us) / 1e6);
}

struct intake_suite *intake_suite_new(struct intake *in)
{
    struct intake_suite *suite = calloc(1, sizeof(*suite));
    if (suite == NULL)
        return NULL;
    suite->in = in;
    suite->batch = co_batch_new(1024);
    suite->set = co_metrics_add(co_daemon_metrics(in->daemon), table, METRICS);
    if (suite->batch == NULL || suite->set == NULL) {
        intake_suite_free(suite);
        return NULL;
    }
    co_metrics_before_render(co_daemon_metrics(in->daemon), refresh, suite);
    return suite;
}

void intake_suite_free(struct intake_suite *suite)
{
    if (suite == NULL)
        return;
    co_batch_free(suite->batch);
    free(suite);
}
