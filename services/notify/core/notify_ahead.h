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

/* An act was taken (a COMMAND_APPLIED): who took it has what it answers, and is not sent it once
 * more. An acknowledgement cancels what says that one is missing, and further attempts to ask for
 * one, and plans the reminders of the pack. Most other acts are progress: they end the reminders,
 * and what would be said of the silence of whoever took them. */
void notify_ahead_acted(struct notify_case *c, const Callout__V1__Event *e);

/* The milestone is met: what warned of it and was not sent yet is of no use, nobody is asked about
 * it any more, and nobody has to be reminded. */
void notify_ahead_met(struct notify_case *c, const char *milestone);

/* It is not met after all: what that had ended is planned anew, as long as nobody has acknowledged,
 * or, of reminders, done anything, since. Of steps whose time has passed meanwhile the last one is
 * due at once. */
void notify_ahead_unmet(struct notify_case *c, const Callout__V1__NotifyClock *clock);

/* Somebody is asked to go, goes, is there, or is not needed any more: that nobody could be found is
 * over. */
void notify_ahead_goes(struct notify_case *c);

/* The case is closed: neither is anybody asked. */
void notify_ahead_closed(struct notify_case *c);
