/* co_time.h - points in time, days and lengths of time, as numbers and as text.
 *
 * Pure: reads no clock and no time zone. Times are microseconds since the Unix epoch, UTC. Days are
 * counted from 1970-01-01 = 0 in the proleptic Gregorian calendar. Offsets are seconds east of UTC.
 * Text stands for the years 0001 to 9999 only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "co_err.h"

#define CO_MILLISECOND_US INT64_C(1000)
#define CO_SECOND_US INT64_C(1000000)
#define CO_MINUTE_US (60 * CO_SECOND_US)
#define CO_HOUR_US (60 * CO_MINUTE_US)
#define CO_DAY_US (24 * CO_HOUR_US) /* 24 running hours */

#define CO_TIME_MIN_US (INT64_C(-62135596800) * CO_SECOND_US)     /* 0001-01-01T00:00:00Z */
#define CO_TIME_MAX_US (INT64_C(253402300800) * CO_SECOND_US - 1) /* the end of 9999 */
#define CO_OFFSET_MAX_S (24 * 3600 - 60)                          /* either way, RFC 3339 */

struct co_date {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

enum co_weekday {
    CO_MONDAY,
    CO_TUESDAY,
    CO_WEDNESDAY,
    CO_THURSDAY,
    CO_FRIDAY,
    CO_SATURDAY,
    CO_SUNDAY,
    CO_WEEKDAYS
};

/* Civil dates. co_date_days() takes any existing date. */
bool co_date_exists(struct co_date d);
int64_t co_date_days(struct co_date d);
struct co_date co_date_of_days(int64_t days);
enum co_weekday co_weekday_of_days(int64_t days);

/* The day, counted from 1970-01-01, that holds `us` at a place with that offset. */
int64_t co_days_of_us(int64_t us, int32_t offset_s);

#define CO_DATE_TEXT 11 /* YYYY-MM-DD and NUL */
void co_date_format(int64_t days, char text[static CO_DATE_TEXT]);

/* "2026-02-17", nothing before or after. CO_EINPUT: not of that form, or no such day. */
CO_MUST_CHECK enum co_err co_date_parse(const char *text, int64_t *ret_days);

#define CO_TIME_TEXT 33 /* YYYY-MM-DDThh:mm:ss.ffffff+hh:mm and NUL */

/* RFC 3339 in UTC ("2026-02-17T01:30:00Z"), or in local time with the offset, which is in whole
 * minutes ("2026-02-17T09:30:00+08:00"). A fraction is written, with 3 or 6 digits, only where
 * there is one. `us` lies in CO_TIME_MIN_US..CO_TIME_MAX_US, also when moved by the offset. */
void co_time_format(int64_t us, char text[static CO_TIME_TEXT]);
void co_time_format_local(int64_t us, int32_t offset_s, char text[static CO_TIME_TEXT]);

/* RFC 3339; the offset ("Z" or "+hh:mm") is required. Up to 9 digits of fraction are taken, those
 * after the 6th cut off (senders write nanoseconds). A leap second counts as the next second.
 * CO_EINPUT: another form, no such day or hour, out of range. ret_offset_s may be NULL. */
CO_MUST_CHECK enum co_err co_time_parse(const char *text, int64_t *ret_us, int32_t *ret_offset_s);

/* "Z", "+08:00", "-03:30". CO_EINPUT: another form. */
CO_MUST_CHECK enum co_err co_offset_parse(const char *text, int32_t *ret_offset_s);

/* "09:00" .. "24:00", as minutes since midnight, 0..1440. CO_EINPUT: another form. */
CO_MUST_CHECK enum co_err co_minute_parse(const char *text, int32_t *ret_minute);

#define CO_DURATION_TEXT 40

/* Whole numbers with unit, largest first, each at most once: d (24 h), h, m, s, ms, us: "90s",
 * "1h30m", "2d". "0" alone needs no unit. CO_EINPUT: another form, or over 100,000 d. */
CO_MUST_CHECK enum co_err co_duration_parse(const char *text, int64_t *ret_us);

/* The shortest such text that says exactly this ("1h30m", "0s"), with "-" first when negative. */
void co_duration_format(int64_t us, char text[static CO_DURATION_TEXT]);

/* For people, in English: "in 1 h 20 min", "late by 3 min", "now" below a second. `left_us` is the
 * time still left, negative when late. Two units at most, the rest cut off. */
void co_time_left_format(int64_t left_us, char text[static CO_DURATION_TEXT]);
