/* sla_severity.h - the severity of a ticket, and why. Pure.
 *
 * The rule: each trait of the ticket makes it at least as bad as the level that names the trait
 * (any one is enough); a stated severity counts only where no trait says as bad or worse; where
 * neither is known to the pack, its default holds, and where it has none, the mildest level.
 * Traits and levels that the pack lacks are passed over.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/policy.pb-c.h"

struct sla_severity {
    uint32_t level;   /* 1 is worst */
    const char *rule; /* "trait", "stated", "default" */
    char *what;       /* the trait, borrowed from the pack, or NULL */
};

/* `stated` 0: not stated. The pack has at least one level. */
struct sla_severity sla_severity_of(const Callout__V1__PolicyPack *policy, char *const *traits,
                                    size_t trait_count, uint32_t stated);

/* Whether the pack knows the trait at any level. */
bool sla_severity_has_trait(const Callout__V1__PolicyPack *policy, const char *key);
