#include "dispatch_booking.h"

#include <string.h>

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

enum { MOVES_MAX = 16 };

bool dispatch_booking_is_wanted(const struct dispatch_order *o)
{
    return o->state->booking != NULL && o->state->policy != NULL && !o->state->is_closed &&
           o->state->booking->dated_us != 0;
}

const Callout__V1__StaffNeed *dispatch_booking_need(const Callout__V1__PolicyPack *pack,
                                                    const char *slot)
{
    for (size_t i = 0; pack != NULL && i < pack->n_staff; i++)
        if (strcmp(pack->staff[i]->key, slot) == 0)
            return pack->staff[i];
    return NULL;
}

void dispatch_booking_times(const Callout__V1__BookingState *state,
                            const Callout__V1__StaffNeed *need, int64_t *ret_from_us,
                            int64_t *ret_until_us)
{
    bool has_end = state->dated_until_us > state->dated_us;
    int64_t until_us =
        has_end ? state->dated_until_us : state->dated_us + DISPATCH_BOOKING_POINT_US;
    *ret_from_us = state->dated_us - need->before_us;
    *ret_until_us = until_us + need->after_us;
}

bool dispatch_booking_span(const struct dispatch_order *o, const Callout__V1__PolicyPack *pack,
                           int64_t now_us, int64_t *ret_from_us, int64_t *ret_until_us)
{
    int64_t first_us = INT64_MAX, last_us = 0;
    bool is_any = dispatch_booking_is_wanted(o) && pack != NULL;
    for (size_t i = 0; is_any && i < pack->n_staff; i++) {
        int64_t from_us, until_us;
        dispatch_booking_times(o->state->booking, pack->staff[i], &from_us, &until_us);
        first_us = from_us < first_us ? from_us : first_us;
        last_us = until_us > last_us ? until_us : last_us;
    }
    if (last_us <= now_us)
        return false;
    *ret_from_us = first_us;
    *ret_until_us = last_us;
    return true;
}

int64_t dispatch_booking_wake_us(const struct dispatch_order *o)
{
    return o->state->booking == NULL ? 0 : o->state->booking->next_us;
}

bool dispatch_booking_wants_pack(const struct dispatch_order *o, int64_t now_us, bool is_woken)
{
    const Callout__V1__BookingState *b = o->state->booking;
    if (b == NULL || o->err != CO_OK)
        return false;
    return (o->state->policy != NULL && !b->is_read) || is_woken || o->is_span_new ||
           (b->next_us != 0 && b->next_us <= now_us);
}

static void wake(struct dispatch_order *o, int64_t at_us)
{
    o->state->booking->next_us = at_us;
    o->is_changed = true;
}

/* NULL: out of memory. */
static Callout__V1__BookingState *state_of(struct dispatch_order *o)
{
    if (o->state->booking != NULL)
        return o->state->booking;
    Callout__V1__BookingState *b = dispatch_order_alloc(o, sizeof(*b));
    if (b == NULL)
        return NULL;
    callout__v1__booking_state__init(b);
    o->state->booking = b;
    o->is_changed = true;
    return b;
}

void dispatch_booking_end(struct dispatch_order *o, Callout__V1__BookedPlace *place,
                          const char *how, int64_t at_us)
{
    struct dispatch_unbooked *grown = dispatch_order_grow(o, o->unbooked, o->unbooked_count,
                                                          &o->unbooked_cap, sizeof(*o->unbooked));
    Callout__V1__BookingEnded *ended = dispatch_order_alloc(o, sizeof(*ended));
    Callout__V1__Event *event = dispatch_order_announce(o);
    if (grown == NULL || ended == NULL || event == NULL)
        return;
    o->unbooked = grown;
    o->unbooked[o->unbooked_count++] = (struct dispatch_unbooked){ place->slot, place->generation };
    callout__v1__booking_ended__init(ended);
    ended->slot = place->slot;
    ended->generation = place->generation;
    ended->resource = place->resource;
    ended->how = dispatch_order_keep(o, how);
    ended->ended_us = at_us;
    event->body_case = CALLOUT__V1__EVENT__BODY_BOOKING_ENDED;
    event->booking_ended = ended;
    place->resource = dispatch_order_keep(o, "");
    place->is_named = false;
    o->is_changed = true;
}

static void end_all(struct dispatch_order *o, const char *how, int64_t at_us)
{
    Callout__V1__BookingState *b = o->state->booking;
    for (size_t i = 0; i < b->n_places; i++)
        if (b->places[i]->resource[0] != '\0')
            dispatch_booking_end(o, b->places[i], how, at_us);
}

/* Everything is looked for anew. */
static void begin_again(struct dispatch_order *o, int64_t at_us)
{
    Callout__V1__BookingState *b = o->state->booking;
    for (size_t i = 0; i < b->n_places; i++) {
        b->places[i]->is_done = false;
        b->places[i]->told = dispatch_order_keep(o, "");
    }
    b->n_barred = 0;
    o->is_span_new = true;
    wake(o, at_us);
}

/* ---- the date ---- */

static void on_date(struct dispatch_order *o, int64_t from_us, int64_t until_us)
{
    Callout__V1__BookingState *b = from_us == 0 ? o->state->booking : state_of(o);
    if (b == NULL || from_us == 0 || b->said_us != 0)
        return;
    b->dated_us = from_us;
    b->dated_until_us = until_us;
    o->is_changed = true;
}

/* The present pack's slots are read in this turn. */
static void on_opened(struct dispatch_order *o, const Callout__V1__CaseOpened *opened,
                      int64_t at_us)
{
    on_date(o, opened->dated_us, opened->dated_until_us);
    if (o->state->booking == NULL)
        return;
    o->state->booking->is_read = false;
    wake(o, at_us);
}

/* A copy of what matters of a command goes to the list, whose oldest gives way beyond `most`. */
static void remember(struct dispatch_order *o, Callout__V1__CommandReceived ***list, size_t *count,
                     size_t most, const Callout__V1__CommandReceived *c)
{
    Callout__V1__CommandReceived *copy = dispatch_order_alloc(o, sizeof(*copy));
    Callout__V1__CommandReceived **grown = dispatch_order_alloc(o, (*count + 1) * sizeof(*grown));
    if (copy == NULL || grown == NULL)
        return;
    callout__v1__command_received__init(copy);
    copy->command_id = c->command_id;
    copy->act = c->act;
    copy->occurred_us = c->occurred_us;
    copy->from_us = c->from_us;
    copy->until_us = c->until_us;
    copy->person = dispatch_order_keep(o, c->person);
    copy->name = dispatch_order_keep(o, c->name);
    copy->slot = dispatch_order_keep(o, c->slot);
    size_t skip = *count < most ? 0 : *count - most + 1;
    size_t kept = *count - skip;
    if (kept > 0)
        memcpy(grown, *list + skip, kept * sizeof(*grown));
    grown[kept] = copy;
    *list = grown;
    *count = kept + 1;
    o->is_changed = true;
}

static void on_command(struct dispatch_order *o, const Callout__V1__CommandReceived *c,
                       int64_t at_us)
{
    bool is_move = c->act == ACT(RESCHEDULE);
    bool is_ask = c->act == ACT(BOOK) || c->act == ACT(UNBOOK);
    Callout__V1__BookingState *b = is_move || is_ask ? state_of(o) : NULL;
    if (b == NULL)
        return;
    if (is_move) {
        remember(o, &b->moves, &b->n_moves, MOVES_MAX, c);
        return;
    }
    remember(o, &b->asks, &b->n_asks, SIZE_MAX, c); /* none is left without an answer */
    wake(o, at_us);
}

/* The one said last holds, whatever the order in which they become known. */
static void move(struct dispatch_order *o, const Callout__V1__CommandReceived *c, int64_t at_us)
{
    Callout__V1__BookingState *b = o->state->booking;
    if (c->occurred_us < b->said_us)
        return;
    bool is_other = b->dated_us != c->from_us || b->dated_until_us != c->until_us;
    b->said_us = c->occurred_us;
    b->dated_us = c->from_us;
    b->dated_until_us = c->until_us;
    if (!is_other)
        return;
    end_all(o, "rescheduled", at_us);
    begin_again(o, at_us);
}

static void on_applied(struct dispatch_order *o, const Callout__V1__CommandApplied *applied,
                       int64_t at_us)
{
    Callout__V1__BookingState *b = o->state->booking;
    size_t i = 0;
    if (b == NULL || applied->act != ACT(RESCHEDULE))
        return;
    while (i < b->n_moves && b->moves[i]->command_id != applied->command_id)
        i++;
    if (i == b->n_moves)
        return;
    const Callout__V1__CommandReceived *c = b->moves[i];
    b->n_moves -= i + 1; /* sla answers in order: those before were refused */
    memmove(b->moves, b->moves + i + 1, b->n_moves * sizeof(*b->moves));
    o->is_changed = true;
    move(o, c, at_us);
}

/* ---- the case ---- */

static void on_closed(struct dispatch_order *o, int64_t at_us)
{
    if (o->state->booking == NULL)
        return;
    end_all(o, "closed", at_us);
    o->is_span_new = true;
    wake(o, o->state->booking->n_asks > 0 ? at_us : 0);
}

static void on_withdrawn(struct dispatch_order *o, const Callout__V1__Withdrawn *withdrawn,
                         int64_t at_us)
{
    bool is_open = withdrawn->kind == CALLOUT__V1__EVENT__BODY_CASE_CLOSED && !withdrawn->stands;
    if (is_open && o->state->booking != NULL)
        begin_again(o, at_us);
}

void dispatch_booking_entry(struct dispatch_order *o, const Callout__V1__Event *event,
                            int64_t at_us)
{
    if (o->err != CO_OK)
        return;
    switch ((int)event->body_case) {
    case CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED:
        on_date(o, event->ticket_submitted->dated_us, event->ticket_submitted->dated_until_us);
        break;
    case CALLOUT__V1__EVENT__BODY_CASE_OPENED:
        on_opened(o, event->case_opened, at_us);
        break;
    case CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED:
        on_command(o, event->command_received, at_us);
        break;
    case CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED:
        on_applied(o, event->command_applied, at_us);
        break;
    case CALLOUT__V1__EVENT__BODY_CASE_CLOSED:
        on_closed(o, at_us);
        break;
    case CALLOUT__V1__EVENT__BODY_WITHDRAWN:
        on_withdrawn(o, event->withdrawn, at_us);
        break;
    default:
        break;
    }
}

/* ---- the pack ---- */

static size_t count_of(const Callout__V1__StaffNeed *need)
{
    return need->count > 0 ? need->count : 1;
}

static Callout__V1__BookedPlace *new_place(struct dispatch_order *o, const char *slot)
{
    Callout__V1__BookedPlace *place = dispatch_order_alloc(o, sizeof(*place));
    if (place == NULL)
        return NULL;
    callout__v1__booked_place__init(place);
    place->slot = dispatch_order_keep(o, slot);
    return place;
}

/* Those that are there stay what they are. */
static void make_places(struct dispatch_order *o, const Callout__V1__PolicyPack *pack)
{
    Callout__V1__BookingState *b = o->state->booking;
    size_t most = b->n_places;
    for (size_t i = 0; i < pack->n_staff; i++)
        most += count_of(pack->staff[i]);
    Callout__V1__BookedPlace **places = dispatch_order_alloc(o, (most + 1) * sizeof(*places));
    size_t count = b->n_places;
    if (places == NULL)
        return;
    if (count > 0)
        memcpy(places, b->places, count * sizeof(*places));
    for (size_t i = 0; i < pack->n_staff; i++) {
        size_t has = 0;
        for (size_t k = 0; k < b->n_places; k++)
            has += strcmp(b->places[k]->slot, pack->staff[i]->key) == 0;
        for (; has < count_of(pack->staff[i]); has++)
            if ((places[count] = new_place(o, pack->staff[i]->key)) != NULL)
                count++;
    }
    b->places = places;
    b->n_places = count;
}

void dispatch_booking_read(struct dispatch_order *o, const Callout__V1__PolicyPack *pack,
                           int64_t now_us)
{
    Callout__V1__BookingState *b = o->state->booking;
    bool has_staff = pack != NULL && pack->n_staff > 0;
    if (b->is_read || o->state->policy == NULL)
        return;
    if (!has_staff && b->n_asks == 0 && b->n_moves == 0 && b->n_places == 0) {
        o->state->booking = NULL; /* most dated cases: nothing to take */
        o->is_changed = true;
        return;
    }
    b->is_read = true;
    if (has_staff)
        make_places(o, pack);
    o->is_span_new = true;
    wake(o, now_us);
}
