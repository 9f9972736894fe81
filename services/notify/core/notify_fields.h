/* notify_fields.h - the fields of templates, filled from a case and an occasion. Pure. */
#pragma once

#include "notify_tell.h"
#include "notify_text.h"

enum { NOTIFY_FIELDS = 43 };

/* For whom the fields are filled. */
struct notify_reader {
    enum notify_language language;
    const Callout__V1__Calendar *calendar; /* whose local time his is; NULL: times are in UTC */
    const char *answer; /* how the notice is answered, in his language; "": not at all */
    const char *told;   /* {told}; NULL or "": there is none */
};

/* His language and local time; the person's own calendar wins over the case's. */
struct notify_reader notify_fields_reader(const struct notify_case *c,
                                          const Callout__V1__Person *person);

/* Fills all fields for the reader; what is not known is NULL. Texts live in the arena, the
 * registry, the pack or the entry. */
void notify_fields_fill(struct notify_case *c, const struct notify_occasion *o,
                        struct notify_reader reader,
                        struct notify_field ret_fields[static NOTIFY_FIELDS]);
