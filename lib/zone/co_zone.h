/* co_zone.h - which distance zone a site lies in.
 *
 * Pure, and without figures of its own: rings, rounding and the estimate are the caller's data (a
 * policy pack). The zones of the sources are those of DOMAIN section 4; the rules where they leave
 * room (whole kilometres, the estimate of the journey) are those of section 9.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "co_err.h"

enum co_zone_rounding {
    CO_ZONE_ROUND,    /* to the nearest whole km, halves up: 40.4 is 40, 40.5 is 41 */
    CO_ZONE_TRUNCATE, /* 40.9 is 40 */
};

/* Whole kilometres of a distance (>= 0, finite). */
int32_t co_zone_whole_km(double km, enum co_zone_rounding rounding);

struct co_ring {
    int32_t upto_km; /* whole kilometres, included; >= 0 */
    uint32_t name;   /* index into the caller's names */
};

/* Rings from the inside out, upto_km rising. Borrowed. */
struct co_rings {
    const struct co_ring *ring;
    uint32_t count;
    enum co_zone_rounding rounding;
    uint32_t name_over; /* what is farther than the last ring */
};

struct co_zone {
    uint32_t ring; /* index of the ring; `count` of the rings when over */
    uint32_t name;
    int32_t km;   /* whole kilometres, by the rounding */
    bool is_over; /* farther than the last ring */
};

/* CO_EINPUT: no ring, a negative bound, or bounds that do not rise. */
CO_MUST_CHECK enum co_err co_rings_check(const struct co_rings *rings);

/* The zone of a distance (>= 0, finite). The rings have passed co_rings_check(). */
struct co_zone co_zone_of(const struct co_rings *rings, double km);

/* Journey distance where neither a contract's figure nor a road provider gives one. */
struct co_road_estimate {
    double base_km; /* >= 0 */
    double factor;  /* > 0 */
};

/* base_km + factor * great_circle_km */
double co_zone_estimate_km(struct co_road_estimate e, double great_circle_km);
