/* dispatch_match.h - who goes where, all waiting orders at once, at the least total cost. Integers
 * only.
 *
 * Pure.
 *
 * Shortest augmenting paths (Jonker and Volgenant) over the pairs that are possible. Each order may
 * also stay without anybody, at the cost DISPATCH_MATCH_NOBODY and more, which is more than all
 * pairs together: so as many orders as can be are served, and those at the least cost.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_arena.h"

#define DISPATCH_MATCH_ORDERS_MAX 2048
#define DISPATCH_MATCH_COST_MAX (INT64_C(1) << 40) /* of one pair */
#define DISPATCH_MATCH_NOBODY                                                                      \
    (INT64_C(1) << 51) /* > DISPATCH_MATCH_ORDERS_MAX * DISPATCH_MATCH_COST_MAX */
#define DISPATCH_MATCH_NONE UINT32_MAX

struct dispatch_match_pair {
    uint32_t engineer;
    int64_t cost; /* 0..DISPATCH_MATCH_COST_MAX */
};

struct dispatch_match_ask {
    uint32_t orders;       /* 0..DISPATCH_MATCH_ORDERS_MAX */
    uint32_t engineers;    /* each goes to at most one order */
    const uint32_t *first; /* pairs of order i: pair[first[i] .. first[i + 1]) */
    const struct dispatch_match_pair *pair;
    const int64_t
        *idle; /* what it costs more to leave this order waiting; 0..DISPATCH_MATCH_COST_MAX */
};

/* Writes the engineer of each order, or DISPATCH_MATCH_NONE. Works in the arena. False: out of
 * memory. */
bool dispatch_match_least(struct co_arena *arena, const struct dispatch_match_ask *ask,
                          uint32_t *ret_engineer);

/* The sum over the orders, those without included. */
int64_t dispatch_match_cost(const struct dispatch_match_ask *ask, const uint32_t *engineer);
