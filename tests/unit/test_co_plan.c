/* Which dates a plan has, and when their cases are opened. */
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "co_plan.h"

enum { DATES = 64 };

static Callout__V1__Transition before, summer, winter;
static Callout__V1__Transition *transitions[3];
static Callout__V1__Calendar calendar;
static Callout__V1__Plan plan;
static Callout__V1__PlanDate changes[2];
static Callout__V1__PlanDate *change_list[2];
static char key[] = "check", rule[128];

static struct co_plan_date got[DATES];
static size_t count, enough;

static int64_t at(const char *text)
{
    int64_t us = 0;
    ck_assert_int_eq(co_time_parse(text, &us, NULL), CO_OK);
    return us;
}

/* Berlin in 2026: the clock goes forward on 29 March at 02:00, and back on 25 October at 03:00. */
static void setup(void)
{
    before = summer = winter = (Callout__V1__Transition)CALLOUT__V1__TRANSITION__INIT;
    before.offset_s = winter.offset_s = 3600;
    summer.offset_s = 7200;
    before.from_us = at("2025-10-26T01:00:00Z");
    summer.from_us = at("2026-03-29T01:00:00Z");
    winter.from_us = at("2026-10-25T01:00:00Z");
    transitions[0] = &before;
    transitions[1] = &summer;
    transitions[2] = &winter;
    calendar = (Callout__V1__Calendar)CALLOUT__V1__CALENDAR__INIT;
    calendar.transitions = transitions;
    calendar.n_transitions = 3;
    plan = (Callout__V1__Plan)CALLOUT__V1__PLAN__INIT;
    plan.key = key;
    plan.rrule = rule;
    plan.from_us = at("2026-03-27T09:00:00+01:00");
    for (size_t i = 0; i < 2; i++) {
        changes[i] = (Callout__V1__PlanDate)CALLOUT__V1__PLAN_DATE__INIT;
        change_list[i] = &changes[i];
    }
    plan.dates = change_list;
    count = 0;
    enough = DATES;
}

static bool take(void *arg, const struct co_plan_date *date)
{
    (void)arg;
    ck_assert_uint_lt(count, DATES);
    got[count++] = *date;
    return count < enough;
}

static enum co_err dates(const char *rrule, const char *from, const char *to)
{
    memcpy(rule, rrule, strlen(rrule) + 1);
    count = 0;
    return co_plan_dates(&plan, &calendar, at("2030-01-01T00:00:00Z"), at(from), at(to), take,
                         NULL);
}

static void is_date(size_t i, const char *when, const char *known_by)
{
    ck_assert_uint_lt(i, count);
    ck_assert_int_eq(got[i].at_us, at(when));
    ck_assert_str_eq(got[i].key, known_by);
}

START_TEST(dates_keep_their_local_time_when_the_clock_changes)
{
    ck_assert_int_eq(dates("FREQ=DAILY", "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"), CO_OK);
    ck_assert_uint_eq(count, 3);
    is_date(0, "2026-03-28T09:00:00+01:00", "plan/check/2026-03-28T09:00");
    is_date(1, "2026-03-29T09:00:00+02:00", "plan/check/2026-03-29T09:00");
    is_date(2, "2026-03-30T09:00:00+02:00", "plan/check/2026-03-30T09:00");
}
END_TEST

START_TEST(a_time_that_the_clock_leaves_out_is_the_moment_of_the_jump)
{
    plan.from_us = at("2026-03-28T02:30:00+01:00");
    ck_assert_int_eq(dates("FREQ=DAILY", "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z"), CO_OK);
    ck_assert_uint_eq(count, 3);
    is_date(1, "2026-03-29T01:00:00Z", "plan/check/2026-03-29T02:30");
    is_date(2, "2026-03-30T02:30:00+02:00", "plan/check/2026-03-30T02:30");
}
END_TEST

START_TEST(two_times_at_the_moment_of_the_jump_are_two_dates)
{
    plan.from_us = at("2026-03-28T02:00:00+01:00");
    ck_assert_int_eq(dates("FREQ=DAILY;BYHOUR=2,3", "2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z"),
                     CO_OK);
    ck_assert_uint_eq(count, 2);
    is_date(0, "2026-03-29T01:00:00Z", "plan/check/2026-03-29T02:00");
    is_date(1, "2026-03-29T01:00:00Z", "plan/check/2026-03-29T03:00");
}
END_TEST

START_TEST(a_date_in_the_jump_keeps_what_it_is_known_by_when_it_is_moved)
{
    plan.from_us = at("2026-03-28T02:30:00+01:00");
    plan.n_dates = 1;
    changes[0].at_us = at("2026-03-29T01:00:00Z");
    changes[0].moved_to_us = at("2026-03-30T10:00:00+02:00");
    ck_assert_int_eq(dates("FREQ=DAILY", "2026-03-29T00:00:00Z", "2026-03-30T12:00:00Z"), CO_OK);
    ck_assert_uint_eq(count, 2);
    is_date(0, "2026-03-30T02:30:00+02:00", "plan/check/2026-03-30T02:30");
    is_date(1, "2026-03-30T10:00:00+02:00", "plan/check/2026-03-29T02:30");
    plan.from_us = at("2026-03-28T02:00:00+01:00");
    ck_assert_int_eq(dates("FREQ=DAILY;BYHOUR=2,3", "2026-03-30T04:00:00Z", "2026-03-30T12:00:00Z"),
                     CO_OK);
    ck_assert_uint_eq(count, 2); /* both are at that moment */
    is_date(0, "2026-03-30T10:00:00+02:00", "plan/check/2026-03-29T02:00");
    is_date(1, "2026-03-30T10:00:00+02:00", "plan/check/2026-03-29T03:00");
}
END_TEST

START_TEST(a_time_that_comes_twice_is_one_date)
{
    plan.from_us = at("2026-10-24T02:30:00+02:00");
    ck_assert_int_eq(dates("FREQ=DAILY", "2026-10-24T00:00:00Z", "2026-10-26T23:00:00Z"), CO_OK);
    ck_assert_uint_eq(count, 3);
    is_date(1, "2026-10-25T02:30:00+02:00", "plan/check/2026-10-25T02:30");
}
END_TEST

START_TEST(a_quarter_on_its_first_monday)
{
    plan.from_us = at("2026-01-05T09:00:00+01:00");
    ck_assert_int_eq(
        dates("FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        CO_OK);
    ck_assert_uint_eq(count, 4);
    is_date(0, "2026-01-05T09:00:00+01:00", "plan/check/2026-01-05T09:00");
    is_date(1, "2026-04-06T09:00:00+02:00", "plan/check/2026-04-06T09:00");
    is_date(3, "2026-10-05T09:00:00+02:00", "plan/check/2026-10-05T09:00");
}
END_TEST

START_TEST(without_a_rule_there_is_the_one_date)
{
    ck_assert_int_eq(dates("", "2020-01-01T00:00:00Z", "2029-01-01T00:00:00Z"), CO_OK);
    ck_assert_uint_eq(count, 1);
    is_date(0, "2026-03-27T09:00:00+01:00", "plan/check/2026-03-27T09:00");
}
END_TEST

START_TEST(a_skipped_date_is_told_as_such)
{
    plan.n_dates = 1;
    changes[0].at_us = at("2026-03-29T09:00:00+02:00");
    changes[0].skipped = true;
    ck_assert_int_eq(dates("FREQ=DAILY", "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"), CO_OK);
    ck_assert_uint_eq(count, 3);
    ck_assert_ptr_null(got[0].change);
    ck_assert(got[1].change->skipped);
}
END_TEST

START_TEST(a_moved_date_keeps_what_it_is_known_by)
{
    plan.n_dates = 1;
    plan.lead_us = 2 * CO_DAY_US;
    changes[0].at_us = at("2026-03-29T09:00:00+02:00");
    changes[0].moved_to_us = at("2026-05-01T14:00:00+02:00");
    ck_assert_int_eq(dates("FREQ=DAILY", "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z"), CO_OK);
    ck_assert_uint_eq(count, 2); /* it is not there any more */
    ck_assert_int_eq(dates("FREQ=DAILY;COUNT=10", "2026-05-01T00:00:00Z", "2026-05-02T00:00:00Z"),
                     CO_OK);
    ck_assert_uint_eq(count, 1); /* but here */
    is_date(0, "2026-05-01T14:00:00+02:00", "plan/check/2026-03-29T09:00");
    ck_assert_int_eq(got[0].open_us, at("2026-04-29T14:00:00+02:00"));
}
END_TEST

START_TEST(a_case_is_opened_so_long_before_its_date)
{
    plan.lead_us = 7 * CO_DAY_US;
    ck_assert_int_eq(dates("", "2020-01-01T00:00:00Z", "2029-01-01T00:00:00Z"), CO_OK);
    ck_assert_int_eq(got[0].open_us, at("2026-03-20T09:00:00+01:00"));
}
END_TEST

START_TEST(dates_end_with_the_plan_and_with_the_contract)
{
    plan.until_us = at("2026-03-29T09:00:00+02:00");
    ck_assert_int_eq(dates("FREQ=DAILY", "2026-03-01T00:00:00Z", "2029-01-01T00:00:00Z"), CO_OK);
    ck_assert_uint_eq(count, 2);
    plan.until_us = 0;
    count = 0;
    ck_assert_int_eq(co_plan_dates(&plan, &calendar, at("2026-03-28T09:00:00+01:00"), 0,
                                   at("2029-01-01T00:00:00Z"), take, NULL),
                     CO_OK);
    ck_assert_uint_eq(count, 1);
}
END_TEST

START_TEST(a_walk_ends_when_there_is_enough_but_for_what_was_moved)
{
    enough = 2;
    plan.n_dates = 1;
    changes[0].at_us = at("2026-05-29T09:00:00+02:00");
    changes[0].moved_to_us = at("2026-03-26T14:00:00+01:00");
    ck_assert_int_eq(dates("FREQ=DAILY", "2026-03-01T00:00:00Z", "2029-01-01T00:00:00Z"), CO_OK);
    ck_assert_uint_eq(count, 3);
    is_date(2, "2026-03-26T14:00:00+01:00", "plan/check/2026-05-29T09:00");
}
END_TEST

START_TEST(what_is_no_rule_is_told)
{
    static const struct {
        const char *rule, *why;
    } wrong[] = {
        { "every monday", "is no rule" },
        { "FREQ=FORTNIGHTLY", "is no rule" },
        { "FREQ=DAILY;WHEN=LATER", "is no rule" },
        { "FREQ=DAILY;COUNT=many", "is no rule" },
        { "BYDAY=MO", "is no rule" },
        { "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "cannot be followed" },
        { "FREQ=HOURLY", "more often than daily" },
        { "FREQ=DAILY;BYMINUTE=0,30", "within the hour" },
        { "FREQ=DAILY;byminute=0,30", "within the hour" },
        { "freq=daily;BySecond=0,30", "within the hour" },
        { "FREQ=DAILY;INTERVAL=0", "is no rule" },
        { "FREQ=DAILY;INTERVAL=1000", "others to 999" },
        { "FREQ=DAILY;interval=65537", "others to 999" },
        { "FREQ=MONTHLY;BYDAY=257MO", "BYDAY to 99" },
        { "FREQ=DAILY;COUNT=4294967297", "COUNT to 99999" },
        { "FREQ=DAILY;UNTIL=20270101T000000Z", "an end of its own" },
    };
    char problem[CO_RECUR_PROBLEM];
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct co_recur *recur = NULL;
        ck_assert_msg(co_recur_new(wrong[i].rule, 0, &recur, problem) == CO_EINPUT, "%s",
                      wrong[i].rule);
        ck_assert_msg(strstr(problem, wrong[i].why) != NULL, "%s: %s", wrong[i].rule, problem);
    }
}
END_TEST

START_TEST(the_largest_numbers_of_a_rule_are_taken)
{
    char problem[CO_RECUR_PROBLEM];
    struct co_recur *recur = NULL;
    int64_t first_s = 0, second_s = 0;
    ck_assert_int_eq(co_recur_new("FREQ=DAILY;count=99999;INTERVAL=999", 0, &recur, problem),
                     CO_OK);
    ck_assert(co_recur_next(recur, &first_s) && co_recur_next(recur, &second_s));
    ck_assert_int_eq(second_s - first_s, (int64_t)999 * 24 * 3600);
    co_recur_free(recur);
}
END_TEST

START_TEST(the_end_of_a_contract_opens_its_case_90_days_before_or_as_it_says)
{
    Callout__V1__Contract contract = CALLOUT__V1__CONTRACT__INIT;
    Callout__V1__Renewal renewal = CALLOUT__V1__RENEWAL__INIT;
    struct co_plan_date date;
    contract.key = key;
    contract.until_us = at("2027-01-01T00:00:00+08:00");
    ck_assert(!co_plan_renewal(&contract, &date));
    contract.renewal = &renewal;
    ck_assert(co_plan_renewal(&contract, &date));
    ck_assert_str_eq(date.key, "renewal/check/2026-12-31T16:00:00Z");
    ck_assert_int_eq(date.open_us, contract.until_us - 90 * CO_DAY_US);
    renewal.lead_us = 120 * CO_DAY_US;
    ck_assert(co_plan_renewal(&contract, &date));
    ck_assert_int_eq(date.open_us, contract.until_us - 120 * CO_DAY_US);
}
END_TEST

START_TEST(an_advisory_reaches_a_contract_once_from_whichever_is_later_its_issue_or_the_beginning)
{
    static char other[] = "bank-2026";
    Callout__V1__Advisory advisory = CALLOUT__V1__ADVISORY__INIT;
    Callout__V1__Contract contract = CALLOUT__V1__CONTRACT__INIT;
    struct co_plan_date date;
    advisory.key = key;
    contract.key = other;
    contract.from_us = at("2026-02-01T00:00:00Z");
    contract.until_us = at("2027-01-01T00:00:00Z");
    ck_assert(co_plan_advisory(&advisory, &contract, &date));
    ck_assert_str_eq(date.key, "advisory/check/bank-2026");
    ck_assert_int_eq(date.open_us, contract.from_us);
    advisory.issued_us = at("2026-03-01T00:00:00Z");
    ck_assert(co_plan_advisory(&advisory, &contract, &date));
    ck_assert_str_eq(date.key, "advisory/check/bank-2026");
    ck_assert_int_eq(date.open_us, advisory.issued_us);
    advisory.issued_us = contract.until_us;
    ck_assert(!co_plan_advisory(&advisory, &contract, &date));
}
END_TEST

START_TEST(the_longest_keys_of_advisory_and_contract_fit_into_that_of_a_ticket)
{
    char advisory[54 + 1], contract[64 + 1], got_key[CO_PLAN_KEY], expected[256];
    memset(advisory, 'a', 54);
    memset(contract, 'c', 64);
    advisory[54] = contract[64] = '\0';
    co_plan_advisory_key(advisory, contract, got_key);
    (void)snprintf(expected, sizeof(expected), "advisory/%s/%s", advisory, contract);
    ck_assert_str_eq(got_key, expected);
    ck_assert_uint_eq(strlen(got_key), 128); /* what a ticket takes */
}
END_TEST

CHECK_MAIN_WITH(
    "co_plan", setup, NULL, dates_keep_their_local_time_when_the_clock_changes,
    a_time_that_the_clock_leaves_out_is_the_moment_of_the_jump,
    two_times_at_the_moment_of_the_jump_are_two_dates,
    a_date_in_the_jump_keeps_what_it_is_known_by_when_it_is_moved,
    a_time_that_comes_twice_is_one_date, a_quarter_on_its_first_monday,
    without_a_rule_there_is_the_one_date, a_skipped_date_is_told_as_such,
    a_moved_date_keeps_what_it_is_known_by, a_case_is_opened_so_long_before_its_date,
    dates_end_with_the_plan_and_with_the_contract,
    a_walk_ends_when_there_is_enough_but_for_what_was_moved, what_is_no_rule_is_told,
    the_largest_numbers_of_a_rule_are_taken,
    the_end_of_a_contract_opens_its_case_90_days_before_or_as_it_says,
    an_advisory_reaches_a_contract_once_from_whichever_is_later_its_issue_or_the_beginning,
    the_longest_keys_of_advisory_and_contract_fit_into_that_of_a_ticket)
