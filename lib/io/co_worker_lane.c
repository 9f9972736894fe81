/* The lanes of a worker: taking, giving away, which cases are set aside. */
#include <stdlib.h>

#include "co_io_sql.h"
#include "co_lease_plan.h"
#include "co_mesh.h"
#include "co_row.h"
#include "co_registry_feed.h"
#include "co_worker_internal.h"

static struct co_log *log_of(const struct co_worker *w)
{
    return co_node_options(w->options.node)->log;
}

bool lane_is_parked(const struct lane *l, int64_t case_id, int64_t seq)
{
    for (const struct parked_node *p = l->parked; p != NULL; p = p->next)
        if (p->case_id == case_id)
            return seq >= p->since_seq;
    return false;
}

void lane_note_parked(struct lane *l, int64_t case_id, int64_t since_seq)
{
    if (lane_is_parked(l, case_id, INT64_MAX))
        return;
    struct parked_node *p = malloc(sizeof(*p));
    if (p == NULL)
        return; /* the next beat brings it again */
    *p = (struct parked_node){ l->parked, case_id, since_seq };
    l->parked = p;
}

void lane_forget_parked(struct lane *l, int64_t case_id)
{
    for (struct parked_node **at = &l->parked; *at != NULL; at = &(*at)->next)
        if ((*at)->case_id == case_id) {
            struct parked_node *gone = *at;
            *at = gone->next;
            free(gone);
            return;
        }
}

static void drop_locals(struct co_worker *w, struct lane *l)
{
    while (l->first_local != NULL) {
        struct local_node *node = l->first_local;
        l->first_local = node->next;
        if (w->options.ops->dropped != NULL)
            w->options.ops->dropped(w->options.service, &node->local);
        free(node);
    }
}

void lane_lose(struct co_worker *w, int lane)
{
    struct lane *l = &w->lane[lane];
    bool was_owned = l->state == LANE_OWNED || l->state == LANE_RELEASING;
    if (was_owned)
        worker_metrics_ended(w, l->state == LANE_OWNED);
    drop_locals(w, l);
    while (l->parked != NULL)
        lane_forget_parked(l, l->parked->case_id);
    co_heap_clear(l->due);
    co_follow_stop(w->follow, lane);
    *l = (struct lane){ .due = l->due, .in_air = l->in_air, .state = LANE_FREE, .horizon_us = CO_DUE_UNREAD, .crowd_us = CO_DUE_UNREAD,
                        .held_epoch = l->epoch != 0 ? l->epoch : l->held_epoch };
    co_node_listen(w->options.node, lane, false);
    if (was_owned && w->options.ops->lane_lost != NULL)
        w->options.ops->lane_lost(w->options.service, lane);
}

bool lane_may_act(const struct co_worker *w, int lane)
{
    (void)lane;
    return co_node_is_alive(w->options.node);
}

static void own(struct co_worker *w, int lane, int64_t seq, int64_t epoch, bool died_here)
{
    struct lane *l = &w->lane[lane];
    worker_metrics_taken(w, died_here);
    l->state = LANE_OWNED;
    l->epoch = epoch;
    l->saved = l->position = seq;
    l->has_read = false;
    l->limit = died_here ? WORKER_PROBATION : CO_WORKER_TURN_MAX;
    l->probation = l->careful = died_here ? CO_WORKER_TURN_MAX : 0;
    l->horizon_us = l->crowd_us = CO_DUE_UNREAD;
    l->registry_mark = w->options.feed != NULL ? co_registry_feed_mark(w->options.feed) : 0;
    co_node_listen(w->options.node, lane, true);
    co_follow_start(w->follow, lane, seq);
    if (w->options.ops->lane_taken != NULL)
        w->options.ops->lane_taken(w->options.service, lane);
    co_fault_point(co_node_options(w->options.node)->fault, "lease_taken");
    co_log_info(log_of(w), "lane_taken", CO_I("lane", lane), CO_I("seq", seq), CO_I("epoch", epoch),
                CO_B("owner_died", died_here));
}

static void on_leases(void *arg, const struct co_pg_outcome *outcome)
{
    struct co_worker *w = arg;
    w->lease_in_air = false;
    for (size_t i = 0; i < w->lease_count; i++) {
        int lane = w->lease_lane[i];
        struct lane *l = &w->lane[lane];
        if (!w->lease_takes[i]) {
            if (l->state == LANE_RELEASING)
                lane_lose(w, lane);
            continue;
        }
        if (l->state != LANE_TAKING)
            continue;
        l->state = LANE_FREE;
        const PGresult *res = outcome->err == CO_OK ? outcome->results->item[i] : NULL;
        if (res != NULL && PQntuples(res) == 1 && !w->is_stopping)
            own(w, lane, co_row_int8(res, 0, 0), co_row_int8(res, 0, 1), w->lease_died[i]);
    }
    if (outcome->err == CO_OK && !w->is_stopping)
        co_node_beat_now(w->options.node); /* others see at once what is free; our parked cases come */
    co_worker_kick(w);
}

/* The owner in the table is dead: another instance, or an earlier life of this one under the same name. */
static bool has_died(const struct co_worker *w, int lane, size_t me)
{
    const struct co_node_cursor *c = &co_node_cursors(w->options.node)[lane];
    return c->was_owned || (c->owner == (int)me && c->epoch != w->lane[lane].held_epoch);
}

static void add_take(struct co_worker *w, int lane, int64_t epoch, bool died)
{
    const struct co_node_options *node = co_node_options(w->options.node);
    (void)co_batch_add(w->lease_batch, &co_io_sql[co_io_sql_take_lane]);
    co_batch_int2(w->lease_batch, lane);
    co_batch_text(w->lease_batch, node->service);
    co_batch_int8(w->lease_batch, epoch);
    co_batch_text(w->lease_batch, node->instance);
    co_batch_int8(w->lease_batch, (int64_t)(w->options.ops->kinds | CO_WORKER_REGISTRY_KIND));
    w->lane[lane].state = LANE_TAKING;
    w->lease_died[w->lease_count] = died;
    w->lease_takes[w->lease_count] = true;
    w->lease_lane[w->lease_count++] = lane;
}

static void add_release(struct co_worker *w, int lane, int64_t epoch, int64_t seq)
{
    struct lane *l = &w->lane[lane];
    (void)co_batch_add(w->lease_batch, &co_io_sql[co_io_sql_release_lane]);
    co_batch_int2(w->lease_batch, lane);
    co_batch_text(w->lease_batch, co_node_options(w->options.node)->service);
    co_batch_int8(w->lease_batch, epoch);
    co_batch_int8(w->lease_batch, seq);
    l->state = LANE_RELEASING;
    l->wants_release = false;
    w->lease_takes[w->lease_count] = false;
    w->lease_lane[w->lease_count++] = lane;
}

static void send_leases(struct co_worker *w)
{
    if (w->lease_count == 0)
        return;
    w->lease_in_air = true;
    co_pg_run(co_node_pg(w->options.node), w->lease_batch, CO_PG_PLAIN, on_leases, w);
}

void lane_release_idle(struct co_worker *w)
{
    if (w->lease_in_air)
        return;
    co_batch_clear(w->lease_batch);
    w->lease_count = 0;
    for (int lane = 0; lane < w->lanes; lane++)
        if (w->lane[lane].wants_release && !w->lane[lane].in_air && w->lane[lane].state == LANE_OWNED)
            add_release(w, lane, w->lane[lane].epoch, w->lane[lane].position);
    send_leases(w);
}

static void take_parked(struct lane *l, const struct co_node_parked *parked)
{
    lane_note_parked(l, parked->case_id, parked->since_seq);
    if (l->replay_case != 0 || !(parked->replay || parked->drop))
        return;
    l->replay_case = parked->case_id;
    l->replay_drops = parked->drop;
    l->replay_failed = false;
}

/* The beat was sent after the lanes were taken (one connection, in order), but may be older than what a turn committed. */
static void read_parked(struct co_worker *w)
{
    size_t n;
    bool is_whole;
    const struct co_node_parked *parked = co_node_parked(w->options.node, &n, &is_whole);
    int64_t sent_mono_us = co_node_beat_mono_us(w->options.node);
    for (size_t i = 0; i < n; i++) {
        struct lane *l = &w->lane[parked[i].lane];
        if (l->state == LANE_OWNED && sent_mono_us > l->parked_mono_us)
            take_parked(l, &parked[i]);
    }
    for (int lane = 0; lane < w->lanes; lane++)
        if (w->lane[lane].state == LANE_OWNED && is_whole)
            w->lane[lane].knows_parked = true;
}

/* Lanes that the database says are somebody else's by now. */
static void notice_losses(struct co_worker *w, const struct co_node_cursor *cursors)
{
    for (int lane = 0; lane < w->lanes; lane++) {
        struct lane *l = &w->lane[lane];
        if (l->state == LANE_OWNED && cursors[lane].epoch > l->epoch) {
            co_log_warn(log_of(w), "lane_lost", CO_I("lane", lane), CO_I("epoch", cursors[lane].epoch));
            lane_lose(w, lane);
        }
    }
}

void lane_plan(struct co_worker *w)
{
    size_t me;
    size_t live = co_node_live(w->options.node, &me);
    const struct co_node_cursor *cursors = co_node_cursors(w->options.node);
    notice_losses(w, cursors);
    read_parked(w);
    if (live == 0 || me >= live || w->lease_in_air || w->is_stopping)
        return;

    struct co_lease_lane seen[CO_LANES_MAX];
    bool take[CO_LANES_MAX], release[CO_LANES_MAX];
    for (int lane = 0; lane < w->lanes; lane++) {
        const struct lane *l = &w->lane[lane];
        bool is_mine = l->state == LANE_OWNED && !l->wants_release;
        /* a row that names us although we do not hold it is left from an earlier life */
        int other = cursors[lane].owner == (int)me ? -1 : cursors[lane].owner;
        seen[lane].owner = is_mine ? (int)me : other;
    }
    co_lease_plan(seen, (size_t)w->lanes, live, me, take, release);
    co_batch_clear(w->lease_batch);
    w->lease_count = 0;
    w->missing = 0;
    for (int lane = 0; lane < w->lanes; lane++) {
        struct lane *l = &w->lane[lane];
        w->missing += take[lane];
        if (take[lane] && l->state == LANE_FREE && !l->in_air)
            add_take(w, lane, cursors[lane].epoch, has_died(w, lane, me));
        else if (cursors[lane].owner == (int)me && l->state == LANE_FREE && !l->in_air)
            add_release(w, lane, cursors[lane].epoch, cursors[lane].seq); /* nobody else may take it as long as it names us */
        if (release[lane] && l->in_air)
            l->wants_release = true;
        else if (release[lane])
            add_release(w, lane, l->epoch, l->position);
    }
    w->has_settled = w->has_settled || w->missing == 0;
    send_leases(w);
}
