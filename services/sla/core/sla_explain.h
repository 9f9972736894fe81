/* sla_explain.h - accounts for every second between the start of a clock and its due time. Pure.
 *
 * The segments touch, from the start to the due time, and what counts in them adds up to the
 * target: microseconds for running and working targets, days for targets of days. Only where the
 * end of the same day comes first (is_same_day) it is less. A clock that stands is told as if
 * it went on now. Where the clock is late they go on to its end, or to now. Where the due time is
 * not known one segment says why, from the start to the end, or to now.
 *
 * Texts (keys for people's languages):
 *   "running"    running time             "paused"     a pause of the policy was in force
 *   "working"    working time             "off_hours"  a working day, before or after its hours
 *   "makeup"     the same, on a make-up workday
 *   "weekend"    no working day           "holiday"    a public holiday
 *   "start_day"  the day of the start does not count
 *   "day"        a day that counts        "agreed"     the time was agreed
 *   "makeup_day" the same, a make-up workday
 *   "dated"      the date that the case is about says when it is due
 *   "paused_day" a day that does not count: the clock stood when it closed
 *   "late"       after the due time
 *   "not_located", "not_agreed", "not_dated", "no_data"  why the due time is not known
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/explain.pb-c.h"
#include "co_arena.h"
#include "co_err.h"
#include "sla_fold.h"

struct sla_segment {
    int64_t from_us;
    int64_t until_us;
    bool counts;
    const char *why;
    const struct sla_pause *pause; /* with "paused", "paused_day"; else NULL */
};

struct sla_account {
    struct sla_segment *segments;
    size_t count;
    int64_t counted;  /* sum over the segments that count */
    int64_t target;   /* the same number; 0 for an agreed time */
    int64_t due_us;   /* 0: not known; of a clock that stands: if it went on now */
    bool is_days;     /* counted and target are days, not microseconds */
    bool is_same_day; /* the end of the day of the start comes first */
};

/* `clock` is one of the fold that was made from `in`. The segments live in `arena`. CO_ENOMEM.
 * CO_EINPUT: more than SLA_SEGMENTS_MAX segments. */
#define SLA_SEGMENTS_MAX 20000u
CO_MUST_CHECK enum co_err sla_explain(const struct sla_fold_input *in,
                                      const struct sla_clock *clock, struct co_arena *arena,
                                      struct sla_account *ret);

/* All clocks of the fold that was made from `in`, as a message in `arena` that borrows from both.
 * Left to the caller: `number`, and `announced`, which needs what the journal says. Errors as
 * sla_explain(). */
CO_MUST_CHECK enum co_err sla_explain_case(const struct sla_fold_input *in,
                                           const struct sla_fold *fold, struct co_arena *arena,
                                           Callout__V1__Explanation **ret);
