#include "dispatch_fixture.h"

START_TEST(a_ticket_asks_to_be_located_and_the_place_is_said_once)
{
    ticket();
    ck_assert(o.locate && o.is_changed);
    located();
    SAID(LOCATED);
    ck_assert_int_eq(o.state->located->located_us, T0);
    struct dispatch_distance other = {
        .office = "elsewhere", .km = 99, .straight_km = 99, .source = "road", .road_missing = ""
    };
    dispatch_order_located(&o, &other, T0 + 1);
    ck_assert_uint_eq(o.event_count, 1);
    ck_assert(o.state->located->km == 12);
}
END_TEST

START_TEST(a_case_without_a_place_asks_again_when_it_is_approved_or_woken)
{
    ticket();
    o.locate = false;
    Callout__V1__CommandApplied body = CALLOUT__V1__COMMAND_APPLIED__INIT;
    body.act = CALLOUT__V1__ACT__ACT_APPROVE;
    EVENT(event, COMMAND_APPLIED, command_applied, &body);
    dispatch_order_entry(&o, &event, T0, (struct dispatch_reporter){ 0 });
    ck_assert(o.locate);
    o.locate = false;
    dispatch_order_due(&o, T0);
    ck_assert(o.locate);
}
END_TEST

START_TEST(acceptance_is_answered_and_assigned)
{
    offered();
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    ck_assert_int_eq(state(), DISPATCH_ASSIGNED);
    SAID(OFFER_ENDED, ASSIGNED, APPLIED);
    ck_assert_int_eq(said(0)->offer_ended->how, CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED);
    ck_assert_str_eq(said(1)->assigned->engineer, "a");
    ck_assert_uint_eq(said(2)->command_applied->command_id, 77);
    ck_assert_str_eq(said(2)->command_applied->person, "a");
    ck_assert_int_eq(o.state->next_us, 0);
    ck_assert_uint_eq(o.released_count, 0);
}
END_TEST

START_TEST(accepting_twice_or_for_another_or_too_late_is_refused)
{
    offered();
    says("b", CALLOUT__V1__ACT__ACT_ACCEPT);
    check_refused("the open offer is made to somebody else");
    says_at("a", CALLOUT__V1__ACT__ACT_ACCEPT, 9, T0 + MIN);
    check_refused("the open offer is made to somebody else");
    says_at("a", CALLOUT__V1__ACT__ACT_ACCEPT, 1, o.state->accept_by_us);
    ck_assert_int_eq(state(), DISPATCH_ASSIGNED);
    o.event_count = 0;
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    check_refused("the offer is accepted already");
    says("b", CALLOUT__V1__ACT__ACT_DECLINE);
    check_refused("somebody else accepted and goes");
}
END_TEST

START_TEST(an_acceptance_after_its_time_finds_the_offer_ended)
{
    offered();
    int64_t accept_by_us = o.state->accept_by_us;
    says_at("a", CALLOUT__V1__ACT__ACT_ACCEPT, 1, accept_by_us + 1);
    SAID(OFFER_ENDED, REFUSED);
    ck_assert_int_eq(said(0)->offer_ended->how, CALLOUT__V1__OFFER_END__OFFER_END_SILENT);
    ck_assert_int_eq(said(0)->offer_ended->ended_us, accept_by_us);
    ck_assert_str_eq(said(1)->command_refused->reason, "the time to accept that offer ran out");
}
END_TEST

START_TEST(a_refusal_says_what_is_possible_now)
{
    offered();
    says("b", CALLOUT__V1__ACT__ACT_ACCEPT);
    const Callout__V1__CommandRefused *refused = said(0)->command_refused;
    const Callout__V1__Act others[] = { CALLOUT__V1__ACT__ACT_UNDERWAY,
                                        CALLOUT__V1__ACT__ACT_ARRIVED,
                                        CALLOUT__V1__ACT__ACT_RESTORED,
                                        CALLOUT__V1__ACT__ACT_NAME_ENGINEER };
    ck_assert_uint_eq(refused->n_possible, 4);
    ck_assert_mem_eq(refused->possible, others, sizeof(others));
    o.event_count = 0;
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    o.event_count = 0;
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    const Callout__V1__Act own[] = {
        CALLOUT__V1__ACT__ACT_DECLINE,       CALLOUT__V1__ACT__ACT_UNDERWAY,
        CALLOUT__V1__ACT__ACT_ARRIVED,       CALLOUT__V1__ACT__ACT_RESTORED,
        CALLOUT__V1__ACT__ACT_NAME_ENGINEER, CALLOUT__V1__ACT__ACT_RECALL
    };
    ck_assert_uint_eq(said(0)->command_refused->n_possible, 6);
    ck_assert_mem_eq(said(0)->command_refused->possible, own, sizeof(own));
}
END_TEST

START_TEST(after_the_end_of_a_visit_another_can_be_asked_for_until_the_case_is_closed)
{
    const Callout__V1__Act again[] = { CALLOUT__V1__ACT__ACT_ONSITE_REQUESTED,
                                       CALLOUT__V1__ACT__ACT_HANDED_UP };
    assigned();
    says("a", CALLOUT__V1__ACT__ACT_ARRIVED);
    says("a", CALLOUT__V1__ACT__ACT_RESTORED);
    ck_assert_int_eq(state(), DISPATCH_ENDED);
    o.event_count = 0;
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    ck_assert_str_eq(said(0)->command_refused->reason, "the visit is over");
    ck_assert_uint_eq(said(0)->command_refused->n_possible, 2);
    ck_assert_mem_eq(said(0)->command_refused->possible, again, sizeof(again));
    o.event_count = 0;
    closed();
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    ck_assert_uint_eq(said(0)->command_refused->n_possible, 0);
    o.event_count = 0;
    withdrawn(CALLOUT__V1__EVENT__BODY_CASE_CLOSED, 1);
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    ck_assert_uint_eq(said(0)->command_refused->n_possible, 2);
}
END_TEST

START_TEST(decisions_on_a_case_that_dispatch_never_heard_of_are_refused)
{
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    check_refused("no visit is planned for this case");
    ck_assert(!o.is_changed);
}
END_TEST

START_TEST(an_engineer_who_just_goes_has_accepted)
{
    offered();
    says("a", CALLOUT__V1__ACT__ACT_UNDERWAY);
    ck_assert_int_eq(state(), DISPATCH_UNDERWAY);
    SAID(OFFER_ENDED, ASSIGNED);
    says("", CALLOUT__V1__ACT__ACT_ARRIVED);
    ck_assert_int_eq(state(), DISPATCH_ARRIVED);
    ck_assert_uint_eq(o.event_count, 2);
}
END_TEST

START_TEST(another_engineer_who_is_there_takes_the_visit_over)
{
    offered();
    says("c", CALLOUT__V1__ACT__ACT_ARRIVED);
    ck_assert_int_eq(state(), DISPATCH_ARRIVED);
    SAID(OFFER_ENDED, ASSIGNED);
    ck_assert_int_eq(said(0)->offer_ended->how, CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN);
    ck_assert_str_eq(said(0)->offer_ended->engineer, "a");
    ck_assert_str_eq(said(1)->assigned->engineer, "c");
    ck_assert_uint_eq(said(1)->assigned->generation, 2);
    ck_assert_uint_eq(o.released_count, 1);
    ck_assert_str_eq(o.claim.engineer, "c");
    ck_assert(o.claim.is_firm && o.claim.generation == 2);
    says("", CALLOUT__V1__ACT__ACT_RESTORED);
    ck_assert_ptr_null(o.claim.engineer); /* ended before the claim was made */
    ck_assert_uint_eq(o.released_count, 1);
}
END_TEST

START_TEST(somebody_who_is_no_engineer_takes_no_visit)
{
    offered();
    says("the-vendor", CALLOUT__V1__ACT__ACT_ARRIVED);
    ck_assert_int_eq(state(), DISPATCH_OFFERED);
    met(1); /* which sla concludes */
    ck_assert_int_eq(state(), DISPATCH_ENDED);
    SAID(OFFER_ENDED);
}
END_TEST

START_TEST(a_stopped_arrival_takes_the_offer_back)
{
    offered();
    stopped(1);
    ck_assert_int_eq(state(), DISPATCH_ENDED);
    SAID(OFFER_ENDED);
    ck_assert_int_eq(said(0)->offer_ended->how, CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN);
    ck_assert_uint_eq(o.released_count, 1);
}
END_TEST

START_TEST(restoring_frees_the_engineer)
{
    assigned();
    says("a", CALLOUT__V1__ACT__ACT_ARRIVED);
    met(1);
    ck_assert_int_eq(state(), DISPATCH_ARRIVED);
    says("anybody", CALLOUT__V1__ACT__ACT_RESTORED);
    ck_assert_int_eq(state(), DISPATCH_ENDED);
    SAID(ORDER_ENDED);
    ck_assert_str_eq(said(0)->order_ended->engineer, "a");
    ck_assert_str_eq(said(0)->order_ended->how, "restored");
    ck_assert_uint_eq(o.released_count, 1);
    closed();
    ck_assert_uint_eq(o.event_count, 1);
}
END_TEST

START_TEST(what_the_steps_of_a_pack_restore_frees_the_engineer)
{
    offered();
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    says("a", CALLOUT__V1__ACT__ACT_ARRIVED);
    o.event_count = 0;
    Callout__V1__ActMade body = CALLOUT__V1__ACT_MADE__INIT;
    body.act = CALLOUT__V1__ACT__ACT_RESTORED;
    EVENT(event, ACT_MADE, act_made, &body);
    dispatch_order_entry(&o, &event, T0 + HOUR, (struct dispatch_reporter){ 0 });
    ck_assert_int_eq(state(), DISPATCH_ENDED);
    ck_assert_uint_eq(o.released_count, 1);
}
END_TEST

START_TEST(closing_ends_whatever_is_open)
{
    assigned();
    closed();
    SAID(ORDER_ENDED);
    ck_assert_str_eq(said(0)->order_ended->how, "closed");
}
END_TEST

START_TEST(a_promise_that_moves_while_somebody_is_on_site_sends_nobody)
{
    assigned();
    says("a", CALLOUT__V1__ACT__ACT_ARRIVED);
    promised(1, 2, T0 + HOUR);
    promised(2, 1, T0 + HOUR); /* started anew before the arrival was taken in */
    ck_assert_int_eq(state(), DISPATCH_ARRIVED);
    ck_assert_uint_eq(o.event_count, 0);
}
END_TEST

START_TEST(a_withdrawn_promise_ends_the_visit_and_a_withdrawn_end_brings_it_back)
{
    offered();
    withdrawn(CALLOUT__V1__EVENT__BODY_PROMISED, 1);
    ck_assert_int_eq(state(), DISPATCH_ENDED);
    withdrawn(CALLOUT__V1__EVENT__BODY_MET, 1);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
    stopped(1);
    withdrawn(CALLOUT__V1__EVENT__BODY_STOPPED, 1);
    ck_assert_int_eq(state(), DISPATCH_SEEKING);
}
END_TEST

static void *take(void *from, size_t size)
{
    return co_arena_alloc(from, size);
}

static void leave(void *from, void *memory)
{
    (void)from;
    (void)memory;
}

START_TEST(the_state_survives_being_packed)
{
    ProtobufCAllocator in_arena = { take, leave, arena };
    people_count = 8;
    offered();
    says("a", CALLOUT__V1__ACT__ACT_DECLINE);
    uint8_t bytes[1024];
    size_t len = callout__v1__dispatch_state__get_packed_size(o.state);
    ck_assert_uint_le(len, sizeof(bytes));
    callout__v1__dispatch_state__pack(o.state, bytes);
    Callout__V1__DispatchState *again = callout__v1__dispatch_state__unpack(&in_arena, len, bytes);
    dispatch_order_init(&o, arena, again);
    ck_assert(!o.is_new && !o.is_changed);
    seek();
    ck_assert_str_eq(o.state->engineer, "b");
}
END_TEST

CHECK_MAIN_WITH(
    "dispatch_order", setup, teardown, a_ticket_asks_to_be_located_and_the_place_is_said_once,
    a_case_without_a_place_asks_again_when_it_is_approved_or_woken,
    acceptance_is_answered_and_assigned, accepting_twice_or_for_another_or_too_late_is_refused,
    an_acceptance_after_its_time_finds_the_offer_ended, a_refusal_says_what_is_possible_now,
    after_the_end_of_a_visit_another_can_be_asked_for_until_the_case_is_closed,
    decisions_on_a_case_that_dispatch_never_heard_of_are_refused,
    an_engineer_who_just_goes_has_accepted, another_engineer_who_is_there_takes_the_visit_over,
    somebody_who_is_no_engineer_takes_no_visit, a_stopped_arrival_takes_the_offer_back,
    restoring_frees_the_engineer, what_the_steps_of_a_pack_restore_frees_the_engineer,
    closing_ends_whatever_is_open, a_promise_that_moves_while_somebody_is_on_site_sends_nobody,
    a_withdrawn_promise_ends_the_visit_and_a_withdrawn_end_brings_it_back,
    the_state_survives_being_packed)
