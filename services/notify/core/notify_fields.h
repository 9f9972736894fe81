/* notify_fields.h - the fields of templates, filled from a case and an occasion. Pure. */
#pragma once

#include "notify_tell.h"
#include "notify_text.h"

enum { NOTIFY_FIELDS = 26 };

/* Fills all fields in that language; what is not known is NULL. Texts live in the arena, the
 * registry, the pack or the entry. `answer`: how the notice is answered; "": not at all. */
void notify_fields_fill(struct notify_case *c, const struct notify_occasion *o,
                        enum notify_language language, const char *answer,
                        struct notify_field ret_fields[static NOTIFY_FIELDS]);
