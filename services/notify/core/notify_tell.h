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
    uint32_t generation;           /* 0: one more than how often that was taken back */
    const char *milestone;         /* "": none */
    bool is_internal;              /* of a limit for ourselves: customers are not told */
    int64_t due_us;                /* of the milestone; 0: none, or to be agreed */
    const char *what;              /* of the action; NULL: none */
    Callout__V1__Act act;          /* that was taken; ACT_NONE: none */
    const Callout__V1__Step *duty; /* the step of the pack that it is about; NULL: none */
    uint32_t step;                 /* of a ladder, from 1; 0: none */
    int64_t reached_us;            /* when that was so which is told; 0: not of interest */
    int64_t was_us;                /* the due time that was told before; 0: none */
    /* {told}: the subject of a notice of before; or what nobody has answered, by the rule `asks`;
     * or a text. NULL: none. */
    const struct notify_notice *told_by;
    const struct notify_occasion *asked;
    const char *told;
    const char *once; /* who is told anything under this in a turn is told enough; NULL: none */
    /* When it is to be told; 0: at once. */
    int64_t at_us;
    /* The rule whose answers are asked for again; NULL: none. */
    const Callout__V1__NoticeRule *asks;
    int64_t said_us; /* lengths of time in its words count from then; 0: from now */
};

/* Tells whom the pack's rules name; returns the roles they name, as bits. */
uint32_t notify_tell_by_rules(struct notify_case *c, const struct notify_occasion *o);
uint32_t notify_tell_bit(Callout__V1__Role role);

/* Tells these roles, which the pack names elsewhere: in the words of its first rule that fits and
 * names the role, else in ours. Where none of them is held by anybody it could mean (there is no
 * engineer yet), the project manager is told. */
void notify_tell_roles(struct notify_case *c, const struct notify_occasion *o,
                       const Callout__V1__Role *roles, size_t count, enum notify_house words);

/* Tells whoever holds the role, in words of ours. */
void notify_tell_role(struct notify_case *c, const struct notify_occasion *o,
                      Callout__V1__Role role, enum notify_house words);

/* Tells one person who was told `before` what became of it, by the channel that reached him: in
 * the words that the pack has for his role, else in ours. */
void notify_tell_follow_up(struct notify_case *c, const struct notify_occasion *o,
                           const struct notify_notice *before, const Callout__V1__Person *person,
                           enum notify_house words);

/* Says a notice that waited, and is about to be told to another person, in that one's languages and
 * time, in all its forms, as things stand now. False: what it is about is not known any more; its
 * words stay as they are. */
bool notify_tell_anew(struct notify_case *c, struct notify_notice *n,
                      const Callout__V1__Person *person);

/* Tells one person who was told `before`, in words of ours, by the channel that reached him. */
void notify_tell_again(struct notify_case *c, const struct notify_occasion *o, const char *slot,
                       const struct notify_notice *before, const Callout__V1__Person *person,
                       enum notify_house words);
