/* wide_changes.h - whom the changes of the registry since some version concern. */
#pragma once

#include <libpq-fe.h>

#include "co_arena.h"
#include "co_registry.h"

struct sla_wide_changes {
    bool has_calendars;        /* open cases */
    bool has_span;             /* open cases, and closed ones that lie in it */
    int64_t from_us, until_us; /* of all exclusions that came, changed or went, old and new;
                                  INT64_MAX: without end */
    const char *regions;       /* of sites whose cases are concerned, one per line; NULL: all cases */
};

/* `res`: rows of read_wide_changes. Where regions of a site have changed, every exclusion of the
 * registry may concern other cases now. CO_EINPUT: a text is none; CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_wide_changes_of(const PGresult *res, const struct co_registry *now, struct co_arena *arena,
                                              struct sla_wide_changes *ret);

/* Lets more cases be concerned. CO_ENOMEM. */
void sla_wide_changes_add_span(struct sla_wide_changes *c, int64_t from_us, int64_t until_us);
CO_MUST_CHECK enum co_err sla_wide_changes_add_regions(struct sla_wide_changes *c, struct co_arena *arena, const char *regions);
