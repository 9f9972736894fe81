/* dispatch_risk.h - says when nobody can be on site in time, what is missing, and what would help.
 *
 * Pure. For the files of this core. Said once per reason; taken back when somebody can
 * be there in time after all. Errors stick in the order, see dispatch_order.h.
 */
#pragma once

#include "dispatch_seek.h"

/* As things stand the first who can be on site is there at `there_us` (0: nobody at all), and
 * `missing` (as in NobodyLeft) is why it is not earlier. */
void dispatch_risk_weigh(struct dispatch_order *o, const struct dispatch_need *need,
                         int64_t there_us, const char *missing);

/* Takes back what was said, where something was: somebody can be there, at `there_us`. */
void dispatch_risk_over(struct dispatch_order *o, const struct dispatch_need *need,
                        int64_t there_us);

#define DISPATCH_REMEDIES 3

/* The smallest changes that would help, by the pool and what speaks against each of it. Lives in
 * the order's arena. */
void dispatch_risk_remedies(struct dispatch_order *o, const struct dispatch_need *need,
                            const struct dispatch_pool *pool, const enum dispatch_why *whys,
                            Callout__V1__Remedy ***ret_remedies, size_t *ret_count);
