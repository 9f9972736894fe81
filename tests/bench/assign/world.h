/* world.h - where sites, offices and engineers are: from a matrix of real roads, or from towns. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct world {
    const char *name;
    uint32_t places;
    double *km;       /* journey from row to column */
    double *seconds;  /* the same as time */
    double *until;    /* running sum of weights: how likely orders come from there */
    uint32_t *office; /* places of the offices */
    uint32_t offices;
};

/* A pair of matrices (.vrp, kilometres and seconds between the same towns). Offices are put where
 * the farthest town is nearest. False: cannot be read; said on stderr. */
bool world_of_matrices(struct world *w, const char *km_file, const char *time_file,
                       uint32_t offices);

/* Towns with people (CSV as of GeoNames). Journeys are estimated as fixed + factor * great circle
 * at 60 km/h. Orders come from where people are; offices are in the largest towns. */
bool world_of_towns(struct world *w, const char *csv_file, uint32_t offices);

void world_free(struct world *w);

/* A place, drawn by weight; `unit` in [0, 1). */
uint32_t world_place(const struct world *w, double unit);
