/* What to do about a turn that did not commit. */
#include <string.h>

#include "co_clock.h"
#include "co_io_sql.h"
#include "co_worker_internal.h"

static const int64_t PAUSE_AGAIN_US = 10000;    /* something is being fetched */
static const int64_t PAUSE_FIRST_US = 20000;
static const int64_t PAUSE_LAST_US = 2000000;

static void pause_lane(struct lane *l, int64_t pause_us)
{
    l->pause_until_mono_us = co_mono_us() + pause_us;
}

static int64_t growing_pause(struct lane *l)
{
    int64_t pause_us = PAUSE_FIRST_US;
    for (unsigned i = 0; i < l->failures && pause_us < PAUSE_LAST_US; i++)
        pause_us *= 2;
    l->failures++;
    return pause_us < PAUSE_LAST_US ? pause_us : PAUSE_LAST_US;
}

/* The fence raises it when another epoch owns the lane. */
static bool is_fenced_off(const struct turn_run *run, const struct co_pg_outcome *outcome)
{
    if (outcome == NULL || strcmp(outcome->sqlstate, "22012") != 0 || outcome->failed != 0 || co_batch_count(run->sent) == 0)
        return false;
    struct co_batch_view first;
    co_batch_get(run->sent, 0, &first);
    return first.sql == &co_io_sql[co_io_sql_move_cursor];
}

static void log_failure(const struct turn_run *run, enum co_err err, const struct co_pg_outcome *outcome, const char *step)
{
    co_log_warn(co_node_options(run->worker->options.node)->log, "turn_failed", CO_S("step", step),
                CO_I("lane", run->turn.lane), CO_S("err", co_err_name(err)), CO_I("seq", run->first_seq),
                CO_U("size", run->size), CO_S("sqlstate", outcome == NULL ? "" : outcome->sqlstate),
                CO_S("why", outcome == NULL ? "" : outcome->message), CO_S("trace", turn_trace(run)));
}

/* Our work or the statement is at fault: halve down to the one thing that fails, then count its tries. Where memory is short
 * a smaller turn may do, but not at once. */
static void suspect(struct turn_run *run, struct lane *l, bool is_short_of_memory)
{
    l->limit = (run->size + 1) / 2;
    l->careful = run->size > 1 ? (int)run->size + WORKER_KINDS : WORKER_CAREFUL;
    if (run->size <= 1) {
        l->limit = 1;
        l->count_tries = true;
    }
    pause_lane(l, run->size > 1 && !is_short_of_memory ? 0 : growing_pause(l));
}

void turn_failed(struct turn_run *run, enum co_err err, const struct co_pg_outcome *outcome, const char *step)
{
    struct co_worker *w = run->worker;
    struct lane *l = &w->lane[run->turn.lane];
    bool is_short_of_memory = err == CO_ENOMEM || err == CO_EFULL;
    if (err != CO_EAGAIN)
        log_failure(run, err, outcome, step);
    if (l->state != LANE_OWNED && l->state != LANE_RELEASING) {
        turn_end(run);
        return;
    }
    if (is_fenced_off(run, outcome)) {
        lane_lose(w, run->turn.lane);
    } else if (err == CO_EDOWN) {
        /* whether it committed is unknown: the cursor in the database says so when the lane is taken again */
        lane_lose(w, run->turn.lane);
        w->stats.failures++;
    } else if (err == CO_EAGAIN) {
        pause_lane(l, PAUSE_AGAIN_US);
    } else if (err == CO_ECONFLICT) {
        w->stats.conflicts++;
        pause_lane(l, growing_pause(l));
    } else if (is_short_of_memory && run->size == 0 && !run->is_replay) { /* nothing was tried */
        w->stats.failures++;
        pause_lane(l, growing_pause(l));
    } else {
        w->stats.failures++;
        l->has_counted = false; /* this try is over */
        if (run->is_replay)
            l->replay_failed = true; /* stays parked; the operator sees it in the list */
        else
            suspect(run, l, is_short_of_memory);
    }
    turn_end(run);
}
