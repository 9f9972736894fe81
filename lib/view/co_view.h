/* co_view.h - everything announced about one case, folded from its journal entries.
 *
 * Pure. The fold reads only what the journal says, so everybody who has the same entries shows the
 * same case. What the journal does not hold is left empty for the caller: `title`, `description`.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "callout/v1/intake.pb-c.h"
#include "callout/v1/policy.pb-c.h"
#include "co_arena.h"
#include "co_err.h"

/* One entry of the journal. `event` is borrowed. */
struct co_view_entry {
    uint8_t lane;
    int64_t seq;
    int64_t at_us; /* when the journal took it; Unix microseconds, UTC */
    int64_t case_id;
    const Callout__V1__Event *event;
};

/* Folds `n` entries of one case, rising by seq (an entry whose seq is not above the one before is a
 * repeat and skipped), into a view. Entries that do not concern the view only move `last_seq`.
 * The view lives in the arena and borrows texts from the events: it is valid as long as both are.
 * Its parts are not to be freed with protobuf-c. CO_EINPUT: entries of different cases. CO_ENOMEM:
 * the arena is at its cap. On failure *ret_view is untouched; the arena may have been used. */
CO_MUST_CHECK enum co_err co_view_fold(struct co_arena *arena, const struct co_view_entry *entries,
                                       size_t n, Callout__V1__CaseView **ret_view);

/* Adds what the pack the case is under says: severity_name, titles of clocks, who is told by steps
 * of ladders and by actions; borrowed. What the pack does not name stays absent. CO_ENOMEM: then
 * the view is good, without some of it. */
enum co_err co_view_add_pack(struct co_arena *arena, Callout__V1__CaseView *view,
                             const Callout__V1__PolicyPack *pack);
