#include "sla_calendars.h"

#include <string.h>

struct sla_named_calendar sla_calendars_of(const struct sla_calendars *c,
                                           const Callout__V1__Milestone *milestone)
{
    const char *name = milestone->calendar;
    if (name[0] == '\0' || strcmp(name, "site") == 0)
        return c->site;
    if (strcmp(name, "contract") == 0)
        return c->contract.calendar != NULL ? c->contract : c->site;
    for (size_t i = 0; i < c->named_count; i++)
        if (strcmp(c->named[i].key, name) == 0)
            return c->named[i];
    return (struct sla_named_calendar){ name, NULL };
}
