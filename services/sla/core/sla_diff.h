/* sla_diff.h - what has to be said so that what was announced becomes what is computed now. Pure.
 *
 * An output is named by its kind and, where it has them, milestone, generation, threshold (Warned),
 * step (Escalated), ordinal (SeverityChanged,
 * ConsentChanged, SessionChanged), whether it is the end (SessionChanged), trigger and index (Acted). Of the same name,
 *   - Promised whose content moved is said again with the next revision;
 *   - any other whose content moved is withdrawn and said anew;
 *   - what is no longer computed is withdrawn. The revisions of a withdrawn promise go on when it
 *     comes back.
 * Actions that stand (on_withdrawn other than undo) are settled before, by sla_diff_standing(): the
 * fold then computes them again, so they are not withdrawn here.
 */
#pragma once

#include <stddef.h>

#include "callout/v1/event.pb-c.h"
#include "callout/v1/policy.pb-c.h"
#include "callout/v1/sla_state.pb-c.h"
#include "sla_events.h"

/* Makes what is announced in `state` equal to `outputs` (sla_fold's; their revisions are set) and
 * appends what has to be said to `ret`: withdrawals, then news in the order of time. CO_ENOMEM: the
 * state is unchanged, `ret` may be longer. */
CO_MUST_CHECK enum co_err sla_diff(Callout__V1__SlaState *state, Callout__V1__Event **outputs,
                                   size_t output_count, struct co_arena *arena,
                                   struct sla_events *ret);

/* Actions announced in `state` that `outputs` do not contain any more, or only later or barred, and
 * that shall stand by the pack: moves them to state->standing, appends a Withdrawn with `stands`
 * for each to `ret`, and counts them in *ret_count. When there are any, fold anew. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_diff_standing(Callout__V1__SlaState *state,
                                            const Callout__V1__PolicyPack *policy,
                                            Callout__V1__Event *const *outputs, size_t output_count,
                                            struct co_arena *arena, struct sla_events *ret,
                                            size_t *ret_count);

/* Adds one to state->standing, which stays sorted by acted_us. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_diff_stand(Callout__V1__SlaState *state, Callout__V1__Acted *acted,
                                         struct co_arena *arena);
