/* sla_journal.h - the state of a case from its journal alone, for whoever computes it without the
 * service: to explain, to fold anew, to verify. Pure.
 *
 * The state has the inputs, exclusions and calendars (`rebased`) that the service keeps;
 * registry_seen is that of the latest change that was said. Verdicts are taken as they were given
 * and never judged again. What stands although its reason was withdrawn is part of the state; what
 * was announced is not: it follows from the fold.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "callout/v1/sla_state.pb-c.h"
#include "co_arena.h"
#include "co_err.h"

struct sla_journal_entry {
    uint64_t seq;
    Callout__V1__Event *event; /* borrowed, and borrowed from by the state */
};

/* `entries` are those of one case, all of them, rising by seq. The state has no `opened` where the
 * case is held or not yet taken by sla; it is in `arena`. CO_EINPUT: these cannot be the entries of
 * a case. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_journal_state(struct co_arena *arena,
                                            const struct sla_journal_entry *entries, size_t count,
                                            Callout__V1__SlaState **ret);
