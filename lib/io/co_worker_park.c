/* What happens to a thing that fails alone: its tries are counted, its case is set aside, and caught up with when asked for. */
#include "co_clock.h"
#include "co_io_sql.h"
#include "co_row.h"
#include "co_worker_internal.h"

static struct lane *lane_of(const struct turn_run *run)
{
    return &run->worker->lane[run->turn.lane];
}

static const struct parked_node *parked_case(const struct lane *l, int64_t case_id)
{
    const struct parked_node *p = l->parked;
    while (p != NULL && p->case_id != case_id)
        p = p->next;
    return p;
}

/* Adds a statement whose first parameters are lane and service. */
static void add(const struct turn_run *run, struct co_batch *batch, size_t sql)
{
    (void)co_batch_add(batch, &co_io_sql[sql]);
    co_batch_int2(batch, run->turn.lane);
    co_batch_text(batch, co_node_options(run->worker->options.node)->service);
}

static void add_park(struct turn_run *run, int64_t since_seq, const char *reason)
{
    add(run, run->turn.writes, co_io_sql_park_case);
    co_batch_int8(run->turn.writes, run->poison_case);
    co_batch_int8(run->turn.writes, since_seq);
    co_batch_text(run->turn.writes, reason);
}

static int64_t since_of(const struct turn_run *run)
{
    return run->first_seq != 0 ? run->first_seq : lane_of(run)->position + 1;
}

/* The entry is passed over, the case is set aside. */
void turn_park(struct turn_run *run)
{
    struct co_worker *w = run->worker;
    turn_drop_locals(run); /* they are not in the journal and cannot wait there */
    run->parks = true;
    turn_add_fence(run, run->turn.writes);
    add_park(run, since_of(run), "failed every time it was tried; the log says how");
    w->stats.parked++;
    co_log_error(co_node_options(w->options.node)->log, "case_parked", CO_I("lane", run->turn.lane),
                 CO_I("case", run->poison_case), CO_I("seq", run->first_seq), CO_S("trace", turn_trace(run)), CO_S("help", "callout parked list"));
    turn_commit(run);
}

/* A replay did not work: nothing of the case is changed, and nobody asks for it any more. */
static void refuse_replay(struct turn_run *run)
{
    struct co_worker *w = run->worker;
    bool is_drop = lane_of(run)->replay_drops;
    run->parks = true;
    turn_add_fence(run, run->turn.writes);
    add_park(run, run->first_seq, is_drop ? "not dropped: what ends the case failed, too; the log says how"
                                          : "its replay failed, too; the log says how");
    co_log_error(co_node_options(w->options.node)->log, "replay_failed", CO_I("lane", run->turn.lane),
                 CO_I("case", run->poison_case), CO_I("seq", run->first_seq), CO_B("drop", is_drop), CO_S("trace", turn_trace(run)),
                 CO_S("help", "callout parked list"));
    turn_commit(run);
}

static void on_replay_read(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    if (outcome->err != CO_OK) {
        turn_fail(run, outcome->err, outcome, "replay");
        return;
    }
    const PGresult *res = outcome->results->item[0];
    int rows = PQntuples(res), row;
    const struct co_worker_ops *ops = run->worker->options.ops;
    uint64_t kinds = lane_of(run)->replay_drops ? ops->ends : ops->kinds;
    int64_t first = run->first_seq, position = run->consumes, poison_case = run->poison_case;
    enum co_err err = CO_OK;
    for (row = 0; row < rows; row++) {
        struct co_entry_raw raw = co_entry_of_row(res, row);
        bool is_wanted = raw.kind < 64 && (kinds >> raw.kind & 1) != 0;
        err = is_wanted ? turn_add_entry(run, &raw) : CO_OK;
        if (err != CO_OK)
            break;
    }
    if (err != CO_OK)
        run->replay_next = co_row_int8(res, row, 0);
    else if (rows == CO_WORKER_TURN_MAX)
        run->replay_next = co_row_int8(res, rows - 1, 0) + 1;
    run->consumes = position;
    run->first_seq = first;
    run->poison_case = poison_case;
    if (run->turn.entry_count > 0) {
        turn_load(run);
    } else if (err != CO_OK) {
        turn_fail(run, err, NULL, "replay");
    } else {
        turn_add_fence(run, run->turn.writes);
        turn_finish_replay(run);
        turn_commit(run);
    }
}

static void read_slice(struct turn_run *run)
{
    co_batch_clear(run->extra);
    (void)co_batch_add(run->extra, &co_io_sql[co_io_sql_read_case_entries]);
    co_batch_int2(run->extra, run->turn.lane);
    co_batch_int8(run->extra, run->poison_case);
    co_batch_int8(run->extra, run->first_seq);
    co_batch_int8(run->extra, lane_of(run)->position);
    co_batch_int4(run->extra, CO_WORKER_TURN_MAX);
    turn_send(run, run->extra, CO_PG_PLAIN, on_replay_read);
}

static void try_counted(struct turn_run *run)
{
    if (run->is_replay)
        read_slice(run);
    else
        turn_load(run);
}

static void on_counted(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    if (outcome->err != CO_OK) {
        turn_fail(run, outcome->err, outcome, "count");
        return;
    }
    struct lane *l = lane_of(run);
    int32_t tries = co_row_int4(outcome->results->item[0], 0, 0);
    bool is_over = tries > CO_WORKER_TRIES;
    l->counted_seq = run->first_seq;
    l->counted_case = run->poison_case;
    l->has_counted = !is_over;
    if (run->size > 1 && tries > 1) { /* one of this group is deadly: which one? */
        l->limit = 1;
        turn_fail(run, CO_EAGAIN, NULL, "count");
    } else if (!is_over)
        try_counted(run);
    else if (run->is_replay)
        refuse_replay(run);
    else
        turn_park(run);
}

void turn_count(struct turn_run *run)
{
    const struct lane *l = lane_of(run);
    if (l->has_counted && l->counted_case == run->poison_case && l->counted_seq == run->first_seq) {
        try_counted(run);
        return;
    }
    add(run, run->extra, co_io_sql_count_attempt);
    co_batch_int8(run->extra, run->first_seq);
    co_batch_int8(run->extra, run->poison_case);
    turn_send(run, run->extra, CO_PG_PLAIN, on_counted);
}

void turn_forget_count(struct turn_run *run)
{
    const struct lane *l = lane_of(run);
    bool is_last = l->careful <= (int)run->size && l->probation <= (int)run->size; /* nothing is suspected any more */
    add(run, run->turn.writes, co_io_sql_forget_attempts);
    co_batch_int8(run->turn.writes, run->first_seq);
    if (is_last)
        co_batch_null(run->turn.writes);
    else
        co_batch_int8(run->turn.writes, run->poison_case);
}

/* Catches up with the next entries of a parked case, or drops them but for what ends it, at an operator's wish. Everything up
 * to the cursor is the replay's; what comes later is processed as usual once the case is not parked any more. */
void turn_replay(struct turn_run *run)
{
    struct lane *l = lane_of(run);
    const struct parked_node *p = parked_case(l, l->replay_case);
    if (p == NULL) { /* no memory to note it; the next beat brings both again */
        l->replay_case = 0;
        turn_end(run);
        return;
    }
    run->is_replay = run->is_counted = true;
    run->poison_case = p->case_id;
    run->first_seq = p->since_seq;
    if (l->replay_failed)
        refuse_replay(run);
    else
        turn_count(run);
}

void turn_finish_replay(struct turn_run *run)
{
    bool is_whole = run->replay_next == 0;
    add(run, run->turn.writes, is_whole ? co_io_sql_unpark_case : co_io_sql_move_parked);
    co_batch_int8(run->turn.writes, run->poison_case);
    if (!is_whole)
        co_batch_int8(run->turn.writes, run->replay_next);
}

void turn_parked(struct turn_run *run)
{
    struct lane *l = lane_of(run);
    l->parked_mono_us = co_mono_us();
    if (!run->is_replay) {
        lane_note_parked(l, run->poison_case, since_of(run));
        return;
    }
    if (run->parks || run->replay_next == 0) {
        l->replay_case = 0;
        l->replay_drops = l->replay_failed = false;
    }
    if (run->parks)
        return;
    lane_forget_parked(l, run->poison_case);
    if (run->replay_next != 0) {
        lane_note_parked(l, run->poison_case, run->replay_next);
        return;
    }
    lane_forget_due(l); /* its due times were passed over: read them again */
    if (run->worker->options.ops->unparked != NULL)
        run->worker->options.ops->unparked(run->worker->options.service, run->turn.lane, run->poison_case);
}
