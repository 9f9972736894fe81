/* road_rest.h - when a router that fails is left alone, and for how long. Pure: time and randomness
 * are passed in. Times are monotonic microseconds. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define ROAD_REST_FAILURES 5 /* in a row, before it rests */

struct road_rest {
    uint32_t failures;
    int64_t until_us;
    bool is_probing; /* one question is out, to see whether it is well again */
};

/* Whether it may be asked now. True while it rests: this is the question it is tried with. */
bool road_rest_allows(struct road_rest *r, int64_t now_us);

void road_rest_succeeded(struct road_rest *r);
void road_rest_failed(struct road_rest *r, int64_t now_us, uint64_t random);
