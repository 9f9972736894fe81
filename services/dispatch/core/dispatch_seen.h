/* dispatch_seen.h - what a choice saw, to be kept with the case.
 *
 * Pure. Bounded: those who were nearest to being asked in full, of the others how many and why.
 */
#pragma once

#include "callout/v1/choice.pb-c.h"
#include "dispatch_seek.h"

#define DISPATCH_SEEN_OTHERS 16

/* What an order saw when it chose: of the turn's arena. `whys` as dispatch_seek() filled them; all
 * DISPATCH_WHYS before, and still where it did not come to a choice. */
struct dispatch_seen {
    struct dispatch_need need;
    const struct dispatch_pool *pool;
    enum dispatch_why *whys;
    uint64_t registry_version;
};

/* What is to be kept, in the order's arena: NULL where nobody was asked and nobody was missed in
 * this turn, or it did not come to a choice; or, with o->err set, out of memory. */
Callout__V1__Choice *dispatch_seen_make(struct dispatch_order *o, const struct dispatch_seen *seen);
