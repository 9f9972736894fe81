/* Who is told: rosters, delegates, the ladder, administrators. */
#include "check_main.h"

#include "notify_duty_world.h"

START_TEST(of_several_holders_those_on_duty_are_told)
{
    put_contract(ROLE(PM), "dir"); /* beside "pm" */
    (void)add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    has_shift("pm", 8, 20);
    has_shift("dir", 20, 32);
    is_breached();
    journal_is("planned breached/response/1 g1 pm/0 pm mail\n");
    world.now_us = NOON + 10 * 60 * MINUTE; /* 22:00 */
    HAPPENS(BREACHED, breached, Breached, x->milestone = own("response"), x->generation = 2);
    journal_is("planned breached/response/2 g1 pm/0 dir mail\n");
}
END_TEST

START_TEST(who_holds_a_role_alone_is_told_out_of_his_shifts_too)
{
    (void)add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    has_shift("pm", 20, 32);
    is_breached();
    journal_is("planned breached/response/1 g1 pm/0 pm mail\n");
    ck_assert_str_eq(the("breached/response/1", "pm/0")->why_him, "");
}
END_TEST

START_TEST(a_delegate_is_told_in_his_own_language_for_whom)
{
    (void)add_rule(ON(BREACHED), "", ROLE(PM), ROLE(DIRECTOR));
    has_delegate("pm", "zh", "ops");
    has_delegate("dir", "zh", "sub");
    put_person("sub", "en", "sub@example.com", "");
    is_on_leave("dir");
    has_shift("pm", 20, 32);
    is_breached();
    journal_is("planned breached/response/1 g1 pm/0 ops mail\n"
               "planned breached/response/1 g1 director/0 sub mail\n");
    const struct notify_notice *n = the("breached/response/1", "director/0");
    ck_assert_str_eq(n->stands_for, "dir");
    ck_assert_str_eq(n->why_him, "for dir, who is on leave");
    ck_assert_ptr_nonnull(strstr(n->subject, "response (for dir)"));
    ck_assert_int_eq(strncmp(n->body, "You are told this for dir.\nHall by ", 35), 0);
    n = the("breached/response/1", "pm/0");
    ck_assert_str_eq(n->why_him, "for pm, who is off duty");
    ck_assert_ptr_nonnull(strstr(n->subject, "response（代 pm）"));
    ck_assert_int_eq(
        strncmp(n->body, "您代 pm 收到此通知。\n机房 ", strlen("您代 pm 收到此通知。\n机房 ")), 0);
}
END_TEST

START_TEST(what_a_delegate_was_told_is_corrected_to_him_whoever_is_there_by_then)
{
    (void)add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    has_delegate("pm", "en", "dir");
    is_on_leave("pm");
    is_breached();
    everything_is_sent();
    world.now_us += 60 * MINUTE; /* "pm" is back */
    is_withdrawn(false, false);
    ck_assert_ptr_nonnull(
        strstr(journal, "planned withdrawn/breached/response/1 g1 pm/0 dir mail"));
    const struct notify_notice *n = the("withdrawn/breached/response/1", "pm/0");
    ck_assert_str_eq(n->stands_for, "pm");
    ck_assert_ptr_nonnull(strstr(n->subject, "(for pm)"));
}
END_TEST

START_TEST(a_role_with_nobody_on_duty_goes_up_the_ladder_and_administrators_hear_it_once)
{
    (void)add_rule(ON(BREACHED), "", ROLE(DIRECTOR), ROLE(NONE));
    put_person("deskman", "en", "desk@example.com", "");
    put_desk("deskman", "");
    is_on_leave("dir");
    is_breached();
    journal_is("planned breached/response/1 g1 director/0 pm mail\n"
               "planned nobody/director g1 desk/0 deskman mail\n");
    ck_assert_str_eq(the("breached/response/1", "director/0")->why_him,
                     "nobody on duty is director");
    ck_assert_ptr_nonnull(
        strstr(the("nobody/director", "desk/0")->subject, ": no director is on duty"));
    HAPPENS(BREACHED, breached, Breached, x->milestone = own("response"), x->generation = 2);
    journal_is("planned breached/response/2 g1 director/0 pm mail\n");
}
END_TEST

START_TEST(a_role_that_nobody_holds_is_told_to_administrators_in_their_language)
{
    (void)add_rule(ON(BREACHED), "", ROLE(SERVICE_MANAGER), ROLE(VENDOR));
    put_desk("deskman", "");
    is_breached();
    journal_is("planned breached/response/1 g1 service_manager/0 pm mail\n"
               "planned nobody/service_manager g1 desk/0 deskman mail\n"
               "planned breached/response/1 g1 vendor/0 pm mail\n"
               "settled breached/response/1 g1 vendor/0 6 told as service_manager/0\n"
               "planned nobody/vendor g1 desk/0 deskman mail\n");
    ck_assert_str_eq(the("breached/response/1", "vendor/0")->why_him,
                     "nobody holds the role vendor");
    ck_assert_ptr_nonnull(strstr(the("nobody/vendor", "desk/0")->subject, "无人担任「厂商」"));
}
END_TEST

START_TEST(a_notice_is_never_dropped_because_everybody_is_on_leave)
{
    (void)add_rule(ON(BREACHED), "", ROLE(DIRECTOR), ROLE(NONE));
    put_desk("deskman", "ops");
    is_on_leave("dir");
    is_on_leave("pm");
    is_on_leave("deskman");
    is_on_leave("ops");
    is_breached();
    journal_is("planned breached/response/1 g1 director/0 dir mail\n"
               "planned nobody/director g1 desk/0 deskman mail\n"
               "planned nobody/director g1 desk/1 ops mail\n");
    ck_assert_str_eq(the("breached/response/1", "director/0")->why_him,
                     "told off duty: nobody is on duty who could be told");
}
END_TEST

START_TEST(the_engineer_of_an_order_is_told_himself_whatever_his_roster_says)
{
    (void)add_rule(ON(OFFERED), "", ROLE(ENGINEER), ROLE(NONE));
    PUT(Person, person, x.key = own("eng"), x.name = own("eng"),
        x.webhook = own("http://hooks.example.com/eng"), x.delegate = own("ops"));
    is_on_leave("eng");
    HAPPENS(OFFERED, offered, Offered, x->generation = 1, x->engineer = own("eng"),
            x->accept_by_us = NOON + 10 * MINUTE);
    journal_is("planned offered/1 g1 engineer/0 eng hook\n");
}
END_TEST

START_TEST(who_is_told_for_himself_is_not_told_the_same_for_another_one)
{
    (void)add_rule(ON(BREACHED), "", ROLE(PM), ROLE(DIRECTOR));
    has_delegate("dir", "en", "pm");
    is_on_leave("dir");
    is_breached();
    journal_is("planned breached/response/1 g1 pm/0 pm mail\n"
               "planned breached/response/1 g1 director/0 pm mail\n"
               "settled breached/response/1 g1 director/0 6 told as pm/0\n");
}
END_TEST

START_TEST(one_person_who_stands_in_for_two_roles_is_told_once)
{
    (void)add_rule(ON(BREACHED), "", ROLE(PM), ROLE(DIRECTOR));
    has_delegate("pm", "en", "ops");
    is_on_leave("pm");
    put_contract(ROLE(DIRECTOR), "pm");
    is_breached();
    journal_is("planned breached/response/1 g1 pm/0 ops mail\n"
               "planned breached/response/1 g1 director/0 ops mail\n"
               "settled breached/response/1 g1 director/0 6 told as pm/0\n");
}
END_TEST

CHECK_MAIN_WITH("notify_who", set_up_people, tear_down_people,
                of_several_holders_those_on_duty_are_told,
                who_holds_a_role_alone_is_told_out_of_his_shifts_too,
                a_delegate_is_told_in_his_own_language_for_whom,
                what_a_delegate_was_told_is_corrected_to_him_whoever_is_there_by_then,
                a_role_with_nobody_on_duty_goes_up_the_ladder_and_administrators_hear_it_once,
                a_role_that_nobody_holds_is_told_to_administrators_in_their_language,
                a_notice_is_never_dropped_because_everybody_is_on_leave,
                the_engineer_of_an_order_is_told_himself_whatever_his_roster_says,
                who_is_told_for_himself_is_not_told_the_same_for_another_one,
                one_person_who_stands_in_for_two_roles_is_told_once)
