/* co_rosters.h - the rosters of a registry, with their calendars made ready.
 *
 * Pure. Made from the registry as it is, whose objects are borrowed: of no use after it changed.
 * One calendar is compiled per calendar that a roster names, nothing per person.
 */
#pragma once

#include "co_err.h"
#include "co_registry.h"
#include "co_roster.h"

struct co_rosters;

/* CO_ENOMEM. The caller frees the result. Rosters whose calendar cannot be compiled are as none:
 * what the registry took has one. */
CO_MUST_CHECK enum co_err co_rosters_new(const struct co_registry *registry,
                                         struct co_rosters **ret_rosters);

/* NULL is allowed. */
void co_rosters_free(struct co_rosters *s);

/* False: he has none and is always on duty. `s` may be NULL: nobody has one. */
bool co_rosters_of(const struct co_rosters *s, const char *person, struct co_roster *ret_roster);

/* When he is on duty first, from `us` on; `us` itself for who has no roster. CO_ROSTER_NEVER: not
 * within CO_ROSTER_AHEAD_US. */
int64_t co_rosters_from(const struct co_rosters *s, const char *person, int64_t us);

/* A span at which nobody is on duty. */
struct co_roster_gap {
    int64_t from_us, until_us; /* until_us: at most the end of what was asked */
};

/* The first span of [from_us, until_us) at which none of `who`, keys of persons, is on duty;
 * false: there is always somebody, *ret_gap is untouched. With nobody the whole is one gap. */
bool co_rosters_gap(const struct co_rosters *s, const char *const *who, size_t count,
                    int64_t from_us, int64_t until_us, struct co_roster_gap *ret_gap);
