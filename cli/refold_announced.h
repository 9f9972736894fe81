/* refold_announced.h - what of a case's journal stands announced: said, and not withdrawn since.
 * Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "callout/v1/event.pb-c.h"
#include "co_arena.h"
#include "co_err.h"
#include "co_history.h"

struct refold_announced {
    Callout__V1__Event **event; /* in the order of the journal; the arena's */
    size_t count;
    Callout__V1__Promised **withdrawn; /* promises taken back, as last announced */
    size_t withdrawn_count;
    const Callout__V1__Event
        *wrong; /* said twice, or withdrawn without having been said; NULL: nothing */
};

/* CO_ENOMEM. */
CO_MUST_CHECK enum co_err refold_announced(const struct co_history_case *c,
                                           struct refold_announced *ret);

/* Whether two outputs have the same name (sla_diff.h): the same thing, whatever is said of it. A
 * Withdrawn has the name of what it withdraws. */
bool refold_is_same_name(const Callout__V1__Event *a, const Callout__V1__Event *b);
