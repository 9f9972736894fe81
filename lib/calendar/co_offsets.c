#include "co_offsets.h"

#include "co_time.h"

int32_t co_offsets_at(const struct co_offsets *o, int64_t us)
{
    uint32_t low = 0;
    uint32_t high = o->count;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (o->change[mid].from_us <= us)
            low = mid;
        else
            high = mid;
    }
    return o->change[low].offset_s;
}

int64_t co_offsets_us(const struct co_offsets *o, int64_t day, int32_t minute)
{
    int64_t local_us = day * CO_DAY_US + minute * CO_MINUTE_US;
    int64_t us = local_us - o->change[0].offset_s * CO_SECOND_US;
    for (uint32_t i = 1; i < o->count && us >= o->change[i].from_us; i++) {
        us = local_us - o->change[i].offset_s * CO_SECOND_US;
        if (us < o->change[i].from_us)
            us = o->change[i].from_us; /* skipped */
    }
    return us;
}
