#include "answer.h"

#include <string.h>

#include "ask.h"
#include "clients.h"
#include "co_arena.h"
#include "co_number.h"
#include "co_row.h"
#include "intake_answer.h"
#include "intake_record.h"
#include "intake_sql.h"
#include "misuse.h"
#include "post.h"
#include "query.h"

enum { BUSY_RETRY_MS = 100 };

#define NO_CODE "there is no such code"

/* What was said, kept while it is looked up. */
struct said {
    Callout__V1__Command command;
    Callout__V1__Request request;
    Callout__V1__NoticeName notice;
    char number[CO_NUMBER_TEXT];
    char mark[CO_ANSWER_MARK + 1]; /* of the code */
    char used[CO_ANSWER_MARK + 1]; /* see intake_answer_used() */
    const char *over;              /* why it cannot be answered any more; NULL: it can */
    int64_t case_id;
};

static struct intake_answerable answerable_of(const PGresult *res, int row)
{
    struct co_bytes secret = co_row_bytes(res, row, 4);
    return (struct intake_answerable){
        .obligation = co_row_text(res, row, 0),
        .generation = (uint32_t)co_row_int4(res, row, 1),
        .slot = co_row_text(res, row, 2),
        .person = co_row_text(res, row, 3),
        .secret = secret.len == CO_ANSWER_SECRET ? secret.data : NULL,
        .answers = (uint32_t)co_row_int4(res, row, 5),
        .answer_by_us = co_row_us(res, row, 6),
        .recalled = co_row_bool(res, row, 7),
    };
}

/* Copies, as the result goes with the next question. False: out of memory. */
static bool keep(struct intake_ask *ask, struct said *said, const struct intake_answerable *n, Callout__V1__Act act)
{
    struct intake_answerable kept = *n;
    kept.person = co_arena_strdup(ask->arena, n->person);
    kept.obligation = co_arena_strdup(ask->arena, n->obligation);
    if (kept.person == NULL || kept.obligation == NULL)
        return false;
    intake_answer_command(&kept, act, &said->command);
    intake_answer_used(n, said->case_id, act, said->used);
    said->notice.obligation = (char *)(uintptr_t)kept.obligation;
    said->notice.generation = n->generation;
    said->notice.slot = co_arena_strdup(ask->arena, n->slot);
    said->command.notice = &said->notice;
    return said->notice.slot != NULL;
}

/* It is wrong: forged, or over. */
static void fail_wrong(struct intake_ask *ask, Callout__V1__Code code, const char *why)
{
    intake_misuse_wrong_code(ask->in, ask->client);
    intake_ask_fail(ask, code, "answer.code", why);
}

static void hide(struct intake_ask *ask)
{
    fail_wrong(ask, CALLOUT__V1__CODE__CODE_NOT_FOUND, NO_CODE);
}

static void take(struct intake_ask *ask)
{
    struct said *said = ask->said;
    intake_post_answer(&ask->call, &said->request, said->used);
    intake_ask_done(ask);
}

/* Whoever asks again about what was answered in time is told what came of it. */
static void on_answered(struct intake_ask *ask, struct co_results *results)
{
    const struct said *said = ask->said;
    if (co_row_bool(results->item[0], 0, 0))
        take(ask);
    else
        fail_wrong(ask, CALLOUT__V1__CODE__CODE_REFUSED, said->over);
}

static void look_whether_answered(struct intake_ask *ask, const struct said *said)
{
    co_batch_clear(ask->batch);
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_find_answered]);
    co_batch_int2(ask->batch, co_number_lane(said->case_id));
    co_batch_text(ask->batch, INTAKE_ANSWER_SOURCE);
    co_batch_text(ask->batch, said->used);
    co_batch_int2(ask->batch, INTAKE_COMMAND_KIND);
    intake_ask_run(ask, on_answered);
}

/* The notice whose code it is; ACT_NONE: none of them. */
static Callout__V1__Act find(const struct said *said, const PGresult *res, struct intake_answerable *ret)
{
    for (int row = 0; row < PQntuples(res); row++) {
        *ret = answerable_of(res, row);
        Callout__V1__Act act = ret->secret == NULL ? CALLOUT__V1__ACT__ACT_NONE
                                                   : intake_answer_act(ret, said->case_id, said->mark);
        if (act != CALLOUT__V1__ACT__ACT_NONE)
            return act;
    }
    return CALLOUT__V1__ACT__ACT_NONE;
}

static void on_answers(struct intake_ask *ask, struct co_results *results)
{
    struct said *said = ask->said;
    struct intake_answerable n;
    Callout__V1__Act act = find(said, results->item[0], &n);
    if (act == CALLOUT__V1__ACT__ACT_NONE) {
        fail_wrong(ask, CALLOUT__V1__CODE__CODE_NOT_FOUND, NO_CODE);
        return;
    }
    said->over = intake_answer_over(&n, co_node_now_us(ask->in->node));
    if (!keep(ask, said, &n, act))
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this request now");
    else if (said->over != NULL)
        look_whether_answered(ask, said);
    else
        take(ask);
}

/* NULL: out of memory. */
static struct said *copy(struct co_arena *arena, const Callout__V1__Request *request)
{
    const Callout__V1__Answer *a = request->answer;
    struct said *said = co_arena_alloc(arena, sizeof(*said));
    if (said == NULL)
        return NULL;
    callout__v1__request__init(&said->request);
    callout__v1__command__init(&said->command);
    callout__v1__notice_name__init(&said->notice);
    said->command.key = co_arena_strdup(arena, a->key);
    said->command.note = co_arena_strdup(arena, a->note);
    said->command.occurred_us = a->occurred_us;
    said->command.wait_ms = a->wait_ms;
    said->command.number = said->number;
    said->request.traceparent = co_arena_strdup(arena, request->traceparent);
    said->request.body_case = CALLOUT__V1__REQUEST__BODY_COMMAND;
    said->request.command = &said->command;
    return said->command.key != NULL && said->command.note != NULL && said->request.traceparent != NULL
               ? said
               : NULL;
}

void intake_answer(struct intake_call **call_p, const Callout__V1__Request *request)
{
    uint32_t wait_ms;
    if (intake_misuse_is_paused((*call_p)->client, &wait_ms)) {
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_BUSY, wait_ms, "", "too many wrong codes: answers of this client wait");
        return;
    }
    struct intake_ask *ask = intake_ask_is_too_many((*call_p)->client) ? NULL : intake_ask_new(call_p);
    if (ask == NULL) {
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_BUSY, BUSY_RETRY_MS, "", "this client asks too many questions at a time");
        return;
    }
    struct said *said = copy(ask->arena, request);
    if (said == NULL) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this request now");
        return;
    }
    if (!co_answer_read(request->answer->code, &said->case_id, said->mark)) {
        fail_wrong(ask, CALLOUT__V1__CODE__CODE_NOT_FOUND, NO_CODE);
        return;
    }
    co_number_format(said->case_id, said->number);
    ask->said = said;
    ask->case_id = said->case_id;
    ask->hide = hide;
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_answers]);
    co_batch_int2(ask->batch, co_number_lane(said->case_id));
    co_batch_int8(ask->batch, said->case_id);
    intake_ask_run(ask, on_answers);
}
