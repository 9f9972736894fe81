/* co_lot.h - a lot of man-days: from when until when it is good, and what becomes of it by itself.
 * Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "callout/v1/registry.pb-c.h"

/* Good from when until when: the lot's own times, or those of the contract, rolled over where the
 * lot is. */
void co_lot_span(const Callout__V1__Contract *contract, const Callout__V1__Lot *lot,
                 int64_t *ret_from_us, int64_t *ret_until_us);

/* As the ledger has it. */
struct co_lot_minutes {
    int64_t bought, free, expired;
};

/* What is to be posted to it, in this order; each 0 where nothing is. */
struct co_lot_due {
    int64_t revive;  /* expired to free: the lot lasts longer now */
    int64_t buy;     /* to free */
    int64_t correct; /* free to nowhere: fewer were bought than was said; no more than is free */
    int64_t expire;  /* free to expired */
};

struct co_lot_due co_lot_due(const Callout__V1__Lot *lot, int64_t until_us,
                             const struct co_lot_minutes *minutes, int64_t now_us);
