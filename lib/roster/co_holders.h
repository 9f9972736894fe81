/* co_holders.h - who answers for a role at a moment: those of its holders who are on duty, or their
 * delegates.
 *
 * Pure. The rules (docs/decisions/014-who-is-told.md):
 * - Who holds a role alone answers for it at any hour but while he is away; out of his shifts his
 *   delegate does, where one is on duty.
 * - Where several hold it, those who are in a shift answer.
 * - For who is away in his shift the first of his delegates answers who is on duty, else the first
 *   who is not away.
 */
#pragma once

#include "co_roles.h"
#include "co_rosters.h"

/* Somebody who answers for a role. Both are the registry's. */
struct co_holder {
    const Callout__V1__Person *person;
    const Callout__V1__Person *stands_for; /* whose delegate he is; NULL: he holds the role */
    bool is_leave;                         /* that one is away, else out of his shifts */
};

/* The holders of a role, as co_roles_find() gives them. */
struct co_holding {
    const struct co_registry *registry;
    const struct co_rosters *rosters; /* of that registry; NULL: nobody has one */
    const Callout__V1__Person *const *holders;
    size_t count;
};

/* Writes at most `cap`, each person once, in the order of the holders; returns how many. 0: nobody
 * holds it, or nobody of them is on duty. */
size_t co_holders_at(const struct co_holding *h, int64_t us, struct co_holder *ret_who, size_t cap);

/* The first span of [from_us, until_us) at which nobody answers for it; false: somebody always
 * does, *ret_gap is untouched. */
bool co_holders_gap(const struct co_holding *h, int64_t from_us, int64_t until_us,
                    struct co_roster_gap *ret_gap);
