#include "announce.h"

#include <stdlib.h>

#include "callout/v1/event.pb-c.h"
#include "co_arena.h"
#include "co_journal.h"
#include "co_row.h"
#include "intake_sql.h"
#include "query.h"
#include "waiters.h"

enum { EVENT_BYTES = 64 };

struct intake_announce {
    struct intake *in;
    struct co_batch *batch;
    bool in_air;
    int lane;            /* in the air */
    int64_t version;
    uint8_t event[EVENT_BYTES]; /* packed */
    size_t event_len;
};

struct intake_announce *intake_announce_new(struct intake *in)
{
    struct intake_announce *a = calloc(1, sizeof(*a));
    if (a == NULL)
        return NULL;
    a->in = in;
    a->batch = co_batch_new(1024);
    if (a->batch == NULL) {
        free(a);
        return NULL;
    }
    return a;
}

void intake_announce_free(struct intake_announce *a)
{
    if (a == NULL)
        return;
    co_batch_free(a->batch);
    free(a);
}

static void pack_event(struct intake_announce *a)
{
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    Callout__V1__RegistryApplied applied = CALLOUT__V1__REGISTRY_APPLIED__INIT;
    applied.version = (uint64_t)a->version;
    event.body_case = CALLOUT__V1__EVENT__BODY_REGISTRY_APPLIED;
    event.registry_applied = &applied;
    a->event_len = callout__v1__event__pack(&event, a->event);
}

static void on_told(void *arg, const struct co_pg_outcome *outcome)
{
    struct intake_announce *a = arg;
    a->in_air = false;
    if (outcome->err == CO_EINPUT)
        co_log_error(a->in->log, "announce_failed", CO_I("lane", a->lane), CO_S("sqlstate", outcome->sqlstate),
                     CO_S("why", outcome->message));
    if (outcome->err != CO_OK)
        return; /* the next beat goes on */
    const PGresult *res = outcome->results->item[0];
    if (PQntuples(res) == 1) {
        struct co_entry_raw entry = { co_row_int8(res, 0, 0), co_row_us(res, 0, 1), 0,
                                      CALLOUT__V1__EVENT__BODY_REGISTRY_APPLIED, { a->event, a->event_len } };
        co_node_publish(a->in->node, a->lane, &entry, 1);
        intake_waiters_offer(a->in->waiters, a->lane, &entry, 1);
    }
    intake_announce_look(a);
}

static void on_looked(void *arg, const struct co_pg_outcome *outcome)
{
    struct intake_announce *a = arg;
    a->in_air = false;
    if (outcome->err != CO_OK || PQntuples(outcome->results->item[0]) == 0 || a->in->is_stopping)
        return;
    const PGresult *res = outcome->results->item[0];
    a->lane = co_row_int2(res, 0, 0);
    a->version = co_row_int8(res, 0, 1);
    co_registry_feed_want(a->in->feed, (uint64_t)a->version);
    pack_event(a);
    co_batch_clear(a->batch);
    (void)co_batch_add(a->batch, &intake_sql[intake_sql_announce_registry]);
    co_batch_int2(a->batch, a->lane);
    co_batch_int8(a->batch, a->version);
    co_batch_bytea(a->batch, a->event, a->event_len);
    a->in_air = true;
    co_pg_run(intake_queries_pg(a->in->queries), a->batch, CO_PG_BEGIN | CO_PG_COMMIT, on_told, a);
}

void intake_announce_look(struct intake_announce *a)
{
    if (a->in_air || a->in->is_stopping)
        return;
    co_batch_clear(a->batch);
    (void)co_batch_add(a->batch, &intake_sql[intake_sql_find_unannounced]);
    a->in_air = true;
    co_pg_run(intake_queries_pg(a->in->queries), a->batch, CO_PG_PLAIN, on_looked, a);
}
