/* notify_key.h - which notice this is, as text that receivers can tell repeats by.
 *
 * Pure. A notice is named by (case, obligation, generation, slot). The key adds when it was
 * planned, which never changes either, so that a suite set up anew, whose case numbers begin again,
 * does not look like the old one to a mail server that drops what it has seen before.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_err.h"

#define NOTIFY_OBLIGATION_TEXT 224 /* "withdrawn/proposed/MILESTONE/1/breach/0" and NUL */
#define NOTIFY_SLOT_TEXT 32        /* "service_manager/0" and NUL */
#define NOTIFY_KEY_TEXT 320

struct notify_id {
    int64_t case_id;
    const char *obligation; /* words of a-z 0-9 _ joined by "/" */
    uint32_t generation;    /* from 1 */
    const char *slot;       /* role "/" index */
};

/* "C-180D.breached.response.1-g1-pm.0-kbh1x2c9z4": the same for every attempt, different for every
 * two notices. Only A-Z a-z 0-9 . _ -, so it may stand in a header as it is. CO_EINPUT: a byte that
 * no obligation or slot has, or too long; `to` is then "". */
CO_MUST_CHECK enum co_err notify_key_format(const struct notify_id *id, int64_t planned_us,
                                            char to[static NOTIFY_KEY_TEXT]);
