/* store.h - the statements of dispatch: one function per file in sql/, whose head says the rest.
 *
 * Each adds its statement to the batch and returns its index, by which its result is found. Errors
 * stick in the batch. Times are Unix microseconds; INT64_MAX is no time.
 */
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_arena.h"
#include "co_batch.h"
#include "co_err.h"
#include "dispatch_ledger.h"

struct dispatch_store_order {
    int64_t case_id;
    struct co_bytes state; /* a packed DispatchState; read: the result owns it */
    int64_t next_us;
    bool is_prepared;   /* read: its candidates are stored */
    bool is_answered;   /* read: it is due, but an answer given in time is still to be processed */
    const char *status; /* from here on, to be saved only */
    bool is_located;
    const char *engineer; /* NULL: none */
    int64_t generation;
    int64_t accept_by_us;
    int64_t arrive_by_us;
    const char *candidates; /* resources joined by commas; NULL: none */
    bool lacks_minutes;
};

struct dispatch_store_claim {
    const char *resource;
    int32_t capacity;
    int32_t nth; /* of those for the same resource in one statement, from 0 */
    int64_t case_id;
    int64_t generation;
};

/* Somebody took a visit. */
struct dispatch_store_visit {
    const char *engineer; /* key */
    int64_t case_id;
    int64_t generation;
    int64_t at_us;
};

size_t dispatch_store_read_orders(struct co_batch *b, int lane, const int64_t *cases, size_t count,
                                  const int64_t *due, size_t due_count);
struct dispatch_store_order dispatch_store_order_of_row(const PGresult *res, int row);

size_t dispatch_store_read_claims(struct co_batch *b, int lane, const int64_t *cases, size_t count,
                                  int64_t now_us);

/* How much of `resource` is held, and one of the cases that hold it (0: none), by the result of
 * read_claims. */
uint32_t dispatch_store_held(const PGresult *res, const char *resource, int64_t *ret_case);

/* Visits of the candidates, up to `now_us`. */
size_t dispatch_store_read_visits(struct co_batch *b, int lane, const int64_t *cases, size_t count,
                                  int64_t now_us);

/* How many `resource` took in 30 days and in 24 hours, by the result of read_visits. */
void dispatch_store_visits(const PGresult *res, const char *resource, uint32_t *ret_recent,
                           uint32_t *ret_today);

size_t dispatch_store_read_waiting(struct co_batch *b, int lane);
size_t dispatch_store_wake_waiting(struct co_batch *b, int lane, int64_t when_us);

/* Those that take several rows make arrays in the arena. CO_ENOMEM. */
CO_MUST_CHECK enum co_err dispatch_store_claim(struct co_batch *b, struct co_arena *arena, int lane,
                                               int64_t now_us,
                                               const struct dispatch_store_claim *claims,
                                               size_t count);
CO_MUST_CHECK enum co_err dispatch_store_own_claims(struct co_batch *b, struct co_arena *arena,
                                                    const struct dispatch_store_claim *claims,
                                                    size_t count, size_t *ret_index);

/* What an order holds under the generation of `claim`, by the result of own_claims. */
enum dispatch_store_holds { DISPATCH_HOLDS_NOTHING, DISPATCH_HOLDS_IT, DISPATCH_HOLDS_OTHER };
enum dispatch_store_holds dispatch_store_holds(const PGresult *res,
                                               const struct dispatch_store_claim *claim);

CO_MUST_CHECK enum co_err dispatch_store_release_claims(struct co_batch *b, struct co_arena *arena,
                                                        const struct dispatch_store_claim *claims,
                                                        size_t count);
CO_MUST_CHECK enum co_err dispatch_store_save_orders(struct co_batch *b, struct co_arena *arena,
                                                     int lane, int64_t now_us,
                                                     const struct dispatch_store_order *orders,
                                                     size_t count);
CO_MUST_CHECK enum co_err dispatch_store_save_visits(struct co_batch *b, struct co_arena *arena,
                                                     int lane, int64_t now_us,
                                                     const struct dispatch_store_visit *visits,
                                                     size_t count);

/* Gives lots rows where they have none, and locks them. */
CO_MUST_CHECK enum co_err dispatch_store_lock_lots(struct co_batch *b, struct co_arena *arena,
                                                   const struct dispatch_lot *lots, size_t count,
                                                   size_t *ret_index);
CO_MUST_CHECK enum co_err dispatch_store_save_lots(struct co_batch *b, struct co_arena *arena,
                                                   const struct dispatch_lot *lots, size_t count);
CO_MUST_CHECK enum co_err dispatch_store_save_postings(struct co_batch *b, struct co_arena *arena,
                                                       int64_t now_us,
                                                       const struct dispatch_posting *postings,
                                                       size_t count);

/* What a choice of the turn saw. */
struct dispatch_store_choice {
    int64_t case_id;
    struct co_bytes body; /* a packed Choice */
};
CO_MUST_CHECK enum co_err dispatch_store_save_choices(struct co_batch *b, struct co_arena *arena,
                                                      int lane, int64_t now_us,
                                                      const struct dispatch_store_choice *choices,
                                                      size_t count);
