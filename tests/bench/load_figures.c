#include <inttypes.h>
#include <stdio.h>

#include "load.h"

/* 64 buckets per power of two above 64 us, one per us below. */
static size_t bucket_of(uint64_t us)
{
    if (us < 64)
        return (size_t)us;
    unsigned shift = 63U - (unsigned)__builtin_clzll(us) - 6U;
    size_t i = 64 * (shift + 1) + (size_t)((us >> shift) - 64);
    return i < LOAD_BUCKETS ? i : LOAD_BUCKETS - 1;
}

static int64_t value_of(size_t bucket)
{
    if (bucket < 64)
        return (int64_t)bucket;
    size_t shift = bucket / 64 - 1;
    return (int64_t)((bucket % 64 + 64) << shift);
}

void load_figures_latency(struct load_figures *f, int64_t us)
{
    uint64_t v = us > 0 ? (uint64_t)us : 0;
    f->bucket[bucket_of(v)]++;
    f->counted++;
    if (v > f->longest_us)
        f->longest_us = v;
}

int64_t load_figures_quantile_us(const struct load_figures *f, double q)
{
    uint64_t wanted = (uint64_t)((double)f->counted * q), seen = 0;
    for (size_t i = 0; i < LOAD_BUCKETS; i++) {
        seen += f->bucket[i];
        if (seen > wanted)
            return value_of(i);
    }
    return (int64_t)f->longest_us;
}

void load_figures_print(const struct load_figures *f, double seconds)
{
    (void)printf("acked=%" PRIu64 " refused=%" PRIu64 " unknown=%" PRIu64 " seconds=%.3f rate=%.0f", f->acked, f->refused,
                 f->unknown, seconds, seconds > 0 ? (double)f->counted / seconds : 0.0);
    (void)printf(" p50_us=%" PRId64 " p99_us=%" PRId64 " p999_us=%" PRId64 " longest_us=%" PRIu64,
                 load_figures_quantile_us(f, 0.5), load_figures_quantile_us(f, 0.99), load_figures_quantile_us(f, 0.999),
                 f->longest_us);
    (void)printf(" commands=%" PRIu64 " pending=%" PRIu64 " busy=%" PRIu64 " unavailable=%" PRIu64 " silent=%" PRIu64
                 " strange=%" PRIu64 " bytes=%" PRIu64 "\n",
                 f->commands, f->pending, f->busy, f->unavailable, f->silent, f->strange,
                 f->acked > 0 ? f->bytes / f->acked : 0);
}
