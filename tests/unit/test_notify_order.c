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

START_TEST(a_drafted_task_order_is_told_and_cancelled_when_it_is_confirmed_before_it_left)
{
    set_up();
    (void)add_rule(ON(DRAFTED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    HAPPENS(TASK_ORDER_DRAFTED, task_order_drafted, TaskOrderDrafted, x->generation = 1,
            x->confirm_by_us = 77);
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

CHECK_MAIN("notify_order", an_act_is_told_by_the_rule_for_it_once_each_time_it_is_taken,
           a_drafted_task_order_is_told_and_cancelled_when_it_is_confirmed_before_it_left,
           an_arrival_at_risk_is_told_each_time_and_taken_back,
           a_time_that_has_to_be_agreed_is_told_in_words_of_its_own,
           the_project_manager_hears_of_an_excluded_area_whether_a_pack_says_so_or_not)
