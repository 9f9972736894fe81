/* co_registry_calendar.h - a calendar of the registry, made ready for counting. Pure. */
#pragma once

#include <stdint.h>

#include "callout/v1/registry.pb-c.h"
#include "co_calendar.h"
#include "co_err.h"

/* Compiles `c` for the years first_year..last_year; `c` is only read during the call. Years that
 * `c` does not list as known are marked as such; where it lists none and has no exceptions there
 * are no holidays to know. CO_EINPUT: it is wrong, `problem` says in English what; CO_ENOMEM. The
 * caller owns *ret_calendar. `problem` is "" unless CO_EINPUT. */
CO_MUST_CHECK enum co_err co_registry_calendar_compile(const Callout__V1__Calendar *c,
                                                       int32_t first_year, int32_t last_year,
                                                       struct co_calendar **ret_calendar,
                                                       char problem[static CO_CALENDAR_PROBLEM]);

/* The same for all the years that a case may touch: some around those that `c` knows, a century
 * where it knows none. Whoever counts for a case compiles it so, or due times far away differ. */
CO_MUST_CHECK enum co_err
co_registry_calendar_compile_all(const Callout__V1__Calendar *c, struct co_calendar **ret_calendar,
                                 char problem[static CO_CALENDAR_PROBLEM]);
