/* notify_again.h - who is told, looked at once more before the first attempt of a notice that had
 * to wait.
 *
 * Pure. Whoever was meant when it was planned may be on leave by then, or another one's turn may
 * have come. Never after an attempt was recorded, and only for notices told to a role: a correction
 * is for whoever was told before.
 */
#pragma once

#include "notify_case.h"

/* Gives what is due now, and waited until now, to whoever answers for its role now: to the first
 * who was not told it yet and can be reached, in his words (notify_tell_anew()). Where all of them
 * were told, it is cancelled. Journals NoticeResent with `to`. The case must be whole, with the
 * versions it is under. */
void notify_again_look(struct notify_case *c);

/* Is it due, and to be looked at? */
bool notify_again_waits(const struct notify_case *c, const struct notify_notice *n);

/* Is there any such notice? */
bool notify_again_is_due(const struct notify_case *c);
