#include "sla_explain.h"

#include <string.h>

#include "check_main.h"
#include "co_rand.h"
#include "sla_world.h"

static struct world w;

static Callout__V1__Milestone *begin(Callout__V1__TargetKind kind, int64_t amount)
{
    world_init(&w);
    Callout__V1__Milestone *m = world_milestone(&w, "m", ACT(ARRIVED), ACT(RESTORED));
    world_target(&w, m, 2, kind, amount);
    world_pause(&w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_open(&w, 2);
    return m;
}

static struct sla_account explain(int64_t minute)
{
    struct sla_account a;
    world_story(&w, minute);
    struct sla_fold_input in = world_fold_input(&w, minute);
    ck_assert_int_eq(sla_explain(&in, w.fold.clocks[0], w.arena, &a), CO_OK);
    ck_assert_int_eq(a.counted, a.target);
    for (size_t i = 0; i < a.count; i++) {
        ck_assert_int_lt(a.segments[i].from_us, a.segments[i].until_us);
        if (i > 0)
            ck_assert_int_eq(a.segments[i].from_us, a.segments[i - 1].until_us);
    }
    const struct sla_clock *c = w.fold.clocks[0];
    int64_t now_us = c->state == SLA_CLOCK_OPEN ? in.now_us : c->ended_us;
    int64_t end_us = c->is_breached || a.due_us == 0 ? now_us : a.due_us;
    int64_t sum_us = 0;
    for (size_t i = 0; i < a.count; i++) {
        sum_us += a.segments[i].until_us - a.segments[i].from_us;
        ck_assert(!a.is_days || strcmp(a.segments[i].why, "off_hours") != 0); /* days are whole */
    }
    ck_assert_int_eq(sum_us, end_us - c->start_us);
    if (a.count > 0)
        ck_assert_int_eq(a.segments[0].from_us, c->start_us);
    return a;
}

/* The same as a message; clocks in the order of their start. */
static const Callout__V1__Explanation *tell(int64_t minute)
{
    Callout__V1__Explanation *e = NULL;
    world_story(&w, minute);
    struct sla_fold_input in = world_fold_input(&w, minute);
    ck_assert_int_eq(sla_explain_case(&in, &w.fold, w.arena, &e), CO_OK);
    return e;
}

static void expect(const struct sla_account *a, size_t i, int64_t until_minute, const char *why)
{
    ck_assert_uint_lt(i, a->count);
    ck_assert_int_eq((a->segments[i].until_us - T0) / MINUTE, until_minute);
    ck_assert_str_eq(a->segments[i].why, why);
}

START_TEST(running_time_is_one_stretch_but_for_its_pauses)
{
    begin(TARGET(RUNNING), HOUR);
    world_input(&w, 10, ACT(ARRIVED));
    world_input(&w, 20, ACT(WAITING_CUSTOMER));
    world_input(&w, 50, ACT(CUSTOMER_ANSWERED));
    struct sla_account a = explain(90);
    ck_assert_uint_eq(a.count, 3);
    expect(&a, 0, 20, "running");
    expect(&a, 1, 50, "paused");
    expect(&a, 2, 100, "running");
    world_done(&w);
}
END_TEST

START_TEST(a_late_clock_is_accounted_for_up_to_its_end)
{
    begin(TARGET(RUNNING), HOUR);
    world_input(&w, 10, ACT(ARRIVED));
    struct sla_account a = explain(200);
    ck_assert_uint_eq(a.count, 2);
    expect(&a, 0, 70, "running");
    expect(&a, 1, 200, "late"); /* it goes on */
    world_input(&w, 150, ACT(RESTORED));
    a = explain(200);
    expect(&a, 1, 150, "late");
    ck_assert_int_eq(a.due_us, T0 + 70 * MINUTE);
    world_done(&w);
}
END_TEST

START_TEST(a_pause_is_told_with_the_act_that_made_it)
{
    begin(TARGET(RUNNING), HOUR);
    world_by(&w, 5, ACT(WAITING_CUSTOMER), ROLE(CUSTOMER)); /* holds before the clock starts */
    world_input(&w, 10, ACT(ARRIVED));
    world_by(&w, 15, ACT(WAITING_CUSTOMER), ROLE(PM)); /* changes nothing */
    world_input(&w, 20, ACT(CUSTOMER_ANSWERED));
    Callout__V1__SlaInput *second = world_by(&w, 30, ACT(WAITING_CUSTOMER), ROLE(SUPPORT));
    const Callout__V1__ClockAccount *c = tell(40)->clocks[0];
    ck_assert_uint_eq(c->n_segments, 4);
    const Callout__V1__Cause *by = c->segments[0]->by;
    ck_assert_str_eq(c->segments[0]->why, "paused");
    ck_assert_str_eq(by->kind, "act");
    ck_assert_int_eq(by->act, ACT(WAITING_CUSTOMER));
    ck_assert_int_eq(by->role, ROLE(CUSTOMER));
    ck_assert_int_eq(by->occurred_us, T0 + 5 * MINUTE);
    ck_assert_ptr_null(c->segments[1]->by);
    ck_assert_int_eq(c->segments[2]->by->role, ROLE(SUPPORT));
    ck_assert_uint_eq(c->segments[2]->by->seq, second->seq);
    world_done(&w);
}
END_TEST

START_TEST(a_pause_that_the_policy_made_names_its_act)
{
    Callout__V1__Milestone *m = begin(TARGET(RUNNING), HOUR);
    Callout__V1__Milestone *other = world_milestone(&w, "n", ACT(ARRIVED), ACT(RESTORED));
    world_minutes(&w, other, 20, 20, 20, 20);
    world_on_breach(&w, other, ACTION(ACT))->act = ACT(WAITING_CUSTOMER);
    (void)m;
    world_input(&w, 10, ACT(ARRIVED));
    const Callout__V1__ClockAccount *c = tell(40)->clocks[0];
    ck_assert_str_eq(c->segments[1]->why, "paused");
    ck_assert_int_eq(c->segments[1]->by->act, ACT(WAITING_CUSTOMER));
    ck_assert_uint_eq(c->segments[1]->by->seq, 0);
    world_done(&w);
}
END_TEST

START_TEST(the_instant_where_another_level_began_to_govern_is_told)
{
    world_init(&w);
    Callout__V1__Milestone *m = world_milestone(&w, "m", ACT(ARRIVED), ACT(RESTORED));
    world_minutes(&w, m, 30, 60, 90, 0);
    world_open(&w, 3);
    world_input(&w, 0, ACT(ARRIVED));
    Callout__V1__SlaInput *raise = world_input(&w, 10, ACT(SET_SEVERITY));
    raise->severity = 2;
    raise->role = ROLE(EXPERT);
    world_level(&w, 20, 3);
    const Callout__V1__ClockAccount *c = tell(25)->clocks[0];
    ck_assert_uint_eq(c->n_changes, 2);
    ck_assert_uint_eq(c->changes[0]->from, 3);
    ck_assert_uint_eq(c->changes[0]->to, 2);
    ck_assert_int_eq(c->changes[0]->at_us, T0 + 10 * MINUTE);
    ck_assert_int_eq(c->changes[0]->due_before_us, T0 + 90 * MINUTE);
    ck_assert_int_eq(c->changes[0]->due_after_us, T0 + 60 * MINUTE);
    ck_assert_str_eq(c->changes[0]->why->rule, "set");
    ck_assert_int_eq(c->changes[0]->by->role, ROLE(EXPERT));
    ck_assert_uint_eq(c->changes[0]->by->seq, raise->seq);
    ck_assert_uint_eq(c->changes[1]->to, 3);
    ck_assert_int_eq(c->changes[1]->due_after_us, T0 + 90 * MINUTE);
    ck_assert_uint_eq(c->severity, 3);
    world_done(&w);
}
END_TEST

START_TEST(a_raise_that_leaves_the_earlier_due_time_is_no_change_of_the_target)
{
    world_init(&w);
    Callout__V1__Milestone *m = world_milestone(&w, "m", ACT(ARRIVED), ACT(RESTORED));
    world_minutes(&w, m, 30, 60, 20, 0);
    world_open(&w, 3);
    world_input(&w, 0, ACT(ARRIVED));
    world_level(&w, 10, 2);
    ck_assert_uint_eq(tell(15)->clocks[0]->n_changes, 0);
    world_done(&w);
}
END_TEST

START_TEST(a_day_at_whose_closing_the_clock_stands_is_told_as_paused)
{
    static const struct {
        Callout__V1__TargetKind kind;
        int64_t amount;
        const char *why[5];
    } rows[] = {
        /* from Monday noon; it stands from Tuesday noon to Thursday noon */
        { TARGET(PERIOD_WORKING_DAYS), 1, { "start_day", "paused_day", "day" } },
        { TARGET(NTH_WORKING_DAY), 2, { "day", "paused_day", "day" } },
        { TARGET(NEXT_BUSINESS_DAY), 0, { "start_day", "paused_day", "day" } },
        { TARGET(PERIOD_DAYS), 1, { "start_day", "paused_day", "day" } },
        { TARGET(PERIOD_DAYS), 2, { "start_day", "paused_day", "day", "day" } },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin(rows[i].kind, rows[i].amount);
        world_input(&w, 180, ACT(ARRIVED));
        world_by(&w, 1440 + 180, ACT(WAITING_CUSTOMER), ROLE(CUSTOMER));
        world_input(&w, 3 * 1440 + 180, ACT(CUSTOMER_ANSWERED));
        explain(3 * 1440 + 200);
        const Callout__V1__ClockAccount *c = tell(3 * 1440 + 200)->clocks[0];
        size_t n = 0;
        for (; n < 5 && rows[i].why[n] != NULL; n++) {
            ck_assert_uint_lt(n, c->n_segments);
            ck_assert_msg(strcmp(c->segments[n]->why, rows[i].why[n]) == 0, "row %zu, %zu: %s", i,
                          n, c->segments[n]->why);
        }
        ck_assert_uint_eq(c->n_segments, n);
        ck_assert_int_eq(c->segments[1]->by->role, ROLE(CUSTOMER));
        ck_assert_str_eq(c->segments[1]->first_day, "2026-03-03");
        ck_assert_str_eq(c->segments[1]->last_day, "2026-03-04");
        world_done(&w);
    }
}
END_TEST

START_TEST(a_condition_and_an_exclusion_that_stop_a_clock_are_told_one_after_the_other)
{
    Callout__V1__Milestone *m = begin(TARGET(RUNNING), HOUR);
    world_condition(&w, "site_closed");
    world_pause_by(&w, m, "site_closed");
    world_excluded(&w, "force_majeure");
    world_input(&w, 10, ACT(ARRIVED));
    Callout__V1__SlaInput *set = world_set(&w, 20, "site_closed");
    world_declare(&w, world_exclusion(&w, "storm", "force_majeure", 30, 60));
    world_clear(&w, 40, "site_closed");
    struct sla_account a = explain(70);
    ck_assert_uint_eq(a.count, 4);
    expect(&a, 0, 20, "running");
    expect(&a, 1, 40, "paused");
    expect(&a, 2, 60, "paused");
    expect(&a, 3, 110, "running");
    const Callout__V1__ClockAccount *c = tell(70)->clocks[0];
    ck_assert_str_eq(c->segments[1]->by->kind, "condition");
    ck_assert_str_eq(c->segments[1]->by->key, "site_closed");
    ck_assert_uint_eq(c->segments[1]->by->seq, set->seq);
    ck_assert_str_eq(c->segments[2]->by->kind, "exclusion");
    ck_assert_str_eq(c->segments[2]->by->key, "storm");
    ck_assert_str_eq(c->segments[2]->by->cause, "force_majeure");
    ck_assert_int_eq(c->segments[2]->by->occurred_us, T0 + 30 * MINUTE);
    world_done(&w);
}
END_TEST

START_TEST(a_figure_of_the_contract_is_told_as_such)
{
    world_init(&w);
    Callout__V1__Milestone *m = world_milestone(&w, "m", ACT(ARRIVED), ACT(RESTORED));
    world_from_contract(&w, m, 2, TARGET(RUNNING), HOUR);
    world_open(&w, 2);
    world_input(&w, 0, ACT(ARRIVED));
    ck_assert(!tell(5)->clocks[0]->from_contract);
    world_figure(&w, "m", 2, TARGET(RUNNING), 2 * HOUR);
    const Callout__V1__ClockAccount *c = tell(5)->clocks[0];
    ck_assert(c->from_contract);
    ck_assert_int_eq(c->target, 2 * HOUR);
    world_done(&w);
}
END_TEST

START_TEST(a_clock_that_waited_for_its_guard_is_accounted_for_from_its_start)
{
    Callout__V1__Milestone *m = begin(TARGET(RUNNING), HOUR);
    world_condition(&w, "covered");
    world_only(&w, m, "covered");
    world_input(&w, 10, ACT(ARRIVED));
    world_by(&w, 20, ACT(WAITING_CUSTOMER), ROLE(CUSTOMER));
    world_input(&w, 30, ACT(CUSTOMER_ANSWERED));
    world_set(&w, 50, "covered");
    struct sla_account a = explain(55);
    ck_assert_uint_eq(a.count, 3);
    expect(&a, 0, 20, "running");
    expect(&a, 1, 30, "paused");
    expect(&a, 2, 80, "running");
    ck_assert_int_eq(tell(55)->clocks[0]->segments[1]->by->role, ROLE(CUSTOMER));
    world_done(&w);
}
END_TEST

START_TEST(years_without_data_are_named)
{
    static const struct co_span nine_to_six = { 9 * 60, 18 * 60 };
    static const struct co_offset_change beijing = { 0, 8 * 3600 };
    const int32_t known[] = { 2026 };
    struct co_calendar_spec spec = { .offsets = { &beijing, 1 },
                                     .has_holiday_set = true,
                                     .known_year = known,
                                     .known_year_count = 1,
                                     .first_year = 2025,
                                     .last_year = 2028 };
    for (int i = CO_MONDAY; i <= CO_FRIDAY; i++)
        spec.week[i] = (struct co_day_spans){ &nine_to_six, 1 };
    char problem[CO_CALENDAR_PROBLEM];
    begin(TARGET(WORKING), 250 * 9 * HOUR); /* from March to the February after */
    co_calendar_free(w.calendar);
    ck_assert_int_eq(co_calendar_compile(&spec, &w.calendar, problem), CO_OK);
    world_input(&w, 0, ACT(ARRIVED));
    const Callout__V1__ClockAccount *c = tell(5)->clocks[0];
    ck_assert(c->basis->beyond_data);
    ck_assert_uint_eq(c->n_years_unknown, 1);
    ck_assert_uint_eq(c->years_unknown[0], 2027);
    world_done(&w);
    begin(TARGET(WORKING), 2500 * 9 * HOUR); /* beyond what is compiled */
    co_calendar_free(w.calendar);
    ck_assert_int_eq(co_calendar_compile(&spec, &w.calendar, problem), CO_OK);
    world_input(&w, 0, ACT(ARRIVED));
    c = tell(5)->clocks[0];
    ck_assert_uint_eq(c->n_years_unknown, 1);
    ck_assert_uint_eq(c->years_unknown[0], 2027);
    ck_assert_str_eq(c->segments[0]->why, "no_data");
    world_done(&w);
}
END_TEST

START_TEST(a_clock_that_stands_is_told_as_if_it_went_on_now)
{
    begin(TARGET(RUNNING), HOUR);
    world_input(&w, 10, ACT(ARRIVED));
    world_input(&w, 20, ACT(WAITING_CUSTOMER));
    struct sla_account a = explain(200);
    ck_assert_uint_eq(a.count, 3);
    expect(&a, 1, 200, "paused");
    expect(&a, 2, 250, "running");
    world_input(&w, 100, ACT(RESTORED));
    a = explain(200);
    expect(&a, 1, 100, "paused");
    expect(&a, 2, 150, "running");
    world_done(&w);
}
END_TEST

START_TEST(working_time_names_nights_and_weekends)
{
    begin(TARGET(WORKING), 2 * HOUR);
    world_input(&w, 4 * 1440 + 480, ACT(ARRIVED)); /* Friday 17:00 */
    struct sla_account a = explain(4 * 1440 + 480);
    ck_assert_uint_eq(a.count, 5);
    expect(&a, 0, 4 * 1440 + 540, "working");
    expect(&a, 1, 4 * 1440 + 900, "off_hours");
    expect(&a, 2, 6 * 1440 + 900, "weekend");
    expect(&a, 3, 7 * 1440, "off_hours");
    expect(&a, 4, 7 * 1440 + 60, "working");
    world_done(&w);
}
END_TEST

START_TEST(targets_of_days_count_days)
{
    begin(TARGET(PERIOD_WORKING_DAYS), 2);
    world_input(&w, 4 * 1440, ACT(ARRIVED)); /* Friday */
    struct sla_account a = explain(4 * 1440);
    ck_assert(a.is_days);
    ck_assert_uint_eq(a.count, 4);
    expect(&a, 0, 4 * 1440 + 900, "start_day");
    expect(&a, 1, 6 * 1440 + 900, "weekend");
    expect(&a, 2, 7 * 1440 + 900, "day");
    expect(&a, 3, 8 * 1440 + 540, "day");
    world_done(&w);
}
END_TEST

/* Saturday the 7th is worked, Monday the 9th is a holiday. */
static void with_holiday(void)
{
    static const struct co_span nine_to_six = { 9 * 60, 18 * 60 };
    static const struct co_offset_change beijing = { 0, 8 * 3600 };
    const struct co_day_exception days[] = { { 20519, { &nine_to_six, 1 }, false },
                                             { 20521, { NULL, 0 }, true } };
    const int32_t known[] = { 2026 };
    struct co_calendar_spec spec = { .offsets = { &beijing, 1 },
                                     .exception = days,
                                     .exception_count = 2,
                                     .has_holiday_set = true,
                                     .known_year = known,
                                     .known_year_count = 1,
                                     .first_year = 2025,
                                     .last_year = 2027 };
    for (int i = CO_MONDAY; i <= CO_FRIDAY; i++)
        spec.week[i] = (struct co_day_spans){ &nine_to_six, 1 };
    char problem[CO_CALENDAR_PROBLEM];
    co_calendar_free(w.calendar);
    ck_assert_int_eq(co_calendar_compile(&spec, &w.calendar, problem), CO_OK);
}

START_TEST(a_start_that_does_not_count_and_a_day_that_ends_first_are_told)
{
    Callout__V1__Milestone *m = begin(TARGET(NTH_WORKING_DAY), 2);
    m->cutoff_minute = 960;
    world_input(&w, 420, ACT(ARRIVED)); /* Monday 16:00 */
    struct sla_account a = explain(420);
    ck_assert_uint_eq(a.count, 3);
    expect(&a, 0, 900, "start_day");
    expect(&a, 1, 1440 + 900, "day");
    expect(&a, 2, 2 * 1440 + 540, "day");
    world_done(&w);
    m = begin(TARGET(RUNNING), 6 * HOUR);
    m->same_day = true;
    world_input(&w, 600, ACT(ARRIVED)); /* 19:00 */
    world_story(&w, 600);
    struct sla_fold_input in = world_fold_input(&w, 600);
    ck_assert_int_eq(sla_explain(&in, w.fold.clocks[0], w.arena, &a), CO_OK);
    expect(&a, 0, 900, "running");
    ck_assert_int_eq(a.counted, 5 * HOUR);
    ck_assert_int_eq(a.target, 6 * HOUR);
    world_done(&w);
}
END_TEST

START_TEST(makeup_workdays_and_holidays_are_named)
{
    begin(TARGET(NTH_WORKING_DAY), 3);
    with_holiday();
    world_input(&w, 4 * 1440, ACT(ARRIVED)); /* Friday */
    struct sla_account a = explain(4 * 1440);
    ck_assert_uint_eq(a.count, 5);
    expect(&a, 0, 4 * 1440 + 900, "day");
    expect(&a, 1, 5 * 1440 + 900, "makeup_day");
    expect(&a, 2, 6 * 1440 + 900, "weekend");
    expect(&a, 3, 7 * 1440 + 900, "holiday");
    expect(&a, 4, 8 * 1440 + 540, "day");
    world_done(&w);
    begin(TARGET(WORKING), 12 * HOUR);
    with_holiday();
    world_input(&w, 4 * 1440 + 480, ACT(ARRIVED)); /* Friday 17:00 */
    a = explain(4 * 1440 + 480);
    expect(&a, 0, 4 * 1440 + 540, "working");
    expect(&a, 2, 5 * 1440 + 540, "makeup");
    expect(&a, 5, 7 * 1440 + 900, "holiday");
    expect(&a, 7, 8 * 1440 + 120, "working");
    world_done(&w);
}
END_TEST

START_TEST(all_clocks_of_a_case_are_told_with_their_state_and_their_table)
{
    world_init(&w);
    world_warn(&w, world_arrival(&w), 50, 0);
    Callout__V1__Milestone *m = world_milestone(&w, "response", ACT(REPORTED), ACT(CONTACTED));
    world_minutes(&w, m, 30, 30, 30, 30);
    m->internal = true;
    world_open(&w, 2);
    w.opened->registry_version = 7;
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    world_input(&w, 40, ACT(CONTACTED));
    Callout__V1__Explanation *e = NULL;
    world_story(&w, 50);
    struct sla_fold_input in = world_fold_input(&w, 50);
    ck_assert_int_eq(sla_explain_case(&in, &w.fold, w.arena, &e), CO_OK);
    ck_assert_uint_eq(e->n_clocks, 2);
    ck_assert_str_eq(e->clocks[0]->state, "late");
    ck_assert_int_eq(e->clocks[0]->end_us, T0 + 40 * MINUTE);
    ck_assert(e->clocks[0]->internal);
    ck_assert_str_eq(e->clocks[1]->state, "open"); /* where the site is, is not known */
    ck_assert_str_eq(e->clocks[1]->table, "rings");
    ck_assert_ptr_null(e->clocks[1]->basis);
    ck_assert_uint_eq(e->clocks[1]->n_segments, 1);
    ck_assert_str_eq(e->clocks[1]->segments[0]->why, "not_located");
    ck_assert_int_eq(e->clocks[1]->segments[0]->until_us, T0 + 50 * MINUTE);
    world_locate(&w, 45, 12.5);
    world_story(&w, 50);
    in = world_fold_input(&w, 50);
    ck_assert_int_eq(sla_explain_case(&in, &w.fold, w.arena, &e), CO_OK);
    const Callout__V1__ClockAccount *arrival = e->clocks[1];
    ck_assert_str_eq(arrival->state, "running");
    ck_assert_str_eq(arrival->basis->zone, "zone 1");
    ck_assert_int_eq(arrival->target, 3 * HOUR);
    ck_assert_uint_eq(arrival->n_segments, 1);
    ck_assert_int_eq(arrival->segments[0]->until_us, arrival->due_us);
    ck_assert_uint_eq(e->registry_version, 7);
    ck_assert_str_eq(e->source, "the document");
    world_done(&w);
}
END_TEST

START_TEST(segments_name_the_days_of_the_calendar_where_it_is_used)
{
    Callout__V1__Explanation *e = NULL;
    begin(TARGET(NTH_WORKING_DAY), 2);
    world_minutes(&w, world_milestone(&w, "n", ACT(ARRIVED), ACT(RESTORED)), 60, 60, 60, 60);
    world_input(&w, 4 * 1440, ACT(ARRIVED)); /* Friday */
    world_story(&w, 4 * 1440);
    struct sla_fold_input in = world_fold_input(&w, 4 * 1440);
    ck_assert_int_eq(sla_explain_case(&in, &w.fold, w.arena, &e), CO_OK);
    const Callout__V1__ClockAccount *days = e->clocks[0];
    ck_assert_uint_eq(days->n_segments, 3);
    ck_assert_str_eq(days->segments[0]->first_day, "2026-03-06");
    ck_assert_str_eq(days->segments[0]->last_day, "2026-03-06");
    ck_assert_str_eq(days->segments[1]->first_day, "2026-03-07");
    ck_assert_str_eq(days->segments[1]->last_day, "2026-03-08");
    ck_assert_str_eq(days->segments[2]->last_day, "2026-03-09");
    ck_assert_str_eq(e->clocks[1]->segments[0]->first_day, "");
    world_done(&w);
}
END_TEST

START_TEST(an_agreed_time_has_no_target_and_one_not_yet_agreed_is_waited_for)
{
    begin(TARGET(AGREED), 0);
    world_input(&w, 0, ACT(ARRIVED));
    struct sla_account a = explain(5);
    ck_assert_uint_eq(a.count, 1);
    expect(&a, 0, 5, "not_agreed");
    ck_assert_int_eq(a.due_us, 0);
    world_input(&w, 5, ACT(AGREE))->agreed_us = T0 + 300 * MINUTE;
    a = explain(5);
    ck_assert_uint_eq(a.count, 1);
    expect(&a, 0, 300, "agreed");
    world_done(&w);
}
END_TEST

static const struct {
    Callout__V1__TargetKind kind;
    int64_t amount;
} kinds[] = {
    { TARGET(RUNNING), 3 * HOUR },      { TARGET(WORKING), 13 * HOUR },
    { TARGET(NTH_WORKING_DAY), 2 },     { TARGET(NTH_WORKING_DAY), 3 },
    { TARGET(PERIOD_WORKING_DAYS), 5 }, { TARGET(PERIOD_DAYS), 2 },
    { TARGET(NEXT_BUSINESS_DAY), 0 },
};

START_TEST(what_counts_adds_up_to_the_target_whatever_happens)
{
    struct co_rand r;
    co_rand_init(&r, 7);
    for (int i = 0; i < 700; i++) {
        size_t k = (size_t)i % (sizeof(kinds) / sizeof(kinds[0]));
        begin(kinds[k].kind, kinds[k].amount);
        int64_t minute = co_rand_between(&r, 0, 14 * 1440);
        world_input(&w, minute, ACT(ARRIVED));
        for (uint64_t n = co_rand_below(&r, 6); n > 0; n--) {
            minute += co_rand_between(&r, 0, 600);
            world_input(&w, minute, n % 2 == 0 ? ACT(WAITING_CUSTOMER) : ACT(CUSTOMER_ANSWERED));
        }
        explain(minute + co_rand_between(&r, 0, 1000));
        world_done(&w);
    }
}
END_TEST

CHECK_MAIN("sla_explain", running_time_is_one_stretch_but_for_its_pauses,
           a_clock_that_stands_is_told_as_if_it_went_on_now, working_time_names_nights_and_weekends,
           targets_of_days_count_days,
           an_agreed_time_has_no_target_and_one_not_yet_agreed_is_waited_for,
           a_late_clock_is_accounted_for_up_to_its_end, a_pause_is_told_with_the_act_that_made_it,
           a_pause_that_the_policy_made_names_its_act,
           the_instant_where_another_level_began_to_govern_is_told,
           a_raise_that_leaves_the_earlier_due_time_is_no_change_of_the_target,
           a_day_at_whose_closing_the_clock_stands_is_told_as_paused,
           a_condition_and_an_exclusion_that_stop_a_clock_are_told_one_after_the_other,
           a_figure_of_the_contract_is_told_as_such,
           a_clock_that_waited_for_its_guard_is_accounted_for_from_its_start,
           years_without_data_are_named,
           a_start_that_does_not_count_and_a_day_that_ends_first_are_told,
           makeup_workdays_and_holidays_are_named,
           all_clocks_of_a_case_are_told_with_their_state_and_their_table,
           segments_name_the_days_of_the_calendar_where_it_is_used,
           what_counts_adds_up_to_the_target_whatever_happens)
