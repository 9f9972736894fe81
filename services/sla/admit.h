/* admit.h - whether a ticket is served, and under which contract. Pure: the registry is given. */
#pragma once

#include "callout/v1/event.pb-c.h"
#include "co_registry.h"
#include "sla_case.h"

/* What the registry says about a ticket: opened with all pins and why under this contract, or held with the reason. `approval` is
 * NULL, or the command that takes a held case on; then only an unknown contract refuses. Memory is the arena's. CO_ENOMEM;
 * CO_EINPUT: the contract names a pack or calendar that is not there. */
CO_MUST_CHECK enum co_err sla_admit(const struct co_registry *r, struct co_arena *arena, const Callout__V1__TicketSubmitted *ticket,
                                    const Callout__V1__CommandReceived *approval, struct sla_admission *ret_admission);
