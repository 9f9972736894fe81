/* notify_rosters.h - what of the registry in force says when people are told: made ready once for
 * each registry. */
#pragma once

#include "co_err.h"
#include "co_registry.h"
#include "co_rosters.h"

struct notify_rosters {
    struct co_rosters *rosters; /* NULL: not read yet */
    uint64_t changes;           /* of the registry, when they were read */
};

/* Reads them again where the registry has changed. CO_ENOMEM: as before. */
CO_MUST_CHECK enum co_err notify_rosters_refresh(struct notify_rosters *n,
                                                 const struct co_registry *registry);
void notify_rosters_done(struct notify_rosters *n);
