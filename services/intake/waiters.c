#include "waiters.h"

#include <stdlib.h>

#include "co_arena.h"
#include "co_clock.h"
#include "co_follow.h"
#include "co_heap.h"
#include "co_map.h"
#include "co_row.h"
#include "intake_sql.h"

enum { WAITERS_MAX = 1 << 20, EVENT_BYTES = 4 << 20, FAR_BEHIND = 20000 };

#define VERDICTS (INTAKE_KIND(COMMAND_APPLIED) | INTAKE_KIND(COMMAND_REFUSED))
#define BODIES (VERDICTS | INTAKE_KIND(REGISTRY_APPLIED))

struct waiter {
    struct waiter *next; /* with the same key */
    int64_t id, key;
    uint64_t kinds;
    intake_wake_fn *wake;
    void *arg;
};

struct intake_waiters {
    struct intake *in;
    struct co_follow *follow;
    struct co_map *by_key; /* to the first of a list; key 0: those of anything */
    struct co_map *by_id;
    struct co_heap *due;
    struct co_arena *arena;
    struct co_batch *batch;
    uv_timer_t timer;
    int64_t last_id;
    bool heads_in_air, is_following, is_closing;
    uint64_t opened;
    int64_t seen[CO_LANES_MAX]; /* last entry handed on; 0: none yet */
};

/* ---- the list of those who wait ---- */

static void on_timer(uv_timer_t *timer);

static void arm(struct intake_waiters *w)
{
    struct co_due first;
    if (w->is_closing || !co_heap_peek(w->due, &first))
        return;
    int64_t left_ms = (first.due_us - co_mono_us() + 999) / 1000;
    uv_update_time(w->in->loop);
    (void)uv_timer_start(&w->timer, on_timer, left_ms < 0 ? 0 : (uint64_t)left_ms, 0);
}

static void unlink_waiter(struct intake_waiters *w, struct waiter *gone)
{
    struct waiter *first = co_map_get(w->by_key, gone->key);
    (void)co_map_take(w->by_id, gone->id);
    if (first == gone) {
        (void)co_map_take(w->by_key, gone->key);
        if (gone->next != NULL)
            (void)!co_map_put(w->by_key, gone->key, gone->next);
        return;
    }
    while (first->next != gone)
        first = first->next;
    first->next = gone->next;
}

static void wake(struct intake_waiters *w, struct waiter *waiter, int kind, const Callout__V1__Event *event)
{
    unlink_waiter(w, waiter);
    waiter->wake(waiter->arg, kind, event);
    free(waiter);
}

/* Those who wait for this are taken off first: who is woken may wait again at once. */
static void wake_all(struct intake_waiters *w, int64_t key, int kind, const Callout__V1__Event *event)
{
    struct waiter *woken = NULL;
    for (struct waiter *one = co_map_get(w->by_key, key), *next; one != NULL; one = next) {
        next = one->next;
        if ((one->kinds >> kind & 1) == 0)
            continue;
        unlink_waiter(w, one);
        one->next = woken;
        woken = one;
    }
    for (struct waiter *next; woken != NULL; woken = next) {
        next = woken->next;
        woken->wake(woken->arg, kind, event);
        free(woken);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct intake_waiters *w = timer->data;
    int64_t now_mono_us = co_mono_us();
    struct co_due first;
    while (co_heap_peek(w->due, &first) && first.due_us <= now_mono_us) {
        (void)!co_heap_pop(w->due, &first);
        struct waiter *waiter = co_map_get(w->by_id, first.id);
        if (waiter != NULL)
            wake(w, waiter, 0, NULL);
    }
    arm(w);
}

int64_t intake_waiters_add(struct intake_waiters *w, int64_t key, uint64_t kinds, uint32_t wait_ms,
                           intake_wake_fn *wake_fn, void *arg)
{
    struct waiter *waiter = w->is_closing ? NULL : malloc(sizeof(*waiter));
    if (waiter == NULL) {
        wake_fn(arg, 0, NULL);
        return 0;
    }
    *waiter = (struct waiter){ co_map_get(w->by_key, key), ++w->last_id, key, kinds, wake_fn, arg };
    struct co_due due = { co_mono_us() + (int64_t)wait_ms * 1000, waiter->id }, first;
    bool is_in = co_map_put(w->by_id, waiter->id, waiter) == CO_OK;
    bool is_keyed = is_in && co_map_put(w->by_key, key, waiter) == CO_OK;
    if (!is_keyed) {
        (void)co_map_take(w->by_id, waiter->id);
        free(waiter);
        wake_fn(arg, 0, NULL);
        return 0;
    }
    if (co_heap_push(w->due, due) != CO_OK) {
        wake(w, waiter, 0, NULL);
        return 0;
    }
    if (co_heap_peek(w->due, &first) && first.id == waiter->id)
        arm(w);
    return waiter->id;
}

void intake_waiters_cancel(struct intake_waiters *w, int64_t id)
{
    struct waiter *waiter = id == 0 ? NULL : co_map_get(w->by_id, id);
    if (waiter == NULL)
        return;
    unlink_waiter(w, waiter);
    free(waiter);
}

/* ---- the journal ---- */

static void tell_verdict(struct intake_waiters *w, int kind, const Callout__V1__Event *event)
{
    uint64_t id = kind == CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED ? event->command_applied->command_id
                                                                    : event->command_refused->command_id;
    wake_all(w, (int64_t)id, kind, event);
}

static void tell(struct intake_waiters *w, const struct co_entry_raw *e)
{
    const Callout__V1__Event *event = NULL;
    w->opened += e->kind == CALLOUT__V1__EVENT__BODY_CASE_OPENED || e->kind == CALLOUT__V1__EVENT__BODY_CASE_HELD;
    if (e->body.data != NULL && (co_map_len(w->by_id) > 0 || e->kind == CALLOUT__V1__EVENT__BODY_REGISTRY_APPLIED)) {
        co_arena_reset(w->arena);
        event = co_event_unpack(w->arena, e->body);
    }
    if (event != NULL && e->kind == CALLOUT__V1__EVENT__BODY_REGISTRY_APPLIED)
        co_registry_feed_want(w->in->feed, event->registry_applied->version);
    if (co_map_len(w->by_id) == 0)
        return;
    if (event != NULL && (VERDICTS >> e->kind & 1) != 0)
        tell_verdict(w, e->kind, event);
    wake_all(w, e->case_id, e->kind, event);
    if (e->case_id != 0)
        wake_all(w, 0, e->kind, event);
}

static void on_ready(void *arg, int lane)
{
    struct intake_waiters *w = arg;
    const struct co_held *held = co_follow_peek(w->follow, lane);
    int64_t last = 0;
    for (; co_follow_is_ready(w->follow, lane, held); held = held->next) {
        tell(w, &held->entry);
        last = held->entry.seq;
    }
    if (last == 0)
        return;
    w->seen[lane] = last;
    co_follow_consume(w->follow, lane, last);
}

void intake_waiters_offer(struct intake_waiters *w, int lane, const struct co_entry_raw *entries, size_t n)
{
    co_follow_offer(w->follow, lane, entries, n);
}

uint64_t intake_waiters_opened(const struct intake_waiters *w)
{
    return w->opened;
}

static void on_heads(void *arg, const struct co_pg_outcome *outcome)
{
    struct intake_waiters *w = arg;
    w->heads_in_air = false;
    if (outcome->err != CO_OK || w->is_closing)
        return;
    const PGresult *res = outcome->results->item[0];
    for (int row = 0; row < PQntuples(res); row++) {
        int lane = co_row_int2(res, row, 0);
        int64_t head = co_row_int8(res, row, 1);
        bool goes_on = w->seen[lane] > 0 && w->seen[lane] <= head && head - w->seen[lane] < FAR_BEHIND;
        co_follow_start(w->follow, lane, goes_on ? w->seen[lane] : head);
        co_node_listen(w->in->node, lane, true);
    }
    w->is_following = true;
}

void intake_waiters_follow(struct intake_waiters *w)
{
    if (w->is_following || w->heads_in_air || w->is_closing)
        return;
    co_batch_clear(w->batch);
    (void)co_batch_add(w->batch, &intake_sql[intake_sql_read_all_heads]);
    w->heads_in_air = true;
    co_pg_run(co_node_pg(w->in->node), w->batch, CO_PG_PLAIN, on_heads, w);
}

void intake_waiters_reset(struct intake_waiters *w)
{
    co_follow_forget(w->follow);
    w->is_following = false;
}

/* ---- life ---- */

struct intake_waiters *intake_waiters_new(struct intake *in)
{
    struct intake_waiters *w = calloc(1, sizeof(*w));
    if (w == NULL)
        return NULL;
    struct co_follow_options follow = { .loop = in->loop, .pg = co_node_pg(in->node), .kinds = BODIES, .on_ready = on_ready,
                                        .arg = w };
    w->in = in;
    w->by_key = co_map_new(WAITERS_MAX);
    w->by_id = co_map_new(WAITERS_MAX);
    w->due = co_heap_new(WAITERS_MAX);
    w->arena = co_arena_new(EVENT_BYTES);
    w->batch = co_batch_new(1024);
    (void)uv_timer_init(in->loop, &w->timer);
    w->timer.data = w;
    bool is_whole = w->by_key != NULL && w->by_id != NULL && w->due != NULL && w->arena != NULL && w->batch != NULL;
    w->follow = is_whole ? co_follow_new(&follow) : NULL;
    return w->follow == NULL ? NULL : w; /* the daemon ends then */
}

void intake_waiters_close(struct intake_waiters *w)
{
    struct co_due due;
    w->is_closing = true;
    while (co_heap_pop(w->due, &due)) {
        struct waiter *waiter = co_map_get(w->by_id, due.id);
        if (waiter != NULL)
            wake(w, waiter, 0, NULL);
    }
    co_follow_close(&w->follow);
    uv_close((uv_handle_t *)&w->timer, NULL);
}

void intake_waiters_free(struct intake_waiters *w)
{
    if (w == NULL)
        return;
    co_map_free(w->by_key);
    co_map_free(w->by_id);
    co_heap_free(w->due);
    co_arena_free(w->arena);
    co_batch_free(w->batch);
    free(w);
}
