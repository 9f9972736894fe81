#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "co_clock.h"
#include "co_rand.h"
#include "journal_peer.h"
#include "journal_peer_sql.h"

enum { SLOTS = 2, CASES = 400, GROUP_MAX = 1000 };

struct writer;

struct slot {
    struct writer *writer;
    struct co_pg *pg;
    struct co_batch *batch;
    struct co_arena *arena;
    struct co_outbox box;
    int lane;
    int64_t first, count; /* keys of the group in the air */
    size_t append_index;
    bool is_busy;
};

struct writer {
    const struct peer_options *options;
    struct co_node *node;
    struct slot slot[SLOTS];
    uv_timer_t timer;
    struct co_rand rand;
    int64_t next, acked, unknown;
    int64_t started_mono_us;
    int ledger;
};

/* One write(2) per group: a kill leaves whole lines. */
static void note(struct writer *w, const char *word, int64_t first, int64_t count)
{
    char line[128];
    int len = snprintf(line, sizeof(line), "%s %s %" PRId64 " %" PRId64 "\n", word, w->options->instance, first, count);
    if (w->ledger >= 0 && write(w->ledger, line, (size_t)len) != len)
        abort();
}

static void finish(struct writer *w)
{
    double seconds = (double)(co_mono_us() - w->started_mono_us) / 1e6;
    (void)printf("wrote %" PRId64 " acked %" PRId64 " unknown %" PRId64 " seconds %.3f rate %.0f\n", w->next, w->acked,
                 w->unknown, seconds, (double)w->acked / seconds);
    uv_close((uv_handle_t *)&w->timer, NULL);
    for (size_t i = 0; i < SLOTS; i++)
        co_pg_close(&w->slot[i].pg);
    co_node_close(&w->node, NULL, NULL);
}

static void fill_all(struct writer *w);

static void on_done(void *arg, const struct co_pg_outcome *outcome)
{
    struct slot *s = arg;
    struct writer *w = s->writer;
    s->is_busy = false;
    if (outcome->err == CO_OK) {
        co_fault_point(w->options->fault, "after_commit");
        note(w, "ack", s->first, s->count);
        w->acked += s->count;
        co_outbox_number(&s->box, outcome->results->item[s->append_index]);
        if (!w->options->is_bare)
            co_node_publish(w->node, s->lane, s->box.item, s->box.count);
    } else {
        w->unknown += s->count;
        co_log_warn(w->options->log, "group_unknown", CO_S("err", co_err_name(outcome->err)),
                    CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
    }
    if (outcome->err == CO_OK)
        fill_all(w);
}

/* The same entries into a table without any promise about order. */
static size_t append_bare(struct slot *s)
{
    int64_t cases[GROUP_MAX];
    int16_t kinds[GROUP_MAX];
    struct co_bytes bodies[GROUP_MAX];
    for (size_t i = 0; i < s->box.count; i++) {
        cases[i] = s->box.item[i].case_id;
        kinds[i] = (int16_t)s->box.item[i].kind;
        bodies[i] = s->box.item[i].body;
    }
    size_t index = co_batch_add(s->batch, &journal_peer_sql[journal_peer_sql_append_bare]);
    co_batch_int2(s->batch, s->lane);
    co_batch_int8s(s->batch, cases, s->box.count);
    co_batch_int2s(s->batch, kinds, s->box.count);
    co_batch_byteas(s->batch, bodies, s->box.count);
    co_batch_int8(s->batch, (int64_t)getpid() * 100000000 + s->first);
    return index;
}

static void fill(struct slot *s)
{
    struct writer *w = s->writer;
    co_batch_clear(s->batch);
    co_arena_reset(s->arena);
    co_outbox_init(&s->box, s->arena);
    s->lane = (int)co_rand_below(&w->rand, (uint64_t)co_node_lanes(w->node));
    s->first = w->next;
    s->count = w->options->is_fixed ? w->options->group : 1 + (int64_t)co_rand_below(&w->rand, (uint64_t)w->options->group);
    if (s->count > w->options->count - w->next)
        s->count = w->options->count - w->next;
    w->next += s->count;
    for (int64_t i = 0; i < s->count; i++) {
        char key[96];
        Callout__V1__CommandReceived command = CALLOUT__V1__COMMAND_RECEIVED__INIT;
        Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
        (void)snprintf(key, sizeof(key), "%s/%" PRId64, w->options->instance, s->first + i);
        command.key = key;
        event.body_case = CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED;
        event.command_received = &command;
        if (!co_outbox_add(&s->box, 1000 + (int64_t)co_rand_below(&w->rand, CASES), &event))
            abort();
    }
    note(w, "try", s->first, s->count);
    s->append_index = w->options->is_bare ? append_bare(s) : co_outbox_append(&s->box, s->batch, s->lane, INT64_MAX);
    s->is_busy = true;
    co_fault_point(w->options->fault, "before_commit");
    co_pg_run(s->pg, s->batch, CO_PG_BEGIN | CO_PG_COMMIT, on_done, s);
}

static void fill_all(struct writer *w)
{
    bool busy = false;
    for (size_t i = 0; i < SLOTS; i++) {
        struct slot *s = &w->slot[i];
        if (!s->is_busy && w->next < w->options->count && co_pg_is_idle(s->pg))
            fill(s);
        busy |= s->is_busy;
    }
    if (!busy && w->next >= w->options->count && w->node != NULL)
        finish(w);
}

static void on_timer(uv_timer_t *timer)
{
    struct writer *w = timer->data;
    if (w->node != NULL && co_node_is_ready(w->node))
        fill_all(w);
}

static void on_ready(void *arg)
{
    struct writer *w = arg;
    w->started_mono_us = co_mono_us();
    (void)uv_timer_start(&w->timer, on_timer, 0, 100);
}

static void on_reset(void *arg)
{
    (void)arg;
}

static void on_entries(void *arg, int lane, const struct co_entry_raw *entries, size_t n)
{
    (void)arg;
    (void)lane;
    (void)entries;
    (void)n;
}

int peer_write(const struct peer_options *options)
{
    struct writer w = { .options = options, .ledger = -1 };
    struct co_node_options node = { .loop = options->loop, .log = options->log, .zmq = options->zmq,
                                    .fault = options->fault, .service = "writer", .instance = options->instance,
                                    .database_url = options->url, .endpoint = options->endpoint,
                                    .on_ready = on_ready, .on_reset = on_reset, .on_entries = on_entries, .arg = &w };
    if (options->ledger[0] != '\0')
        w.ledger = open(options->ledger, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    co_rand_init(&w.rand, (uint64_t)getpid());
    (void)uv_timer_init(options->loop, &w.timer);
    w.timer.data = &w;
    for (size_t i = 0; i < SLOTS; i++) {
        struct co_pg_options pg = { .loop = options->loop, .log = options->log, .url = options->url,
                                    .application = options->instance };
        w.slot[i] = (struct slot){ .writer = &w, .pg = co_pg_open(&pg), .batch = co_batch_new(64 << 20),
                                   .arena = co_arena_new(64 << 20) };
    }
    w.node = co_node_open(&node);
    if (w.node == NULL)
        return 1;
    (void)uv_run(options->loop, UV_RUN_DEFAULT);
    for (size_t i = 0; i < SLOTS; i++) {
        co_batch_free(w.slot[i].batch);
        co_arena_free(w.slot[i].arena);
    }
    return w.acked == options->count ? 0 : 3;
}
