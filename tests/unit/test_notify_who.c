/* Who is told: rosters, delegates, the ladder, administrators. */
#include "check_main.h"

#include "notify_who.h"
#include "notify_world.h"

static struct co_rosters *rosters;

static void put_calendar(void)
{
    static Callout__V1__WorkDay days[7], *week[7];
    static Callout__V1__Transition at, *transitions[1] = { &at };
    callout__v1__transition__init(&at);
    at.offset_s = 8 * 3600;
    for (size_t i = 0; i < 7; i++) {
        callout__v1__work_day__init(&days[i]);
        week[i] = &days[i];
    }
    PUT(Calendar, calendar, x.key = own("cal"), x.zone = own("Asia/Shanghai"), x.n_transitions = 1,
        x.transitions = transitions, x.n_week = 7, x.week = week);
}

static void read_rosters(void)
{
    co_rosters_free(rosters);
    rosters = NULL;
    ck_assert_int_eq(co_rosters_new(registry, &rosters), CO_OK);
    world.rosters = rosters;
}

/* Away for an hour around now. */
static void is_on_leave(const char *key)
{
    Callout__V1__RosterSpan away = CALLOUT__V1__ROSTER_SPAN__INIT, *absences[] = { &away };
    away.from_us = world.now_us - 30 * MINUTE;
    away.until_us = world.now_us + 30 * MINUTE;
    PUT(Roster, roster, x.key = own(key), x.calendar = own("cal"), x.n_absences = 1,
        x.absences = absences);
    read_rosters();
}

/* On duty every day at these hours, in Beijing. */
static void has_shift(const char *key, uint32_t from_hour, uint32_t until_hour)
{
    static uint32_t weekdays[] = { 1, 2, 3, 4, 5, 6, 7 };
    Callout__V1__ShiftRule rule = CALLOUT__V1__SHIFT_RULE__INIT, *rules[] = { &rule };
    rule.n_weekdays = 7;
    rule.weekdays = weekdays;
    rule.from_min = from_hour * 60;
    rule.until_min = until_hour * 60;
    PUT(Roster, roster, x.key = own(key), x.calendar = own("cal"), x.n_rules = 1, x.rules = rules);
    read_rosters();
}

static void has_delegate(const char *key, const char *language, const char *delegate)
{
    PUT(Person, person, x.key = own(key), x.name = own(key), x.language = own(language),
        x.email = own("somebody@example.com"), x.delegate = own(delegate));
}

static void put_desk(const char *first, const char *second)
{
    Callout__V1__RoleHolder a = CALLOUT__V1__ROLE_HOLDER__INIT, b = a, *holders[] = { &a, &b };
    a.role = b.role = ROLE(DESK);
    a.person = own(first);
    b.person = own(second);
    PUT(Desk, desk, x.key = own("house"), x.n_holders = second[0] == '\0' ? 1 : 2,
        x.holders = holders);
}

static void set_up_people(void)
{
    set_up();
    put_calendar();
    read_rosters();
    is_opened();
}

static void tear_down_people(void)
{
    co_rosters_free(rosters);
    rosters = NULL;
    world.rosters = NULL;
    tear_down();
}

static const struct notify_notice *the(const char *obligation, const char *slot)
{
    const struct notify_notice *n = notify_case_find(c, obligation, 1, slot);
    ck_assert_msg(n != NULL, "no %s %s in:\n%s", obligation, slot, journal);
    return n;
}

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
