/* notify_who.h - who is told for a role of a case: its holders who are on duty, their delegates,
 * else whoever stands next on the ladder.
 *
 * Pure. Decided when a notice is planned, and once more before the first attempt of one that had to
 * wait; never after an attempt was recorded. See docs/decisions/014-who-is-told.md.
 */
#pragma once

#include "co_holders.h"
#include "notify_case.h"

enum { NOTIFY_PERSONS_MAX = 8 };

struct notify_who {
    struct co_holder who[NOTIFY_PERSONS_MAX];
    size_t count;         /* 0: nobody at all */
    Callout__V1__Role of; /* the role whose holders they are: the one asked for, or one above */
    bool is_held;         /* somebody holds the role asked for, on duty or not */
    bool is_off_duty;     /* all who could be told are off duty: they are told all the same */
};

/* Who is told now. The engineer of an order is told himself: his roster was looked at when he was
 * asked. For every other role: those who answer for it; where nobody does, those who answer for the
 * project manager, then for the desk. Where all of these are off duty, the holders of the first of
 * the three that anybody holds. */
struct notify_who notify_who_find(const struct notify_case *c, Callout__V1__Role role);

/* The administrators: who answers for the desk, else all who hold it. */
struct notify_who notify_who_administers(const struct notify_case *c);

/* Had the ladder to be used? */
bool notify_who_is_missing(const struct notify_who *found, Callout__V1__Role role);

/* Why he is told, for people who look at the notice: "for li, who is on leave", "nobody on duty is
 * director"; "" where he is who was asked for. From the arena; NULL: out of memory. */
const char *notify_who_why(struct notify_case *c, const struct notify_who *found,
                           Callout__V1__Role role, const struct co_holder *one);
