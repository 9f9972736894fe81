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
 * who was not told it yet and can be reached. Where all of them were told, it is cancelled. Its
 * words stay those it was planned with, but for whom it is told. Journals NoticeResent with `to`.
 * The case must be loaded with all of its notices. */
void notify_again_look(struct notify_case *c);
