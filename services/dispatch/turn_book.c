/* What the cases of a turn take for spans of time. */
#include <stdlib.h>
#include <string.h>

#include "co_time.h"
#include "dispatch_booking.h"
#include "turn.h"

#define SOON_US (7 * CO_DAY_US) /* whoever is sent is there before, or is not asked */

void dispatch_turn_read_bookings(struct dispatch_turn *turn)
{
    struct co_turn *t = turn->turn;
    if (t->due_count > 0)
        turn->bookings_index = dispatch_store_read_bookings(t->reads, t->lane, t->due, t->due_count,
                                                            t->now_us, t->now_us + SOON_US);
}

const PGresult *dispatch_turn_bookings(const struct dispatch_turn *turn)
{
    const struct co_turn *t = turn->turn;
    return t->due_count > 0 ? t->read_results[turn->bookings_index] : NULL;
}

/* *ret_pack is NULL where the case has none, or it is gone. */
static enum co_err pack_of(struct co_registry_feed *feed, const Callout__V1__DispatchState *state,
                           const Callout__V1__PolicyPack **ret_pack)
{
    *ret_pack = NULL;
    if (state->policy == NULL)
        return CO_OK;
    bool is_missing = false;
    const struct co_object *object = co_registry_feed_pin(feed, CO_KIND_POLICY, state->policy->key,
                                                          state->policy->since, &is_missing);
    if (object == NULL)
        return is_missing ? CO_OK : CO_EAGAIN;
    *ret_pack = object->message->policy;
    return CO_OK;
}

/* Everything that touches its span was read for this turn. */
static bool can_look(const struct dispatch_turn_case *c)
{
    return c->is_due && !c->is_answered && !c->order.is_new && !c->order.is_span_new;
}

static enum co_err read_packs(struct dispatch_turn *turn, struct co_registry_feed *feed)
{
    int64_t now_us = turn->turn->now_us;
    for (size_t i = 0; i < turn->count; i++) {
        struct dispatch_turn_case *c = &turn->item[i];
        struct dispatch_order *o = &c->order;
        if (o->state->booking != NULL && c->is_reviewed && !can_look(c))
            o->state->booking->next_us = now_us; /* in the next turn */
        if (c->is_answered || !dispatch_booking_wants_pack(o, now_us, c->is_reviewed))
            continue;
        enum co_err err = pack_of(feed, o->state, &c->pack);
        if (err != CO_OK)
            return err;
        dispatch_booking_read(o, c->pack, now_us);
        c->is_booking = o->state->booking != NULL;
    }
    return CO_OK;
}

/* What is taken, with room for everything that the cases of the turn want. NULL: out of memory. */
static struct dispatch_taken *gather(const struct dispatch_turn *turn, size_t *ret_count)
{
    const PGresult *res = dispatch_turn_bookings(turn);
    size_t count = res == NULL ? 0 : (size_t)PQntuples(res), most = count + 1;
    for (size_t i = 0; i < turn->count; i++)
        most += turn->item[i].is_booking ? turn->item[i].order.state->booking->n_places : 0;
    struct dispatch_taken *taken = co_arena_alloc(turn->turn->arena, most * sizeof(*taken));
    for (size_t i = 0; taken != NULL && i < count; i++) {
        struct dispatch_store_booking row = dispatch_store_booking_of_row(res, (int)i);
        taken[i] = (struct dispatch_taken){ row.resource, row.from_us, row.until_us, row.case_id };
    }
    *ret_count = count;
    return taken;
}

/* By the pack as long as it is at hand: it may be forgotten when the claims are made. */
static void note_span(struct dispatch_turn_case *c, int64_t now_us)
{
    c->span_from_us = c->span_until_us = INT64_MAX;
    c->has_span =
        dispatch_booking_span(&c->order, c->pack, now_us, &c->span_from_us, &c->span_until_us);
    c->pack = NULL;
}

/* "CUSTOMER/SITE"; NULL: out of memory. */
char *dispatch_turn_faults_at(const struct dispatch_order *o)
{
    size_t len = strlen(o->state->customer) + 1 + strlen(o->state->site) + 1;
    char *text = co_arena_alloc(o->arena, len);
    if (text != NULL)
        (void)stpcpy(stpcpy(stpcpy(text, o->state->customer), "/"), o->state->site);
    return text;
}

static int by_resource(const void *a, const void *b)
{
    const struct dispatch_turn_booking *x = a, *y = b;
    int order = strcmp(x->row.resource, y->row.resource);
    if (order != 0)
        return order;
    if (x->row.case_id != y->row.case_id)
        return x->row.case_id < y->row.case_id ? -1 : 1;
    return x->claim < y->claim ? -1 : x->claim > y->claim;
}

static bool touch(const struct dispatch_store_booking *x, const struct dispatch_store_booking *y)
{
    return strcmp(x->resource, y->resource) == 0 && x->from_us < y->until_us &&
           x->until_us > y->from_us;
}

/* The claims of one case. */
static enum co_err add_claims_of(struct dispatch_turn *turn, struct dispatch_turn_case *c)
{
    const struct dispatch_order *o = &c->order;
    for (size_t i = 0; i < o->booking_count; i++) {
        const struct dispatch_booking_claim *claim = &o->bookings[i];
        char *faults_at = claim->takes_faults ? dispatch_turn_faults_at(o) : NULL;
        if (claim->takes_faults && faults_at == NULL)
            return CO_ENOMEM;
        turn->booking[turn->booking_count++] = (struct dispatch_turn_booking){
            .owner = c,
            .claim = i,
            .row = { .resource = claim->resource,
                     .capacity =
                         (int32_t)(claim->capacity < INT16_MAX ? claim->capacity : INT16_MAX),
                     .case_id = c->case_id,
                     .slot = o->state->booking->places[claim->place]->slot,
                     .generation = (int32_t)claim->generation,
                     .from_us = claim->from_us,
                     .until_us = claim->until_us,
                     .faults_at = faults_at },
        };
    }
    return CO_OK;
}

enum co_err dispatch_turn_book(struct dispatch_turn *turn, struct dispatch_map *map,
                               struct co_registry_feed *feed)
{
    const struct co_turn *t = turn->turn;
    enum co_err err = read_packs(turn, feed);
    size_t count, most = 1;
    struct dispatch_taken *taken = err == CO_OK ? gather(turn, &count) : NULL;
    if (taken == NULL)
        return err == CO_OK ? CO_ENOMEM : err;
    for (size_t i = 0; i < turn->count; i++) {
        struct dispatch_turn_case *c = &turn->item[i];
        if (!c->is_booking || !can_look(c))
            continue;
        struct dispatch_booker b = { map, c->order.state, taken, count, c->case_id };
        dispatch_booking_turn(&c->order, c->pack, &b, t->now_us);
        count = b.taken_count;
        most += c->order.booking_count;
    }
    turn->booking = co_arena_alloc(t->arena, most * sizeof(*turn->booking));
    if (turn->booking == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; err == CO_OK && i < turn->count; i++) {
        err = add_claims_of(turn, &turn->item[i]);
        if (turn->item[i].is_booking)
            note_span(&turn->item[i], t->now_us);
    }
    return err;
}

enum co_err dispatch_turn_claim_bookings(struct dispatch_turn *turn)
{
    struct co_turn *t = turn->turn;
    size_t count = turn->booking_count;
    if (count == 0)
        return CO_OK;
    struct dispatch_store_booking *rows = co_arena_alloc(t->arena, count * sizeof(*rows));
    if (rows == NULL)
        return CO_ENOMEM;
    qsort(turn->booking, count, sizeof(*turn->booking), by_resource);
    for (size_t i = 0; i < count; i++) {
        struct dispatch_store_booking *row = &turn->booking[i].row;
        for (size_t k = 0; k < i; k++)
            row->before += touch(&turn->booking[k].row, row);
        rows[i] = *row;
    }
    enum co_err err = dispatch_store_book(t->claims, t->arena, t->lane, t->now_us, rows, count,
                                          &turn->booked_index);
    turn->booked_index -= turn->first_claim;
    return err;
}

void dispatch_turn_booked(struct dispatch_turn *turn)
{
    const struct co_turn *t = turn->turn;
    for (size_t i = 0; i < turn->booking_count; i++) {
        const struct dispatch_turn_booking *x = &turn->booking[i];
        if (dispatch_store_is_booked(t->claim_results[turn->booked_index], &x->row)) {
            dispatch_booking_claimed(&x->owner->order, x->claim, t->now_us);
        } else {
            dispatch_booking_lost(&x->owner->order, x->claim, t->now_us);
            turn->lost++;
        }
    }
}

static enum co_err release(struct dispatch_turn *turn)
{
    struct co_turn *t = turn->turn;
    size_t most = 1, count = 0;
    for (size_t i = 0; i < turn->count; i++)
        most += turn->item[i].order.unbooked_count;
    struct dispatch_store_booking *rows = co_arena_alloc(t->arena, most * sizeof(*rows));
    if (rows == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < turn->count; i++) {
        const struct dispatch_turn_case *c = &turn->item[i];
        for (size_t k = 0; k < c->order.unbooked_count; k++)
            rows[count++] = (struct dispatch_store_booking){
                .resource = "",
                .case_id = c->case_id,
                .slot = c->order.unbooked[k].slot,
                .generation = (int32_t)c->order.unbooked[k].generation,
            };
    }
    return count == 0 ? CO_OK : dispatch_store_release_bookings(t->writes, t->arena, rows, count);
}

/* The spans that are new, or over. */
static enum co_err save_spans(struct dispatch_turn *turn)
{
    struct co_turn *t = turn->turn;
    size_t count = 0;
    struct dispatch_store_span *spans =
        co_arena_alloc(t->arena, (turn->count + 1) * sizeof(*spans));
    if (spans == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < turn->count; i++) {
        const struct dispatch_turn_case *c = &turn->item[i];
        if (c->is_booking && (c->order.is_span_new || !c->has_span))
            spans[count++] =
                (struct dispatch_store_span){ c->case_id, c->span_from_us, c->span_until_us };
    }
    return count == 0 ? CO_OK
                      : dispatch_store_save_spans(t->writes, t->arena, t->lane, spans, count);
}

enum co_err dispatch_turn_save_bookings(struct dispatch_turn *turn)
{
    enum co_err err = release(turn);
    return err == CO_OK ? save_spans(turn) : err;
}
