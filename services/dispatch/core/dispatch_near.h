/* dispatch_near.h - offices by how near they are: a heap, as a few of hundreds are looked at. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dispatch_near {
    double km;
    uint32_t office; /* decides between equal distances: the order is total */
};

bool dispatch_near_is_less(const struct dispatch_near *a, const struct dispatch_near *b);

/* Orders `count` entries for dispatch_near_take(). */
void dispatch_near_heap(struct dispatch_near *near, uint32_t count);

/* The nearest; count > 0. The last of the `count` entries is free then. */
struct dispatch_near dispatch_near_take(struct dispatch_near *heap, uint32_t count);
