#include "co_calendar_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"

enum co_err co_span_parse(const char *text, struct co_span *ret_span)
{
    char from[6] = "";
    struct co_span span = { 0, 0 };
    if (strlen(text) != 11 || text[5] != '-')
        return CO_EINPUT;
    memcpy(from, text, 5);
    if (co_minute_parse(from, &span.from_minute) != CO_OK ||
        co_minute_parse(text + 6, &span.to_minute) != CO_OK || span.from_minute >= span.to_minute)
        return CO_EINPUT;
    *ret_span = span;
    return CO_OK;
}

__attribute__((format(printf, 2, 3))) static enum co_err refuse(char *problem, const char *format,
                                                                ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(problem, CO_CALENDAR_PROBLEM, format, args);
    va_end(args);
    return CO_EINPUT;
}

static enum co_err check_hours(struct co_day_spans hours, const char *of, char *problem)
{
    int32_t last = 0;
    if (hours.count > CO_CALENDAR_SPANS_MAX)
        return refuse(problem, "%s has more than %d spans", of, CO_CALENDAR_SPANS_MAX);
    for (uint32_t i = 0; i < hours.count; i++) {
        struct co_span s = hours.span[i];
        if (s.from_minute < last || s.from_minute >= s.to_minute || s.to_minute > 1440)
            return refuse(problem, "%s: span %u must lie within the day, after the one before", of,
                          i + 1);
        last = s.to_minute;
    }
    return CO_OK;
}

static enum co_err check_week(const struct co_day_spans week[CO_WEEKDAYS], const char *of,
                              char *problem)
{
    static const char *const names[CO_WEEKDAYS] = { "Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday" };
    for (int i = 0; i < CO_WEEKDAYS; i++) {
        char name[48];
        snprintf(name, sizeof(name), "%s%s", names[i], of);
        if (check_hours(week[i], name, problem) != CO_OK)
            return CO_EINPUT;
    }
    return CO_OK;
}

/* Whether it can be written as a date. */
static bool is_date(int64_t day)
{
    return day >= co_date_days((struct co_date){ 1, 1, 1 }) &&
           day <= co_date_days((struct co_date){ 9999, 12, 31 });
}

static enum co_err check_weeks(const struct co_calendar_spec *spec, char *problem)
{
    if (check_week(spec->week, "", problem) != CO_OK)
        return CO_EINPUT;
    if (spec->later_count > CO_CALENDAR_WEEKS_MAX)
        return refuse(problem, "more than %d weeks", CO_CALENDAR_WEEKS_MAX);
    for (uint32_t i = 0; i < spec->later_count; i++) {
        const struct co_week_from *w = &spec->later[i];
        char text[CO_DATE_TEXT];
        char of[CO_DATE_TEXT + 16];
        if (!is_date(w->from_day))
            return refuse(problem, "week %u does not begin in the years 1 to 9999", i + 1);
        co_date_format(w->from_day, text);
        if (i > 0 && w->from_day <= spec->later[i - 1].from_day)
            return refuse(problem, "the week from %s on must begin after the one before", text);
        snprintf(of, sizeof(of), " from %s on", text);
        if (check_week(w->week, of, problem) != CO_OK)
            return CO_EINPUT;
    }
    return CO_OK;
}

static enum co_err check_exceptions(const struct co_calendar_spec *spec, char *problem)
{
    if (spec->exception_count > CO_CALENDAR_EXCEPTIONS_MAX)
        return refuse(problem, "more than %d exceptional days", CO_CALENDAR_EXCEPTIONS_MAX);
    for (uint32_t i = 0; i < spec->exception_count; i++) {
        const struct co_day_exception *e = &spec->exception[i];
        if (!is_date(e->day))
            return refuse(problem, "exceptional day %u is not in the years 1 to 9999", i + 1);
        char text[CO_DATE_TEXT];
        co_date_format(e->day, text);
        if (check_hours(e->hours, text, problem) != CO_OK)
            return CO_EINPUT;
        if (e->is_public_holiday && e->hours.count > 0)
            return refuse(problem, "%s is a public holiday and has working hours", text);
    }
    return CO_OK;
}

static enum co_err check_offsets(struct co_offsets offsets, char *problem)
{
    if (offsets.count < 1 || offsets.count > CO_CALENDAR_CHANGES_MAX)
        return refuse(problem, "a zone has 1 to %d offsets", CO_CALENDAR_CHANGES_MAX);
    for (uint32_t i = 0; i < offsets.count; i++) {
        struct co_offset_change c = offsets.change[i];
        if (c.offset_s < -CO_OFFSET_MAX_S || c.offset_s > CO_OFFSET_MAX_S || c.offset_s % 60 != 0)
            return refuse(problem, "offset %u must be whole minutes below 24 h", i + 1);
        if (i > 0 && c.from_us <= offsets.change[i - 1].from_us)
            return refuse(problem, "offset %u must begin after the one before", i + 1);
    }
    return CO_OK;
}

static enum co_err check(const struct co_calendar_spec *spec, char *problem)
{
    if (spec->first_year < 2 || spec->last_year > 9998 || spec->first_year > spec->last_year ||
        spec->last_year - spec->first_year >= CO_CALENDAR_YEARS_MAX)
        return refuse(problem, "a calendar covers 1 to %d years, within 2 to 9998",
                      CO_CALENDAR_YEARS_MAX);
    if (check_offsets(spec->offsets, problem) != CO_OK || check_weeks(spec, problem) != CO_OK)
        return CO_EINPUT;
    return check_exceptions(spec, problem);
}

/* The exception of each day of the range, NULL for most. CO_EINPUT when a day comes twice. */
static enum co_err place_exceptions(const struct co_calendar *c,
                                    const struct co_calendar_spec *spec,
                                    const struct co_day_exception **by_day, char *problem)
{
    for (uint32_t i = 0; i < spec->exception_count; i++) {
        const struct co_day_exception *e = &spec->exception[i];
        if (e->day < c->first_day || e->day >= c->first_day + c->days)
            continue;
        const struct co_day_exception **place = &by_day[e->day - c->first_day];
        if (*place != NULL) {
            char text[CO_DATE_TEXT];
            co_date_format(e->day, text);
            return refuse(problem, "%s is there twice", text);
        }
        *place = e;
    }
    return CO_OK;
}

/* What the week that holds on `day` says of it. */
static struct co_day_spans week_hours(const struct co_calendar_spec *spec, int64_t day)
{
    uint32_t low = 0;
    uint32_t high = spec->later_count; /* the first that begins after `day` */
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (spec->later[mid].from_day <= day)
            low = mid + 1;
        else
            high = mid;
    }
    const struct co_day_spans *week = low == 0 ? spec->week : spec->later[low - 1].week;
    return week[co_weekday_of_days(day)];
}

static struct co_day_spans hours_of(const struct co_calendar *c,
                                    const struct co_calendar_spec *spec,
                                    const struct co_day_exception *const *by_day, uint32_t i)
{
    return by_day[i] != NULL ? by_day[i]->hours : week_hours(spec, c->first_day + i);
}

/* Lays out the spans of one day. Spans that a jump of the clock leaves empty are dropped. */
static void lay_out_day(struct co_calendar *c, uint32_t i, struct co_day_spans hours,
                        uint32_t *working_days, int64_t *worked_us)
{
    int64_t day = c->first_day + i;
    c->day[i].start_us = co_offsets_us(&c->offsets, day, 0);
    c->day[i].first_work = c->works;
    c->day[i].rank = *working_days;
    for (uint32_t k = 0; k < hours.count; k++) {
        int64_t from_us = co_offsets_us(&c->offsets, day, hours.span[k].from_minute);
        int64_t to_us = co_offsets_us(&c->offsets, day, hours.span[k].to_minute);
        if (from_us == to_us)
            continue;
        c->work[c->works++] = (struct work){ from_us, to_us, *worked_us };
        *worked_us += to_us - from_us;
    }
    if (c->works > c->day[i].first_work)
        c->working[(*working_days)++] = i;
}

static void lay_out(struct co_calendar *c, const struct co_calendar_spec *spec,
                    const struct co_day_exception *const *by_day)
{
    uint32_t working_days = 0;
    int64_t worked_us = 0;
    for (uint32_t i = 0; i < c->days; i++) {
        lay_out_day(c, i, hours_of(c, spec, by_day, i), &working_days, &worked_us);
        c->day[i].is_public_holiday = by_day[i] != NULL && by_day[i]->is_public_holiday;
        c->day[i].is_makeup = by_day[i] != NULL && by_day[i]->hours.count > 0 &&
                              week_hours(spec, c->first_day + i).count == 0;
    }
    int64_t end_us = co_offsets_us(&c->offsets, c->first_day + c->days, 0);
    c->day[c->days] =
        (struct day){ .start_us = end_us, .first_work = c->works, .rank = working_days };
    c->work[c->works] = (struct work){ end_us, end_us, worked_us };
}

static enum co_err take_memory(struct co_calendar *c, const struct co_calendar_spec *spec,
                               const struct co_day_exception *const *by_day)
{
    size_t spans = 0;
    for (uint32_t i = 0; i < c->days; i++)
        spans += hours_of(c, spec, by_day, i).count;
    c->day = calloc((size_t)c->days + 1, sizeof(*c->day));
    c->work = calloc(spans + 1, sizeof(*c->work));
    c->working = calloc((size_t)c->days + 1, sizeof(*c->working));
    return c->day == NULL || c->work == NULL || c->working == NULL ? CO_ENOMEM : CO_OK;
}

static enum co_err copy_facts(struct co_calendar *c, const struct co_calendar_spec *spec)
{
    c->change = calloc(spec->offsets.count, sizeof(*c->change));
    c->has_data = calloc((size_t)c->years, sizeof(*c->has_data));
    if (c->change == NULL || c->has_data == NULL)
        return CO_ENOMEM;
    memcpy(c->change, spec->offsets.change, spec->offsets.count * sizeof(*c->change));
    c->offsets = (struct co_offsets){ c->change, spec->offsets.count };
    for (int32_t i = 0; i < c->years; i++)
        c->has_data[i] = !spec->has_holiday_set;
    for (uint32_t i = 0; spec->has_holiday_set && i < spec->known_year_count; i++) {
        int32_t year = spec->known_year[i];
        if (year >= spec->first_year && year <= spec->last_year)
            c->has_data[year - spec->first_year] = true;
    }
    return CO_OK;
}

static enum co_err fill(struct co_calendar *c, const struct co_calendar_spec *spec, char *problem)
{
    c->first_year = spec->first_year;
    c->years = spec->last_year - spec->first_year + 1;
    c->first_day = co_date_days((struct co_date){ spec->first_year, 1, 1 });
    c->days =
        (uint32_t)(co_date_days((struct co_date){ spec->last_year + 1, 1, 1 }) - c->first_day);

    const struct co_day_exception **by_day = calloc(c->days, sizeof(const void *));
    enum co_err err = by_day == NULL ? CO_ENOMEM : copy_facts(c, spec);
    if (err == CO_OK)
        err = place_exceptions(c, spec, by_day, problem);
    if (err == CO_OK)
        err = take_memory(c, spec, by_day);
    if (err == CO_OK)
        lay_out(c, spec, by_day);
    free(by_day);
    return err;
}

enum co_err co_calendar_compile(const struct co_calendar_spec *spec,
                                struct co_calendar **ret_calendar,
                                char problem[static CO_CALENDAR_PROBLEM])
{
    problem[0] = '\0';
    if (check(spec, problem) != CO_OK)
        return CO_EINPUT;
    struct co_calendar *c = calloc(1, sizeof(*c));
    enum co_err err = c == NULL ? CO_ENOMEM : fill(c, spec, problem);
    if (err == CO_OK)
        *ret_calendar = c;
    else
        co_calendar_free(c);
    return err;
}

void co_calendar_free(struct co_calendar *c)
{
    if (c == NULL)
        return;
    free(c->change);
    free(c->has_data);
    free(c->day);
    free(c->work);
    free(c->working);
    free(c);
}
