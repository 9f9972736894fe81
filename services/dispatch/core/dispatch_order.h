/* dispatch_order.h - the work order of one case: what each journal entry, and each moment that
 * comes, does to it.
 *
 * Pure: state, entry and time in; state and what follows out. The shell loads a state, hands the
 * entries of the case over in order, then the present time, lets dispatch_seek.h choose an engineer
 * where one is sought, and saves state, claims and events in ONE transaction. Strings and events
 * live in the arena of the order. Times are Unix microseconds.
 *
 * Errors stick in `err` (CO_ENOMEM only); the order is then worthless and must not be saved.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/dispatch_state.pb-c.h"
#include "callout/v1/registry.pb-c.h"
#include "co_arena.h"
#include "co_err.h"
#include "dispatch_rules.h"

/* An engineer to be reserved for this order. */
struct dispatch_claim {
    const char *engineer; /* key; NULL: none */
    uint64_t generation;
    uint32_t capacity; /* visits he may have at the same time */
    bool is_firm;      /* he goes in any case; the claim only shows it to others where it can */
};

struct dispatch_booking_claim; /* dispatch_booking.h */

/* A booking that ends with this turn. */
struct dispatch_unbooked {
    const char *slot;
    uint32_t generation;
};

struct dispatch_order {
    struct co_arena *arena;
    Callout__V1__DispatchState *state;
    const Callout__V1__Contract *contract; /* as the registry has it now, set by the shell; NULL: it
                                              has none of that key */
    Callout__V1__Event **events;           /* to be journaled, in this order */
    size_t event_count, event_cap;
    uint64_t *released; /* generations whose claims end */
    size_t released_count, released_cap;
    char *trace; /* traceparent of the entry at work, else of the report, borrowed; NULL: none */
    struct dispatch_claim claim;    /* to be made in this transaction */
    Callout__V1__Offered *offer;    /* what the engineer is asked once the claim is made */
    uint32_t offer_skill;           /* his level */
    int64_t there_us;               /* when he could be there */
    bool asks_more;                 /* somebody else is to be asked besides */
    Callout__V1__Remedy **remedies; /* what would help where nobody can be there in time */
    size_t remedy_count;
    struct dispatch_booking_claim *bookings; /* to be made in this transaction */
    size_t booking_count, booking_cap;
    struct dispatch_unbooked *unbooked; /* whose bookings end */
    size_t unbooked_count, unbooked_cap;
    bool is_span_new; /* of what is booked: who is taken in it was not read for this turn */
    bool is_changed;  /* the state must be saved */
    bool is_new;      /* it was not there before */
    bool locate;      /* the place of the site is unknown and may be known now */
    enum co_err err;
};

/* Starts with `state` (of the arena, changed in place), or with a new one where it is NULL. */
void dispatch_order_init(struct dispatch_order *o, struct co_arena *arena,
                         Callout__V1__DispatchState *state);

/* Who the person of a command is, or who is named by it, where he is an engineer of the registry;
 * else all zero. */
struct dispatch_reporter {
    bool is_engineer;
    uint32_t skill;
    uint32_t capacity;
};

/* The person of a command that concerns work orders, or whom it names; "" where none is or it does
 * not. */
const char *dispatch_order_person(const Callout__V1__Event *event);

/* Takes an entry in that the journal took at `at_us`. What ran out before that takes effect first.
 * Entries that do not concern work orders change nothing. Sets `locate` where worth a try. */
void dispatch_order_entry(struct dispatch_order *o, const Callout__V1__Event *event, int64_t at_us,
                          struct dispatch_reporter reporter);

/* An answer that the journal took in time may still be on its way to us for so long. */
#define DISPATCH_GRACE_US INT64_C(1000000)

/* The time `now_us` has come, and everything that the journal took up to DISPATCH_GRACE_US before
 * it has been handed over. An order without a place asks for another try to locate it. */
void dispatch_order_due(struct dispatch_order *o, int64_t now_us);

/* The registry is another one at `now_us`: who could not be found may be now. */
void dispatch_order_woken(struct dispatch_order *o, int64_t now_us);

/* How far a site is, from the base that serves it. */
struct dispatch_distance {
    const char *office; /* key, borrowed */
    double km;          /* the journey */
    double straight_km; /* great circle; 0 where no position is known */
    double estimate_km; /* of the journey, by the great circle; 0 as above */
    double road_km;     /* what the router said; 0: nothing */
    int64_t road_us;
    const char *source;       /* "contract", "road", "estimate" */
    const char *road_missing; /* why the router did not say it; "": it did, or was not asked */
};

/* The site's place is known: kept and announced, once; later calls change nothing. */
void dispatch_order_located(struct dispatch_order *o, const struct dispatch_distance *distance,
                            int64_t at_us);

/* When the order is to be looked at again; 0: when something happens. */
int64_t dispatch_order_wake_us(const struct dispatch_order *o);

/* When somebody must be on site: the earliest open promise; 0: to be agreed. */
int64_t dispatch_order_deadline_us(const struct dispatch_order *o);

/* The newest offer made to that engineer, NULL where none was. */
const Callout__V1__OfferMade *dispatch_order_offer_to(const struct dispatch_order *o,
                                                      const char *engineer);

/* The rest is for the files of this core. */

/* Whoever made a command happen. */
struct dispatch_cause {
    const Callout__V1__CommandReceived *command; /* NULL: no person did */
    struct dispatch_reporter reporter;
    const char *refusal; /* more to the point than the table's sentence; NULL: the table's */
    bool is_other;       /* the person is not the one the order is about */
};

/* Does what the table says for `event`, but for DISPATCH_OFFER and DISPATCH_TELL, which are the
 * business of dispatch_seek.c; `cause` may be NULL. */
void dispatch_order_move(struct dispatch_order *o, enum dispatch_event event, int64_t at_us,
                         const struct dispatch_cause *cause);

/* Whom there is, is looked at from the nearest on again. */
void dispatch_order_look_anew(struct dispatch_order *o);

/* The project manager has until then to confirm the task order. Only while somebody is sought. */
void dispatch_order_draft(struct dispatch_order *o, int64_t confirm_by_us, int64_t at_us);

/* Answers the command of `cause`: it is done. */
void dispatch_order_apply(struct dispatch_order *o, const struct dispatch_cause *cause);

/* Answers the command of `cause` with its refusal. */
void dispatch_order_refuse(struct dispatch_order *o, const struct dispatch_cause *cause);

/* A new event without a body, appended to `events`. NULL: out of memory (err is set). */
Callout__V1__Event *dispatch_order_announce(struct dispatch_order *o);

/* An array of `size`-byte items in the arena gets room for one more. Returns the array, NULL when
 * memory ran out (err is set). */
void *dispatch_order_grow(struct dispatch_order *o, void *items, size_t count, size_t *cap,
                          size_t size);

/* `size` bytes, cleared, and a copy of a text, in the arena. NULL and "" where memory ran out (err
 * is set). */
void *dispatch_order_alloc(struct dispatch_order *o, size_t size);
char *dispatch_order_keep(struct dispatch_order *o, const char *text);
