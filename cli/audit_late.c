#include "audit_late.h"

#include "co_time.h"

const int64_t audit_late_bounds[AUDIT_LATE_BUCKETS] = {
    CO_MILLISECOND_US,      5 * CO_MILLISECOND_US,   10 * CO_MILLISECOND_US,
    50 * CO_MILLISECOND_US, 100 * CO_MILLISECOND_US, 500 * CO_MILLISECOND_US,
    CO_SECOND_US,           10 * CO_SECOND_US,       CO_MINUTE_US,
    10 * CO_MINUTE_US,      60 * CO_MINUTE_US,       INT64_MAX,
};

/* Below 16 each length has a cell, above it each doubling has 16. */
static size_t cell_of(int64_t us)
{
    int shift = 0;
    while (us >> shift >= 2 * AUDIT_LATE_STEPS)
        shift++;
    return (size_t)(us >> shift) + (size_t)shift * AUDIT_LATE_STEPS;
}

/* The largest length in the cell. */
static int64_t top_of(size_t cell)
{
    if (cell < 2 * AUDIT_LATE_STEPS)
        return (int64_t)cell;
    size_t shift = cell / AUDIT_LATE_STEPS - 1;
    int64_t base = (int64_t)(cell - shift * AUDIT_LATE_STEPS);
    return ((base + 1) << shift) - 1;
}

void audit_late_add(struct audit_late *l, int64_t us)
{
    size_t bucket = 0;
    while (us > audit_late_bounds[bucket])
        bucket++;
    l->bucket[bucket]++;
    l->cell[cell_of(us)]++;
    l->count++;
    l->most_us = us > l->most_us ? us : l->most_us;
}

void audit_late_join(struct audit_late *l, const struct audit_late *other)
{
    for (size_t i = 0; i < AUDIT_LATE_CELLS; i++)
        l->cell[i] += other->cell[i];
    for (size_t i = 0; i < AUDIT_LATE_BUCKETS; i++)
        l->bucket[i] += other->bucket[i];
    l->count += other->count;
    l->most_us = other->most_us > l->most_us ? other->most_us : l->most_us;
}

int64_t audit_late_quantile(const struct audit_late *l, unsigned percent)
{
    uint64_t wanted = (l->count * percent + 99) / 100, seen = 0;
    for (size_t i = 0; i < AUDIT_LATE_CELLS && wanted > 0; i++) {
        seen += l->cell[i];
        if (seen >= wanted)
            return top_of(i) < l->most_us ? top_of(i) : l->most_us;
    }
    return 0;
}
