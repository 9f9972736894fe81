#include "dispatch_fixture.h"

START_TEST(a_promised_arrival_is_offered_to_the_nearest)
{
    ticket();
    located();
    o.event_count = 0;
    promised(1, 1, T0 + 9 * HOUR);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
    ck_assert_int_eq(o.state->next_us, T0);
    seek();
    SAID(OFFERED);
    const Callout__V1__Offered *offer = said(0)->offered;
    ck_assert_str_eq(offer->engineer, "a");
    ck_assert_uint_eq(offer->generation, 1);
    ck_assert_int_eq(offer->accept_by_us, T0 + 10 * MIN);
    ck_assert_int_eq(offer->arrive_by_us, T0 + 9 * HOUR);
    ck_assert_int_eq(o.state->next_us, offer->accept_by_us + DISPATCH_GRACE_US + 1);
}
END_TEST

START_TEST(somebody_wanted_at_an_unknown_place_is_the_project_managers_business)
{
    ticket();
    promised(1, 1, T0 + 90 * HOUR);
    seek();
    ck_assert_int_eq(state(), DISPATCH_NOBODY);
    SAID(NOBODY_LEFT, AT_RISK);
    ck_assert_str_eq(said(0)->nobody_left->missing, "position");
    ck_assert_int_eq(o.state->next_us, 0);
    located();
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
    seek();
    ck_assert_int_eq(state(), DISPATCH_OFFERED);
}
END_TEST

START_TEST(the_earliest_of_several_promises_is_the_deadline)
{
    ticket();
    promised(1, 1, T0 + 9 * HOUR);
    ck_assert_int_eq(dispatch_order_deadline_us(&o), T0 + 9 * HOUR);
    Callout__V1__Promised body = CALLOUT__V1__PROMISED__INIT;
    char milestone[] = "vendor_arrival";
    body.milestone = milestone;
    body.generation = body.revision = 1;
    body.due_us = T0 + 3 * HOUR;
    body.is_arrival = true;
    EVENT(event, PROMISED, promised, &body);
    dispatch_order_entry(&o, &event, T0, (struct dispatch_reporter){ 0 });
    ck_assert_int_eq(dispatch_order_deadline_us(&o), T0 + 3 * HOUR);
    stopped(1);
    ck_assert_int_eq(state(), DISPATCH_SEEKING); /* the other is still wanted */
    promised(1, 1, T0 + HOUR);
    ck_assert_int_eq(dispatch_order_deadline_us(&o), T0 + 3 * HOUR); /* said before */
}
END_TEST

static void bounded(uint32_t revision, int64_t due_us)
{
    Callout__V1__Promised body = CALLOUT__V1__PROMISED__INIT;
    char milestone[] = "commitment";
    body.milestone = milestone;
    body.generation = 1;
    body.revision = revision;
    body.due_us = due_us;
    body.severity = 4;
    body.bounds_arrival = true;
    EVENT(event, PROMISED, promised, &body);
    dispatch_order_entry(&o, &event, T0, (struct dispatch_reporter){ 0 });
}

START_TEST(a_promise_that_bounds_the_arrival_sends_nobody_but_whoever_goes_keeps_it)
{
    ticket();
    located();
    bounded(1, T0 + 3 * HOUR);
    ck_assert_int_eq(state(), DISPATCH_NONE);
    promised(1, 1, T0 + 9 * HOUR);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
    ck_assert_uint_eq(o.state->severity, 1);
    ck_assert_int_eq(dispatch_order_deadline_us(&o), T0 + 3 * HOUR);
    seek();
    SAID(LOCATED, OFFERED);
    ck_assert_int_eq(said(1)->offered->arrive_by_us, T0 + 3 * HOUR);
    bounded(2, T0 + 4 * HOUR);
    ck_assert_int_eq(dispatch_order_deadline_us(&o), T0 + 4 * HOUR);
    ck_assert_int_eq(state(), DISPATCH_OFFERED); /* the offer stands */
    stopped(1);
    ck_assert_int_eq(state(), DISPATCH_ENDED); /* for the bound alone nobody goes */
}
END_TEST

START_TEST(a_claim_lost_to_somebody_is_decided_again)
{
    ticket();
    located();
    promised(1, 1, T0 + 90 * HOUR);
    o.is_changed = false; /* saved; its time has come, and no other */
    seek_at(T0, false, false);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
    ck_assert_int_eq(o.state->next_us, T0);
    ck_assert(o.is_changed);
    people[0].claims = 1; /* as the table shows the next time */
    seek();
    ck_assert_str_eq(o.state->engineer, "b");
    ck_assert_uint_eq(o.state->generation, 1);
    SAID(LOCATED, OFFERED);
}
END_TEST

START_TEST(who_declines_is_barred_and_the_next_is_asked)
{
    offered();
    says("a", CALLOUT__V1__ACT__ACT_DECLINE);
    SAID(OFFER_ENDED, APPLIED);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
    ck_assert_uint_eq(o.released_count, 1);
    ck_assert_uint_eq(o.released[0], 1);
    seek();
    ck_assert_str_eq(o.state->engineer, "b");
    ck_assert_uint_eq(o.state->generation, 2);
    o.event_count = 0;
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    check_refused("that offer was declined");
}
END_TEST

START_TEST(silence_goes_on_to_the_next_at_the_moment_it_ends)
{
    offered();
    dispatch_order_due(&o, o.state->next_us - 1);
    ck_assert_int_eq(state(), DISPATCH_OFFERED);
    int64_t accept_by_us = o.state->accept_by_us;
    dispatch_order_due(&o, o.state->next_us);
    SAID(OFFER_ENDED);
    ck_assert_int_eq(said(0)->offer_ended->how, CALLOUT__V1__OFFER_END__OFFER_END_SILENT);
    ck_assert_int_eq(said(0)->offer_ended->ended_us, accept_by_us);
    seek();
    ck_assert_str_eq(o.state->engineer, "b");
}
END_TEST

START_TEST(after_so_many_offers_nobody_is_left_until_the_next_round)
{
    people_count = 8;
    offered();
    says("a", CALLOUT__V1__ACT__ACT_DECLINE);
    seek();
    dispatch_order_due(&o, o.state->next_us);
    seek();
    dispatch_order_due(&o, o.state->next_us);
    o.event_count = 0;
    seek_at(T0 + HOUR, true, false);
    ck_assert_int_eq(state(), DISPATCH_NOBODY);
    SAID(NOBODY_LEFT, AT_RISK);
    ck_assert_str_eq(said(0)->nobody_left->missing, "acceptance");
    ck_assert_uint_eq(said(0)->nobody_left->asked, 3);
    ck_assert_int_eq(o.state->next_us, T0 + HOUR + 10 * MIN);
    dispatch_order_due(&o, o.state->next_us);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
    seek();
    ck_assert_str_eq(o.state->engineer, "b"); /* was silent; "a" declined */
}
END_TEST

START_TEST(nobody_left_is_said_once_for_the_same_reason)
{
    ticket();
    located();
    for (size_t i = 0; i < 3; i++)
        people[i].claims = 1;
    promised(1, 1, T0 + 90 * HOUR);
    o.event_count = 0;
    seek();
    SAID(NOBODY_LEFT, AT_RISK);
    ck_assert_str_eq(said(0)->nobody_left->missing, "free_engineer");
    ck_assert_uint_eq(said(0)->nobody_left->eligible, 3);
    dispatch_order_due(&o, o.state->next_us);
    seek();
    ck_assert_int_eq(state(), DISPATCH_NOBODY);
    ck_assert_uint_eq(o.event_count, 2);
    dispatch_order_due(&o, o.state->next_us);
    people[1].claims = 0;
    seek();
    ck_assert_str_eq(o.state->engineer, "b");
}
END_TEST

START_TEST(at_night_nobody_is_asked_and_the_first_duty_is_waited_for)
{
    ticket();
    located();
    for (size_t i = 0; i < 3; i++)
        people[i].free_from_us = T0 + (5 - (int64_t)i) * MIN;
    promised(1, 1, T0 + HOUR);
    o.event_count = 0;
    seek();
    SAID(NOBODY_LEFT); /* whoever comes on duty first is there in time */
    ck_assert_str_eq(said(0)->nobody_left->missing, "shift");
    ck_assert_str_eq(said(0)->nobody_left->remedies[2]->kind, "shift");
    ck_assert_int_eq(said(0)->nobody_left->remedies[2]->at_us, T0 + 3 * MIN);
    ck_assert_int_eq(o.state->next_us, T0 + 3 * MIN);
    dispatch_order_due(&o, o.state->next_us);
    seek_at(o.state->next_us, true, false);
    ck_assert_str_eq(o.state->engineer, "c");
}
END_TEST

START_TEST(a_promise_that_nobody_can_keep_is_said_at_once_and_when_it_can_again)
{
    ticket();
    located();
    for (size_t i = 0; i < 3; i++)
        people[i].travel_us += 2 * HOUR;
    promised(1, 1, T0 + HOUR);
    o.event_count = 0;
    seek();
    SAID(OFFERED, AT_RISK);
    const Callout__V1__ArrivalAtRisk *risk = said(1)->arrival_at_risk;
    ck_assert_str_eq(risk->milestone, "arrival");
    ck_assert_str_eq(risk->missing, "nearer_engineer");
    ck_assert_int_eq(risk->due_us, T0 + HOUR);
    ck_assert_int_eq(risk->earliest_us, T0 + 3 * MIN + 2 * HOUR);
    o.event_count = 0;
    says("a", CALLOUT__V1__ACT__ACT_DECLINE);
    seek();
    SAID(OFFER_ENDED, APPLIED, OFFERED); /* still late: said once */
    o.event_count = 0;
    people[2].travel_us = MIN;
    says("b", CALLOUT__V1__ACT__ACT_DECLINE);
    seek();
    SAID(OFFER_ENDED, APPLIED, OFFERED, AT_RISK);
    ck_assert(said(3)->arrival_at_risk->is_over);
    ck_assert_ptr_null(o.state->at_risk);
}
END_TEST

START_TEST(who_is_busy_would_help_where_nobody_else_is_left)
{
    ticket();
    located();
    for (size_t i = 0; i < 3; i++)
        people[i].claims = 1;
    promised(1, 1, T0 + HOUR);
    o.event_count = 0;
    seek();
    SAID(NOBODY_LEFT, AT_RISK);
    const Callout__V1__ArrivalAtRisk *risk = said(1)->arrival_at_risk;
    ck_assert_int_eq(risk->earliest_us, 0);
    ck_assert_uint_eq(risk->n_remedies, 3);
    ck_assert_str_eq(risk->remedies[0]->kind, "free");
    ck_assert_str_eq(risk->remedies[0]->engineer, "a");
}
END_TEST

START_TEST(nobody_left_is_said_again_for_another_visit)
{
    ticket();
    located();
    for (size_t i = 0; i < 3; i++)
        people[i].claims = 1;
    promised(1, 1, T0 + 90 * HOUR);
    seek();
    stopped(1);
    ck_assert_int_eq(state(), DISPATCH_ENDED);
    o.event_count = 0;
    promised(2, 1, T0 + 90 * HOUR);
    seek();
    SAID(NOBODY_LEFT);
    says("x", CALLOUT__V1__ACT__ACT_ARRIVED); /* he came all the same, and could not help */
    met(2);
    promised(3, 1, T0 + 90 * HOUR);
    o.event_count = 0;
    seek();
    SAID(NOBODY_LEFT);
}
END_TEST

START_TEST(a_window_of_busy_people_moves_on)
{
    ticket();
    located();
    promised(1, 1, T0 + 90 * HOUR);
    for (size_t i = 0; i < 3; i++)
        people[i].claims = 1;
    seek_at(T0 + 5, true, true);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
    ck_assert_uint_eq(o.state->window, 3);
    ck_assert_int_eq(o.state->next_us, T0 + 5);
    people_count = 4;
    seek();
    ck_assert_str_eq(o.state->engineer, "d");
}
END_TEST

START_TEST(a_visit_given_back_is_offered_to_somebody_else)
{
    assigned();
    says("a", CALLOUT__V1__ACT__ACT_DECLINE);
    SAID(ORDER_ENDED, APPLIED);
    ck_assert_str_eq(said(0)->order_ended->how, "given_back");
    seek();
    ck_assert_str_eq(o.state->engineer, "b");
}
END_TEST

START_TEST(a_second_visit_asks_for_a_higher_level)
{
    assigned();
    says("a", CALLOUT__V1__ACT__ACT_ARRIVED);
    met(1);
    people[2].skill = 3;
    promised(2, 1, T0 + 20 * HOUR);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
    SAID(ORDER_ENDED);
    ck_assert_str_eq(said(0)->order_ended->how, "relieved");
    seek();
    ck_assert_str_eq(o.state->engineer, "c");
}
END_TEST

START_TEST(who_did_not_solve_it_is_not_sent_again_though_nobody_has_a_higher_level)
{
    people[2].claims = 1;
    assigned();
    says("a", CALLOUT__V1__ACT__ACT_ARRIVED);
    met(1);
    promised(2, 1, T0 + 20 * HOUR);
    seek();
    ck_assert_str_eq(o.state->engineer, "b");
}
END_TEST

START_TEST(no_memory_sticks_and_never_crashes)
{
    for (size_t limit = 4096; limit < 16384; limit += 64) {
        co_arena_free(arena);
        arena = co_arena_new(limit);
        void *ballast = co_arena_alloc(arena, 3600);
        ck_assert_ptr_nonnull(ballast);
        dispatch_order_init(&o, arena, NULL);
        if (o.err != CO_OK)
            continue;
        ticket();
        located();
        promised(1, 1, T0 + 9 * HOUR);
        if (dispatch_seek_wanted(&o))
            seek();
        says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
        ck_assert(o.err == CO_OK || o.err == CO_ENOMEM);
    }
    ck_assert_int_eq(o.err, CO_OK);
}
END_TEST

CHECK_MAIN_WITH("dispatch_seek", setup, teardown, a_promised_arrival_is_offered_to_the_nearest,
                somebody_wanted_at_an_unknown_place_is_the_project_managers_business,
                the_earliest_of_several_promises_is_the_deadline,
                a_promise_that_bounds_the_arrival_sends_nobody_but_whoever_goes_keeps_it,
                a_claim_lost_to_somebody_is_decided_again,
                who_declines_is_barred_and_the_next_is_asked,
                silence_goes_on_to_the_next_at_the_moment_it_ends,
                after_so_many_offers_nobody_is_left_until_the_next_round,
                nobody_left_is_said_once_for_the_same_reason,
                nobody_left_is_said_again_for_another_visit,
                at_night_nobody_is_asked_and_the_first_duty_is_waited_for,
                a_promise_that_nobody_can_keep_is_said_at_once_and_when_it_can_again,
                who_is_busy_would_help_where_nobody_else_is_left, a_window_of_busy_people_moves_on,
                a_visit_given_back_is_offered_to_somebody_else,
                a_second_visit_asks_for_a_higher_level,
                who_did_not_solve_it_is_not_sent_again_though_nobody_has_a_higher_level,
                no_memory_sticks_and_never_crashes)
