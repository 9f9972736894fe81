#include "co_calendar.h"

#include <string.h>

#include "calendar_help.h"
#include "cn_days.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct co_span office[] = { { 540, 1080 } };
static const struct co_span split[] = { { 540, 720 }, { 780, 1080 } };
static const struct co_offset_change shanghai[] = { { 0, 8 * 3600 } };

/* Monday to Friday 09:00-18:00 in Shanghai, 2025 to 2027; no holiday data for 2027. */
static struct co_calendar *cn_office(void)
{
    static const int32_t known[] = { 2025, 2026 };
    struct co_day_exception exception[COUNT(cn_days)];
    for (size_t i = 0; i < COUNT(cn_days); i++) {
        bool is_working = cn_days[i].is_working;
        exception[i] = (struct co_day_exception){ day(cn_days[i].date),
                                                  { office, is_working ? 1 : 0 },
                                                  !is_working };
    }
    struct co_calendar_spec spec = {
        .offsets = { shanghai, 1 },
        .exception = exception,
        .exception_count = COUNT(cn_days),
        .has_holiday_set = true,
        .known_year = known,
        .known_year_count = 2,
        .first_year = 2025,
        .last_year = 2027,
    };
    for (int i = CO_MONDAY; i <= CO_FRIDAY; i++)
        spec.week[i] = (struct co_day_spans){ office, 1 };
    return compile(&spec);
}

static void shows(struct co_calendar_due due, const char *want, bool lacks_data)
{
    char text[CO_TIME_TEXT];
    co_time_format_local(due.due_us, 8 * 3600, text);
    ck_assert_str_eq(text, want);
    ck_assert_int_eq(due.lacks_data, lacks_data);
}

static struct co_calendar_due nth(const struct co_calendar *c, const char *start, int32_t n)
{
    struct co_calendar_due due = { -1, false };
    struct co_nth_day rule = { .n = n, .cutoff_minute = CO_CALENDAR_NO_CUTOFF };
    ck_assert_int_eq(co_calendar_nth_working_day(c, at(start), rule, &due), CO_OK);
    return due;
}

START_TEST(the_nth_working_day_passes_spring_festival_and_counts_make_up_days)
{
    static const struct {
        const char *start;
        int32_t n;
        const char *due;
    } cases[] = {
        { "2026-02-13T16:00:00+08:00", 2, "2026-02-14T18:00:00+08:00" }, /* a make-up Saturday */
        { "2026-02-14T10:00:00+08:00", 1, "2026-02-14T18:00:00+08:00" },
        { "2026-02-14T10:00:00+08:00", 2, "2026-02-24T18:00:00+08:00" },
        { "2026-02-14T10:00:00+08:00", 3, "2026-02-25T18:00:00+08:00" },
        { "2026-02-16T03:00:00+08:00", 2, "2026-02-25T18:00:00+08:00" },
        { "2026-02-26T23:59:59+08:00", 3, "2026-02-28T18:00:00+08:00" },
        { "2025-01-24T09:00:00+08:00", 2, "2025-01-26T18:00:00+08:00" }, /* a make-up Sunday */
        { "2025-01-27T23:00:00+08:00", 2, "2025-02-05T18:00:00+08:00" },
        { "2025-01-27T23:00:00+08:00", 3, "2025-02-06T18:00:00+08:00" },
        { "2025-02-07T00:00:00+08:00", 2, "2025-02-08T18:00:00+08:00" },
        { "2025-09-28T12:00:00+08:00", 3, "2025-09-30T18:00:00+08:00" },
        { "2025-09-30T12:00:00+08:00", 2, "2025-10-09T18:00:00+08:00" },
        { "2025-09-30T12:00:00+08:00", 4, "2025-10-11T18:00:00+08:00" },
    };
    struct co_calendar *c = cn_office();
    for (size_t i = 0; i < COUNT(cases); i++)
        shows(nth(c, cases[i].start, cases[i].n), cases[i].due, false);
    co_calendar_free(c);
}
END_TEST

START_TEST(the_day_of_the_request_is_day_1_at_any_hour)
{
    struct co_calendar *c = cn_office();
    shows(nth(c, "2026-03-02T00:00:00+08:00", 2), "2026-03-03T18:00:00+08:00", false);
    shows(nth(c, "2026-03-02T23:59:59.999999+08:00", 2), "2026-03-03T18:00:00+08:00", false);
    shows(nth(c, "2026-03-01T12:00:00+08:00", 2), "2026-03-03T18:00:00+08:00", false);
    co_calendar_free(c);
}
END_TEST

START_TEST(cut_off_and_count_from_next_day_move_day_1)
{
    static const struct {
        const char *start;
        int32_t cutoff_minute;
        bool is_counted_from_next;
        const char *due;
    } cases[] = {
        { "2026-03-04T16:59:59+08:00", 1020, false, "2026-03-05T18:00:00+08:00" },
        { "2026-03-04T17:00:00+08:00", 1020, false, "2026-03-06T18:00:00+08:00" },
        { "2026-03-06T17:00:00+08:00", 1020, false, "2026-03-10T18:00:00+08:00" },
        { "2026-03-07T20:00:00+08:00", 1020, false, "2026-03-10T18:00:00+08:00" },
        { "2026-03-04T23:00:00+08:00", CO_CALENDAR_NO_CUTOFF, true, "2026-03-06T18:00:00+08:00" },
        { "2026-03-07T23:00:00+08:00", CO_CALENDAR_NO_CUTOFF, true, "2026-03-10T18:00:00+08:00" },
        { "2026-03-04T17:00:00+08:00", 1020, true, "2026-03-09T18:00:00+08:00" },
    };
    struct co_calendar *c = cn_office();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct co_nth_day rule = { 2, cases[i].cutoff_minute, cases[i].is_counted_from_next };
        struct co_calendar_due due = { -1, false };
        ck_assert_int_eq(co_calendar_nth_working_day(c, at(cases[i].start), rule, &due), CO_OK);
        shows(due, cases[i].due, false);
    }
    co_calendar_free(c);
}
END_TEST

START_TEST(a_period_does_not_count_its_first_day)
{
    struct co_calendar *c = cn_office();
    struct co_calendar_due due = { -1, false };
    ck_assert_int_eq(co_calendar_period_working_days(c, at("2025-01-24T09:00:00+08:00"), 5, &due),
                     CO_OK);
    shows(due, "2025-02-07T18:00:00+08:00", false); /* 26, 27, then 5, 6, 7 */
    ck_assert_int_eq(co_calendar_period_working_days(c, at("2025-01-25T09:00:00+08:00"), 1, &due),
                     CO_OK);
    shows(due, "2025-01-26T18:00:00+08:00", false);
    ck_assert_int_eq(co_calendar_next_business_day(c, at("2026-02-13T23:00:00+08:00"), &due),
                     CO_OK);
    shows(due, "2026-02-14T18:00:00+08:00", false);
    ck_assert_int_eq(co_calendar_next_business_day(c, at("2026-02-14T00:00:00+08:00"), &due),
                     CO_OK);
    shows(due, "2026-02-24T18:00:00+08:00", false);
    co_calendar_free(c);
}
END_TEST

START_TEST(a_period_of_days_moves_on_from_a_holiday_and_not_from_a_weekend)
{
    static const struct {
        const char *start;
        int32_t n;
        const char *due;
    } cases[] = {
        { "2026-03-03T09:00:00+08:00", 2, "2026-03-06T00:00:00+08:00" },
        { "2026-03-05T09:00:00+08:00", 2, "2026-03-08T00:00:00+08:00" }, /* Saturday */
        { "2026-09-29T09:00:00+08:00", 2, "2026-10-09T00:00:00+08:00" },
        { "2026-02-13T09:00:00+08:00", 2, "2026-02-25T00:00:00+08:00" },
        { "2026-02-12T09:00:00+08:00", 2, "2026-02-15T00:00:00+08:00" }, /* a make-up day */
    };
    struct co_calendar *c = cn_office();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct co_calendar_due due = { -1, false };
        ck_assert_int_eq(co_calendar_period_days(c, at(cases[i].start), cases[i].n, &due), CO_OK);
        shows(due, cases[i].due, false);
    }
    co_calendar_free(c);
}
END_TEST

START_TEST(working_time_is_added_over_nights_and_holidays)
{
    static const struct {
        const char *start;
        int64_t amount_us;
        const char *due;
    } cases[] = {
        { "2026-03-02T09:00:00+08:00", 9 * CO_HOUR_US, "2026-03-02T18:00:00+08:00" },
        { "2026-03-02T09:00:00+08:00", 9 * CO_HOUR_US + 1, "2026-03-03T09:00:00.000001+08:00" },
        { "2026-03-02T17:30:00+08:00", CO_HOUR_US, "2026-03-03T09:30:00+08:00" },
        { "2026-03-02T20:00:00+08:00", CO_HOUR_US, "2026-03-03T10:00:00+08:00" },
        { "2026-03-02T20:00:00+08:00", 0, "2026-03-02T20:00:00+08:00" },
        { "2026-02-14T17:00:00+08:00", 2 * CO_HOUR_US, "2026-02-24T10:00:00+08:00" },
        { "2026-02-13T17:00:00+08:00", 2 * CO_HOUR_US, "2026-02-14T10:00:00+08:00" },
    };
    struct co_calendar *c = cn_office();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct co_calendar_due due = { -1, false };
        int64_t start_us = at(cases[i].start);
        int64_t amount_us = 0;
        ck_assert_int_eq(co_calendar_add_working(c, start_us, cases[i].amount_us, &due), CO_OK);
        shows(due, cases[i].due, false);
        ck_assert_int_eq(co_calendar_working_between(c, start_us, due.due_us, &amount_us), CO_OK);
        ck_assert_int_eq(amount_us, cases[i].amount_us);
        ck_assert_int_eq(co_calendar_working_between(c, due.due_us, start_us, &amount_us), CO_OK);
        ck_assert_int_eq(amount_us, -cases[i].amount_us);
    }
    co_calendar_free(c);
}
END_TEST

START_TEST(a_year_without_holiday_data_is_flagged)
{
    struct co_calendar *c = cn_office();
    ck_assert(co_calendar_has_data(c, 2026));
    ck_assert(!co_calendar_has_data(c, 2027));
    ck_assert(!co_calendar_has_data(c, 2024));
    shows(nth(c, "2026-12-30T10:00:00+08:00", 2), "2026-12-31T18:00:00+08:00", false);
    shows(nth(c, "2026-12-31T10:00:00+08:00", 2), "2027-01-01T18:00:00+08:00", true);
    shows(nth(c, "2027-03-01T10:00:00+08:00", 1), "2027-03-01T18:00:00+08:00", true);
    struct co_calendar_due due = { -1, false };
    ck_assert_int_eq(co_calendar_period_days(c, at("2026-12-29T10:00:00+08:00"), 2, &due), CO_OK);
    shows(due, "2027-01-01T00:00:00+08:00", false);
    ck_assert_int_eq(
        co_calendar_add_working(c, at("2026-12-31T17:00:00+08:00"), 2 * CO_HOUR_US, &due), CO_OK);
    shows(due, "2027-01-01T10:00:00+08:00", true);
    co_calendar_free(c);
}
END_TEST

START_TEST(beyond_what_is_compiled_nothing_is_promised)
{
    struct co_calendar *c = cn_office();
    struct co_calendar_due due = { -7, false };
    struct co_nth_day second = { .n = 2, .cutoff_minute = CO_CALENDAR_NO_CUTOFF };
    struct co_nth_day huge = { .n = INT32_MAX, .cutoff_minute = CO_CALENDAR_NO_CUTOFF };
    int64_t before = at("2024-12-31T23:59:59+08:00");
    int64_t last = at("2027-12-31T10:00:00+08:00");
    int64_t after = at("2028-01-01T00:00:00+08:00");
    int64_t other = 0;
    ck_assert_int_eq(co_calendar_nth_working_day(c, before, second, &due), CO_EINPUT);
    ck_assert_int_eq(co_calendar_nth_working_day(c, last, second, &due), CO_EINPUT);
    ck_assert_int_eq(co_calendar_nth_working_day(c, last, huge, &due), CO_EINPUT);
    ck_assert_int_eq(co_calendar_nth_working_day(c, after, second, &due), CO_EINPUT);
    ck_assert_int_eq(co_calendar_add_working(c, last, 9 * CO_HOUR_US, &due), CO_EINPUT);
    ck_assert_int_eq(co_calendar_add_working(c, last, INT64_MAX, &due), CO_EINPUT);
    ck_assert_int_eq(co_calendar_add_working(c, before, 1, &due), CO_EINPUT);
    ck_assert_int_eq(co_calendar_period_days(c, last, 1, &due), CO_EINPUT);
    ck_assert_int_eq(co_calendar_period_days(c, last, INT32_MAX, &due), CO_EINPUT);
    ck_assert_int_eq(co_calendar_period_working_days(c, last, INT32_MAX, &due), CO_EINPUT);
    ck_assert_int_eq(co_calendar_next_business_day(c, after, &due), CO_EINPUT);
    ck_assert_int_eq(co_calendar_working_between(c, before, last, &other), CO_EINPUT);
    ck_assert_int_eq(co_calendar_working_between(c, last, after, &other), CO_EINPUT);
    ck_assert_int_eq(co_calendar_day_of(c, after, &other), CO_EINPUT);
    ck_assert_int_eq(due.due_us, -7);
    ck_assert_int_eq(co_calendar_add_working(c, last, 8 * CO_HOUR_US, &due), CO_OK);
    co_calendar_free(c);
}
END_TEST

START_TEST(days_know_their_opening_closing_and_kind)
{
    struct co_calendar *c = cn_office();
    int64_t us = 0;
    ck_assert(co_calendar_is_working_day(c, day("2026-02-14")));
    ck_assert(!co_calendar_is_working_day(c, day("2026-02-16")));
    ck_assert(!co_calendar_is_working_day(c, day("2026-03-07")));
    ck_assert(!co_calendar_is_working_day(c, day("2024-12-31")));
    ck_assert(!co_calendar_is_working_day(c, INT64_MAX));
    ck_assert(!co_calendar_is_working_day(c, INT64_MIN));
    ck_assert(co_calendar_is_public_holiday(c, day("2026-02-16")));
    ck_assert(!co_calendar_is_public_holiday(c, day("2026-03-07")));
    ck_assert(co_calendar_is_makeup_day(c, day("2026-02-14")));
    ck_assert_int_eq(co_calendar_day_end_us(c, day("2026-02-14"), &us), CO_OK);
    ck_assert_int_eq(us, at("2026-02-15T00:00:00+08:00"));
    ck_assert_int_eq(co_calendar_day_end_us(c, INT64_MAX, &us), CO_EINPUT);
    ck_assert(!co_calendar_is_makeup_day(c, day("2026-02-13")));
    ck_assert(!co_calendar_is_makeup_day(c, day("2026-02-16")));
    ck_assert(!co_calendar_is_makeup_day(c, day("2024-12-31")));
    ck_assert_int_eq(co_calendar_opening_us(c, day("2026-02-14"), &us), CO_OK);
    ck_assert_int_eq(us, at("2026-02-14T09:00:00+08:00"));
    ck_assert_int_eq(co_calendar_closing_us(c, day("2026-02-14"), &us), CO_OK);
    ck_assert_int_eq(us, at("2026-02-14T18:00:00+08:00"));
    ck_assert_int_eq(co_calendar_closing_us(c, day("2026-02-16"), &us), CO_EINPUT);
    ck_assert_int_eq(co_calendar_day_of(c, at("2026-02-13T16:00:00Z"), &us), CO_OK);
    ck_assert_int_eq(us, day("2026-02-14"));
    ck_assert_int_eq(co_calendar_offset_s(c, us), 8 * 3600);
    co_calendar_range(c, &us, &(int64_t){ 0 });
    ck_assert_int_eq(us, at("2025-01-01T00:00:00+08:00"));
    co_calendar_free(c);
    co_calendar_free(NULL);
}
END_TEST

START_TEST(the_spans_can_be_walked)
{
    struct co_calendar_spec spec = { .offsets = { shanghai, 1 },
                                     .first_year = 2026,
                                     .last_year = 2026 };
    spec.week[CO_WEDNESDAY] = (struct co_day_spans){ split, 2 };
    struct co_calendar *c = compile(&spec);
    int64_t from_us = 0;
    int64_t to_us = at("2026-03-04T12:00:00+08:00");
    ck_assert(co_calendar_next_span(c, to_us, &from_us, &to_us));
    ck_assert_int_eq(from_us, at("2026-03-04T13:00:00+08:00"));
    ck_assert_int_eq(to_us, at("2026-03-04T18:00:00+08:00"));
    ck_assert(co_calendar_next_span(c, to_us, &from_us, &to_us));
    ck_assert_int_eq(from_us, at("2026-03-11T09:00:00+08:00"));
    int spans = 0;
    for (to_us = 0; co_calendar_next_span(c, to_us, &from_us, &to_us); spans++)
        ck_assert_int_lt(from_us, to_us);
    ck_assert_int_eq(spans, 52 * 2);
    ck_assert(co_calendar_has_data(c, 2026)); /* no holiday set, nothing to know */
    co_calendar_free(c);
}
END_TEST

START_TEST(spans_are_read_from_text)
{
    static const char *const bad[] = { "",           "09:00",       "18:00-09:00", "09:00-09:00",
                                       "9:00-18:00", "09:00 18:00", "09:00-24:01", "09:00-18:00x" };
    struct co_span span = { -7, -7 };
    for (size_t i = 0; i < COUNT(bad); i++)
        ck_assert_msg(co_span_parse(bad[i], &span) == CO_EINPUT, "%s", bad[i]);
    ck_assert_int_eq(span.from_minute, -7);
    ck_assert_int_eq(co_span_parse("00:00-24:00", &span), CO_OK);
    ck_assert_int_eq(span.to_minute, 1440);
    ck_assert_int_eq(co_span_parse("09:30-18:15", &span), CO_OK);
    ck_assert_int_eq(span.from_minute, 570);
}
END_TEST

static void is_refused(const struct co_calendar_spec *spec, const char *why)
{
    struct co_calendar *c = NULL;
    ck_assert_int_eq(co_calendar_compile(spec, &c, problem), CO_EINPUT);
    ck_assert_ptr_null(c);
    ck_assert_msg(strstr(problem, why) != NULL, "%s", problem);
}

START_TEST(a_wrong_spec_is_refused_with_what_is_wrong)
{
    static const struct co_span overlap[] = { { 540, 720 }, { 719, 1080 } };
    static const struct co_span beyond[] = { { 540, 1441 } };
    static const struct co_offset_change backward[] = { { 5, 0 }, { 5, 3600 } };
    static const struct co_offset_change odd[] = { { 0, 30 } };
    const struct co_calendar_spec good = { .offsets = { shanghai, 1 },
                                           .first_year = 2026,
                                           .last_year = 2026 };
    struct co_calendar_spec spec = good;
    spec.week[CO_SUNDAY] = (struct co_day_spans){ overlap, 2 };
    is_refused(&spec, "Sunday: span 2");
    spec.week[CO_SUNDAY] = (struct co_day_spans){ beyond, 1 };
    is_refused(&spec, "Sunday: span 1");
    spec = good;
    spec.offsets = (struct co_offsets){ backward, 2 };
    is_refused(&spec, "offset 2");
    spec.offsets = (struct co_offsets){ odd, 1 };
    is_refused(&spec, "offset 1");
    spec.offsets.count = 0;
    is_refused(&spec, "1 to 1000 offsets");
    spec = good;
    spec.last_year = 2025;
    is_refused(&spec, "years");
    spec.last_year = 2126;
    is_refused(&spec, "years");
    spec = good;
    struct co_day_exception twice[] = { { day("2026-05-01"), { NULL, 0 }, true },
                                        { day("2026-05-01"), { office, 1 }, false } };
    spec.exception = twice;
    spec.exception_count = 2;
    is_refused(&spec, "2026-05-01 is there twice");
    twice[1] = (struct co_day_exception){ day("2026-05-02"), { office, 1 }, true };
    is_refused(&spec, "2026-05-02 is a public holiday");
    twice[1] = (struct co_day_exception){ INT64_MAX, { office, 1 }, false };
    is_refused(&spec, "exceptional day 2");
}
END_TEST

CHECK_MAIN("co_calendar", the_nth_working_day_passes_spring_festival_and_counts_make_up_days,
           the_day_of_the_request_is_day_1_at_any_hour, cut_off_and_count_from_next_day_move_day_1,
           a_period_does_not_count_its_first_day,
           a_period_of_days_moves_on_from_a_holiday_and_not_from_a_weekend,
           working_time_is_added_over_nights_and_holidays, a_year_without_holiday_data_is_flagged,
           beyond_what_is_compiled_nothing_is_promised, days_know_their_opening_closing_and_kind,
           the_spans_can_be_walked, spans_are_read_from_text,
           a_wrong_spec_is_refused_with_what_is_wrong)
