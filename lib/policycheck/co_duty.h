/* co_duty.h - who holds a role when, by rosters: what co_policycheck() looks at roles with.
 *
 * Pure. Held is a role while co_holders_at() finds somebody who answers for it.
 */
#pragma once

#include "co_policycheck.h"
#include "co_holders.h"

struct co_duty {
    const struct co_registry *registry;
    const struct co_rosters *rosters; /* of that registry */
};

/* Borrows `duty` for as long as it is used. */
struct co_coverage co_duty_coverage(struct co_duty *duty);
