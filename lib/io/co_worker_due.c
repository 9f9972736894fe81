/* What becomes due in the lanes of a worker. The table is the truth; the near horizon of it waits in a heap per lane.
 *
 * Whatever is due before the lane's horizon is in its heap, at its time or earlier. A look reads from the horizon on, earliest
 * first and so many rows at most, before the heap runs dry; the horizon is moved before the look is sent, so that what turns arm
 * meanwhile goes into the heap, too. An entry is only a wake-up: it may be stale, or there twice. */
#include "co_mesh.h"
#include "co_row.h"
#include "co_time.h"
#include "co_worker_internal.h"

enum {
    LOOK_MAX = 1 << 14,  /* rows of one look at one lane */
    LOOK_MIN = 256,      /* of many lanes */
    ALL_MAX = 1 << 18,   /* rows of a look at all lanes; the heaps hold twice that */
    HEAP_LOOKS = 2,      /* a heap larger than this many looks is given up and read again */
    LOW = 4,             /* a look is due when a heap holds less than this part of one */
};

static const int64_t LOOK_AHEAD_US = 3600 * CO_SECOND_US; /* domain time */

static int look_rows(const struct co_worker *w)
{
    int share = ALL_MAX / (w->lanes > 0 ? w->lanes : 1);
    return share > LOOK_MAX ? LOOK_MAX : share < LOOK_MIN ? LOOK_MIN : share;
}

void lane_forget_due(struct lane *l)
{
    l->horizon_us = CO_DUE_UNREAD;
}

/* False: there is no room. */
static bool push(const struct co_worker *w, struct lane *l, struct co_due due)
{
    return co_heap_len(l->due) < HEAP_LOOKS * (uint32_t)look_rows(w) && co_heap_push(l->due, due) == CO_OK;
}

void lane_arm(struct co_worker *w, int lane, struct co_due due)
{
    struct lane *l = &w->lane[lane];
    if (!push(w, l, due))
        lane_forget_due(l);
}

void co_worker_due(struct co_worker *w, int lane, int64_t case_id, int64_t next_us)
{
    if (next_us == INT64_MAX || next_us >= w->lane[lane].horizon_us)
        return;
    lane_arm(w, lane, (struct co_due){ next_us, case_id });
    co_worker_kick(w);
}

/* Takes what a look has found. Where not all of it fits, or there may be more, the horizon comes back to the last time of
 * which something is there. */
static void take(struct co_worker *w, struct lane *l, const PGresult *res, int64_t from_us)
{
    int rows = PQntuples(res), row = 0;
    while (row < rows && push(w, l, (struct co_due){ co_row_us(res, row, 1), co_row_int8(res, row, 0) }))
        row++;
    if (row == rows && rows < look_rows(w))
        return;
    int64_t last_us = row == 0 ? from_us : co_row_us(res, row - 1, 1);
    if (last_us > from_us) {
        l->horizon_us = last_us;
    } else { /* nothing but one time: beyond it is not looked before all of that is done */
        l->crowd_us = last_us;
        l->horizon_us = last_us + 1;
    }
}

static void on_looked(void *arg, const struct co_pg_outcome *outcome)
{
    struct co_worker *w = arg;
    w->due_in_air = false;
    if (outcome->err != CO_OK && outcome->err != CO_EDOWN)
        co_log_error(co_node_options(w->options.node)->log, "due_unreadable", CO_S("sqlstate", outcome->sqlstate),
                     CO_S("why", outcome->message));
    for (size_t i = 0; i < w->due_count; i++) {
        struct lane *l = &w->lane[w->due_lane[i]];
        if (l->state != LANE_OWNED || (uint64_t)l->epoch != w->due_epoch[i] || l->horizon_us != w->due_until[i])
            continue; /* lost, or forgotten meanwhile */
        if (outcome->err != CO_OK)
            lane_forget_due(l);
        else
            take(w, l, outcome->results->item[i], w->due_from[i]);
    }
    if (outcome->err == CO_OK || w->is_stopping)
        co_worker_kick(w); /* else the timer tries again */
}

/* Is something in the heap at or before this time? */
static bool has_until(const struct lane *l, int64_t until_us)
{
    struct co_due first;
    return co_heap_peek(l->due, &first) && first.due_us <= until_us;
}

/* From where a look at the lane is due; false: none is. */
static bool wants_look(const struct co_worker *w, struct lane *l, int64_t now_us, int64_t *ret_from_us)
{
    if (l->state != LANE_OWNED)
        return false;
    bool is_unread = l->horizon_us == CO_DUE_UNREAD && !has_until(l, now_us);
    bool is_crowd_over = l->crowd_us != CO_DUE_UNREAD && !has_until(l, l->crowd_us);
    if (is_unread || is_crowd_over) {
        if (l->in_air)
            return false; /* what its turn has taken from the heap may come back */
        co_heap_clear(l->due);
        l->crowd_us = CO_DUE_UNREAD;
        *ret_from_us = CO_TIME_MIN_US;
        return true;
    }
    *ret_from_us = l->horizon_us;
    return l->horizon_us != CO_DUE_UNREAD && l->crowd_us == CO_DUE_UNREAD && l->horizon_us <= now_us + LOOK_AHEAD_US / 2 &&
           co_heap_len(l->due) < (uint32_t)look_rows(w) / LOW;
}

static void add_look(struct co_worker *w, int lane, int64_t from_us, int64_t until_us)
{
    struct lane *l = &w->lane[lane];
    l->horizon_us = until_us; /* what is armed from now on goes into the heap, too */
    w->due_lane[w->due_count] = lane;
    w->due_from[w->due_count] = from_us;
    w->due_until[w->due_count] = until_us;
    w->due_epoch[w->due_count++] = (uint64_t)l->epoch;
    (void)co_batch_add(w->due_batch, w->options.ops->due);
    co_batch_int2(w->due_batch, lane);
    co_batch_us(w->due_batch, from_us);
    co_batch_us(w->due_batch, until_us);
    co_batch_int4(w->due_batch, look_rows(w));
}

void lane_look_ahead(struct co_worker *w)
{
    if (w->due_in_air || w->is_stopping || w->options.ops->due == NULL || !co_pg_is_up(co_node_pg(w->options.node)))
        return;
    int64_t now_us = co_node_now_us(w->options.node), from_us;
    co_batch_clear(w->due_batch);
    w->due_count = 0;
    for (int lane = 0; lane < w->lanes; lane++)
        if (wants_look(w, &w->lane[lane], now_us, &from_us))
            add_look(w, lane, from_us, now_us + LOOK_AHEAD_US);
    if (w->due_count == 0)
        return;
    w->due_in_air = true;
    co_pg_run(co_node_pg(w->options.node), w->due_batch, CO_PG_PLAIN, on_looked, w);
}
