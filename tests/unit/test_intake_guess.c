/* Wrong codes: pauses that grow, and what ends them. */
#include "check_main.h"

#include "co_time.h"
#include "intake_guess.h"

static const struct intake_guess_limits limits = { 3, 5 * CO_SECOND_US, 18 * CO_SECOND_US };
static struct intake_guess g;

static void set_up(void)
{
    g = (struct intake_guess){ .wrong = 0 };
}

static void tear_down(void)
{
}

static bool wrong_at(int64_t second)
{
    return intake_guess_wrong(&g, &limits, second * CO_SECOND_US);
}

static int64_t wait_at(int64_t second)
{
    return intake_guess_wait_us(&g, second * CO_SECOND_US) / CO_SECOND_US;
}

START_TEST(so_many_wrong_codes_in_a_minute_begin_a_pause)
{
    ck_assert(!wrong_at(100));
    ck_assert(!wrong_at(159));
    ck_assert_int_eq(wait_at(159), 0);
    ck_assert(wrong_at(159));
    ck_assert_int_eq(wait_at(159), 5);
    ck_assert_int_eq(wait_at(163), 1);
    ck_assert_int_eq(wait_at(164), 0);
}
END_TEST

START_TEST(fewer_do_not)
{
    for (int64_t s = 100; s < 1000; s += 30)
        ck_assert(!wrong_at(s));
}
END_TEST

START_TEST(each_wrong_one_after_a_pause_begins_one_twice_as_long_up_to_a_limit)
{
    static const int64_t pauses[] = { 5, 10, 18, 18 };
    int64_t now = 100;
    (void)!wrong_at(now);
    (void)!wrong_at(now);
    for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++) {
        ck_assert(wrong_at(now));
        ck_assert_int_eq(wait_at(now), pauses[i]);
        ck_assert(!wrong_at(now + 1)); /* what was asked before the pause */
        ck_assert_int_eq(wait_at(now + 1), pauses[i] - 1);
        now += pauses[i];
    }
}
END_TEST

START_TEST(a_right_code_ends_it)
{
    for (int i = 0; i < 3; i++)
        (void)!wrong_at(100);
    intake_guess_right(&g);
    ck_assert_int_eq(wait_at(100), 0);
    ck_assert(!wrong_at(106));
    ck_assert(!wrong_at(106));
    ck_assert(wrong_at(106));
    ck_assert_int_eq(wait_at(106), 5);
}
END_TEST

START_TEST(a_minute_without_any_is_forgiven)
{
    for (int i = 0; i < 3; i++)
        (void)!wrong_at(100);
    ck_assert(!wrong_at(105 + 60));
    ck_assert_uint_eq(g.wrong, 1);
}
END_TEST

START_TEST(without_a_limit_there_is_no_pause)
{
    const struct intake_guess_limits none = { 0, CO_SECOND_US, CO_SECOND_US };
    for (int i = 0; i < 1000; i++)
        ck_assert(!intake_guess_wrong(&g, &none, i));
}
END_TEST

CHECK_MAIN_WITH("intake_guess", set_up, tear_down, so_many_wrong_codes_in_a_minute_begin_a_pause, fewer_do_not,
                each_wrong_one_after_a_pause_begins_one_twice_as_long_up_to_a_limit, a_right_code_ends_it,
                a_minute_without_any_is_forgiven, without_a_limit_there_is_no_pause)
