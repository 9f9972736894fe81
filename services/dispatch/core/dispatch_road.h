/* dispatch_road.h - what a router is asked about the ways to a site, and what its answer means.
 *
 * Pure. Kept in the order's state, so that whoever takes the lane over knows that somebody asked:
 * the question is put again once, then the estimate must do. Times are domain time, in Unix
 * microseconds. Errors stick in the order, see dispatch_order.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_geo.h"
#include "dispatch_order.h"

#define DISPATCH_ROAD_OFFICES 25 /* at most, in one question */

struct dispatch_road_from {
    const char *office; /* key, borrowed */
    struct co_point at; /* WGS-84 */
};

struct dispatch_road_question {
    struct co_point to; /* the site */
    size_t count;
    struct dispatch_road_from item[DISPATCH_ROAD_OFFICES];
};

struct dispatch_road_figure {
    double km;
    int64_t us;
    bool is_reached; /* false: there is no way */
};

/* `figure` belongs to the offices of the question, in its order. */
struct dispatch_road_answer {
    const char *missing; /* why there are no figures; "": there are */
    const struct dispatch_road_question *question;
    const struct dispatch_road_figure *figure;
};

/* Whether a router should be asked now. */
bool dispatch_road_wanted(const struct dispatch_order *o);

/* The question goes out when this is saved; without an answer the order is woken at `until_us`. */
void dispatch_road_ask(struct dispatch_order *o, int64_t until_us);

/* The answer is there. Where the site is not located it can be now. */
void dispatch_road_answered(struct dispatch_order *o, const struct dispatch_road_answer *answer);

/* `now_us` has come. With the question still out (`is_asking`) it is waited for until `until_us`;
 * else whoever asked is gone, and it is to be put again, or not. */
void dispatch_road_due(struct dispatch_order *o, int64_t now_us, bool is_asking, int64_t until_us);

/* What the router said of an office; NULL: nothing. */
const Callout__V1__RoadFigure *dispatch_road_of(const Callout__V1__DispatchState *state,
                                                const char *office);
