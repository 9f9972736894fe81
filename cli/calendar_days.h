/* calendar_days.h - the days of a calendar as people see them. */
#pragma once

#include "callout/v1/registry.pb-c.h"
#include "cli.h"
#include "co_calendar.h"
#include "co_time.h"

enum calendar_day_kind {
    CALENDAR_WORKING,
    CALENDAR_MAKEUP, /* worked although its weekday is not */
    CALENDAR_FREE,   /* no working day of the week */
    CALENDAR_HOLIDAY,
    CALENDAR_DAY_KINDS
};

struct calendar_day {
    int64_t day;
    enum calendar_day_kind kind;
    const char *name;   /* of the holiday, or of what makes it another day; "" */
    const char **hours; /* "09:00-18:00", by the local clock */
    size_t hours_count;
    int64_t working_us;
};

/* What is asked for, by local days. */
struct calendar_period {
    enum { CALENDAR_DAY, CALENDAR_MONTH, CALENDAR_YEAR } kind;
    int64_t first, last;
};

struct calendar_shown {
    const Callout__V1__Calendar *text;
    struct co_calendar *calendar; /* compiled; a year more on both sides */
    struct calendar_period period;
};

struct calendar_sum {
    size_t working, makeup, holidays;
    int64_t working_us;
};

/* "2026", "2026-10", "2026-10-01"; false: another text. */
bool calendar_period_parse(const char *text, struct calendar_period *ret);

struct calendar_day calendar_day_of(struct cli *cli, const struct calendar_shown *s, int64_t day);
struct calendar_sum calendar_sum_of(struct cli *cli, const struct calendar_shown *s, int64_t first,
                                    int64_t last);
/* "working day", "make-up workday" ... */
const char *calendar_kind_text(enum calendar_day_kind kind);
const char *calendar_weekday(int64_t day);               /* "Monday" */
const char *calendar_hours(struct cli *cli, int64_t us); /* "162 h", "4 h 30 min" */
/* The years of the period whose holidays are not known: "2027, 2028"; "" none. */
const char *calendar_unknown(struct cli *cli, const struct calendar_shown *s);

/* calendar_print.c: for people. */
void calendar_print(struct cli *cli, const struct calendar_shown *s);
