/* Milestones that are promised only while something holds: DOMAIN section 3, A 3.3 (inside the
 * province; a minor fault, production unaffected). */
#include "check_main.h"
#include "sla_world.h"

static struct world w;

static Callout__V1__Milestone *visit(void)
{
    world_init(&w);
    world_condition(&w, "inside");
    world_condition(&w, "affected");
    Callout__V1__Milestone *m = world_milestone(&w, "visit", ACT(REPORTED), ACT(ARRIVED));
    world_minutes(&w, m, 60, 60, 60, 0);
    return m;
}

static void expect(int64_t minute, const char *story)
{
    ck_assert_str_eq(world_story(&w, minute), story);
}

START_TEST(nothing_is_promised_where_the_condition_never_holds)
{
    world_only(&w, visit(), "inside");
    world_open(&w, 2);
    expect(100, "");
    ck_assert_uint_eq(w.fold.clock_count, 0);
    ck_assert_int_eq(w.fold.next_us, INT64_MAX);
    world_done(&w);
}
END_TEST

START_TEST(what_holds_at_the_report_promises_from_it_in_any_order)
{
    Callout__V1__Milestone *m = visit();
    world_only(&w, m, "inside");
    world_only(&w, m, "affected");
    world_open(&w, 2);
    world_set(&w, 0, "inside");
    world_set(&w, 0, "affected");
    expect(10, "promised visit/1 level 2 from 0 due 60\n");
    world_done(&w);
}
END_TEST

START_TEST(what_bars_it_at_the_report_lets_nothing_be_said)
{
    world_unless(&w, visit(), "affected");
    world_open(&w, 2);
    world_set(&w, 0, "affected");
    expect(10, "");
    world_done(&w);
}
END_TEST

START_TEST(a_condition_that_comes_to_hold_later_counts_from_the_start_all_the_same)
{
    world_only(&w, visit(), "inside");
    world_open(&w, 2);
    world_set(&w, 20, "inside");
    expect(30, "promised visit/1 level 2 from 0 due 60\n");
    ck_assert_int_eq(w.fold.clocks[0]->start_us, T0);
    world_done(&w);
}
END_TEST

START_TEST(what_is_due_already_when_the_condition_comes_is_breached_at_that_instant)
{
    Callout__V1__Milestone *m = visit();
    world_only(&w, m, "inside");
    world_warn(&w, m, 50, 0);
    Callout__V1__Action *a = world_on_breach(&w, m, ACTION(PROPOSE));
    a->what = world_text(&w, "consult");
    world_open(&w, 2);
    world_set(&w, 90, "inside");
    expect(90, "promised visit/1 level 2 from 0 due 60\nbreached visit/1 level 2 due 60\n"
               "acted visit/1 breach #0 at 90 consult\n");
    world_done(&w);
}
END_TEST

START_TEST(a_condition_that_ceases_to_hold_stops_the_clock_and_lets_it_return)
{
    world_only(&w, visit(), "inside");
    world_open(&w, 2);
    world_set(&w, 0, "inside");
    world_clear(&w, 20, "inside");
    expect(100, "promised visit/1 level 2 from 0 due 60\nstopped visit/1 at 20\n");
    world_set(&w, 40, "inside");
    expect(100, "promised visit/1 level 2 from 0 due 60\nstopped visit/1 at 20\n"
                "promised visit/2 level 2 from 0 due 60\nbreached visit/2 level 2 due 60\n");
    world_done(&w);
}
END_TEST

START_TEST(a_condition_that_bars_it_works_the_other_way_round)
{
    world_unless(&w, visit(), "affected");
    world_open(&w, 2);
    world_set(&w, 20, "affected");
    world_clear(&w, 30, "affected");
    expect(40, "promised visit/1 level 2 from 0 due 60\nstopped visit/1 at 20\n"
               "promised visit/2 level 2 from 0 due 60\n");
    world_done(&w);
}
END_TEST

START_TEST(a_breach_stays_when_the_condition_ceases_to_hold)
{
    world_only(&w, visit(), "inside");
    world_open(&w, 2);
    world_set(&w, 0, "inside");
    world_clear(&w, 70, "inside");
    world_input(&w, 80, ACT(ARRIVED));
    expect(100, "promised visit/1 level 2 from 0 due 60\nbreached visit/1 level 2 due 60\n"
                "met visit/1 at 80 late 20\n");
    world_done(&w);
}
END_TEST

START_TEST(what_was_reached_while_nothing_was_promised_is_not_promised_later)
{
    world_only(&w, visit(), "inside");
    world_open(&w, 2);
    world_input(&w, 10, ACT(ARRIVED));
    world_set(&w, 20, "inside");
    expect(100, "");
    world_done(&w);
}
END_TEST

START_TEST(pauses_count_also_while_nothing_is_promised)
{
    Callout__V1__Milestone *m = visit();
    world_only(&w, m, "inside");
    world_pause(&w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_open(&w, 2);
    world_set(&w, 0, "inside");
    world_input(&w, 10, ACT(WAITING_CUSTOMER));
    world_clear(&w, 20, "inside");
    world_input(&w, 30, ACT(CUSTOMER_ANSWERED));
    world_input(&w, 40, ACT(WAITING_CUSTOMER));
    world_input(&w, 45, ACT(CUSTOMER_ANSWERED));
    world_set(&w, 50, "inside");
    expect(50, "promised visit/1 level 2 from 0 due 60 paused\nstopped visit/1 at 20\n"
               "promised visit/2 level 2 from 0 due 85\n");
    world_done(&w);
}
END_TEST

START_TEST(a_level_without_a_promise_ends_the_wait)
{
    world_only(&w, visit(), "inside");
    world_open(&w, 2);
    world_level(&w, 10, 4);
    world_level(&w, 20, 3);
    world_set(&w, 30, "inside");
    expect(40, "severity #1 2>4 at 10 set\nseverity #2 4>3 at 20 set\n"
               "promised visit/1 level 3 from 20 due 80\n");
    world_done(&w);
}
END_TEST

START_TEST(a_suspended_milestone_waits_for_its_restart_not_for_its_condition)
{
    Callout__V1__Milestone *m = visit();
    world_only(&w, m, "inside");
    world_suspend(&w, m, ACT(HARDWARE_FAULT), ACT(HARDWARE_READY));
    world_open(&w, 2);
    world_input(&w, 10, ACT(HARDWARE_FAULT));
    world_set(&w, 20, "inside");
    world_input(&w, 30, ACT(HARDWARE_READY));
    expect(40, "promised visit/1 level 2 from 30 due 90\n");
    world_done(&w);
}
END_TEST

/* DOMAIN section 9, several promises on one case. */
START_TEST(a_commitment_beside_the_level_is_shown_first_while_it_is_due_first)
{
    world_only(&w, visit(), "inside");
    Callout__V1__Milestone *m = world_milestone(&w, "level", ACT(REPORTED), ACT(ARRIVED));
    world_minutes(&w, m, 40, 100, 100, 100);
    world_open(&w, 2);
    world_set(&w, 10, "inside");
    world_level(&w, 20, 1);
    world_story(&w, 5);
    ck_assert_str_eq(w.fold.next_promise->milestone->name, "level");
    world_story(&w, 15);
    ck_assert_str_eq(w.fold.next_promise->milestone->name, "visit");
    world_story(&w, 25);
    ck_assert_str_eq(w.fold.next_promise->milestone->name, "level");
    ck_assert_int_eq(w.fold.next_promise->due_us, T0 + 40 * MINUTE);
    world_done(&w);
}
END_TEST

CHECK_MAIN("sla_guard", nothing_is_promised_where_the_condition_never_holds,
           what_holds_at_the_report_promises_from_it_in_any_order,
           what_bars_it_at_the_report_lets_nothing_be_said,
           a_condition_that_comes_to_hold_later_counts_from_the_start_all_the_same,
           what_is_due_already_when_the_condition_comes_is_breached_at_that_instant,
           a_condition_that_ceases_to_hold_stops_the_clock_and_lets_it_return,
           a_condition_that_bars_it_works_the_other_way_round,
           a_breach_stays_when_the_condition_ceases_to_hold,
           what_was_reached_while_nothing_was_promised_is_not_promised_later,
           pauses_count_also_while_nothing_is_promised, a_level_without_a_promise_ends_the_wait,
           a_suspended_milestone_waits_for_its_restart_not_for_its_condition,
           a_commitment_beside_the_level_is_shown_first_while_it_is_due_first)
