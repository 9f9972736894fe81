#include "co_rosters.h"

/* The first moment from `us` on at which one of them is on duty. */
static int64_t somebody_from(const struct co_rosters *s, const char *const *who, size_t count,
                             int64_t us)
{
    int64_t first_us = CO_ROSTER_NEVER;
    for (size_t i = 0; i < count && first_us > us; i++) {
        int64_t from_us = co_rosters_from(s, who[i], us);
        first_us = from_us < first_us ? from_us : first_us;
    }
    return first_us;
}

/* The last moment up to which one of those on duty at `us` stays. */
static int64_t somebody_until(const struct co_rosters *s, const char *const *who, size_t count,
                              int64_t us)
{
    int64_t last_us = us;
    for (size_t i = 0; i < count && last_us < CO_ROSTER_NEVER; i++) {
        struct co_roster r;
        int64_t until_us = co_rosters_of(s, who[i], &r) ? co_roster_until(&r, us) : CO_ROSTER_NEVER;
        last_us = until_us > last_us ? until_us : last_us;
    }
    return last_us;
}

bool co_rosters_gap(const struct co_rosters *s, const char *const *who, size_t count,
                    int64_t from_us, int64_t until_us, struct co_roster_gap *ret_gap)
{
    for (int64_t at_us = from_us; at_us < until_us;) {
        int64_t next_us = somebody_from(s, who, count, at_us);
        if (next_us > at_us) {
            *ret_gap = (struct co_roster_gap){ at_us, next_us < until_us ? next_us : until_us };
            return true;
        }
        at_us = somebody_until(s, who, count, at_us);
    }
    return false;
}
