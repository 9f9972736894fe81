/* pairs.h - routed pairs of places from files: a CSV of positions and kilometres, or a full matrix
 * of TSPLIB (.vrp). */
#pragma once

#include <stdbool.h>

#include "cli.h"
#include "co_zone_fit.h"

#define PAIRS_BAD 5 /* told by line */

struct pairs {
    struct co_zone_pair *item; /* free() */
    size_t count, cap;
    size_t impossible; /* shorter than the great circle by more than 2 %: left out */
    unsigned impossible_line[PAIRS_BAD];
    bool is_swapped; /* the matrix gives longitude first */
};

/* Says on `err` what is wrong. Returns the exit code. */
CO_MUST_CHECK int pairs_read(struct cli *cli, const char *path, struct pairs *ret_pairs);

/* Adds a pair, or counts it as impossible. False: out of memory. */
bool pairs_add(struct pairs *p, double straight_km, double road_km, unsigned line);

/* The two forms, each in a file of its own; `text` is the whole file, with a NUL behind it. */
CO_MUST_CHECK int pairs_read_csv(struct cli *cli, const char *path, char *text, size_t len,
                                 struct pairs *p);
CO_MUST_CHECK int pairs_read_matrix(struct cli *cli, const char *path, char *text, struct pairs *p);
