#include "co_duty.h"

enum { HOLDERS_MAX = 64 }; /* with that many there is somebody */

static bool find_gap(void *arg, const Callout__V1__Contract *contract,
                     const Callout__V1__Site *site, Callout__V1__Role role, int64_t from_us,
                     int64_t until_us, int64_t *ret_gap_us)
{
    const struct co_duty *duty = arg;
    const Callout__V1__Person *holders[HOLDERS_MAX];
    struct co_roster_gap gap;
    struct co_holding held = { duty->registry, duty->rosters, holders, 0 };
    held.count = co_roles_find(duty->registry, contract, site, role, holders, HOLDERS_MAX);
    if (!co_holders_gap(&held, from_us, until_us, &gap))
        return false;
    *ret_gap_us = gap.from_us;
    return true;
}

struct co_coverage co_duty_coverage(struct co_duty *duty)
{
    return (struct co_coverage){ .gap = find_gap, .arg = duty };
}
