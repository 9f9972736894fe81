#include "sla_world.h"

#include "check_main.h"

static struct world w;

static void expect(int64_t minute, const char *story)
{
    ck_assert_str_eq(world_story(&w, minute), story);
}

static Callout__V1__Milestone *milestone(const char *name, int64_t a, int64_t b, int64_t c,
                                         int64_t d)
{
    Callout__V1__Milestone *m = world_milestone(&w, name, ACT(REPORTED), ACT(CONTACTED));
    world_minutes(&w, m, a, b, c, d);
    return m;
}

START_TEST(raised_a_running_clock_takes_the_earlier_due_time)
{
    world_init(&w);
    milestone("shorter", 60, 60, 120, 240);
    milestone("longer", 90, 90, 15, 15);
    world_open(&w, 3);
    world_level(&w, 10, 2);
    expect(12, "promised shorter/1 level 2 from 0 due 60\npromised longer/1 level 3 from 0 due 15\n"
               "severity #1 3>2 at 10 set\n");
    ck_assert_uint_eq(w.fold.severity, 2);
    world_done(&w);
}
END_TEST

START_TEST(raised_to_a_due_time_already_gone_it_is_breached_at_the_raise)
{
    world_init(&w);
    milestone("response", 30, 30, 120, 240);
    world_open(&w, 3);
    world_level(&w, 50, 2);
    expect(50, "promised response/1 level 2 from 0 due 30\nseverity #1 3>2 at 50 set\n"
               "breached response/1 level 2 due 30\n");
    world_done(&w);
}
END_TEST

START_TEST(raised_met_milestones_stay_met_and_new_ones_start_at_the_raise)
{
    world_init(&w);
    milestone("response", 30, 30, 60, 240);
    Callout__V1__Milestone *m = world_milestone(&w, "start", ACT(REPORTED), ACT(PROCESS_STARTED));
    world_minutes(&w, m, 30, 30, 60, 0);
    world_open(&w, 4);
    world_input(&w, 5, ACT(CONTACTED));
    world_level(&w, 100, 3);
    expect(110, "promised response/1 level 4 from 0 due 240\nmet response/1 at 5\n"
                "severity #1 4>3 at 100 set\npromised start/1 level 3 from 100 due 160\n");
    world_input(&w, 50, ACT(PROCESS_STARTED));
    expect(110, "promised response/1 level 4 from 0 due 240\nmet response/1 at 5\n"
                "severity #1 4>3 at 100 set\n");
    world_done(&w);
}
END_TEST

START_TEST(lowered_running_clocks_take_the_new_target_from_their_start)
{
    world_init(&w);
    milestone("response", 30, 30, 60, 240);
    Callout__V1__Milestone *m = world_milestone(&w, "start", ACT(REPORTED), ACT(PROCESS_STARTED));
    world_minutes(&w, m, 30, 30, 60, 0);
    world_open(&w, 2);
    world_level(&w, 10, 4);
    expect(20,
           "promised response/1 level 4 from 0 due 240\npromised start/1 level 2 from 0 due 30\n"
           "severity #1 2>4 at 10 set\nstopped start/1 at 10\n");
    world_level(&w, 50, 3);
    expect(55, "promised response/1 level 3 from 0 due 60\npromised start/1 level 2 from 0 due 30\n"
               "severity #1 2>4 at 10 set\nstopped start/1 at 10\nseverity #2 4>3 at 50 set\n"
               "promised start/2 level 3 from 50 due 110\n");
    world_done(&w);
}
END_TEST

START_TEST(lowered_a_recorded_breach_stays)
{
    world_init(&w);
    milestone("response", 30, 30, 60, 240);
    world_open(&w, 2);
    world_level(&w, 40, 4);
    expect(50, "promised response/1 level 2 from 0 due 30\nbreached response/1 level 2 due 30\n"
               "severity #1 2>4 at 40 set\n");
    world_done(&w);
}
END_TEST

/* -- by itself */

static Callout__V1__Milestone *restore(void)
{
    Callout__V1__Milestone *m = world_milestone(&w, "restore", ACT(ARRIVED), ACT(RESTORED));
    world_minutes(&w, m, 180, 180, 120, 0);
    world_on_breach(&w, m, ACTION(RAISE));
    return m;
}

START_TEST(a_missed_restore_raises_the_level_and_starts_a_new_clock)
{
    world_init(&w);
    restore();
    Callout__V1__Milestone *m = milestone("response", 20, 150, 150, 240);
    world_cancel(&w, m, ACT(NOTE));
    world_open(&w, 3);
    world_input(&w, 10, ACT(ARRIVED));
    expect(
        140,
        "promised response/1 level 3 from 0 due 150\npromised restore/1 level 3 from 10 due 130\n"
        "breached restore/1 level 3 due 130\nacted restore/1 breach #0 at 130 raise\n"
        "severity #1 3>2 at 130 breach restore\n"
        "promised restore/2 level 2 from 130 due 310\n");
    world_input(&w, 145, ACT(NOTE));
    world_input(&w, 200, ACT(RESTORED));
    expect(
        210,
        "promised response/1 level 3 from 0 due 150\npromised restore/1 level 3 from 10 due 130\n"
        "breached restore/1 level 3 due 130\nacted restore/1 breach #0 at 130 raise\n"
        "severity #1 3>2 at 130 breach restore\n"
        "promised restore/2 level 2 from 130 due 310\n"
        "stopped response/1 at 145\nmet restore/2 at 200\nclosed restored at 200\n");
    world_done(&w);
}
END_TEST

START_TEST(at_the_worst_level_nothing_is_left_to_raise)
{
    world_init(&w);
    restore();
    world_open(&w, 2);
    world_input(&w, 0, ACT(ARRIVED));
    expect(10000,
           "promised restore/1 level 2 from 0 due 180\nbreached restore/1 level 2 due 180\n"
           "acted restore/1 breach #0 at 180 raise\nseverity #1 2>1 at 180 breach restore\n"
           "promised restore/2 level 1 from 180 due 360\nbreached restore/2 level 1 due 360\n");
    ck_assert_int_eq(w.fold.next_us, INT64_MAX);
    world_done(&w);
}
END_TEST

START_TEST(a_bar_stops_the_raise_while_all_its_conditions_hold)
{
    world_init(&w);
    world_condition(&w, "workaround");
    world_condition(&w, "was_total_loss");
    world_bar(&w, 3, 2, "workaround", "was_total_loss");
    restore();
    world_open(&w, 3);
    world_set(&w, 1, "workaround");
    world_set(&w, 2, "was_total_loss");
    world_input(&w, 10, ACT(ARRIVED));
    expect(140, "promised restore/1 level 3 from 10 due 130\nbreached restore/1 level 3 due 130\n"
                "acted restore/1 breach #0 at 130 raise barred: a way round\n");
    world_clear(&w, 129, "was_total_loss");
    world_story(&w, 140);
    ck_assert_uint_eq(w.fold.severity, 2);
    world_done(&w);
}
END_TEST

START_TEST(a_raise_over_several_levels_passes_the_bars_between)
{
    world_init(&w);
    world_condition(&w, "down");
    world_condition(&w, "workaround");
    world_bar(&w, 3, 2, "workaround", NULL);
    Callout__V1__Milestone *m = world_milestone(&w, "limit", ACT(NONE), ACT(RESTORED));
    world_minutes(&w, m, 0, 60, 60, 60);
    world_by_condition(&w, m, "down");
    world_on_breach(&w, m, ACTION(RAISE_TO))->level = 1;
    world_open(&w, 4);
    world_set(&w, 0, "down");
    world_set(&w, 0, "workaround");
    world_story(&w, 70);
    ck_assert_uint_eq(w.fold.severity, 4);
    world_clear(&w, 50, "workaround");
    expect(70, "promised limit/1 level 4 from 0 due 60\nbreached limit/1 level 4 due 60\n"
               "acted limit/1 breach #0 at 60 raise\nseverity #1 4>1 at 60 breach limit\n");
    world_done(&w);
}
END_TEST

START_TEST(raise_to_does_nothing_at_that_level_or_worse)
{
    world_init(&w);
    Callout__V1__Milestone *m = milestone("limit", 60, 60, 60, 60);
    world_on_breach(&w, m, ACTION(RAISE_TO))->level = 2;
    world_open(&w, 2);
    expect(70, "promised limit/1 level 2 from 0 due 60\nbreached limit/1 level 2 due 60\n");
    world_done(&w);
}
END_TEST

static void waivable(void)
{
    world_init(&w);
    world_waiver(&w, ROLE(CUSTOMER));
    world_waiver(&w, ROLE(DIRECTOR));
    restore();
    world_open(&w, 3);
    world_input(&w, 10, ACT(ARRIVED));
}

START_TEST(waived_by_all_before_the_limit_the_level_does_not_rise)
{
    waivable();
    world_by(&w, 20, ACT(WAIVE), ROLE(CUSTOMER));
    world_story(&w, 140);
    ck_assert_uint_eq(w.fold.severity, 2);
    world_by(&w, 30, ACT(WAIVE), ROLE(DIRECTOR));
    expect(140, "promised restore/1 level 3 from 10 due 130\nbreached restore/1 level 3 due 130\n"
                "acted restore/1 breach #0 at 130 raise barred: waived by all who may waive\n");
    world_done(&w);
}
END_TEST

START_TEST(waived_by_all_after_the_raise_it_is_taken_back)
{
    waivable();
    world_by(&w, 20, ACT(WAIVE), ROLE(CUSTOMER));
    world_by(&w, 140, ACT(WAIVE), ROLE(PM));
    world_by(&w, 150, ACT(WAIVE), ROLE(DIRECTOR));
    expect(160, "promised restore/1 level 3 from 10 due 130\nbreached restore/1 level 3 due 130\n"
                "acted restore/1 breach #0 at 130 raise\nseverity #1 3>2 at 130 breach restore\n"
                "promised restore/2 level 3 from 130 due 250\nseverity #2 2>3 at 150 waived\n");
    expect(260, "promised restore/1 level 3 from 10 due 130\nbreached restore/1 level 3 due 130\n"
                "acted restore/1 breach #0 at 130 raise\nseverity #1 3>2 at 130 breach restore\n"
                "promised restore/2 level 3 from 130 due 250\nseverity #2 2>3 at 150 waived\n"
                "breached restore/2 level 3 due 250\n"
                "acted restore/2 breach #0 at 250 raise barred: waived by all who may waive\n");
    world_done(&w);
}
END_TEST

START_TEST(a_waiver_does_not_lower_what_people_judged)
{
    waivable();
    world_level(&w, 135, 2);
    world_level(&w, 136, 1);
    world_by(&w, 140, ACT(WAIVE), ROLE(CUSTOMER));
    world_by(&w, 150, ACT(WAIVE), ROLE(DIRECTOR));
    world_story(&w, 160);
    ck_assert_uint_eq(w.fold.severity, 1);
    world_done(&w);
}
END_TEST

START_TEST(severity_outside_of_the_pack_is_passed_over)
{
    world_init(&w);
    world_open(&w, 3);
    world_level(&w, 5, 9);
    world_level(&w, 6, 0);
    expect(10, "");
    ck_assert_uint_eq(w.fold.severity, 3);
    world_done(&w);
}
END_TEST

/* -- standing actions */

START_TEST(a_raise_that_stands_moves_the_severity_without_its_breach)
{
    world_init(&w);
    restore();
    world_signer(&w, ROLE(PM));
    milestone("response", 60, 60, 600, 600);
    world_open(&w, 3);
    world_input(&w, 10, ACT(ARRIVED));
    world_input(&w, 100, ACT(RESTORED));
    Callout__V1__Acted *acted = world_message(&w, &callout__v1__acted__descriptor);
    acted->milestone = world_text(&w, "restore");
    acted->generation = 1;
    acted->trigger = world_text(&w, "breach");
    acted->acted_us = T0 + 130 * MINUTE;
    struct sla_fold_input in = world_fold_input(&w, 140);
    in.standing = &acted;
    in.standing_count = 1;
    struct sla_fold f;
    ck_assert_int_eq(sla_fold(&in, w.arena, &f), CO_OK);
    ck_assert_str_eq(world_tell(&w, f.outputs, f.output_count),
                     "promised response/1 level 2 from 0 due 60\n"
                     "promised restore/1 level 3 from 10 due 130\nmet restore/1 at 100\n"
                     "acted restore/1 breach #0 at 130\nseverity #1 3>2 at 130 breach restore\n"
                     "breached response/1 level 2 due 60\n");
    world_done(&w);
}
END_TEST

CHECK_MAIN("sla_level", raised_a_running_clock_takes_the_earlier_due_time,
           raised_to_a_due_time_already_gone_it_is_breached_at_the_raise,
           raised_met_milestones_stay_met_and_new_ones_start_at_the_raise,
           lowered_running_clocks_take_the_new_target_from_their_start,
           lowered_a_recorded_breach_stays,
           a_missed_restore_raises_the_level_and_starts_a_new_clock,
           at_the_worst_level_nothing_is_left_to_raise,
           a_bar_stops_the_raise_while_all_its_conditions_hold,
           a_raise_over_several_levels_passes_the_bars_between,
           raise_to_does_nothing_at_that_level_or_worse,
           waived_by_all_before_the_limit_the_level_does_not_rise,
           waived_by_all_after_the_raise_it_is_taken_back,
           a_waiver_does_not_lower_what_people_judged, severity_outside_of_the_pack_is_passed_over,
           a_raise_that_stands_moves_the_severity_without_its_breach)
