/* sla_cause.h - what is behind something that happened to a clock. Pure.
 *
 * The fold does not keep which input did what: these look for it in the inputs, by the same rules.
 * The result is in `arena` and borrows from `in` and `fold`; person, source and title are left to
 * the caller, who has the journal and the texts. NULL: no memory.
 */
#pragma once

#include <stdint.h>

#include "callout/v1/explain.pb-c.h"
#include "co_arena.h"
#include "sla_fold.h"

/* Of a pause of `clock`. kind "act" without an act: nothing is found. */
Callout__V1__Cause *sla_cause_of_pause(const struct sla_fold_input *in, const struct sla_fold *fold,
                                       const struct sla_clock *clock, const struct sla_pause *pause,
                                       struct co_arena *arena);

/* Of a change of the severity by people; one by the policy has none: *ret is NULL then. CO_ENOMEM.
 */
CO_MUST_CHECK enum co_err sla_cause_of_change(const struct sla_fold_input *in,
                                              const Callout__V1__SeverityChanged *change,
                                              struct co_arena *arena, Callout__V1__Cause **ret);
