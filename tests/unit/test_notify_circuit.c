#include "check_main.h"

#include "notify_circuit.h"

#define SECOND INT64_C(1000000)

static const struct co_backoff pause = { 30 * SECOND, 600 * SECOND };
static struct notify_circuit c;
static enum notify_circuit_change change;

static void ends(bool is_failure, int64_t at_us)
{
    change = notify_circuit_learn(&c, is_failure, &pause, at_us, 0); /* 0: the whole pause */
}

static void fails(unsigned times, int64_t at_us)
{
    for (unsigned i = 0; i < times; i++)
        ends(true, at_us);
}

static void starts_anew(void)
{
    c = (struct notify_circuit){ .failures = 0 };
}

START_TEST(a_server_is_set_aside_after_so_many_failures_in_a_row)
{
    fails(NOTIFY_CIRCUIT_FAILURES - 1, 7);
    ck_assert(!notify_circuit_is_aside(&c));
    ends(true, 8);
    ck_assert_int_eq(change, NOTIFY_CIRCUIT_ASIDE);
    ck_assert_int_eq(c.since_us, 8);
    ck_assert_int_eq(notify_circuit_wait_us(&c, 8), 30 * SECOND);
}
END_TEST

START_TEST(whatever_it_takes_in_between_begins_the_count_anew)
{
    fails(NOTIFY_CIRCUIT_FAILURES - 1, 7);
    ends(false, 8);
    fails(NOTIFY_CIRCUIT_FAILURES - 1, 9);
    ck_assert_int_eq(change, NOTIFY_CIRCUIT_NOTHING);
    ck_assert(!notify_circuit_is_aside(&c));
}
END_TEST

START_TEST(after_the_pause_it_may_be_tried_and_what_it_takes_takes_it_back)
{
    fails(NOTIFY_CIRCUIT_FAILURES, 0);
    ck_assert_int_eq(notify_circuit_wait_us(&c, 29 * SECOND), SECOND);
    ck_assert_int_eq(notify_circuit_wait_us(&c, 30 * SECOND), 0);
    ck_assert(notify_circuit_is_aside(&c));
    ends(false, 31 * SECOND);
    ck_assert_int_eq(change, NOTIFY_CIRCUIT_BACK);
    ck_assert(!notify_circuit_is_aside(&c));
    fails(NOTIFY_CIRCUIT_FAILURES - 1, 32 * SECOND);
    ck_assert(!notify_circuit_is_aside(&c));
}
END_TEST

START_TEST(each_pause_is_longer_up_to_a_limit_and_its_beginning_stays)
{
    static const int64_t pauses_s[] = { 30, 60, 120, 240, 480, 600, 600 };
    int64_t at_us = 0;
    fails(NOTIFY_CIRCUIT_FAILURES, 0);
    for (size_t i = 0; i < sizeof(pauses_s) / sizeof(pauses_s[0]); i++) {
        ck_assert_int_eq(notify_circuit_wait_us(&c, at_us), pauses_s[i] * SECOND);
        at_us = c.retry_us;
        ends(true, at_us);
        ck_assert_int_eq(change, NOTIFY_CIRCUIT_LONGER);
    }
    ck_assert_int_eq(c.since_us, 0);
}
END_TEST

START_TEST(pauses_are_spread)
{
    c.failures = NOTIFY_CIRCUIT_FAILURES - 1;
    (void)notify_circuit_learn(&c, true, &pause, 0, 15 * SECOND);
    ck_assert_int_eq(notify_circuit_wait_us(&c, 0), 15 * SECOND);
}
END_TEST

START_TEST(what_was_in_the_air_before_and_fails_in_the_pause_does_not_make_it_longer)
{
    fails(NOTIFY_CIRCUIT_FAILURES, 0);
    fails(20, 10 * SECOND);
    ck_assert_int_eq(change, NOTIFY_CIRCUIT_NOTHING);
    ck_assert_int_eq(c.pauses, 1);
    ck_assert_int_eq(notify_circuit_wait_us(&c, 10 * SECOND), 20 * SECOND);
    ends(false, 11 * SECOND);
    ck_assert_int_eq(change, NOTIFY_CIRCUIT_BACK);
}
END_TEST

CHECK_MAIN_WITH("notify_circuit", starts_anew, NULL,
                a_server_is_set_aside_after_so_many_failures_in_a_row,
                whatever_it_takes_in_between_begins_the_count_anew,
                after_the_pause_it_may_be_tried_and_what_it_takes_takes_it_back,
                each_pause_is_longer_up_to_a_limit_and_its_beginning_stays, pauses_are_spread,
                what_was_in_the_air_before_and_fails_in_the_pause_does_not_make_it_longer)
