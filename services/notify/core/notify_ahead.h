/* notify_ahead.h - notices that are planned for later, and sent only if what they wait for does not
 * come first: nobody has answered what asks for an acknowledgement; somebody acknowledged, and
 * nothing happened since.
 *
 * Pure. They stand among the notices of the case from the start, so that it can be seen what will
 * be told to whom and when, and no timer is lost with a process. What comes first cancels them. An
 * acknowledgement is one of the case: it silences all that ask for one, as it does the ladders.
 */
#pragma once

#include "notify_tell.h"

/* Plans what the rule says for the case that nobody answers what was just told by it. */
void notify_ahead_unanswered(struct notify_case *c, const struct notify_occasion *o,
                             const Callout__V1__NoticeRule *rule);

/* An act was taken (a COMMAND_APPLIED): who took it has what it answers, and does not get it once
 * more; an acknowledgement cancels what asks others for one and plans the reminders of the pack;
 * any other act is progress. */
void notify_ahead_acted(struct notify_case *c, const Callout__V1__Event *e);

/* Something happened: nobody has to be reminded. */
void notify_ahead_moved(struct notify_case *c, const char *why);

/* The case is closed: neither is anybody asked. */
void notify_ahead_closed(struct notify_case *c);
