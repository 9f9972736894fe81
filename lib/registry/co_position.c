#include "co_position.h"

#include <stddef.h>
#include <string.h>

bool co_position_wgs84(const Callout__V1__Position *p, struct co_point *ret_at)
{
    static const enum co_datum datums[] = {
        [CALLOUT__V1__DATUM__DATUM_WGS84] = CO_DATUM_WGS84,
        [CALLOUT__V1__DATUM__DATUM_GCJ02] = CO_DATUM_GCJ02,
        [CALLOUT__V1__DATUM__DATUM_BD09] = CO_DATUM_BD09,
    };
    if (p == NULL || (size_t)p->datum >= sizeof(datums) / sizeof(datums[0]))
        return false;
    struct co_point given = { p->latitude, p->longitude };
    if (!co_point_is_valid(given))
        return false;
    *ret_at = co_geo_to_wgs84(given, datums[p->datum]);
    return true;
}

const Callout__V1__Distance *co_site_distance(const Callout__V1__Site *site, const char *office)
{
    for (size_t i = 0; site != NULL && i < site->n_distances; i++)
        if (strcmp(site->distances[i]->office, office) == 0)
            return site->distances[i];
    return NULL;
}
