/* notify_words.h - words of ours in both languages: what codes of the journal mean, and what is
 * said where a policy pack says nothing although somebody must be told. Pure. */
#pragma once

#include "notify_text.h"

/* A code such as "expired" or "free_engineer" in words; the code itself where there are none. */
const char *notify_words_of(const char *code, enum notify_language language);

/* What is told without a rule of a pack. New ones come last: the state of a case holds their
 * numbers. */
enum notify_house {
    NOTIFY_HOUSE_HELD,      /* a case waits for a decision */
    NOTIFY_HOUSE_CORRECTED, /* something told no longer holds */
    NOTIFY_HOUSE_OVERTAKEN, /* a visit was taken by somebody else who was asked at the same time */
    NOTIFY_HOUSE_ASK,       /* the reason of something done is gone; a person should look */
    NOTIFY_HOUSE_MOVED,     /* the due time told before is another one now */
    NOTIFY_HOUSE_TOLD,      /* an action of the pack tells a role for which it has no words */
    NOTIFY_HOUSE_ESCALATED, /* a step of a ladder, likewise */
    NOTIFY_HOUSE_EXCLUDED,  /* somebody was asked to an excluded area */
    NOTIFY_HOUSE_SILENT,    /* nobody has acknowledged what asked for it */
    NOTIFY_HOUSE_REMINDED,  /* somebody acknowledged, and nothing happened since */
    NOTIFY_HOUSE_NOBODY_HOLDS,   /* to administrators: a role that is told has no holder */
    NOTIFY_HOUSE_NOBODY_ON_DUTY, /* likewise: none of its holders is on duty */
    NOTIFY_HOUSE_ASIDE,          /* a server that takes no notices is set aside */
    NOTIFY_HOUSE_BACK,           /* it takes them again */
    NOTIFY_HOUSE_GONE,           /* an address is gone for good */
    NOTIFY_HOUSES
};

/* Subject and body: templates as in packs. */
const char *notify_words_subject(enum notify_house which, enum notify_language language);
const char *notify_words_body(enum notify_house which, enum notify_language language);
