/* Weeks that change at a date, half days, night shifts, and zones that put their clocks forward and
 * back. */
#include "co_calendar.h"

#include <string.h>

#include "calendar_help.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct co_span eight[] = { { 540, 720 }, { 780, 1080 } };  /* 09-12, 13-18 */
static const struct co_span morning[] = { { 540, 720 } };               /* 09-12 */
static const struct co_span longer[] = { { 480, 720 }, { 750, 1140 } }; /* 08-12, 12:30-19 */
static const struct co_span night[] = { { 0, 360 }, { 1320, 1440 } };   /* 00-06, 22-24 */
static const struct co_span skipped[] = { { 120, 180 } };               /* 02-03 */

/* Central European Time: summer time from the last Sunday of March to the last one of October. */
static const struct co_offset_change berlin[] = {
    { 0, 3600 },
    { 1774746000000000, 7200 }, /* 2026-03-29T01:00:00Z */
    { 1792890000000000, 3600 }, /* 2026-10-25T01:00:00Z */
};

static struct co_calendar_spec berlin_spec(void)
{
    return (struct co_calendar_spec){ .offsets = { berlin, COUNT(berlin) },
                                      .first_year = 2026,
                                      .last_year = 2027 };
}

/* Monday to Thursday 09-12 and 13-18, on Friday the morning only. */
static struct co_calendar *office(const struct co_week_from *later, uint32_t count)
{
    struct co_calendar_spec spec = berlin_spec();
    for (int i = CO_MONDAY; i <= CO_THURSDAY; i++)
        spec.week[i] = (struct co_day_spans){ eight, COUNT(eight) };
    spec.week[CO_FRIDAY] = (struct co_day_spans){ morning, COUNT(morning) };
    spec.later = later;
    spec.later_count = count;
    return compile(&spec);
}

static int64_t add_hours(const struct co_calendar *c, const char *start, int64_t hours)
{
    struct co_calendar_due due = { -1, false };
    ck_assert_int_eq(co_calendar_add_working(c, at(start), hours * CO_HOUR_US, &due), CO_OK);
    return due.due_us;
}

static int64_t nth(const struct co_calendar *c, const char *start, int32_t n)
{
    struct co_calendar_due due = { -1, false };
    struct co_nth_day rule = { .n = n, .cutoff_minute = CO_CALENDAR_NO_CUTOFF };
    ck_assert_int_eq(co_calendar_nth_working_day(c, at(start), rule, &due), CO_OK);
    return due.due_us;
}

static int64_t hours_of(const struct co_calendar *c, const char *from, const char *until)
{
    int64_t us = -1;
    ck_assert_int_eq(co_calendar_working_between(c, at(from), at(until), &us), CO_OK);
    ck_assert_int_eq(us % CO_HOUR_US, 0);
    return us / CO_HOUR_US;
}

START_TEST(the_offsets_of_the_tests_are_those_of_berlin)
{
    ck_assert_int_eq(berlin[1].from_us, at("2026-03-29T02:00:00+01:00"));
    ck_assert_int_eq(berlin[2].from_us, at("2026-10-25T03:00:00+02:00"));
}
END_TEST

START_TEST(office_hours_keep_to_the_local_clock_over_both_changes)
{
    struct co_calendar *c = office(NULL, 0);
    int64_t us = 0;
    ck_assert_int_eq(co_calendar_opening_us(c, day("2026-03-26"), &us), CO_OK);
    ck_assert_int_eq(us, at("2026-03-26T09:00:00+01:00"));
    ck_assert_int_eq(co_calendar_opening_us(c, day("2026-03-30"), &us), CO_OK);
    ck_assert_int_eq(us, at("2026-03-30T09:00:00+02:00"));
    ck_assert_int_eq(co_calendar_closing_us(c, day("2026-10-26"), &us), CO_OK);
    ck_assert_int_eq(us, at("2026-10-26T18:00:00+01:00"));
    ck_assert_int_eq(co_calendar_offset_s(c, us), 3600);
    co_calendar_free(c);
}
END_TEST

START_TEST(working_time_and_days_are_counted_over_the_change_of_the_clock)
{
    struct co_calendar *c = office(NULL, 0);
    /* Friday 11:00: one hour there, seven on Monday, which began an hour earlier in UTC */
    ck_assert_int_eq(add_hours(c, "2026-03-27T11:00:00+01:00", 8), at("2026-03-30T17:00:00+02:00"));
    ck_assert_int_eq(add_hours(c, "2026-10-23T11:00:00+02:00", 8), at("2026-10-26T17:00:00+01:00"));
    ck_assert_int_eq(nth(c, "2026-03-27T20:00:00+01:00", 2), at("2026-03-30T18:00:00+02:00"));
    ck_assert_int_eq(nth(c, "2026-03-29T01:59:59+01:00", 1), at("2026-03-30T18:00:00+02:00"));
    ck_assert_int_eq(nth(c, "2026-10-25T02:30:00+01:00", 1), at("2026-10-26T18:00:00+01:00"));
    ck_assert_int_eq(hours_of(c, "2026-03-27T00:00:00+01:00", "2026-03-31T00:00:00+02:00"), 3 + 8);
    ck_assert_int_eq(hours_of(c, "2026-10-23T00:00:00+02:00", "2026-10-27T00:00:00+01:00"), 3 + 8);
    struct co_calendar_due due = { -1, false };
    ck_assert_int_eq(co_calendar_period_days(c, at("2026-03-27T12:00:00+01:00"), 2, &due), CO_OK);
    ck_assert_int_eq(due.due_us, at("2026-03-30T00:00:00+02:00"));
    co_calendar_free(c);
}
END_TEST

START_TEST(a_half_day_is_a_working_day_that_closes_at_noon)
{
    struct co_calendar *c = office(NULL, 0);
    ck_assert_int_eq(nth(c, "2026-06-04T10:00:00+02:00", 2), at("2026-06-05T12:00:00+02:00"));
    ck_assert_int_eq(nth(c, "2026-06-05T23:00:00+02:00", 1), at("2026-06-05T12:00:00+02:00"));
    ck_assert_int_eq(add_hours(c, "2026-06-05T11:00:00+02:00", 2), at("2026-06-08T10:00:00+02:00"));
    ck_assert_int_eq(add_hours(c, "2026-06-04T11:00:00+02:00", 3), at("2026-06-04T15:00:00+02:00"));
    ck_assert_int_eq(hours_of(c, "2026-06-01T00:00:00+02:00", "2026-06-08T00:00:00+02:00"), 35);
    co_calendar_free(c);
}
END_TEST

START_TEST(a_night_shift_in_two_spans_is_shorter_in_spring_and_longer_in_autumn)
{
    struct co_calendar_spec spec = berlin_spec();
    for (int i = 0; i < CO_WEEKDAYS; i++)
        spec.week[i] = (struct co_day_spans){ night, COUNT(night) };
    struct co_calendar *c = compile(&spec);
    ck_assert_int_eq(hours_of(c, "2026-06-06T12:00:00+02:00", "2026-06-07T12:00:00+02:00"), 8);
    ck_assert_int_eq(hours_of(c, "2026-03-28T12:00:00+01:00", "2026-03-29T12:00:00+02:00"), 7);
    ck_assert_int_eq(hours_of(c, "2026-10-24T12:00:00+02:00", "2026-10-25T12:00:00+01:00"), 9);
    ck_assert_int_eq(add_hours(c, "2026-03-28T22:00:00+01:00", 7), at("2026-03-29T06:00:00+02:00"));
    ck_assert_int_eq(add_hours(c, "2026-10-24T22:00:00+02:00", 9), at("2026-10-25T06:00:00+01:00"));
    /* over midnight and into the next night, as one shift */
    ck_assert_int_eq(add_hours(c, "2026-06-06T23:00:00+02:00", 7), at("2026-06-07T06:00:00+02:00"));
    ck_assert_int_eq(add_hours(c, "2026-06-06T23:00:00+02:00", 8), at("2026-06-07T23:00:00+02:00"));
    co_calendar_free(c);
}
END_TEST

START_TEST(an_hour_that_is_skipped_is_no_working_time)
{
    struct co_calendar_spec spec = berlin_spec();
    spec.week[CO_SUNDAY] = (struct co_day_spans){ skipped, COUNT(skipped) };
    struct co_calendar *c = compile(&spec);
    ck_assert(co_calendar_is_working_day(c, day("2026-03-22")));
    ck_assert(!co_calendar_is_working_day(c, day("2026-03-29")));
    /* 02:00 comes twice in autumn: from its first showing on */
    ck_assert_int_eq(hours_of(c, "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"), 2);
    co_calendar_free(c);
}
END_TEST

/* From 2027 on longer days, Friday too, and a Saturday morning. */
static struct co_week_from longer_week(const char *from)
{
    struct co_week_from w = { .from_day = day(from) };
    for (int i = CO_MONDAY; i <= CO_FRIDAY; i++)
        w.week[i] = (struct co_day_spans){ longer, COUNT(longer) };
    w.week[CO_SATURDAY] = (struct co_day_spans){ morning, COUNT(morning) };
    return w;
}

START_TEST(another_week_holds_from_its_day_on_and_what_lies_before_stays)
{
    struct co_week_from later = longer_week("2027-01-04"); /* a Monday */
    struct co_calendar *plain = office(NULL, 0);
    struct co_calendar *c = office(&later, 1);
    int64_t from_us, to_us, want_from_us, want_to_us;
    int64_t us = at("2026-01-01T00:00:00+01:00");
    int64_t change_us = at("2027-01-04T00:00:00+01:00");
    int spans = 0;
    for (; co_calendar_next_span(plain, us, &want_from_us, &want_to_us); us = want_to_us) {
        if (want_from_us >= change_us)
            break;
        ck_assert(co_calendar_next_span(c, us, &from_us, &to_us));
        ck_assert_int_eq(from_us, want_from_us);
        ck_assert_int_eq(to_us, want_to_us);
        spans++;
    }
    ck_assert_int_gt(spans, 400);
    ck_assert_int_eq(nth(c, "2026-12-31T10:00:00+01:00", 3), at("2027-01-04T19:00:00+01:00"));
    ck_assert_int_eq(nth(c, "2027-01-08T10:00:00+01:00", 2), at("2027-01-09T12:00:00+01:00"));
    /* Friday the 1st closes at noon, still */
    ck_assert_int_eq(add_hours(c, "2027-01-01T11:00:00+01:00", 2), at("2027-01-04T09:00:00+01:00"));
    co_calendar_free(plain);
    co_calendar_free(c);
}
END_TEST

START_TEST(weeks_follow_one_another_also_before_and_after_what_is_compiled)
{
    struct co_week_from later[] = { { .from_day = day("2020-01-01") },
                                    longer_week("2026-07-01"), /* a Wednesday */
                                    { .from_day = day("2026-09-01") },
                                    longer_week("2030-01-01") };
    later[0].week[CO_SUNDAY] = (struct co_day_spans){ morning, 1 };
    struct co_calendar *c = office(later, COUNT(later));
    ck_assert(!co_calendar_is_working_day(c, day("2026-01-05"))); /* `week` is over since 2020 */
    ck_assert(co_calendar_is_working_day(c, day("2026-06-28")));
    ck_assert(!co_calendar_is_working_day(c, day("2026-06-30")));
    ck_assert(co_calendar_is_working_day(c, day("2026-07-01")));
    ck_assert(!co_calendar_is_working_day(c, day("2026-07-05")));
    ck_assert(!co_calendar_is_working_day(c, day("2026-09-01"))); /* closed for good */
    ck_assert(!co_calendar_is_working_day(c, day("2027-12-31")));
    co_calendar_free(c);
}
END_TEST

START_TEST(a_make_up_day_is_one_by_the_week_that_holds_then)
{
    struct co_week_from later = longer_week("2026-07-01");
    struct co_day_exception exception[] = { { day("2026-06-27"), { morning, 1 }, false },
                                            { day("2026-07-04"), { eight, 2 }, false } };
    struct co_calendar_spec spec = berlin_spec();
    spec.later = &later;
    spec.later_count = 1;
    spec.exception = exception;
    spec.exception_count = COUNT(exception);
    struct co_calendar *c = compile(&spec);
    ck_assert(co_calendar_is_makeup_day(c, day("2026-06-27")));  /* a Saturday off before */
    ck_assert(!co_calendar_is_makeup_day(c, day("2026-07-04"))); /* Saturdays are worked by now */
    ck_assert(co_calendar_is_working_day(c, day("2026-07-04")));
    co_calendar_free(c);
}
END_TEST

START_TEST(wrong_weeks_are_refused_with_what_is_wrong)
{
    static const struct co_span backward[] = { { 600, 540 } };
    struct co_week_from later[] = { { .from_day = day("2027-01-01") },
                                    { .from_day = day("2027-01-01") } };
    struct co_calendar_spec spec = berlin_spec();
    struct co_calendar *c = NULL;
    spec.later = later;
    spec.later_count = 2;
    ck_assert_int_eq(co_calendar_compile(&spec, &c, problem), CO_EINPUT);
    ck_assert_str_eq(problem, "the week from 2027-01-01 on must begin after the one before");
    later[1].from_day = INT64_MAX;
    ck_assert_int_eq(co_calendar_compile(&spec, &c, problem), CO_EINPUT);
    ck_assert_str_eq(problem, "week 2 does not begin in the years 1 to 9999");
    later[1].from_day = day("2027-02-01");
    later[1].week[CO_SUNDAY] = (struct co_day_spans){ backward, 1 };
    ck_assert_int_eq(co_calendar_compile(&spec, &c, problem), CO_EINPUT);
    ck_assert_str_eq(problem,
                     "Sunday from 2027-02-01 on: span 1 must lie within the day, after the "
                     "one before");
    spec.later_count = CO_CALENDAR_WEEKS_MAX + 1;
    ck_assert_int_eq(co_calendar_compile(&spec, &c, problem), CO_EINPUT);
    ck_assert_str_eq(problem, "more than 1000 weeks");
    ck_assert_ptr_null(c);
}
END_TEST

CHECK_MAIN("co_calendar_weeks", the_offsets_of_the_tests_are_those_of_berlin,
           office_hours_keep_to_the_local_clock_over_both_changes,
           working_time_and_days_are_counted_over_the_change_of_the_clock,
           a_half_day_is_a_working_day_that_closes_at_noon,
           a_night_shift_in_two_spans_is_shorter_in_spring_and_longer_in_autumn,
           an_hour_that_is_skipped_is_no_working_time,
           another_week_holds_from_its_day_on_and_what_lies_before_stays,
           weeks_follow_one_another_also_before_and_after_what_is_compiled,
           a_make_up_day_is_one_by_the_week_that_holds_then,
           wrong_weeks_are_refused_with_what_is_wrong)
