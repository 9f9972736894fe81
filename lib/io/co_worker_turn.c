/* One turn of one lane: what waits is taken, loaded, decided and committed. */
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_io_sql.h"
#include "co_mesh.h"
#include "co_registry_feed.h"
#include "co_row.h"
#include "co_worker_internal.h"

static struct lane *lane_of(const struct turn_run *run)
{
    return &run->worker->lane[run->turn.lane];
}

static struct co_fault *fault_of(const struct turn_run *run)
{
    return co_node_options(run->worker->options.node)->fault;
}

bool co_turn_emit(struct co_turn *t, int64_t case_id, const Callout__V1__Event *event)
{
    struct turn_run *run = (struct turn_run *)((char *)t - offsetof(struct turn_run, turn));
    return co_outbox_add(&run->outbox, case_id, event);
}

/* The registry version that an entry names; 0: none. */
static uint64_t version_named(const Callout__V1__Event *event)
{
    switch ((int)event->body_case) { /* four of many kinds */
    case CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED:
        return event->ticket_submitted->registry_version;
    case CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED:
        return event->command_received->registry_version;
    case CALLOUT__V1__EVENT__BODY_REGISTRY_APPLIED:
        return event->registry_applied->version;
    case CALLOUT__V1__EVENT__BODY_CASE_OPENED:
        return event->case_opened->registry_version;
    default:
        return 0;
    }
}

static bool must_wait_for_registry(const struct turn_run *run, const Callout__V1__Event *event)
{
    struct co_registry_feed *feed = run->worker->options.feed;
    uint64_t version = version_named(event);
    if (feed == NULL || (co_registry_feed_is_loaded(feed) && version <= co_registry_feed_version(feed)))
        return false;
    co_registry_feed_want(feed, version);
    return true;
}

/* Adds one waiting entry to the turn. CO_EAGAIN: it must wait; CO_EINPUT: its body is not an event. */
static enum co_err add_entry(struct turn_run *run, const struct co_entry_raw *raw)
{
    const struct lane *l = lane_of(run);
    bool is_wanted = raw->body.data != NULL && !lane_is_parked(l, raw->case_id, raw->seq);
    if (is_wanted) {
        Callout__V1__Event *event = co_event_unpack(run->turn.arena, raw->body);
        if (event == NULL)
            return CO_EINPUT;
        if (must_wait_for_registry(run, event))
            return CO_EAGAIN;
        if ((run->worker->options.ops->kinds >> raw->kind & 1) != 0)
            run->entries[run->turn.entry_count++] =
                (struct co_entry){ raw->seq, raw->at_us, raw->case_id, raw->kind, event };
    }
    run->consumes = raw->seq;
    if (run->turn.now_us < raw->at_us) /* our estimate of domain time lags behind the database's by a message */
        run->turn.now_us = raw->at_us;
    if (run->first_seq == 0)
        run->first_seq = raw->seq;
    run->poison_case = raw->case_id;
    run->size++;
    return CO_OK;
}

static enum co_err take_entries(struct turn_run *run, size_t limit)
{
    struct co_worker *w = run->worker;
    size_t bytes = 0;
    const struct co_held *h = co_follow_peek(w->follow, run->turn.lane);
    for (; run->size < limit && co_follow_is_ready(w->follow, run->turn.lane, h); h = h->next) {
        bytes += h->entry.body.len;
        if (run->size > 0 && bytes > WORKER_TURN_BYTES)
            break;
        enum co_err err = add_entry(run, &h->entry);
        if (err == CO_OK)
            continue;
        if (run->size == 0)
            run->poison_case = h->entry.case_id;
        return run->size > 0 ? CO_OK : err;
    }
    return CO_OK;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void take_due(struct turn_run *run, size_t limit)
{
    struct lane *l = lane_of(run);
    struct co_due due;
    size_t n = 0;
    while (run->size < limit && co_heap_peek(l->due, &due) && due.due_us <= run->turn.now_us) {
        co_assert(co_heap_pop(l->due, &due));
        if (lane_is_parked(l, due.id, INT64_MAX))
            continue;
        run->due[n++] = due.id;
        run->poison_case = due.id;
        run->size++;
    }
    if (n > 1)
        qsort(run->due, n, sizeof(*run->due), by_value);
    run->turn.due_count = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || run->due[i] != run->due[i - 1])
            run->due[run->turn.due_count++] = run->due[i];
}

static void take_locals(struct turn_run *run, size_t limit)
{
    struct lane *l = lane_of(run);
    while (run->size < limit && l->first_local != NULL) {
        struct local_node *node = l->first_local;
        l->first_local = node->next;
        run->locals[run->turn.local_count++] = node->local;
        run->poison_case = node->local.case_id;
        run->size++;
        free(node);
    }
}

/* What a turn took and did not commit goes back: entries wait in the follower anyway. */
static void give_back(struct turn_run *run)
{
    struct lane *l = lane_of(run);
    for (size_t i = 0; i < run->turn.due_count; i++)
        if (co_heap_push(l->due, (struct co_due){ run->turn.now_us, run->due[i] }) != CO_OK)
            l->horizon_us = INT64_MIN;
    for (size_t i = run->turn.local_count; i > 0; i--) {
        struct local_node *node = l->state == LANE_OWNED ? malloc(sizeof(*node)) : NULL;
        if (node == NULL) {
            if (run->worker->options.ops->dropped != NULL)
                run->worker->options.ops->dropped(run->worker->options.service, &run->locals[i - 1]);
            continue;
        }
        *node = (struct local_node){ l->first_local, run->locals[i - 1] };
        if (l->first_local == NULL)
            l->last_local = node;
        l->first_local = node;
    }
}

static bool alloc_turn(struct turn_run *run)
{
    struct co_arena *arena = run->turn.arena;
    run->entries = co_arena_alloc(arena, CO_WORKER_TURN_MAX * sizeof(*run->entries));
    run->due = co_arena_alloc(arena, CO_WORKER_TURN_MAX * sizeof(*run->due));
    run->locals = co_arena_alloc(arena, CO_WORKER_TURN_MAX * sizeof(*run->locals));
    run->turn.entries = run->entries;
    run->turn.due = run->due;
    run->turn.locals = run->locals;
    co_outbox_init(&run->outbox, arena);
    return run->entries != NULL && run->due != NULL && run->locals != NULL;
}

static void clear_turn(struct turn_run *run)
{
    struct co_turn *t = &run->turn;
    co_arena_reset(t->arena);
    co_batch_clear(t->reads);
    co_batch_clear(t->claims);
    co_batch_clear(t->writes);
    co_batch_clear(run->extra);
    t->entry_count = t->due_count = t->local_count = 0;
    t->read_results = t->claim_results = NULL;
    t->scratch = NULL;
    run->first_seq = run->poison_case = 0;
    run->size = 0;
    run->has_transaction = run->parks = run->is_replay = run->is_counted = false;
}

void turn_end(struct turn_run *run)
{
    lane_of(run)->in_air = false;
    co_results_free(&run->reads);
    co_results_free(&run->claims);
    run->is_busy = false;
    co_worker_kick(run->worker);
}

static void fail(struct turn_run *run, enum co_err err, const struct co_pg_outcome *outcome, const char *step)
{
    give_back(run);
    turn_failed(run, err, outcome, step);
}

static void add_fence(struct turn_run *run, struct co_batch *batch)
{
    const struct lane *l = lane_of(run);
    (void)co_batch_add(batch, &co_io_sql[co_io_sql_move_cursor]);
    co_batch_int2(batch, run->turn.lane);
    co_batch_text(batch, co_node_options(run->worker->options.node)->service);
    co_batch_int8(batch, l->epoch);
    co_batch_int8(batch, run->is_replay ? l->position : run->consumes);
}

/* The turn is committed, or had nothing to commit. */
static void take_effect(struct turn_run *run, bool is_saved)
{
    struct co_worker *w = run->worker;
    struct lane *l = lane_of(run);
    if (!run->is_replay && run->consumes > l->position) {
        if (l->position == l->saved)
            l->moved_mono_us = co_mono_us();
        l->position = run->consumes;
        co_follow_consume(w->follow, run->turn.lane, run->consumes);
    }
    if (is_saved)
        l->saved = l->position;
    l->failures = 0;
    l->count_tries = false;
    if (l->probation > 0)
        l->probation -= (int)run->size;
    l->limit = l->limit * 2 > CO_WORKER_TURN_MAX ? CO_WORKER_TURN_MAX : l->limit * 2;
    if (run->is_replay)
        l->replay_case = 0;
    w->stats.turns++;
    w->stats.entries += run->turn.entry_count;
    w->stats.due += run->turn.due_count;
    w->stats.emitted += run->outbox.count;
}

static void on_commit(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    struct co_worker *w = run->worker;
    if (outcome->err != CO_OK) {
        fail(run, outcome->err, outcome, "commit");
        return;
    }
    co_fault_point(fault_of(run), "after_commit");
    struct lane *l = lane_of(run);
    if (run->outbox.count > 0) {
        co_outbox_number(&run->outbox, outcome->results->item[run->append_index]);
        co_node_publish(w->options.node, run->turn.lane, run->outbox.item, run->outbox.count);
        co_follow_offer(w->follow, run->turn.lane, run->outbox.item, run->outbox.count);
    }
    if (run->parks)
        lane_note_parked(l, run->poison_case, run->first_seq != 0 ? run->first_seq : l->position + 1);
    if (run->is_replay)
        lane_forget_parked(l, run->poison_case);
    take_effect(run, true);
    if (!run->parks && w->options.ops->committed != NULL && l->state == LANE_OWNED)
        w->options.ops->committed(w->options.service, &run->turn);
    turn_end(run);
}

static void send_commit(struct turn_run *run)
{
    struct co_batch *writes = run->turn.writes;
    if (run->is_counted) {
        (void)co_batch_add(writes, &co_io_sql[co_io_sql_forget_attempt]);
        co_batch_int2(writes, run->turn.lane);
        co_batch_text(writes, co_node_options(run->worker->options.node)->service);
    }
    if (run->outbox.count > 0)
        run->append_index = co_outbox_append(&run->outbox, writes, run->turn.lane);
    co_fault_point(fault_of(run), "before_commit");
    co_pg_run(run->pg, writes, run->has_transaction ? CO_PG_COMMIT : CO_PG_BEGIN | CO_PG_COMMIT, on_commit, run);
}

static void on_rolled_back(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    (void)outcome;
    fail(run, CO_EINPUT, NULL, "decide");
}

static void decide(struct turn_run *run)
{
    struct co_worker *w = run->worker;
    if (!run->has_transaction)
        add_fence(run, run->turn.writes);
    size_t before = co_batch_count(run->turn.writes);
    enum co_err err = w->options.ops->decide(w->options.service, &run->turn);
    co_fault_point(fault_of(run), "decided");
    if (err != CO_OK && run->has_transaction) {
        co_batch_clear(run->turn.writes);
        co_pg_run(run->pg, run->turn.writes, CO_PG_ROLLBACK, on_rolled_back, run);
    } else if (err != CO_OK) {
        fail(run, err, NULL, "decide");
    } else if (!run->has_transaction && !run->is_replay && !run->is_counted && run->outbox.count == 0 &&
               co_batch_count(run->turn.writes) == before) {
        take_effect(run, false);
        if (w->options.ops->committed != NULL)
            w->options.ops->committed(w->options.service, &run->turn);
        turn_end(run);
    } else {
        if (run->is_replay) {
            (void)co_batch_add(run->turn.writes, &co_io_sql[co_io_sql_unpark_case]);
            co_batch_int2(run->turn.writes, run->turn.lane);
            co_batch_text(run->turn.writes, co_node_options(w->options.node)->service);
            co_batch_int8(run->turn.writes, run->poison_case);
        }
        send_commit(run);
    }
}

static void on_claims(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    if (outcome->err != CO_OK) {
        fail(run, outcome->err, outcome, "claim");
        return;
    }
    co_fault_point(fault_of(run), "begun");
    run->claims = *outcome->results;
    *outcome->results = (struct co_results){ 0 };
    run->turn.claim_results = run->claims.item + 1; /* the first is the fence's */
    run->has_transaction = true;
    decide(run);
}

static void claim(struct turn_run *run)
{
    struct co_worker *w = run->worker;
    if (w->options.ops->claim == NULL) {
        decide(run);
        return;
    }
    add_fence(run, run->turn.claims);
    enum co_err err = w->options.ops->claim(w->options.service, &run->turn);
    if (err != CO_OK)
        fail(run, err, NULL, "claim");
    else if (co_batch_count(run->turn.claims) == 1)
        decide(run);
    else
        co_pg_run(run->pg, run->turn.claims, CO_PG_BEGIN, on_claims, run);
}

static void on_reads(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    if (outcome->err != CO_OK) {
        fail(run, outcome->err, outcome, "load");
        return;
    }
    run->reads = *outcome->results;
    *outcome->results = (struct co_results){ 0 };
    run->turn.read_results = run->reads.item;
    claim(run);
}

static void load(struct turn_run *run)
{
    struct co_worker *w = run->worker;
    enum co_err err = w->options.ops->load(w->options.service, &run->turn);
    if (err != CO_OK)
        fail(run, err, NULL, "load");
    else if (co_batch_count(run->turn.reads) == 0)
        claim(run);
    else
        co_pg_run(run->pg, run->turn.reads, CO_PG_PLAIN, on_reads, run);
}

/* Gives the case up for this service: the entry is passed over, the case is set aside. */
static void park(struct turn_run *run)
{
    struct co_worker *w = run->worker;
    const struct lane *l = lane_of(run);
    struct co_batch *writes = run->turn.writes;
    give_back(run);
    run->turn.due_count = run->turn.local_count = 0;
    run->parks = true;
    add_fence(run, writes);
    (void)co_batch_add(writes, &co_io_sql[co_io_sql_park_case]);
    co_batch_int2(writes, run->turn.lane);
    co_batch_text(writes, co_node_options(w->options.node)->service);
    co_batch_int8(writes, run->poison_case);
    co_batch_int8(writes, run->first_seq != 0 ? run->first_seq : l->position + 1);
    co_batch_text(writes, "failed every time it was tried; the log says how");
    w->stats.parked++;
    co_log_error(co_node_options(w->options.node)->log, "case_parked", CO_I("lane", run->turn.lane),
                 CO_I("case", run->poison_case), CO_I("seq", run->first_seq),
                 CO_S("help", "callout parked list"));
    send_commit(run);
}

static void on_counted(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    if (outcome->err != CO_OK) {
        fail(run, outcome->err, outcome, "count");
        return;
    }
    if (co_row_int4(outcome->results->item[0], 0, 0) > CO_WORKER_TRIES)
        park(run);
    else
        load(run);
}

static void count_try(struct turn_run *run)
{
    struct lane *l = lane_of(run);
    bool is_counted = l->is_counted;
    l->is_counted = false;
    run->is_counted = true;
    if (is_counted) {
        load(run);
        return;
    }
    (void)co_batch_add(run->extra, &co_io_sql[co_io_sql_count_attempt]);
    co_batch_int2(run->extra, run->turn.lane);
    co_batch_text(run->extra, co_node_options(run->worker->options.node)->service);
    co_batch_int8(run->extra, run->first_seq);
    co_batch_int8(run->extra, run->poison_case);
    co_pg_run(run->pg, run->extra, CO_PG_PLAIN, on_counted, run);
}

static void on_replay_read(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    struct lane *l = lane_of(run);
    if (outcome->err != CO_OK) {
        fail(run, outcome->err, outcome, "replay");
        return;
    }
    run->reads = *outcome->results; /* the entries borrow from it until they are unpacked below */
    *outcome->results = (struct co_results){ 0 };
    const PGresult *res = run->reads.item[0];
    int64_t position = run->consumes;
    lane_forget_parked(l, run->poison_case);
    int64_t poison_case = run->poison_case;
    for (int row = 0; row < PQntuples(res); row++) {
        struct co_entry_raw raw = co_entry_of_row(res, row);
        bool is_wanted = raw.kind < 64 && (run->worker->options.ops->kinds >> raw.kind & 1) != 0;
        if (is_wanted && add_entry(run, &raw) != CO_OK)
            break;
    }
    run->consumes = position;
    run->poison_case = poison_case;
    co_results_free(&run->reads);
    load(run);
}

/* Catches up with the entries of a parked case, or drops them, at an operator's wish. */
static void replay(struct turn_run *run)
{
    struct lane *l = lane_of(run);
    bool is_drop = l->replay_case < 0;
    run->is_replay = true;
    run->consumes = l->position;
    run->poison_case = is_drop ? -l->replay_case : l->replay_case;
    run->size = 1;
    int64_t since = l->position + 1;
    for (const struct parked_node *p = l->parked; p != NULL; p = p->next)
        if (p->case_id == run->poison_case)
            since = p->since_seq;
    if (is_drop)
        since = l->position + 1;
    (void)co_batch_add(run->extra, &co_io_sql[co_io_sql_read_case_entries]);
    co_batch_int2(run->extra, run->turn.lane);
    co_batch_int8(run->extra, run->poison_case);
    co_batch_int8(run->extra, since);
    co_batch_int8(run->extra, l->position);
    co_batch_int4(run->extra, CO_WORKER_TURN_MAX);
    co_pg_run(run->pg, run->extra, CO_PG_PLAIN, on_replay_read, run);
}

bool turn_start(struct co_worker *w, struct turn_run *run, int lane)
{
    struct lane *l = &w->lane[lane];
    clear_turn(run);
    run->is_busy = true;
    run->turn.lane = lane;
    run->turn.now_us = co_node_now_us(w->options.node);
    run->consumes = l->position;
    l->in_air = true;
    if (!alloc_turn(run)) {
        turn_failed(run, CO_ENOMEM, NULL, "start");
        return false;
    }
    if (l->replay_case != 0) {
        replay(run);
        return true;
    }
    co_fault_point(fault_of(run), "received");
    size_t limit = l->probation > 0 ? 1 : l->limit;
    enum co_err err = take_entries(run, limit);
    if (err == CO_OK) {
        take_locals(run, limit);
        take_due(run, limit);
    }
    if (err != CO_OK && err != CO_EINPUT) {
        fail(run, err, NULL, "take");
    } else if (run->size == 0 && err == CO_OK) {
        turn_end(run);
    } else if (err == CO_EINPUT) { /* alone at the head, and not an event of ours: it can only be set aside */
        run->consumes = l->position + 1;
        run->first_seq = run->consumes;
        park(run);
    } else if (run->size == 1 && (l->count_tries || l->probation > 0)) {
        count_try(run);
    } else {
        load(run);
    }
    return true;
}

static void on_saved(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    struct lane *l = lane_of(run);
    if (outcome->err == CO_OK && l->state == LANE_OWNED)
        l->saved = run->consumes;
    if (outcome->err != CO_OK)
        turn_failed(run, outcome->err, outcome, "save");
    else
        turn_end(run);
}

void turn_save_cursor(struct co_worker *w, struct turn_run *run, int lane)
{
    clear_turn(run);
    run->is_busy = true;
    run->turn.lane = lane;
    run->consumes = w->lane[lane].position;
    w->lane[lane].in_air = true;
    add_fence(run, run->turn.writes);
    co_pg_run(run->pg, run->turn.writes, CO_PG_PLAIN, on_saved, run);
}
