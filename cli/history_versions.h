/* history_versions.h - the versions that stored cases are under: policy packs and compiled
 * calendars by pin, and drafts in their place.
 *
 * Each text is read and compiled once, when the first case asks for it, and shared by all threads;
 * a compiled calendar takes about 1 MB. Whatever is given out lives as long as the versions.
 */
#pragma once

#include "callout/v1/registry.pb-c.h"
#include "callout/v1/sla_state.pb-c.h"
#include "co_history.h"
#include "co_registry.h"
#include "sla_calendars.h"

struct history_versions;

/* What stands in the place of recorded versions. */
struct history_drafts {
    const struct co_registry *registry; /* the one in force, with the drafts in it */
    const struct co_object **object;    /* the drafts: packs and calendars of that registry */
    size_t count;
};

/* Borrows the history, and from then on alone runs queries on it. NULL: out of memory. */
struct history_versions *history_versions_new(struct co_history *h);
void history_versions_free(struct history_versions *v); /* NULL is allowed */

/* The pack and the calendars of an open case; what lists them lives in `arena`. With `drafts` (or
 * NULL) they stand for the recorded ones of their names; *ret_touched, if wanted, says that one
 * does. Threads may call it at the same time. CO_EINPUT: a version does not exist or cannot be
 * used; CO_EDOWN; CO_ENOMEM. */
CO_MUST_CHECK enum co_err history_versions_find(struct history_versions *v, struct co_arena *arena,
                                                const Callout__V1__SlaState *state,
                                                const struct history_drafts *drafts,
                                                const Callout__V1__PolicyPack **ret_policy,
                                                struct sla_calendars *ret_calendars,
                                                bool *ret_touched);

/* One object by its pin; threads as above. CO_EINPUT: it does not exist; CO_EDOWN; CO_ENOMEM. */
CO_MUST_CHECK enum co_err history_versions_object(struct history_versions *v, enum co_kind kind,
                                                  const Callout__V1__Pin *pin,
                                                  const struct co_object **ret);
