#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "co_assert.h"
#include "co_worker.h"
#include "journal_peer.h"
#include "journal_peer_sql.h"

enum { POISON_CASE = 666, DEADLY_CASE = 667, GREEDY_CASE = 668 }; /* cannot be processed; kills who tries; needs too much memory */

struct reader {
    const struct peer_options *options;
    struct co_node *node;
    struct co_worker *worker;
    uv_signal_t term;
};

static enum co_err load(void *service, struct co_turn *t)
{
    t->scratch = service;
    return CO_OK;
}

static bool emit_answer(struct co_turn *t, const struct co_entry *e)
{
    Callout__V1__CommandApplied applied = CALLOUT__V1__COMMAND_APPLIED__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    applied.command_id = (uint64_t)e->seq;
    event.body_case = CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED;
    event.command_applied = &applied;
    return co_turn_emit(t, e->case_id, &event);
}

static enum co_err try_case(const struct reader *r, int64_t case_id)
{
    if (case_id != POISON_CASE && case_id != DEADLY_CASE && case_id != GREEDY_CASE)
        return CO_OK;
    if (r->options->healed[0] != '\0' && access(r->options->healed, F_OK) == 0)
        return CO_OK;
    if (case_id == DEADLY_CASE)
        (void)raise(SIGKILL);
    return case_id == GREEDY_CASE ? CO_ENOMEM : CO_EINPUT;
}

static enum co_err fire(const struct reader *r, struct co_turn *t)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; err == CO_OK && i < t->due_count; i++)
        err = try_case(r, t->due[i]);
    if (err != CO_OK || t->due_count == 0)
        return err;
    (void)co_batch_add(t->writes, &journal_peer_sql[journal_peer_sql_fire_timers]);
    co_batch_int2(t->writes, t->lane);
    co_batch_int8s(t->writes, t->due, t->due_count);
    co_batch_us(t->writes, t->now_us);
    return CO_OK;
}

static enum co_err decide(void *service, struct co_turn *t)
{
    const struct reader *r = service;
    enum co_err err = fire(r, t);
    if (err != CO_OK || t->entry_count == 0)
        return err;
    int64_t *seqs = co_arena_alloc(t->arena, (t->entry_count + 1) * sizeof(*seqs));
    int64_t *cases = co_arena_alloc(t->arena, (t->entry_count + 1) * sizeof(*cases));
    if (seqs == NULL || cases == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < t->entry_count; i++) {
        const struct co_entry *e = &t->entries[i];
        if ((err = try_case(r, e->case_id)) != CO_OK)
            return err;
        seqs[i] = e->seq;
        cases[i] = e->case_id;
        if (e->seq % 16 == 0 && e->kind == CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED && !emit_answer(t, e))
            return CO_ENOMEM;
    }
    (void)co_batch_add(t->writes, &journal_peer_sql[journal_peer_sql_note_effects]);
    co_batch_int2(t->writes, t->lane);
    co_batch_int8s(t->writes, seqs, t->entry_count);
    co_batch_int8s(t->writes, cases, t->entry_count);
    co_batch_text(t->writes, r->options->instance);
    return CO_OK;
}

/* A service may count on what it loaded. */
static void committed(void *service, struct co_turn *t)
{
    co_assert(t->scratch == service);
}

static const struct co_worker_ops ops = {
    .kinds = UINT64_C(1) << CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED |
             UINT64_C(1) << CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED |
             UINT64_C(1) << CALLOUT__V1__EVENT__BODY_CASE_CLOSED,
    .ends = UINT64_C(1) << CALLOUT__V1__EVENT__BODY_CASE_CLOSED,
    .due = &journal_peer_sql[journal_peer_sql_due_none],
    .load = load,
    .decide = decide,
    .committed = committed,
};

static void on_ready(void *arg)
{
    struct reader *r = arg;
    co_worker_on_ready(r->worker);
}

static void on_reset(void *arg)
{
    struct reader *r = arg;
    co_worker_on_reset(r->worker);
}

static void on_beat(void *arg)
{
    struct reader *r = arg;
    co_worker_on_beat(r->worker);
}

static void on_entries(void *arg, int lane, const struct co_entry_raw *entries, size_t n)
{
    struct reader *r = arg;
    co_worker_on_entries(r->worker, lane, entries, n);
}

static void on_stopped(void *arg)
{
    struct reader *r = arg;
    co_worker_free(&r->worker);
    co_node_close(&r->node, NULL, NULL);
}

static void on_term(uv_signal_t *term, int number)
{
    (void)number;
    struct reader *r = term->data;
    uv_close((uv_handle_t *)term, NULL);
    co_worker_stop(r->worker, on_stopped, r);
}

int peer_read(const struct peer_options *options)
{
    struct reader r = { .options = options };
    struct co_node_options node = { .loop = options->loop, .log = options->log, .zmq = options->zmq,
                                    .fault = options->fault, .service = "reader", .instance = options->instance,
                                    .database_url = options->url, .endpoint = options->endpoint, .is_leased = true,
                                    .on_ready = on_ready, .on_reset = on_reset, .on_beat = on_beat,
                                    .on_entries = on_entries, .arg = &r };
    (void)uv_signal_init(options->loop, &r.term);
    r.term.data = &r;
    (void)uv_signal_start(&r.term, on_term, SIGTERM);
    r.node = co_node_open(&node);
    if (r.node == NULL)
        return 1;
    struct co_worker_ops used = ops;
    if (options->has_timers)
        used.due = &journal_peer_sql[journal_peer_sql_due_timers];
    struct co_worker_options worker = { .node = r.node, .ops = &used, .service = &r };
    r.worker = co_worker_new(&worker);
    (void)uv_run(options->loop, UV_RUN_DEFAULT);
    return 0;
}
