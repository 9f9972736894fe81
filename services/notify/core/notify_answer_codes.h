/* notify_answer_codes.h - how a notice can be answered: its codes, and the line that says so. Pure.
 */
#pragma once

#include "notify_tell.h"
#include "notify_text.h"

/* Gives the notice what the rule says may be answered, and until when. Where the same person is
 * told the same in another role in this turn, the codes are the same. */
void notify_answer_codes_give(struct notify_case *c, const struct notify_occasion *o,
                              const Callout__V1__NoticeRule *rule, struct notify_notice *n);

/* "Answer: accept C-180D-...; decline C-180D-..."; "": it is not answered. */
const char *notify_answer_codes_text(struct notify_case *c, const struct notify_notice *n,
                                     enum notify_language language);
