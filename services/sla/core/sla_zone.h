/* sla_zone.h - what a zone table says about a place (DOMAIN sections 4 and 9). Pure.
 *
 * A row for one of the site's administrative regions wins over the distance, and then the distance
 * need not be known. Else the first ring whose end is not before the distance holds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/policy.pb-c.h"

/* Where a site is, as far as anybody knows. */
struct sla_place {
    char *const *regions; /* names of areas */
    size_t region_count;
    const double *km; /* of the journey, >= 0 and finite; NULL: not located */
    bool is_stated;   /* the contract states the figure: nobody can doubt it */
};

/* What of the table holds. Everything is borrowed from the table. */
struct sla_zone {
    char *name;   /* for people */
    char *region; /* that decided; NULL: the distance did */
    char *other;  /* name of the ring in which a distance a little shorter or longer, by the table's
                     edge_percent, would lie, the nearer one first; NULL: none, or no doubt */
    Callout__V1__Target *const *targets;
    size_t target_count; /* 0 for a region: excluded, nothing is promised there */
};

/* False: nothing holds: the distance is needed and not known, or a table without an end. */
bool sla_zone_find(const Callout__V1__ZoneTable *table, const struct sla_place *place,
                   struct sla_zone *ret_zone);
