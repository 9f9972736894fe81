/* wide.h - what the registry in force says about many cases at once, as it concerns one of them:
 * calendars and exclusions. What is returned lives in `arena` or borrows from the registry, and is
 * good until the loop turns. */
#pragma once

#include "callout/v1/event.pb-c.h"
#include "callout/v1/sla_state.pb-c.h"
#include "co_registry.h"
#include "sla_wide.h"

/* Names the present text of an object. NULL: there is none, or no memory. */
Callout__V1__Pin *sla_pin_of(const struct co_registry *r, struct co_arena *arena, enum co_kind kind, const char *key);

/* The pins that a case counts with now: those it was opened under, or was rebased to since then.
 * Borrows from the state. */
Callout__V1__CalendarRebased sla_wide_pins(const Callout__V1__SlaState *state, const Callout__V1__CaseOpened *opened);

/* What a new case is opened with beside its pins: calendars that its pack or contract name, figures
 * of the contract, conditions, regions and exclusions of the site (NULL: unknown). The pins for
 * pack and `calendar` are there, and when it was reported. CO_EINPUT: a milestone names a calendar that is not there.
 * CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_wide_open(const struct co_registry *r, struct co_arena *arena,
                                        const Callout__V1__Contract *contract, const Callout__V1__Site *site,
                                        Callout__V1__CaseOpened *opened);

/* Whether the site lies in one of `regions`, one per line; NULL: everywhere. A site that the
 * registry does not have may lie anywhere. */
bool sla_wide_is_site_in(const struct co_registry *r, const char *site, const char *regions);

/* Whether the case may have something to catch up with; a held one has not. */
bool sla_wide_has_news(const struct co_registry *r, const Callout__V1__SlaState *state);

/* How things stand now for an open or closed case: the newest text of each of its calendars (the
 * one it has where it is gone), and the exclusions of its site's regions. A site that is gone lies
 * where it did. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_wide_of(const struct co_registry *r, struct co_arena *arena, const Callout__V1__SlaState *state,
                                      struct sla_wide *ret_wide);
