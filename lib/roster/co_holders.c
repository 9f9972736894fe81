#include "co_holders.h"

enum standing { ON_DUTY, OFF_DUTY, AWAY };

static enum standing standing_of(const struct co_holding *h, const char *key, int64_t us)
{
    struct co_roster r;
    if (!co_rosters_of(h->rosters, key, &r))
        return ON_DUTY;
    return co_roster_absence(&r, us) != NULL ? AWAY
           : co_roster_is_in_shift(&r, us)   ? ON_DUTY
                                             : OFF_DUTY;
}

static bool is_in_shift(const struct co_holding *h, const char *key, int64_t us)
{
    struct co_roster r;
    return !co_rosters_of(h->rosters, key, &r) || co_roster_is_in_shift(&r, us);
}

/* NULL: nobody. */
static const Callout__V1__Person *delegate_of(const struct co_holding *h,
                                              const Callout__V1__Person *p)
{
    return p->delegate[0] == '\0' ? NULL : co_registry_person(h->registry, p->delegate);
}

/* The first of the person and his delegates whose standing is that or better; NULL: none. */
static const Callout__V1__Person *first_of(const struct co_holding *h, const Callout__V1__Person *p,
                                           int64_t us, enum standing worst)
{
    for (int i = 0; p != NULL && i <= CO_DELEGATES_MAX; i++, p = delegate_of(h, p))
        if (standing_of(h, p->key, us) <= worst)
            return p;
    return NULL;
}

/* Who holds the role himself is not told for somebody else besides. */
static size_t add(struct co_holder *who, size_t count, size_t cap, struct co_holder one)
{
    for (size_t i = 0; i < count; i++)
        if (who[i].person == one.person) {
            who[i] = one.stands_for == NULL ? one : who[i];
            return count;
        }
    if (count == cap)
        return count;
    who[count] = one;
    return count + 1;
}

size_t co_holders_at(const struct co_holding *h, int64_t us, struct co_holder *ret_who, size_t cap)
{
    size_t count = 0;
    for (size_t i = 0; i < h->count; i++) {
        const Callout__V1__Person *holder = h->holders[i];
        if (h->count > 1 && !is_in_shift(h, holder->key, us))
            continue;
        const Callout__V1__Person *p = first_of(h, holder, us, ON_DUTY);
        if (p == NULL)
            p = first_of(h, holder, us, OFF_DUTY);
        struct co_holder one = { .person = p, .stands_for = p == holder ? NULL : holder };
        one.is_leave = one.stands_for != NULL && standing_of(h, holder->key, us) == AWAY;
        count = p == NULL ? count : add(ret_who, count, cap, one);
    }
    return count;
}

/* The next moment at which the answer may be another. */
static int64_t change_of(const struct co_holding *h, int64_t us)
{
    int64_t next_us = CO_ROSTER_NEVER;
    for (size_t i = 0; i < h->count; i++) {
        const Callout__V1__Person *p = h->holders[i];
        for (int k = 0; p != NULL && k <= CO_DELEGATES_MAX; k++, p = delegate_of(h, p)) {
            struct co_roster r;
            int64_t change_us =
                co_rosters_of(h->rosters, p->key, &r) ? co_roster_change(&r, us) : CO_ROSTER_NEVER;
            next_us = change_us < next_us ? change_us : next_us;
        }
    }
    return next_us;
}

bool co_holders_gap(const struct co_holding *h, int64_t from_us, int64_t until_us,
                    struct co_roster_gap *ret_gap)
{
    struct co_holder one;
    int64_t at_us = from_us;
    while (at_us < until_us && co_holders_at(h, at_us, &one, 1) > 0)
        at_us = change_of(h, at_us);
    if (at_us >= until_us)
        return false;
    ret_gap->from_us = at_us;
    while (at_us < until_us && co_holders_at(h, at_us, &one, 1) == 0)
        at_us = change_of(h, at_us);
    ret_gap->until_us = at_us < until_us ? at_us : until_us;
    return true;
}
