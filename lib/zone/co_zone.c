#include "co_zone.h"

#include <math.h>

#include "co_assert.h"

enum co_err co_rings_check(const struct co_rings *rings)
{
    if (rings->count == 0)
        return CO_EINPUT;
    int32_t last_km = -1;
    for (uint32_t i = 0; i < rings->count; i++) {
        if (rings->ring[i].upto_km <= last_km)
            return CO_EINPUT;
        last_km = rings->ring[i].upto_km;
    }
    return CO_OK;
}

int32_t co_zone_whole_km(double km, enum co_zone_rounding rounding)
{
    co_assert(km >= 0.0 && isfinite(km));
    double whole = rounding == CO_ZONE_TRUNCATE ? trunc(km) : round(km);
    return whole >= (double)INT32_MAX ? INT32_MAX : (int32_t)whole;
}

struct co_zone co_zone_of(const struct co_rings *rings, double km)
{
    struct co_zone zone = { .km = co_zone_whole_km(km, rings->rounding) };
    while (zone.ring < rings->count && zone.km > rings->ring[zone.ring].upto_km)
        zone.ring++;
    zone.is_over = zone.ring == rings->count;
    zone.name = zone.is_over ? rings->name_over : rings->ring[zone.ring].name;
    return zone;
}

double co_zone_estimate_km(struct co_road_estimate e, double great_circle_km)
{
    co_assert(e.base_km >= 0.0 && e.factor > 0.0 && great_circle_km >= 0.0);
    return e.base_km + e.factor * great_circle_km;
}
