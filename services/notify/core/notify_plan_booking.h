/* notify_plan_booking.h - who is told that somebody, or something, is taken for the span of a case,
 * is let go, or cannot be found.
 *
 * Pure. Parts of notify_plan().
 */
#pragma once

#include "notify_case.h"

void notify_plan_booked(struct notify_case *c, const Callout__V1__Event *e);

/* Whoever was told that he is booked is told that he is not; not when it simply is over. */
void notify_plan_booking_ended(struct notify_case *c, const Callout__V1__Event *e);

void notify_plan_nobody_to_book(struct notify_case *c, const Callout__V1__Event *e);
