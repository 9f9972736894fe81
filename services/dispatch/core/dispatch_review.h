/* dispatch_review.h - a visit that somebody is asked for, or has accepted, under another registry.
 *
 * Pure. Rosters change: who was on duty may now be absent, or have left. An open offer to him is
 * taken back, for he cannot go; an accepted visit is his until he or the project manager says
 * otherwise, and is said to be at risk, once. Who travels or is on site is not looked at. Errors
 * stick in the order, see dispatch_order.h.
 */
#pragma once

#include "dispatch_seek.h"

/* Whether dispatch_review() has anything to look at. */
bool dispatch_review_wanted(const struct dispatch_order *o);

/* `who` is the engineer of the order as the registry has him now; NULL: it has him no more. */
void dispatch_review(struct dispatch_order *o, const struct dispatch_need *need,
                     const struct dispatch_candidate *who);
