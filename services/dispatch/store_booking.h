/* store_booking.h - the statements of dispatch that are about spans of time: as in store.h. */
#pragma once

#include "dispatch_booker.h"
#include "store.h"

/* A booking to be made, or one that is there. */
struct dispatch_store_booking {
    const char *resource;
    int32_t capacity;
    int32_t
        before; /* of those for the same resource in one statement that touch its span: earlier */
    int64_t case_id;
    const char *slot;
    int32_t generation;
    int64_t from_us, until_us;
    const char *faults_at; /* "CUSTOMER/SITE"; NULL: none */
};

size_t dispatch_store_read_bookings(struct co_batch *b, int lane, const int64_t *cases,
                                    size_t count, int64_t now_us, int64_t soon_us);
struct dispatch_store_booking dispatch_store_booking_of_row(const PGresult *res, int row);

/* The first row of a resource in the result of read_bookings, or that behind the last one; its
 * rows follow each other. */
int dispatch_store_first_booking(const PGresult *res, const char *resource);

/* Sorted by resource. Those that take several rows make arrays in the arena. CO_ENOMEM. */
CO_MUST_CHECK enum co_err dispatch_store_book(struct co_batch *b, struct co_arena *arena, int lane,
                                              int64_t now_us,
                                              const struct dispatch_store_booking *bookings,
                                              size_t count, size_t *ret_own_index);

/* Is it there, by the result of own_bookings? */
bool dispatch_store_is_booked(const PGresult *res, const struct dispatch_store_booking *booking);

CO_MUST_CHECK enum co_err
dispatch_store_release_bookings(struct co_batch *b, struct co_arena *arena,
                                const struct dispatch_store_booking *bookings, size_t count);

/* A case that takes somebody; from_us INT64_MAX: it does not any more. */
struct dispatch_store_span {
    int64_t case_id;
    int64_t from_us, until_us;
};
CO_MUST_CHECK enum co_err dispatch_store_save_spans(struct co_batch *b, struct co_arena *arena,
                                                    int lane,
                                                    const struct dispatch_store_span *spans,
                                                    size_t count);
