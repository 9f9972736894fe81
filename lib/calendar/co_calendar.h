/* co_calendar.h - compiled working calendars: when people work, and what that makes of a promise.
 *
 * Pure: no zone database, no clock. A calendar is compiled once from a spec (a registry file) into
 * an immutable object that covers whole years; it may be used by several threads at a time. Every
 * question is answered by at most one binary search: 0.1 to 0.3 us over twenty years (measured).
 *
 * Units: times are microseconds since the Unix epoch, UTC; days are local days of the calendar's
 * zone, counted from 1970-01-01 (co_date_days()); minutes are those of the local clock. A local
 * time that is skipped or comes twice is taken as co_offsets_us() says.
 *
 * The rules of counting are those of DOMAIN section 9, ours where the sources leave room:
 *   N-th working day    the day of the request is day 1 if it is a working day, at any hour, else
 *                       the next working day is; due at the closing of day N. Keys: cut-off, count
 *                       from the next day. (Source A, on-site arrival, zones 6 and beyond)
 *   N working days      the start day does not count; due at the closing of the N-th working day
 *                       after. (A 3.3: five working days)
 *   N days              ends at 24:00 of the N-th day after, moved on from a public holiday, not
 *                       from a weekend. (A 3.3: two days)
 *   next business day   closing of the first working day after. (B, P4)
 * Make-up workdays count as working days. Hours that run over nights and holidays need no calendar.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_err.h"
#include "co_offsets.h"
#include "co_time.h"

/* Working time of one day, from_minute < to_minute <= 1440. A shift over midnight is written as two
 * spans, one in each day. */
struct co_span {
    int32_t from_minute;
    int32_t to_minute;
};

/* Spans in ascending order; they may touch, not overlap. None: not a working day. */
struct co_day_spans {
    const struct co_span *span;
    uint32_t count;
};

/* A day that does not follow the week: a public holiday, a make-up workday, a closing of our own.
 */
struct co_day_exception {
    int64_t day;
    struct co_day_spans hours;
    bool is_public_holiday;
};

/* Another week, that holds from the beginning of the local day `from_day` on. */
struct co_week_from {
    int64_t from_day;
    struct co_day_spans week[CO_WEEKDAYS];
};

struct co_calendar_spec {
    struct co_offsets offsets;
    struct co_day_spans week[CO_WEEKDAYS];
    const struct co_week_from *later; /* in ascending order; `week` holds before the first: what
                                         lies before stays as it was */
    uint32_t later_count;
    const struct co_day_exception *exception; /* in any order, each day once; those of other years
                                                 are passed over */
    uint32_t exception_count;
    bool has_holiday_set;      /* false: there are no holidays to know, every year is complete */
    const int32_t *known_year; /* years whose holidays are known; only with has_holiday_set */
    uint32_t known_year_count;
    int32_t first_year; /* what is compiled, both included */
    int32_t last_year;
};

/* Bounds of a spec: more is refused. */
#define CO_CALENDAR_YEARS_MAX 100
#define CO_CALENDAR_SPANS_MAX 24   /* a day */
#define CO_CALENDAR_WEEKS_MAX 1000 /* later ones */
#define CO_CALENDAR_EXCEPTIONS_MAX 20000
#define CO_CALENDAR_CHANGES_MAX 1000 /* of the offset */
#define CO_CALENDAR_PROBLEM 128      /* bytes of the text that says what is wrong */

struct co_calendar;

/* "09:00-18:00". CO_EINPUT: not of that form, or empty or backward. */
CO_MUST_CHECK enum co_err co_span_parse(const char *text, struct co_span *ret_span);

/* Compiles `spec`, which is only read during the call. CO_EINPUT: the spec is wrong, `problem` says
 * in English what; CO_ENOMEM. The caller owns *ret_calendar. `problem` is "" unless CO_EINPUT. */
CO_MUST_CHECK enum co_err co_calendar_compile(const struct co_calendar_spec *spec,
                                              struct co_calendar **ret_calendar,
                                              char problem[static CO_CALENDAR_PROBLEM]);

/* NULL is allowed. */
void co_calendar_free(struct co_calendar *c);

/* What is compiled: [*ret_from_us, *ret_to_us). */
void co_calendar_range(const struct co_calendar *c, int64_t *ret_from_us, int64_t *ret_to_us);

/* Whether the holidays of that year are known. The notice for a year may still add a day at the end
 * of the year before. */
bool co_calendar_has_data(const struct co_calendar *c, int32_t year);

/* The offset of the zone at `us`, for showing local times. Any time. */
int32_t co_calendar_offset_s(const struct co_calendar *c, int64_t us);

/* When the local clock of `day` first reads `minute`, 0..2880: over 1440, that of the day after. Any
 * day. See co_offsets_us(). */
int64_t co_calendar_local_us(const struct co_calendar *c, int64_t day, int32_t minute);

/* The local day that holds `us`. CO_EINPUT: outside of what is compiled. */
CO_MUST_CHECK enum co_err co_calendar_day_of(const struct co_calendar *c, int64_t us,
                                             int64_t *ret_day);

/* When the local day ends, which is when the next one begins. CO_EINPUT: outside of what is
 * compiled. */
CO_MUST_CHECK enum co_err co_calendar_day_end_us(const struct co_calendar *c, int64_t day,
                                                 int64_t *ret_us);

/* False for days outside of what is compiled. */
bool co_calendar_is_working_day(const struct co_calendar *c, int64_t day);
bool co_calendar_is_public_holiday(const struct co_calendar *c, int64_t day);
/* People work on it although they do not on that day of the week. */
bool co_calendar_is_makeup_day(const struct co_calendar *c, int64_t day);

/* When the first span of `day` begins, and the last one ends. CO_EINPUT: not a working day, or
 * outside of what is compiled. */
CO_MUST_CHECK enum co_err co_calendar_opening_us(const struct co_calendar *c, int64_t day,
                                                 int64_t *ret_us);
CO_MUST_CHECK enum co_err co_calendar_closing_us(const struct co_calendar *c, int64_t day,
                                                 int64_t *ret_us);

/* The first span of working time that ends after `us`: [*ret_from_us, *ret_to_us). It is now
 * working time when *ret_from_us <= us. Repeated with *ret_to_us it walks through all. False: no
 * more. */
CO_MUST_CHECK bool co_calendar_next_span(const struct co_calendar *c, int64_t us,
                                         int64_t *ret_from_us, int64_t *ret_to_us);

/* Working time between the two, in us; negative when `to_us` is earlier. CO_EINPUT: one is outside
 * of what is compiled. */
CO_MUST_CHECK enum co_err co_calendar_working_between(const struct co_calendar *c, int64_t from_us,
                                                      int64_t to_us, int64_t *ret_amount_us);

struct co_calendar_due {
    int64_t due_us;
    bool lacks_data; /* a year between start and due, both included, has no holiday data: the time
                        may change when the notice for that year is out */
};

/* The functions below: CO_EINPUT when start or due lie outside of what is compiled; *ret_due is
 * then untouched. */

/* The earliest time by which `amount_us` (>= 0) of working time has passed since `start_us`: the
 * end of a working day, not the next morning. 0 is `start_us` itself. */
CO_MUST_CHECK enum co_err co_calendar_add_working(const struct co_calendar *c, int64_t start_us,
                                                  int64_t amount_us,
                                                  struct co_calendar_due *ret_due);

#define CO_CALENDAR_NO_CUTOFF (-1)

struct co_nth_day {
    int32_t n;             /* >= 1 */
    int32_t cutoff_minute; /* on a working day, a request at or after this local time counts as of
                              the next working day; CO_CALENDAR_NO_CUTOFF: at any hour */
    bool is_counted_from_next; /* day 1 is the working day after that of the request */
};

/* The closing of the N-th working day. */
CO_MUST_CHECK enum co_err co_calendar_nth_working_day(const struct co_calendar *c, int64_t start_us,
                                                      struct co_nth_day rule,
                                                      struct co_calendar_due *ret_due);

/* The closing of the n-th (>= 1) working day after the day of `start_us`. */
CO_MUST_CHECK enum co_err co_calendar_period_working_days(const struct co_calendar *c,
                                                          int64_t start_us, int32_t n,
                                                          struct co_calendar_due *ret_due);

/* 24:00 of the n-th (>= 1) day after the day of `start_us`, moved on while that is a public
 * holiday. */
CO_MUST_CHECK enum co_err co_calendar_period_days(const struct co_calendar *c, int64_t start_us,
                                                  int32_t n, struct co_calendar_due *ret_due);

/* The closing of the first working day after the day of `start_us`. */
CO_MUST_CHECK enum co_err co_calendar_next_business_day(const struct co_calendar *c,
                                                        int64_t start_us,
                                                        struct co_calendar_due *ret_due);
