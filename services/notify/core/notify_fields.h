/* notify_fields.h - the fields of templates, filled from a case and an occasion. Pure. */
#pragma once

#include "notify_tell.h"
#include "notify_text.h"

enum { NOTIFY_FIELDS = 24 };

/* Fills all fields in that language; what is not known is NULL. Texts live in the arena, the
 * registry, the pack or the entry. */
void notify_fields_fill(struct notify_case *c, const struct notify_occasion *o,
                        enum notify_language language,
                        struct notify_field ret_fields[static NOTIFY_FIELDS]);
