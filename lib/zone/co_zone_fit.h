/* co_zone_fit.h - learns from routed pairs how long roads are: road = base + factor * great circle.
 *
 * Pure. What counts is how many pairs land in the right zone of a table, not how many kilometres
 * the estimate is off: near the edges of zones it has to be right. So the best figures for the
 * shares are looked for around those that a straight line through all pairs gives; of equal shares
 * the ones with the smaller error. 250,000 pairs take about a second (measured).
 */
#pragma once

#include <stddef.h>

#include "co_err.h"
#include "co_zone.h"

struct co_zone_pair {
    double straight_km; /* great circle, >= 0 */
    double road_km;     /* as routed, >= 0 */
};

struct co_zone_score {
    double share;    /* of pairs whose estimate lies in the zone of their road, 0..1 */
    double error_km; /* mean, either way */
};

/* How good figures are for `count` (> 0) pairs. The rings have passed co_rings_check(). */
struct co_zone_score co_zone_score(const struct co_rings *rings, const struct co_zone_pair *pairs,
                                   size_t count, struct co_road_estimate estimate);

/* The best figures: base 0..100 km, factor 1..3. CO_EINPUT: fewer than 2 pairs. */
CO_MUST_CHECK enum co_err co_zone_fit(const struct co_rings *rings,
                                      const struct co_zone_pair *pairs, size_t count,
                                      struct co_road_estimate *ret_estimate);
