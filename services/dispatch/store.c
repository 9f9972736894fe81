#include "store.h"

#include <string.h>

#include "callout/v1/event.pb-c.h"
#include "co_row.h"
#include "co_time.h"
#include "dispatch_sql.h"

#define OBLIGATION "visit"
#define RECENT_US (30 * CO_DAY_US)
#define FORGOTTEN_US (60 * CO_DAY_US)

static size_t add(struct co_batch *b, int statement)
{
    return co_batch_add(b, &dispatch_sql[statement]);
}

size_t dispatch_store_read_orders(struct co_batch *b, int lane, const int64_t *cases, size_t count,
                                  const int64_t *due, size_t due_count)
{
    size_t index = add(b, dispatch_sql_read_orders);
    co_batch_int2(b, lane);
    co_batch_int8s(b, cases, count);
    co_batch_int8s(b, due, due_count);
    co_batch_int2(b, CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED);
    return index;
}

struct dispatch_store_order dispatch_store_order_of_row(const PGresult *res, int row)
{
    return (struct dispatch_store_order){
        .case_id = co_row_int8(res, row, 0),
        .state = co_row_bytes(res, row, 1),
        .next_us = co_row_us(res, row, 2),
        .is_prepared = co_row_bool(res, row, 3),
        .is_answered = co_row_bool(res, row, 4),
    };
}

size_t dispatch_store_read_claims(struct co_batch *b, int lane, const int64_t *cases, size_t count,
                                  int64_t now_us)
{
    size_t index = add(b, dispatch_sql_read_claims);
    co_batch_int2(b, lane);
    co_batch_int8s(b, cases, count);
    co_batch_us(b, now_us);
    return index;
}

size_t dispatch_store_read_visits(struct co_batch *b, int lane, const int64_t *cases, size_t count,
                                  int64_t now_us)
{
    size_t index = add(b, dispatch_sql_read_visits);
    co_batch_int2(b, lane);
    co_batch_int8s(b, cases, count);
    co_batch_us(b, now_us - RECENT_US);
    co_batch_us(b, now_us - CO_DAY_US);
    return index;
}

/* The row of a resource in a result sorted by the first column; -1: there is none. */
static int find(const PGresult *res, const char *resource)
{
    int low = 0, high = PQntuples(res);
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = strcmp(co_row_text(res, middle, 0), resource);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return -1;
}

uint32_t dispatch_store_held(const PGresult *res, const char *resource, int64_t *ret_case)
{
    int row = find(res, resource);
    *ret_case = row < 0 ? 0 : co_row_int8(res, row, 2);
    return row < 0 ? 0 : (uint32_t)co_row_int4(res, row, 1);
}

void dispatch_store_visits(const PGresult *res, const char *resource, uint32_t *ret_recent,
                           uint32_t *ret_today)
{
    int row = find(res, resource);
    *ret_recent = row < 0 ? 0 : (uint32_t)co_row_int4(res, row, 1);
    *ret_today = row < 0 ? 0 : (uint32_t)co_row_int4(res, row, 2);
}

size_t dispatch_store_read_waiting(struct co_batch *b, int lane)
{
    size_t index = add(b, dispatch_sql_read_waiting);
    co_batch_int2(b, lane);
    return index;
}

size_t dispatch_store_wake_waiting(struct co_batch *b, int lane, int64_t when_us)
{
    size_t index = add(b, dispatch_sql_wake_waiting);
    co_batch_int2(b, lane);
    co_batch_us(b, when_us);
    return index;
}

/* The columns of some claims, as arrays. */
struct claim_columns {
    const char **resource;
    int32_t *capacity;
    int32_t *nth;
    int64_t *case_id;
    int64_t *generation;
};

static bool spread_claims(struct co_arena *arena, const struct dispatch_store_claim *claims,
                          size_t count, struct claim_columns *ret)
{
    struct claim_columns c = {
        co_arena_alloc(arena, count * sizeof(*c.resource)),
        co_arena_alloc(arena, count * sizeof(*c.capacity)),
        co_arena_alloc(arena, count * sizeof(*c.nth)),
        co_arena_alloc(arena, count * sizeof(*c.case_id)),
        co_arena_alloc(arena, count * sizeof(*c.generation)),
    };
    if (c.resource == NULL || c.capacity == NULL || c.nth == NULL || c.case_id == NULL ||
        c.generation == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        c.resource[i] = claims[i].resource;
        c.capacity[i] = claims[i].capacity;
        c.nth[i] = claims[i].nth;
        c.case_id[i] = claims[i].case_id;
        c.generation[i] = claims[i].generation;
    }
    *ret = c;
    return true;
}

enum co_err dispatch_store_claim(struct co_batch *b, struct co_arena *arena, int lane,
                                 int64_t now_us, const struct dispatch_store_claim *claims,
                                 size_t count)
{
    struct claim_columns c;
    if (!spread_claims(arena, claims, count, &c))
        return CO_ENOMEM;
    (void)add(b, dispatch_sql_claim);
    co_batch_int2(b, lane);
    co_batch_text(b, OBLIGATION);
    co_batch_us(b, now_us);
    co_batch_texts(b, c.resource, count);
    co_batch_int4s(b, c.capacity, count);
    co_batch_int4s(b, c.nth, count);
    co_batch_int8s(b, c.case_id, count);
    co_batch_int8s(b, c.generation, count);
    return CO_OK;
}

enum co_err dispatch_store_own_claims(struct co_batch *b, struct co_arena *arena,
                                      const struct dispatch_store_claim *claims, size_t count,
                                      size_t *ret_index)
{
    struct claim_columns c;
    if (!spread_claims(arena, claims, count, &c))
        return CO_ENOMEM;
    *ret_index = add(b, dispatch_sql_own_claims);
    co_batch_text(b, OBLIGATION);
    co_batch_int8s(b, c.case_id, count);
    co_batch_int8s(b, c.generation, count);
    return CO_OK;
}

enum dispatch_store_holds dispatch_store_holds(const PGresult *res,
                                               const struct dispatch_store_claim *claim)
{
    for (int row = 0; row < PQntuples(res); row++)
        if (co_row_int8(res, row, 0) == claim->case_id &&
            co_row_int8(res, row, 1) == claim->generation)
            return strcmp(co_row_text(res, row, 2), claim->resource) == 0 ? DISPATCH_HOLDS_IT
                                                                          : DISPATCH_HOLDS_OTHER;
    return DISPATCH_HOLDS_NOTHING;
}

enum co_err dispatch_store_release_claims(struct co_batch *b, struct co_arena *arena,
                                          const struct dispatch_store_claim *claims, size_t count)
{
    struct claim_columns c;
    if (!spread_claims(arena, claims, count, &c))
        return CO_ENOMEM;
    (void)add(b, dispatch_sql_release_claims);
    co_batch_text(b, OBLIGATION);
    co_batch_int8s(b, c.case_id, count);
    co_batch_int8s(b, c.generation, count);
    return CO_OK;
}

/* The columns of some orders, as arrays. */
struct order_columns {
    int64_t *case_id;
    struct co_bytes *state;
    int64_t *next_us;
    const char **status;
    bool *is_located;
    const char **engineer;
    int64_t *generation;
    int64_t *accept_by_us;
    int64_t *arrive_by_us;
    const char **candidates;
    bool *lacks_minutes;
};

static bool spread_orders(struct co_arena *arena, const struct dispatch_store_order *orders,
                          size_t count, struct order_columns *ret)
{
    struct order_columns c = {
        co_arena_alloc(arena, count * sizeof(*c.case_id)),
        co_arena_alloc(arena, count * sizeof(*c.state)),
        co_arena_alloc(arena, count * sizeof(*c.next_us)),
        co_arena_alloc(arena, count * sizeof(*c.status)),
        co_arena_alloc(arena, count * sizeof(*c.is_located)),
        co_arena_alloc(arena, count * sizeof(*c.engineer)),
        co_arena_alloc(arena, count * sizeof(*c.generation)),
        co_arena_alloc(arena, count * sizeof(*c.accept_by_us)),
        co_arena_alloc(arena, count * sizeof(*c.arrive_by_us)),
        co_arena_alloc(arena, count * sizeof(*c.candidates)),
        co_arena_alloc(arena, count * sizeof(*c.lacks_minutes)),
    };
    if (c.case_id == NULL || c.state == NULL || c.next_us == NULL || c.status == NULL ||
        c.is_located == NULL || c.engineer == NULL || c.generation == NULL ||
        c.accept_by_us == NULL || c.arrive_by_us == NULL || c.candidates == NULL ||
        c.lacks_minutes == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        c.case_id[i] = orders[i].case_id;
        c.state[i] = orders[i].state;
        c.next_us[i] = orders[i].next_us;
        c.status[i] = orders[i].status;
        c.is_located[i] = orders[i].is_located;
        c.engineer[i] = orders[i].engineer;
        c.generation[i] = orders[i].generation;
        c.accept_by_us[i] = orders[i].accept_by_us;
        c.arrive_by_us[i] = orders[i].arrive_by_us;
        c.candidates[i] = orders[i].candidates;
        c.lacks_minutes[i] = orders[i].lacks_minutes;
    }
    *ret = c;
    return true;
}

enum co_err dispatch_store_save_orders(struct co_batch *b, struct co_arena *arena, int lane,
                                       int64_t now_us, const struct dispatch_store_order *orders,
                                       size_t count)
{
    struct order_columns c;
    if (!spread_orders(arena, orders, count, &c))
        return CO_ENOMEM;
    (void)add(b, dispatch_sql_save_orders);
    co_batch_int2(b, lane);
    co_batch_us(b, now_us);
    co_batch_int8s(b, c.case_id, count);
    co_batch_byteas(b, c.state, count);
    co_batch_uss(b, c.next_us, count);
    co_batch_texts(b, c.status, count);
    co_batch_bools(b, c.is_located, count);
    co_batch_texts(b, c.engineer, count);
    co_batch_int8s(b, c.generation, count);
    co_batch_uss(b, c.accept_by_us, count);
    co_batch_uss(b, c.arrive_by_us, count);
    co_batch_texts(b, c.candidates, count);
    co_batch_bools(b, c.lacks_minutes, count);
    return CO_OK;
}

enum co_err dispatch_store_save_visits(struct co_batch *b, struct co_arena *arena, int lane,
                                       int64_t now_us, const struct dispatch_store_visit *visits,
                                       size_t count)
{
    const char **engineer = co_arena_alloc(arena, count * sizeof(*engineer));
    int64_t *case_id = co_arena_alloc(arena, count * sizeof(*case_id));
    int64_t *generation = co_arena_alloc(arena, count * sizeof(*generation));
    int64_t *at_us = co_arena_alloc(arena, count * sizeof(*at_us));
    if (engineer == NULL || case_id == NULL || generation == NULL || at_us == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        engineer[i] = visits[i].engineer;
        case_id[i] = visits[i].case_id;
        generation[i] = visits[i].generation;
        at_us[i] = visits[i].at_us;
    }
    (void)add(b, dispatch_sql_save_visits);
    co_batch_int2(b, lane);
    co_batch_texts(b, engineer, count);
    co_batch_int8s(b, case_id, count);
    co_batch_int8s(b, generation, count);
    co_batch_uss(b, at_us, count);
    co_batch_us(b, now_us - FORGOTTEN_US);
    return CO_OK;
}

enum co_err dispatch_store_save_choices(struct co_batch *b, struct co_arena *arena, int lane,
                                        int64_t now_us, const struct dispatch_store_choice *choices,
                                        size_t count)
{
    int64_t *case_id = co_arena_alloc(arena, count * sizeof(*case_id));
    struct co_bytes *body = co_arena_alloc(arena, count * sizeof(*body));
    if (case_id == NULL || body == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        case_id[i] = choices[i].case_id;
        body[i] = choices[i].body;
    }
    (void)add(b, dispatch_sql_save_choices);
    co_batch_int2(b, lane);
    co_batch_us(b, now_us);
    co_batch_int8s(b, case_id, count);
    co_batch_byteas(b, body, count);
    return CO_OK;
}
