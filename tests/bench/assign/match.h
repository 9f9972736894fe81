/* match.h - who goes where, all waiting orders at once, at the least total cost. Integers only.
 *
 * Shortest augmenting paths (Jonker and Volgenant) over the pairs that are possible. Each order may
 * also stay without anybody, at the cost MATCH_NOBODY and more, which is more than all pairs
 * together: so as many orders as can be are served, and those at the least cost.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MATCH_ORDERS_MAX 2048
#define MATCH_COST_MAX (INT64_C(1) << 40) /* of one pair */
#define MATCH_NOBODY (INT64_C(1) << 51)   /* > MATCH_ORDERS_MAX * MATCH_COST_MAX */
#define MATCH_NONE UINT32_MAX

struct match_pair {
    uint32_t engineer;
    int64_t cost; /* 0..MATCH_COST_MAX */
};

struct match_ask {
    uint32_t orders;       /* 0..MATCH_ORDERS_MAX */
    uint32_t engineers;    /* each goes to at most one order */
    const uint32_t *first; /* pairs of order i: pair[first[i] .. first[i + 1]) */
    const struct match_pair *pair;
    const int64_t *idle; /* what it costs more to leave this order waiting; 0..MATCH_COST_MAX */
};

/* Writes the engineer of each order, or MATCH_NONE. False: out of memory. */
bool match_least(const struct match_ask *ask, uint32_t *ret_engineer);

/* The sum over the orders, those without included. */
int64_t match_cost(const struct match_ask *ask, const uint32_t *engineer);
