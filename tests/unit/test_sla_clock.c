#include "sla_world.h"

#include "check_main.h"

static struct world w;

static void begin(void)
{
    world_init(&w);
}

static Callout__V1__Milestone *response(void)
{
    Callout__V1__Milestone *m = world_milestone(&w, "response", ACT(REPORTED), ACT(CONTACTED));
    world_minutes(&w, m, 30, 30, 60, 240);
    return m;
}

static void expect(int64_t minute, const char *story)
{
    ck_assert_str_eq(world_story(&w, minute), story);
}

#define PROMISED "promised response/1 level 2 from 0 due 30\n"

START_TEST(a_report_starts_the_clock_and_a_contact_meets_it)
{
    begin();
    response();
    world_open(&w, 2);
    expect(29, PROMISED);
    ck_assert_int_eq(w.fold.next_us, T0 + 30 * MINUTE);
    ck_assert_str_eq(w.fold.next_promise->milestone->name, "response");
    world_input(&w, 10, ACT(CONTACTED));
    expect(100, PROMISED "met response/1 at 10\n");
    ck_assert_int_eq(w.fold.next_us, INT64_MAX);
    ck_assert_ptr_null(w.fold.next_promise);
    world_done(&w);
}
END_TEST

START_TEST(what_happens_exactly_at_the_due_time_is_in_time)
{
    begin();
    response();
    world_open(&w, 2);
    world_input(&w, 30, ACT(CONTACTED));
    expect(30, PROMISED "met response/1 at 30\n");
    world_done(&w);
}
END_TEST

START_TEST(a_due_time_takes_effect_before_what_happened_after_it)
{
    begin();
    response();
    world_open(&w, 2);
    expect(30, PROMISED "breached response/1 level 2 due 30\n");
    world_input(&w, 31, ACT(CONTACTED));
    expect(40, PROMISED "breached response/1 level 2 due 30\nmet response/1 at 31 late 1\n");
    world_done(&w);
}
END_TEST

START_TEST(nothing_is_promised_at_a_level_without_a_target)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "start", ACT(REPORTED), ACT(PROCESS_STARTED));
    world_minutes(&w, m, 30, 30, 60, 0);
    world_open(&w, 4);
    expect(1000, "");
    ck_assert_int_eq(w.fold.next_us, INT64_MAX);
    world_done(&w);
}
END_TEST

START_TEST(inputs_of_the_future_wait_for_their_time)
{
    begin();
    response();
    world_open(&w, 2);
    world_input(&w, 12, ACT(CONTACTED));
    expect(11, PROMISED);
    ck_assert_int_eq(w.fold.next_us, T0 + 12 * MINUTE);
    ck_assert_uint_eq(w.fold.acts >> ACT(CONTACTED) & 1, 0);
    expect(12, PROMISED "met response/1 at 12\n");
    world_done(&w);
}
END_TEST

START_TEST(nothing_happens_before_the_case_is_taken_on)
{
    begin();
    response();
    world_open(&w, 2);
    world_input(&w, -60, ACT(CONTACTED));
    expect(-1, "");
    ck_assert_int_eq(w.fold.next_us, T0);
    expect(5, PROMISED "met response/1 at 0\n");
    world_done(&w);
}
END_TEST

START_TEST(a_second_start_while_the_clock_runs_changes_nothing)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "arrival", ACT(ONSITE_REQUESTED), ACT(ARRIVED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_open(&w, 2);
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    world_input(&w, 20, ACT(ONSITE_REQUESTED));
    world_input(&w, 30, ACT(ARRIVED));
    expect(40, "promised arrival/1 level 2 from 10 due 70\nmet arrival/1 at 30\n");
    world_input(&w, 50, ACT(ONSITE_REQUESTED));
    expect(60, "promised arrival/1 level 2 from 10 due 70\nmet arrival/1 at 30\n"
               "promised arrival/2 level 2 from 50 due 110\n");
    world_done(&w);
}
END_TEST

START_TEST(a_late_clock_still_runs_and_is_not_started_anew)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "arrival", ACT(ONSITE_REQUESTED), ACT(ARRIVED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_open(&w, 2);
    world_input(&w, 0, ACT(ONSITE_REQUESTED));
    world_input(&w, 90, ACT(ONSITE_REQUESTED));
    expect(100, "promised arrival/1 level 2 from 0 due 60\nbreached arrival/1 level 2 due 60\n");
    world_done(&w);
}
END_TEST

START_TEST(a_cancel_stops_the_clock_without_being_met)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "restore", ACT(ARRIVED), ACT(RESTORED));
    world_minutes(&w, m, 180, 180, 120, 0);
    world_cancel(&w, m, ACT(HARDWARE_FAULT));
    world_start(&w, m, ACT(HARDWARE_READY));
    world_open(&w, 3);
    world_input(&w, 10, ACT(ARRIVED));
    world_input(&w, 40, ACT(HARDWARE_FAULT));
    world_input(&w, 400, ACT(HARDWARE_READY));
    expect(410, "promised restore/1 level 3 from 10 due 130\nstopped restore/1 at 40\n"
                "promised restore/2 level 3 from 400 due 520\n");
    world_done(&w);
}
END_TEST

START_TEST(suspended_nothing_runs_until_the_restart_which_gives_the_full_time)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "restore", ACT(ARRIVED), ACT(RESTORED));
    world_minutes(&w, m, 180, 180, 120, 0);
    world_suspend(&w, m, ACT(HARDWARE_FAULT), ACT(HARDWARE_READY));
    world_signer(&w, ROLE(CUSTOMER));
    world_open(&w, 4);
    world_input(&w, 5, ACT(HARDWARE_FAULT));
    world_input(&w, 10, ACT(ARRIVED));
    world_level(&w, 20, 3);
    expect(300, "severity #1 4>3 at 20 set\n");
    world_input(&w, 400, ACT(HARDWARE_READY));
    world_input(&w, 405, ACT(HARDWARE_READY));
    world_input(&w, 430, ACT(HARDWARE_FAULT));
    world_input(&w, 440, ACT(RESTORED)); /* the wait is over, too */
    world_input(&w, 450, ACT(RELAPSED));
    expect(460, "severity #1 4>3 at 20 set\npromised restore/1 level 3 from 400 due 520\n"
                "stopped restore/1 at 430\npromised restore/2 level 3 from 450 due 570\n");
    world_done(&w);
}
END_TEST

START_TEST(first_contact_starts_remote_repair_unless_somebody_was_asked_to_the_site)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "remote", ACT(NONE), ACT(RESTORED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_start_unless_cancelled(&w, m, ACT(CONTACTED));
    world_cancel(&w, m, ACT(ONSITE_REQUESTED));
    world_open(&w, 3);
    world_input(&w, 10, ACT(CONTACTED));
    expect(11, "promised remote/1 level 3 from 10 due 70\n");
    world_input(&w, 5, ACT(ONSITE_REQUESTED));
    expect(11, "");
    world_done(&w);
}
END_TEST

START_TEST(a_clock_stands_while_the_customer_has_to_answer)
{
    begin();
    world_pause(&w, response(), ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_open(&w, 2);
    world_input(&w, 10, ACT(WAITING_CUSTOMER));
    expect(500, "promised response/1 level 2 from 0 due 30 paused\n");
    ck_assert_int_eq(w.fold.next_us, INT64_MAX);
    ck_assert_ptr_null(w.fold.next_promise);
    world_input(&w, 100, ACT(CUSTOMER_ANSWERED));
    expect(119, "promised response/1 level 2 from 0 due 120\n");
    world_input(&w, 110, ACT(WAITING_CUSTOMER));
    world_input(&w, 115, ACT(CUSTOMER_ANSWERED));
    expect(200,
           "promised response/1 level 2 from 0 due 125\nbreached response/1 level 2 due 125\n");
    world_done(&w);
}
END_TEST

START_TEST(a_clock_that_starts_during_a_pause_stands_from_its_start)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "restore", ACT(ARRIVED), ACT(RESTORED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_pause(&w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_open(&w, 2);
    world_input(&w, 5, ACT(WAITING_CUSTOMER));
    world_input(&w, 10, ACT(ARRIVED));
    expect(80, "promised restore/1 level 2 from 10 due 70 paused\n");
    world_input(&w, 90, ACT(CUSTOMER_ANSWERED));
    expect(100, "promised restore/1 level 2 from 10 due 150\n");
    world_done(&w);
}
END_TEST

START_TEST(working_time_stands_at_night_and_in_pauses)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "report", ACT(REPORTED), ACT(INVESTIGATED));
    world_target(&w, m, 2, TARGET(WORKING), 10 * HOUR);
    world_pause(&w, m, ACT(WAITING_VENDOR), ACT(VENDOR_ANSWERED));
    world_open(&w, 2);
    expect(1, "promised report/1 level 2 from 0 due 1500\n"); /* tomorrow 10:00 */
    world_input(&w, 480, ACT(WAITING_VENDOR));                /* 17:00, 8 h used */
    world_input(&w, 1500, ACT(VENDOR_ANSWERED));              /* tomorrow 10:00 */
    expect(1600, "promised report/1 level 2 from 0 due 1620\n");
    world_done(&w);
}
END_TEST

/* Waiting for the customer from minute to minute makes it due then. */
static void expect_days(Callout__V1__TargetKind kind, int64_t amount, int64_t from, int64_t until,
                        int64_t due)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "visit", ACT(REPORTED), ACT(ARRIVED));
    world_target(&w, m, 2, kind, amount);
    world_pause(&w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_open(&w, 2);
    world_input(&w, from, ACT(WAITING_CUSTOMER));
    world_input(&w, until, ACT(CUSTOMER_ANSWERED));
    world_story(&w, until);
    ck_assert_int_eq((w.fold.clocks[0]->due_us - T0) / MINUTE, due);
    ck_assert(!w.fold.clocks[0]->is_paused);
    world_done(&w);
}

/* Monday closes at minute 540 and ends at 900, Tuesday 1440 later. */
START_TEST(a_day_that_closes_while_the_clock_stands_does_not_count)
{
    expect_days(TARGET(NTH_WORKING_DAY), 2, 10, 100, 1980);     /* gone on before Monday closed */
    expect_days(TARGET(NTH_WORKING_DAY), 2, 10, 541, 3420);     /* Monday is lost */
    expect_days(TARGET(NTH_WORKING_DAY), 2, 10, 2000, 4860);    /* and Tuesday */
    expect_days(TARGET(NTH_WORKING_DAY), 2, 10, 5000, 10620);   /* until Thursday: next Monday */
    expect_days(TARGET(PERIOD_WORKING_DAYS), 1, 10, 541, 1980); /* Monday does not count anyway */
    expect_days(TARGET(PERIOD_WORKING_DAYS), 1, 1500, 1981, 3420);
    expect_days(TARGET(NEXT_BUSINESS_DAY), 0, 1500, 1981, 3420);
    expect_days(TARGET(PERIOD_DAYS), 2, 10, 2000, 3780); /* Tuesday had not ended */
    expect_days(TARGET(PERIOD_DAYS), 2, 10, 2341, 5220); /* it had */
}
END_TEST

START_TEST(a_pause_of_whole_days_moves_a_promise_of_days_by_as_many)
{
    expect_days(TARGET(PERIOD_DAYS), 2, 900, 3780, 6660);     /* all of Tuesday and Wednesday */
    expect_days(TARGET(NTH_WORKING_DAY), 2, 900, 3780, 4860); /* due on Thursday, not Tuesday */
    expect_days(TARGET(NTH_WORKING_DAY), 1, 540, 900, 540);   /* Monday closed as it began */
}
END_TEST

START_TEST(a_promise_of_days_waits_while_its_clock_stands)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "visit", ACT(REPORTED), ACT(ARRIVED));
    world_target(&w, m, 2, TARGET(NTH_WORKING_DAY), 2);
    world_warn(&w, m, 50, 0);
    world_pause(&w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_open(&w, 2);
    world_input(&w, 100, ACT(WAITING_CUSTOMER));
    expect(3000, "promised visit/1 level 2 from 0 due 1980 paused\n");
    world_input(&w, 2100, ACT(CUSTOMER_ANSWERED));
    /* 4860 minutes with 2000 of standing: half of 2860 is 1430, and 2000 later */
    expect(5000, "promised visit/1 level 2 from 0 due 4860\nwarned visit/1 #0 at 3430\n"
                 "breached visit/1 level 2 due 4860\n");
    world_done(&w);
}
END_TEST

START_TEST(an_agreed_time_does_not_move)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "visit", ACT(REPORTED), ACT(ARRIVED));
    world_target(&w, m, 2, TARGET(AGREED), 0);
    world_pause(&w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_open(&w, 2);
    world_input(&w, 10, ACT(AGREE))->agreed_us = T0 + 300 * MINUTE;
    world_input(&w, 20, ACT(WAITING_CUSTOMER));
    expect(300, "promised visit/1 level 2 from 0 due 300\nbreached visit/1 level 2 due 300\n");
    world_done(&w);
}
END_TEST

START_TEST(a_condition_makes_a_clock_stand_while_it_holds)
{
    begin();
    world_condition(&w, "no_access");
    world_pause_by(&w, response(), "no_access");
    world_open(&w, 2);
    world_set(&w, 10, "no_access");
    world_clear(&w, 50, "no_access");
    expect(60, "promised response/1 level 2 from 0 due 70\n");
    ck_assert_uint_eq(w.fold.clocks[0]->pauses.count, 1);
    ck_assert_str_eq(w.fold.clocks[0]->pauses.pause[0].reason.why, "condition");
    ck_assert_str_eq(w.fold.clocks[0]->pauses.pause[0].reason.name, "no_access");
    world_done(&w);
}
END_TEST

static void expect_piece(size_t i, int64_t from, int64_t until, const char *why, const char *name)
{
    const struct sla_pauses *p = &w.fold.clocks[0]->pauses;
    ck_assert_uint_lt(i, p->count);
    ck_assert_int_eq((p->pause[i].from_us - T0) / MINUTE, from);
    ck_assert_int_eq((p->pause[i].until_us - T0) / MINUTE, until);
    ck_assert_str_eq(p->pause[i].reason.why, why);
    ck_assert_str_eq(p->pause[i].reason.name, name);
}

START_TEST(a_clock_goes_on_when_the_last_of_several_reasons_ends)
{
    begin();
    world_condition(&w, "no_access");
    world_excluded(&w, "storm");
    Callout__V1__Milestone *m = response();
    world_pause_by(&w, m, "no_access");
    world_pause(&w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_open(&w, 2);
    world_input(&w, 10, ACT(WAITING_CUSTOMER));
    world_set(&w, 15, "no_access");
    world_declare(&w, world_exclusion(&w, "x", "storm", 20, 50));
    world_input(&w, 30, ACT(CUSTOMER_ANSWERED));
    world_clear(&w, 40, "no_access");
    expect(60, "promised response/1 level 2 from 0 due 70\n");
    ck_assert_uint_eq(w.fold.clocks[0]->pauses.count, 3);
    expect_piece(0, 10, 30, "act", "waiting_customer");
    expect_piece(1, 30, 40, "condition", "no_access");
    expect_piece(2, 40, 50, "exclusion", "x");
    world_done(&w);
}
END_TEST

START_TEST(each_warning_is_given_once_at_its_part_of_the_way)
{
    begin();
    Callout__V1__Milestone *m = response();
    world_warn(&w, m, 50, 0);
    world_warn(&w, m, 0, 5 * MINUTE);
    world_open(&w, 2);
    expect(1, PROMISED);
    ck_assert_int_eq(w.fold.next_us, T0 + 15 * MINUTE);
    expect(29, PROMISED "warned response/1 #0 at 15\nwarned response/1 #1 at 25\n");
    world_input(&w, 15, ACT(CONTACTED));
    expect(29, PROMISED "met response/1 at 15\n");
    world_done(&w);
}
END_TEST

START_TEST(a_pause_moves_the_warnings_along)
{
    begin();
    Callout__V1__Milestone *m = response();
    world_warn(&w, m, 50, 0);
    world_pause(&w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_open(&w, 2);
    world_input(&w, 10, ACT(WAITING_CUSTOMER));
    world_input(&w, 110, ACT(CUSTOMER_ANSWERED));
    expect(120, "promised response/1 level 2 from 0 due 130\nwarned response/1 #0 at 115\n");
    world_done(&w);
}
END_TEST

START_TEST(a_warning_longer_than_the_way_is_never_given)
{
    begin();
    Callout__V1__Milestone *m = response();
    world_warn(&w, m, 0, 60 * MINUTE);
    world_open(&w, 2);
    expect(29, PROMISED);
    world_done(&w);
}
END_TEST

START_TEST(a_condition_starts_and_cancels_a_limit)
{
    begin();
    world_condition(&w, "key_business_down");
    Callout__V1__Milestone *m = world_milestone(&w, "down", ACT(NONE), ACT(RESTORED));
    world_target(&w, m, 2, TARGET(RUNNING), HOUR);
    world_by_condition(&w, m, "key_business_down");
    world_open(&w, 2);
    world_set(&w, 10, "key_business_down");
    world_set(&w, 15, "key_business_down");
    world_set(&w, 16, "unheard_of");
    world_clear(&w, 40, "key_business_down");
    world_set(&w, 50, "key_business_down");
    expect(60, "promised down/1 level 2 from 10 due 70\nstopped down/1 at 40\n"
               "promised down/2 level 2 from 50 due 110\n");
    ck_assert(w.fold.conditions[0]);
    world_done(&w);
}
END_TEST

START_TEST(an_act_of_the_pack_starts_what_it_would_start_anyway)
{
    begin();
    Callout__V1__Milestone *limit =
        world_milestone(&w, "remote_limit", ACT(REPORTED), ACT(RESTORED));
    world_minutes(&w, limit, 60, 60, 60, 60);
    world_cancel(&w, limit, ACT(ONSITE_REQUESTED));
    world_on_breach(&w, limit, ACTION(ACT))->act = ACT(ONSITE_REQUESTED);
    Callout__V1__Milestone *arrival =
        world_milestone(&w, "arrival", ACT(ONSITE_REQUESTED), ACT(ARRIVED));
    world_minutes(&w, arrival, 120, 120, 120, 120);
    world_open(&w, 2);
    const char *before = "promised remote_limit/1 level 2 from 0 due 60\n";
    expect(59, before);
    expect(61, "promised remote_limit/1 level 2 from 0 due 60\n"
               "breached remote_limit/1 level 2 due 60\n"
               "acted remote_limit/1 breach #0 at 60 act 8\n"
               "stopped remote_limit/1 at 60\n"
               "promised arrival/1 level 2 from 60 due 180\n");
    world_input(&w, 30, ACT(ONSITE_REQUESTED));
    expect(61, "promised remote_limit/1 level 2 from 0 due 60\nstopped remote_limit/1 at 30\n"
               "promised arrival/1 level 2 from 30 due 150\n");
    world_done(&w);
}
END_TEST

START_TEST(a_warning_may_propose_something_once)
{
    begin();
    Callout__V1__Milestone *m = response();
    world_warn(&w, m, 50, 0);
    world_warn(&w, m, 90, 0);
    world_on_warning(&w, m, ACTION(PROPOSE))->what = world_text(&w, "hurry");
    world_open(&w, 2);
    expect(29, PROMISED "warned response/1 #0 at 15\nacted response/1 warning #0 at 15 hurry\n"
                        "warned response/1 #1 at 27\n");
    world_done(&w);
}
END_TEST

START_TEST(an_action_keeps_to_its_levels_and_conditions)
{
    begin();
    world_condition(&w, "standby");
    Callout__V1__Milestone *m = response();
    Callout__V1__Action *a = world_on_breach(&w, m, ACTION(PROPOSE));
    a->what = world_text(&w, "at_1");
    world_only_at(&w, a, 1);
    a = world_on_breach(&w, m, ACTION(PROPOSE));
    a->what = world_text(&w, "at_2");
    world_only_at(&w, a, 2);
    a = world_on_breach(&w, m, ACTION(PROPOSE));
    a->what = world_text(&w, "substitute_environment");
    a->unless_condition = world_text(&w, "standby");
    world_open(&w, 2);
    world_set(&w, 5, "standby");
    expect(30,
           PROMISED "breached response/1 level 2 due 30\nacted response/1 breach #1 at 30 at_2\n");
    world_done(&w);
}
END_TEST

START_TEST(a_pack_that_goes_round_in_circles_is_refused)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "mad", ACT(REPORTED), ACT(RESTORED));
    world_minutes(&w, m, 1, 1, 1, 1);
    world_cancel(&w, m, ACT(NOTE));
    world_start(&w, m, ACT(NOTE));
    world_on_breach(&w, m, ACTION(ACT))->act = ACT(NOTE);
    world_open(&w, 2);
    struct sla_fold_input in = world_fold_input(&w, 100000);
    struct sla_fold out;
    ck_assert_int_eq(sla_fold(&in, w.arena, &out), CO_EINPUT);
    world_done(&w);
}
END_TEST

START_TEST(want_of_memory_is_reported_at_every_size)
{
    begin();
    Callout__V1__Milestone *m = response();
    world_warn(&w, m, 50, 0);
    world_pause(&w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_on_breach(&w, m, ACTION(RAISE));
    world_arrival(&w);
    world_signer(&w, ROLE(PM));
    world_open(&w, 2);
    world_locate(&w, 1, 10);
    world_input(&w, 5, ACT(ONSITE_REQUESTED));
    world_input(&w, 10, ACT(WAITING_CUSTOMER));
    world_input(&w, 12, ACT(CUSTOMER_ANSWERED));
    struct sla_fold_input in = world_fold_input(&w, 1000);
    struct sla_fold out;
    enum co_err err = CO_ENOMEM;
    size_t size = 64;
    for (; err == CO_ENOMEM && size < 100000; size += 64) {
        struct co_arena *tight = co_arena_new(size);
        err = sla_fold(&in, tight, &out);
        ck_assert(err == CO_OK || err == CO_ENOMEM);
        co_arena_free(tight);
    }
    ck_assert_int_eq(err, CO_OK);
    ck_assert_uint_gt(size, 1000);
    world_done(&w);
}
END_TEST

CHECK_MAIN("sla_clock", a_report_starts_the_clock_and_a_contact_meets_it,
           what_happens_exactly_at_the_due_time_is_in_time,
           a_due_time_takes_effect_before_what_happened_after_it,
           nothing_is_promised_at_a_level_without_a_target,
           inputs_of_the_future_wait_for_their_time, nothing_happens_before_the_case_is_taken_on,
           a_second_start_while_the_clock_runs_changes_nothing,
           a_late_clock_still_runs_and_is_not_started_anew,
           a_cancel_stops_the_clock_without_being_met,
           suspended_nothing_runs_until_the_restart_which_gives_the_full_time,
           first_contact_starts_remote_repair_unless_somebody_was_asked_to_the_site,
           a_clock_stands_while_the_customer_has_to_answer,
           a_clock_that_starts_during_a_pause_stands_from_its_start,
           working_time_stands_at_night_and_in_pauses,
           a_day_that_closes_while_the_clock_stands_does_not_count,
           a_pause_of_whole_days_moves_a_promise_of_days_by_as_many,
           a_promise_of_days_waits_while_its_clock_stands, an_agreed_time_does_not_move,
           a_condition_makes_a_clock_stand_while_it_holds,
           a_clock_goes_on_when_the_last_of_several_reasons_ends,
           each_warning_is_given_once_at_its_part_of_the_way, a_pause_moves_the_warnings_along,
           a_warning_longer_than_the_way_is_never_given, a_condition_starts_and_cancels_a_limit,
           an_act_of_the_pack_starts_what_it_would_start_anyway,
           a_warning_may_propose_something_once, an_action_keeps_to_its_levels_and_conditions,
           a_pack_that_goes_round_in_circles_is_refused, want_of_memory_is_reported_at_every_size)
