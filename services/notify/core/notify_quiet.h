/* notify_quiet.h - quiet hours of persons: notices that can wait do so until they end.
 *
 * Pure. What does not wait: a case at least as bad as the person says, or one of which nobody knows
 * yet how bad it is; whatever is for the engineer of an order; offers; whatever names a time that
 * comes before the quiet hours end, or is to be answered before. See
 * docs/decisions/014-who-is-told.md.
 */
#pragma once

#include "notify_tell.h"

/* The end of the quiet hours that hold at `us`, in the local time of the person's calendar; 0: none
 * hold. */
int64_t notify_quiet_end(const struct notify_case *c, const Callout__V1__Person *person,
                         int64_t us);

/* Lets a notice that was just planned for the person wait, where it can; says so in its detail, and
 * in its body as of when it is. Patience counts from then on. */
void notify_quiet_hold(struct notify_case *c, const struct notify_occasion *o,
                       const Callout__V1__Person *person, struct notify_notice *n);

/* Did, or does, its first attempt wait since it was planned? */
bool notify_quiet_has_waited(const struct notify_notice *n);
