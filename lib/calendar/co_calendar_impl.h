/* co_calendar_impl.h - how a compiled calendar lies in memory. Only co_calendar*.c include it. */
#pragma once

#include "co_calendar.h"

/* A span of working time, [from_us, to_us). */
struct work {
    int64_t from_us;
    int64_t to_us;
    int64_t before_us; /* working time of all spans before this one */
};

struct day {
    int64_t start_us;
    uint32_t first_work; /* index of its first span; those of the day end where the next begins */
    uint32_t rank;       /* number of working days before it */
    bool is_public_holiday;
    bool is_makeup;
};

struct co_calendar {
    struct co_offsets offsets;
    struct co_offset_change *change; /* the memory of offsets */
    int32_t first_year;
    int32_t years;
    bool *has_data; /* by year */
    int64_t first_day;
    uint32_t days;
    struct day *day; /* days + 1 entries: the last one closes the range */
    uint32_t works;
    struct work *work; /* works + 1 entries: the last one has the sum and lies at the end */
    uint32_t *working; /* working day by rank, as index into day */
};
