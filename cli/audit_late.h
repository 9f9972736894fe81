/* audit_late.h - how late things were, counted: quantiles within 7 %, and a short histogram. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { AUDIT_LATE_STEPS = 16, AUDIT_LATE_CELLS = 60 * AUDIT_LATE_STEPS, AUDIT_LATE_BUCKETS = 12 };

struct audit_late {
    uint64_t cell[AUDIT_LATE_CELLS];
    uint64_t bucket[AUDIT_LATE_BUCKETS];
    uint64_t count;
    int64_t most_us;
};

/* Upper bounds, inclusive; the last is INT64_MAX. */
extern const int64_t audit_late_bounds[AUDIT_LATE_BUCKETS];

void audit_late_add(struct audit_late *l, int64_t us); /* 0 or more */
void audit_late_join(struct audit_late *l, const struct audit_late *other);

/* The least length that `percent` of all do not exceed; 0 where there are none. */
int64_t audit_late_quantile(const struct audit_late *l, unsigned percent);
