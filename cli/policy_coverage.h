/* policy_coverage.h - times at which nobody holds a role, by the rosters of the registry. */
#pragma once

#include "co_policycheck.h"
#include "co_rosters.h"

struct policy_coverage {
    const struct co_registry *registry;
    struct co_rosters *rosters;
};

/* For struct co_coverage: `arg` is a struct policy_coverage. Whoever has no roster is always there.
 */
bool policy_coverage_gap(void *arg, const Callout__V1__Contract *contract,
                         const Callout__V1__Site *site, Callout__V1__Role role, int64_t from_us,
                         int64_t until_us, int64_t *ret_gap_us);
