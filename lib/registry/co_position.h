/* co_position.h - positions of messages in WGS-84, whatever datum they are written in. Pure. */
#pragma once

#include <stdbool.h>

#include "callout/v1/common.pb-c.h"
#include "co_geo.h"

/* False, and *ret_at untouched: NULL, a coordinate out of range or no number, an unknown datum. */
bool co_position_wgs84(const Callout__V1__Position *p, struct co_point *ret_at);
