/* One turn of one lane: what waits is taken, loaded, decided and committed. */
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_io_sql.h"
#include "co_mesh.h"
#include "co_number.h"
#include "co_registry_feed.h"
#include "co_row.h"
#include "co_trace.h"
#include "co_worker_internal.h"

static struct lane *lane_of(const struct turn_run *run)
{
    return &run->worker->lane[run->turn.lane];
}

static struct co_fault *fault_of(const struct turn_run *run)
{
    return co_node_options(run->worker->options.node)->fault;
}

static void log_emitted(struct co_log *log, int64_t case_id, const Callout__V1__Event *event)
{
    const ProtobufCFieldDescriptor *kind = protobuf_c_message_descriptor_get_field(event->base.descriptor, (unsigned)event->body_case);
    char number[CO_NUMBER_TEXT];
    co_number_format(case_id, number);
    co_log_debug(log, "emitting", CO_S("number", number), CO_S("kind", kind == NULL ? "none" : kind->name),
                 CO_S("trace", event->traceparent));
}

bool co_turn_emit(struct co_turn *t, int64_t case_id, const Callout__V1__Event *event)
{
    struct turn_run *run = (struct turn_run *)((char *)t - offsetof(struct turn_run, turn));
    const struct co_node_options *node = co_node_options(run->worker->options.node);
    Callout__V1__Event emitted = *event;
    char trace[CO_TRACE_TEXT];
    (void)co_trace_child(event->traceparent, node->service, case_id, t->now_us, trace);
    emitted.traceparent = trace;
    if (co_log_wants(node->log, CO_LOG_DEBUG))
        log_emitted(node->log, case_id, &emitted);
    return co_outbox_add(&run->outbox, case_id, &emitted);
}

const char *turn_trace(const struct turn_run *run)
{
    return run->turn.entry_count > 0 ? run->entries[0].event->traceparent : "";
}

/* The registry version that an entry names; 0: none. */
static uint64_t version_named(const Callout__V1__Event *event)
{
    switch ((int)event->body_case) { /* five of many kinds */
    case CALLOUT__V1__EVENT__BODY_NOTICE_RESEND_ASKED:
        return event->notice_resend_asked->registry_version;
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
enum co_err turn_add_entry(struct turn_run *run, const struct co_entry_raw *raw)
{
    const struct lane *l = lane_of(run);
    bool is_parked = !run->is_replay && lane_is_parked(l, raw->case_id, raw->seq);
    bool is_wanted = raw->body.data != NULL && !is_parked;
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
    if (run->size++ == 0)
        run->poison_case = raw->case_id;
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
        enum co_err err = turn_add_entry(run, &h->entry);
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
    size_t n = run->turn.due_count;
    while (run->size < limit && co_heap_peek(l->due, &due) && due.due_us <= run->turn.now_us) {
        co_assert(co_heap_pop(l->due, &due));
        if (lane_is_parked(l, due.id, INT64_MAX))
            continue;
        run->due[n++] = due.id;
        if (run->size++ == 0)
            run->poison_case = due.id;
    }
    if (n > 1)
        qsort(run->due, n, sizeof(*run->due), by_value);
    run->turn.due_count = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || run->due[i] != run->due[i - 1])
            run->due[run->turn.due_count++] = run->due[i];
}

static void drop_local(const struct co_worker *w, const struct co_local *local)
{
    if (w->options.ops->dropped != NULL)
        w->options.ops->dropped(w->options.service, local);
}

static void take_locals(struct turn_run *run, size_t limit)
{
    struct lane *l = lane_of(run);
    while (run->size < limit && l->first_local != NULL) {
        struct local_node *node = l->first_local;
        struct co_local local = node->local;
        l->first_local = node->next;
        free(node);
        if (lane_is_parked(l, local.case_id, INT64_MAX)) {
            drop_local(run->worker, &local);
            continue;
        }
        run->locals[run->turn.local_count++] = local;
        if (run->size++ == 0)
            run->poison_case = local.case_id;
    }
}

/* Room is kept beside a backlog of entries for what else waits; where things are tried one by one, each kind has its turn. */
static enum co_err take(struct turn_run *run, size_t limit)
{
    struct lane *l = lane_of(run);
    struct co_due due;
    bool has_due = co_heap_peek(l->due, &due) && due.due_us <= run->turn.now_us;
    size_t room = limit >= 2 && (has_due || l->first_local != NULL) ? (limit + 3) / 4 : 0;
    unsigned kind = limit == 1 ? l->rota++ % WORKER_KINDS : 0;
    if (kind == 1)
        take_locals(run, limit);
    if (kind == 2)
        take_due(run, limit);
    enum co_err err = take_entries(run, limit - room);
    if (err == CO_OK) {
        take_locals(run, limit);
        take_due(run, limit);
    }
    return err;
}

void turn_drop_locals(struct turn_run *run)
{
    for (size_t i = 0; i < run->turn.local_count; i++)
        drop_local(run->worker, &run->locals[i]);
    run->turn.local_count = 0;
}

/* What a turn took and did not commit goes back: entries wait in the follower anyway. */
static void give_back(struct turn_run *run)
{
    struct lane *l = lane_of(run);
    for (size_t i = 0; i < run->turn.due_count; i++)
        lane_arm(run->worker, run->turn.lane, (struct co_due){ run->turn.now_us, run->due[i] });
    for (size_t i = run->turn.local_count; i > 0; i--) {
        struct local_node *node = l->state == LANE_OWNED ? malloc(sizeof(*node)) : NULL;
        if (node == NULL) {
            drop_local(run->worker, &run->locals[i - 1]);
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
    run->first_seq = run->poison_case = run->replay_next = 0;
    run->size = 0;
    run->has_transaction = run->parks = run->is_replay = run->is_counted = false;
    run->sent = NULL;
}

void turn_end(struct turn_run *run)
{
    lane_of(run)->in_air = false;
    lane_of(run)->served_mono_us = co_mono_us();
    co_results_free(&run->reads);
    co_results_free(&run->claims);
    run->is_busy = false;
    co_worker_kick(run->worker);
}

void turn_fail(struct turn_run *run, enum co_err err, const struct co_pg_outcome *outcome, const char *step)
{
    give_back(run);
    turn_failed(run, err, outcome, step);
}

void turn_send(struct turn_run *run, const struct co_batch *batch, unsigned mode, co_pg_done *done)
{
    run->sent = batch;
    co_pg_run(run->pg, batch, mode, done, run);
}

void turn_add_fence(struct turn_run *run, struct co_batch *batch)
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
    l->has_read = !is_saved && (l->has_read || run->turn.entry_count > 0);
    l->failures = 0;
    l->has_counted = false;
    if (l->probation > 0)
        l->probation -= (int)run->size;
    if (l->careful > 0)
        l->careful -= (int)run->size;
    if (l->careful <= 0) {
        l->count_tries = false;
        l->limit = l->limit * 2 > CO_WORKER_TURN_MAX ? CO_WORKER_TURN_MAX : l->limit * 2;
    }
    worker_metrics_turn(run);
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
        turn_fail(run, outcome->err, outcome, "commit");
        return;
    }
    co_fault_point(fault_of(run), "after_commit");
    if (run->outbox.count > 0) {
        co_outbox_number(&run->outbox, outcome->results->item[run->append_index]);
        co_node_publish(w->options.node, run->turn.lane, run->outbox.item, run->outbox.count);
        co_follow_offer(w->follow, run->turn.lane, run->outbox.item, run->outbox.count);
    }
    bool is_ours = lane_of(run)->state == LANE_OWNED;
    bool was_loaded = !run->parks && run->size > 0; /* the service saw the turn */
    if (is_ours && (run->parks || run->is_replay))
        turn_parked(run);
    take_effect(run, true);
    if (!is_ours)
        turn_drop_locals(run); /* the lane went away before we heard of the commit */
    else if (was_loaded && w->options.ops->committed != NULL)
        w->options.ops->committed(w->options.service, &run->turn);
    turn_end(run);
}

void turn_commit(struct turn_run *run)
{
    struct co_batch *writes = run->turn.writes;
    if (run->is_counted)
        turn_forget_count(run);
    if (run->outbox.count > 0)
        run->append_index = co_outbox_append(&run->outbox, writes, run->turn.lane, run->turn.now_us);
    co_fault_point(fault_of(run), "before_commit");
    turn_send(run, writes, run->has_transaction ? CO_PG_COMMIT : CO_PG_BEGIN | CO_PG_COMMIT, on_commit);
}

static void on_rolled_back(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    (void)outcome;
    turn_fail(run, run->decided, NULL, "decide");
}

static void decide(struct turn_run *run)
{
    struct co_worker *w = run->worker;
    if (!run->has_transaction)
        turn_add_fence(run, run->turn.writes);
    size_t before = co_batch_count(run->turn.writes);
    enum co_err err = w->options.ops->decide(w->options.service, &run->turn);
    co_fault_point(fault_of(run), "decided");
    if (err != CO_OK && run->has_transaction) {
        run->decided = err;
        co_batch_clear(run->turn.writes);
        turn_send(run, run->turn.writes, CO_PG_ROLLBACK, on_rolled_back);
    } else if (err != CO_OK) {
        turn_fail(run, err, NULL, "decide");
    } else if (!run->has_transaction && !run->is_replay && !run->is_counted && run->outbox.count == 0 &&
               co_batch_count(run->turn.writes) == before) {
        take_effect(run, false);
        if (w->options.ops->committed != NULL)
            w->options.ops->committed(w->options.service, &run->turn);
        turn_end(run);
    } else {
        if (run->is_replay)
            turn_finish_replay(run);
        turn_commit(run);
    }
}

static void on_claims(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    if (outcome->err != CO_OK) {
        turn_fail(run, outcome->err, outcome, "claim");
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
    turn_add_fence(run, run->turn.claims);
    enum co_err err = w->options.ops->claim(w->options.service, &run->turn);
    if (err != CO_OK)
        turn_fail(run, err, NULL, "claim");
    else if (co_batch_count(run->turn.claims) == 1)
        decide(run);
    else
        turn_send(run, run->turn.claims, CO_PG_BEGIN, on_claims);
}

static void on_reads(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    if (outcome->err != CO_OK) {
        turn_fail(run, outcome->err, outcome, "load");
        return;
    }
    run->reads = *outcome->results;
    *outcome->results = (struct co_results){ 0 };
    run->turn.read_results = run->reads.item;
    claim(run);
}

void turn_load(struct turn_run *run)
{
    struct co_worker *w = run->worker;
    run->turn.is_behind = !co_follow_is_caught_up(w->follow, run->turn.lane, run->consumes);
    enum co_err err = w->options.ops->load(w->options.service, &run->turn);
    if (err != CO_OK)
        turn_fail(run, err, NULL, "load");
    else if (co_batch_count(run->turn.reads) == 0)
        claim(run);
    else
        turn_send(run, run->turn.reads, CO_PG_PLAIN, on_reads);
}

void turn_start(struct co_worker *w, struct turn_run *run, int lane)
{
    struct lane *l = &w->lane[lane];
    clear_turn(run);
    run->is_busy = true;
    run->turn.lane = lane;
    run->turn.now_us = co_node_now_us(w->options.node);
    run->started_mono_us = co_mono_us();
    run->consumes = l->position;
    l->in_air = true;
    if (!alloc_turn(run)) {
        turn_failed(run, CO_ENOMEM, NULL, "start");
        return;
    }
    if (l->replay_case != 0) {
        turn_replay(run);
        return;
    }
    co_fault_point(fault_of(run), "received");
    bool is_group_small = l->probation > 0 && l->limit > WORKER_PROBATION;
    enum co_err err = take(run, is_group_small ? WORKER_PROBATION : l->limit);
    run->is_counted = l->probation > 0 || (run->size == 1 && l->count_tries);
    if (err != CO_OK && err != CO_EINPUT) {
        turn_fail(run, err, NULL, "take");
    } else if (run->size == 0 && err == CO_OK) {
        turn_end(run);
    } else if (err == CO_EINPUT) { /* alone at the head, and not an event of ours: it can only be set aside */
        run->consumes = l->position + 1;
        run->first_seq = run->consumes;
        turn_park(run);
    } else if (run->is_counted) {
        turn_count(run);
    } else {
        turn_load(run);
    }
}

static void on_saved(void *arg, const struct co_pg_outcome *outcome)
{
    struct turn_run *run = arg;
    struct lane *l = lane_of(run);
    if (outcome->err == CO_OK && l->state == LANE_OWNED) {
        l->saved = run->consumes;
        l->has_read = false;
    }
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
    turn_add_fence(run, run->turn.writes);
    turn_send(run, run->turn.writes, CO_PG_PLAIN, on_saved);
}
