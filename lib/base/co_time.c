#include "co_time.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "co_assert.h"

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static bool is_leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool co_date_exists(struct co_date d)
{
    static const int8_t length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (d.year < 1 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1)
        return false;
    return d.day <= length[d.month - 1] + (d.month == 2 && is_leap(d.year));
}

/* Both directions as in Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin
 * in March, so the leap day is the last; eras have 400 years. */
int64_t co_date_days(struct co_date d)
{
    co_assert(co_date_exists(d));
    int64_t year = d.year - (d.month <= 2);
    int64_t era = floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t month = d.month > 2 ? d.month - 3 : d.month + 9;
    int64_t day_of_year = (153 * month + 2) / 5 + d.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

struct co_date co_date_of_days(int64_t days)
{
    int64_t shifted = days + 719468;
    int64_t era = floor_div(shifted, 146097);
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    struct co_date d = {
        .year = (int32_t)(year_of_era + era * 400 + (month >= 10)),
        .month = (int32_t)(month < 10 ? month + 3 : month - 9),
        .day = (int32_t)(day_of_year - (153 * month + 2) / 5 + 1),
    };
    return d;
}

enum co_weekday co_weekday_of_days(int64_t days)
{
    int64_t since_monday = days + 3; /* 1970-01-01 was a Thursday */
    return (enum co_weekday)(since_monday - floor_div(since_monday, 7) * 7);
}

int64_t co_days_of_us(int64_t us, int32_t offset_s)
{
    return floor_div(us + offset_s * CO_SECOND_US, CO_DAY_US);
}

void co_date_format(int64_t days, char text[static CO_DATE_TEXT])
{
    struct co_date d = co_date_of_days(days);
    co_assert(d.year >= 1 && d.year <= 9999);
    (void)snprintf(text, CO_DATE_TEXT, "%04u-%02u-%02u", (unsigned)d.year % 10000U,
                   (unsigned)d.month % 100U, (unsigned)d.day % 100U);
}

/* Reads exactly `digits` digits at *p and moves on; -1 when they are not there. */
static int32_t take_digits(const char **p, int digits)
{
    int32_t value = 0;
    for (int i = 0; i < digits; i++, (*p)++) {
        if (**p < '0' || **p > '9')
            return -1;
        value = value * 10 + (**p - '0');
    }
    return value;
}

static bool take_char(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

static bool take_date(const char **p, int64_t *ret_days)
{
    struct co_date d;
    d.year = take_digits(p, 4);
    if (d.year < 0 || !take_char(p, '-'))
        return false;
    d.month = take_digits(p, 2);
    if (d.month < 0 || !take_char(p, '-'))
        return false;
    d.day = take_digits(p, 2);
    if (!co_date_exists(d))
        return false;
    *ret_days = co_date_days(d);
    return true;
}

enum co_err co_date_parse(const char *text, int64_t *ret_days)
{
    int64_t days = 0;
    if (!take_date(&text, &days) || *text != '\0')
        return CO_EINPUT;
    *ret_days = days;
    return CO_OK;
}

void co_time_format(int64_t us, char text[static CO_TIME_TEXT])
{
    co_time_format_local(us, 0, text);
    size_t len = strlen(text);
    co_assert(len > 6);
    (void)snprintf(text + len - 6, 2, "Z"); /* instead of "+00:00" */
}

void co_time_format_local(int64_t us, int32_t offset_s, char text[static CO_TIME_TEXT])
{
    co_assert(offset_s % 60 == 0 && offset_s >= -CO_OFFSET_MAX_S && offset_s <= CO_OFFSET_MAX_S);
    int64_t local_us = us + offset_s * CO_SECOND_US;
    co_assert(local_us >= CO_TIME_MIN_US && local_us <= CO_TIME_MAX_US);
    int64_t days = floor_div(local_us, CO_DAY_US);
    int64_t in_day_us = local_us - days * CO_DAY_US;
    unsigned second = (unsigned)(in_day_us / CO_SECOND_US);
    unsigned fraction_us = (unsigned)(in_day_us % CO_SECOND_US);
    unsigned offset_min = (unsigned)(offset_s < 0 ? -offset_s : offset_s) / 60;

    char date[CO_DATE_TEXT];
    co_date_format(days, date);
    char fraction[8] = "";
    if (fraction_us % 1000 != 0)
        (void)snprintf(fraction, sizeof(fraction), ".%06u", fraction_us % 1000000U);
    else if (fraction_us != 0)
        (void)snprintf(fraction, sizeof(fraction), ".%03u", fraction_us / 1000 % 1000U);
    (void)snprintf(text, CO_TIME_TEXT, "%sT%02u:%02u:%02u%s%c%02u:%02u", date, second / 3600 % 24U,
                   second / 60 % 60U, second % 60, fraction, offset_s < 0 ? '-' : '+',
                   offset_min / 60 % 24U, offset_min % 60);
}

struct clock {
    int32_t second; /* since midnight */
    bool is_leap;
};

static bool take_clock(const char **p, struct clock *ret_clock)
{
    int32_t hour = take_digits(p, 2);
    if (hour < 0 || hour > 23 || !take_char(p, ':'))
        return false;
    int32_t minute = take_digits(p, 2);
    if (minute < 0 || minute > 59 || !take_char(p, ':'))
        return false;
    int32_t second = take_digits(p, 2);
    if (second < 0 || second > 60)
        return false;
    ret_clock->second = hour * 3600 + minute * 60 + second;
    ret_clock->is_leap = second == 60;
    return true;
}

/* An optional fraction of a second of 1 to 9 digits, in us. */
static bool take_fraction(const char **p, int32_t *ret_us)
{
    int32_t us = 0;
    int digits = 0;
    if (take_char(p, '.')) {
        for (; **p >= '0' && **p <= '9'; (*p)++, digits++) {
            if (digits < 6)
                us = us * 10 + (**p - '0');
        }
        if (digits == 0 || digits > 9)
            return false;
    }
    for (; digits < 6; digits++)
        us *= 10;
    *ret_us = us;
    return true;
}

static bool take_offset(const char **p, int32_t *ret_offset_s)
{
    if (take_char(p, 'Z') || take_char(p, 'z')) {
        *ret_offset_s = 0;
        return true;
    }
    int32_t sign = **p == '-' ? -1 : 1;
    if (!take_char(p, '+') && !take_char(p, '-'))
        return false;
    int32_t hour = take_digits(p, 2);
    if (hour < 0 || hour > 23 || !take_char(p, ':'))
        return false;
    int32_t minute = take_digits(p, 2);
    if (minute < 0 || minute > 59)
        return false;
    *ret_offset_s = sign * (hour * 3600 + minute * 60);
    return true;
}

enum co_err co_time_parse(const char *text, int64_t *ret_us, int32_t *ret_offset_s)
{
    int64_t days = 0;
    struct clock clock = { 0, false };
    int32_t fraction_us = 0;
    int32_t offset_s = 0;
    const char *p = text;
    if (!take_date(&p, &days) || !(take_char(&p, 'T') || take_char(&p, 't') || take_char(&p, ' ')))
        return CO_EINPUT;
    if (!take_clock(&p, &clock) || !take_fraction(&p, &fraction_us) || !take_offset(&p, &offset_s))
        return CO_EINPUT;
    int64_t utc_s = days * 86400 + clock.second - offset_s;
    int64_t us = utc_s * CO_SECOND_US + fraction_us;
    bool is_end_of_utc_day = utc_s % 86400 == 0; /* the only place of a leap second */
    if (*p != '\0' || (clock.is_leap && !is_end_of_utc_day) || us < CO_TIME_MIN_US ||
        us > CO_TIME_MAX_US)
        return CO_EINPUT;
    *ret_us = us;
    if (ret_offset_s != NULL)
        *ret_offset_s = offset_s;
    return CO_OK;
}

enum co_err co_offset_parse(const char *text, int32_t *ret_offset_s)
{
    int32_t offset_s = 0;
    if (!take_offset(&text, &offset_s) || *text != '\0')
        return CO_EINPUT;
    *ret_offset_s = offset_s;
    return CO_OK;
}

enum co_err co_minute_parse(const char *text, int32_t *ret_minute)
{
    int32_t hour = take_digits(&text, 2);
    if (hour < 0 || !take_char(&text, ':'))
        return CO_EINPUT;
    int32_t minute = take_digits(&text, 2);
    if (minute < 0 || minute > 59 || hour * 60 + minute > 1440 || *text != '\0')
        return CO_EINPUT;
    *ret_minute = hour * 60 + minute;
    return CO_OK;
}
