#include "co_time.h"

#include "check_main.h"
#include "co_rand.h"

static int64_t time_of(const char *text)
{
    int64_t us = -7;
    ck_assert_msg(co_time_parse(text, &us, NULL) == CO_OK, "%s", text);
    return us;
}

START_TEST(dates_and_day_numbers_agree_over_all_years)
{
    ck_assert_int_eq(co_date_days((struct co_date){ 1970, 1, 1 }), 0);
    ck_assert_int_eq(co_date_days((struct co_date){ 2000, 3, 1 }), 11017);
    int64_t first = co_date_days((struct co_date){ 1, 1, 1 });
    int64_t last = co_date_days((struct co_date){ 9999, 12, 31 });
    struct co_date before = co_date_of_days(first - 1);
    ck_assert_int_eq(before.year, 0);
    int wrong = 0;
    for (int64_t days = first; days <= last; days++) {
        struct co_date d = co_date_of_days(days);
        wrong += !co_date_exists(d) || co_date_days(d) != days;
    }
    ck_assert_int_eq(wrong, 0);
}
END_TEST

START_TEST(days_that_do_not_exist_are_known)
{
    ck_assert(co_date_exists((struct co_date){ 2024, 2, 29 }));
    ck_assert(co_date_exists((struct co_date){ 2000, 2, 29 }));
    ck_assert(!co_date_exists((struct co_date){ 2023, 2, 29 }));
    ck_assert(!co_date_exists((struct co_date){ 2100, 2, 29 }));
    ck_assert(!co_date_exists((struct co_date){ 2024, 4, 31 }));
    ck_assert(!co_date_exists((struct co_date){ 2024, 13, 1 }));
    ck_assert(!co_date_exists((struct co_date){ 2024, 0, 1 }));
    ck_assert(!co_date_exists((struct co_date){ 2024, 1, 0 }));
    ck_assert(!co_date_exists((struct co_date){ 0, 1, 1 }));
}
END_TEST

START_TEST(weekdays_are_right_before_and_after_1970)
{
    ck_assert_int_eq(co_weekday_of_days(0), CO_THURSDAY);
    ck_assert_int_eq(co_weekday_of_days(-1), CO_WEDNESDAY);
    ck_assert_int_eq(co_weekday_of_days(-4), CO_SUNDAY);
    ck_assert_int_eq(co_weekday_of_days(co_date_days((struct co_date){ 2026, 2, 17 })), CO_TUESDAY);
}
END_TEST

START_TEST(the_day_depends_on_the_offset)
{
    int64_t us = time_of("2026-02-16T17:00:00Z");
    ck_assert_int_eq(co_days_of_us(us, 0) + 1, co_days_of_us(us, 8 * 3600));
    ck_assert_int_eq(co_days_of_us(-1, 0), -1);
    ck_assert_int_eq(co_days_of_us(0, -3600), -1);
}
END_TEST

START_TEST(rfc_3339_is_read)
{
    static const struct {
        const char *text;
        int64_t us;
        int32_t offset_s;
    } cases[] = {
        { "1970-01-01T00:00:00Z", 0, 0 },
        { "1970-01-01T08:00:00+08:00", 0, 28800 },
        { "1970-01-01t00:00:00.5z", 500000, 0 },
        { "1970-01-01 00:00:00.000001Z", 1, 0 },
        { "1970-01-01T00:00:00.123456789Z", 123456, 0 },
        { "1969-12-31T20:30:00-03:30", 0, -12600 },
        { "1970-01-01T00:00:00-00:00", 0, 0 },
        { "2012-05-11T00:26:15+01:00", INT64_C(1336692375) * CO_SECOND_US, 3600 },
        { "2016-12-31T23:59:60Z", INT64_C(1483228800) * CO_SECOND_US, 0 },
        { "2017-01-01T07:59:60+08:00", INT64_C(1483228800) * CO_SECOND_US, 28800 },
        { "0001-01-01T00:00:00Z", CO_TIME_MIN_US, 0 },
        { "9999-12-31T23:59:59.999999Z", CO_TIME_MAX_US, 0 },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t us = -7;
        int32_t offset_s = -7;
        ck_assert_msg(co_time_parse(cases[i].text, &us, &offset_s) == CO_OK, "%s", cases[i].text);
        ck_assert_int_eq(us, cases[i].us);
        ck_assert_int_eq(offset_s, cases[i].offset_s);
    }
}
END_TEST

START_TEST(what_is_not_rfc_3339_is_refused)
{
    static const char *const bad[] = {
        "",
        "2026-02-17",
        "2026-02-17T01:30:00",
        "2026-02-17T01:30Z",
        "2026-02-17T01:30:00+0800",
        "2026-02-30T01:30:00Z",
        "2026-02-17T24:00:00Z",
        "2026-02-17T01:60:00Z",
        "2026-02-17T01:30:61Z",
        "2026-02-17T01:30:60Z",
        "2026-02-17T23:59:60+08:00",
        "2026-02-17T01:30:00.Z",
        "2026-02-17T01:30:00.1234567890Z",
        "2026-02-17T01:30:00Z ",
        " 2026-02-17T01:30:00Z",
        "2026-2-17T01:30:00Z",
        "+026-02-17T01:30:00Z",
        "2026-02-17T01:30:00+24:00",
        "2026-02-17T01:30:00+08:60",
        "0000-12-31T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "9999-12-31T23:59:60Z",
        "2026-02-17T-1:30:00Z",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int64_t us = -7;
        ck_assert_msg(co_time_parse(bad[i], &us, NULL) == CO_EINPUT, "%s", bad[i]);
        ck_assert_int_eq(us, -7);
    }
}
END_TEST

START_TEST(times_are_written_shortly_and_exactly)
{
    char text[CO_TIME_TEXT];
    co_time_format(0, text);
    ck_assert_str_eq(text, "1970-01-01T00:00:00Z");
    co_time_format(-1, text);
    ck_assert_str_eq(text, "1969-12-31T23:59:59.999999Z");
    co_time_format(1500000, text);
    ck_assert_str_eq(text, "1970-01-01T00:00:01.500Z");
    co_time_format_local(1, 8 * 3600, text);
    ck_assert_str_eq(text, "1970-01-01T08:00:00.000001+08:00");
    co_time_format_local(0, -12600, text);
    ck_assert_str_eq(text, "1969-12-31T20:30:00-03:30");
    co_time_format_local(0, 0, text);
    ck_assert_str_eq(text, "1970-01-01T00:00:00+00:00");
}
END_TEST

START_TEST(what_was_written_is_read_back)
{
    struct co_rand r;
    co_rand_init(&r, 5);
    for (int i = 0; i < 20000; i++) {
        int64_t us = co_rand_between(&r, CO_TIME_MIN_US + CO_DAY_US, CO_TIME_MAX_US - CO_DAY_US);
        int32_t offset_s = (int32_t)co_rand_between(&r, -1439, 1439) * 60;
        char text[CO_TIME_TEXT];
        co_time_format_local(us, offset_s, text);
        int64_t got_us = 0;
        int32_t got_offset_s = 0;
        ck_assert_msg(co_time_parse(text, &got_us, &got_offset_s) == CO_OK, "%s", text);
        ck_assert_int_eq(got_us, us);
        ck_assert_int_eq(got_offset_s, offset_s);
        co_time_format(us, text);
        ck_assert_int_eq(time_of(text), us);
    }
}
END_TEST

START_TEST(dates_offsets_and_minutes_are_read)
{
    int64_t days = -7;
    ck_assert_int_eq(co_date_parse("2026-02-17", &days), CO_OK);
    char text[CO_DATE_TEXT];
    co_date_format(days, text);
    ck_assert_str_eq(text, "2026-02-17");
    ck_assert_int_eq(co_date_parse("2026-02-29", &days), CO_EINPUT);
    ck_assert_int_eq(co_date_parse("2026-02-17x", &days), CO_EINPUT);

    int32_t value = -7;
    ck_assert_int_eq(co_offset_parse("+08:00", &value), CO_OK);
    ck_assert_int_eq(value, 28800);
    ck_assert_int_eq(co_offset_parse("-03:30", &value), CO_OK);
    ck_assert_int_eq(value, -12600);
    ck_assert_int_eq(co_offset_parse("08:00", &value), CO_EINPUT);
    ck_assert_int_eq(co_offset_parse("+08:00 ", &value), CO_EINPUT);

    ck_assert_int_eq(co_minute_parse("09:30", &value), CO_OK);
    ck_assert_int_eq(value, 570);
    ck_assert_int_eq(co_minute_parse("24:00", &value), CO_OK);
    ck_assert_int_eq(value, 1440);
    ck_assert_int_eq(co_minute_parse("24:01", &value), CO_EINPUT);
    ck_assert_int_eq(co_minute_parse("9:30", &value), CO_EINPUT);
    ck_assert_int_eq(co_minute_parse("09:60", &value), CO_EINPUT);
}
END_TEST

START_TEST(durations_are_read_and_written)
{
    static const struct {
        const char *text;
        int64_t us;
        const char *shortest;
    } cases[] = {
        { "90s", 90 * CO_SECOND_US, "1m30s" },
        { "30m", 30 * CO_MINUTE_US, "30m" },
        { "2h", 2 * CO_HOUR_US, "2h" },
        { "1h30m", 90 * CO_MINUTE_US, "1h30m" },
        { "2d", 2 * CO_DAY_US, "2d" },
        { "48h", 2 * CO_DAY_US, "2d" },
        { "0", 0, "0s" },
        { "0s", 0, "0s" },
        { "250ms", 250000, "250ms" },
        { "1d1us", CO_DAY_US + 1, "1d1us" },
        { "100000d", 100000 * CO_DAY_US, "100000d" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t us = -7;
        ck_assert_msg(co_duration_parse(cases[i].text, &us) == CO_OK, "%s", cases[i].text);
        ck_assert_int_eq(us, cases[i].us);
        char text[CO_DURATION_TEXT];
        co_duration_format(us, text);
        ck_assert_str_eq(text, cases[i].shortest);
    }
    char text[CO_DURATION_TEXT];
    co_duration_format(-90 * CO_MINUTE_US, text);
    ck_assert_str_eq(text, "-1h30m");
    co_duration_format(INT64_MIN, text);
    ck_assert_str_eq(text, "-106751991d4h54s775ms808us");
}
END_TEST

START_TEST(what_is_no_duration_is_refused)
{
    static const char *const bad[] = { "",           "h",    "5",       "5x",
                                       "-5s",        "1.5h", "1h ",     " 1h",
                                       "30m1h",      "1h1h", "100001d", "99999999999999999999d",
                                       "100000d1us", "1msx", "1sm" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int64_t us = -7;
        ck_assert_msg(co_duration_parse(bad[i], &us) == CO_EINPUT, "%s", bad[i]);
        ck_assert_int_eq(us, -7);
    }
}
END_TEST

START_TEST(people_read_how_much_time_is_left)
{
    static const struct {
        int64_t left_us;
        const char *text;
    } cases[] = {
        { 80 * CO_MINUTE_US, "in 1 h 20 min" },
        { -3 * CO_MINUTE_US, "late by 3 min" },
        { 999999, "now" },
        { -999999, "now" },
        { CO_SECOND_US, "in 1 s" },
        { 200 * CO_SECOND_US + 7, "in 3 min 20 s" },
        { 2 * CO_DAY_US + 59 * CO_MINUTE_US, "in 2 d" },
        { 2 * CO_DAY_US + 3 * CO_HOUR_US, "in 2 d 3 h" },
        { -CO_DAY_US - 23 * CO_HOUR_US, "late by 1 d 23 h" },
        { INT64_MIN, "late by 106751991 d 4 h" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[CO_DURATION_TEXT];
        co_time_left_format(cases[i].left_us, text);
        ck_assert_str_eq(text, cases[i].text);
    }
}
END_TEST

CHECK_MAIN("co_time", dates_and_day_numbers_agree_over_all_years, days_that_do_not_exist_are_known,
           weekdays_are_right_before_and_after_1970, the_day_depends_on_the_offset,
           rfc_3339_is_read, what_is_not_rfc_3339_is_refused, times_are_written_shortly_and_exactly,
           what_was_written_is_read_back, dates_offsets_and_minutes_are_read,
           durations_are_read_and_written, what_is_no_duration_is_refused,
           people_read_how_much_time_is_left)
