/* Visits that are asked for or accepted, when rosters change. */
#include "dispatch_fixture.h"
#include "dispatch_review.h"

static void review(const struct dispatch_candidate *who)
{
    struct dispatch_need need = dispatch_seek_need(&o, &rule, T0 + MIN);
    dispatch_review(&o, &need, who);
}

static const struct dispatch_candidate *him(int64_t free_from_us)
{
    people[0].free_from_us = free_from_us;
    return &people[0];
}

START_TEST(an_open_offer_to_who_is_absent_now_is_taken_back_and_the_next_one_asked)
{
    offered();
    review(him(DISPATCH_NEVER_ON_DUTY));
    SAID(OFFER_ENDED);
    ck_assert_int_eq(said(0)->offer_ended->how, CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
    ck_assert_uint_eq(o.released_count, 1);
    seek_at(T0 + MIN, true, false);
    ck_assert_str_eq(o.state->engineer, "b");
}
END_TEST

START_TEST(an_open_offer_to_who_has_left_is_taken_back)
{
    offered();
    review(NULL);
    SAID(OFFER_ENDED);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
}
END_TEST

START_TEST(an_open_offer_stands_while_he_can_be_there_in_time)
{
    offered();
    review(him(T0));
    review(him(T0 + 8 * HOUR));
    ck_assert_uint_eq(o.event_count, 0);
    review(him(T0 + 9 * HOUR));
    ck_assert_uint_eq(o.event_count, 0); /* on the minute, without a journey */
    review(him(T0 + 9 * HOUR + 1));
    SAID(OFFER_ENDED);
}
END_TEST

START_TEST(an_accepted_visit_stands_and_is_said_to_be_at_risk_once)
{
    assigned();
    review(him(T0 + 10 * HOUR));
    SAID(AT_RISK);
    const Callout__V1__ArrivalAtRisk *risk = said(0)->arrival_at_risk;
    ck_assert_str_eq(risk->missing, "engineer_off_duty");
    ck_assert_int_eq(risk->due_us, T0 + 9 * HOUR);
    ck_assert_int_eq(risk->earliest_us, T0 + 10 * HOUR);
    ck_assert_uint_eq(risk->n_remedies, 1);
    ck_assert_str_eq(risk->remedies[0]->kind, "shift");
    ck_assert_int_eq(risk->remedies[0]->at_us, T0 + 10 * HOUR);
    ck_assert_int_eq(state(), DISPATCH_ASSIGNED);
    ck_assert_str_eq(o.state->engineer, "a");
    review(him(DISPATCH_NEVER_ON_DUTY));
    ck_assert_uint_eq(o.event_count, 1); /* the same is missing: no news */
    review(NULL);
    SAID(AT_RISK, AT_RISK);
    ck_assert_str_eq(said(1)->arrival_at_risk->missing, "engineer_gone");
    ck_assert_int_eq(said(1)->arrival_at_risk->earliest_us, 0);
}
END_TEST

START_TEST(it_is_taken_back_when_he_is_on_duty_after_all)
{
    assigned();
    review(him(DISPATCH_NEVER_ON_DUTY));
    o.event_count = 0;
    review(him(T0));
    SAID(AT_RISK);
    ck_assert(said(0)->arrival_at_risk->is_over);
    ck_assert_ptr_null(o.state->at_risk);
    review(him(T0));
    ck_assert_uint_eq(o.event_count, 1);
}
END_TEST

START_TEST(a_risk_of_another_kind_is_not_taken_back_by_it)
{
    for (size_t i = 0; i < 3; i++)
        people[i].travel_us += 10 * HOUR;
    ticket();
    located();
    promised(1, 1, T0 + 9 * HOUR);
    seek();
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    ck_assert_str_eq(o.state->at_risk->missing, "nearer_engineer");
    o.event_count = 0;
    review(him(T0));
    ck_assert_uint_eq(o.event_count, 0);
    ck_assert_ptr_nonnull(o.state->at_risk);
}
END_TEST

START_TEST(who_travels_is_left_alone)
{
    assigned();
    says("a", CALLOUT__V1__ACT__ACT_UNDERWAY);
    o.event_count = 0;
    ck_assert(!dispatch_review_wanted(&o));
    review(NULL);
    ck_assert_uint_eq(o.event_count, 0);
}
END_TEST

CHECK_MAIN_WITH("dispatch_review", setup, teardown,
                an_open_offer_to_who_is_absent_now_is_taken_back_and_the_next_one_asked,
                an_open_offer_to_who_has_left_is_taken_back,
                an_open_offer_stands_while_he_can_be_there_in_time,
                an_accepted_visit_stands_and_is_said_to_be_at_risk_once,
                it_is_taken_back_when_he_is_on_duty_after_all,
                a_risk_of_another_kind_is_not_taken_back_by_it, who_travels_is_left_alone)
