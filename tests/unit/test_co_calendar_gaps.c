#include "co_calendar_gaps.h"

#include "check_main.h"
#include "co_time.h"
#include "registry_help.h"

enum { MAX = 10 };

static struct co_registry *r;
static struct co_calendar_gap gaps[MAX];
static size_t count;

static void setup(void)
{
    r = co_registry_new(1000);
    ck_assert_ptr_nonnull(r);
}

static void teardown(void)
{
    co_registry_free(r);
}

/* Holidays are known of `known` years from 2025 on; none: the calendar has a day of its own and
 * knows no year. */
static void put_calendar(char *key, int32_t offset_s, uint32_t known, bool has_days)
{
    Callout__V1__Calendar c = CALLOUT__V1__CALENDAR__INIT;
    Callout__V1__Transition t = CALLOUT__V1__TRANSITION__INIT;
    Callout__V1__DayException e = CALLOUT__V1__DAY_EXCEPTION__INIT;
    uint32_t years[] = { 2025, 2026, 2027, 2028 };
    c.key = key;
    t.offset_s = offset_s;
    c.transitions = (Callout__V1__Transition *[]){ &t };
    c.n_transitions = 1;
    c.exceptions = (Callout__V1__DayException *[]){ &e };
    c.n_exceptions = has_days ? 1 : 0;
    c.years = years;
    c.n_years = known;
    PUT(r, CALENDAR, calendar, &c);
}

static void put_contract(char *key, char *calendar, char *policy)
{
    Callout__V1__Contract c = CALLOUT__V1__CONTRACT__INIT;
    c.key = key;
    c.customer = (char[]){ "acme" };
    c.calendar = calendar;
    c.policy = policy;
    PUT(r, CONTRACT, contract, &c);
}

static void put_policy(char *name, char *calendar)
{
    Callout__V1__PolicyPack p = CALLOUT__V1__POLICY_PACK__INIT;
    Callout__V1__Milestone m = CALLOUT__V1__MILESTONE__INIT;
    p.name = name;
    m.name = (char[]){ "repair" };
    m.calendar = calendar;
    p.milestones = (Callout__V1__Milestone *[]){ &m };
    p.n_milestones = 1;
    PUT(r, POLICY, policy, &p);
}

static void look(const char *now)
{
    int64_t now_us = 0;
    ck_assert_int_eq(co_time_parse(now, &now_us, NULL), CO_OK);
    ck_assert_int_eq(co_calendar_gaps(r, now_us, gaps, MAX, &count), CO_OK);
}

START_TEST(this_year_and_the_next_are_asked_for)
{
    put_calendar((char[]){ "cn" }, 8 * 3600, 2, true);
    put_contract((char[]){ "c" }, (char[]){ "cn" }, (char[]){ "p" });
    look("2025-06-01T00:00:00Z");
    ck_assert_uint_eq(count, 0);
    look("2026-06-01T00:00:00Z");
    ck_assert_uint_eq(count, 1);
    ck_assert_str_eq(gaps[0].key, "cn");
    ck_assert_uint_eq(gaps[0].years, 1);
    ck_assert_int_eq(gaps[0].year[0], 2027);
    look("2027-06-01T00:00:00Z");
    ck_assert_uint_eq(gaps[0].years, 2);
    ck_assert_int_eq(gaps[0].year[0], 2027);
    ck_assert_int_eq(gaps[0].year[1], 2028);
}
END_TEST

START_TEST(the_year_is_that_of_the_calendar_s_clock)
{
    put_calendar((char[]){ "cn" }, 8 * 3600, 2, true);
    put_contract((char[]){ "c" }, (char[]){ "cn" }, (char[]){ "p" });
    look("2025-12-31T15:59:59Z");
    ck_assert_uint_eq(count, 0);
    look("2025-12-31T16:00:00Z"); /* 2026 there */
    ck_assert_uint_eq(count, 1);
}
END_TEST

START_TEST(only_calendars_in_use_are_told)
{
    put_calendar((char[]){ "by-contract" }, 0, 0, true);
    put_calendar((char[]){ "by-milestone" }, 0, 0, true);
    put_calendar((char[]){ "by-site" }, 0, 0, true);
    put_calendar((char[]){ "unused" }, 0, 0, true);
    put_calendar((char[]){ "unused-too" }, 0, 0, true);
    look("2026-06-01T00:00:00Z");
    ck_assert_uint_eq(count, 0);
    put_policy((char[]){ "used" }, (char[]){ "by-milestone" });
    put_policy((char[]){ "not" }, (char[]){ "unused-too" });
    put_contract((char[]){ "c" }, (char[]){ "by-contract" }, (char[]){ "used" });
    Callout__V1__Site site = CALLOUT__V1__SITE__INIT;
    site.key = (char[]){ "s" };
    site.customer = (char[]){ "acme" };
    site.calendar = (char[]){ "by-site" };
    PUT(r, SITE, site, &site);
    look("2026-06-01T00:00:00Z");
    ck_assert_uint_eq(count, 3);
    ck_assert_str_eq(gaps[0].key, "by-contract");
    ck_assert_str_eq(gaps[1].key, "by-milestone");
    ck_assert_str_eq(gaps[2].key, "by-site");
}
END_TEST

START_TEST(a_calendar_without_holidays_has_nothing_to_know)
{
    put_calendar((char[]){ "always" }, 0, 0, false);
    put_contract((char[]){ "c" }, (char[]){ "always" }, (char[]){ "p" });
    put_policy((char[]){ "p" }, (char[]){ "site" });
    look("2026-06-01T00:00:00Z");
    ck_assert_uint_eq(count, 0);
}
END_TEST

CHECK_MAIN_WITH("co_calendar_gaps", setup, teardown, this_year_and_the_next_are_asked_for,
                the_year_is_that_of_the_calendar_s_clock, only_calendars_in_use_are_told,
                a_calendar_without_holidays_has_nothing_to_know)
