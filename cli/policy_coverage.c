#include "policy_coverage.h"

#include "co_roles.h"

enum { HOLDERS_MAX = 32 };

/* The holders who have rosters. False: one has none, or there are none to look at. */
static bool find_rosters(const struct policy_coverage *p, const Callout__V1__Contract *contract,
                         const Callout__V1__Site *site, Callout__V1__Role role,
                         struct co_roster roster[static HOLDERS_MAX], size_t *ret_count)
{
    const Callout__V1__Person *person[HOLDERS_MAX];
    size_t count = co_roles_find(p->registry, contract, site, role, person, HOLDERS_MAX);
    for (size_t i = 0; i < count; i++)
        if (!co_rosters_of(p->rosters, person[i]->key, &roster[i]))
            return false;
    *ret_count = count;
    return count > 0;
}

bool policy_coverage_gap(void *arg, const Callout__V1__Contract *contract,
                         const Callout__V1__Site *site, Callout__V1__Role role, int64_t from_us,
                         int64_t until_us, int64_t *ret_gap_us)
{
    struct co_roster roster[HOLDERS_MAX];
    size_t count = 0;
    if (!find_rosters(arg, contract, site, role, roster, &count))
        return false;
    for (int64_t at_us = from_us; at_us < until_us;) {
        int64_t last_us = at_us;
        for (size_t i = 0; i < count; i++) {
            int64_t end_us = co_roster_until(&roster[i], at_us);
            last_us = end_us > last_us ? end_us : last_us;
        }
        if (last_us == at_us) {
            *ret_gap_us = at_us;
            return true;
        }
        at_us = last_us;
    }
    return false;
}
