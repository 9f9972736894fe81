/* days.h - orders come, engineers go and come back: days in virtual time under one way of
 * assigning.
 */
#pragma once

#include <stdint.h>

#include "world.h"

enum way {
    WAY_ONE_BY_ONE, /* as soon as it can be: the most urgent waiting order takes whom it likes best
                     */
    WAY_BATCH,      /* all that wait at once, at the least total cost */
    WAY_BATCH_30S,  /* the same, 30 s after the first of them came */
    WAY_BATCH_5MIN,
    WAY_LANES, /* all of one lane at once: the lane that happens to wake first takes what it likes
                */
    WAYS
};

struct days_ask {
    const struct world *world;
    uint32_t engineers;
    uint32_t orders;
    double busy; /* share of their time that engineers would be on visits, 0..1 */
    uint64_t seed;
};

struct days_result {
    double late_percent; /* orders that nobody reached in time */
    double late_h;       /* by how much, mean over all orders */
    double travel_km;    /* mean, one way */
    double wait_min;     /* from the order to the assignment, mean */
    double together;     /* mean number of orders that were assigned at once */
    double us;           /* CPU of one decision */
};

/* The same seed gives the same orders, whatever the way. */
struct days_result days_run(const struct days_ask *ask, enum way way);

/* Small cases, drawn at random: total cost over the least possible (tried out). */
struct small_result {
    double one_by_one; /* ratio, mean */
    double one_by_one_worst;
    double batch;
    uint32_t cases;
};
struct small_result days_small(const struct world *world, uint32_t cases, uint64_t seed);

const char *days_way_name(enum way way);
