/* intake_advisory.h - what the case of an advisory says to whoever reads it. Pure. */
#pragma once

#include "co_advisory.h"

/* Fix plan, workaround, what is concerned under the contract at that time, and references: in each language that the advisory has, at
 * most 16,000 characters, in the arena. NULL: out of memory. */
char *intake_advisory_text(const struct co_registry *r, const Callout__V1__Advisory *advisory, const Callout__V1__Contract *contract,
                           int64_t at_us, struct co_arena *arena);
