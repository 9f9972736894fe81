/* Work orders: one as it stands, and what engineers hold now. */
#include <string.h>

#include "co_number.h"
#include "co_row.h"
#include "intake_sql.h"
#include "query.h"

enum { PREFIX = sizeof("engineer/") - 1, SLOT_BYTES = 2, RESOURCE_MAX = 128 };

/* ---- one order ---- */

static void on_order(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    if (PQntuples(res) > 0) {
        struct co_bytes state = co_row_bytes(res, 0, 0);
        result.order_state = (ProtobufCBinaryData){ state.len, (uint8_t *)(uintptr_t)state.data };
    }
    intake_query_reply(ask, &result);
}

void intake_query_order(struct intake_ask *ask)
{
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_order]);
    co_batch_int2(ask->batch, co_number_lane(ask->case_id));
    co_batch_int8(ask->batch, ask->case_id);
    intake_ask_run(ask, on_order);
}

/* ---- its choices ---- */

static void on_choices(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    size_t n = (size_t)PQntuples(res);
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    result.choices = co_arena_alloc(ask->arena, (n + 1) * sizeof(result.choices[0]));
    if (result.choices == NULL) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this page; ask for a smaller one");
        return;
    }
    for (; result.n_choices < n; result.n_choices++) {
        struct co_bytes body = co_row_bytes(res, (int)result.n_choices, 0);
        result.choices[result.n_choices] = (ProtobufCBinaryData){ body.len, (uint8_t *)(uintptr_t)body.data };
    }
    intake_query_reply(ask, &result);
}

void intake_query_choices(struct intake_ask *ask)
{
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_choices]);
    co_batch_int2(ask->batch, co_number_lane(ask->case_id));
    co_batch_int8(ask->batch, ask->case_id);
    co_batch_int4(ask->batch, (int32_t)ask->limit);
    intake_ask_run(ask, on_choices);
}

/* ---- claims, a page at a time; the cursor is slot and resource of the last one ---- */

static Callout__V1__ClaimRow *claim_row(struct intake_ask *ask, const PGresult *res, int row)
{
    Callout__V1__ClaimRow *claim = co_arena_alloc(ask->arena, sizeof(*claim));
    char *number = co_arena_alloc(ask->arena, CO_NUMBER_TEXT);
    bool has_order = !co_row_is_null(res, row, 5);
    char *state = co_arena_strdup(ask->arena, has_order ? co_row_text(res, row, 5) : "");
    char *engineer = co_arena_strdup(ask->arena, co_row_text(res, row, 0) + PREFIX);
    if (claim == NULL || number == NULL || state == NULL || engineer == NULL)
        return NULL;
    callout__v1__claim_row__init(claim);
    co_number_format(co_row_int8(res, row, 2), number);
    claim->engineer = engineer;
    claim->case_id = (uint64_t)co_row_int8(res, row, 2);
    claim->number = number;
    claim->state = state;
    claim->generation = (uint64_t)co_row_int8(res, row, 3);
    claim->since_us = co_row_us(res, row, 4);
    return claim;
}

static void on_claims(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    size_t n = (size_t)PQntuples(res);
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    result.claims = co_arena_alloc(ask->arena, (n + 1) * sizeof(result.claims[0]));
    for (size_t i = 0; i < n; i++) {
        Callout__V1__ClaimRow *row = result.claims != NULL ? claim_row(ask, res, (int)i) : NULL;
        if (row == NULL) {
            intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this page; ask for a smaller one");
            return;
        }
        result.claims[result.n_claims++] = row;
    }
    uint8_t next[SLOT_BYTES + RESOURCE_MAX];
    if (n == ask->limit) {
        const char *resource = co_row_text(res, (int)n - 1, 0);
        int slot = co_row_int2(res, (int)n - 1, 1);
        size_t len = strnlen(resource, RESOURCE_MAX);
        next[0] = (uint8_t)(slot >> 8);
        next[1] = (uint8_t)slot;
        memcpy(next + SLOT_BYTES, resource, len);
        result.next = (ProtobufCBinaryData){ SLOT_BYTES + len, next };
    }
    intake_query_reply(ask, &result);
}

void intake_query_claims(struct intake_ask *ask)
{
    char resource[RESOURCE_MAX + 1] = "";
    int slot = -1;
    size_t len = ask->after_len - (ask->after_len > 0 ? SLOT_BYTES : 0);
    if (ask->after_len > 0) {
        if (ask->after_len <= SLOT_BYTES || len > RESOURCE_MAX || memchr(ask->after + SLOT_BYTES, 0, len) != NULL) {
            intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_INVALID, "query.after", "query.after is not the `next` of a page of this question");
            return;
        }
        slot = ask->after[0] << 8 | ask->after[1];
        memcpy(resource, ask->after + SLOT_BYTES, len);
    }
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_claims]);
    co_batch_text(ask->batch, resource);
    co_batch_int2(ask->batch, slot > INT16_MAX ? INT16_MAX : slot);
    co_batch_int4(ask->batch, (int32_t)ask->limit);
    intake_ask_run(ask, on_claims);
}
