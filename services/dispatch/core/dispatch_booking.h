/* dispatch_booking.h - whom, and what, a dated case takes for its span.
 *
 * Pure. Two steps in two transactions, as with visits: what an entry means is saved with the span
 * (dispatch_booking_entry, dispatch_booking_read); in a later turn, with all bookings that touch
 * the span at hand, dispatch_booking_turn() ends what does not hold any more, answers commands and
 * asks for claims; the tables decide who gets them, and the order is told (_claimed, _lost). Errors
 * stick in the order, see dispatch_order.h. Times are Unix microseconds.
 *
 * Where a case says a point in time and no end, somebody is taken for DISPATCH_BOOKING_POINT_US.
 * Nobody to be found is said once per reason, and looked for again every DISPATCH_BOOKING_PAUSE_US
 * and when the registry changes, until the span is over.
 */
#pragma once

#include "dispatch_booker.h"
#include "dispatch_order.h"

#define DISPATCH_BOOKING_POINT_US INT64_C(3600000000)
#define DISPATCH_BOOKING_PAUSE_US INT64_C(30000000)

/* A booking to be made: one place of a slot gets somebody. */
struct dispatch_booking_claim {
    size_t place; /* index in the state */
    uint32_t generation;
    char *resource;
    uint32_t capacity;
    int64_t from_us, until_us;
    uint64_t command_id; /* whose wish it is; 0: nobody's */
    bool takes_faults;   /* of the customer and site of the case */
};

/* The entry, after the work order took it in. */
void dispatch_booking_entry(struct dispatch_order *o, const Callout__V1__Event *event,
                            int64_t at_us);

/* The pack has to be at hand: its slots are not known, or it is time to look. */
bool dispatch_booking_wants_pack(const struct dispatch_order *o, int64_t now_us, bool is_woken);

/* What the pack says is taken; NULL: the case has no pack, or it is gone. */
void dispatch_booking_read(struct dispatch_order *o, const Callout__V1__PolicyPack *pack,
                           int64_t now_us);

/* What is booked of the case is looked at. `b` has everything that is taken in
 * dispatch_booking_span(), and room for as many more as the state has places. */
void dispatch_booking_turn(struct dispatch_order *o, const Callout__V1__PolicyPack *pack,
                           struct dispatch_booker *b, int64_t now_us);

/* The claim o->bookings[i] was made, or somebody else was first. */
void dispatch_booking_claimed(struct dispatch_order *o, size_t i, int64_t now_us);
void dispatch_booking_lost(struct dispatch_order *o, size_t i, int64_t now_us);

/* When to look again; 0: when something happens. */
int64_t dispatch_booking_wake_us(const struct dispatch_order *o);

/* From the first to the last moment at which anything of the pack is taken. False: nothing is, or
 * it is over. */
bool dispatch_booking_span(const struct dispatch_order *o, const Callout__V1__PolicyPack *pack,
                           int64_t now_us, int64_t *ret_from_us, int64_t *ret_until_us);

/* ---- for the files of this core ---- */

bool dispatch_booking_is_wanted(const struct dispatch_order *o);
const Callout__V1__StaffNeed *dispatch_booking_need(const Callout__V1__PolicyPack *pack,
                                                    const char *slot);

/* For how long a need is taken. */
void dispatch_booking_times(const Callout__V1__BookingState *state,
                            const Callout__V1__StaffNeed *need, int64_t *ret_from_us,
                            int64_t *ret_until_us);

/* Whoever has the place is let go: announced, and his claim ends. */
void dispatch_booking_end(struct dispatch_order *o, Callout__V1__BookedPlace *place,
                          const char *how, int64_t at_us);
