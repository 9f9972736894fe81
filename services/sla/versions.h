/* versions.h - the immutable versions a case is computed under: policy packs and compiled calendars by pin, and what the
 * registry in force says about a new case. */
#pragma once

#include "callout/v1/event.pb-c.h"
#include "callout/v1/policy.pb-c.h"
#include "co_calendar.h"
#include "co_registry_feed.h"
#include "sla_case.h"
#include "sla_wide.h"

struct sla_versions;

/* Borrows the feed. NULL: out of memory. */
struct sla_versions *sla_versions_new(struct co_registry_feed *feed);
void sla_versions_free(struct sla_versions *v); /* NULL is allowed */

/* The pack and the calendars that a case counts with, good until the next call: those of its pins. CO_EAGAIN: being fetched;
 * CO_EINPUT: one does not exist, or a calendar cannot be compiled; CO_ENOMEM. What lists them lives in `arena`. */
CO_MUST_CHECK enum co_err sla_versions_find(struct sla_versions *v, struct co_arena *arena, const Callout__V1__SlaState *state,
                                            const Callout__V1__CaseOpened *opened,
                                            const Callout__V1__PolicyPack **ret_policy,
                                            struct sla_calendars *ret_calendars);

/* What the registry in force says about calendars and exclusions, where the case has not taken it in yet. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_versions_wide(struct sla_versions *v, struct co_arena *arena, const Callout__V1__SlaState *state,
                                            bool *ret_has_news, struct sla_wide *ret_wide);

/* The same, also where it has taken that in before. CO_EAGAIN: the registry here is older than what the case has seen; it is being
 * fetched. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_versions_wide_now(struct sla_versions *v, struct co_arena *arena, const Callout__V1__SlaState *state,
                                                struct sla_wide *ret_wide);

/* The registry in force, and its version. Borrowed; good until the loop turns. */
const struct co_registry *sla_versions_now(const struct sla_versions *v);
uint64_t sla_versions_registry(const struct sla_versions *v);
