/* co_calendar_gaps.h - calendars in use whose public holidays are not known for this year or the
 * next. Pure.
 *
 * In use: named by a contract, a site, or a milestone of a policy pack that a contract names. A
 * calendar without any holidays has nothing to know.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_err.h"
#include "co_registry.h"

enum { CO_CALENDAR_GAP_YEARS = 2 };

struct co_calendar_gap {
    const char *key; /* borrowed from the registry */
    int32_t year[CO_CALENDAR_GAP_YEARS];
    uint32_t years; /* of them, at least one */
};

/* The gaps as of `now_us`, by key, in ret_gaps[0..*ret_count); at most `cap`. The year is that of
 * the calendar's own clock. CO_ENOMEM. */
CO_MUST_CHECK enum co_err co_calendar_gaps(const struct co_registry *r, int64_t now_us,
                                           struct co_calendar_gap *ret_gaps, size_t cap,
                                           size_t *ret_count);
