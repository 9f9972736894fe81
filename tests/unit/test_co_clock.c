#include <check.h>

#include "check_main.h"
#include "co_clock.h"

static const int64_t SECOND = 1000000;

START_TEST(domain_time_follows_the_database_at_its_rate)
{
    struct co_clock c = { 0 };
    ck_assert_int_eq(co_clock_sync(&c, 100, 50 * SECOND, 40 * SECOND, 1000 * SECOND, 60), 0);
    ck_assert_int_eq(co_clock_domain_us(&c, 100), 1600 * SECOND);
    ck_assert_int_eq(co_clock_domain_us(&c, 100 + SECOND), 1660 * SECOND);
}
END_TEST

START_TEST(domain_time_never_goes_back)
{
    struct co_clock c = { 0 };
    (void)co_clock_sync(&c, 0, 100 * SECOND, 0, 0, 1);
    int64_t before = co_clock_domain_us(&c, 5 * SECOND);
    ck_assert_int_eq(co_clock_sync(&c, 6 * SECOND, 96 * SECOND, 0, 0, 1), -10 * SECOND);
    ck_assert_int_ge(co_clock_domain_us(&c, 6 * SECOND), before);
}
END_TEST

START_TEST(a_stepped_clock_stands_until_it_is_stepped)
{
    struct co_clock c = { 0 };
    (void)co_clock_sync(&c, 0, 100 * SECOND, 0, 7 * SECOND, 0);
    ck_assert_int_eq(co_clock_domain_us(&c, 500 * SECOND), 7 * SECOND);
    ck_assert_int_eq(co_clock_sleep_ms(&c, 0, 8 * SECOND), -1);
    co_clock_step(&c, 9 * SECOND);
    ck_assert_int_eq(co_clock_domain_us(&c, 500 * SECOND), 9 * SECOND);
    ck_assert_int_eq(co_clock_sleep_ms(&c, 0, 8 * SECOND), 0);
}
END_TEST

START_TEST(sleep_ends_at_the_due_time_and_not_before)
{
    struct co_clock c = { 0 };
    (void)co_clock_sync(&c, 0, 0, 0, 0, 1);
    ck_assert_int_eq(co_clock_sleep_ms(&c, 0, 1500), 2);
    ck_assert_int_eq(co_clock_sleep_ms(&c, 0, INT64_MAX), -1);
    ck_assert_int_eq(co_clock_sleep_ms(&c, 2000, 1500), 0);
}
END_TEST

CHECK_MAIN("co_clock", domain_time_follows_the_database_at_its_rate, domain_time_never_goes_back,
           a_stepped_clock_stands_until_it_is_stepped, sleep_ends_at_the_due_time_and_not_before)
