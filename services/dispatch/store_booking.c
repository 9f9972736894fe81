#include "store_booking.h"

#include <string.h>

#include "co_row.h"
#include "dispatch_sql.h"

size_t dispatch_store_read_bookings(struct co_batch *b, int lane, const int64_t *cases,
                                    size_t count, int64_t now_us, int64_t soon_us)
{
    size_t index = co_batch_add(b, &dispatch_sql[dispatch_sql_read_bookings]);
    co_batch_int2(b, lane);
    co_batch_int8s(b, cases, count);
    co_batch_us(b, now_us);
    co_batch_us(b, soon_us);
    return index;
}

struct dispatch_store_booking dispatch_store_booking_of_row(const PGresult *res, int row)
{
    return (struct dispatch_store_booking){
        .resource = co_row_text(res, row, 0),
        .from_us = co_row_us(res, row, 1),
        .until_us = co_row_us(res, row, 2),
        .case_id = co_row_int8(res, row, 3),
        .faults_at = co_row_is_null(res, row, 4) ? NULL : co_row_text(res, row, 4),
        .slot = co_row_text(res, row, 5),
        .generation = co_row_int4(res, row, 6),
    };
}

int dispatch_store_first_booking(const PGresult *res, const char *resource)
{
    int low = 0, high = PQntuples(res);
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (strcmp(co_row_text(res, middle, 0), resource) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The columns of some bookings, as arrays. */
struct columns {
    const char **resource;
    int32_t *capacity;
    int32_t *before;
    int64_t *case_id;
    const char **slot;
    int32_t *generation;
    int64_t *from_us;
    int64_t *until_us;
    const char **faults_at;
};

static bool spread(struct co_arena *arena, const struct dispatch_store_booking *bookings,
                   size_t count, struct columns *ret)
{
    struct columns c = {
        co_arena_alloc(arena, count * sizeof(*c.resource)),
        co_arena_alloc(arena, count * sizeof(*c.capacity)),
        co_arena_alloc(arena, count * sizeof(*c.before)),
        co_arena_alloc(arena, count * sizeof(*c.case_id)),
        co_arena_alloc(arena, count * sizeof(*c.slot)),
        co_arena_alloc(arena, count * sizeof(*c.generation)),
        co_arena_alloc(arena, count * sizeof(*c.from_us)),
        co_arena_alloc(arena, count * sizeof(*c.until_us)),
        co_arena_alloc(arena, count * sizeof(*c.faults_at)),
    };
    if (c.resource == NULL || c.capacity == NULL || c.before == NULL || c.case_id == NULL ||
        c.slot == NULL || c.generation == NULL || c.from_us == NULL || c.until_us == NULL ||
        c.faults_at == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        c.resource[i] = bookings[i].resource;
        c.capacity[i] = bookings[i].capacity;
        c.before[i] = bookings[i].before;
        c.case_id[i] = bookings[i].case_id;
        c.slot[i] = bookings[i].slot;
        c.generation[i] = bookings[i].generation;
        c.from_us[i] = bookings[i].from_us;
        c.until_us[i] = bookings[i].until_us;
        c.faults_at[i] = bookings[i].faults_at;
    }
    *ret = c;
    return true;
}

/* Each resource once. */
static size_t keep_once(const char **resource, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(resource[kept - 1], resource[i]) != 0)
            resource[kept++] = resource[i];
    return kept;
}

enum co_err dispatch_store_book(struct co_batch *b, struct co_arena *arena, int lane,
                                int64_t now_us, const struct dispatch_store_booking *bookings,
                                size_t count, size_t *ret_own_index)
{
    struct columns c, once;
    if (!spread(arena, bookings, count, &c) || !spread(arena, bookings, count, &once))
        return CO_ENOMEM;
    (void)co_batch_add(b, &dispatch_sql[dispatch_sql_lock_bookables]);
    co_batch_texts(b, once.resource, keep_once(once.resource, count));
    (void)co_batch_add(b, &dispatch_sql[dispatch_sql_book]);
    co_batch_int2(b, lane);
    co_batch_us(b, now_us);
    co_batch_texts(b, c.resource, count);
    co_batch_int4s(b, c.capacity, count);
    co_batch_int4s(b, c.before, count);
    co_batch_int8s(b, c.case_id, count);
    co_batch_texts(b, c.slot, count);
    co_batch_int4s(b, c.generation, count);
    co_batch_uss(b, c.from_us, count);
    co_batch_uss(b, c.until_us, count);
    co_batch_texts(b, c.faults_at, count);
    *ret_own_index = co_batch_add(b, &dispatch_sql[dispatch_sql_own_bookings]);
    co_batch_int8s(b, c.case_id, count);
    co_batch_texts(b, c.slot, count);
    co_batch_int4s(b, c.generation, count);
    return CO_OK;
}

bool dispatch_store_is_booked(const PGresult *res, const struct dispatch_store_booking *booking)
{
    for (int row = 0; row < PQntuples(res); row++)
        if (co_row_int8(res, row, 0) == booking->case_id &&
            strcmp(co_row_text(res, row, 1), booking->slot) == 0 &&
            co_row_int4(res, row, 2) == booking->generation)
            return strcmp(co_row_text(res, row, 3), booking->resource) == 0;
    return false;
}

enum co_err dispatch_store_release_bookings(struct co_batch *b, struct co_arena *arena,
                                            const struct dispatch_store_booking *bookings,
                                            size_t count)
{
    struct columns c;
    if (!spread(arena, bookings, count, &c))
        return CO_ENOMEM;
    (void)co_batch_add(b, &dispatch_sql[dispatch_sql_release_bookings]);
    co_batch_int8s(b, c.case_id, count);
    co_batch_texts(b, c.slot, count);
    co_batch_int4s(b, c.generation, count);
    return CO_OK;
}

enum co_err dispatch_store_save_spans(struct co_batch *b, struct co_arena *arena, int lane,
                                      const struct dispatch_store_span *spans, size_t count)
{
    int64_t *case_id = co_arena_alloc(arena, count * sizeof(*case_id));
    int64_t *from_us = co_arena_alloc(arena, count * sizeof(*from_us));
    int64_t *until_us = co_arena_alloc(arena, count * sizeof(*until_us));
    if (case_id == NULL || from_us == NULL || until_us == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        case_id[i] = spans[i].case_id;
        from_us[i] = spans[i].from_us;
        until_us[i] = spans[i].until_us;
    }
    (void)co_batch_add(b, &dispatch_sql[dispatch_sql_save_booked_cases]);
    co_batch_int2(b, lane);
    co_batch_int8s(b, case_id, count);
    co_batch_uss(b, from_us, count);
    co_batch_uss(b, until_us, count);
    return CO_OK;
}
