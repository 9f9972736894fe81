/* sla_calendars.h - the calendars that a case counts with. Pure; borrows all of them.
 *
 * Most promises count where the work is done. A milestone may name another calendar: the one of the
 * contract, or one by its key (the support centre's: DOMAIN section 9, next business day).
 */
#pragma once

#include <stddef.h>

#include "callout/v1/policy.pb-c.h"
#include "co_calendar.h"

struct sla_named_calendar {
    const char *key;
    const struct co_calendar *calendar;
};

struct sla_calendars {
    struct sla_named_calendar site;
    struct sla_named_calendar contract; /* calendar NULL: the site's */
    const struct sla_named_calendar *named;
    size_t named_count;
};

/* The one that `milestone` counts with. calendar NULL: there is none, or not the one it names. */
struct sla_named_calendar sla_calendars_of(const struct sla_calendars *c,
                                           const Callout__V1__Milestone *milestone);
