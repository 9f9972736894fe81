/* Who is told when nobody takes care of a breach. */
#include <stdio.h>

#include "sla_case_help.h"

static void expect(int64_t minute, const char *story)
{
    ck_assert_str_eq(world_story(&w, minute), story);
}

#define LATE "promised response/1 level 2 from 0 due 30\nbreached response/1 level 2 due 30\n"

/* Steps at 10 and 40 minutes after the breach. */
static Callout__V1__Milestone *laddered(int64_t repeat, uint32_t times)
{
    begin();
    Callout__V1__Milestone *m = response();
    world_ladder(&w, m, 10 * MINUTE);
    world_ladder(&w, m, 40 * MINUTE);
    m->ladder_repeat_us = repeat * MINUTE;
    m->ladder_times = times;
    return m;
}

START_TEST(each_step_is_said_once_where_nothing_repeats)
{
    laddered(0, 0);
    world_open(&w, 2);
    expect(35, LATE);
    ck_assert_int_eq(w.fold.next_us, T0 + 40 * MINUTE);
    expect(100000, LATE "escalated response/1 #0 at 40\nescalated response/1 #1 at 70\n");
    ck_assert_int_eq(w.fold.next_us, INT64_MAX);
    ck_assert_int_eq(w.fold.outputs[2]->escalated->due_us, T0 + 30 * MINUTE);
    end();
}
END_TEST

START_TEST(the_last_step_is_said_again_as_often_as_the_pack_says)
{
    laddered(15, 2);
    world_open(&w, 2);
    expect(100000, LATE "escalated response/1 #0 at 40\nescalated response/1 #1 at 70\n"
                        "escalated response/1 #2 at 85\nescalated response/1 #3 at 100\n");
    end();
}
END_TEST

START_TEST(without_a_number_it_is_said_ten_times_again)
{
    laddered(15, 0);
    world_open(&w, 2);
    world_story(&w, 100000);
    ck_assert_uint_eq(w.fold.output_count, 2 + 2 + 10);
    ck_assert_int_eq(w.fold.outputs[13]->escalated->reached_us, T0 + (70 + 150) * MINUTE);
    end();
}
END_TEST

START_TEST(who_acknowledges_silences_what_is_late_so_far_and_not_what_comes_later)
{
    laddered(15, 0);
    Callout__V1__Milestone *m = world_milestone(&w, "expert", ACT(REPORTED), ACT(EXPERT_JOINED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_ladder(&w, m, 5 * MINUTE);
    world_open(&w, 2);
    world_input(&w, 50, ACT(ACKNOWLEDGED));
    expect(100000, "promised response/1 level 2 from 0 due 30\n"
                   "promised expert/1 level 2 from 0 due 60\n"
                   "breached response/1 level 2 due 30\nescalated response/1 #0 at 40\n"
                   "breached expert/1 level 2 due 60\nescalated expert/1 #0 at 65\n");
    end();
}
END_TEST

START_TEST(a_step_at_the_instant_of_the_acknowledgement_is_not_said)
{
    laddered(0, 0);
    world_open(&w, 2);
    world_input(&w, 40, ACT(ACKNOWLEDGED));
    expect(1000, LATE);
    end();
}
END_TEST

START_TEST(a_ladder_ends_with_its_clock)
{
    static const Callout__V1__Act ends[] = { ACT(CONTACTED), ACT(WAITING_VENDOR), ACT(CANCEL) };
    static const char *const told[] = { "met response/1 at 50 late 20\n",
                                        "stopped response/1 at 50\n",
                                        "stopped response/1 at 50\nclosed cancelled at 50\n" };
    for (size_t i = 0; i < 3; i++) {
        world_cancel(&w, laddered(15, 0), ACT(WAITING_VENDOR));
        world_open(&w, 2);
        world_input(&w, 50, ends[i]);
        char story[512];
        snprintf(story, sizeof(story), "%sescalated response/1 #0 at 40\n%s", LATE, told[i]);
        expect(100000, story);
        end();
    }
}
END_TEST

START_TEST(a_raise_that_starts_the_clock_anew_ends_the_ladder_of_the_old_one)
{
    world_on_breach(&w, laddered(0, 0), ACTION(RAISE));
    world_open(&w, 2);
    expect(69, LATE "acted response/1 breach #0 at 30 raise\n"
                    "severity #1 2>1 at 30 breach response\n"
                    "promised response/2 level 1 from 30 due 60\n"
                    "breached response/2 level 1 due 60\n");
    end();
}
END_TEST

START_TEST(a_step_at_once_comes_with_the_breach)
{
    begin();
    world_ladder(&w, response(), 0);
    world_open(&w, 2);
    expect(30, LATE "escalated response/1 #0 at 30\n");
    end();
}
END_TEST

START_TEST(what_comes_to_light_late_takes_the_steps_back)
{
    laddered(15, 2);
    submit();
    advance(86);
    apply(command(75, ACT(ACKNOWLEDGED)));
    ck_assert_str_eq(advance(87), "withdrawn 31 response/1 #2\n");
    apply(command(20, ACT(CONTACTED)));
    ck_assert_str_eq(advance(88), "withdrawn 24 response/1\nwithdrawn 31 response/1\n"
                                  "withdrawn 31 response/1 #1\nmet response/1 at 20\n");
    end();
}
END_TEST

START_TEST(a_ladder_without_end_is_cut_off)
{
    Callout__V1__Milestone *m = laddered(0, UINT32_MAX);
    m->ladder_repeat_us = 1;
    world_open(&w, 2);
    world_story(&w, 100000);
    ck_assert_uint_eq(w.fold.output_count, 2 + 2 + SLA_LADDER_TIMES_MAX);
    end();
}
END_TEST

START_TEST(many_ladders_never_make_a_case_impossible)
{
    begin();
    for (int i = 0; i < 60; i++) {
        char name[16];
        snprintf(name, sizeof(name), "m%d", i);
        Callout__V1__Milestone *m = world_milestone(&w, name, ACT(REPORTED), ACT(CONTACTED));
        world_minutes(&w, m, 30, 30, 30, 30);
        world_ladder(&w, m, MINUTE);
        m->ladder_repeat_us = MINUTE;
        m->ladder_times = 20;
    }
    world_open(&w, 2);
    world_story(&w, 100000);
    ck_assert_uint_eq(w.fold.output_count, SLA_LADDER_OUTPUTS_MAX);
    ck_assert_int_eq(w.fold.next_us, INT64_MAX);
    world_input(&w, 5000, ACT(CONTACTED));
    world_story(&w, 100000);
    ck_assert_uint_eq(w.fold.output_count, SLA_LADDER_OUTPUTS_MAX + 60);
    end();
}
END_TEST

CHECK_MAIN("sla_ladder", each_step_is_said_once_where_nothing_repeats,
           the_last_step_is_said_again_as_often_as_the_pack_says,
           without_a_number_it_is_said_ten_times_again,
           who_acknowledges_silences_what_is_late_so_far_and_not_what_comes_later,
           a_step_at_the_instant_of_the_acknowledgement_is_not_said, a_ladder_ends_with_its_clock,
           a_raise_that_starts_the_clock_anew_ends_the_ladder_of_the_old_one,
           a_step_at_once_comes_with_the_breach, what_comes_to_light_late_takes_the_steps_back,
           a_ladder_without_end_is_cut_off, many_ladders_never_make_a_case_impossible)
