#include "turn.h"

#include <stdlib.h>
#include <string.h>

#include "co_pbarena.h"
#include "co_row.h"
#include "co_time.h"
#include "dispatch_offers.h"

#define RECHECK_US (50 * CO_MILLISECOND_US) /* for an answer that is still on its way */

/* ---- which cases ---- */

static int by_case(const void *a, const void *b)
{
    const struct dispatch_turn_case *x = a, *y = b;
    return (x->case_id > y->case_id) - (x->case_id < y->case_id);
}

struct dispatch_turn_case *dispatch_turn_find(const struct dispatch_turn *turn, int64_t case_id)
{
    struct dispatch_turn_case key = { .case_id = case_id };
    return bsearch(&key, turn->item, turn->count, sizeof(key), by_case);
}

static bool is_of_no_case(const struct co_entry *entry)
{
    return entry->kind == CALLOUT__V1__EVENT__BODY_REGISTRY_APPLIED;
}

static void gather(struct dispatch_turn *turn)
{
    const struct co_turn *t = turn->turn;
    size_t count = 0;
    for (size_t i = 0; i < t->entry_count; i++) {
        if (is_of_no_case(&t->entries[i]))
            turn->has_registry = true;
        else
            turn->item[count++].case_id = t->entries[i].case_id;
    }
    for (size_t i = 0; i < t->due_count; i++)
        turn->item[count++].case_id = t->due[i];
    for (size_t i = 0; i < t->local_count; i++)
        turn->item[count++].case_id = t->locals[i].case_id;
    qsort(turn->item, count, sizeof(*turn->item), by_case);
    for (size_t i = 0; i < count; i++)
        if (turn->count == 0 || turn->item[turn->count - 1].case_id != turn->item[i].case_id)
            turn->item[turn->count++].case_id = turn->item[i].case_id;
    for (size_t i = 0; i < t->due_count; i++)
        dispatch_turn_find(turn, t->due[i])->is_due = true;
}

struct dispatch_turn *dispatch_turn_load(struct co_turn *t, bool has_visits)
{
    size_t most = t->entry_count + t->due_count + t->local_count + 1;
    struct dispatch_turn *turn = co_arena_alloc(t->arena, sizeof(*turn));
    struct dispatch_turn_case *item = co_arena_alloc(t->arena, most * sizeof(*item));
    int64_t *cases = co_arena_alloc(t->arena, most * sizeof(*cases));
    if (turn == NULL || item == NULL || cases == NULL)
        return NULL;
    memset(item, 0, most * sizeof(*item));
    *turn = (struct dispatch_turn){ .turn = t, .item = item };
    gather(turn);
    for (size_t i = 0; i < turn->count; i++)
        cases[i] = turn->item[i].case_id;
    if (turn->count > 0)
        turn->orders_index =
            dispatch_store_read_orders(t->reads, t->lane, cases, turn->count, t->due, t->due_count);
    if (t->due_count > 0)
        turn->claims_index =
            dispatch_store_read_claims(t->reads, t->lane, t->due, t->due_count, t->now_us);
    dispatch_turn_read_bookings(turn);
    turn->has_visits = has_visits && t->due_count > 0;
    if (turn->has_visits)
        turn->visits_index =
            dispatch_store_read_visits(t->reads, t->lane, t->due, t->due_count, t->now_us);
    if (turn->has_registry)
        turn->waiting_index = dispatch_store_read_waiting(t->reads, t->lane);
    return turn;
}

/* ---- orders from rows ---- */

static int64_t time_or_none(int64_t us)
{
    return us != 0 ? us : INT64_MAX;
}

static enum co_err open_orders(struct dispatch_turn *turn)
{
    struct co_turn *t = turn->turn;
    ProtobufCAllocator allocator = co_pbarena(t->arena);
    for (size_t i = 0; i < turn->count; i++)
        turn->item[i].row_next_us = INT64_MAX;
    const PGresult *res = turn->count > 0 ? t->read_results[turn->orders_index] : NULL;
    for (int row = 0; res != NULL && row < PQntuples(res); row++) {
        struct dispatch_store_order stored = dispatch_store_order_of_row(res, row);
        struct dispatch_turn_case *c = dispatch_turn_find(turn, stored.case_id);
        Callout__V1__DispatchState *state =
            callout__v1__dispatch_state__unpack(&allocator, stored.state.len, stored.state.data);
        if (state == NULL)
            return CO_EINPUT;
        dispatch_order_init(&c->order, t->arena, state);
        c->row_next_us = stored.next_us;
        c->is_prepared = stored.is_prepared;
        c->is_answered = stored.is_answered;
    }
    for (size_t i = 0; i < turn->count; i++)
        if (turn->item[i].order.state == NULL)
            dispatch_order_init(&turn->item[i].order, t->arena, NULL);
    return CO_OK;
}

/* ---- what happened ---- */

static void take_entries(struct dispatch_turn *turn, struct dispatch_map *map,
                         const struct co_registry *registry, const struct roads *roads)
{
    const struct co_turn *t = turn->turn;
    for (size_t i = 0; i < t->entry_count; i++) {
        const struct co_entry *entry = &t->entries[i];
        if (is_of_no_case(entry))
            continue;
        struct dispatch_turn_case *c = dispatch_turn_find(turn, entry->case_id);
        struct dispatch_order *order = &c->order;
        c->is_reviewed = turn->has_registry;
        order->contract = co_registry_contract(registry, order->state->contract);
        const char *person = dispatch_order_person(entry->event);
        dispatch_order_entry(order, entry->event, entry->at_us, dispatch_map_reporter(map, person));
        dispatch_turn_locate(turn, c, map, roads, entry->at_us);
    }
}

static void take_due(struct dispatch_turn *turn, struct dispatch_map *map,
                     const struct roads *roads)
{
    int64_t now_us = turn->turn->now_us;
    for (size_t i = 0; i < turn->count; i++) {
        struct dispatch_turn_case *c = &turn->item[i];
        if (!c->is_due || c->is_answered || c->order.is_new)
            continue;
        bool is_woken =
            c->row_next_us <= now_us && time_or_none(dispatch_order_wake_us(&c->order)) > now_us;
        c->is_reviewed = c->is_reviewed || is_woken;
        dispatch_order_due(&c->order, now_us);
        dispatch_road_due(&c->order, now_us, c->is_asking, roads_until_us(roads, now_us));
        if (is_woken)
            dispatch_order_woken(&c->order, now_us);
        dispatch_turn_locate(turn, c, map, roads, now_us);
    }
}

enum co_err dispatch_turn_claim(struct dispatch_turn *turn, struct dispatch_map *map,
                                struct co_registry_feed *feed, const struct roads *roads)
{
    const struct co_registry *registry = co_registry_feed_get(feed);
    enum co_err err = open_orders(turn);
    if (err != CO_OK)
        return err;
    turn->first_claim = co_batch_count(turn->turn->claims); /* the fence stands before ours */
    for (size_t i = 0; i < turn->count; i++)
        turn->item[i].is_asking = roads_is_asking(roads, turn->turn->lane, turn->item[i].case_id);
    take_entries(turn, map, registry, roads);
    dispatch_turn_answers(turn, map, roads);
    take_due(turn, map, roads);
    err = dispatch_turn_book(turn, map, feed);
    if (err == CO_OK)
        err = dispatch_turn_seek(turn, map, feed);
    if (err == CO_OK)
        err = dispatch_turn_lock_lots(turn, registry);
    return err == CO_OK ? dispatch_turn_claim_bookings(turn) : err;
}

/* ---- conclusions ---- */

/* What is given back at the end of the turn. */
struct releases {
    struct dispatch_store_claim *item;
    size_t count;
};

static void release(struct releases *releases, int64_t case_id, int64_t generation)
{
    releases->item[releases->count++] =
        (struct dispatch_store_claim){ .case_id = case_id, .generation = generation };
}

/* Whoever is asked besides is looked for from the nearest on: other candidates than now. */
static void conclude(struct dispatch_turn *turn, struct releases *releases)
{
    const struct co_turn *t = turn->turn;
    for (size_t i = 0; i < turn->claim_count; i++) {
        const struct dispatch_store_claim *claim = &turn->claim[i];
        struct dispatch_turn_case *c = dispatch_turn_find(turn, claim->case_id);
        struct dispatch_order *order = &c->order;
        enum dispatch_store_holds holds =
            dispatch_store_holds(t->claim_results[turn->own_index], claim);
        turn->lost += holds != DISPATCH_HOLDS_IT;
        if (holds == DISPATCH_HOLDS_OTHER)
            release(releases, claim->case_id, claim->generation);
        if (order->claim.is_firm)
            continue;
        if (holds == DISPATCH_HOLDS_IT) {
            dispatch_seek_claimed(order, t->now_us);
            c->candidates = NULL;
        } else {
            dispatch_seek_lost(order, t->now_us);
        }
    }
}

static enum co_err emit(struct dispatch_turn *turn, struct releases *releases)
{
    for (size_t i = 0; i < turn->count; i++) {
        const struct dispatch_turn_case *c = &turn->item[i];
        if (c->order.err != CO_OK)
            return c->order.err;
        for (size_t j = 0; j < c->order.event_count; j++)
            if (!co_turn_emit(turn->turn, c->case_id, c->order.events[j]))
                return CO_ENOMEM;
        for (size_t j = 0; j < c->order.released_count; j++)
            release(releases, c->case_id, (int64_t)c->order.released[j]);
    }
    return CO_OK;
}

/* Who took a visit in this turn. */
static enum co_err save_visits(struct dispatch_turn *turn)
{
    struct co_turn *t = turn->turn;
    size_t most = 1, count = 0;
    for (size_t i = 0; i < turn->count; i++)
        most += turn->item[i].order.event_count;
    struct dispatch_store_visit *visits = co_arena_alloc(t->arena, most * sizeof(*visits));
    if (visits == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < turn->count; i++)
        for (size_t j = 0; j < turn->item[i].order.event_count; j++) {
            const Callout__V1__Event *event = turn->item[i].order.events[j];
            if (event->body_case != CALLOUT__V1__EVENT__BODY_ASSIGNED)
                continue;
            visits[count++] = (struct dispatch_store_visit){
                .engineer = event->assigned->engineer,
                .case_id = turn->item[i].case_id,
                .generation = (int64_t)event->assigned->generation,
                .at_us = event->assigned->assigned_us,
            };
        }
    return count == 0
               ? CO_OK
               : dispatch_store_save_visits(t->writes, t->arena, t->lane, t->now_us, visits, count);
}

static bool pack(struct co_arena *arena, const Callout__V1__DispatchState *state,
                 struct co_bytes *ret_bytes)
{
    size_t len = callout__v1__dispatch_state__get_packed_size(state);
    uint8_t *data = co_arena_alloc(arena, len);
    if (data == NULL)
        return false;
    *ret_bytes = (struct co_bytes){ data, callout__v1__dispatch_state__pack(state, data) };
    return true;
}

static struct dispatch_store_order row_of(const struct dispatch_turn_case *c)
{
    const Callout__V1__DispatchState *state = c->order.state;
    bool is_open = state->order != CALLOUT__V1__ORDER_STATE__ORDER_NONE &&
                   state->order != CALLOUT__V1__ORDER_STATE__ORDER_ENDED;
    return (struct dispatch_store_order){
        .case_id = c->case_id,
        .next_us = time_or_none(dispatch_order_wake_us(&c->order)),
        .status = dispatch_state_name((enum dispatch_state)state->order),
        .is_located = state->located != NULL,
        .engineer = *state->engineer != '\0' ? state->engineer : NULL,
        .generation = (int64_t)state->generation,
        .accept_by_us = time_or_none(dispatch_offers_until_us(&c->order)),
        .arrive_by_us = is_open ? time_or_none(dispatch_order_deadline_us(&c->order)) : INT64_MAX,
        .candidates = dispatch_seek_wanted(&c->order) ? c->candidates : NULL,
        .lacks_minutes = state->man_days != NULL && state->man_days->missing_minutes > 0,
    };
}

static bool must_be_saved(const struct dispatch_turn_case *c)
{
    if (c->order.is_new)
        return c->order.is_changed;
    return c->order.is_changed ||
           c->row_next_us != time_or_none(dispatch_order_wake_us(&c->order)) ||
           (dispatch_seek_wanted(&c->order) && !c->is_prepared);
}

static enum co_err save(struct dispatch_turn *turn)
{
    struct co_turn *t = turn->turn;
    struct dispatch_store_order *rows = co_arena_alloc(t->arena, (turn->count + 1) * sizeof(*rows));
    size_t count = 0;
    if (rows == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < turn->count; i++) {
        struct dispatch_turn_case *c = &turn->item[i];
        if (!must_be_saved(c))
            continue;
        rows[count] = row_of(c);
        if (!pack(t->arena, c->order.state, &rows[count].state))
            return CO_ENOMEM;
        c->is_saved = true;
        count++;
    }
    return count == 0
               ? CO_OK
               : dispatch_store_save_orders(t->writes, t->arena, t->lane, t->now_us, rows, count);
}

enum co_err dispatch_turn_decide(struct dispatch_turn *turn)
{
    struct co_turn *t = turn->turn;
    size_t most = turn->claim_count;
    for (size_t i = 0; i < turn->count; i++)
        most += turn->item[i].order.released_count;
    struct releases releases = { .item = co_arena_alloc(t->arena,
                                                        (most + 1) * sizeof(*releases.item)) };
    if (releases.item == NULL)
        return CO_ENOMEM;
    conclude(turn, &releases);
    dispatch_turn_booked(turn);
    enum co_err err = dispatch_turn_post_lots(turn);
    if (err == CO_OK)
        err = emit(turn, &releases);
    if (err == CO_OK && turn->has_registry) /* those of this turn have been tried: save() says so */
        (void)dispatch_store_wake_waiting(t->writes, t->lane, t->now_us);
    if (err == CO_OK)
        err = save(turn);
    if (err == CO_OK)
        err = save_visits(turn);
    if (err == CO_OK)
        err = dispatch_turn_save_choices(turn);
    if (err == CO_OK)
        err = dispatch_turn_save_bookings(turn);
    if (err == CO_OK)
        err = dispatch_turn_save_lots(turn);
    if (err == CO_OK && releases.count > 0)
        err = dispatch_store_release_claims(t->writes, t->arena, releases.item, releases.count);
    return err;
}

void dispatch_turn_arm(const struct dispatch_turn *turn, struct co_worker *worker)
{
    const struct co_turn *t = turn->turn;
    for (size_t i = 0; i < turn->count; i++) {
        const struct dispatch_turn_case *c = &turn->item[i];
        int64_t next_us = time_or_none(dispatch_order_wake_us(&c->order));
        if (c->is_answered && next_us < t->now_us + RECHECK_US)
            next_us = t->now_us + RECHECK_US;
        if (c->is_saved || c->is_due)
            co_worker_due(worker, t->lane, c->case_id, next_us);
    }
    const PGresult *res = turn->has_registry ? t->read_results[turn->waiting_index] : NULL;
    for (int row = 0; res != NULL && row < PQntuples(res); row++)
        co_worker_due(worker, t->lane, co_row_int8(res, row, 0), t->now_us);
}
