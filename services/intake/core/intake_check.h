/* intake_check.h - is a request well-formed? Before anything is looked up or kept.
 *
 * Pure. Rules are tables: one row per field, with its limits; one row per act that needs more.
 * Lengths are in characters (code points). Strings must be UTF-8 already (intake_wire.h).
 */
#pragma once

#include <stdint.h>

#include "co_err.h"
#include "co_time.h"
#include "intake_complaint.h"

#define INTAKE_AHEAD_US (5 * CO_MINUTE_US)       /* how far ahead of now something may have happened */
#define INTAKE_BACK_US (365 * CO_DAY_US)         /* how far back */
#define INTAKE_AGREED_AHEAD_US (3650 * CO_DAY_US) /* how far ahead an agreed arrival may be */

struct intake_check_options {
    struct co_arena *arena; /* for the complaint */
    int64_t now_us;         /* domain time */
    uint32_t lanes;         /* a case number of another lane does not exist */
};

/* CO_EINPUT: the first thing that is wrong, as a complaint with CODE_INVALID (a case number that
 * cannot exist: CODE_NOT_FOUND). */
CO_MUST_CHECK enum co_err intake_check(const struct intake_check_options *options,
                                       const Callout__V1__Request *request,
                                       struct intake_complaint *ret_complaint);
