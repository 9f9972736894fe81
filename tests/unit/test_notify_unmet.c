/* A milestone turns out not to be met after all: what that had ended is planned anew. */
#include "check_main.h"

#include "notify_ahead_world.h"

/* The promise is known; response was met by what "eng" did, and then it was not. */
static void is_met(void)
{
    HAPPENS(MET, met, Met, x->milestone = own("response"), x->generation = 1);
    next_turn();
    journal[0] = '\0';
}

static void is_not_met_after_all(void)
{
    HAPPENS(WITHDRAWN, withdrawn, Withdrawn, x->kind = BODY(MET), x->milestone = own("response"),
            x->generation = 1);
}

static void breached_asked_and_promised(void)
{
    breached_and_asked();
    is_promised(1, NOON + 90 * MINUTE, false);
    until(1);
}

START_TEST(what_a_milestone_ended_that_was_not_met_after_all_is_planned_anew)
{
    breached_asked_and_promised();
    is_met();
    world.now_us = NOON + 5 * MINUTE;
    is_not_met_after_all();
    journal_is("resent unanswered/breached/response/1/0 director/0 by mail after mail: not met "
               "after all \n"
               "resent unanswered/breached/response/1/1 desk/0 by mail after mail: not met after "
               "all \n");
    const struct notify_notice *first = notice("unanswered/breached/response/1/0", "director/0");
    ck_assert_int_eq(first->life.state, STATE(PLANNED));
    ck_assert_int_eq(first->life.next_us, NOON + 10 * MINUTE);
    ck_assert_int_eq(first->settled_us, INT64_MAX);
    until(10);
    ck_assert_int_eq(first->life.state, STATE(ACCEPTED));
    tear_down();
}
END_TEST

START_TEST(of_steps_whose_time_has_passed_meanwhile_the_last_is_told_at_once)
{
    breached_asked_and_promised();
    is_met();
    world.now_us = NOON + 25 * MINUTE;
    is_not_met_after_all();
    const struct notify_notice *last = notice("unanswered/breached/response/1/1", "desk/0");
    ck_assert_int_eq(notice("unanswered/breached/response/1/0", "director/0")->life.state,
                     STATE(CANCELLED));
    ck_assert_int_eq(last->life.next_us, NOON + 25 * MINUTE);
    tear_down();
}
END_TEST

START_TEST(nobody_is_asked_again_who_has_acknowledged_since)
{
    breached_asked_and_promised();
    is_met();
    world.now_us = NOON + 2 * MINUTE;
    act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "pm");
    next_turn();
    world.now_us = NOON + 5 * MINUTE;
    is_not_met_after_all();
    ck_assert_int_eq(notice("unanswered/breached/response/1/0", "director/0")->life.state,
                     STATE(CANCELLED));
    tear_down();
}
END_TEST

START_TEST(who_was_to_be_reminded_is_again_unless_something_else_was_done)
{
    for (int is_more = 0; is_more < 2; is_more++) {
        breached_asked_and_promised();
        act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "pm");
        next_turn();
        world.now_us = NOON + 5 * MINUTE;
        act(CALLOUT__V1__ACT__ACT_CONTACTED, "eng"); /* by which it was met, as it seemed */
        is_met();
        world.now_us = NOON + 7 * MINUTE;
        if (is_more == 1)
            act(CALLOUT__V1__ACT__ACT_INVESTIGATED, "eng");
        world.now_us = NOON + 10 * MINUTE;
        is_not_met_after_all();
        const struct notify_notice *n = notice("reminded/9/0", "pm/0");
        ck_assert_int_eq(n->life.state, is_more == 1 ? STATE(CANCELLED) : STATE(PLANNED));
        if (is_more == 0)
            ck_assert_int_eq(n->life.next_us, NOON + 31 * MINUTE);
        tear_down();
    }
}
END_TEST

CHECK_MAIN("notify_unmet", what_a_milestone_ended_that_was_not_met_after_all_is_planned_anew,
           of_steps_whose_time_has_passed_meanwhile_the_last_is_told_at_once,
           nobody_is_asked_again_who_has_acknowledged_since,
           who_was_to_be_reminded_is_again_unless_something_else_was_done)
