/* Which cases Callout opened by itself. */
#include "co_lane.h"
#include "co_number.h"
#include "co_plan.h"
#include "co_row.h"
#include "intake_sql.h"
#include "query.h"

static bool read_row(struct intake_ask *ask, const PGresult *res, int row, Callout__V1__OpenedRow *o)
{
    char number[CO_NUMBER_TEXT];
    int64_t case_id = co_row_int8(res, row, 1);
    co_number_format(case_id, number);
    o->key = co_arena_strdup(ask->arena, ask->keys[co_row_int8(res, row, 0) - 1]);
    o->case_id = (uint64_t)case_id;
    o->number = co_arena_strdup(ask->arena, number);
    return o->key != NULL && o->number != NULL;
}

static void on_opened(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    result.opened = co_arena_alloc(ask->arena, ((size_t)PQntuples(res) + 1) * sizeof(result.opened[0]));
    for (int row = 0; result.opened != NULL && row < PQntuples(res); row++) {
        Callout__V1__OpenedRow *o = co_arena_alloc(ask->arena, sizeof(*o));
        if (o != NULL)
            callout__v1__opened_row__init(o);
        if (o == NULL || !read_row(ask, res, row, o))
            break;
        result.opened[result.n_opened++] = o;
    }
    if (result.opened == NULL || result.n_opened < (size_t)PQntuples(res))
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this answer; ask for fewer keys");
    else
        intake_query_reply(ask, &result);
}

void intake_query_opened(struct intake_ask *ask)
{
    int16_t *lanes = co_arena_alloc(ask->arena, (ask->key_count + 1) * sizeof(lanes[0]));
    for (size_t i = 0; lanes != NULL && i < ask->key_count; i++)
        lanes[i] = co_lane_of(CO_PLAN_SOURCE, ask->keys[i], (uint32_t)co_node_lanes(ask->in->node));
    if (lanes == NULL) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this question; ask for fewer keys");
        return;
    }
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_find_opened]);
    co_batch_text(ask->batch, CO_PLAN_SOURCE);
    co_batch_int2s(ask->batch, lanes, ask->key_count);
    co_batch_texts(ask->batch, ask->keys, ask->key_count);
    intake_ask_run(ask, on_opened);
}
