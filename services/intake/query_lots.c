/* The ledger of man-days: how lots stand, and what was posted to them, a page at a time. */
#include <string.h>

#include "co_number.h"
#include "co_row.h"
#include "intake_sql.h"
#include "query.h"

enum { NUMBER_BYTES = 8, LOT_MAX = 128 };

static void fail_memory(struct intake_ask *ask)
{
    intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this page; ask for a smaller one");
}

static Callout__V1__LotRow *lot_row(struct intake_ask *ask, const PGresult *res, int row)
{
    Callout__V1__LotRow *lot = co_arena_alloc(ask->arena, sizeof(*lot));
    if (lot == NULL)
        return NULL;
    callout__v1__lot_row__init(lot);
    lot->contract = co_arena_strdup(ask->arena, co_row_text(res, row, 0));
    lot->lot = co_arena_strdup(ask->arena, co_row_text(res, row, 1));
    lot->bought = co_row_int8(res, row, 2);
    lot->free = co_row_int8(res, row, 3);
    lot->reserved = co_row_int8(res, row, 4);
    lot->used = co_row_int8(res, row, 5);
    lot->expired = co_row_int8(res, row, 6);
    lot->postings = (uint64_t)co_row_int8(res, row, 7);
    lot->allowed = co_row_int8(res, row, 8);
    return lot->contract == NULL || lot->lot == NULL ? NULL : lot;
}

static void on_lots(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    result.lots = co_arena_alloc(ask->arena, ((size_t)PQntuples(res) + 1) * sizeof(result.lots[0]));
    for (int row = 0; result.lots != NULL && row < PQntuples(res); row++)
        if ((result.lots[result.n_lots] = lot_row(ask, res, row)) != NULL)
            result.n_lots++;
    if (result.lots == NULL || result.n_lots < (size_t)PQntuples(res))
        fail_memory(ask);
    else
        intake_query_reply(ask, &result);
}

void intake_query_lots(struct intake_ask *ask)
{
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_lots]);
    co_batch_texts(ask->batch, (const char *const *)ask->keys, ask->key_count);
    intake_ask_run(ask, on_lots);
}

static Callout__V1__PostingRow *posting_row(struct intake_ask *ask, const PGresult *res, int row)
{
    Callout__V1__PostingRow *p = co_arena_alloc(ask->arena, sizeof(*p));
    char *number = co_arena_alloc(ask->arena, CO_NUMBER_TEXT);
    if (p == NULL || number == NULL)
        return NULL;
    callout__v1__posting_row__init(p);
    p->lot = co_arena_strdup(ask->arena, co_row_text(res, row, 0));
    p->posting = (uint64_t)co_row_int8(res, row, 1);
    p->kind = co_arena_strdup(ask->arena, co_row_text(res, row, 2));
    p->from = co_arena_strdup(ask->arena, co_row_text(res, row, 3));
    p->to = co_arena_strdup(ask->arena, co_row_text(res, row, 4));
    p->minutes = co_row_int8(res, row, 5);
    p->why = co_arena_strdup(ask->arena, co_row_text(res, row, 7));
    p->at_us = co_row_us(res, row, 8);
    if (!co_row_is_null(res, row, 6)) {
        p->case_id = (uint64_t)co_row_int8(res, row, 6);
        co_number_format(co_row_int8(res, row, 6), number);
        p->number = number;
    }
    return p->lot == NULL || p->kind == NULL || p->from == NULL || p->to == NULL || p->why == NULL ? NULL : p;
}

/* The cursor is number and lot of the last posting. */
static void on_postings(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    size_t n = (size_t)PQntuples(res);
    uint8_t next[NUMBER_BYTES + LOT_MAX];
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    result.postings = co_arena_alloc(ask->arena, (n + 1) * sizeof(result.postings[0]));
    for (size_t i = 0; result.postings != NULL && i < n; i++)
        if ((result.postings[result.n_postings] = posting_row(ask, res, (int)i)) != NULL)
            result.n_postings++;
    if (result.postings == NULL || result.n_postings < n) {
        fail_memory(ask);
        return;
    }
    if (n == ask->limit) {
        const Callout__V1__PostingRow *last = result.postings[n - 1];
        size_t len = strnlen(last->lot, LOT_MAX);
        for (size_t i = 0; i < NUMBER_BYTES; i++)
            next[i] = (uint8_t)(last->posting >> (8 * (NUMBER_BYTES - 1 - i)));
        memcpy(next + NUMBER_BYTES, last->lot, len);
        result.next = (ProtobufCBinaryData){ NUMBER_BYTES + len, next };
    }
    intake_query_reply(ask, &result);
}

void intake_query_postings(struct intake_ask *ask)
{
    char lot[LOT_MAX + 1] = "";
    uint64_t posting = 0;
    if (ask->key_count != 1) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_INVALID, "query.keys", "query.keys has to be the key of one contract");
        return;
    }
    if (ask->after_len > 0) {
        size_t len = ask->after_len - NUMBER_BYTES;
        if (ask->after_len <= NUMBER_BYTES || len > LOT_MAX || memchr(ask->after + NUMBER_BYTES, 0, len) != NULL) {
            intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_INVALID, "query.after", "query.after is not the `next` of a page of this question");
            return;
        }
        for (size_t i = 0; i < NUMBER_BYTES; i++)
            posting = posting << 8 | ask->after[i];
        memcpy(lot, ask->after + NUMBER_BYTES, len);
    }
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_postings]);
    co_batch_text(ask->batch, ask->keys[0]);
    co_batch_text(ask->batch, lot);
    co_batch_int8(ask->batch, (int64_t)(posting & INT64_MAX));
    co_batch_int4(ask->batch, (int32_t)ask->limit);
    intake_ask_run(ask, on_postings);
}
