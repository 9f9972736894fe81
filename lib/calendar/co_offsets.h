/* co_offsets.h - the facts of one time zone: which offset from UTC holds from when on.
 *
 * Pure: the facts are passed in (a registry file states them), no zone database is read. Times are
 * microseconds since the Unix epoch, UTC; offsets are seconds east of UTC; days are counted from
 * 1970-01-01; minutes are those of the local clock, 0..1440.
 */
#pragma once

#include <stdint.h>

struct co_offset_change {
    int64_t from_us;
    int32_t offset_s;
};

/* At least one change, in ascending order. The first offset also holds before its from_us. The
 * array is borrowed. */
struct co_offsets {
    const struct co_offset_change *change;
    uint32_t count;
};

/* The offset that holds at `us`. */
int32_t co_offsets_at(const struct co_offsets *o, int64_t us);

/* When the local clock of `day` first reads `minute`. A reading that is skipped (clocks put
 * forward) counts as the moment of the jump; of a reading that comes twice (clocks put back) the
 * first counts. So later readings never come earlier, and spans that touch never overlap. */
int64_t co_offsets_us(const struct co_offsets *o, int64_t day, int32_t minute);
