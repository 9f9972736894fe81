#include "co_worker.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_mesh.h"
#include "co_registry_feed.h"
#include "co_worker_internal.h"

enum { IDLE_MS = 1000 }; /* cursors are saved, and due times read, at least so often */

static struct co_log *log_of(const struct co_worker *w)
{
    return co_node_options(w->options.node)->log;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Monotonic time since when the lane has work; INT64_MAX: none. */
static int64_t work_since(struct co_worker *w, int lane, int64_t now_mono_us, int64_t now_us)
{
    struct lane *l = &w->lane[lane];
    int64_t since = co_follow_since_mono_us(w->follow, lane);
    struct co_due due;
    if (l->first_local != NULL && l->local_since_mono_us < since)
        since = l->local_since_mono_us;
    if (co_heap_peek(l->due, &due) && due.due_us <= now_us) {
        double rate = co_node_clock(w->options.node)->rate;
        int64_t late_us = rate > 0 ? (int64_t)((double)(now_us - due.due_us) / rate) : 0;
        since = earlier(since, later(now_mono_us - late_us, l->served_mono_us));
    }
    if (l->replay_case != 0)
        since = earlier(since, l->served_mono_us);
    return since;
}

static bool is_startable(const struct co_worker *w, int lane, int64_t now_mono_us)
{
    const struct lane *l = &w->lane[lane];
    return l->state == LANE_OWNED && !l->in_air && !l->wants_release && l->knows_parked &&
           l->pause_until_mono_us <= now_mono_us && lane_may_act(w, lane) &&
           (w->options.feed == NULL || co_registry_feed_has_passed(w->options.feed, l->registry_mark));
}

/* The lane whose oldest work has waited longest; -1: nothing to do. */
static int choose_lane(struct co_worker *w, int64_t now_mono_us, int64_t now_us)
{
    int best = -1;
    int64_t best_since = INT64_MAX;
    for (int lane = 0; lane < w->lanes; lane++) {
        if (!is_startable(w, lane, now_mono_us))
            continue;
        int64_t since = work_since(w, lane, now_mono_us, now_us);
        if (since < best_since) {
            best_since = since;
            best = lane;
        }
    }
    return best;
}

static bool needs_saving(const struct co_worker *w, int lane, int64_t now_mono_us)
{
    const struct lane *l = &w->lane[lane];
    bool is_stepped = co_node_clock(w->options.node)->rate <= 0; /* who steps the clock waits for what is read */
    return l->position > l->saved && ((is_stepped && l->has_read) || now_mono_us - l->moved_mono_us >= WORKER_SAVE_US);
}

static int choose_saving(struct co_worker *w, int64_t now_mono_us)
{
    for (int lane = 0; lane < w->lanes; lane++)
        if (is_startable(w, lane, now_mono_us) && needs_saving(w, lane, now_mono_us))
            return lane;
    return -1;
}

static struct turn_run *free_run(struct co_worker *w)
{
    for (size_t i = 0; i < WORKER_SLOTS; i++)
        if (!w->run[i].is_busy && co_pg_is_idle(w->run[i].pg))
            return &w->run[i];
    return NULL;
}

static bool is_anything_busy(const struct co_worker *w)
{
    for (size_t i = 0; i < WORKER_SLOTS; i++)
        if (w->run[i].is_busy)
            return true;
    return false;
}

static bool is_anything_counted(const struct co_worker *w)
{
    for (size_t i = 0; i < WORKER_SLOTS; i++)
        if (w->run[i].is_busy && w->run[i].is_counted)
            return true;
    return false;
}

/* What has failed before, or stood at the head when an owner died, is tried while nothing else is: a process that dies of it
 * must not take with it the good name of what was in the air beside it. */
static bool must_be_alone(const struct lane *l)
{
    return l->count_tries || l->probation > 0 || l->replay_case != 0;
}

/* When something happens that no message announces: a due time, the end of a pause, a cursor to save. */
static int64_t sleep_ms(struct co_worker *w, int64_t now_mono_us)
{
    int64_t sleep = IDLE_MS;
    struct co_clock *clock = co_node_clock(w->options.node);
    for (int lane = 0; lane < w->lanes; lane++) {
        struct lane *l = &w->lane[lane];
        if (l->state != LANE_OWNED || l->in_air || l->wants_release || !l->knows_parked || !lane_may_act(w, lane))
            continue;
        struct co_due due;
        int64_t ms = co_heap_peek(l->due, &due) ? co_clock_sleep_ms(clock, now_mono_us, due.due_us) : -1;
        int64_t pause_ms = (l->pause_until_mono_us - now_mono_us) / 1000 + 1;
        if (pause_ms > 0 && (ms < 0 || ms < pause_ms) && l->pause_until_mono_us > now_mono_us)
            ms = pause_ms;
        if (ms >= 0 && ms < sleep)
            sleep = ms;
    }
    return sleep;
}

static void on_timer(uv_timer_t *timer)
{
    co_worker_kick(timer->data);
}

static void maybe_done(struct co_worker *w)
{
    if (!w->is_stopping || w->done == NULL || w->lease_in_air || w->due_in_air)
        return;
    for (int lane = 0; lane < w->lanes; lane++)
        if (w->lane[lane].in_air || w->lane[lane].state == LANE_RELEASING)
            return;
    void (*done)(void *arg) = w->done;
    w->done = NULL;
    done(w->done_arg);
}

/* Starts what can be started. True: the rest waits for the end of a turn in the air, or for a connection. */
static bool start_turns(struct co_worker *w, int64_t now_mono_us, int64_t now_us)
{
    struct turn_run *run;
    while (!is_anything_counted(w) && (run = free_run(w)) != NULL) {
        int lane = choose_lane(w, now_mono_us, now_us);
        if (lane >= 0 && must_be_alone(&w->lane[lane]) && is_anything_busy(w))
            return true;
        if (lane >= 0) {
            turn_start(w, run, lane);
            continue;
        }
        lane = choose_saving(w, now_mono_us);
        if (lane < 0)
            return false;
        turn_save_cursor(w, run, lane);
    }
    return true;
}

/* Starts whatever can be started, then sleeps until something more can. */
static void on_busy(uv_idle_t *busy)
{
    struct co_worker *w = busy->data;
    (void)uv_idle_stop(busy);
    if (!co_node_is_ready(w->options.node)) {
        maybe_done(w); /* there is no lane yet */
        return;
    }
    int64_t now_mono_us = co_mono_us();
    bool waits = !w->is_stopping && start_turns(w, now_mono_us, co_node_now_us(w->options.node));
    lane_release_idle(w);
    lane_look_ahead(w);
    maybe_done(w);
    if (!w->is_stopping)
        (void)uv_timer_start(&w->timer, on_timer, waits ? IDLE_MS : (uint64_t)sleep_ms(w, now_mono_us), 0);
}

void co_worker_kick(struct co_worker *w)
{
    (void)uv_idle_start(&w->busy, on_busy);
}

static void on_follow_ready(void *arg, int lane)
{
    (void)lane;
    co_worker_kick(arg);
}

static void on_connection(void *arg)
{
    co_worker_kick(arg);
}

static bool open_run(struct co_worker *w, struct turn_run *run)
{
    const struct co_node_options *node = co_node_options(w->options.node);
    struct co_pg_options pg = { .loop = node->loop, .log = node->log, .url = node->database_url, .role = node->role,
                                .history = co_node_history(w->options.node),
                                .application = node->instance, .watch = node->watch, .plans_once = true, .on_up = on_connection, .arg = w };
    run->worker = w;
    run->turn.arena = co_arena_new(WORKER_ARENA_BYTES);
    run->turn.reads = co_batch_new(WORKER_BATCH_BYTES);
    run->turn.claims = co_batch_new(WORKER_BATCH_BYTES);
    run->turn.writes = co_batch_new(WORKER_BATCH_BYTES);
    run->extra = co_batch_new(4096);
    run->pg = co_pg_open(&pg);
    return run->turn.arena != NULL && run->turn.reads != NULL && run->turn.claims != NULL &&
           run->turn.writes != NULL && run->extra != NULL && run->pg != NULL;
}

struct co_worker *co_worker_new(const struct co_worker_options *options)
{
    struct co_worker *w = calloc(1, sizeof(*w));
    if (w == NULL)
        return NULL;
    const struct co_node_options *node = co_node_options(options->node);
    w->options = *options;
    struct co_follow_options follow = { .loop = node->loop, .pg = co_node_pg(options->node),
                                        .kinds = options->ops->kinds | CO_WORKER_REGISTRY_KIND, .on_ready = on_follow_ready, .arg = w };
    (void)uv_timer_init(node->loop, &w->timer);
    (void)uv_idle_init(node->loop, &w->busy);
    w->timer.data = w->busy.data = w;
    w->lease_batch = co_batch_new(64 * 1024);
    w->due_batch = co_batch_new(64 * 1024);
    w->follow = co_follow_new(&follow);
    bool ok = w->follow != NULL && w->lease_batch != NULL && w->due_batch != NULL;
    for (size_t i = 0; ok && i < WORKER_SLOTS; i++)
        ok = open_run(w, &w->run[i]);
    for (size_t i = 0; ok && i < CO_LANES_MAX; i++)
        ok = (w->lane[i].due = co_heap_new(CO_DUE_HEAP_MAX)) != NULL;
    ok = ok && worker_metrics_open(w);
    co_assert(ok); /* at start, with nothing done yet: out of memory here is fatal */
    return w;
}

static void on_closed(uv_handle_t *handle)
{
    struct co_worker *w = handle->data;
    if (--w->open_handles == 0)
        free(w);
}

void co_worker_free(struct co_worker **w_p)
{
    struct co_worker *w = *w_p;
    *w_p = NULL;
    if (w == NULL)
        return;
    for (int lane = 0; lane < CO_LANES_MAX; lane++) {
        lane_lose(w, lane);
        co_heap_free(w->lane[lane].due);
    }
    for (size_t i = 0; i < WORKER_SLOTS; i++) {
        struct turn_run *run = &w->run[i];
        co_pg_close(&run->pg);
        co_batch_free(run->turn.reads);
        co_batch_free(run->turn.claims);
        co_batch_free(run->turn.writes);
        co_batch_free(run->extra);
        co_arena_free(run->turn.arena);
    }
    co_follow_close(&w->follow);
    co_batch_free(w->lease_batch);
    co_batch_free(w->due_batch);
    w->open_handles = 2;
    uv_close((uv_handle_t *)&w->timer, on_closed);
    uv_close((uv_handle_t *)&w->busy, on_closed);
}

void co_worker_stop(struct co_worker *w, void (*done)(void *arg), void *arg)
{
    w->is_stopping = true;
    w->done = done;
    w->done_arg = arg;
    (void)uv_timer_stop(&w->timer);
    for (int lane = 0; lane < w->lanes; lane++)
        if (w->lane[lane].state == LANE_OWNED)
            w->lane[lane].wants_release = true;
    co_worker_kick(w);
}

void co_worker_on_ready(struct co_worker *w)
{
    w->lanes = co_node_lanes(w->options.node);
    co_worker_kick(w);
}

void co_worker_on_reset(struct co_worker *w)
{
    for (int lane = 0; lane < w->lanes; lane++)
        lane_lose(w, lane);
    co_follow_forget(w->follow);
    w->has_settled = false;
    co_log_info(log_of(w), "journal_forgotten");
}

void co_worker_on_beat(struct co_worker *w)
{
    lane_plan(w);
    co_worker_kick(w);
}

void co_worker_on_step(struct co_worker *w)
{
    co_worker_kick(w);
}

void co_worker_on_entries(struct co_worker *w, int lane, const struct co_entry_raw *entries, size_t n)
{
    co_follow_offer(w->follow, lane, entries, n);
}

void co_worker_post(struct co_worker *w, int lane, struct co_local local)
{
    struct lane *l = &w->lane[lane];
    struct local_node *node = l->state == LANE_OWNED ? malloc(sizeof(*node)) : NULL;
    if (node == NULL) {
        if (w->options.ops->dropped != NULL)
            w->options.ops->dropped(w->options.service, &local);
        return;
    }
    *node = (struct local_node){ .local = local };
    if (l->first_local == NULL) {
        l->first_local = node;
        l->local_since_mono_us = co_mono_us();
    } else {
        l->last_local->next = node;
    }
    l->last_local = node;
    co_worker_kick(w);
}

void co_worker_not_ready(const struct co_worker *w, struct co_buf *reasons)
{
    if (!w->has_settled && co_node_is_ready(w->options.node))
        (void)co_buf_printf(reasons, "lanes: %zu to be taken yet\n", w->missing);
}

bool co_worker_owns(const struct co_worker *w, int lane)
{
    return w->lane[lane].state == LANE_OWNED && co_node_is_alive(w->options.node);
}

struct co_worker_stats co_worker_stats(const struct co_worker *w)
{
    struct co_worker_stats stats = w->stats;
    stats.lag = co_follow_lag(w->follow);
    stats.owned = 0;
    for (int lane = 0; lane < w->lanes; lane++)
        stats.owned += w->lane[lane].state == LANE_OWNED;
    return stats;
}
