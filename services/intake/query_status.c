/* How the suite stands: who is there, who is behind, how many cases, what notices do not get through. */
#include <string.h>

#include "co_calendar_gaps.h"
#include "co_row.h"
#include "intake_sql.h"
#include "query.h"

enum { RESULT_MEMBERS, RESULT_LAGS, RESULT_COUNTS, RESULT_ASIDES, RESULT_TIMERS, RESULT_HOUSE };

enum { GAPS_MAX = 100 };

static int64_t us_or_0(const PGresult *res, int row, int column)
{
    return co_row_is_null(res, row, column) ? 0 : co_row_us(res, row, column);
}

static bool add_members(struct intake_ask *ask, const PGresult *res, Callout__V1__Status *status)
{
    size_t n = (size_t)PQntuples(res);
    status->members = co_arena_alloc(ask->arena, n * sizeof(status->members[0]));
    for (size_t i = 0; status->members != NULL && i < n; i++) {
        int row = (int)i;
        Callout__V1__MemberRow *m = co_arena_alloc(ask->arena, sizeof(*m));
        if (m == NULL)
            return false;
        callout__v1__member_row__init(m);
        m->service = co_arena_strdup(ask->arena, co_row_text(res, row, 0));
        m->instance = co_arena_strdup(ask->arena, co_row_text(res, row, 1));
        m->seen_us = co_row_us(res, row, 2);
        m->endpoint = co_arena_strdup(ask->arena, co_row_text(res, row, 3));
        m->lanes = (uint32_t)co_row_int8(res, row, 4);
        m->release = co_arena_strdup(ask->arena, co_row_text(res, row, 5));
        if (m->service == NULL || m->instance == NULL || m->endpoint == NULL || m->release == NULL)
            return false;
        status->members[i] = m;
        status->n_members = i + 1;
    }
    return status->members != NULL;
}

static bool add_lags(struct intake_ask *ask, const PGresult *res, Callout__V1__Status *status)
{
    size_t n = (size_t)PQntuples(res);
    status->lags = co_arena_alloc(ask->arena, n * sizeof(status->lags[0]));
    for (size_t i = 0; status->lags != NULL && i < n; i++) {
        Callout__V1__LagRow *l = co_arena_alloc(ask->arena, sizeof(*l));
        if (l == NULL)
            return false;
        callout__v1__lag_row__init(l);
        l->service = co_arena_strdup(ask->arena, co_row_text(res, (int)i, 0));
        l->entries = (uint64_t)co_row_int8(res, (int)i, 1);
        l->owned = (uint32_t)co_row_int8(res, (int)i, 2);
        l->oldest_us = us_or_0(res, (int)i, 3);
        l->members = (uint32_t)co_row_int8(res, (int)i, 4);
        l->parked = (uint32_t)co_row_int8(res, (int)i, 5);
        if (l->service == NULL)
            return false;
        status->lags[i] = l;
        status->n_lags = i + 1;
    }
    return status->lags != NULL;
}

static void add_timers(const PGresult *res, Callout__V1__Status *status)
{
    for (int row = 0; row < PQntuples(res); row++)
        for (size_t i = 0; i < status->n_lags; i++)
            if (strcmp(status->lags[i]->service, co_row_text(res, row, 0)) == 0)
                status->lags[i]->next_us = us_or_0(res, row, 1);
}

static void add_house(const PGresult *res, Callout__V1__Status *status)
{
    status->dead_notices = (uint32_t)co_row_int8(res, 0, 0);
    status->partition_room = co_row_is_null(res, 0, 3) ? -1 : co_row_int8(res, 0, 3);
    status->database_us = co_row_us(res, 0, 4);
}

static bool add_gaps(struct intake_ask *ask, Callout__V1__Status *status)
{
    struct co_calendar_gap gap[GAPS_MAX];
    size_t count = 0;
    if (co_calendar_gaps(co_registry_feed_get(ask->in->feed), status->now_us, gap, GAPS_MAX, &count) != CO_OK)
        return false;
    status->gaps = co_arena_alloc(ask->arena, (count + 1) * sizeof(status->gaps[0]));
    for (size_t i = 0; status->gaps != NULL && i < count; i++) {
        Callout__V1__HolidayGap *g = co_arena_alloc(ask->arena, sizeof(*g));
        if (g == NULL)
            return false;
        callout__v1__holiday_gap__init(g);
        g->calendar = co_arena_strdup(ask->arena, gap[i].key);
        g->years = co_arena_alloc(ask->arena, CO_CALENDAR_GAP_YEARS * sizeof(g->years[0]));
        if (g->calendar == NULL || g->years == NULL)
            return false;
        for (uint32_t k = 0; k < gap[i].years; k++)
            g->years[g->n_years++] = (uint32_t)gap[i].year[k];
        status->gaps[status->n_gaps++] = g;
    }
    return status->gaps != NULL;
}

static bool read_aside(struct intake_ask *ask, const PGresult *res, int row, Callout__V1__SetAsideRow *a)
{
    a->channel = co_arena_strdup(ask->arena, co_row_text(res, row, 0));
    a->server = co_arena_strdup(ask->arena, co_row_text(res, row, 1));
    a->entry = co_arena_strdup(ask->arena, co_row_text(res, row, 2));
    a->instance = co_arena_strdup(ask->arena, co_row_text(res, row, 3));
    a->since_us = co_row_us(res, row, 4);
    a->until_us = us_or_0(res, row, 5);
    a->failures = (uint32_t)co_row_int4(res, row, 6);
    a->why = co_arena_strdup(ask->arena, co_row_text(res, row, 7));
    return a->channel != NULL && a->server != NULL && a->entry != NULL && a->instance != NULL && a->why != NULL;
}

static bool add_asides(struct intake_ask *ask, const PGresult *res, Callout__V1__Status *status)
{
    size_t n = (size_t)PQntuples(res);
    status->asides = co_arena_alloc(ask->arena, (n + 1) * sizeof(status->asides[0]));
    for (size_t i = 0; status->asides != NULL && i < n; i++) {
        Callout__V1__SetAsideRow *a = co_arena_alloc(ask->arena, sizeof(*a));
        if (a == NULL)
            return false;
        callout__v1__set_aside_row__init(a);
        if (!read_aside(ask, res, (int)i, a))
            return false;
        status->asides[status->n_asides++] = a;
    }
    return status->asides != NULL;
}

static void on_status(struct intake_ask *ask, struct co_results *results)
{
    struct intake *in = ask->in;
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    Callout__V1__Status status = CALLOUT__V1__STATUS__INIT;
    const PGresult *counts = results->item[RESULT_COUNTS];
    if (!add_members(ask, results->item[RESULT_MEMBERS], &status) || !add_lags(ask, results->item[RESULT_LAGS], &status) ||
        !add_asides(ask, results->item[RESULT_ASIDES], &status)) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this answer now");
        return;
    }
    add_timers(results->item[RESULT_TIMERS], &status);
    add_house(results->item[RESULT_HOUSE], &status);
    status.clock_rate = (int64_t)(co_node_clock(in->node)->rate * 1000);
    status.lanes = (uint32_t)co_node_lanes(in->node);
    status.registry_version = co_registry_feed_version(in->feed);
    status.now_us = co_node_now_us(in->node);
    status.cases_open = (uint64_t)co_row_int8(counts, 0, 0);
    status.cases_total = (uint64_t)co_row_int8(counts, 0, 1);
    status.parked = (uint64_t)co_row_int8(counts, 0, 2);
    if (!add_gaps(ask, &status)) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this answer now");
        return;
    }
    result.status = &status;
    intake_query_reply(ask, &result);
}

void intake_query_status(struct intake_ask *ask)
{
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_members]);
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_lags]);
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_count_cases]);
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_asides]);
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_timers]);
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_house]);
    intake_ask_run(ask, on_status);
}
