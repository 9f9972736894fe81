#include "calendar_days.h"

#include <string.h>

#include "co_assert.h"

static int32_t digits(const char *text, size_t n)
{
    int32_t value = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool calendar_period_parse(const char *text, struct calendar_period *ret)
{
    enum { YEAR_MIN = 1971, YEAR_MAX = 9000 };
    size_t len = strlen(text);
    bool has_month = len >= 7 && text[4] == '-';
    struct co_date date = { len < 4 ? -1 : digits(text, 4), 1, 1 };
    if (date.year < YEAR_MIN || date.year > YEAR_MAX)
        return false;
    if (len == 4) {
        *ret =
            (struct calendar_period){ CALENDAR_YEAR, co_date_days(date),
                                      co_date_days((struct co_date){ date.year + 1, 1, 1 }) - 1 };
        return true;
    }
    date.month = has_month ? digits(text + 5, 2) : -1;
    if (date.month < 1 || date.month > 12)
        return false;
    if (len == 7) {
        struct co_date next = { date.year + date.month / 12, date.month % 12 + 1, 1 };
        *ret =
            (struct calendar_period){ CALENDAR_MONTH, co_date_days(date), co_date_days(next) - 1 };
        return true;
    }
    int64_t day = 0;
    if (co_date_parse(text, &day) != CO_OK)
        return false;
    *ret = (struct calendar_period){ CALENDAR_DAY, day, day };
    return true;
}

static const char *clock_text(struct cli *cli, const struct co_calendar *c, int64_t us, int64_t day)
{
    int64_t local_us = us + co_calendar_offset_s(c, us) * CO_SECOND_US;
    int64_t minute = (local_us - day * CO_DAY_US) / CO_MINUTE_US;
    return cli_format(cli, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

/* The end of a span is the moment before it: at a jump of the clock the reading of before. */
static const char *end_text(struct cli *cli, const struct co_calendar *c, int64_t us, int64_t day)
{
    int64_t before_us = us - CO_MINUTE_US;
    int64_t local_us = us + co_calendar_offset_s(c, before_us) * CO_SECOND_US;
    int64_t minute = (local_us - day * CO_DAY_US) / CO_MINUTE_US;
    return cli_format(cli, "%02d:%02d", (int)(minute / 60), (int)(minute % 60));
}

static void read_hours(struct cli *cli, const struct calendar_shown *s, struct calendar_day *d)
{
    int64_t at_us = 0, end_us = 0, from_us = 0, to_us = 0;
    d->hours = co_arena_alloc(cli->arena, CO_CALENDAR_SPANS_MAX * sizeof(d->hours[0]));
    co_assert(d->hours != NULL);
    if (co_calendar_opening_us(s->calendar, d->day, &at_us) != CO_OK ||
        co_calendar_closing_us(s->calendar, d->day, &end_us) != CO_OK)
        return;
    while (at_us < end_us && co_calendar_next_span(s->calendar, at_us, &from_us, &to_us)) {
        d->hours[d->hours_count++] =
            cli_format(cli, "%s-%s", clock_text(cli, s->calendar, from_us, d->day),
                       end_text(cli, s->calendar, to_us, d->day));
        d->working_us += to_us - from_us;
        at_us = to_us;
    }
}

static const char *name_of(const Callout__V1__Calendar *c, int64_t day)
{
    for (size_t i = 0; i < c->n_exceptions; i++)
        if (c->exceptions[i]->day == day)
            return c->exceptions[i]->name;
    return "";
}

struct calendar_day calendar_day_of(struct cli *cli, const struct calendar_shown *s, int64_t day)
{
    struct calendar_day d = { .day = day, .name = name_of(s->text, day) };
    d.kind = co_calendar_is_public_holiday(s->calendar, day) ? CALENDAR_HOLIDAY
             : co_calendar_is_makeup_day(s->calendar, day)   ? CALENDAR_MAKEUP
             : co_calendar_is_working_day(s->calendar, day)  ? CALENDAR_WORKING
                                                             : CALENDAR_FREE;
    read_hours(cli, s, &d);
    return d;
}

struct calendar_sum calendar_sum_of(struct cli *cli, const struct calendar_shown *s, int64_t first,
                                    int64_t last)
{
    struct calendar_sum sum = { 0 };
    for (int64_t day = first; day <= last; day++) {
        struct calendar_day d = calendar_day_of(cli, s, day);
        sum.working += d.kind == CALENDAR_WORKING || d.kind == CALENDAR_MAKEUP;
        sum.makeup += d.kind == CALENDAR_MAKEUP;
        sum.holidays += d.kind == CALENDAR_HOLIDAY;
        sum.working_us += d.working_us;
    }
    return sum;
}

const char *calendar_kind_text(enum calendar_day_kind kind)
{
    static const char *const texts[CALENDAR_DAY_KINDS] = { "working day", "make-up workday",
                                                           "no working day", "public holiday" };
    return texts[kind];
}

const char *calendar_weekday(int64_t day)
{
    static const char *const names[CO_WEEKDAYS] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday" };
    return names[co_weekday_of_days(day)];
}

const char *calendar_hours(struct cli *cli, int64_t us)
{
    long long minutes = us / CO_MINUTE_US;
    if (minutes % 60 == 0)
        return cli_format(cli, "%lld h", minutes / 60);
    return cli_format(cli, "%lld h %lld min", minutes / 60, minutes % 60);
}

const char *calendar_unknown(struct cli *cli, const struct calendar_shown *s)
{
    const char *all = "";
    int32_t last = co_date_of_days(s->period.last).year;
    for (int32_t year = co_date_of_days(s->period.first).year; year <= last; year++)
        if (!co_calendar_has_data(s->calendar, year))
            all = cli_format(cli, "%s%s%d", all, all[0] == '\0' ? "" : ", ", (int)year);
    return all;
}
