#include "suite_check.h"

#include <string.h>

#include "check_main.h"

static Callout__V1__Status status;
static Callout__V1__LagRow sla, notify;
static Callout__V1__LagRow *lags[2] = { &sla, &notify };
static struct check c;
static struct co_buf line;

/* All is well; time 1,000,000 s. */
static void well(void)
{
    callout__v1__status__init(&status);
    callout__v1__lag_row__init(&sla);
    callout__v1__lag_row__init(&notify);
    static char sla_name[] = "sla", notify_name[] = "notify";
    sla.service = sla_name;
    notify.service = notify_name;
    sla.members = notify.members = 1;
    sla.owned = notify.owned = status.lanes = 16;
    status.lags = lags;
    status.n_lags = 2;
    status.now_us = status.database_us = INT64_C(1000000000000);
    status.clock_rate = 1000;
    status.partition_room = 5000000;
    suite_check_init(&c);
}

static enum check_state state(void)
{
    co_buf_done(&line);
    co_buf_init(&line, 8192);
    suite_check_look(&c, &status, 10000);
    return suite_check_say(&c, &status, &line);
}

START_TEST(a_suite_that_is_well_is_ok)
{
    well();
    ck_assert_int_eq(state(), CHECK_OK);
    ck_assert_ptr_nonnull(strstr(co_buf_text(&line), "CALLOUT OK - 0 processes, 16 lanes, 0 cases open | "));
    ck_assert_ptr_nonnull(strstr(co_buf_text(&line), " lag=0.000s;10;60 "));
    ck_assert_ptr_nonnull(strstr(co_buf_text(&line), " room=5000000;200000:;50000: "));
    ck_assert_ptr_null(strchr(co_buf_text(&line), '\n'));
}
END_TEST

START_TEST(each_measure_has_its_warning_and_its_critical_state)
{
    well();
    sla.parked = 1;
    ck_assert_int_eq(state(), CHECK_WARNING);
    ck_assert_ptr_nonnull(strstr(co_buf_text(&line), "WARNING - 1 parked cases (sla) |"));
    sla.parked = 11;
    ck_assert_int_eq(state(), CHECK_CRITICAL);
    well();
    notify.oldest_us = status.now_us - 11000000;
    ck_assert_int_eq(state(), CHECK_WARNING);
    ck_assert_ptr_nonnull(strstr(co_buf_text(&line), "11.000s behind the journal (notify)"));
    notify.oldest_us = status.now_us - 61000000;
    ck_assert_int_eq(state(), CHECK_CRITICAL);
    well();
    notify.members = 0;
    notify.owned = 0;
    ck_assert_int_eq(state(), CHECK_CRITICAL);
    ck_assert_ptr_nonnull(strstr(co_buf_text(&line), "1 services without a process (notify), 16 lanes without an owner (notify)"));
    well();
    status.partition_room = 49999;
    ck_assert_int_eq(state(), CHECK_CRITICAL);
    well();
    status.dead_notices = 1;
    ck_assert_int_eq(state(), CHECK_WARNING);
    well();
    sla.next_us = status.now_us - 30000000;
    ck_assert_int_eq(state(), CHECK_WARNING);
    ck_assert_ptr_nonnull(strstr(co_buf_text(&line), "timers overdue (sla)"));
}
END_TEST

START_TEST(time_is_real_time_whatever_the_rate_of_the_clock)
{
    well();
    status.clock_rate = 60000;
    sla.oldest_us = status.now_us - INT64_C(300000000); /* five minutes of the domain are five seconds */
    ck_assert_int_eq(state(), CHECK_OK);
    status.clock_rate = 0;
    ck_assert_int_eq(state(), CHECK_OK);
}
END_TEST

START_TEST(a_server_that_is_set_aside_is_not_an_address_that_is_gone)
{
    Callout__V1__SetAsideRow aside, *rows[1] = { &aside };
    well();
    callout__v1__set_aside_row__init(&aside);
    status.asides = rows;
    status.n_asides = 1;
    aside.since_us = status.database_us - INT64_C(700000000);
    aside.until_us = status.database_us + 1;
    ck_assert_int_eq(state(), CHECK_WARNING);
    ck_assert_ptr_nonnull(strstr(co_buf_text(&line), "700.000s a server of notices set aside"));
    ck_assert_ptr_nonnull(strstr(co_buf_text(&line), " gone=0;"));
    aside.until_us = 0;
    ck_assert_int_eq(state(), CHECK_WARNING);
    ck_assert_ptr_nonnull(strstr(co_buf_text(&line), " gone=1;"));
}
END_TEST

START_TEST(thresholds_can_be_set_and_taken_away)
{
    well();
    sla.parked = 3;
    ck_assert_ptr_null(suite_check_set(&c, false, "parked=5"));
    ck_assert_int_eq(state(), CHECK_OK);
    ck_assert_ptr_null(suite_check_set(&c, true, "parked=2"));
    ck_assert_int_eq(state(), CHECK_CRITICAL);
    ck_assert_ptr_null(suite_check_set(&c, true, "parked="));
    ck_assert_int_eq(state(), CHECK_OK);
    ck_assert_ptr_nonnull(suite_check_set(&c, true, "parkd=1"));
    ck_assert_ptr_nonnull(suite_check_set(&c, true, "parked"));
    ck_assert_ptr_nonnull(suite_check_set(&c, true, "parked=x"));
}
END_TEST

START_TEST(ranges_are_those_of_the_guidelines)
{
    static const struct {
        const char *text;
        double value;
        bool is_bad;
    } cases[] = {
        { "10", -1, true },   { "10", 0, false },     { "10", 10, false },     { "10", 10.5, true },
        { "10:", 9, true },   { "10:", 10, false },   { "10:", 1e12, false },  { "~:10", -1e12, false },
        { "~:10", 11, true }, { "10:20", 9, true },   { "10:20", 20, false },  { "10:20", 21, true },
        { "@10:20", 9, false }, { "@10:20", 10, true }, { "@10:20", 20, true }, { "@10:20", 21, false },
        { "0", 0, false },    { "0", 1, true },       { "-5:5", -5, false },   { "1.5", 1.6, true },
    };
    struct check_range range;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_msg(suite_check_range_parse(cases[i].text, &range), "%s", cases[i].text);
        ck_assert_msg(suite_check_range_is_bad(&range, cases[i].value) == cases[i].is_bad, "%s %f", cases[i].text, cases[i].value);
    }
    static const char *const wrong[] = { "", "@", "~", "x", "20:10", "1:2:3", "10:~", "1 ", "nan", "inf", "0x" };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        ck_assert_msg(!suite_check_range_parse(wrong[i], &range), "%s", wrong[i]);
}
END_TEST

CHECK_MAIN("suite_check", a_suite_that_is_well_is_ok, each_measure_has_its_warning_and_its_critical_state,
           time_is_real_time_whatever_the_rate_of_the_clock, a_server_that_is_set_aside_is_not_an_address_that_is_gone,
           thresholds_can_be_set_and_taken_away, ranges_are_those_of_the_guidelines)
