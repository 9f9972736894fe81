/* co_position.h - where sites and offices are: positions of messages in WGS-84, whatever datum they
 * are written in, and distances that contracts state. Pure. */
#pragma once

#include <stdbool.h>

#include "callout/v1/registry.pb-c.h"
#include "co_geo.h"

/* False, and *ret_at untouched: NULL, a coordinate out of range or no number, an unknown datum. */
bool co_position_wgs84(const Callout__V1__Position *p, struct co_point *ret_at);

/* What the contract of the site (NULL: none) states for an office; NULL: nothing. Borrowed. */
const Callout__V1__Distance *co_site_distance(const Callout__V1__Site *site, const char *office);
