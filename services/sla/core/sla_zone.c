#include "sla_zone.h"

#include <string.h>

#include "co_zone.h"

static const Callout__V1__Ring *find_ring(const Callout__V1__ZoneTable *table, double km)
{
    int64_t whole_km = co_zone_whole_km(km, table->truncate ? CO_ZONE_TRUNCATE : CO_ZONE_ROUND);
    for (size_t i = 0; i < table->n_rings; i++)
        if (table->rings[i]->upto_km == 0 || whole_km <= table->rings[i]->upto_km)
            return table->rings[i];
    return NULL;
}

static bool lies_in(const struct sla_place *place, const char *region)
{
    for (size_t i = 0; i < place->region_count; i++)
        if (strcmp(place->regions[i], region) == 0)
            return true;
    return false;
}

static const Callout__V1__RegionZone *find_region(const Callout__V1__ZoneTable *table,
                                                  const struct sla_place *place)
{
    for (size_t i = 0; i < table->n_regions; i++)
        if (lies_in(place, table->regions[i]->region))
            return table->regions[i];
    return NULL;
}

/* The ring beyond an edge that is so near that the distance may as well lie there. */
static char *beyond_edge(const Callout__V1__ZoneTable *table, const Callout__V1__Ring *ring,
                         double km)
{
    double slack_km = km * table->edge_percent / 100;
    const Callout__V1__Ring *inner = find_ring(table, km > slack_km ? km - slack_km : 0);
    const Callout__V1__Ring *outer = find_ring(table, km + slack_km);
    if (inner != NULL && inner != ring)
        return inner->name;
    return outer != NULL && outer != ring ? outer->name : NULL;
}

bool sla_zone_find(const Callout__V1__ZoneTable *table, const struct sla_place *place,
                   struct sla_zone *ret_zone)
{
    const Callout__V1__RegionZone *row = find_region(table, place);
    if (row != NULL) {
        *ret_zone = (struct sla_zone){ .name = row->name[0] != '\0' ? row->name : row->region,
                                       .region = row->region,
                                       .targets = row->targets,
                                       .target_count = row->n_targets };
        return true;
    }
    const Callout__V1__Ring *ring = place->km != NULL ? find_ring(table, *place->km) : NULL;
    if (ring == NULL)
        return false;
    *ret_zone = (struct sla_zone){
        .name = ring->name,
        .other = place->is_stated ? NULL : beyond_edge(table, ring, *place->km),
        .targets = ring->targets,
        .target_count = ring->n_targets,
    };
    return true;
}
