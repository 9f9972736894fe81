#include "query.h"

#include <stdlib.h>
#include <string.h>

#include "clients.h"
#include "co_number.h"
#include "metrics.h"
#include "post.h"
#include "scope.h"
#include "verdict.h"
#include "waiters.h"

/* Of those that a client begins it has a quarter of all at most. What the reply to a submit or command needs is not refused, and counted. */
enum { ASKS_MAX = 512, CLIENT_ASKS_MAX = 128, BATCH_BYTES = 1 << 20, ARENA_BYTES = 64 << 20, LIMIT_DEFAULT = 100, BUSY_RETRY_MS = 200,
       STATEMENT_MS = 10000, UNAVAILABLE_RETRY_MS = 1000 };

struct intake_queries {
    struct intake *in;
    struct co_pg *pg;
    size_t count;             /* asks there are */
    struct intake_ask *waiting; /* for a pinned object */
    bool is_closing;
};

/* ---- asks ---- */

static void free_ask(struct intake_ask *ask)
{
    if (ask->in != NULL) {
        ask->in->queries->count--;
        ask->client->asks--;
    }
    if (ask->submitted != NULL)
        callout__v1__submitted__free_unpacked(ask->submitted, NULL);
    if (ask->post != NULL)
        intake_post_drop(ask->post);
    co_results_free(&ask->results);
    co_batch_free(ask->batch);
    co_arena_free(ask->arena);
    free(ask);
}

bool intake_ask_is_too_many(const struct intake_client *client)
{
    return client->asks >= CLIENT_ASKS_MAX;
}

struct intake_ask *intake_ask_new(struct intake_call **call_p)
{
    struct intake *in = (*call_p)->in;
    struct intake_ask *ask = calloc(1, sizeof(*ask));
    if (ask == NULL)
        return NULL;
    ask->batch = co_batch_new(BATCH_BYTES);
    ask->arena = co_arena_new(ARENA_BYTES);
    if (ask->batch == NULL || ask->arena == NULL) {
        free_ask(ask);
        return NULL;
    }
    ask->in = in;
    ask->call = *call_p;
    ask->client = ask->call->client;
    *call_p = NULL;
    in->queries->count++;
    ask->client->asks++;
    return ask;
}

void intake_ask_done(struct intake_ask *ask)
{
    free_ask(ask);
}

void intake_ask_reply(struct intake_ask *ask, Callout__V1__Reply *reply)
{
    intake_call_reply(&ask->call, reply);
    free_ask(ask);
}

/* What is durable is said whatever becomes of the question about it. */
static void answer_durable(struct intake_ask *ask)
{
    Callout__V1__Reply reply = CALLOUT__V1__REPLY__INIT;
    reply.body_case = CALLOUT__V1__REPLY__BODY_SUBMITTED;
    reply.submitted = ask->submitted;
    if (ask->submitted != NULL)
        intake_call_reply(&ask->call, &reply);
    else
        intake_verdict_pending(&ask->call, (int64_t)ask->command_id);
}

void intake_ask_fail(struct intake_ask *ask, Callout__V1__Code code, const char *field, const char *message)
{
    bool is_durable = ask->post == NULL && ask->call->body == CALLOUT__V1__REQUEST__BODY_COMMAND;
    if (ask->submitted != NULL || is_durable) {
        answer_durable(ask);
        free_ask(ask);
        return;
    }
    intake_call_fail(&ask->call, code, code == CALLOUT__V1__CODE__CODE_UNAVAILABLE ? UNAVAILABLE_RETRY_MS : 0, field, message);
    free_ask(ask);
}

void intake_ask_verdict(struct intake_ask *ask, const Callout__V1__Event *event)
{
    if (event == NULL)
        intake_verdict_pending(&ask->call, (int64_t)ask->command_id);
    else
        intake_verdict_reply(&ask->call, event);
    free_ask(ask);
}

static void hide(struct intake_ask *ask)
{
    if (ask->hide != NULL)
        ask->hide(ask);
    else
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_NOT_FOUND, "query.number", "there is no case with this number");
}

static bool is_seen(const struct intake_ask *ask, const struct co_results *results)
{
    const PGresult *res = results->item[results->count - 1];
    return PQntuples(res) > 0 && intake_scope_sees(ask->in, ask->client, res, 0, 0);
}

static void on_done(void *arg, const struct co_pg_outcome *outcome)
{
    struct intake_ask *ask = arg;
    ask->in_air = false;
    if (outcome->err == CO_OK && intake_call_is_revoked(ask->call)) {
        intake_waiters_cancel(ask->in->waiters, ask->waiter);
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_FORBIDDEN, "", "this key was taken away");
        return;
    }
    if (outcome->err == CO_OK && ask->is_guarded && !is_seen(ask, outcome->results)) {
        intake_waiters_cancel(ask->in->waiters, ask->waiter);
        hide(ask);
        return;
    }
    if (outcome->err == CO_OK) {
        ask->answer(ask, outcome->results);
        return;
    }
    if (outcome->err == CO_EINPUT)
        co_log_error(ask->in->log, "query_failed", CO_S("kind", intake_body_name(ask->call->body)),
                     CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
    intake_waiters_cancel(ask->in->waiters, ask->waiter);
    intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_UNAVAILABLE, "", "the database does not answer this now");
}

void intake_ask_run(struct intake_ask *ask, intake_answer_fn *answer)
{
    ask->answer = answer;
    ask->in_air = true;
    ask->is_guarded = ask->case_id != 0 && intake_ask_is_limited(ask);
    if (ask->is_guarded)
        intake_scope_add(ask->batch, ask->case_id);
    co_pg_run(ask->in->queries->pg, ask->batch, CO_PG_PLAIN, on_done, ask);
}

/* ---- the door's handler ---- */

static const struct handler {
    Callout__V1__What what;
    void (*handle)(struct intake_ask *ask);
} handlers[] = {
    { CALLOUT__V1__WHAT__WHAT_CASE, intake_query_case },         { CALLOUT__V1__WHAT__WHAT_CASES, intake_query_cases },
    { CALLOUT__V1__WHAT__WHAT_ENTRIES, intake_query_entries },   { CALLOUT__V1__WHAT__WHAT_COMMAND, intake_query_command },
    { CALLOUT__V1__WHAT__WHAT_REGISTRY, intake_query_registry }, { CALLOUT__V1__WHAT__WHAT_STATUS, intake_query_status },
    { CALLOUT__V1__WHAT__WHAT_OBJECT, intake_query_object },     { CALLOUT__V1__WHAT__WHAT_STATES, intake_query_states },
    { CALLOUT__V1__WHAT__WHAT_ORDER, intake_query_order },       { CALLOUT__V1__WHAT__WHAT_CLAIMS, intake_query_claims },
    { CALLOUT__V1__WHAT__WHAT_CHOICES, intake_query_choices },
    { CALLOUT__V1__WHAT__WHAT_NOTICES, intake_query_notices },   { CALLOUT__V1__WHAT__WHAT_NOTICE, intake_query_notice },
    { CALLOUT__V1__WHAT__WHAT_OPENED, intake_query_opened },     { CALLOUT__V1__WHAT__WHAT_LOTS, intake_query_lots },
    { CALLOUT__V1__WHAT__WHAT_POSTINGS, intake_query_postings },
};

static bool copy_notices(struct intake_ask *ask, const Callout__V1__Query *q)
{
    const Callout__V1__NoticeFilter none = CALLOUT__V1__NOTICE_FILTER__INIT, *f = q->notices != NULL ? q->notices : &none;
    const Callout__V1__NoticeName unnamed = CALLOUT__V1__NOTICE_NAME__INIT, *n = q->notice != NULL ? q->notice : &unnamed;
    int16_t *states = co_arena_alloc(ask->arena, (f->n_states + 1) * sizeof(*states));
    for (size_t i = 0; states != NULL && i < f->n_states; i++)
        states[i] = (int16_t)f->states[i];
    ask->is_dead = f->dead;
    ask->states = states;
    ask->state_count = f->n_states;
    ask->person = co_arena_strdup(ask->arena, f->person);
    ask->channel = co_arena_strdup(ask->arena, f->channel);
    ask->obligation = co_arena_strdup(ask->arena, n->obligation);
    ask->generation = n->generation == 0 ? 1 : n->generation;
    ask->slot = co_arena_strdup(ask->arena, n->slot);
    return states != NULL && ask->person != NULL && ask->channel != NULL && ask->obligation != NULL && ask->slot != NULL;
}

static bool copy_keys(struct intake_ask *ask, const Callout__V1__Query *q)
{
    ask->keys = co_arena_alloc(ask->arena, (q->n_keys + 1) * sizeof(ask->keys[0]));
    for (; ask->keys != NULL && ask->key_count < q->n_keys; ask->key_count++)
        if ((ask->keys[ask->key_count] = co_arena_strdup(ask->arena, q->keys[ask->key_count])) == NULL)
            return false;
    return ask->keys != NULL;
}

/* The question's fields, which live as long as the ask. */
static bool copy_question(struct intake_ask *ask, const Callout__V1__Query *q)
{
    ask->command_id = q->command_id;
    ask->limit = q->limit == 0 ? LIMIT_DEFAULT : q->limit;
    ask->wait_ms = q->wait_ms;
    ask->open_only = q->open_only;
    ask->customer = co_arena_strdup(ask->arena, q->customer);
    ask->kind = co_arena_strdup(ask->arena, q->kind);
    ask->key = co_arena_strdup(ask->arena, q->key);
    ask->since = q->since;
    ask->person = ask->channel = ask->obligation = ask->slot = "";
    ask->after_len = q->after.len;
    ask->after = q->after.len == 0 ? (const uint8_t *)"" : co_arena_memdup(ask->arena, q->after.data, q->after.len);
    if (q->number[0] != '\0' && co_number_parse(q->number, &ask->case_id) != CO_OK)
        return false; /* a field that this question does not use */
    if (!copy_keys(ask, q))
        return false;
    if ((q->notices != NULL || q->notice != NULL) && !copy_notices(ask, q))
        return false;
    return ask->customer != NULL && ask->kind != NULL && ask->key != NULL && ask->after != NULL;
}

void intake_queries_ask(struct intake_call **call_p, const Callout__V1__Request *request)
{
    const Callout__V1__Query *q = request->query;
    struct intake_queries *queries = (*call_p)->in->queries;
    bool is_own = intake_ask_is_too_many((*call_p)->client);
    struct intake_ask *ask = is_own || queries->count >= ASKS_MAX ? NULL : intake_ask_new(call_p);
    if (ask == NULL) {
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_BUSY, BUSY_RETRY_MS, "",
                         is_own ? "this client asks too many questions at a time" : "too many questions at a time");
        return;
    }
    if (!copy_question(ask, q)) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_INVALID, "query.number", "query.number is not the number of a case");
        return;
    }
    for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
        if (handlers[i].what == q->what)
            handlers[i].handle(ask);
}

void intake_query_reply(struct intake_ask *ask, Callout__V1__QueryResult *result)
{
    Callout__V1__Reply reply = CALLOUT__V1__REPLY__INIT;
    if (intake_unread_is_full(ask->call->client->unread)) { /* it filled up since it asked */
        intake_call_fail(&ask->call, CALLOUT__V1__CODE__CODE_BUSY, BUSY_RETRY_MS, "", "this client does not read its answers");
        free_ask(ask);
        return;
    }
    reply.body_case = CALLOUT__V1__REPLY__BODY_RESULT;
    reply.result = result;
    intake_ask_reply(ask, &reply);
}

void intake_queries_wait(struct intake_ask *ask)
{
    ask->next = ask->in->queries->waiting;
    ask->in->queries->waiting = ask;
}

void intake_queries_retry(struct intake_queries *q)
{
    struct intake_ask *ask = q->waiting;
    q->waiting = NULL;
    for (struct intake_ask *next; ask != NULL; ask = next) {
        next = ask->next;
        intake_query_case_finish(ask);
    }
}

/* ---- life ---- */

struct intake_queries *intake_queries_new(struct intake *in)
{
    struct intake_queries *q = calloc(1, sizeof(*q));
    if (q == NULL)
        return NULL;
    struct co_pg_options pg = { .loop = in->loop, .watch = co_daemon_pg_watch(in->daemon), .log = in->log, .url = co_daemon_database_url(in->daemon),
                                .history = co_node_history(in->node), .role = co_daemon_role(in->daemon), .application = "callout intake questions",
                                .statement_timeout_ms = STATEMENT_MS };
    q->in = in;
    q->pg = co_pg_open(&pg);
    if (q->pg == NULL) {
        free(q);
        return NULL;
    }
    return q;
}

struct co_pg *intake_queries_pg(struct intake_queries *q)
{
    return q->pg;
}

void intake_queries_close(struct intake_queries *q)
{
    q->is_closing = true;
    intake_queries_retry(q); /* stopping: whoever waits for a pinned object is answered without it */
    co_pg_close(&q->pg);
}

void intake_queries_free(struct intake_queries *q)
{
    free(q);
}
