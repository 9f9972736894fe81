/* turn.h - the work orders of one turn of the worker: loaded, decided, saved.
 *
 * All memory is the turn's arena. The sequence is that of the functions below; what goes wrong in
 * any of them is said by the error they return, and the turn is then given up.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_registry_feed.h"
#include "co_worker.h"
#include "dispatch_map.h"
#include "dispatch_seen.h"
#include "roads.h"
#include "store_booking.h"

/* One case of the turn. */
struct dispatch_turn_case {
    int64_t case_id;
    struct dispatch_order order;
    int64_t row_next_us; /* as the table has it; INT64_MAX: none */
    bool is_due;
    bool is_prepared; /* its candidates were known to the table when claims were read */
    bool is_answered; /* must not run out: an answer given in time is still to be processed */
    bool is_saved;
    bool is_reviewed; /* the registry is another one: can who is asked, or goes, still do so? */
    bool is_sought;   /* somebody is sought for it, by a rule of its policy */
    bool takes_days;  /* man-days: what it holds of its lots changes */
    bool is_asking;   /* a router, in this process */
    const struct dispatch_road_question
        *question;                       /* to be put to it after the commit; NULL: none */
    const struct dispatch_seen *seen;    /* what its choice saw; NULL: it did not choose */
    const char *candidates;              /* to be stored while seeking; NULL: none */
    bool is_booking;                     /* what it takes for its span is looked at */
    const Callout__V1__PolicyPack *pack; /* then, until claims are added; NULL: it has none */
    bool has_span;                       /* of what it takes; else both are INT64_MAX */
    int64_t span_from_us, span_until_us;
};

/* A booking that one of its cases wants. */
struct dispatch_turn_booking {
    struct dispatch_turn_case *owner;
    size_t claim; /* of owner->order.bookings */
    struct dispatch_store_booking row;
};

struct dispatch_turn {
    struct co_turn *turn;
    struct dispatch_turn_case *item; /* by case_id */
    size_t count;
    bool has_registry;   /* another registry is in force */
    size_t orders_index; /* of the statements */
    size_t claims_index;
    size_t visits_index;
    bool has_visits; /* it matters how many visits the candidates took */
    size_t waiting_index;
    size_t own_index;
    struct dispatch_store_claim *claim; /* asked for in this turn, by resource */
    size_t claim_count;
    size_t first_claim; /* statements before ours */
    struct dispatch_turn_lots *lots;
    size_t lost; /* claims that somebody else got */
    size_t bookings_index;
    struct dispatch_turn_booking *booking; /* by resource */
    size_t booking_count;
    size_t booked_index; /* of the result that says which of them are made */
};

/* Finds out which cases the turn is about and adds the reads, those of visits where `has_visits`.
 * NULL: out of memory. */
struct dispatch_turn *dispatch_turn_load(struct co_turn *t, bool has_visits);

/* Takes entries, answers of the router and due times in, seeks engineers, adds the claims. `roads`
 * may be NULL: nobody is asked. CO_EAGAIN: the policy of an order is being fetched. CO_EINPUT: a
 * state column that is no DispatchState. */
CO_MUST_CHECK enum co_err dispatch_turn_claim(struct dispatch_turn *turn, struct dispatch_map *map,
                                              struct co_registry_feed *feed,
                                              const struct roads *roads);

/* Parts of it: turn_road.c. */
void dispatch_turn_answers(struct dispatch_turn *turn, struct dispatch_map *map,
                           const struct roads *roads);
void dispatch_turn_locate(struct dispatch_turn *turn, struct dispatch_turn_case *c,
                          struct dispatch_map *map, const struct roads *roads, int64_t at_us);

/* The lots of man-days that cases take from, to be locked in this transaction, after the claims;
 * what is posted to them, before events are emitted; and saved: turn_lots.c. */
CO_MUST_CHECK enum co_err dispatch_turn_lock_lots(struct dispatch_turn *turn,
                                                  const struct co_registry *registry);
CO_MUST_CHECK enum co_err dispatch_turn_post_lots(struct dispatch_turn *turn);
CO_MUST_CHECK enum co_err dispatch_turn_save_lots(struct dispatch_turn *turn);

/* The second half of it: turn_seek.c. */
CO_MUST_CHECK enum co_err dispatch_turn_seek(struct dispatch_turn *turn, struct dispatch_map *map,
                                             struct co_registry_feed *feed);

/* What is taken for spans of time: turn_book.c. The result of the read; NULL: nothing was due. */
void dispatch_turn_read_bookings(struct dispatch_turn *turn);
const PGresult *dispatch_turn_bookings(const struct dispatch_turn *turn);

/* "CUSTOMER/SITE" of a case. From its arena; NULL: out of memory. */
char *dispatch_turn_faults_at(const struct dispatch_order *o);

/* Parts of dispatch_turn_claim(). CO_EAGAIN: a policy is being fetched. */
CO_MUST_CHECK enum co_err dispatch_turn_book(struct dispatch_turn *turn, struct dispatch_map *map,
                                             struct co_registry_feed *feed);
CO_MUST_CHECK enum co_err dispatch_turn_claim_bookings(struct dispatch_turn *turn);

/* Parts of dispatch_turn_decide(). */
void dispatch_turn_booked(struct dispatch_turn *turn);
CO_MUST_CHECK enum co_err dispatch_turn_save_bookings(struct dispatch_turn *turn);

/* Concludes from what the claims table said; adds events and writes. */
CO_MUST_CHECK enum co_err dispatch_turn_decide(struct dispatch_turn *turn);

/* What its choices saw is kept: turn_seen.c. */
CO_MUST_CHECK enum co_err dispatch_turn_save_choices(struct dispatch_turn *turn);

/* After the commit: what a router is to be asked. */
void dispatch_turn_ask(const struct dispatch_turn *turn, struct roads *roads);

/* The case of the turn with that id. */
struct dispatch_turn_case *dispatch_turn_find(const struct dispatch_turn *turn, int64_t case_id);

/* Committed: arms the timers. */
void dispatch_turn_arm(const struct dispatch_turn *turn, struct co_worker *worker);
