/* co_lease_plan.h - which lanes an instance should take or give away. Pure.
 *
 * Every live instance of a service gets its fair share: lanes / live, the first (by instance name) one more
 * where it does not divide. Who has too many gives away; who has too few takes what is free or belongs to the
 * dead. Nobody takes from the living, so lanes move once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct co_lease_lane {
    int owner; /* index of the live instance that owns it; -1: nobody, or somebody dead */
};

/* How many lanes instance `me` of `live` (0 <= me < live) should have. */
size_t co_lease_share(size_t lanes, size_t live, size_t me);

/* Fills ret_take and ret_release (each for `lanes` flags). */
void co_lease_plan(const struct co_lease_lane *lane, size_t lanes, size_t live, size_t me, bool *ret_take,
                   bool *ret_release);
