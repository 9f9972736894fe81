/* co_offering.h - the policy packs that a contract has. Pure; borrows from the contract. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "callout/v1/registry.pb-c.h"

/* The key of its `i`th pack: the one that holds where a report asks for none, its offerings, that
 * of its renewal. NULL: it has no more. */
const char *co_offering_at(const Callout__V1__Contract *c, size_t i);

bool co_offering_is_of(const Callout__V1__Contract *c, const char *policy);
