/* co_pack.h - finds the parts of a policy pack that entries of the journal name.
 *
 * Pure. What is returned is borrowed from the pack; NULL: the pack has no such part.
 */
#pragma once

#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "callout/v1/policy.pb-c.h"

const Callout__V1__Milestone *co_pack_milestone(const Callout__V1__PolicyPack *pack,
                                                const char *name);

/* The action that milestone, trigger and index of an Acted name: "breach" the actions of a breach,
 * "warning" those of the first warning, "warning 2" those of the second threshold itself. */
const Callout__V1__Action *co_pack_action(const Callout__V1__PolicyPack *pack,
                                          const char *milestone, const char *trigger,
                                          uint32_t index);

/* The step of that key. */
const Callout__V1__Step *co_pack_duty(const Callout__V1__PolicyPack *pack, const char *key);

/* The step of the ladder that an Escalated names: beyond the list the last one again. */
const Callout__V1__EscalationStep *co_pack_step(const Callout__V1__PolicyPack *pack,
                                                const char *milestone, uint32_t step);
