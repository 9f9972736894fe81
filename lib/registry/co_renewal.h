/* co_renewal.h - whether a contract can be renewed at all. Pure. */
#pragma once

#include <stdbool.h>

#include "co_registry.h"

/* Something that the contract covers is supported beyond its end: renewal is only inside the
 * product's support life. */
bool co_renewal_is_possible(const struct co_registry *r, const Callout__V1__Contract *contract);
