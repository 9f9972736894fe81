/* notify_due.h - which of the notices that are due are begun now, each by itself or several in one
 * message.
 *
 * Pure. Where a limit a minute holds messages to a person back, the last one that may go tells of
 * all that wait for him in these cases ("and 12 more"): it is a notice of its own, "digest/..." of
 * the first of them, and each of the others is settled as gathered, naming its key. It is tried,
 * refused, sent again as any other. The same holds for what waited for the end of somebody's quiet
 * hours; who is told is looked at once more before (notify_again.h). What is alone (the worst
 * level, unless the policy says otherwise) goes first and by itself.
 */
#pragma once

#include "notify_case.h"

/* What was planned for later, and not tried yet, waits until all is read that was there when the
 * lane was taken: it may be cancelled by it; or until its case is whole, so that who is told can be
 * looked at. It is marked as put back.
 *
 * The cases are those of one turn: of one lane. Out of memory sticks in the err of a case. */
void notify_due_start(struct notify_case *const *cases, size_t count);
