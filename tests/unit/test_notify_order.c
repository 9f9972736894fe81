/* Who is told of the work order, of acts, and of arrivals that nobody can keep. */
#include "check_main.h"

#include "notify_world.h"

START_TEST(an_act_is_told_by_the_rule_for_it_once_each_time_it_is_taken)
{
    set_up();
    Callout__V1__NoticeRule *rule = add_rule(ON(ACT), "", ROLE(PM), ROLE(NONE));
    rule->act = CALLOUT__V1__ACT__ACT_HANDED_UP;
    is_opened();
    HAPPENS(COMMAND_APPLIED, command_applied, CommandApplied, x->command_id = 5,
            x->act = CALLOUT__V1__ACT__ACT_ARRIVED);
    journal_is("");
    HAPPENS(COMMAND_APPLIED, command_applied, CommandApplied, x->command_id = 6,
            x->act = CALLOUT__V1__ACT__ACT_HANDED_UP);
    journal_is("planned act/handed_up/6 g1 pm/0 pm mail\n");
    HAPPENS(COMMAND_APPLIED, command_applied, CommandApplied, x->command_id = 7,
            x->act = CALLOUT__V1__ACT__ACT_HANDED_UP);
    journal_is("planned act/handed_up/7 g1 pm/0 pm mail\n");
    tear_down();
}
END_TEST

START_TEST(a_customer_who_is_not_content_is_told_by_a_rule_of_its_own)
{
    static char what[] = "dissatisfied";
    static const struct {
        Callout__V1__Solved solved;
        uint32_t rating;
        bool is_told;
    } said[] = {
        { CALLOUT__V1__SOLVED__SOLVED_YES, 0, false },
        { CALLOUT__V1__SOLVED__SOLVED_YES, 3, false },
        { CALLOUT__V1__SOLVED__SOLVED_YES, 2, true },
        { CALLOUT__V1__SOLVED__SOLVED_PARTLY, 5, true },
        { CALLOUT__V1__SOLVED__SOLVED_NO, 0, true },
    };
    set_up();
    Callout__V1__NoticeRule *rule = add_rule(ON(ACT), "", ROLE(PM), ROLE(NONE));
    rule->act = CALLOUT__V1__ACT__ACT_CALLED_BACK;
    rule->what = what;
    is_opened();
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        HAPPENS(COMMAND_APPLIED, command_applied, CommandApplied, x->command_id = i,
                x->act = CALLOUT__V1__ACT__ACT_CALLED_BACK, x->solved = said[i].solved,
                x->rating = said[i].rating);
        char text[80];
        (void)snprintf(text, sizeof(text), "planned act/called_back/%zu g1 pm/0 pm mail\n", i);
        journal_is(said[i].is_told ? text : "");
    }
    tear_down();
}
END_TEST

START_TEST(a_drafted_task_order_is_told_and_cancelled_when_it_is_confirmed_before_it_left)
{
    set_up();
    (void)add_rule(ON(DRAFTED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    HAPPENS(TASK_ORDER_DRAFTED, task_order_drafted, TaskOrderDrafted, x->generation = 1,
            x->confirm_by_us = NOON + 5 * MINUTE);
    ck_assert_str_eq(c->notices[0]->body, "机房 最迟 2026-02-17 04:05 UTC");
    HAPPENS(TASK_ORDER_CONFIRMED, task_order_confirmed, TaskOrderConfirmed, x->generation = 1);
    journal_is("planned drafted/1 g1 pm/0 pm mail\n"
               "settled drafted/1 g1 pm/0 6 no longer true\n");
    tear_down();
}
END_TEST

START_TEST(an_arrival_at_risk_is_told_each_time_and_taken_back)
{
    static char missing[] = "shift", milestone[] = "arrival";
    set_up();
    (void)add_rule(ON(AT_RISK), "", ROLE(PM), ROLE(NONE));
    is_opened();
    HAPPENS(ARRIVAL_AT_RISK, arrival_at_risk, ArrivalAtRisk, x->milestone = milestone,
            x->missing = missing, x->due_us = 77);
    HAPPENS(ARRIVAL_AT_RISK, arrival_at_risk, ArrivalAtRisk, x->milestone = milestone,
            x->is_over = true);
    HAPPENS(ARRIVAL_AT_RISK, arrival_at_risk, ArrivalAtRisk, x->milestone = milestone,
            x->missing = missing, x->due_us = 78);
    journal_is("planned at_risk/1 g1 pm/0 pm mail\n"
               "settled at_risk/1 g1 pm/0 6 no longer true\n"
               "planned at_risk/2 g1 pm/0 pm mail\n");
    tear_down();
}
END_TEST

START_TEST(a_time_that_has_to_be_agreed_is_told_in_words_of_its_own)
{
    set_up();
    Callout__V1__NoticeRule *rule = add_rule(ON(NOBODY_LEFT), "", ROLE(PM), ROLE(NONE));
    rule->what = own("agreed_time");
    (void)add_rule(ON(NOBODY_LEFT), "", ROLE(DIRECTOR), ROLE(NONE));
    is_opened();
    HAPPENS(NOBODY_LEFT, nobody_left, NobodyLeft, x->missing = own("agreed_time"));
    journal_is("planned nobody_left/1 g1 pm/0 pm mail\n"
               "planned nobody_left/1 g1 director/0 dir mail\n");
    HAPPENS(NOBODY_LEFT, nobody_left, NobodyLeft, x->missing = own("shift"));
    journal_is("planned nobody_left/2 g1 director/0 dir mail\n");
    tear_down();
}
END_TEST

START_TEST(the_project_manager_hears_of_an_excluded_area_whether_a_pack_says_so_or_not)
{
    set_up();
    is_opened();
    HAPPENS(NOT_SERVED, not_served, NotServed, x->milestone = own("arrival"), x->generation = 1,
            x->zone = own("islands"), x->region = own("islands"), x->asked_us = NOON);
    journal_is("planned not_served/arrival/1 g1 pm/0 pm mail\n");
    ck_assert_ptr_nonnull(strstr(c->notices[0]->subject, "islands"));
    HAPPENS(WITHDRAWN, withdrawn, Withdrawn, x->kind = BODY(NOT_SERVED),
            x->milestone = own("arrival"), x->generation = 1);
    journal_is("settled not_served/arrival/1 g1 pm/0 6 no longer true\n");
    (void)add_rule(ON(NOT_SERVED), "", ROLE(PM), ROLE(NONE));
    HAPPENS(NOT_SERVED, not_served, NotServed, x->milestone = own("arrival"), x->generation = 2,
            x->zone = own("islands"), x->region = own("islands"), x->asked_us = NOON);
    journal_is("planned not_served/arrival/2 g1 pm/0 pm mail\n");
    ck_assert_ptr_null(strstr(c->notices[1]->subject, "islands"));
    tear_down();
}
END_TEST

START_TEST(of_several_who_are_asked_those_who_were_slower_are_told_who_goes)
{
    set_up();
    add_rule(ON(OFFERED), "", ROLE(ENGINEER), ROLE(PM));
    add_rule(ON(ASSIGNED), "", ROLE(ENGINEER), ROLE(PM));
    is_opened();
    HAPPENS(OFFERED, offered, Offered, x->generation = 3, x->engineer = own("eng"), x->km = 7,
            x->office = own("here"));
    HAPPENS(OFFERED, offered, Offered, x->generation = 4, x->engineer = own("ops"), x->km = 9);
    everything_is_sent();
    HAPPENS(OFFER_ENDED, offer_ended, OfferEnded, x->generation = 3, x->engineer = own("eng"),
            x->how = CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED);
    HAPPENS(OFFER_ENDED, offer_ended, OfferEnded, x->generation = 4, x->engineer = own("ops"),
            x->how = CALLOUT__V1__OFFER_END__OFFER_END_OVERTAKEN);
    journal_is("planned withdrawn/offered/4 g1 engineer/0 ops mail\n");
    const struct notify_notice *told = c->notices[c->count - 1];
    ck_assert_msg(strstr(told->body, "accepted first") != NULL ||
                      strstr(told->body, "已先接单") != NULL,
                  "%s", told->body);
    HAPPENS(ASSIGNED, assigned, Assigned, x->generation = 3, x->engineer = own("eng"));
    journal_is("planned assigned/3 g1 engineer/0 eng hook\n"
               "planned assigned/3 g1 pm/0 pm mail\n");
    ck_assert_str_eq(c->state->engineer, "eng");
    ck_assert_str_eq(c->state->office, "here");
    ck_assert(c->state->km > 6 && c->state->km < 8);
    tear_down();
}
END_TEST

START_TEST(while_another_is_asked_the_one_who_declines_is_not_the_engineer)
{
    set_up();
    add_rule(ON(OFFERED), "", ROLE(ENGINEER), ROLE(NONE));
    is_opened();
    HAPPENS(OFFERED, offered, Offered, x->generation = 3, x->engineer = own("eng"));
    HAPPENS(OFFERED, offered, Offered, x->generation = 4, x->engineer = own("ops"));
    HAPPENS(OFFER_ENDED, offer_ended, OfferEnded, x->generation = 4, x->engineer = own("ops"),
            x->how = CALLOUT__V1__OFFER_END__OFFER_END_DECLINED);
    ck_assert_str_eq(c->state->engineer, "eng");
    HAPPENS(OFFER_ENDED, offer_ended, OfferEnded, x->generation = 3, x->engineer = own("eng"),
            x->how = CALLOUT__V1__OFFER_END__OFFER_END_SILENT);
    ck_assert_str_eq(c->state->engineer, "");
    tear_down();
}
END_TEST

CHECK_MAIN("notify_order", an_act_is_told_by_the_rule_for_it_once_each_time_it_is_taken,
           a_customer_who_is_not_content_is_told_by_a_rule_of_its_own,
           a_drafted_task_order_is_told_and_cancelled_when_it_is_confirmed_before_it_left,
           an_arrival_at_risk_is_told_each_time_and_taken_back,
           a_time_that_has_to_be_agreed_is_told_in_words_of_its_own,
           the_project_manager_hears_of_an_excluded_area_whether_a_pack_says_so_or_not,
           of_several_who_are_asked_those_who_were_slower_are_told_who_goes,
           while_another_is_asked_the_one_who_declines_is_not_the_engineer)
