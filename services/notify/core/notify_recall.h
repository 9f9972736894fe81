/* notify_recall.h - takes notices back: what was not sent is cancelled, and whoever was sent what
 * no longer holds is told so.
 *
 * Pure. Everybody who was told is corrected, once, by the channel that reached him: in the words
 * that the pack has for his role, else in ours. Who was told the same reason several times (a
 * promise that moved, the steps of a ladder) gets one correction, of the latest.
 */
#pragma once

#include "notify_tell.h"

/* Obligations of notices that say that nobody has answered: this, then the obligation of what
 * asked, then the step. */
#define NOTIFY_UNANSWERED "unanswered/"

/* What is taken back: obligations that are `what`, or begin with it and a "/"; and what says that
 * nobody has answered such a one. */
struct notify_recall {
    const char *what;
    const char *except;    /* an obligation that stays; NULL: none */
    const char *only_slot; /* slots of this role are corrected; NULL: all */
    const char *milestone; /* "": none */
    const char *action;    /* `what` of the action, for the rules of corrections; NULL: none */
    int64_t was_us;        /* the due time that was told; 0: none */
    int64_t due_us;        /* the one that holds instead; 0: none */
    const char *once;      /* see struct notify_occasion */
    bool is_overtaken;     /* it holds for somebody else, who was quicker: our words say so */
    bool is_corrected;     /* whoever was told already is told that it no longer holds */
};

void notify_recall(struct notify_case *c, const Callout__V1__Event *e,
                   const struct notify_recall *r);

/* Cancels what was not sent, because of `why`; what is out stays as it is. */
void notify_recall_unsent(struct notify_case *c, const char *what, const char *why);

/* Has something about it been told, or is it about to be, and was none of that taken back? */
bool notify_recall_stands(const struct notify_case *c, const char *what);

/* Tells whoever was sent a notice under `what`, but none of the occasion, what the occasion says;
 * in our words, for no rule of the pack names him any more. */
void notify_recall_tell_rest(struct notify_case *c, const struct notify_occasion *o,
                             const char *what);

/* Asks those of our side who were told: something stands although its reason is gone. */
void notify_recall_ask(struct notify_case *c, const struct notify_occasion *o, const char *what);

/* The person has it, or may have it. */
bool notify_recall_is_out(const struct notify_notice *n);

/* Was whoever has it told that it no longer holds? */
bool notify_recall_is_corrected(struct notify_case *c, const struct notify_notice *n);
