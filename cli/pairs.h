/* pairs.h - routed pairs of places from files: a CSV of positions and kilometres, or a full matrix
 * of TSPLIB (.vrp). */
#pragma once

#include <stdbool.h>

#include "callout/v1/common.pb-c.h"
#include "cli.h"
#include "co_geo.h"
#include "co_registry.h"
#include "co_zone_fit.h"

#define PAIRS_BAD 5 /* told by their places */

/* What the file need not say. */
struct pairs_ask {
    const struct co_registry *registry; /* has the offices that a CSV names */
    const char *office;       /* only its pairs, where a CSV names offices; "": of all. Where a CSV
                                 says nothing of where pairs begin, they begin there */
    Callout__V1__Datum datum; /* of positions in the file */
};

/* Where in the file: a line, or with `column` (> 0) a place of a matrix; from 1. */
struct pairs_place {
    size_t line, column;
};

struct pairs {
    struct co_zone_pair *item; /* free() */
    size_t count, cap;
    size_t impossible; /* shorter than the great circle by more than 2 %: left out */
    struct pairs_place impossible_at[PAIRS_BAD];
    size_t others;   /* of other offices than the one asked for: left out */
    bool is_swapped; /* the matrix gives longitude first */
};

/* Says on `err` what is wrong, and what was left out. Returns the exit code. */
CO_MUST_CHECK int pairs_read(struct cli *cli, const char *path, const struct pairs_ask *ask,
                             struct pairs *ret_pairs);

/* The file as one of the two forms reads it: `text` is the whole of it, with a NUL behind. */
struct pairs_file {
    struct cli *cli;
    const struct pairs_ask *ask;
    const char *path;
    char *text;
    size_t len;
    struct cli_progress progress;
    struct pairs pairs;
};
CO_MUST_CHECK int pairs_read_csv(struct pairs_file *f);
CO_MUST_CHECK int pairs_read_matrix(struct pairs_file *f);

/* A position of the file in WGS-84; it is on Earth. */
struct co_point pairs_point(const struct pairs_file *f, double lat_deg, double lon_deg);

/* Adds a pair of places in WGS-84, or counts it as impossible. False: out of memory. */
CO_MUST_CHECK bool pairs_add(struct pairs *p, struct co_point from, struct co_point to,
                             double road_km, struct pairs_place place);
