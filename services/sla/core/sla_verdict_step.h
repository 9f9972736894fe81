/* sla_verdict_step.h - whether an act of a step may be taken, and which steps stand in the way of
 * another decision. Pure. Sentences are in `arena`, or constant; NULL: it may be. */
#pragma once

#include "sla_fold.h"

/* `command` NULL: would any of its kind be possible? */
const char *sla_verdict_step(const Callout__V1__PolicyPack *policy, const struct sla_fold *fold,
                             const Callout__V1__CaseOpened *opened,
                             const Callout__V1__CommandReceived *command, Callout__V1__Act act,
                             struct co_arena *arena);

/* Of a decision that steps of the pack block until they are complete. */
const char *sla_verdict_blocked(const Callout__V1__PolicyPack *policy, const struct sla_fold *fold,
                                Callout__V1__Act act, struct co_arena *arena);
