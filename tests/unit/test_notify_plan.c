#include "check_main.h"

#include "co_registry_check.h"
#include "notify_fields.h"
#include "notify_world.h"

/* ---- who is told ---- */

START_TEST(each_role_of_the_first_rule_that_fits_is_told_in_its_language)
{
    set_up();
    add_rule(ON(BREACHED), "expert", ROLE(PM), ROLE(NONE));
    add_rule(ON(BREACHED), "", ROLE(PM), ROLE(DIRECTOR));
    add_rule(ON(BREACHED), "", ROLE(PM), ROLE(DESK));
    is_opened();
    is_breached();
    journal_is("planned breached/response/1 g1 pm/0 pm mail\n"
               "planned breached/response/1 g1 director/0 dir mail\n"
               "planned breached/response/1 g1 desk/0 pm mail\n"
               "settled breached/response/1 g1 desk/0 6 told as pm/0\n");
    ck_assert_str_eq(c->notices[0]->subject, "C-180D response");
    ck_assert_str_eq(c->notices[0]->body, "机房 最迟 2026-02-17 02:30 UTC");
    ck_assert_str_eq(c->notices[1]->body, "Hall by 2026-02-17 02:30 UTC");
    ck_assert_str_eq(c->notices[0]->address, "pm@example.com");
    tear_down();
}
END_TEST

/* It is sent after its turn was committed, which takes a while. */
START_TEST(a_notice_outlives_the_registry_it_was_planned_with)
{
    set_up();
    (void)add_rule(ON(OPENED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    const Callout__V1__Person *person = co_registry_person(registry, "pm");
    ck_assert_ptr_ne(c->notices[0]->person, person->key);
    ck_assert_ptr_ne(c->notices[0]->address, person->email);
    ck_assert(co_registry_remove(registry, CO_KIND_PERSON, "pm"));
    ck_assert(co_registry_remove(registry, CO_KIND_CHANNEL, "mail"));
    ck_assert_str_eq(c->notices[0]->person, "pm");
    ck_assert_str_eq(c->notices[0]->channel, "mail");
    ck_assert_str_eq(c->notices[0]->address, "pm@example.com");
    tear_down();
}
END_TEST

START_TEST(a_rule_for_other_severities_does_not_fit)
{
    set_up();
    Callout__V1__NoticeRule *rule = add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    uint32_t only[] = { 1, 3 };
    rule->severities = only;
    rule->n_severities = 2;
    is_opened();
    is_breached();
    journal_is("");
    HAPPENS(SEVERITY_CHANGED, severity_changed, SeverityChanged, x->ordinal = 1, x->from = 2,
            x->to = 1);
    is_breached();
    journal_is("planned breached/response/1 g1 pm/0 pm mail\n");
    HAPPENS(WITHDRAWN, withdrawn, Withdrawn, x->kind = BODY(SEVERITY_CHANGED), x->ordinal = 1);
    ck_assert_uint_eq(notify_case_severity(c), 2);
    tear_down();
}
END_TEST

START_TEST(the_customer_is_not_told_of_internal_limits)
{
    set_up();
    add_rule(ON(BREACHED), "", ROLE(CUSTOMER), ROLE(PM));
    is_opened();
    HAPPENS(BREACHED, breached, Breached, x->milestone = own("expert"), x->generation = 1);
    journal_is("planned breached/expert/1 g1 pm/0 pm mail\n");
    is_breached();
    journal_is("planned breached/response/1 g1 customer/0 ops mail\n"
               "planned breached/response/1 g1 pm/0 pm mail\n");
    tear_down();
}
END_TEST

START_TEST(nobody_for_a_role_goes_up_the_ladder_and_nobody_at_all_is_seen)
{
    set_up();
    add_rule(ON(BREACHED), "", ROLE(EXPERT), ROLE(NONE));
    is_opened();
    is_breached();
    journal_is("planned breached/response/1 g1 expert/0 pm mail\n");
    ck_assert(co_registry_remove(registry, CO_KIND_CONTRACT, "k"));
    HAPPENS(BREACHED, breached, Breached, x->milestone = own("response"), x->generation = 2);
    journal_is("planned breached/response/2 g1 expert/0  \n"
               "settled breached/response/2 g1 expert/0 3 nobody holds the role expert\n");
    ck_assert(c->notices[1]->is_new && c->notices[1]->life.next_us == INT64_MAX);
    tear_down();
}
END_TEST

START_TEST(who_cannot_be_reached_is_a_notice_that_failed)
{
    set_up();
    put_person("pm", "zh", "", "");
    add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    is_breached();
    journal_is("planned breached/response/1 g1 pm/0 pm \n"
               "settled breached/response/1 g1 pm/0 3 "
               "the person has neither webhook nor mail address\n");
    put_channel("hook", CALLOUT__V1__CHANNEL_KIND__CHANNEL_WEBHOOK, "http://h/all");
    HAPPENS(BREACHED, breached, Breached, x->milestone = own("response"), x->generation = 2);
    journal_is("planned breached/response/2 g1 pm/0 pm hook\n");
    ck_assert_str_eq(c->notices[1]->address, "http://h/all");
    tear_down();
}
END_TEST

START_TEST(the_engineer_is_meant_only_while_there_is_one)
{
    set_up();
    add_rule(ON(BREACHED), "", ROLE(ENGINEER), ROLE(NONE));
    add_rule(ON(OFFERED), "", ROLE(ENGINEER), ROLE(NONE));
    is_opened();
    is_breached();
    journal_is("");
    HAPPENS(OFFERED, offered, Offered, x->generation = 3, x->engineer = own("eng"),
            x->office = own("bj"), x->arrive_by_us = NOON);
    journal_is("planned offered/3 g1 engineer/0 eng hook\n");
    ck_assert_str_eq(c->notices[0]->address, "http://hooks.example.com/eng");
    HAPPENS(OFFERED, offered, Offered, x->generation = 4, x->engineer = own("stranger"));
    journal_is("planned offered/4 g1 engineer/0 pm mail\n");
    tear_down();
}
END_TEST

START_TEST(a_held_case_reaches_whoever_decides_even_without_a_pack)
{
    set_up();
    c->policy = NULL;
    PUT(Desk, desk, Callout__V1__RoleHolder holder = CALLOUT__V1__ROLE_HOLDER__INIT;
        Callout__V1__RoleHolder * holders[] = { &holder }; holder.role = ROLE(DESK);
        holder.person = own("deskman"); x.key = own("d"); x.n_holders = 1; x.holders = holders);
    for (int i = 0; i < 2; i++)
        HAPPENS(CASE_HELD, case_held, CaseHeld, x->reason = own("unknown_contract"),
                x->field = own("contract"), x->value = own("hiahe"), x->role = ROLE(DESK));
    journal_is("planned held/1 g1 desk/0 deskman mail\n"
               "planned held/2 g1 desk/0 deskman mail\n");
    ck_assert_str_eq(c->notices[0]->subject, "待决定 C-180D：合同不在登记中 (hiahe)");
    Callout__V1__Text title = CALLOUT__V1__TEXT__INIT;
    title.zh = own("人为原因");
    HAPPENS(CASE_HELD, case_held, CaseHeld, x->reason = own("excluded_cause"),
            x->field = own("trait"), x->value = own("by_people"), x->title = &title,
            x->role = ROLE(DESK));
    ck_assert_str_eq(c->notices[2]->subject, "待决定 C-180D：故障原因不在服务范围内 (人为原因)");
    tear_down();
}
END_TEST

START_TEST(a_held_case_is_told_once_where_the_pack_names_who_decides)
{
    set_up();
    add_rule(ON(HELD), "", ROLE(PM), ROLE(NONE));
    HAPPENS(CASE_HELD, case_held, CaseHeld, x->reason = own("expired"), x->contract = own("k"),
            x->role = ROLE(PM));
    journal_is("planned held/1 g1 pm/0 pm mail\n");
    tear_down();
}
END_TEST

/* ---- promises ---- */

START_TEST(a_promise_that_moves_replaces_what_was_not_sent)
{
    set_up();
    add_rule(ON(PROMISED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    is_promised(1, NOON + MINUTE, false);
    is_promised(2, NOON + 2 * MINUTE, false);
    journal_is("planned promised/response/1/r1 g1 pm/0 pm mail\n"
               "settled promised/response/1/r1 g1 pm/0 6 no longer true\n"
               "planned promised/response/1/r2 g1 pm/0 pm mail\n");
    everything_is_sent();
    is_promised(3, NOON + 3 * MINUTE, true);
    journal_is("");
    is_promised(4, NOON + 4 * MINUTE, false);
    journal_is("planned promised/response/1/r4 g1 pm/0 pm mail\n");
    tear_down();
}
END_TEST

START_TEST(nothing_is_told_of_a_promise_without_a_time_unless_it_is_to_be_agreed)
{
    set_up();
    add_rule(ON(PROMISED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    is_promised(1, 0, false);
    journal_is("");
    Callout__V1__TargetBasis basis = CALLOUT__V1__TARGET_BASIS__INIT;
    char agreed[] = "agreed";
    basis.kind = agreed;
    HAPPENS(PROMISED, promised, Promised, x->milestone = own("response"), x->generation = 1,
            x->revision = 2, x->basis = &basis);
    journal_is("planned promised/response/1/r2 g1 pm/0 pm mail\n");
    ck_assert_str_eq(c->notices[0]->body, "机房 最迟 待双方商定");
    tear_down();
}
END_TEST

/* ---- other ---- */

START_TEST(proposals_are_told_raises_are_not)
{
    set_up();
    add_rule(ON(PROPOSED), "", ROLE(PM), ROLE(NONE));
    (void)put_breach_action(1, CALLOUT__V1__ACTION_KIND__ACTION_PROPOSE, "substitute_environment");
    is_opened();
    is_promised(1, NOON, false);
    HAPPENS(ACTED, acted, Acted, x->milestone = own("response"), x->generation = 1,
            x->trigger = own("breach"), x->what = own("raise"));
    journal_is("");
    HAPPENS(ACTED, acted, Acted, x->milestone = own("response"), x->generation = 1,
            x->trigger = own("breach"), x->index = 1, x->what = own("substitute_environment"));
    journal_is("planned proposed/response/1/breach/1 g1 pm/0 pm mail\n");
    ck_assert_str_eq(c->notices[0]->body, "机房 最迟 2026-02-17 04:00 UTC");
    tear_down();
}
END_TEST

static Callout__V1__Action *put_tell(uint32_t index, const char *what, Callout__V1__Role first,
                                     Callout__V1__Role second)
{
    Callout__V1__Action *a = put_breach_action(index, CALLOUT__V1__ACTION_KIND__ACTION_TELL, what);
    a->roles = roles_of(first, second);
    a->n_roles = second == ROLE(NONE) ? 1 : 2;
    return a;
}

static void is_acted_on(uint32_t index, const char *trigger, const char *what)
{
    HAPPENS(ACTED, acted, Acted, x->milestone = own("response"), x->generation = 1,
            x->trigger = own(trigger), x->index = index, x->what = own(what),
            x->acted_us = NOON - 10 * MINUTE);
}

START_TEST(a_start_of_a_milestone_is_no_proposal)
{
    set_up();
    add_rule(ON(PROPOSED), "", ROLE(PM), ROLE(NONE));
    (void)put_breach_action(0, CALLOUT__V1__ACTION_KIND__ACTION_START, "");
    is_opened();
    is_acted_on(0, "breach", "response");
    journal_is("");
    tear_down();
}
END_TEST

START_TEST(a_rule_of_another_thing_does_not_fit)
{
    set_up();
    Callout__V1__NoticeRule *other = add_rule(ON(PROPOSED), "", ROLE(PM), ROLE(NONE));
    other->what = own("replacement");
    Callout__V1__NoticeRule *this = add_rule(ON(PROPOSED), "", ROLE(PM), ROLE(NONE));
    this->what = own("substitute");
    this->subject = text_of("{what}", "");
    (void)put_breach_action(0, CALLOUT__V1__ACTION_KIND__ACTION_PROPOSE, "substitute");
    is_opened();
    is_acted_on(0, "breach", "substitute");
    ck_assert_uint_eq(c->count, 1);
    ck_assert_str_eq(c->notices[0]->subject, "substitute");
    is_breached();
    ck_assert_uint_eq(c->count, 1);
    tear_down();
}
END_TEST

START_TEST(an_action_tells_its_own_roles_in_the_words_of_the_rule_for_what_it_tells)
{
    set_up();
    Callout__V1__NoticeRule *rule = add_rule(ON(TOLD), "", ROLE(PM), ROLE(EXPERT));
    rule->what = own("top_team");
    (void)put_tell(0, "top_team", ROLE(PM), ROLE(DIRECTOR));
    is_opened();
    is_promised(1, NOON - 20 * MINUTE, false);
    is_acted_on(0, "breach", "top_team");
    journal_is("planned told/response/1/breach/0 g1 pm/0 pm mail\n"
               "planned told/response/1/breach/0 g1 director/0 dir mail\n");
    ck_assert_str_eq(c->notices[0]->subject, "C-180D response");
    ck_assert_str_eq(c->notices[1]->subject, "C-180D response: top_team");
    ck_assert_str_eq(c->notices[1]->body,
                     "Bank Hall, \"down\" (2): response, due 2026-02-17 03:40 UTC. top_team. "
                     "(announced 10 min late)");
    tear_down();
}
END_TEST

START_TEST(an_action_of_a_warning_of_its_own_has_its_own_name)
{
    set_up();
    Callout__V1__Threshold threshold[2];
    Callout__V1__Threshold *list[2];
    for (int i = 0; i < 2; i++) {
        callout__v1__threshold__init(&threshold[i]);
        list[i] = &threshold[i];
    }
    Callout__V1__Action *tell = put_tell(0, "look", ROLE(PM), ROLE(NONE));
    threshold[1].actions = &tell;
    threshold[1].n_actions = 1;
    pack.milestones[0]->warnings = list;
    pack.milestones[0]->n_warnings = 2;
    is_opened();
    is_acted_on(0, "warning 2", "look");
    journal_is("planned told/response/1/warning_2/0 g1 pm/0 pm mail\n");
    is_acted_on(0, "warning 1", "look");
    is_acted_on(0, "warning 3", "look");
    is_acted_on(1, "warning 2", "look");
    journal_is("");
    tear_down();
}
END_TEST

START_TEST(where_there_is_no_engineer_yet_the_project_manager_is_told_instead)
{
    set_up();
    (void)put_tell(0, "look", ROLE(ENGINEER), ROLE(NONE));
    is_opened();
    is_acted_on(0, "breach", "look");
    journal_is("planned told/response/1/breach/0 g1 pm/0 pm mail\n");
    tear_down();
    set_up();
    (void)put_tell(0, "look", ROLE(ENGINEER), ROLE(DIRECTOR));
    is_opened();
    is_acted_on(0, "breach", "look");
    journal_is("planned told/response/1/breach/0 g1 director/0 dir mail\n");
    tear_down();
}
END_TEST

static void is_escalated(uint32_t step)
{
    HAPPENS(ESCALATED, escalated, Escalated, x->milestone = own("response"), x->generation = 1,
            x->step = step, x->reached_us = NOON - MINUTE, x->due_us = NOON - 90 * MINUTE);
}

static void put_calendar(const char *key, int32_t offset_s)
{
    Callout__V1__Transition since = CALLOUT__V1__TRANSITION__INIT;
    Callout__V1__Transition *all[] = { &since };
    since.offset_s = offset_s;
    PUT(Calendar, calendar, x.key = own(key), x.transitions = all, x.n_transitions = 1);
}

START_TEST(times_are_those_of_the_reader_s_calendar_else_of_the_case_s_with_how_far_off_they_are)
{
    set_up();
    put_calendar("beijing", 8 * 3600);
    put_calendar("berlin", 3600);
    PUT(Person, person, x.key = own("dir"), x.name = own("dir"), x.language = own("en"),
        x.email = own("dir@example.com"), x.calendar = own("berlin"));
    Callout__V1__NoticeRule *rule = add_rule(ON(WARNED), "", ROLE(PM), ROLE(DIRECTOR));
    rule->body = text_of("{due}，{due_in}；{arrive_in}", "{due}, {due_in}; {accept_in}");
    is_opened();
    c->calendar = co_registry_calendar(registry, "beijing");
    HAPPENS(WARNED, warned, Warned, x->milestone = own("response"), x->generation = 1,
            x->due_us = NOON + 200 * MINUTE);
    ck_assert_str_eq(c->notices[0]->body,
                     "2026-02-17 15:20 +08:00，还有 3 小时 20 分钟；待双方商定");
    ck_assert_str_eq(c->notices[1]->body, "2026-02-17 08:20 +01:00, in 3 h 20 min; ?");
    ck_assert(co_registry_remove(registry, CO_KIND_CALENDAR, "berlin"));
    HAPPENS(WARNED, warned, Warned, x->milestone = own("response"), x->generation = 2,
            x->due_us = NOON - 20 * MINUTE);
    ck_assert_str_eq(c->notices[3]->body, "2026-02-17 11:40 +08:00, 20 min ago; ?");
    tear_down();
}
END_TEST

START_TEST(each_step_of_a_ladder_tells_its_roles_and_the_last_one_again)
{
    set_up();
    Callout__V1__NoticeRule *rule = add_rule(ON(ESCALATED), "", ROLE(DIRECTOR), ROLE(NONE));
    rule->subject = text_of("", "{step}: {milestone} {late}");
    add_step(ROLE(PM), ROLE(NONE));
    add_step(ROLE(PM), ROLE(DIRECTOR));
    is_opened();
    is_escalated(0);
    is_escalated(1);
    is_escalated(2);
    is_escalated(2);
    journal_is("planned escalated/response/1/0 g1 pm/0 pm mail\n"
               "planned escalated/response/1/1 g1 pm/0 pm mail\n"
               "planned escalated/response/1/1 g1 director/0 dir mail\n"
               "planned escalated/response/1/2 g1 pm/0 pm mail\n"
               "planned escalated/response/1/2 g1 director/0 dir mail\n");
    ck_assert_str_eq(c->notices[0]->subject, "C-180D 第 1 次上报：response 已超时 1 小时 30 分钟");
    ck_assert_str_eq(c->notices[2]->subject, "2: response 1 h 30 min");
    ck_assert_str_eq(c->notices[4]->subject, "3: response 1 h 30 min");
    tear_down();
}
END_TEST

START_TEST(what_is_told_late_says_how_late_and_nothing_otherwise)
{
    set_up();
    Callout__V1__NoticeRule *rule = add_rule(ON(WARNED), "", ROLE(DIRECTOR), ROLE(NONE));
    rule->subject = text_of("", "soon{announced_late}");
    static const int64_t late_us[] = { MINUTE, MINUTE + 1, 61 * MINUTE };
    static const char *const says[] = { "soon", "soon(announced 1 min late)",
                                        "soon(announced 1 h 1 min late)" };
    is_opened();
    for (uint32_t i = 0; i < 3; i++) {
        HAPPENS(WARNED, warned, Warned, x->milestone = own("response"), x->generation = 1,
                x->threshold = i, x->reached_us = NOON - late_us[i], x->due_us = NOON + MINUTE);
        ck_assert_str_eq(c->notices[i]->subject, says[i]);
    }
    tear_down();
}
END_TEST

START_TEST(without_room_a_notice_waits)
{
    set_up();
    add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    is_breached();
    server_room = NOTIFY_ROOM_CROWDED;
    start_due();
    ck_assert(!c->notices[0]->is_to_send);
    ck_assert_int_eq(c->notices[0]->life.state, STATE(PLANNED));
    ck_assert_int_gt(c->notices[0]->life.next_us, NOON);
    ck_assert_uint_eq(c->notices[0]->life.attempts, 0);
    tear_down();
}
END_TEST

START_TEST(what_an_advisory_advises_is_told_in_the_language_of_the_reader)
{
    set_up();
    Callout__V1__NoticeRule *rule = add_rule(ON(OPENED), "", ROLE(PM), ROLE(DIRECTOR));
    static const char body[] = "{fix_plan}|{workaround}|{references}|{concerned}";
    rule->body = text_of(body, body);
    char *references[] = { own("CVE-1"), own("CVE-2") };
    PUT(Advisory, advisory, x.key = own("leak"), x.fix_plan = text_of("升级", "Update"),
        x.n_references = 2, x.references = references);
    Callout__V1__Origin origin = CALLOUT__V1__ORIGIN__INIT;
    origin.kind = own("advisory");
    origin.key = own("leak");
    HAPPENS(CASE_OPENED, case_opened, CaseOpened, x->customer = own("bank"), x->contract = own("k"),
            x->severity = 2, x->origin = &origin);
    ck_assert_str_eq(c->notices[0]->body, "升级|无|CVE-1 CVE-2|无");
    ck_assert_str_eq(c->notices[1]->body, "Update|none|CVE-1 CVE-2|none");
    tear_down();
}
END_TEST

START_TEST(a_case_about_no_advisory_knows_of_none)
{
    set_up();
    Callout__V1__NoticeRule *rule = add_rule(ON(OPENED), "", ROLE(PM), ROLE(NONE));
    rule->body = text_of("{fix_plan}{workaround}{references}{concerned}", "");
    is_opened();
    ck_assert_str_eq(c->notices[0]->body, "????");
    tear_down();
}
END_TEST

START_TEST(every_field_that_packs_may_use_is_filled)
{
    set_up();
    is_opened();
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    struct notify_occasion o = { .event = &event, .obligation = "x", .milestone = "" };
    struct notify_field fields[NOTIFY_FIELDS];
    notify_fields_fill(c, &o, (struct notify_reader){ .language = NOTIFY_EN, .answer = "" },
                       fields);
    size_t count = 0;
    for (const char *name; (name = co_notice_field(count)) != NULL; count++) {
        bool is_known = false;
        for (size_t j = 0; j < NOTIFY_FIELDS; j++)
            is_known = is_known || strcmp(fields[j].name, name) == 0;
        ck_assert_msg(is_known, "%s", name);
    }
    ck_assert_uint_eq(count, NOTIFY_FIELDS);
    tear_down();
}
END_TEST

START_TEST(running_out_of_memory_is_an_error_at_every_size)
{
    for (size_t limit = 600; limit < 40000; limit += 200) {
        set_up();
        add_rule(ON(BREACHED), "", ROLE(PM), ROLE(DIRECTOR));
        is_opened();
        struct co_arena *small = co_arena_new(limit);
        world.arena = small;
        Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
        Callout__V1__Breached breached = CALLOUT__V1__BREACHED__INIT;
        breached.milestone = own("response");
        event.body_case = BODY(BREACHED);
        event.breached = &breached;
        struct notify_case *poor = notify_case_new(&world, 1280, NULL);
        if (poor != NULL) {
            poor->policy = &pack;
            poor->state->contract = own("k");
            notify_case_learn(poor, &event);
            notify_plan(poor, &event);
            ck_assert(poor->err == CO_ENOMEM || poor->count == 2);
        }
        co_arena_free(small);
        tear_down();
    }
}
END_TEST

CHECK_MAIN("notify_plan", each_role_of_the_first_rule_that_fits_is_told_in_its_language,
           times_are_those_of_the_reader_s_calendar_else_of_the_case_s_with_how_far_off_they_are,
           a_notice_outlives_the_registry_it_was_planned_with,
           a_rule_for_other_severities_does_not_fit, the_customer_is_not_told_of_internal_limits,
           nobody_for_a_role_goes_up_the_ladder_and_nobody_at_all_is_seen,
           who_cannot_be_reached_is_a_notice_that_failed,
           the_engineer_is_meant_only_while_there_is_one,
           a_held_case_reaches_whoever_decides_even_without_a_pack,
           a_held_case_is_told_once_where_the_pack_names_who_decides,
           a_promise_that_moves_replaces_what_was_not_sent,
           nothing_is_told_of_a_promise_without_a_time_unless_it_is_to_be_agreed,
           proposals_are_told_raises_are_not, a_start_of_a_milestone_is_no_proposal,
           a_rule_of_another_thing_does_not_fit,
           an_action_tells_its_own_roles_in_the_words_of_the_rule_for_what_it_tells,
           an_action_of_a_warning_of_its_own_has_its_own_name,
           where_there_is_no_engineer_yet_the_project_manager_is_told_instead,
           each_step_of_a_ladder_tells_its_roles_and_the_last_one_again,
           what_is_told_late_says_how_late_and_nothing_otherwise, without_room_a_notice_waits,
           what_an_advisory_advises_is_told_in_the_language_of_the_reader,
           a_case_about_no_advisory_knows_of_none, every_field_that_packs_may_use_is_filled,
           running_out_of_memory_is_an_error_at_every_size)
