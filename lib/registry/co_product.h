/* co_product.h - versions of a product, their service packs, and when their support life ends.
 *
 * Pure. Times are microseconds since the Unix epoch, UTC. What is returned is borrowed from the
 * product.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "callout/v1/registry.pb-c.h"

/* NULL: the product has no such version; also where `key` is NULL or "". */
const Callout__V1__ProductVersion *co_product_version(const Callout__V1__Product *p,
                                                      const char *key);

/* Whether `v` is the version of key `base`, or a service pack of it, or of one of its service
 * packs. */
bool co_product_is_within(const Callout__V1__Product *p, const Callout__V1__ProductVersion *v,
                          const char *base);

/* The first moment after the support life, 0: it goes on. A version that names no end has that of
 * the version it is a service pack of; none outlives its product. `v` NULL: that of the product. */
int64_t co_product_until_us(const Callout__V1__Product *p, const Callout__V1__ProductVersion *v);

/* When the community of the version ends it, 0: it does not, or that is not known. One that names
 * no end has that of the version it is a service pack of. */
int64_t co_product_community_until_us(const Callout__V1__Product *p,
                                      const Callout__V1__ProductVersion *v);
