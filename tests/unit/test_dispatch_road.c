/* A question to a router in the life of an order, and when the router is left alone. */
#include "dispatch_fixture.h"

#include "dispatch_road.h"
#include "road_rest.h"

static const struct dispatch_road_question question = {
    .count = 2, .item = { { "west", { 0, 0 } }, { "east", { 0, 2 } } }
};
static const struct dispatch_road_figure figures[] = { { 61.5, 50 * MIN, true }, { 0, 0, false } };
static const struct dispatch_road_answer right = { "", &question, figures };
static const struct dispatch_road_answer late = { "timeout", &question, NULL };

static void ask(void)
{
    ck_assert(dispatch_road_wanted(&o));
    dispatch_road_ask(&o, T0 + MIN);
    ck_assert_int_eq(o.state->road_until_us, T0 + MIN);
    o.is_changed = false;
}

START_TEST(an_answer_is_kept_and_the_site_can_be_located)
{
    ask();
    dispatch_road_answered(&o, &right);
    ck_assert(o.locate && o.is_changed);
    ck_assert_int_eq(o.state->road_until_us, 0);
    ck_assert_uint_eq(o.state->n_roads, 2);
    ck_assert(dispatch_road_of(o.state, "west")->km == 61.5);
    ck_assert_int_eq(dispatch_road_of(o.state, "west")->us, 50 * MIN);
    ck_assert(!dispatch_road_of(o.state, "east")->is_reached);
    ck_assert_ptr_null(dispatch_road_of(o.state, "north"));
    ck_assert(!dispatch_road_wanted(&o));
}
END_TEST

START_TEST(without_an_answer_the_estimate_does_and_nobody_asks_again)
{
    ask();
    dispatch_road_answered(&o, &late);
    ck_assert(o.locate);
    ck_assert_str_eq(o.state->road_missing, "timeout");
    ck_assert(!dispatch_road_wanted(&o));
}
END_TEST

START_TEST(an_answer_that_nobody_waits_for_any_more_changes_nothing)
{
    dispatch_road_answered(&o, &right);
    ck_assert(!o.locate && !o.is_changed && o.state->n_roads == 0);
}
END_TEST

START_TEST(a_question_that_is_still_out_is_waited_for)
{
    ask();
    o.locate = true;
    dispatch_road_due(&o, T0, true, T0 + HOUR);
    ck_assert(!o.locate && !o.is_changed);
    dispatch_road_due(&o, T0 + MIN, true, T0 + HOUR);
    ck_assert_int_eq(o.state->road_until_us, T0 + HOUR);
    ck_assert(!o.locate && o.is_changed);
}
END_TEST

START_TEST(who_died_while_he_asked_is_followed_by_one_who_asks_once_more)
{
    ask();
    dispatch_road_due(&o, T0 + MIN, false, T0 + HOUR);
    ck_assert(o.locate && o.is_changed);
    ck_assert_str_eq(o.state->road_missing, "");
    ask();
    dispatch_road_due(&o, T0 + MIN, false, T0 + HOUR);
    ck_assert(o.locate);
    ck_assert_str_eq(o.state->road_missing, "interrupted");
    ck_assert(!dispatch_road_wanted(&o));
}
END_TEST

START_TEST(the_order_is_woken_for_whichever_comes_first)
{
    ck_assert_int_eq(dispatch_order_wake_us(&o), 0);
    o.state->next_us = T0;
    ck_assert_int_eq(dispatch_order_wake_us(&o), T0);
    o.state->road_until_us = T0 + MIN;
    ck_assert_int_eq(dispatch_order_wake_us(&o), T0);
    o.state->road_until_us = T0 - MIN;
    ck_assert_int_eq(dispatch_order_wake_us(&o), T0 - MIN);
    o.state->next_us = 0;
    ck_assert_int_eq(dispatch_order_wake_us(&o), T0 - MIN);
}
END_TEST

START_TEST(a_router_that_fails_rests_is_tried_with_one_question_and_is_well_again)
{
    struct road_rest r = { 0 };
    for (int i = 0; i < ROAD_REST_FAILURES; i++) {
        ck_assert(road_rest_allows(&r, 0));
        road_rest_failed(&r, 0, UINT64_MAX);
    }
    ck_assert(!road_rest_allows(&r, 0));
    ck_assert(!road_rest_allows(&r, CO_SECOND_US / 2 - 1)); /* half a second at least */
    ck_assert(road_rest_allows(&r, CO_SECOND_US));
    ck_assert(!road_rest_allows(&r, CO_SECOND_US)); /* one is out */
    road_rest_failed(&r, CO_SECOND_US, UINT64_MAX);
    ck_assert(!road_rest_allows(&r, 2 * CO_SECOND_US - 1)); /* longer and longer */
    ck_assert(road_rest_allows(&r, 3 * CO_SECOND_US));
    road_rest_succeeded(&r);
    ck_assert(road_rest_allows(&r, 0) && road_rest_allows(&r, 0));
}
END_TEST

START_TEST(a_router_never_rests_longer_than_a_minute)
{
    struct road_rest r = { 0 };
    int64_t now_us = 0;
    for (int i = 0; i < 1000; i++) {
        ck_assert(road_rest_allows(&r, now_us));
        road_rest_failed(&r, now_us, (uint64_t)i * UINT64_C(0x9E3779B97F4A7C15));
        now_us += CO_MINUTE_US;
    }
}
END_TEST

CHECK_MAIN_WITH("dispatch_road", setup, teardown, an_answer_is_kept_and_the_site_can_be_located,
                without_an_answer_the_estimate_does_and_nobody_asks_again,
                an_answer_that_nobody_waits_for_any_more_changes_nothing,
                a_question_that_is_still_out_is_waited_for,
                who_died_while_he_asked_is_followed_by_one_who_asks_once_more,
                the_order_is_woken_for_whichever_comes_first,
                a_router_that_fails_rests_is_tried_with_one_question_and_is_well_again,
                a_router_never_rests_longer_than_a_minute)
