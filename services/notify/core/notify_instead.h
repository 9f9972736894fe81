/* notify_instead.h - notices told to somebody in another's place. Pure. */
#pragma once

#include "notify_case.h"
#include "notify_text.h"

/* Writes into subject and body of a new notice that it is told for somebody else, in the reader's
 * language. Texts that would become too long stay as they are. */
void notify_instead_mark(struct notify_case *c, struct notify_notice *n,
                         const Callout__V1__Person *stands_for, enum notify_language language);
