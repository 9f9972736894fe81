/* notify_kept.h - what notices are about that wait, kept in the state of their case, so that they
 * can be said anew to whoever is told in the end (notify_again.h).
 *
 * Pure. Kept once for an obligation and a role; the words themselves are kept nowhere but with the
 * notice. Bounded: what no waiting notice is about any more is forgotten whenever one of the case
 * is due, and when it is closed.
 */
#pragma once

#include "notify_tell.h"

/* Where words come from. */
struct notify_source {
    const Callout__V1__NoticeRule *rule; /* NULL: they are the house's */
    enum notify_house house;
};

struct notify_kept {
    struct notify_occasion about; /* points to `asked`: not to be copied */
    struct notify_occasion asked;
    struct notify_source source;
};

/* Keeps what a new notice is about. */
void notify_kept_note(struct notify_case *c, const struct notify_notice *n,
                      const struct notify_occasion *o, const struct notify_source *from);

/* What it is about; its texts last as long as the turn. False: that is not kept, or the pack that
 * has its words is another one now. The case must be loaded with all of its notices. */
bool notify_kept_find(struct notify_case *c, const struct notify_notice *n,
                      struct notify_kept *ret_kept);

/* Forgets what nothing that waits is about. What waits must be loaded. */
void notify_kept_forget(struct notify_case *c);
