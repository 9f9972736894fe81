/* notify_tell.h - plans the notices of one occasion: to roles by the pack's rules, or by the
 * house's.
 *
 * Pure. Each holder of a role is told in his language; who holds several roles is told the same
 * only once; where nobody can be found or reached the notice stands there as failed.
 */
#pragma once

#include "notify_case.h"
#include "notify_words.h"

/* What notices are about: one entry, seen with the pack. */
struct notify_occasion {
    const Callout__V1__Event *event;
    Callout__V1__NoticeOn on;
    const char *obligation;
    uint32_t generation;   /* 0: one more than how often that was taken back */
    const char *milestone; /* "": none */
    bool is_internal;      /* of a limit for ourselves: customers are not told */
    int64_t due_us;        /* of the milestone; 0: none, or to be agreed */
    const char *told;      /* a correction: the subject of what was told; else NULL */
};

/* Tells whom the pack's rules name; returns the roles they name, as bits. */
uint32_t notify_tell_by_rules(struct notify_case *c, const struct notify_occasion *o);
uint32_t notify_tell_bit(Callout__V1__Role role);

/* Tells whoever holds the role, in words of ours. */
void notify_tell_role(struct notify_case *c, const struct notify_occasion *o,
                      Callout__V1__Role role, enum notify_house words);

/* Tells one person who was told before, in the words that the pack has for his role, else ours. */
void notify_tell_correction(struct notify_case *c, const struct notify_occasion *o,
                            const char *slot, const Callout__V1__Person *person);
