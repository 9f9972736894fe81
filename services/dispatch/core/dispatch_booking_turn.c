/* What is booked of a case is looked at: what ended, what people want, what is missing. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "co_assert.h"
#include "dispatch_booking.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

enum { TEXT_MAX = 512 };

/* One look. */
struct look {
    struct dispatch_order *o;
    Callout__V1__BookingState *state;
    const Callout__V1__PolicyPack *pack;
    struct dispatch_booker *b;
    int64_t now_us;
    bool is_retried; /* somebody is still missing, who may be free later */
};

static bool is_held(const Callout__V1__BookedPlace *place)
{
    return place->resource[0] != '\0';
}

/* The key behind "engineer/". */
static const char *key_of(const char *resource)
{
    const char *slash = strchr(resource, '/');
    return slash == NULL ? resource : slash + 1;
}

__attribute__((format(printf, 2, 3))) static char *text(struct look *k, const char *format, ...)
{
    char line[TEXT_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    return dispatch_order_keep(k->o, line);
}

/* ---- what ended ---- */

static void end_over(struct look *k)
{
    for (size_t i = 0; i < k->state->n_places; i++) {
        Callout__V1__BookedPlace *place = k->state->places[i];
        if (!is_held(place) || k->now_us < place->until_us)
            continue;
        dispatch_booking_end(k->o, place, "done", place->until_us);
        place->is_done = true;
    }
}

/* Who is taken stands for the picture of the tables: they know it better. */
static void end_unfit(struct look *k)
{
    for (size_t i = 0; i < k->state->n_places; i++) {
        Callout__V1__BookedPlace *place = k->state->places[i];
        const Callout__V1__StaffNeed *need = dispatch_booking_need(k->pack, place->slot);
        if (!is_held(place) || need == NULL)
            continue;
        struct dispatch_look look = dispatch_booker_look(k->b, need, key_of(place->resource),
                                                         place->from_us, place->until_us);
        if (look.bar > DISPATCH_BAR_TAKEN)
            dispatch_booking_end(k->o, place, "unfit", k->now_us);
    }
}

/* ---- claims ---- */

static bool is_claimed(const struct look *k, size_t place)
{
    for (size_t i = 0; i < k->o->booking_count; i++)
        if (k->o->bookings[i].place == place)
            return true;
    return false;
}

static uint32_t next_generation(const struct look *k, const char *slot)
{
    uint32_t newest = 0;
    for (size_t i = 0; i < k->state->n_places; i++)
        if (strcmp(k->state->places[i]->slot, slot) == 0 &&
            k->state->places[i]->generation > newest)
            newest = k->state->places[i]->generation;
    for (size_t i = 0; i < k->o->booking_count; i++)
        newest += strcmp(k->state->places[k->o->bookings[i].place]->slot, slot) == 0;
    return newest + 1;
}

static void want(struct look *k, size_t place, const Callout__V1__StaffNeed *need, const char *key,
                 uint32_t capacity, uint64_t command_id)
{
    struct dispatch_order *o = k->o;
    struct dispatch_booking_claim *grown = dispatch_order_grow(
        o, o->bookings, o->booking_count, &o->booking_cap, sizeof(*o->bookings));
    char *resource = dispatch_booker_resource(o->arena, need, key);
    if (grown == NULL || resource == NULL) {
        o->err = CO_ENOMEM;
        return;
    }
    struct dispatch_booking_claim claim = {
        .place = place,
        .generation = next_generation(k, need->key),
        .resource = resource,
        .capacity = capacity,
        .command_id = command_id,
        .takes_faults = need->takes_faults,
    };
    dispatch_booking_times(k->state, need, &claim.from_us, &claim.until_us);
    o->bookings = grown;
    o->bookings[o->booking_count++] = claim;
    k->b->taken[k->b->taken_count++] = (struct dispatch_taken){ .resource = resource,
                                                                .from_us = claim.from_us,
                                                                .until_us = claim.until_us,
                                                                .case_id = k->b->case_id };
}

/* Which of the places of its slot. */
static uint32_t place_of(const Callout__V1__BookingState *b, const Callout__V1__BookedPlace *place)
{
    uint32_t before = 0;
    for (size_t i = 0; b->places[i] != place; i++)
        before += strcmp(b->places[i]->slot, place->slot) == 0;
    return before;
}

static void announce_booked(struct dispatch_order *o, const Callout__V1__BookedPlace *place,
                            int64_t now_us)
{
    Callout__V1__Booked *booked = dispatch_order_alloc(o, sizeof(*booked));
    Callout__V1__Event *event = dispatch_order_announce(o);
    if (booked == NULL || event == NULL)
        return;
    callout__v1__booked__init(booked);
    booked->slot = place->slot;
    booked->generation = place->generation;
    booked->resource = place->resource;
    booked->from_us = place->from_us;
    booked->until_us = place->until_us;
    booked->is_named = place->is_named;
    booked->booked_us = now_us;
    booked->place = place_of(o->state->booking, place);
    event->body_case = CALLOUT__V1__EVENT__BODY_BOOKED;
    event->booked = booked;
}

/* ---- answers ---- */

static void forget_ask(struct dispatch_order *o, uint64_t command_id)
{
    Callout__V1__BookingState *b = o->state->booking;
    size_t kept = 0;
    for (size_t i = 0; i < b->n_asks; i++)
        if (b->asks[i]->command_id != command_id)
            b->asks[kept++] = b->asks[i];
    b->n_asks = kept;
    o->is_changed = true;
}

static void apply(struct dispatch_order *o, const Callout__V1__CommandReceived *c)
{
    Callout__V1__CommandApplied *applied = dispatch_order_alloc(o, sizeof(*applied));
    Callout__V1__Event *event = dispatch_order_announce(o);
    if (applied == NULL || event == NULL)
        return;
    callout__v1__command_applied__init(applied);
    applied->command_id = c->command_id;
    applied->act = c->act;
    applied->person = c->person;
    event->body_case = CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED;
    event->command_applied = applied;
    forget_ask(o, c->command_id);
}

static void refuse(struct look *k, const Callout__V1__CommandReceived *c, const char *reason)
{
    struct dispatch_order *o = k->o;
    Callout__V1__CommandRefused *refused = dispatch_order_alloc(o, sizeof(*refused));
    Callout__V1__Act *possible = dispatch_order_alloc(o, 2 * sizeof(*possible));
    Callout__V1__Event *event = dispatch_order_announce(o);
    if (refused == NULL || possible == NULL || event == NULL)
        return;
    callout__v1__command_refused__init(refused);
    refused->command_id = c->command_id;
    refused->act = c->act;
    refused->reason = dispatch_order_keep(o, reason);
    refused->possible = possible;
    bool is_any = false;
    for (size_t i = 0; i < k->state->n_places; i++)
        is_any = is_any || is_held(k->state->places[i]);
    if (dispatch_booking_is_wanted(o) && k->state->n_places > 0)
        possible[refused->n_possible++] = ACT(BOOK);
    if (is_any)
        possible[refused->n_possible++] = ACT(UNBOOK);
    event->body_case = CALLOUT__V1__EVENT__BODY_COMMAND_REFUSED;
    event->command_refused = refused;
    forget_ask(o, c->command_id);
}

/* ---- what people want ---- */

/* Why nothing of this case can be booked or let go; NULL: it can. */
static const char *why_nothing(const struct look *k)
{
    if (k->o->state->is_closed)
        return "the case is closed";
    if (k->o->state->policy == NULL)
        return "the case is not opened yet";
    if (k->pack == NULL || k->pack->n_staff == 0)
        return "the policy of this case takes nobody for its date";
    return k->state->dated_us == 0 ? "the date of this case is not known: say it first (reschedule)"
                                   : NULL;
}

static const char *slots_of(struct look *k)
{
    const char *all = "";
    for (size_t i = 0; i < k->pack->n_staff; i++)
        all = text(k, "%s%s%s", all, i == 0 ? "" : ", ", k->pack->staff[i]->key);
    return all;
}

/* Who is to be booked gets a free place, else that of somebody whom no person named; SIZE_MAX: all
 * are named. */
static size_t place_for(const struct look *k, const char *slot)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < k->state->n_places; i++) {
        const Callout__V1__BookedPlace *place = k->state->places[i];
        if (strcmp(place->slot, slot) != 0 || is_claimed(k, i))
            continue;
        if (!is_held(place))
            return i;
        if (!place->is_named &&
            (found == SIZE_MAX || place->generation > k->state->places[found]->generation))
            found = i;
    }
    return found;
}

/* The only place of a slot, of that resource ("": any); SIZE_MAX: none, or several. */
static size_t held_place(const struct look *k, const char *slot, const char *name, size_t *ret_held)
{
    size_t found = SIZE_MAX;
    *ret_held = 0;
    for (size_t i = 0; i < k->state->n_places; i++) {
        const Callout__V1__BookedPlace *place = k->state->places[i];
        if (strcmp(place->slot, slot) != 0 || !is_held(place) ||
            (*name != '\0' && strcmp(key_of(place->resource), name) != 0))
            continue;
        found = i;
        ++*ret_held;
    }
    return *ret_held == 1 ? found : SIZE_MAX;
}

/* Of a slot with one place, whoever a person named gives way to whom one names now. */
static size_t only_place(const struct look *k, const Callout__V1__StaffNeed *need)
{
    size_t held;
    return need->count <= 1 ? held_place(k, need->key, "", &held) : SIZE_MAX;
}

static void book(struct look *k, const Callout__V1__CommandReceived *c,
                 const Callout__V1__StaffNeed *need)
{
    size_t held;
    int64_t from_us, until_us;
    size_t place = place_for(k, need->key);
    dispatch_booking_times(k->state, need, &from_us, &until_us);
    if (place == SIZE_MAX)
        place = only_place(k, need);
    struct dispatch_look look = dispatch_booker_look(k->b, need, c->name, from_us, until_us);
    if (k->now_us >= until_us)
        refuse(k, c, "the date of this case is over");
    else if (held_place(k, need->key, c->name, &held), held > 0)
        refuse(k, c, text(k, "%s is booked for %s already", c->name, need->key));
    else if (look.bar != DISPATCH_BAR_NONE)
        refuse(k, c, dispatch_booker_why(k->o->arena, need, c->name, &look, until_us));
    else if (place == SIZE_MAX)
        refuse(k, c,
               text(k, "all places of %s are taken: let somebody go first (unbook)", need->key));
    else
        want(k, place, need, c->name, look.capacity, c->command_id);
}

/* Whom a person lets go is not taken again by itself. */
static void bar(struct look *k, const Callout__V1__BookedPlace *place)
{
    Callout__V1__BookingState *b = k->state;
    char **grown = dispatch_order_alloc(k->o, (b->n_barred + 1) * sizeof(*grown));
    if (grown == NULL)
        return;
    if (b->n_barred > 0)
        memcpy(grown, b->barred, b->n_barred * sizeof(*grown));
    grown[b->n_barred++] = text(k, "%s %s", place->slot, place->resource);
    b->barred = grown;
}

static void unbook(struct look *k, const Callout__V1__CommandReceived *c,
                   const Callout__V1__StaffNeed *need)
{
    size_t held;
    size_t place = held_place(k, need->key, c->name, &held);
    if (held > 1) {
        refuse(k, c, text(k, "several are booked for %s: say who of them", need->key));
        return;
    }
    if (place == SIZE_MAX) {
        const char *who = *c->name == '\0' ? "nobody is" : text(k, "%s is not", c->name);
        refuse(k, c, text(k, "%s booked for %s", who, need->key));
        return;
    }
    bar(k, k->state->places[place]);
    dispatch_booking_end(k->o, k->state->places[place], "unbooked", k->now_us);
    apply(k->o, c);
}

static void answer(struct look *k, const Callout__V1__CommandReceived *c)
{
    const char *why = why_nothing(k);
    const Callout__V1__StaffNeed *need =
        why != NULL ? NULL : dispatch_booking_need(k->pack, c->slot);
    if (why != NULL)
        refuse(k, c, why);
    else if (need == NULL)
        refuse(k, c, text(k, "the policy has no slot \"%s\"; it has %s", c->slot, slots_of(k)));
    else if (c->act == ACT(BOOK))
        book(k, c, need);
    else
        unbook(k, c, need);
}

static void answer_all(struct look *k)
{
    size_t count = k->state->n_asks;
    Callout__V1__CommandReceived **asks = dispatch_order_alloc(k->o, (count + 1) * sizeof(*asks));
    if (asks == NULL)
        return;
    if (count > 0)
        memcpy(asks, k->state->asks, count * sizeof(*asks));
    for (size_t i = 0; i < count; i++)
        answer(k, asks[i]);
}

/* ---- what is missing ---- */

static void tell(struct look *k, Callout__V1__BookedPlace *place, const char *missing,
                 const char *nearest, int64_t free_from_us)
{
    if (strcmp(place->told, missing) == 0)
        return;
    struct dispatch_order *o = k->o;
    Callout__V1__NobodyToBook *nobody = dispatch_order_alloc(o, sizeof(*nobody));
    Callout__V1__Event *event = dispatch_order_announce(o);
    if (nobody == NULL || event == NULL)
        return;
    place->told = dispatch_order_keep(o, missing);
    callout__v1__nobody_to_book__init(nobody);
    nobody->slot = place->slot;
    nobody->missing = place->told;
    nobody->at_us = k->now_us;
    nobody->nearest = dispatch_order_keep(o, nearest);
    nobody->free_from_us = free_from_us;
    nobody->ordinal = ++k->state->told;
    nobody->place = place_of(k->state, place);
    event->body_case = CALLOUT__V1__EVENT__BODY_NOBODY_TO_BOOK;
    event->nobody_to_book = nobody;
    o->is_changed = true;
}

static void seek(struct look *k, size_t i, const Callout__V1__StaffNeed *need)
{
    Callout__V1__BookedPlace *place = k->state->places[i];
    int64_t from_us, until_us;
    dispatch_booking_times(k->state, need, &from_us, &until_us);
    if (k->now_us >= until_us)
        return;
    struct dispatch_booker_pick pick =
        dispatch_booker_pick(k->b, need, from_us, until_us, k->state->barred, k->state->n_barred);
    if (need->named) {
        tell(k, place, "name", pick.key != NULL ? pick.key : pick.nearest, 0);
    } else if (pick.key != NULL) {
        want(k, i, need, pick.key, pick.capacity, 0);
    } else {
        tell(k, place, pick.missing, pick.nearest, pick.free_from_us);
        k->is_retried = true;
    }
}

static void seek_all(struct look *k)
{
    for (size_t i = 0; i < k->state->n_places; i++) {
        const Callout__V1__BookedPlace *place = k->state->places[i];
        const Callout__V1__StaffNeed *need = dispatch_booking_need(k->pack, place->slot);
        if (need != NULL && !is_held(place) && !place->is_done && !is_claimed(k, i))
            seek(k, i, need);
    }
}

static int64_t next_us(const struct look *k)
{
    int64_t next_us = k->is_retried ? k->now_us + DISPATCH_BOOKING_PAUSE_US : 0;
    for (size_t i = 0; i < k->state->n_places; i++) {
        const Callout__V1__BookedPlace *place = k->state->places[i];
        if (is_held(place) && (next_us == 0 || place->until_us < next_us))
            next_us = place->until_us;
    }
    return next_us;
}

static void rest(struct look *k)
{
    int64_t at_us = next_us(k);
    k->o->is_changed = k->o->is_changed || k->state->next_us != at_us;
    k->state->next_us = at_us;
}

void dispatch_booking_turn(struct dispatch_order *o, const Callout__V1__PolicyPack *pack,
                           struct dispatch_booker *b, int64_t now_us)
{
    struct look k = { .o = o, .state = o->state->booking, .pack = pack, .b = b, .now_us = now_us };
    o->trace = o->state->traceparent;
    if (dispatch_booking_is_wanted(o)) {
        end_over(&k);
        end_unfit(&k);
    }
    answer_all(&k);
    if (dispatch_booking_is_wanted(o))
        seek_all(&k);
    rest(&k);
}

/* ---- what the tables said ---- */

static const Callout__V1__CommandReceived *ask_of(const struct dispatch_order *o, uint64_t id)
{
    const Callout__V1__BookingState *b = o->state->booking;
    for (size_t i = 0; id != 0 && i < b->n_asks; i++)
        if (b->asks[i]->command_id == id)
            return b->asks[i];
    return NULL;
}

void dispatch_booking_claimed(struct dispatch_order *o, size_t i, int64_t now_us)
{
    co_assert(i < o->booking_count);
    const struct dispatch_booking_claim *claim = &o->bookings[i];
    Callout__V1__BookingState *b = o->state->booking;
    Callout__V1__BookedPlace *place = b->places[claim->place];
    const Callout__V1__CommandReceived *ask = ask_of(o, claim->command_id);
    if (is_held(place))
        dispatch_booking_end(o, place, "replaced", now_us);
    place->generation = claim->generation;
    place->resource = claim->resource;
    place->from_us = claim->from_us;
    place->until_us = claim->until_us;
    place->is_named = ask != NULL;
    place->is_done = false;
    place->told = dispatch_order_keep(o, "");
    announce_booked(o, place, now_us);
    if (ask != NULL)
        apply(o, ask);
    if (b->next_us == 0 || claim->until_us < b->next_us)
        b->next_us = claim->until_us;
    o->is_changed = true;
}

void dispatch_booking_lost(struct dispatch_order *o, size_t i, int64_t now_us)
{
    co_assert(i < o->booking_count);
    o->state->booking->next_us = now_us;
    o->is_changed = true;
}
