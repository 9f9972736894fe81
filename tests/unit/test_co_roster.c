#include "co_rosters.h"

#include <stdlib.h>

#include "check_main.h"
#include "co_rand.h"
#include "co_registry_calendar.h"

#define MONDAY 20514 /* 2026-03-02 */
#define OFFSET_S (8 * 3600)
#define T0 (MONDAY * CO_DAY_US - OFFSET_S * CO_SECOND_US) /* its local midnight */
#define HOUR CO_HOUR_US

static Callout__V1__Calendar calendar;
static Callout__V1__DayException holiday, makeup;
static struct co_calendar *compiled;
static Callout__V1__Roster roster;
static Callout__V1__ShiftRule rules[8], *rule_list[8];
static Callout__V1__RosterSpan shifts[8], absences[8], *shift_list[8], *absence_list[8];

/* Monday to Friday; Thursday the 5th is a public holiday, Sunday the 8th a make-up workday. */
static void begin(void)
{
    static Callout__V1__WorkDay days[7], *day_list[7];
    static Callout__V1__Span span = CALLOUT__V1__SPAN__INIT, *spans[1] = { &span };
    static Callout__V1__Transition at, *transitions[1] = { &at };
    static Callout__V1__DayException *exceptions[2] = { &holiday, &makeup };
    static uint32_t years[] = { 2026 };
    callout__v1__calendar__init(&calendar);
    callout__v1__transition__init(&at);
    callout__v1__day_exception__init(&holiday);
    callout__v1__day_exception__init(&makeup);
    callout__v1__roster__init(&roster);
    span.from_min = 540;
    span.until_min = 1080;
    for (size_t i = 0; i < 7; i++) {
        callout__v1__work_day__init(&days[i]);
        days[i].n_spans = i < 5;
        days[i].spans = spans;
        day_list[i] = &days[i];
    }
    at.offset_s = OFFSET_S;
    holiday.day = MONDAY + 3;
    makeup.day = MONDAY + 6;
    makeup.n_spans = 1;
    makeup.spans = spans;
    calendar.n_transitions = 1;
    calendar.transitions = transitions;
    calendar.n_week = 7;
    calendar.week = day_list;
    calendar.n_exceptions = 2;
    calendar.exceptions = exceptions;
    calendar.n_years = 1;
    calendar.years = years;
    roster.rules = rule_list;
    roster.shifts = shift_list;
    roster.absences = absence_list;
    char problem[CO_CALENDAR_PROBLEM];
    ck_assert_int_eq(co_registry_calendar_compile(&calendar, 2026, 2026, &compiled, problem),
                     CO_OK);
}

static struct co_roster is(void)
{
    return (struct co_roster){ &roster, compiled };
}

static Callout__V1__ShiftRule *rule(uint32_t from_min, uint32_t until_min)
{
    Callout__V1__ShiftRule *x = &rules[roster.n_rules];
    callout__v1__shift_rule__init(x);
    x->from_min = from_min;
    x->until_min = until_min;
    rule_list[roster.n_rules++] = x;
    return x;
}

static void on(Callout__V1__ShiftRule *x, size_t count, const uint32_t *weekdays)
{
    x->n_weekdays = count;
    x->weekdays = (uint32_t *)(uintptr_t)weekdays;
}

static void add_span(Callout__V1__RosterSpan *spans, Callout__V1__RosterSpan **list, size_t *count,
                     int64_t from_us, int64_t until_us)
{
    Callout__V1__RosterSpan *x = &spans[*count];
    callout__v1__roster_span__init(x);
    x->from_us = from_us;
    x->until_us = until_us;
    list[(*count)++] = x;
}

static void shift(int64_t from_us, int64_t until_us)
{
    add_span(shifts, shift_list, &roster.n_shifts, from_us, until_us);
}

static void absence(int64_t from_us, int64_t until_us)
{
    add_span(absences, absence_list, &roster.n_absences, from_us, until_us);
}

static void end(void)
{
    co_calendar_free(compiled);
}

static void from_is(int64_t us, int64_t expected_us)
{
    struct co_roster r = is();
    ck_assert_int_eq((co_roster_from(&r, us) - T0) / CO_MINUTE_US,
                     (expected_us - T0) / CO_MINUTE_US);
}

static void until_is(int64_t us, int64_t expected_us)
{
    struct co_roster r = is();
    ck_assert_int_eq((co_roster_until(&r, us) - T0) / CO_MINUTE_US,
                     (expected_us - T0) / CO_MINUTE_US);
}

START_TEST(a_workday_shift_falls_out_on_a_holiday_and_takes_place_on_a_makeup_day)
{
    begin();
    rule(480, 1020)->workdays = true;
    from_is(T0, T0 + 8 * HOUR);
    from_is(T0 + 2 * 24 * HOUR + 17 * HOUR, T0 + 4 * 24 * HOUR + 8 * HOUR); /* not on Thursday */
    from_is(T0 + 5 * 24 * HOUR, T0 + 6 * 24 * HOUR + 8 * HOUR);             /* but on Sunday */
    end();
}
END_TEST

START_TEST(named_weekdays_that_are_workdays_take_place_on_makeup_days_too)
{
    static const uint32_t thursday[] = { 4 };
    begin();
    Callout__V1__ShiftRule *x = rule(480, 1020);
    on(x, 1, thursday);
    from_is(T0, T0 + 3 * 24 * HOUR + 8 * HOUR);
    x->workdays = true;
    from_is(T0, T0 + 6 * 24 * HOUR + 8 * HOUR);
    end();
}
END_TEST

START_TEST(a_night_shift_lasts_past_midnight_and_touches_the_next)
{
    static const uint32_t monday[] = { 1 }, tuesday[] = { 2 };
    begin();
    on(rule(1200, 1920), 1, monday); /* 20:00 to 08:00 */
    on(rule(480, 720), 1, tuesday);
    until_is(T0 + 21 * HOUR, T0 + 36 * HOUR);
    until_is(T0 + 30 * HOUR, T0 + 36 * HOUR);
    until_is(T0 + 10 * HOUR, T0 + 10 * HOUR);
    end();
}
END_TEST

START_TEST(absences_win_and_single_shifts_add)
{
    begin();
    rule(480, 1020)->workdays = true;
    shift(T0 + 5 * 24 * HOUR + 9 * HOUR, T0 + 5 * 24 * HOUR + 12 * HOUR);
    absence(T0 + 10 * HOUR, T0 + 24 * HOUR + 12 * HOUR);
    until_is(T0 + 8 * HOUR, T0 + 10 * HOUR);
    from_is(T0 + 10 * HOUR, T0 + 24 * HOUR + 12 * HOUR);
    from_is(T0 + 4 * 24 * HOUR + 18 * HOUR, T0 + 5 * 24 * HOUR + 9 * HOUR);
    struct co_roster r = is();
    ck_assert_ptr_nonnull(co_roster_absence(&r, T0 + 11 * HOUR));
    ck_assert_ptr_null(co_roster_absence(&r, T0 + 9 * HOUR));
    end();
}
END_TEST

START_TEST(a_rule_holds_from_its_first_to_its_last_day)
{
    begin();
    Callout__V1__ShiftRule *x = rule(480, 1020);
    x->workdays = true;
    x->from_day = MONDAY + 1;
    x->until_day = MONDAY + 2;
    from_is(T0, T0 + 24 * HOUR + 8 * HOUR);
    from_is(T0 + 2 * 24 * HOUR + 18 * HOUR, CO_ROSTER_NEVER);
    end();
}
END_TEST

START_TEST(hours_are_those_of_the_clock_where_it_is_put_forward)
{
    static const uint32_t monday[] = { 1 }, tuesday[] = { 2 };
    begin();
    Callout__V1__Transition more = CALLOUT__V1__TRANSITION__INIT;
    Callout__V1__Transition *both[] = { calendar.transitions[0], &more };
    more.from_us = T0 + 24 * HOUR + 2 * HOUR; /* Tuesday 02:00 is 03:00 */
    more.offset_s = OFFSET_S + 3600;
    calendar.transitions = both;
    calendar.n_transitions = 2;
    co_calendar_free(compiled);
    char problem[CO_CALENDAR_PROBLEM];
    ck_assert_int_eq(co_registry_calendar_compile(&calendar, 2026, 2026, &compiled, problem),
                     CO_OK);
    on(rule(1320, 1800), 1, monday); /* 22:00 to 06:00: 7 hours this night */
    until_is(T0 + 22 * HOUR, T0 + 29 * HOUR);
    on(rule(480, 1020), 1, tuesday);
    from_is(T0 + 30 * HOUR, T0 + 31 * HOUR);
    until_is(T0 + 31 * HOUR, T0 + 40 * HOUR);
    end();
}
END_TEST

START_TEST(people_without_roster_leave_no_gap_and_nobody_is_one_whole_gap)
{
    struct co_roster_gap gap = { 0, 0 };
    ck_assert(!co_rosters_gap(NULL, (const char *const[]){ "p" }, 1, T0, T0 + HOUR, &gap));
    ck_assert(co_rosters_gap(NULL, NULL, 0, T0, T0 + HOUR, &gap));
    ck_assert_int_eq(gap.from_us, T0);
    ck_assert_int_eq(gap.until_us, T0 + HOUR);
}
END_TEST

START_TEST(who_has_neither_rules_nor_shifts_is_on_duty_but_for_his_absences)
{
    begin();
    from_is(T0, T0);
    until_is(T0, T0 + CO_ROSTER_AHEAD_US);
    absence(T0 + 10 * HOUR, T0 + 12 * HOUR);
    until_is(T0, T0 + 10 * HOUR);
    from_is(T0 + 10 * HOUR, T0 + 12 * HOUR);
    end();
}
END_TEST

/* -- the same, minute by minute */

enum { MINUTES = 12 * 1440 };

static bool is_on(int minute)
{
    int64_t us = T0 + minute * CO_MINUTE_US;
    bool is_duty = roster.n_rules + roster.n_shifts == 0;
    for (size_t i = 0; i < roster.n_absences; i++)
        if (us >= absences[i].from_us && us < absences[i].until_us)
            return false;
    for (size_t i = 0; i < roster.n_shifts; i++)
        is_duty |= us >= shifts[i].from_us && us < shifts[i].until_us;
    for (size_t i = 0; i < roster.n_rules; i++)
        for (int day = minute / 1440 - 2; day <= minute / 1440; day++) {
            bool is_work = day == 6 || ((day + 70) % 7 < 5 && day != 3);
            bool is_named = false;
            for (size_t k = 0; k < rules[i].n_weekdays; k++)
                is_named |= rules[i].weekdays[k] == (uint32_t)((day + 70) % 7) + 1;
            bool takes_place = !rules[i].workdays         ? is_named
                               : rules[i].n_weekdays == 0 ? is_work
                                                          : day == 6 || (is_named && day != 3);
            int at = minute - day * 1440;
            is_duty |= takes_place && at >= (int)rules[i].from_min && at < (int)rules[i].until_min;
        }
    return is_duty;
}

static void make_up(struct co_rand *rand)
{
    static uint32_t weekdays[8][3];
    roster.n_rules = roster.n_shifts = roster.n_absences = 0;
    for (uint64_t i = co_rand_below(rand, 4); i > 0; i--) {
        uint32_t from = (uint32_t)co_rand_below(rand, 1440);
        Callout__V1__ShiftRule *x = rule(from, from + 1 + (uint32_t)co_rand_below(rand, 1440));
        x->workdays = co_rand_below(rand, 2) == 0;
        for (size_t k = 0; k < 3; k++)
            weekdays[i][k] = 1 + (uint32_t)co_rand_below(rand, 7);
        on(x, co_rand_below(rand, 4), weekdays[i]);
    }
    int64_t at = T0 - 1440 * CO_MINUTE_US;
    for (uint64_t i = co_rand_below(rand, 4); i > 0; i--) {
        at += (int64_t)co_rand_below(rand, 4000) * CO_MINUTE_US;
        shift(at, at + (1 + (int64_t)co_rand_below(rand, 3000)) * CO_MINUTE_US);
    }
    at = T0 - 1440 * CO_MINUTE_US;
    for (uint64_t i = co_rand_below(rand, 4); i > 0; i--) {
        at += (int64_t)co_rand_below(rand, 4000) * CO_MINUTE_US;
        absence(at, at + (1 + (int64_t)co_rand_below(rand, 3000)) * CO_MINUTE_US);
    }
}

START_TEST(whatever_the_roster_each_answer_is_that_of_the_minutes)
{
    static bool duty[MINUTES];
    struct co_rand rand;
    begin();
    co_rand_init(&rand, 7);
    for (int round = 0; round < 60; round++) {
        make_up(&rand);
        struct co_roster r = is();
        for (int m = 0; m < MINUTES; m++)
            duty[m] = is_on(m);
        for (int m = 0; m < MINUTES / 2; m += 1 + (int)co_rand_below(&rand, 30)) {
            int64_t us = T0 + m * CO_MINUTE_US;
            int next = m, last = m;
            while (next < MINUTES && !duty[next])
                next++;
            while (last < MINUTES && duty[last])
                last++;
            ck_assert_int_eq(co_roster_is_on(&r, us), duty[m]);
            int64_t change_us = co_roster_change(&r, us);
            int until = m; /* one assertion for all: each is a system call */
            while (until < MINUTES && T0 + until * CO_MINUTE_US < change_us &&
                   duty[until] == duty[m])
                until++;
            ck_assert(until == MINUTES || T0 + until * CO_MINUTE_US >= change_us);
            if (next < MINUTES)
                ck_assert_int_eq((co_roster_from(&r, us) - T0) / CO_MINUTE_US, next);
            if (last < MINUTES)
                ck_assert_int_eq((co_roster_until(&r, us) - T0) / CO_MINUTE_US, last);
        }
    }
    end();
}
END_TEST

CHECK_MAIN("co_roster", a_workday_shift_falls_out_on_a_holiday_and_takes_place_on_a_makeup_day,
           named_weekdays_that_are_workdays_take_place_on_makeup_days_too,
           a_night_shift_lasts_past_midnight_and_touches_the_next,
           absences_win_and_single_shifts_add, a_rule_holds_from_its_first_to_its_last_day,
           hours_are_those_of_the_clock_where_it_is_put_forward,
           people_without_roster_leave_no_gap_and_nobody_is_one_whole_gap,
           who_has_neither_rules_nor_shifts_is_on_duty_but_for_his_absences,
           whatever_the_roster_each_answer_is_that_of_the_minutes)
