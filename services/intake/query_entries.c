/* Journal entries: a page, or a watch that answers when there is something new; the verdict on a command. */
#include <string.h>

#include "co_clock.h"
#include "co_io_sql.h"
#include "co_number.h"
#include "co_row.h"
#include "intake_sql.h"
#include "query.h"
#include "scope.h"
#include "verdict.h"
#include "waiters.h"

/* A cursor is the number of the last entry seen, 8 bytes: of the case's lane, or of every lane in turn. */
enum { SEQ_BYTES = 8, SCOPE_COLUMN = 6 };

static void look(struct intake_ask *ask);

static int64_t seq_at(const struct intake_ask *ask, size_t i)
{
    uint64_t v = 0;
    for (size_t k = 0; k < SEQ_BYTES && ask->after_len > 0; k++)
        v = v << 8 | ask->after[i * SEQ_BYTES + k];
    return (int64_t)(v & INT64_MAX);
}

static void put_seq(uint8_t *cursor, size_t i, int64_t seq)
{
    for (size_t k = 0; k < SEQ_BYTES; k++)
        cursor[i * SEQ_BYTES + k] = (uint8_t)((uint64_t)seq >> (8 * (SEQ_BYTES - 1 - k)));
}

static bool is_of_all(const struct intake_ask *ask)
{
    return ask->case_id == 0;
}

static size_t cursor_len(const struct intake_ask *ask)
{
    return is_of_all(ask) ? (size_t)co_node_lanes(ask->in->node) * SEQ_BYTES : SEQ_BYTES;
}

/* ---- the page ---- */

static Callout__V1__EntryRow *entry_row(struct intake_ask *ask, int lane, const struct co_entry_raw *raw)
{
    Callout__V1__EntryRow *r = co_arena_alloc(ask->arena, sizeof(*r));
    char *number = co_arena_alloc(ask->arena, CO_NUMBER_TEXT);
    if (r == NULL || number == NULL)
        return NULL;
    callout__v1__entry_row__init(r);
    number[0] = '\0';
    if (raw->case_id > 0)
        co_number_format(raw->case_id, number);
    r->lane = (uint32_t)lane;
    r->seq = (uint64_t)raw->seq;
    r->at_us = raw->at_us;
    r->case_id = (uint64_t)raw->case_id;
    r->number = number;
    r->event = co_event_unpack(ask->arena, raw->body);
    return r->event == NULL ? NULL : r;
}

/* A client with a scope sees what concerns its cases. */
static bool is_shown(struct intake_ask *ask, const PGresult *res, int row)
{
    if (!is_of_all(ask) || !ask->is_limited)
        return true;
    return co_row_int8(res, row, 2) != 0 && intake_scope_sees(ask->in, ask->client, res, row, SCOPE_COLUMN);
}

static int lane_of(const struct intake_ask *ask, const PGresult *res, int row)
{
    return is_of_all(ask) ? co_row_int2(res, row, 5) : co_number_lane(ask->case_id);
}

static bool is_nothing_shown(struct intake_ask *ask, const PGresult *res)
{
    for (int row = 0; row < PQntuples(res); row++)
        if (is_shown(ask, res, row))
            return false;
    return true;
}

/* Goes on after rows that are not shown. */
static void pass_over(const struct intake_ask *ask, const PGresult *res)
{
    uint8_t *cursor = (uint8_t *)(uintptr_t)ask->after; /* of the ask's arena */
    for (int row = 0; row < PQntuples(res); row++)
        put_seq(cursor, (size_t)lane_of(ask, res, row), co_row_int8(res, row, 0));
}

/* Rows: seq, at, case_id, kind, body, and, of all cases, lane. As many as memory allows; `cursor` moves along. */
static size_t fill(struct intake_ask *ask, const PGresult *res, Callout__V1__EntryRow **rows, uint8_t *cursor)
{
    size_t n = 0;
    for (int row = 0; row < PQntuples(res); row++) {
        struct co_entry_raw raw = co_entry_of_row(res, row);
        int lane = lane_of(ask, res, row);
        bool is_row = is_shown(ask, res, row);
        if (is_row && (rows[n] = entry_row(ask, lane, &raw)) == NULL)
            break;
        n += is_row;
        put_seq(cursor, is_of_all(ask) ? (size_t)lane : 0, raw.seq);
    }
    return n;
}

static void reply_page(struct intake_ask *ask, const PGresult *res)
{
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    size_t n = res == NULL ? 0 : (size_t)PQntuples(res), len = cursor_len(ask);
    uint8_t *cursor = co_arena_alloc(ask->arena, len);
    result.entries = co_arena_alloc(ask->arena, n * sizeof(result.entries[0]));
    if (cursor == NULL || result.entries == NULL) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this page; ask for a smaller one");
        return;
    }
    for (size_t i = 0; i < len / SEQ_BYTES; i++)
        put_seq(cursor, i, seq_at(ask, i));
    result.n_entries = n == 0 ? 0 : fill(ask, res, result.entries, cursor);
    result.next = (ProtobufCBinaryData){ len, cursor };
    intake_query_reply(ask, &result);
}

/* ---- the watch ---- */

static void on_wake(void *arg, int kind, const Callout__V1__Event *event)
{
    struct intake_ask *ask = arg;
    (void)event;
    ask->waiter = 0;
    ask->is_over = ask->is_over || kind == 0;
    ask->is_woken = true;
    if (ask->in_air)
        return;
    if (ask->in->is_stopping)
        reply_page(ask, NULL);
    else
        look(ask);
}

/* Waits from before the look on, so that nothing falls between the two. */
static void wait_on(struct intake_ask *ask)
{
    int64_t left_us = ask->until_mono_us - co_mono_us();
    ask->is_woken = false;
    if (ask->waiter != 0 || ask->is_over)
        return;
    ask->is_over = left_us <= 0;
    if (!ask->is_over) {
        bool was_in_air = ask->in_air;
        ask->in_air = true; /* woken from inside: not to look twice */
        ask->waiter = intake_waiters_add(ask->in->waiters, ask->case_id, INTAKE_ANY_KIND, (uint32_t)(left_us / 1000 + 1), on_wake, ask);
        ask->in_air = was_in_air;
    }
}

static void on_entries(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    if (PQntuples(res) == 0 && ask->after_len == 0) { /* each case begins with an entry */
        intake_waiters_cancel(ask->in->waiters, ask->waiter);
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_NOT_FOUND, "query.number", "there is no case with this number");
    } else if (PQntuples(res) > 0 && !ask->is_over && is_nothing_shown(ask, res)) {
        pass_over(ask, res);
        look(ask);
    } else if (PQntuples(res) > 0 || ask->is_over) {
        intake_waiters_cancel(ask->in->waiters, ask->waiter);
        reply_page(ask, res);
    } else if (ask->is_woken) {
        look(ask);
    } /* else on_wake() goes on */
}

static void look_at_case(struct intake_ask *ask)
{
    (void)co_batch_add(ask->batch, &co_io_sql[co_io_sql_read_case_entries]);
    co_batch_int2(ask->batch, co_number_lane(ask->case_id));
    co_batch_int8(ask->batch, ask->case_id);
    co_batch_int8(ask->batch, seq_at(ask, 0) + 1);
    co_batch_int8(ask->batch, INT64_MAX);
    co_batch_int4(ask->batch, (int32_t)ask->limit);
}

static void look_at_all(struct intake_ask *ask)
{
    size_t lanes = (size_t)co_node_lanes(ask->in->node);
    int16_t lane[CO_LANES_MAX];
    int64_t after[CO_LANES_MAX];
    for (size_t i = 0; i < lanes; i++) {
        lane[i] = (int16_t)i;
        after[i] = seq_at(ask, i);
    }
    ask->is_limited = intake_ask_is_limited(ask);
    (void)co_batch_add(ask->batch, &intake_sql[ask->is_limited ? intake_sql_read_new_scoped : intake_sql_read_new_entries]);
    co_batch_int2s(ask->batch, lane, lanes);
    co_batch_int8s(ask->batch, after, lanes);
    co_batch_int4(ask->batch, (int32_t)ask->limit);
}

static void look(struct intake_ask *ask)
{
    wait_on(ask);
    co_batch_clear(ask->batch);
    if (is_of_all(ask))
        look_at_all(ask);
    else
        look_at_case(ask);
    intake_ask_run(ask, on_entries);
}

/* Of all cases, without a cursor: from now on. */
static void on_heads(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    uint8_t *cursor = co_arena_alloc(ask->arena, cursor_len(ask));
    if (cursor == NULL) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this now");
        return;
    }
    for (int row = 0; row < PQntuples(res); row++)
        put_seq(cursor, (size_t)co_row_int2(res, row, 0), co_row_int8(res, row, 1));
    ask->after = cursor;
    ask->after_len = cursor_len(ask);
    if (ask->wait_ms == 0)
        reply_page(ask, NULL);
    else
        look(ask);
}

void intake_query_entries(struct intake_ask *ask)
{
    if (ask->after_len != 0 && ask->after_len != cursor_len(ask)) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_INVALID, "query.after", "query.after is not the `next` of a page of this question");
        return;
    }
    ask->until_mono_us = ask->call->since_mono_us + ask->wait_ms * INT64_C(1000);
    ask->is_over = ask->wait_ms == 0;
    if (is_of_all(ask) && ask->after_len == 0) {
        (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_all_heads]);
        intake_ask_run(ask, on_heads);
    } else {
        look(ask);
    }
}

/* ---- one command ---- */

static void on_verdicts(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    bool is_received = false;
    for (int row = 0; row < PQntuples(res); row++) {
        struct co_entry_raw raw = co_entry_of_row(res, row);
        const Callout__V1__Event *e = co_event_unpack(ask->arena, raw.body);
        if (e == NULL)
            continue;
        bool is_applied = e->body_case == CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED;
        if (e->body_case == CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED || e->body_case == CALLOUT__V1__EVENT__BODY_NOTICE_RESEND_ASKED) {
            bool is_resend = e->body_case == CALLOUT__V1__EVENT__BODY_NOTICE_RESEND_ASKED;
            is_received = is_received || (is_resend ? e->notice_resend_asked->command_id : e->command_received->command_id) == ask->command_id;
            continue;
        }
        if ((is_applied ? e->command_applied->command_id : e->command_refused->command_id) != ask->command_id)
            continue;
        intake_ask_verdict(ask, e);
        return;
    }
    if (is_received)
        intake_ask_verdict(ask, NULL);
    else
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_NOT_FOUND, "query.command_id", "this case has no such command");
}

void intake_query_command(struct intake_ask *ask)
{
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_verdicts]);
    co_batch_int2(ask->batch, co_number_lane(ask->case_id));
    co_batch_int8(ask->batch, ask->case_id);
    intake_ask_run(ask, on_verdicts);
}
