/* Who was told what: in pages, and one notice with its words. */
#include <string.h>

#include "co_number.h"
#include "co_row.h"
#include "cursor.h"
#include "intake_sql.h"
#include "query.h"

/* A page goes on before the notice (case, obligation, generation, slot) it ended with: the first two numbers, then both texts with
 * their ends. */
enum { ID_BYTES = 8, GENERATION_BYTES = 4, HEAD_BYTES = ID_BYTES + GENERATION_BYTES, CURSOR_MAX = 512 };

struct place {
    int64_t case_id;
    int32_t generation;
    const char *obligation, *slot;
};

static size_t write_place(const struct place *at, uint8_t to[static CURSOR_MAX])
{
    size_t obligation_size = strlen(at->obligation) + 1, slot_size = strlen(at->slot) + 1;
    if (HEAD_BYTES + obligation_size + slot_size > CURSOR_MAX)
        return 0;
    intake_put_be(to, (uint64_t)at->case_id, ID_BYTES);
    intake_put_be(to + ID_BYTES, (uint32_t)at->generation, GENERATION_BYTES);
    memcpy(to + HEAD_BYTES, at->obligation, obligation_size);
    memcpy(to + HEAD_BYTES + obligation_size, at->slot, slot_size);
    return HEAD_BYTES + obligation_size + slot_size;
}

/* The texts are the cursor's. */
static bool read_place(const uint8_t *from, size_t len, struct place *ret)
{
    const char *texts = (const char *)from + HEAD_BYTES;
    if (len < HEAD_BYTES + 2 || len > CURSOR_MAX || from[len - 1] != 0)
        return false;
    size_t texts_size = len - HEAD_BYTES, obligation_size = strlen(texts) + 1; /* the last byte ends it at the latest */
    if (obligation_size == texts_size || obligation_size + strlen(texts + obligation_size) + 1 != texts_size)
        return false;
    *ret = (struct place){ (int64_t)intake_get_be(from, ID_BYTES), (int32_t)intake_get_be(from + ID_BYTES, GENERATION_BYTES), texts,
                           texts + obligation_size };
    return ret->case_id > 0;
}

/* ---- rows ---- */

static int64_t us_or_0(const PGresult *res, int row, int column)
{
    return co_row_is_null(res, row, column) ? 0 : co_row_us(res, row, column);
}

/* Of a row of read_notices, or read_notice. NULL: out of memory. */
static Callout__V1__NoticeRow *notice_row(struct intake_ask *ask, const PGresult *res, int row)
{
    Callout__V1__NoticeRow *r = co_arena_alloc(ask->arena, sizeof(*r));
    Callout__V1__NoticeView *n = co_arena_alloc(ask->arena, sizeof(*n));
    char *number = co_arena_alloc(ask->arena, CO_NUMBER_TEXT);
    if (r == NULL || n == NULL || number == NULL)
        return NULL;
    callout__v1__notice_row__init(r);
    callout__v1__notice_view__init(n);
    co_number_format(co_row_int8(res, row, 0), number);
    r->case_id = (uint64_t)co_row_int8(res, row, 0);
    r->number = number;
    r->notice = n;
    r->next_us = us_or_0(res, row, 9);
    n->obligation = co_arena_strdup(ask->arena, co_row_text(res, row, 1));
    n->generation = (uint32_t)co_row_int4(res, row, 2);
    n->slot = co_arena_strdup(ask->arena, co_row_text(res, row, 3));
    n->state = (Callout__V1__NoticeState)co_row_int2(res, row, 4);
    n->person = co_arena_strdup(ask->arena, co_row_text(res, row, 5));
    n->channel = co_arena_strdup(ask->arena, co_row_text(res, row, 6));
    n->attempts = (uint32_t)co_row_int4(res, row, 7);
    n->planned_us = co_row_us(res, row, 8);
    n->settled_us = us_or_0(res, row, 10);
    n->detail = co_arena_strdup(ask->arena, co_row_text(res, row, 11));
    n->stands_for = co_arena_strdup(ask->arena, co_row_text(res, row, 12));
    n->why_him = co_arena_strdup(ask->arena, co_row_text(res, row, 13));
    bool is_whole = n->obligation != NULL && n->slot != NULL && n->person != NULL && n->channel != NULL && n->detail != NULL &&
                    n->stands_for != NULL && n->why_him != NULL;
    return is_whole ? r : NULL;
}

/* ---- pages ---- */

static void on_notices(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    int n = PQntuples(res);
    uint8_t next[CURSOR_MAX];
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    result.notices = co_arena_alloc(ask->arena, ((size_t)n + 1) * sizeof(result.notices[0]));
    for (int i = 0; i < n; i++) {
        bool is_meant = co_row_bool(res, i, 14);
        Callout__V1__NoticeRow *row = result.notices != NULL && is_meant ? notice_row(ask, res, i) : NULL;
        if (is_meant && row == NULL) {
            intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this page; ask for a smaller one");
            return;
        }
        if (is_meant)
            result.notices[result.n_notices++] = row;
    }
    if ((uint32_t)n == ask->limit) {
        struct place last = { co_row_int8(res, n - 1, 0), co_row_int4(res, n - 1, 2), co_row_text(res, n - 1, 1),
                              co_row_text(res, n - 1, 3) };
        result.next = (ProtobufCBinaryData){ write_place(&last, next), next };
    }
    intake_query_reply(ask, &result);
}

void intake_query_notices(struct intake_ask *ask)
{
    struct place before = { ask->case_id != 0 ? ask->case_id + 1 : INT64_MAX, 0, "", "" };
    if (ask->after_len > 0 && !read_place(ask->after, ask->after_len, &before)) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_INVALID, "query.after", "query.after is not the `next` of a page of this question");
        return;
    }
    bool is_one = ask->case_id != 0;
    (void)co_batch_add(ask->batch, &intake_sql[ask->is_dead ? intake_sql_read_dead_notices : intake_sql_read_notices]);
    co_batch_int2(ask->batch, is_one ? co_number_lane(ask->case_id) : 0);
    co_batch_int2(ask->batch, is_one ? co_number_lane(ask->case_id) : co_node_lanes(ask->in->node) - 1);
    co_batch_int8(ask->batch, ask->case_id);
    co_batch_int8(ask->batch, before.case_id);
    co_batch_text(ask->batch, before.obligation);
    co_batch_int4(ask->batch, before.generation);
    co_batch_text(ask->batch, before.slot);
    co_batch_int4(ask->batch, (int32_t)ask->limit);
    co_batch_int2s(ask->batch, ask->states, ask->state_count);
    co_batch_text(ask->batch, ask->person);
    co_batch_text(ask->batch, ask->channel);
    intake_ask_run(ask, on_notices);
}

/* ---- one ---- */

static void on_notice(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    Callout__V1__NoticeRow *row = PQntuples(res) == 0 ? NULL : notice_row(ask, res, 0);
    if (PQntuples(res) == 0) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_NOT_FOUND, "query.notice", "the case has no such notice");
        return;
    }
    if (row != NULL && !(row->erased = co_row_is_null(res, 0, 14))) {
        row->address = co_arena_strdup(ask->arena, co_row_text(res, 0, 14));
        row->subject = co_arena_strdup(ask->arena, co_row_text(res, 0, 15));
        row->body = co_arena_strdup(ask->arena, co_row_text(res, 0, 16));
    }
    if (row == NULL || row->address == NULL || row->subject == NULL || row->body == NULL) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this now");
        return;
    }
    result.notices = &row;
    result.n_notices = 1;
    intake_query_reply(ask, &result);
}

void intake_query_notice(struct intake_ask *ask)
{
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_notice]);
    co_batch_int2(ask->batch, co_number_lane(ask->case_id));
    co_batch_int8(ask->batch, ask->case_id);
    co_batch_text(ask->batch, ask->obligation);
    co_batch_int4(ask->batch, (int32_t)ask->generation);
    co_batch_text(ask->batch, ask->slot);
    intake_ask_run(ask, on_notice);
}
