/* What is announced of a case, taken back, and said anew. */
#include "sla_case_help.h"

START_TEST(a_late_report_takes_a_breach_back_once)
{
    begin();
    response();
    submit();
    ck_assert_str_eq(advance(40), "promised response/1 level 2 from 0 due 30\n"
                                  "breached response/1 level 2 due 30\n");
    ck_assert_str_eq(advance(41), "");
    apply(command(20, ACT(CONTACTED)));
    ck_assert_str_eq(advance(42), "withdrawn 24 response/1\nmet response/1 at 20\n");
    ck_assert_str_eq(advance(43), "");
    end();
}
END_TEST

START_TEST(what_moved_is_taken_back_and_said_anew_and_a_promise_revised)
{
    begin();
    world_pause(&w, response(), ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    submit();
    apply(command(25, ACT(CONTACTED)));
    advance(26);
    c.now_us = T0 + 50 * MINUTE;
    apply(command(20, ACT(CONTACTED)));
    ck_assert_str_eq(advance(50), "withdrawn 25 response/1\nmet response/1 at 20\n");
    apply(command(5, ACT(WAITING_CUSTOMER)));
    apply(command(7, ACT(CUSTOMER_ANSWERED)));
    ck_assert_str_eq(advance(51), "promised response/1 level 2 from 0 due 32 revision 2\n");
    end();
}
END_TEST

START_TEST(the_revisions_of_a_withdrawn_promise_go_on_when_it_is_back)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "remote", ACT(NONE), ACT(RESTORED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_start_unless_cancelled(&w, m, ACT(CONTACTED));
    world_start(&w, m, ACT(HARDWARE_READY));
    world_cancel(&w, m, ACT(ONSITE_REQUESTED));
    submit();
    apply(command(10, ACT(CONTACTED)));
    ck_assert_str_eq(advance(11), "promised remote/1 level 2 from 10 due 70\n");
    apply(command(5, ACT(ONSITE_REQUESTED)));
    ck_assert_str_eq(advance(12), "withdrawn 22 remote/1\n");
    ck_assert_uint_eq(c.state->n_withdrawn, 1);
    apply(command(13, ACT(HARDWARE_READY)));
    ck_assert_str_eq(advance(14), "promised remote/1 level 2 from 13 due 73 revision 2\n");
    ck_assert_uint_eq(c.state->n_withdrawn, 0);
    end();
}
END_TEST

static void remote_limit(Callout__V1__OnWithdrawn how)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "limit", ACT(REPORTED), ACT(RESTORED));
    world_minutes(&w, m, 60, 60, 60, 60);
    Callout__V1__Action *a = world_on_breach(&w, m, ACTION(ACT));
    a->act = ACT(ONSITE_REQUESTED);
    a->on_withdrawn = how;
    world_minutes(&w, world_milestone(&w, "arrival", ACT(ONSITE_REQUESTED), ACT(ARRIVED)), 120, 120,
                  120, 120);
    world_signer(&w, ROLE(PM));
    submit();
    ck_assert_str_eq(advance(61), "promised limit/1 level 2 from 0 due 60\n"
                                  "breached limit/1 level 2 due 60\n"
                                  "acted limit/1 breach #0 at 60 act 8\n"
                                  "promised arrival/1 level 2 from 60 due 180\n");
    apply(command(50, ACT(RESTORED)));
}

START_TEST(an_action_to_be_undone_goes_with_its_reason)
{
    remote_limit(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_UNDO);
    ck_assert_str_eq(advance(62), "withdrawn 24 limit/1\nwithdrawn 28 limit/1 breach\n"
                                  "withdrawn 22 arrival/1\nmet limit/1 at 50\n");
    ck_assert_uint_eq(c.state->n_standing, 0);
    end();
}
END_TEST

START_TEST(an_action_to_be_kept_stands_with_what_followed_from_it)
{
    remote_limit(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_KEEP);
    ck_assert_str_eq(advance(62), "withdrawn 28 limit/1 breach stands\nwithdrawn 24 limit/1\n"
                                  "met limit/1 at 50\n");
    ck_assert_str_eq(advance(63), "");
    apply(command(100, ACT(ARRIVED)));
    ck_assert_str_eq(advance(101), "met arrival/1 at 100\n");
    end();
}
END_TEST

START_TEST(an_action_to_be_asked_about_stands_and_says_so)
{
    remote_limit(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_ASK);
    ck_assert_str_eq(advance(62), "withdrawn 28 limit/1 breach stands, ask\n"
                                  "withdrawn 24 limit/1\nmet limit/1 at 50\n");
    end();
}
END_TEST

START_TEST(a_raise_to_be_kept_stands_when_a_waiver_of_before_comes_to_light)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "restore", ACT(REPORTED), ACT(RESTORED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_on_breach(&w, m, ACTION(RAISE))->on_withdrawn =
        CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_KEEP;
    world_waiver(&w, ROLE(CUSTOMER));
    submit();
    advance(61);
    ck_assert_uint_eq(fold.severity, 1);
    Callout__V1__CommandReceived *waive = command(30, ACT(WAIVE));
    waive->role = ROLE(CUSTOMER);
    apply(waive);
    ck_assert_str_eq(advance(62), "withdrawn 28 restore/1 breach stands\n"
                                  "withdrawn 22 restore/2\n");
    ck_assert_uint_eq(fold.severity, 1);
    ck_assert_str_eq(advance(63), "");
    end();
}
END_TEST

START_TEST(a_state_comes_back_from_its_bytes)
{
    begin();
    response();
    submit();
    apply(command(20, ACT(CONTACTED)));
    advance(25);
    size_t len = callout__v1__sla_state__get_packed_size(c.state);
    uint8_t *bytes = co_arena_alloc(w.arena, len);
    callout__v1__sla_state__pack(c.state, bytes);
    ck_assert_int_eq(sla_state_unpack(w.arena, bytes, len, &c.state), CO_OK);
    ck_assert_str_eq(advance(26), "");
    ck_assert_int_eq(sla_state_unpack(w.arena, bytes, len - 1, &c.state), CO_EINPUT);
    end();
}
END_TEST

START_TEST(who_takes_over_with_a_clock_that_lags_takes_nothing_back)
{
    begin();
    response();
    submit();
    ck_assert_str_eq(advance(30), "promised response/1 level 2 from 0 due 30\n"
                                  "breached response/1 level 2 due 30\n");
    size_t len = callout__v1__sla_state__get_packed_size(c.state);
    uint8_t *bytes = co_arena_alloc(w.arena, len);
    callout__v1__sla_state__pack(c.state, bytes);
    ck_assert_int_eq(sla_state_unpack(w.arena, bytes, len, &c.state), CO_OK);
    ck_assert_str_eq(advance(29), "");
    apply(command(28, ACT(EXPERT_JOINED)));
    ck_assert_str_eq(advance(29), "");
    ck_assert_int_eq(sla_case_now_us(&c), T0 + 30 * MINUTE);
    end();
}
END_TEST

CHECK_MAIN("sla_announce", a_late_report_takes_a_breach_back_once,
           what_moved_is_taken_back_and_said_anew_and_a_promise_revised,
           the_revisions_of_a_withdrawn_promise_go_on_when_it_is_back,
           an_action_to_be_undone_goes_with_its_reason,
           an_action_to_be_kept_stands_with_what_followed_from_it,
           an_action_to_be_asked_about_stands_and_says_so,
           a_raise_to_be_kept_stands_when_a_waiver_of_before_comes_to_light,
           a_state_comes_back_from_its_bytes,
           who_takes_over_with_a_clock_that_lags_takes_nothing_back)
