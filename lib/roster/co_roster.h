/* co_roster.h - when somebody is on duty, by his roster.
 *
 * Pure. Nothing is compiled: a question walks the days around its moment, under a microsecond where
 * the answer is near, and looks at most a year ahead. Times are microseconds since the Unix epoch.
 *
 * Rules are in the local time of the roster's calendar; a reading of the clock that is skipped or
 * comes twice is taken as co_offsets_us() says. Shifts `workdays` fall out on public holidays and
 * take place on make-up workdays whatever the weekday (DOMAIN section 9 counts those as workdays).
 * Absences win over every shift. Shifts that touch or overlap are one duty. A roster with neither
 * rules nor shifts only says when he is away.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "callout/v1/registry.pb-c.h"
#include "co_calendar.h"
#include "co_time.h"

#define CO_ROSTER_AHEAD_US (366 * CO_DAY_US)
#define CO_ROSTER_NEVER INT64_MAX

struct co_roster {
    const Callout__V1__Roster *roster;  /* has passed co_registry_check() */
    const struct co_calendar *calendar; /* the roster's */
};

bool co_roster_is_on(const struct co_roster *r, int64_t us);

/* The first moment from `us` on at which he is on duty; CO_ROSTER_NEVER: none within
 * CO_ROSTER_AHEAD_US. */
int64_t co_roster_from(const struct co_roster *r, int64_t us);

/* When the duty that holds at `us` ends without a break; `us` where none does; at most
 * CO_ROSTER_AHEAD_US later. */
int64_t co_roster_until(const struct co_roster *r, int64_t us);

/* The absence that holds at `us`, NULL: none. */
const Callout__V1__RosterSpan *co_roster_absence(const struct co_roster *r, int64_t us);

/* Would he be on duty, were he not away? */
bool co_roster_is_in_shift(const struct co_roster *r, int64_t us);

/* The next moment after `us` at which an absence or a shift may begin or end; between the two
 * answers of before do not change. CO_ROSTER_NEVER: none within CO_ROSTER_AHEAD_US. */
int64_t co_roster_change(const struct co_roster *r, int64_t us);
