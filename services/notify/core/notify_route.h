/* notify_route.h - by which way a notice goes on: the next channel of its person when one is given
 * up, or again when somebody demands it; and how long each is tried.
 *
 * Pure. The person stays the same (but see notify_again.h); his channels and addresses are those of
 * the registry in force, so that what failed for a wrong address gets through once that is put
 * right. The key stays the same, too: receivers on one channel tell repeats by it.
 */
#pragma once

#include "notify_case.h"
#include "notify_people.h"

/* Notes with a new notice what the policy says of its severity: how long it is tried, and whether
 * it may be told together with others. */
void notify_route_begin(const struct notify_case *c, struct notify_notice *n);

/* The patience that holds for the notice: what was noted, else the installation's. */
struct notify_patience notify_route_patience(const struct notify_case *c,
                                             const struct notify_notice *n);

/* The next way to reach the notice's person that was not tried yet. False: there is none. */
bool notify_route_next(const struct notify_case *c, const struct notify_notice *n,
                       struct notify_way *ret_way);

/* Turns the notice to that way, because of `why`, and journals it. */
void notify_route_turn(struct notify_case *c, struct notify_notice *n, const struct notify_way *way,
                       const char *why);

/* Gives the notice, of which nothing was sent yet, to another person by that way, because of what
 * `why_him` of the notice says by now, and journals it. */
void notify_route_give(struct notify_case *c, struct notify_notice *n, const char *person,
                       const struct notify_way *way);

/* Plans a cancelled notice anew, because of `why`, for its time, or for now where that has passed;
 * journals NoticeResent. Nothing happens to one that is no longer true. */
void notify_route_anew(struct notify_case *c, struct notify_notice *n, const char *why);

/* Somebody demands that a notice is sent again: answers with CommandApplied or CommandRefused. */
void notify_route_resend(struct notify_case *c, const Callout__V1__NoticeResendAsked *asked);
