/* One visit offered to several engineers at the same time. */
#include "dispatch_fixture.h"
#include "dispatch_review.h"

#define ENDED(name) CALLOUT__V1__OFFER_END__OFFER_END_##name

static void let(uint32_t at_once)
{
    static uint32_t levels[3];
    levels[0] = at_once;
    levels[1] = levels[2] = 1;
    rule.at_once = levels;
    rule.n_at_once = 3;
    rule.offers = 6;
}

/* Searches as long as somebody is sought. */
static void seek_all_at(int64_t now_us)
{
    while (dispatch_seek_wanted(&o))
        seek_at(now_us, true, false);
}

/* "a" and "b" are asked. */
static void two_offered(void)
{
    let(2);
    ticket();
    located();
    promised(1, 1, T0 + 9 * HOUR);
    seek_all_at(T0);
    o.event_count = 0;
}

/* Who is asked, from the oldest offer on: "a b". */
static void check_asked(const char *expected)
{
    char asked[32] = "";
    for (size_t i = 0; i < dispatch_offers_count(&o); i++) {
        if (i > 0)
            strcat(asked, " ");
        strcat(asked, dispatch_offers_get(&o, i)->engineer);
    }
    ck_assert_str_eq(asked, expected);
    ck_assert_int_eq(state() == DISPATCH_OFFERED, *expected != '\0');
}

static void check_ended(size_t i, const char *engineer, Callout__V1__OfferEnd how)
{
    ck_assert_int_eq(said(i)->body_case, OFFER_ENDED);
    ck_assert_str_eq(said(i)->offer_ended->engineer, engineer);
    ck_assert_int_eq(said(i)->offer_ended->how, how);
}

/* The claims of these generations, 0 ends the list, were given back. */
static void check_released(const uint64_t *generations)
{
    size_t count = 0;
    for (; generations[count] != 0; count++) {
        ck_assert_uint_lt(count, o.released_count);
        ck_assert_uint_eq(o.released[count], generations[count]);
    }
    ck_assert_uint_eq(o.released_count, count);
    o.released_count = 0;
}
#define RELEASED(...) check_released((const uint64_t[]){ __VA_ARGS__, 0 })

START_TEST(as_many_are_asked_as_the_policy_says_each_with_an_offer_of_his_own)
{
    let(2);
    ticket();
    located();
    promised(1, 1, T0 + 9 * HOUR);
    seek_all_at(T0);
    SAID(LOCATED, OFFERED, OFFERED);
    ck_assert_str_eq(said(1)->offered->engineer, "a");
    ck_assert_uint_eq(said(1)->offered->generation, 1);
    ck_assert_str_eq(said(2)->offered->engineer, "b");
    ck_assert_uint_eq(said(2)->offered->generation, 2);
    check_asked("a b");
    ck_assert_str_eq(o.state->engineer, "a");
    ck_assert_int_eq(o.state->next_us, T0 + 10 * MIN + DISPATCH_GRACE_US + 1);
}
END_TEST

START_TEST(at_other_levels_one_is_asked_after_the_other)
{
    let(2);
    rule.at_once[0] = 0;
    offered();
    ck_assert(!dispatch_seek_wanted(&o));
    check_asked("a");
}
END_TEST

START_TEST(the_first_to_accept_goes_and_the_others_are_overtaken)
{
    two_offered();
    says("b", CALLOUT__V1__ACT__ACT_ACCEPT);
    SAID(OFFER_ENDED, OFFER_ENDED, ASSIGNED, APPLIED);
    check_ended(0, "b", ENDED(ACCEPTED));
    check_ended(1, "a", ENDED(OVERTAKEN));
    ck_assert_str_eq(said(2)->assigned->engineer, "b");
    ck_assert_uint_eq(said(2)->assigned->generation, 2);
    RELEASED(1);
    ck_assert_str_eq(o.state->engineer, "b");
    ck_assert_uint_eq(o.state->generation, 2);
    o.event_count = 0;
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    check_refused("somebody else was asked at the same time and took the visit");
    says_at("a", CALLOUT__V1__ACT__ACT_DECLINE, 1, T0 + MIN);
    check_refused("somebody else was asked at the same time and took the visit");
    says("c", CALLOUT__V1__ACT__ACT_ACCEPT);
    check_refused("somebody else accepted and goes");
}
END_TEST

START_TEST(an_answer_says_which_offer_it_is_for_by_person_or_by_number)
{
    two_offered();
    says("", CALLOUT__V1__ACT__ACT_ACCEPT);
    check_refused("several engineers are asked: say who of them answers");
    says_at("b", CALLOUT__V1__ACT__ACT_ACCEPT, 1, T0 + MIN);
    check_refused("the open offer is made to somebody else");
    says("c", CALLOUT__V1__ACT__ACT_DECLINE);
    check_refused("the open offer is made to somebody else");
    says("", CALLOUT__V1__ACT__ACT_UNDERWAY); /* nobody knows who */
    check_asked("a b");
    says_at("", CALLOUT__V1__ACT__ACT_ACCEPT, 2, T0 + MIN);
    ck_assert_int_eq(state(), DISPATCH_ASSIGNED);
    ck_assert_str_eq(o.state->engineer, "b");
}
END_TEST

START_TEST(a_refusal_of_one_asks_the_next_while_the_other_still_thinks)
{
    two_offered();
    says("a", CALLOUT__V1__ACT__ACT_DECLINE);
    SAID(OFFER_ENDED, APPLIED);
    check_ended(0, "a", ENDED(DECLINED));
    RELEASED(1);
    check_asked("b");
    ck_assert_str_eq(o.state->engineer, "b");
    ck_assert_int_eq(o.state->next_us, T0 + MIN);
    seek_all_at(T0 + MIN);
    SAID(OFFER_ENDED, APPLIED, OFFERED);
    check_asked("b c");
    ck_assert_uint_eq(said(2)->offered->generation, 3);
}
END_TEST

START_TEST(silence_of_one_asks_the_next_at_the_moment_it_ends)
{
    two_offered();
    says("b", CALLOUT__V1__ACT__ACT_DECLINE);
    seek_all_at(T0 + MIN); /* "c" may think until the eleventh minute */
    o.event_count = 0;
    dispatch_order_due(&o, T0 + 10 * MIN + DISPATCH_GRACE_US + 1);
    SAID(OFFER_ENDED);
    check_ended(0, "a", ENDED(SILENT));
    ck_assert_int_eq(said(0)->offer_ended->ended_us, T0 + 10 * MIN);
    check_asked("c");
    dispatch_order_due(&o, T0 + 11 * MIN + DISPATCH_GRACE_US + 1);
    check_asked("");
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
    ck_assert_uint_eq(o.state->asked, 3);
}
END_TEST

START_TEST(offers_that_ran_out_together_end_together)
{
    two_offered();
    dispatch_order_due(&o, T0 + HOUR);
    SAID(OFFER_ENDED, OFFER_ENDED);
    check_ended(0, "a", ENDED(SILENT));
    check_ended(1, "b", ENDED(SILENT));
    RELEASED(1, 2);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
}
END_TEST

START_TEST(of_two_who_accept_in_one_turn_the_first_in_the_journal_goes)
{
    two_offered();
    says("b", CALLOUT__V1__ACT__ACT_ACCEPT);
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    SAID(OFFER_ENDED, OFFER_ENDED, ASSIGNED, APPLIED, REFUSED);
    ck_assert_str_eq(o.state->engineer, "b");
}
END_TEST

START_TEST(whoever_travels_without_an_answer_has_accepted_his_offer)
{
    two_offered();
    says("b", CALLOUT__V1__ACT__ACT_UNDERWAY);
    SAID(OFFER_ENDED, OFFER_ENDED, ASSIGNED);
    check_ended(0, "b", ENDED(ACCEPTED));
    check_ended(1, "a", ENDED(OVERTAKEN));
    RELEASED(1);
    ck_assert_int_eq(state(), DISPATCH_UNDERWAY);
}
END_TEST

START_TEST(whoever_goes_without_having_been_asked_ends_all_offers)
{
    two_offered();
    says("c", CALLOUT__V1__ACT__ACT_ARRIVED);
    SAID(OFFER_ENDED, OFFER_ENDED, ASSIGNED);
    check_ended(0, "a", ENDED(WITHDRAWN));
    check_ended(1, "b", ENDED(WITHDRAWN));
    ck_assert_uint_eq(o.released_count, 2);
    ck_assert_uint_eq(o.state->generation, 3);
    ck_assert(o.claim.is_firm && o.claim.generation == 3);
}
END_TEST

static void is_stopped(void)
{
    stopped(1);
}

static void is_met(void)
{
    met(1);
}

static void is_restored(void)
{
    says("c", CALLOUT__V1__ACT__ACT_RESTORED);
}

static void is_named(void)
{
    leads(CALLOUT__V1__ACT__ACT_NAME_ENGINEER, "c");
}

START_TEST(what_needs_nobody_any_more_or_somebody_else_takes_all_offers_back)
{
    static void (*const happens[])(void) = { is_stopped, is_met, is_restored, is_named, closed };
    for (size_t i = 0; i < sizeof(happens) / sizeof(happens[0]); i++) {
        two_offered();
        happens[i]();
        check_ended(0, "a", ENDED(WITHDRAWN));
        check_ended(1, "b", ENDED(WITHDRAWN));
        ck_assert_uint_eq(o.released_count, 2);
        check_asked("");
        teardown();
        setup();
    }
}
END_TEST

START_TEST(whom_the_project_manager_named_is_asked_alone)
{
    two_offered();
    leads(CALLOUT__V1__ACT__ACT_NAME_ENGINEER, "c");
    people[0].claims = people[1].claims = 1;
    seek_all_at(T0 + MIN);
    check_asked("c");
    Callout__V1__SeverityChanged body = CALLOUT__V1__SEVERITY_CHANGED__INIT;
    body.to = 2;
    EVENT(event, SEVERITY_CHANGED, severity_changed, &body);
    dispatch_order_entry(&o, &event, T0 + MIN, (struct dispatch_reporter){ 0 });
    seek_all_at(T0 + MIN);
    check_asked("c");
    people[0].claims = people[1].claims = 0;
    says_at("c", CALLOUT__V1__ACT__ACT_DECLINE, 0, T0 + 2 * MIN);
    o.state->severity = 1;
    seek_all_at(T0 + 2 * MIN);
    check_asked("a b");
}
END_TEST

START_TEST(a_level_at_which_more_are_asked_asks_more)
{
    let(3);
    ticket();
    located();
    promised(1, 1, T0 + 9 * HOUR);
    o.state->severity = 2;
    seek_all_at(T0);
    check_asked("a");
    Callout__V1__SeverityChanged body = CALLOUT__V1__SEVERITY_CHANGED__INIT;
    body.to = 1;
    EVENT(event, SEVERITY_CHANGED, severity_changed, &body);
    dispatch_order_entry(&o, &event, T0 + MIN, (struct dispatch_reporter){ 0 });
    seek_all_at(T0 + MIN);
    check_asked("a b c");
}
END_TEST

START_TEST(where_nobody_else_can_be_asked_one_offer_is_no_news_and_others_are_looked_for_again)
{
    people[1].claims = people[2].claims = 1;
    two_offered();
    check_asked("a");
    ck_assert_uint_eq(o.event_count, 0);
    ck_assert_int_eq(o.state->next_us, T0 + 10 * MIN); /* a pause: before the offer runs out */
    people[1].claims = 0;
    dispatch_order_due(&o, T0 + 10 * MIN);
    seek_all_at(T0 + 10 * MIN);
    check_asked("a b");
}
END_TEST

START_TEST(another_registry_is_looked_through_at_once_for_whom_to_ask_besides)
{
    people[1].claims = people[2].claims = 1;
    two_offered();
    people[1].claims = 0;
    dispatch_order_woken(&o, T0 + MIN);
    seek_all_at(T0 + MIN);
    check_asked("a b");
    dispatch_order_woken(&o, T0 + MIN);
    ck_assert(!dispatch_seek_wanted(&o)); /* as many as may be */
}
END_TEST

START_TEST(not_more_are_asked_in_all_than_the_policy_says)
{
    two_offered();
    rule.offers = 3;
    people_count = 6;
    says("a", CALLOUT__V1__ACT__ACT_DECLINE);
    seek_all_at(T0 + MIN);
    check_asked("b c");
    says("b", CALLOUT__V1__ACT__ACT_DECLINE);
    seek_all_at(T0 + MIN);
    check_asked("c");
    ck_assert_int_eq(o.state->more_us, 0);
    o.event_count = 0;
    says("c", CALLOUT__V1__ACT__ACT_DECLINE);
    seek_all_at(T0 + MIN);
    ck_assert_int_eq(state(), DISPATCH_NOBODY);
    ck_assert_str_eq(said(2)->nobody_left->missing, "acceptance");
    ck_assert_uint_eq(said(2)->nobody_left->asked, 3);
}
END_TEST

START_TEST(who_would_be_too_late_is_not_asked_besides_who_would_not)
{
    people[1].travel_us = people[2].travel_us = 10 * HOUR;
    two_offered();
    check_asked("a");
    ck_assert_uint_eq(o.event_count, 0); /* and nothing is at risk */
    says("a", CALLOUT__V1__ACT__ACT_DECLINE);
    seek_all_at(T0 + MIN);
    SAID(OFFER_ENDED, APPLIED, OFFERED, AT_RISK, OFFERED);
    check_asked("b c");
}
END_TEST

START_TEST(an_arrival_is_at_risk_when_the_only_one_in_time_declines)
{
    two_offered();
    people_count = 2;
    dispatch_offers_get(&o, 1)->there_us = T0 + 10 * HOUR;
    says("a", CALLOUT__V1__ACT__ACT_DECLINE);
    seek_all_at(T0 + MIN);
    SAID(OFFER_ENDED, APPLIED, AT_RISK);
    ck_assert_int_eq(said(2)->arrival_at_risk->earliest_us, T0 + 10 * HOUR);
}
END_TEST

START_TEST(a_claim_lost_for_the_second_leaves_the_first_offer_alone)
{
    let(2);
    ticket();
    located();
    promised(1, 1, T0 + 9 * HOUR);
    seek();
    o.event_count = 0;
    seek_at(T0, false, false);
    ck_assert(dispatch_seek_wanted(&o));
    ck_assert_int_eq(o.state->next_us, T0);
    check_asked("a");
    people[1].claims = 1;
    seek_at(T0, true, false);
    SAID(OFFERED);
    check_asked("a c");
    ck_assert_uint_eq(o.state->newest, 2);
}
END_TEST

START_TEST(who_is_absent_now_loses_his_offer_and_the_others_keep_theirs)
{
    two_offered();
    struct dispatch_need need = dispatch_seek_need(&o, &rule, T0 + MIN);
    dispatch_review(&o, &need, NULL);
    SAID(OFFER_ENDED);
    check_ended(0, "a", ENDED(WITHDRAWN));
    check_asked("b");
    seek_all_at(T0 + MIN);
    check_asked("b c");
}
END_TEST

START_TEST(whoever_was_overtaken_is_asked_again_when_the_visit_is_given_back)
{
    two_offered();
    says("b", CALLOUT__V1__ACT__ACT_ACCEPT);
    says("b", CALLOUT__V1__ACT__ACT_DECLINE);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
    seek_all_at(T0 + MIN);
    check_asked("a c");
    ck_assert_uint_eq(dispatch_offers_get(&o, 0)->generation, 3);
}
END_TEST

START_TEST(a_state_kept_before_several_could_be_asked_goes_on)
{
    offered();
    o.state->newest = 0;
    o.state->offers[0]->accept_by_us = o.state->offers[0]->there_us = 0;
    dispatch_order_init(&o, arena, o.state);
    check_asked("a");
    dispatch_order_due(&o, T0 + 10 * MIN);
    check_asked("a");
    says_at("a", CALLOUT__V1__ACT__ACT_DECLINE, 1, T0 + 2 * MIN);
    seek();
    ck_assert_uint_eq(o.state->generation, 2);
    check_asked("b");
}
END_TEST

CHECK_MAIN_WITH("dispatch_offers", setup, teardown,
                as_many_are_asked_as_the_policy_says_each_with_an_offer_of_his_own,
                at_other_levels_one_is_asked_after_the_other,
                the_first_to_accept_goes_and_the_others_are_overtaken,
                an_answer_says_which_offer_it_is_for_by_person_or_by_number,
                a_refusal_of_one_asks_the_next_while_the_other_still_thinks,
                silence_of_one_asks_the_next_at_the_moment_it_ends,
                offers_that_ran_out_together_end_together,
                of_two_who_accept_in_one_turn_the_first_in_the_journal_goes,
                whoever_travels_without_an_answer_has_accepted_his_offer,
                whoever_goes_without_having_been_asked_ends_all_offers,
                what_needs_nobody_any_more_or_somebody_else_takes_all_offers_back,
                whom_the_project_manager_named_is_asked_alone,
                a_level_at_which_more_are_asked_asks_more,
                where_nobody_else_can_be_asked_one_offer_is_no_news_and_others_are_looked_for_again,
                another_registry_is_looked_through_at_once_for_whom_to_ask_besides,
                not_more_are_asked_in_all_than_the_policy_says,
                who_would_be_too_late_is_not_asked_besides_who_would_not,
                an_arrival_is_at_risk_when_the_only_one_in_time_declines,
                a_claim_lost_for_the_second_leaves_the_first_offer_alone,
                who_is_absent_now_loses_his_offer_and_the_others_keep_theirs,
                whoever_was_overtaken_is_asked_again_when_the_visit_is_given_back,
                a_state_kept_before_several_could_be_asked_goes_on)
