#include "taker.h"

#include <stdlib.h>
#include <string.h>

#include "co_clock.h"
#include "co_follow.h"
#include "metrics.h"
#include "taker_group.h"
#include "waiters.h"

enum { SLOTS = 2, GROUP_BYTES = 4 << 20, BATCH_BYTES = 64 << 20, ARENA_BYTES = 64 << 20, TICK_MS = 100, STUCK_US = 10000000,
       CONFLICT_PAUSE_US = 20000, FAILURE_PAUSE_US = 500000, STATEMENT_MS = 5000, LOCK_MS = 2500, OVERDUE_US = 1000000 };

/* A part of a group that failed, to be tried by itself. */
struct redo {
    struct redo *next;
    size_t count;
    struct intake_post *post[];
};

struct lane {
    struct intake_post *first, *last; /* by arrival */
    size_t count;
    struct redo *redo;
    bool in_air;
    int64_t not_before_mono_us;
};

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
    struct lane lane[CO_LANES_MAX];
    size_t count, bytes; /* of all posts here */
    uint64_t order;
    uv_prepare_t prepare; /* forms groups of all that arrived in the turn */
    uv_timer_t timer;
    bool is_closing;
    struct co_log_condition refusing;
};

/* ---- what waits ---- */

static void append(struct lane *l, struct intake_post *p)
{
    p->next = NULL;
    *(l->last == NULL ? &l->first : &l->last->next) = p;
    l->last = p;
    l->count++;
}

static int by_order(const void *a, const void *b)
{
    const struct intake_post *x = *(struct intake_post *const *)a, *y = *(struct intake_post *const *)b;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Puts posts back before those that came later. */
static void put_back(struct lane *l, struct intake_post **posts, size_t n)
{
    struct intake_post *rest = l->first;
    qsort(posts, n, sizeof(posts[0]), by_order);
    *l = (struct lane){ .redo = l->redo, .in_air = l->in_air, .not_before_mono_us = l->not_before_mono_us };
    for (size_t i = 0; i < n; i++)
        append(l, posts[i]);
    for (struct intake_post *next; rest != NULL; rest = next) {
        next = rest->next;
        append(l, rest);
    }
}

static int64_t waits_since(const struct lane *l)
{
    return l->redo != NULL ? l->redo->post[0]->since_mono_us : l->first != NULL ? l->first->since_mono_us : INT64_MAX;
}

/* The lane whose oldest post has waited longest; -1: none may go. */
static int oldest_lane(const struct intake_taker *t, int64_t now_mono_us)
{
    int best = -1;
    int64_t since = INT64_MAX;
    for (int i = 0; i < CO_LANES_MAX; i++) {
        const struct lane *l = &t->lane[i];
        if (l->in_air || l->not_before_mono_us > now_mono_us || waits_since(l) >= since)
            continue;
        best = i;
        since = waits_since(l);
    }
    return best;
}

/* More wait than fit: whoever has waited long goes first, then the worst severity. */
static int by_urgency(const void *a, const void *b)
{
    const struct intake_post *x = *(struct intake_post *const *)a, *y = *(struct intake_post *const *)b;
    if (x->is_overdue != y->is_overdue)
        return x->is_overdue ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* How many of the posts go into one transaction. */
static size_t group_len(const struct intake_taker *t, struct intake_post *const *posts, size_t n)
{
    size_t len = 0, bytes = 0;
    while (len < n && len < (size_t)t->in->config->group_limit && (len == 0 || bytes + posts[len]->size <= GROUP_BYTES))
        bytes += posts[len++]->size;
    return len;
}

/* Takes the next group out of a lane. NULL: out of memory, nothing is taken. */
static struct intake_post **take_out(struct intake_taker *t, struct lane *l, struct co_arena *arena, int64_t now_mono_us,
                                     size_t *ret_count)
{
    size_t n = l->redo != NULL ? l->redo->count : l->count;
    struct intake_post **posts = co_arena_alloc(arena, n * sizeof(posts[0]));
    if (posts == NULL)
        return NULL;
    *ret_count = n;
    if (l->redo != NULL) {
        struct redo *redo = l->redo;
        l->redo = redo->next;
        memcpy(posts, redo->post, n * sizeof(posts[0]));
        free(redo);
        return posts;
    }
    size_t i = 0;
    for (struct intake_post *p = l->first; p != NULL; p = p->next) {
        p->is_overdue = now_mono_us - p->since_mono_us > OVERDUE_US;
        posts[i++] = p;
    }
    l->first = l->last = NULL;
    l->count = 0;
    if (n > (size_t)t->in->config->group_limit)
        qsort(posts, n, sizeof(posts[0]), by_urgency);
    *ret_count = group_len(t, posts, n);
    if (*ret_count < n)
        put_back(l, posts + *ret_count, n - *ret_count);
    return posts;
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
    struct lane *l = &t->lane[lane];
    if (!intake_group_form(&s->group, s->arena, lane, posts, count)) {
        put_back(l, posts, count);
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
    struct intake_post **posts = take_out(t, &t->lane[lane], s->arena, now_mono_us, &count);
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
        put_back(&t->lane[g->lane], posts, n);
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

static bool add_redo(struct lane *l, struct intake_post **posts, size_t n)
{
    struct redo *redo = malloc(sizeof(*redo) + n * sizeof(posts[0]));
    if (redo == NULL)
        return false;
    redo->count = n;
    memcpy(redo->post, posts, n * sizeof(posts[0]));
    redo->next = l->redo;
    l->redo = redo;
    return true;
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
    struct lane *l = &t->lane[g->lane];
    size_t half = g->count / 2;
    intake_metrics_group(t->in->metrics, INTAKE_GROUP_REFUSED, g->count, 0);
    if (g->count == 1) {
        co_log_warn(t->in->log, "request_refused", CO_I("lane", g->lane), CO_S("source", g->all[0]->source),
                    CO_S("key", g->all[0]->key), CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
        forget(t, g->all[0]);
        intake_post_refused(g->all[0]);
    } else if (!add_redo(l, g->all + half, g->count - half)) {
        put_back(l, g->all, g->count);
    } else if (!add_redo(l, g->all, half)) {
        put_back(l, g->all, half);
    }
}

static void put_off(struct slot *s, const struct co_pg_outcome *outcome)
{
    struct intake_taker *t = s->taker;
    struct lane *l = &t->lane[s->group.lane];
    bool is_conflict = outcome->err == CO_ECONFLICT;
    bool is_lost = !co_pg_is_up(s->pg); /* then the next connection sets the pace; a server that is there but cannot does not */
    intake_metrics_group(t->in->metrics, is_conflict ? INTAKE_GROUP_CONFLICT : INTAKE_GROUP_UNKNOWN, s->group.count, 0);
    if (!is_lost)
        l->not_before_mono_us = co_mono_us() + (is_conflict ? CONFLICT_PAUSE_US : FAILURE_PAUSE_US);
    if (!is_lost && !is_conflict)
        co_log_holds(t->in->log, &t->refusing, CO_LOG_ERROR, "group_failed", CO_S("err", co_err_name(outcome->err)),
                     CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
    put_back(l, s->group.all, s->group.count);
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

/* Removes from the lane whoever waits since before `limit_mono_us`. */
static void expire(struct intake_taker *t, struct lane *l, int64_t limit_mono_us)
{
    struct intake_post *p = l->first;
    l->first = l->last = NULL;
    l->count = 0;
    for (struct intake_post *next; p != NULL; p = next) {
        next = p->next;
        if (p->since_mono_us > limit_mono_us) {
            append(l, p);
            continue;
        }
        forget(t, p);
        intake_post_unavailable(p);
    }
}

/* The same of what a group was halved into. */
static void expire_redo(struct intake_taker *t, struct lane *l, int64_t limit_mono_us)
{
    struct redo **at = &l->redo;
    while (*at != NULL) {
        struct redo *redo = *at;
        size_t kept = 0;
        for (size_t i = 0; i < redo->count; i++) {
            struct intake_post *p = redo->post[i];
            if (p->since_mono_us > limit_mono_us) {
                redo->post[kept++] = p;
                continue;
            }
            forget(t, p);
            intake_post_unavailable(p);
        }
        redo->count = kept;
        if (kept > 0) {
            at = &redo->next;
            continue;
        }
        *at = redo->next;
        free(redo);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct intake_taker *t = timer->data;
    int64_t now_mono_us = co_mono_us();
    int64_t limit_mono_us = now_mono_us - t->in->config->patience_ms * 1000;
    for (int i = 0; i < CO_LANES_MAX; i++) {
        struct lane *l = &t->lane[i];
        if (l->first != NULL && l->first->since_mono_us <= limit_mono_us)
            expire(t, l, limit_mono_us);
        expire_redo(t, l, limit_mono_us);
    }
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
    append(&t->lane[post->lane], post);
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
    struct co_pg_options pg = { .loop = in->loop, .log = in->log, .url = co_daemon_database_url(in->daemon),
                                .role = co_daemon_role(in->daemon), .application = "callout intake",
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

static void answer_all(struct intake_taker *t, struct lane *l)
{
    expire_redo(t, l, INT64_MAX);
    expire(t, l, INT64_MAX);
}

void intake_taker_close(struct intake_taker *t)
{
    t->is_closing = true;
    for (size_t i = 0; i < SLOTS; i++)
        co_pg_close(&t->slot[i].pg); /* what is in the air comes back as unknown */
    for (int i = 0; i < CO_LANES_MAX; i++)
        answer_all(t, &t->lane[i]);
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
