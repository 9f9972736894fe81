/* dispatch_staff.h - who leaves from which office, and what the people of an office can do, in
 * brief: so that an office where nobody can help is passed over without looking at anybody.
 *
 * Pure. Made from one version of the registry and of no use after it changed: the registry's
 * objects are borrowed. Offices are named by their place in the order of keys.
 */
#pragma once

#include <stdint.h>

#include "co_registry.h"

struct dispatch_staff;

/* NULL: out of memory. */
struct dispatch_staff *dispatch_staff_new(const struct co_registry *registry);

/* NULL is allowed. */
void dispatch_staff_free(struct dispatch_staff *s);

/* The engineers of an office in the order of keys: *ret_first[0..count). */
uint32_t dispatch_staff_of(const struct dispatch_staff *s, uint32_t office,
                           const Callout__V1__Engineer *const **ret_first);

/* What the registry calls that product, for dispatch_staff_level(). NULL: no engineer names it. */
const char *dispatch_staff_product(const struct dispatch_staff *s, const char *product);

/* Levels of engineer, as dispatch_staff_level() gives them. */
enum { DISPATCH_STAFF_NOBODY = -1 };

/* The highest level of those of the office who work on the product (of dispatch_staff_product();
 * NULL: of those who work on everything). */
int64_t dispatch_staff_level(const struct dispatch_staff *s, uint32_t office, const char *product);

/* The highest level of anybody of the office. */
int64_t dispatch_staff_any(const struct dispatch_staff *s, uint32_t office);
