#include "co_offsets.h"

#include "calendar_help.h"

static const struct co_span all_day[] = { { 0, 1440 } };

/* Berlin around 2026: clocks go forward on 29 March, back on 25 October, both at 01:00 UTC. */
static struct co_calendar *berlin(const struct co_span *span, uint32_t count)
{
    struct co_offset_change change[] = {
        { 0, 3600 },
        { at("2026-03-29T01:00:00Z"), 7200 },
        { at("2026-10-25T01:00:00Z"), 3600 },
    };
    struct co_calendar_spec spec = { .offsets = { change, 3 },
                                     .first_year = 2026,
                                     .last_year = 2026 };
    for (int i = 0; i < CO_WEEKDAYS; i++)
        spec.week[i] = (struct co_day_spans){ span, count };
    return compile(&spec);
}

static int64_t worked_on(const struct co_calendar *c, const char *text)
{
    int64_t from_us = 0;
    int64_t to_us = 0;
    ck_assert_int_eq(co_calendar_opening_us(c, day(text), &from_us), CO_OK);
    ck_assert_int_eq(co_calendar_closing_us(c, day(text), &to_us), CO_OK);
    ck_assert_int_eq(co_calendar_working_between(c, from_us, to_us, &from_us), CO_OK);
    return from_us;
}

START_TEST(days_on_which_the_clock_jumps_have_23_and_25_hours)
{
    struct co_calendar *c = berlin(all_day, 1);
    ck_assert_int_eq(worked_on(c, "2026-03-28"), 24 * CO_HOUR_US);
    ck_assert_int_eq(worked_on(c, "2026-03-29"), 23 * CO_HOUR_US);
    ck_assert_int_eq(worked_on(c, "2026-10-25"), 25 * CO_HOUR_US);
    ck_assert_int_eq(worked_on(c, "2026-10-26"), 24 * CO_HOUR_US);
    ck_assert_int_eq(co_calendar_offset_s(c, at("2026-03-29T01:00:00Z")), 7200);
    ck_assert_int_eq(co_calendar_offset_s(c, at("2026-03-29T00:59:59Z")), 3600);
    co_calendar_free(c);
}
END_TEST

START_TEST(skipped_and_doubled_local_times_have_one_meaning)
{
    static const struct co_span night[] = { { 90, 150 }, { 150, 210 } }; /* 01:30-02:30-03:30 */
    struct co_calendar *c = berlin(night, 2);
    int64_t from_us = 0;
    int64_t to_us = 0;
    ck_assert(co_calendar_next_span(c, at("2026-03-29T00:00:00Z"), &from_us, &to_us));
    ck_assert_int_eq(from_us, at("2026-03-29T01:30:00+01:00"));
    ck_assert_int_eq(to_us, at("2026-03-29T03:00:00+02:00"));
    ck_assert(co_calendar_next_span(c, to_us, &from_us, &to_us));
    ck_assert_int_eq(from_us, at("2026-03-29T03:00:00+02:00"));
    ck_assert_int_eq(to_us, at("2026-03-29T03:30:00+02:00"));

    ck_assert(co_calendar_next_span(c, at("2026-10-24T22:00:00Z"), &from_us, &to_us));
    ck_assert_int_eq(to_us, at("2026-10-25T02:30:00+02:00"));
    ck_assert(co_calendar_next_span(c, to_us, &from_us, &to_us));
    ck_assert_int_eq(from_us, at("2026-10-25T02:30:00+02:00"));
    ck_assert_int_eq(to_us, at("2026-10-25T03:30:00+01:00"));
    co_calendar_free(c);
}
END_TEST

START_TEST(a_working_day_that_lies_in_the_skipped_hour_is_none)
{
    static const struct co_span skipped[] = { { 120, 180 } };
    struct co_calendar *c = berlin(skipped, 1);
    ck_assert(co_calendar_is_working_day(c, day("2026-03-28")));
    ck_assert(!co_calendar_is_working_day(c, day("2026-03-29")));
    ck_assert_int_eq(worked_on(c, "2026-10-25"), 2 * CO_HOUR_US);
    co_calendar_free(c);
}
END_TEST

CHECK_MAIN("co_offsets", days_on_which_the_clock_jumps_have_23_and_25_hours,
           skipped_and_doubled_local_times_have_one_meaning,
           a_working_day_that_lies_in_the_skipped_hour_is_none)
