#include "taker.h"

#include <stdlib.h>
#include <string.h>

#include "co_clock.h"
#include "co_follow.h"
#include "metrics.h"
#include "taker_group.h"
#include "taker_lane.h"
#include "waiters.h"

enum { SLOTS = 2, BATCH_BYTES = 64 << 20, ARENA_BYTES = 64 << 20, TICK_MS = 100, STUCK_US = 10000000,
       CONFLICT_PAUSE_US = 20000, FAILURE_PAUSE_US = 500000, STATEMENT_MS = 5000, LOCK_MS = 2500 };

struct slot {
    struct intake_taker *taker;
    struct co_pg *pg;
    struct co_batch *batch;
    struct co_arena *arena;
    struct intake_group group;
    bool is_busy;
    int64_t sent_mono_us;
};

struct intake_taker {
    struct intake *in;
    struct slot slot[SLOTS];
    struct intake_lane lane[CO_LANES_MAX];
    size_t count, bytes; /* of all posts here */
    uint64_t order;
    uv_prepare_t prepare; /* forms groups of all that arrived in the turn */
    uv_timer_t timer;
    bool is_closing;
    struct co_log_condition refusing;
};

/* ---- what waits ---- */

/* The lane whose oldest post has waited longest; -1: none may go. */
static int oldest_lane(const struct intake_taker *t, int64_t now_mono_us)
{
    int best = -1;
    int64_t since = INT64_MAX;
    for (int i = 0; i < CO_LANES_MAX; i++) {
        const struct intake_lane *l = &t->lane[i];
        if (l->in_air || l->not_before_mono_us > now_mono_us || intake_lane_waits_since(l) >= since)
            continue;
        best = i;
        since = intake_lane_waits_since(l);
    }
    return best;
}

static void forget(struct intake_taker *t, const struct intake_post *p)
{
    t->count--;
    t->bytes -= p->size;
}

/* ---- a group's way ---- */

static void start(struct intake_taker *t);
static void on_taken(void *arg, const struct co_pg_outcome *outcome);

static void release(struct slot *s)
{
    s->is_busy = false;
    s->taker->lane[s->group.lane].in_air = false;
}

static void send_group(struct slot *s, int lane, struct intake_post **posts, size_t count)
{
    struct intake_taker *t = s->taker;
    struct intake_lane *l = &t->lane[lane];
    if (!intake_group_form(&s->group, s->arena, lane, posts, count)) {
        intake_lane_put_back(l, posts, count);
        l->not_before_mono_us = co_mono_us() + FAILURE_PAUSE_US;
        return;
    }
    s->is_busy = l->in_air = true;
    s->sent_mono_us = co_mono_us();
    intake_group_write(&s->group, s->arena, s->batch);
    co_fault_point(t->in->fault, "before_commit");
    co_pg_run(s->pg, s->batch, CO_PG_BEGIN | CO_PG_COMMIT, on_taken, s);
}

static void start_slot(struct slot *s, int64_t now_mono_us)
{
    struct intake_taker *t = s->taker;
    if (s->is_busy || !co_pg_is_idle(s->pg))
        return;
    int lane = oldest_lane(t, now_mono_us);
    if (lane < 0)
        return;
    size_t count = 0;
    co_batch_clear(s->batch);
    co_arena_reset(s->arena);
    struct intake_post **posts = intake_lane_take_out(&t->lane[lane], s->arena, now_mono_us, (size_t)t->in->config->group_limit, &count);
    if (posts != NULL)
        send_group(s, lane, posts, count);
}

static void start(struct intake_taker *t)
{
    int64_t now_mono_us = co_mono_us();
    for (size_t i = 0; i < SLOTS && !t->is_closing; i++)
        start_slot(&t->slot[i], now_mono_us);
}

/* The losers and those with their keys, into one array. */
static size_t flatten_losers(const struct intake_group *g, struct intake_post **ret_posts)
{
    size_t n = 0;
    for (size_t i = 0; i < g->loser_count; i++)
        for (struct intake_post *p = g->losers[i]; p != NULL; p = p->twins)
            ret_posts[n++] = p;
    return n;
}

static void on_losers_read(void *arg, const struct co_pg_outcome *outcome)
{
    struct slot *s = arg;
    struct intake_taker *t = s->taker;
    struct intake_group *g = &s->group;
    struct intake_post **posts = co_arena_alloc(s->arena, g->count * sizeof(posts[0]));
    release(s);
    if (posts == NULL)
        abort(); /* a few kilobytes of an arena that holds megabytes less than it may */
    size_t n = flatten_losers(g, posts);
    if (outcome->err != CO_OK) {
        intake_lane_put_back(&t->lane[g->lane], posts, n);
        t->lane[g->lane].not_before_mono_us = co_mono_us() + CONFLICT_PAUSE_US;
    } else {
        for (size_t i = 0; i < n; i++)
            forget(t, posts[i]);
        intake_group_answer_losers(g, outcome->results->item[0]);
    }
    start(t);
}

/* Entries go to the others and to ourselves before the answers, which free what they borrow. */
static void on_committed(struct slot *s, const PGresult *res)
{
    struct intake_taker *t = s->taker;
    struct intake *in = t->in;
    struct intake_group *g = &s->group;
    struct co_entry_raw *entries = NULL;
    size_t n = 0;
    co_fault_point(in->fault, "after_commit");
    if (!intake_group_read(g, s->arena, res, &entries, &n))
        abort(); /* as above */
    intake_metrics_group(in->metrics, INTAKE_GROUP_COMMITTED, n, co_mono_us() - s->sent_mono_us);
    for (size_t i = 0; i < g->leader_count; i++)
        for (const struct intake_post *p = g->leaders[i]; g->leaders[i]->has_won && p != NULL; p = p->twins)
            forget(t, p);
    if (n > 0) {
        co_node_publish(in->node, g->lane, entries, n);
        intake_waiters_offer(in->waiters, g->lane, entries, n);
    }
    intake_group_answer_winners(g);
    if (g->loser_count == 0) {
        release(s);
        return;
    }
    co_batch_clear(s->batch);
    intake_group_write_losers(g, s->arena, s->batch);
    co_pg_run(s->pg, s->batch, CO_PG_PLAIN, on_losers_read, s);
}

/* Is it something in the group that the server does not take (data, constraint, size), or is it us? */
static bool is_of_input(const char *sqlstate)
{
    static const char *const classes[] = { "22", "23", "54" };
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (strncmp(sqlstate, classes[i], 2) == 0)
            return true;
    return false;
}

static void halve(struct slot *s, const struct co_pg_outcome *outcome)
{
    struct intake_taker *t = s->taker;
    struct intake_group *g = &s->group;
    struct intake_lane *l = &t->lane[g->lane];
    size_t half = g->count / 2;
    intake_metrics_group(t->in->metrics, INTAKE_GROUP_REFUSED, g->count, 0);
    if (g->count == 1) {
        co_log_warn(t->in->log, "request_refused", CO_I("lane", g->lane), CO_S("source", g->all[0]->source),
                    CO_S("key", g->all[0]->key), CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
        forget(t, g->all[0]);
        intake_post_refused(g->all[0]);
    } else if (!intake_lane_add_redo(l, g->all + half, g->count - half)) {
        intake_lane_put_back(l, g->all, g->count);
    } else if (!intake_lane_add_redo(l, g->all, half)) {
        intake_lane_put_back(l, g->all, half);
    }
}

static void put_off(struct slot *s, const struct co_pg_outcome *outcome)
{
    struct intake_taker *t = s->taker;
    struct intake_lane *l = &t->lane[s->group.lane];
    bool is_conflict = outcome->err == CO_ECONFLICT;
    bool is_lost = !co_pg_is_up(s->pg); /* then the next connection sets the pace; a server that is there but cannot does not */
    intake_metrics_group(t->in->metrics, is_conflict ? INTAKE_GROUP_CONFLICT : INTAKE_GROUP_UNKNOWN, s->group.count, 0);
    if (!is_lost)
        l->not_before_mono_us = co_mono_us() + (is_conflict ? CONFLICT_PAUSE_US : FAILURE_PAUSE_US);
    if (!is_lost && !is_conflict)
        co_log_holds(t->in->log, &t->refusing, CO_LOG_ERROR, "group_failed", CO_S("err", co_err_name(outcome->err)),
                     CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
    intake_lane_put_back(l, s->group.all, s->group.count);
}

static void on_taken(void *arg, const struct co_pg_outcome *outcome)
{
    struct slot *s = arg;
    struct intake_taker *t = s->taker;
    if (outcome->err == CO_OK) {
        co_log_ended(t->in->log, &t->refusing, "group_failed");
        on_committed(s, outcome->results->item[0]);
    } else {
        release(s);
        if (outcome->err == CO_EINPUT && is_of_input(outcome->sqlstate))
            halve(s, outcome);
        else
            put_off(s, outcome);
    }
    start(t);
}

/* ---- time ---- */

static void tell_one(void *arg, struct intake_post *p)
{
    forget(arg, p);
    intake_post_unavailable(p);
}

static void tell_expired(struct intake_taker *t, int64_t limit_mono_us)
{
    for (int i = 0; i < CO_LANES_MAX; i++)
        intake_lane_expire(&t->lane[i], limit_mono_us, tell_one, t);
}

static void on_timer(uv_timer_t *timer)
{
    struct intake_taker *t = timer->data;
    int64_t now_mono_us = co_mono_us();
    int64_t limit_mono_us = now_mono_us - t->in->config->patience_ms * 1000;
    tell_expired(t, limit_mono_us);
    for (size_t i = 0; i < SLOTS; i++)
        if (t->slot[i].is_busy && now_mono_us - t->slot[i].sent_mono_us > STUCK_US)
            co_pg_reset(t->slot[i].pg);
    start(t);
}

static void before_poll(uv_prepare_t *prepare)
{
    struct intake_taker *t = prepare->data;
    (void)uv_prepare_stop(prepare);
    start(t);
}

static void on_up(void *arg)
{
    start(((struct slot *)arg)->taker);
}

void intake_taker_put(struct intake_taker *t, struct intake_post *post)
{
    post->order = ++t->order;
    t->count++;
    t->bytes += post->size;
    intake_lane_append(&t->lane[post->lane], post);
    if (!uv_is_active((uv_handle_t *)&t->prepare))
        (void)uv_prepare_start(&t->prepare, before_poll);
}

size_t intake_taker_count(const struct intake_taker *t)
{
    return t->count;
}

size_t intake_taker_bytes(const struct intake_taker *t)
{
    return t->bytes;
}

/* ---- life ---- */

static bool open_slot(struct intake_taker *t, struct slot *s)
{
    struct intake *in = t->in;
    struct co_pg_options pg = { .loop = in->loop, .watch = co_daemon_pg_watch(in->daemon), .log = in->log, .url = co_daemon_database_url(in->daemon),
                                .history = co_node_history(in->node), .role = co_daemon_role(in->daemon), .application = "callout intake",
                                .statement_timeout_ms = STATEMENT_MS, .lock_timeout_ms = LOCK_MS, .plans_once = true, .on_up = on_up,
                                .arg = s };
    *s = (struct slot){ .taker = t, .batch = co_batch_new(BATCH_BYTES), .arena = co_arena_new(ARENA_BYTES) };
    if (s->batch == NULL || s->arena == NULL)
        return false;
    s->pg = co_pg_open(&pg);
    return s->pg != NULL;
}

struct intake_taker *intake_taker_new(struct intake *in)
{
    struct intake_taker *t = calloc(1, sizeof(*t));
    if (t == NULL)
        return NULL;
    t->in = in;
    (void)uv_prepare_init(in->loop, &t->prepare);
    (void)uv_timer_init(in->loop, &t->timer);
    t->prepare.data = t->timer.data = t;
    (void)uv_timer_start(&t->timer, on_timer, TICK_MS, TICK_MS);
    bool is_whole = true;
    for (size_t i = 0; i < SLOTS; i++)
        is_whole = open_slot(t, &t->slot[i]) && is_whole;
    return is_whole ? t : NULL; /* the daemon ends then */
}

void intake_taker_close(struct intake_taker *t)
{
    t->is_closing = true;
    for (size_t i = 0; i < SLOTS; i++)
        co_pg_close(&t->slot[i].pg); /* what is in the air comes back as unknown */
    tell_expired(t, INT64_MAX);
    uv_close((uv_handle_t *)&t->prepare, NULL);
    uv_close((uv_handle_t *)&t->timer, NULL);
}

void intake_taker_free(struct intake_taker *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < SLOTS; i++) {
        co_batch_free(t->slot[i].batch);
        co_arena_free(t->slot[i].arena);
    }
    free(t);
}
