/* sla_action.h - which action of the pack an Acted names. Pure. */
#pragma once

#include "callout/v1/event.pb-c.h"
#include "callout/v1/policy.pb-c.h"

/* NULL: the pack has no such milestone or action. */
const Callout__V1__Action *sla_action_find(const Callout__V1__PolicyPack *policy,
                                           const Callout__V1__Acted *acted);
