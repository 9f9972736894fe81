/* co_duty.h - who holds a role when, by rosters: what co_policycheck() looks at roles with.
 *
 * Pure. Whoever holds a role and is an engineer with a roster holds it while on duty; everybody
 * else always does.
 */
#pragma once

#include "co_policycheck.h"
#include "co_rosters.h"

struct co_duty {
    const struct co_registry *registry;
    const struct co_rosters *rosters; /* of that registry */
};

/* Borrows `duty` for as long as it is used. */
struct co_coverage co_duty_coverage(struct co_duty *duty);
