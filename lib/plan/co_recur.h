/* co_recur.h - the dates of a rule of RFC 5545 (RRULE) on a local clock.
 *
 * Pure: through libical, without its zones. A rule is followed from its first date on; 3,650 dates
 * take under 2 ms. Local times are seconds of the local clock since 1970-01-01T00:00.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "co_err.h"

#define CO_RECUR_PROBLEM 160 /* bytes of the text that says what is wrong */
#define CO_RECUR_ALLOWED                                                                           \
    "FREQ=DAILY, WEEKLY, MONTHLY or YEARLY with INTERVAL (1 to 999), COUNT, BYDAY, BYMONTHDAY, "   \
    "BYMONTH, BYSETPOS, BYHOUR ..., for example FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO"

struct co_recur;

/* Begins with the first date at or after `start_s`. CO_EINPUT: no rule, or one with parts that are
 * not taken here (times within the hour, an end of its own, a COUNT over 99999, a number in BYDAY
 * over 99, another one over 999); `problem` says in English what.
 * CO_ENOMEM. The caller owns *ret_recur. `problem` is "" unless CO_EINPUT. */
CO_MUST_CHECK enum co_err co_recur_new(const char *rule, int64_t start_s,
                                       struct co_recur **ret_recur,
                                       char problem[static CO_RECUR_PROBLEM]);
void co_recur_free(struct co_recur *r); /* NULL is allowed */

/* The next date, rising. False: there are no more, or none within the next centuries. */
CO_MUST_CHECK bool co_recur_next(struct co_recur *r, int64_t *ret_local_s);
