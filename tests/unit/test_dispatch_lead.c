/* What the project manager says of a work order: confirmed, who is asked, taken off. */
#include "dispatch_fixture.h"

#define DRAFTED_EVENT CALLOUT__V1__EVENT__BODY_TASK_ORDER_DRAFTED
#define CONFIRMED_EVENT CALLOUT__V1__EVENT__BODY_TASK_ORDER_CONFIRMED

static void drafted(int64_t due_us)
{
    static int64_t confirm_us[] = { 30 * MIN };
    rule.confirm_us = confirm_us;
    rule.n_confirm_us = 1;
    ticket();
    located();
    promised(1, 1, due_us);
    o.event_count = 0;
    seek();
    ck_assert_int_eq(state(), DISPATCH_DRAFTED);
    SAID(DRAFTED_EVENT);
}

START_TEST(nobody_is_asked_before_the_task_order_is_confirmed)
{
    drafted(T0 + 9 * HOUR);
    ck_assert_uint_eq(said(0)->task_order_drafted->generation, 1);
    ck_assert_int_eq(said(0)->task_order_drafted->confirm_by_us, T0 + 30 * MIN);
    o.event_count = 0;
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    check_refused("nobody is asked before the project manager has confirmed the task order");
    leads(CALLOUT__V1__ACT__ACT_CONFIRM_ORDER, "");
    SAID(CONFIRMED_EVENT, APPLIED);
    ck_assert_str_eq(said(0)->task_order_confirmed->how, "confirmed");
    ck_assert_str_eq(said(0)->task_order_confirmed->person, "boss");
    o.event_count = 0;
    seek_at(T0 + MIN, true, false);
    SAID(OFFERED);
    o.event_count = 0;
    leads(CALLOUT__V1__ACT__ACT_CONFIRM_ORDER, "");
    check_refused("the task order is confirmed already");
}
END_TEST

START_TEST(a_task_order_that_nobody_objects_to_in_time_counts_as_confirmed)
{
    drafted(T0 + HOUR);
    ck_assert_int_eq(o.state->next_us, T0 + 6 * MIN); /* a tenth of what is left */
    o.event_count = 0;
    dispatch_order_due(&o, T0 + 6 * MIN - 1);
    ck_assert_int_eq(state(), DISPATCH_DRAFTED);
    dispatch_order_due(&o, T0 + 6 * MIN);
    SAID(CONFIRMED_EVENT);
    ck_assert_str_eq(said(0)->task_order_confirmed->how, "time");
    seek_at(T0 + 6 * MIN, true, false);
    ck_assert_int_eq(state(), DISPATCH_OFFERED);
}
END_TEST

START_TEST(each_level_has_its_time_to_confirm_and_the_last_one_goes_on)
{
    int64_t by_level[] = { 5 * MIN, 10 * MIN };
    rule.confirm_us = by_level;
    ck_assert_int_eq(dispatch_confirm_us(&rule, 1), 0);
    rule.n_confirm_us = 2;
    ck_assert_int_eq(dispatch_confirm_us(&rule, 0), 0);
    ck_assert_int_eq(dispatch_confirm_us(&rule, 1), 5 * MIN);
    ck_assert_int_eq(dispatch_confirm_us(&rule, 2), 10 * MIN);
    ck_assert_int_eq(dispatch_confirm_us(&rule, 4), 10 * MIN);
}
END_TEST

START_TEST(nobody_is_asked_before_the_time_of_arrival_is_agreed)
{
    drafted(0);
    leads(CALLOUT__V1__ACT__ACT_CONFIRM_ORDER, "");
    o.event_count = 0;
    seek_at(T0 + MIN, true, false);
    SAID(NOBODY_LEFT);
    ck_assert_str_eq(said(0)->nobody_left->missing, "agreed_time");
    ck_assert_int_eq(state(), DISPATCH_NOBODY);
    ck_assert_int_eq(o.state->next_us, 0); /* no looking again: somebody has to say when */
    o.event_count = 0;
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    check_refused("no offer is open; nobody could be asked");
    promised(1, 2, T0 + 30 * HOUR);
    seek_at(T0 + 2 * MIN, true, false);
    SAID(OFFERED);
    ck_assert_int_eq(said(0)->offered->arrive_by_us, T0 + 30 * HOUR);
}
END_TEST

START_TEST(who_is_named_is_asked_before_the_time_is_agreed)
{
    drafted(0);
    leads(CALLOUT__V1__ACT__ACT_CONFIRM_ORDER, "");
    seek_at(T0 + MIN, true, false);
    leads(CALLOUT__V1__ACT__ACT_NAME_ENGINEER, "a");
    people_count = 1;
    o.event_count = 0;
    seek_at(T0 + 2 * MIN, true, false);
    SAID(OFFERED);
    ck_assert_str_eq(said(0)->offered->engineer, "a");
}
END_TEST

START_TEST(an_engineer_who_just_goes_overtakes_the_task_order)
{
    drafted(T0 + 9 * HOUR);
    o.event_count = 0;
    says("b", CALLOUT__V1__ACT__ACT_UNDERWAY);
    SAID(CONFIRMED_EVENT, ASSIGNED);
    ck_assert_str_eq(said(0)->task_order_confirmed->how, "overtaken");
    ck_assert_int_eq(state(), DISPATCH_UNDERWAY);
}
END_TEST

START_TEST(another_visit_has_another_task_order)
{
    drafted(T0 + 9 * HOUR);
    leads(CALLOUT__V1__ACT__ACT_CONFIRM_ORDER, "");
    seek_at(T0 + MIN, true, false);
    says("a", CALLOUT__V1__ACT__ACT_ARRIVED);
    met(1);
    promised(2, 1, T0 + 20 * HOUR);
    o.event_count = 0;
    seek_at(T0 + 2 * MIN, true, false);
    SAID(DRAFTED_EVENT);
    ck_assert_uint_eq(said(0)->task_order_drafted->generation, 2);
}
END_TEST

START_TEST(who_is_named_is_asked_next_whatever_speaks_for_others)
{
    offered();
    leads(CALLOUT__V1__ACT__ACT_NAME_ENGINEER, "nobody");
    check_refused("the registry has no engineer of that key");
    leads(CALLOUT__V1__ACT__ACT_NAME_ENGINEER, "c");
    SAID(OFFER_ENDED, APPLIED);
    ck_assert_str_eq(o.state->named, "c");
    people[0] = people[2]; /* the map gives only the one who is named */
    people_count = 1;
    o.event_count = 0;
    seek_at(T0 + MIN, true, false);
    SAID(OFFERED);
    ck_assert_str_eq(said(0)->offered->engineer, "c");
    ck_assert(said(0)->offered->is_named);
    ck_assert_str_eq(o.state->named, "");
}
END_TEST

START_TEST(a_named_engineer_who_is_busy_is_waited_for_and_said)
{
    offered();
    leads(CALLOUT__V1__ACT__ACT_NAME_ENGINEER, "c");
    people[0] = people[2];
    people[0].claims = 1;
    people_count = 1;
    o.event_count = 0;
    seek_at(T0 + MIN, true, false);
    SAID(NOBODY_LEFT, AT_RISK);
    ck_assert_str_eq(said(0)->nobody_left->missing, "named_engineer");
    ck_assert_str_eq(said(0)->nobody_left->remedies[0]->engineer, "c");
    ck_assert_str_eq(o.state->named, "c");
}
END_TEST

START_TEST(a_recalled_engineer_is_free_and_not_asked_again_in_that_round)
{
    assigned();
    says("a", CALLOUT__V1__ACT__ACT_UNDERWAY);
    leads(CALLOUT__V1__ACT__ACT_NAME_ENGINEER, "b");
    ck_assert_ptr_nonnull(strstr(said(0)->command_refused->reason, "recall him"));
    o.event_count = 0;
    leads(CALLOUT__V1__ACT__ACT_RECALL, "C-1");
    SAID(ORDER_ENDED, APPLIED);
    ck_assert_str_eq(said(0)->order_ended->how, "recalled");
    ck_assert_str_eq(said(0)->order_ended->reason, "C-1");
    ck_assert_uint_eq(o.released_count, 1);
    seek_at(T0 + MIN, true, false);
    ck_assert_str_eq(o.state->engineer, "b");
    ck_assert_int_eq(dispatch_order_offer_to(&o, "a")->how,
                     CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN);
}
END_TEST

START_TEST(nobody_is_recalled_before_he_goes_or_when_he_is_there)
{
    offered();
    leads(CALLOUT__V1__ACT__ACT_RECALL, "");
    check_refused("nobody goes yet: name somebody else instead");
    says("a", CALLOUT__V1__ACT__ACT_ARRIVED);
    o.event_count = 0;
    leads(CALLOUT__V1__ACT__ACT_RECALL, "");
    check_refused("somebody is on site: report that a higher level must come, or what was done");
}
END_TEST

CHECK_MAIN_WITH("dispatch_lead", setup, teardown,
                nobody_is_asked_before_the_task_order_is_confirmed,
                a_task_order_that_nobody_objects_to_in_time_counts_as_confirmed,
                each_level_has_its_time_to_confirm_and_the_last_one_goes_on,
                nobody_is_asked_before_the_time_of_arrival_is_agreed,
                who_is_named_is_asked_before_the_time_is_agreed,
                an_engineer_who_just_goes_overtakes_the_task_order,
                another_visit_has_another_task_order,
                who_is_named_is_asked_next_whatever_speaks_for_others,
                a_named_engineer_who_is_busy_is_waited_for_and_said,
                a_recalled_engineer_is_free_and_not_asked_again_in_that_round,
                nobody_is_recalled_before_he_goes_or_when_he_is_there)
