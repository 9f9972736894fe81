/* Notices planned for later: where nobody answers, and where somebody acknowledged and nothing
 * followed. */
#include "check_main.h"

#include "notify_ahead_world.h"

START_TEST(what_is_to_be_acknowledged_is_planned_to_go_up_and_waits_for_its_time)
{
    breached_and_asked();
    journal_is("planned breached/response/1 g1 pm/0 pm mail\n"
               "planned unanswered/breached/response/1/0 g1 director/0 dir mail\n"
               "planned unanswered/breached/response/1/1 g1 desk/0 pm mail\n");
    const struct notify_notice *first = notice("unanswered/breached/response/1/0", "director/0");
    ck_assert_int_eq(first->life.next_us, NOON + 10 * MINUTE);
    ck_assert_int_eq(first->life.since_us, NOON + 10 * MINUTE);
    ck_assert_ptr_nonnull(strstr(first->body, notice("breached/response/1", "pm/0")->subject));
    until(9);
    ck_assert_int_eq(notice("breached/response/1", "pm/0")->life.state, STATE(ACCEPTED));
    ck_assert_int_eq(first->life.state, STATE(PLANNED));
    until(10);
    ck_assert_int_eq(first->life.state, STATE(ACCEPTED));
    tear_down();
}
END_TEST

START_TEST(who_hears_that_nobody_answered_can_answer_himself)
{
    char code[CO_ANSWER_TEXT];
    breached_and_asked();
    const struct notify_notice *first = notice("unanswered/breached/response/1/0", "director/0");
    co_answer_code(first->secret, c->case_id, acknowledged[0], code);
    ck_assert_ptr_nonnull(strstr(first->body, code));
    ck_assert_int_eq(first->answer_by_us, NOON + 10 * MINUTE + INT64_C(24) * 60 * MINUTE);
    tear_down();
}
END_TEST

START_TEST(an_acknowledgement_cancels_what_would_go_up_and_confirms_what_was_answered)
{
    breached_and_asked();
    until(1);
    act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "pm");
    journal_is("settled breached/response/1 g1 pm/0 5 answered\n"
               "settled unanswered/breached/response/1/0 g1 director/0 6 acknowledged meanwhile\n"
               "settled unanswered/breached/response/1/1 g1 desk/0 6 acknowledged meanwhile\n"
               "planned reminded/9/0 g1 pm/0 pm mail\n"
               "planned reminded/9/1 g1 director/0 dir mail\n");
    tear_down();
}
END_TEST

START_TEST(an_acknowledgement_stops_what_is_still_tried_by_other_channels)
{
    struct notify_happening later = { .input = NOTIFY_LATER }, doubt = { .input = NOTIFY_DOUBT };
    set_up();
    ask_once(ROLE(DIRECTOR));
    is_opened();
    is_breached();
    start_due();
    (void)notify_case_happened(c, c->notices[0], later, "451");
    (void)notify_case_happened(c, c->notices[1], doubt, "lost");
    next_turn();
    journal[0] = '\0';
    act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "pm");
    journal_is("settled breached/response/1 g1 pm/0 6 answered\n"
               "settled breached/response/1 g1 director/0 4 acknowledged meanwhile\n");
    ck_assert_int_eq(c->notices[0]->life.next_us, INT64_MAX);
    ck_assert_int_eq(c->notices[1]->life.next_us, INT64_MAX);
    tear_down();
}
END_TEST

START_TEST(who_answers_while_it_is_on_its_way_to_him_is_not_sent_it_again)
{
    struct notify_happening later = { .input = NOTIFY_LATER };
    set_up();
    ask_once(ROLE(NONE));
    is_opened();
    is_breached();
    start_due();
    next_turn();
    journal[0] = '\0';
    act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "pm");
    journal_is("settled breached/response/1 g1 pm/0 5 answered\n");
    (void)notify_case_happened(c, c->notices[0], later, "451");
    journal_is("");
    tear_down();
}
END_TEST

START_TEST(what_nobody_answered_is_named_in_the_language_of_whoever_reads_it)
{
    set_up();
    is_opened();
    Callout__V1__NoticeRule *rule = ask(ON(BREACHED));
    rule->subject = text_of("超时 {late}：{site}", "late by {late}: {site}");
    is_breached();
    ck_assert_ptr_nonnull(
        strstr(notice("breached/response/1", "pm/0")->subject, "超时 1 小时 30 分钟"));
    ck_assert_ptr_nonnull(strstr(notice("unanswered/breached/response/1/0", "director/0")->body,
                                 "\"late by 1 h 30 min: Hall\""));
    ck_assert_ptr_nonnull(strstr(notice("unanswered/breached/response/1/1", "desk/0")->body,
                                 "「超时 1 小时 30 分钟：机房」"));
    tear_down();
}
END_TEST

START_TEST(told_to_another_one_when_it_is_due_it_names_what_was_told_as_of_then)
{
    set_up();
    is_opened();
    Callout__V1__NoticeRule *rule = ask(ON(BREACHED));
    rule->subject = text_of("超时 {late}：{site}", "late by {late}: {site}");
    is_breached();
    put_contract(ROLE(DESK), "dir"); /* the desk was nobody */
    next_turn();
    world.now_us = NOON + 20 * MINUTE;
    start_due();
    const struct notify_notice *n = notice("unanswered/breached/response/1/1", "desk/0");
    ck_assert_str_eq(n->person, "dir");
    ck_assert_ptr_nonnull(strstr(n->body, "nobody has answered \"late by 1 h 30 min: Hall\""));
    tear_down();
}
END_TEST

START_TEST(what_nobody_was_told_yet_is_told_whatever_is_acknowledged)
{
    set_up();
    ask_once(ROLE(DIRECTOR));
    is_opened();
    is_breached(); /* held back by a limit, say */
    next_turn();
    journal[0] = '\0';
    act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "pm");
    journal_is("");
    tear_down();
}
END_TEST

START_TEST(a_message_that_tells_of_several_is_not_cancelled_with_one_of_them)
{
    struct notify_happening later = { .input = NOTIFY_LATER };
    set_up();
    ask_once(ROLE(NONE));
    (void)add_rule(ON(SEVERITY_CHANGED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    is_breached();
    HAPPENS(SEVERITY_CHANGED, severity_changed, SeverityChanged, x->ordinal = 1, x->from = 2,
            x->to = 1);
    for (size_t i = 0; i < c->count; i++)
        c->notices[i]->life.alone = false;
    room = 1;
    start_due();
    const struct notify_notice *digest = notice("digest/breached/response/1", "pm/0");
    ck_assert_int_eq(digest->life.state, STATE(SENDING));
    (void)notify_case_happened(c, c->notices[c->count - 1], later, "451");
    next_turn();
    act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "pm");
    ck_assert_int_eq(digest->life.state, STATE(PLANNED));
    tear_down();
}
END_TEST

START_TEST(where_who_is_asked_cannot_be_reached_it_goes_up_as_well)
{
    set_up();
    put_person("pm", "zh", "", "");
    PUT(Channel, channel, x.key = own("hook"), x.kind = CALLOUT__V1__CHANNEL_KIND__CHANNEL_WEBHOOK,
        x.url = own(""));
    (void)ask(ON(BREACHED));
    is_opened();
    is_breached();
    ck_assert_int_eq(notice("breached/response/1", "pm/0")->life.state, STATE(FAILED));
    ck_assert_int_eq(notice("unanswered/breached/response/1/0", "director/0")->life.state,
                     STATE(PLANNED));
    tear_down();
}
END_TEST

START_TEST(what_is_announced_taken_back_and_announced_in_one_turn_is_asked_for)
{
    breached_and_asked();
    is_withdrawn(false, false);
    journal[0] = '\0';
    is_breached();
    ck_assert_ptr_nonnull(
        strstr(journal, "planned unanswered/breached/response/1/0 g2 director/0 dir mail\n"));
    tear_down();
}
END_TEST

START_TEST(an_acknowledged_promise_that_stands_still_and_goes_on_is_not_told_again)
{
    set_up();
    (void)ask(ON(PROMISED));
    is_opened();
    is_promised(1, NOON + 90 * MINUTE, false);
    until(1);
    act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "pm");
    next_turn();
    journal[0] = '\0';
    is_promised(2, NOON + 90 * MINUTE, true);
    is_promised(3, NOON + 90 * MINUTE, false);
    journal_is("");
    tear_down();
}
END_TEST

START_TEST(remarks_and_the_like_are_no_progress)
{
    static const Callout__V1__Act none[] = { CALLOUT__V1__ACT__ACT_NOTE,
                                             CALLOUT__V1__ACT__ACT_RESEND_NOTICE,
                                             CALLOUT__V1__ACT__ACT_CALL_ME_BACK,
                                             CALLOUT__V1__ACT__ACT_DECLINE };
    breached_and_asked();
    until(1);
    act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "pm");
    next_turn();
    journal[0] = '\0';
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        act(none[i], "pm");
    journal_is("");
    tear_down();
}
END_TEST

START_TEST(who_was_asked_and_acts_instead_is_not_said_to_be_silent)
{
    breached_and_asked();
    until(1);
    act(CALLOUT__V1__ACT__ACT_NAME_ENGINEER, "dir"); /* who was not asked */
    ck_assert_int_eq(notice("unanswered/breached/response/1/0", "director/0")->life.state,
                     STATE(PLANNED));
    act(CALLOUT__V1__ACT__ACT_NAME_ENGINEER, "pm");
    ck_assert_int_eq(notice("unanswered/breached/response/1/0", "director/0")->life.state,
                     STATE(CANCELLED));
    tear_down();
}
END_TEST

START_TEST(a_decision_on_a_held_case_ends_the_asking_for_it)
{
    set_up();
    (void)ask(ON(HELD));
    HAPPENS(CASE_HELD, case_held, CaseHeld, x->reason = own("expired"), x->role = ROLE(PM),
            x->contract = own("k"));
    ck_assert_int_eq(notice("unanswered/held/1/0", "director/0")->life.state, STATE(PLANNED));
    act(CALLOUT__V1__ACT__ACT_APPROVE, "dir");
    ck_assert_int_eq(notice("unanswered/held/1/0", "director/0")->life.state, STATE(CANCELLED));
    tear_down();
}
END_TEST

START_TEST(that_nobody_could_be_found_is_over_when_somebody_is_asked)
{
    set_up();
    (void)ask(ON(NOBODY_LEFT));
    is_opened();
    HAPPENS(NOBODY_LEFT, nobody_left, NobodyLeft, x->missing = own("shift"));
    ck_assert_int_eq(notice("unanswered/nobody_left/1/0", "director/0")->life.state,
                     STATE(PLANNED));
    HAPPENS(OFFERED, offered, Offered, x->generation = 1, x->engineer = own("eng"));
    ck_assert_int_eq(notice("unanswered/nobody_left/1/0", "director/0")->life.state,
                     STATE(CANCELLED));
    tear_down();
}
END_TEST

START_TEST(what_went_up_in_doubt_is_not_repeated_after_the_end)
{
    struct notify_happening doubt = { .input = NOTIFY_DOUBT };
    breached_and_asked();
    until(1);
    world.now_us = NOON + 10 * MINUTE;
    start_due();
    struct notify_notice *up =
        notify_case_find(c, "unanswered/breached/response/1/0", 1, "director/0");
    (void)notify_case_happened(c, up, doubt, "lost");
    ck_assert_int_ne(up->life.next_us, INT64_MAX);
    HAPPENS(MET, met, Met, x->milestone = own("response"), x->generation = 1);
    ck_assert_int_eq(up->life.state, STATE(UNKNOWN));
    ck_assert_int_eq(up->life.next_us, INT64_MAX);
    tear_down();
}
END_TEST

START_TEST(what_is_due_waits_until_what_may_cancel_it_is_read)
{
    breached_and_asked();
    until(1);
    world.now_us = NOON + 11 * MINUTE;
    world.is_behind = true;
    start_due();
    const struct notify_notice *up = notice("unanswered/breached/response/1/0", "director/0");
    ck_assert_int_eq(up->life.state, STATE(PLANNED));
    ck_assert(up->is_put_back);
    world.is_behind = false;
    start_due();
    ck_assert_int_eq(up->life.state, STATE(SENDING));
    ck_assert(!up->is_put_back);
    tear_down();
}
END_TEST

START_TEST(an_acknowledgement_by_nobody_we_know_cancels_as_well)
{
    breached_and_asked();
    until(1);
    act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "");
    ck_assert_int_eq(notice("breached/response/1", "pm/0")->life.state, STATE(ACCEPTED));
    ck_assert_int_eq(notice("unanswered/breached/response/1/0", "director/0")->life.state,
                     STATE(CANCELLED));
    ck_assert_str_eq(notice("reminded/9/0", "pm/0")->person, "pm");
    tear_down();
}
END_TEST

START_TEST(who_acknowledged_is_reminded_where_nothing_follows)
{
    breached_and_asked();
    until(1);
    act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "pm");
    const struct notify_notice *first = notice("reminded/9/0", "pm/0");
    ck_assert_int_eq(first->life.next_us, NOON + 31 * MINUTE);
    ck_assert_ptr_nonnull(strstr(first->body, "pm 已表示接手处理"));
    until(31);
    ck_assert_int_eq(first->life.state, STATE(ACCEPTED));
    ck_assert_int_eq(notice("reminded/9/1", "director/0")->life.state, STATE(PLANNED));
    tear_down();
}
END_TEST

START_TEST(any_other_act_a_milestone_and_the_end_of_the_case_are_progress)
{
    for (int how = 0; how < 3; how++) {
        breached_and_asked();
        until(1);
        act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "pm");
        next_turn();
        if (how == 0)
            act(CALLOUT__V1__ACT__ACT_INVESTIGATED, "eng");
        else if (how == 1)
            HAPPENS(MET, met, Met, x->milestone = own("response"), x->generation = 1);
        else
            HAPPENS(CASE_CLOSED, case_closed, CaseClosed, x->how = own("restored"));
        ck_assert_int_eq(notice("reminded/9/0", "pm/0")->life.state, STATE(CANCELLED));
        ck_assert_int_eq(notice("reminded/9/1", "director/0")->life.state, STATE(CANCELLED));
        tear_down();
    }
}
END_TEST

START_TEST(a_second_acknowledgement_begins_the_reminders_anew)
{
    breached_and_asked();
    until(1);
    act(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, "pm");
    next_turn();
    world.now_us = NOON + 20 * MINUTE;
    HAPPENS(COMMAND_APPLIED, command_applied, CommandApplied, x->command_id = 10,
            x->act = CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, x->person = own("pm"));
    ck_assert_int_eq(notice("reminded/9/0", "pm/0")->life.state, STATE(CANCELLED));
    ck_assert_int_eq(notice("reminded/10/0", "pm/0")->life.next_us, NOON + 50 * MINUTE);
    tear_down();
}
END_TEST

START_TEST(what_is_taken_back_is_not_asked_for_any_more_and_corrected_where_it_went_up)
{
    breached_and_asked();
    until(10);
    is_withdrawn(false, false);
    journal_is("settled unanswered/breached/response/1/1 g1 desk/0 6 no longer true\n"
               "planned withdrawn/breached/response/1 g1 pm/0 pm mail\n"
               "planned withdrawn/unanswered/breached/response/1/0 g1 director/0 dir mail\n");
    tear_down();
}
END_TEST

START_TEST(what_was_announced_again_is_asked_for_again)
{
    breached_and_asked();
    until(1);
    is_withdrawn(false, false);
    next_turn();
    journal[0] = '\0';
    is_breached();
    ck_assert_ptr_nonnull(
        strstr(journal, "planned unanswered/breached/response/1/0 g2 director/0 dir mail\n"));
    tear_down();
}
END_TEST

START_TEST(a_milestone_that_is_met_makes_the_warnings_on_their_way_pointless)
{
    set_up();
    (void)add_rule(ON(WARNED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    HAPPENS(WARNED, warned, Warned, x->milestone = own("response"), x->generation = 1,
            x->threshold = 0);
    journal[0] = '\0';
    HAPPENS(MET, met, Met, x->milestone = own("expert"), x->generation = 1);
    journal_is("");
    HAPPENS(MET, met, Met, x->milestone = own("response"), x->generation = 1);
    journal_is("settled warned/response/1/0 g1 pm/0 6 met meanwhile: response\n");
    tear_down();
}
END_TEST

START_TEST(an_accepted_offer_is_not_told_any_more_to_whom_it_did_not_reach_yet)
{
    set_up();
    (void)add_rule(ON(OFFERED), "", ROLE(ENGINEER), ROLE(PM));
    is_opened();
    HAPPENS(OFFERED, offered, Offered, x->generation = 1, x->engineer = own("eng"));
    journal[0] = '\0';
    HAPPENS(OFFER_ENDED, offer_ended, OfferEnded, x->generation = 1, x->engineer = own("eng"),
            x->how = CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED);
    journal_is("settled offered/1 g1 engineer/0 6 accepted meanwhile\n"
               "settled offered/1 g1 pm/0 6 accepted meanwhile\n");
    tear_down();
}
END_TEST

/* What takes back, confirms or cancels notices of before must have them loaded. */
START_TEST(entries_that_change_notices_of_before_load_them)
{
    Callout__V1__Event e = CALLOUT__V1__EVENT__INIT;
    Callout__V1__ArrivalAtRisk risk = CALLOUT__V1__ARRIVAL_AT_RISK__INIT;
    Callout__V1__CommandApplied applied = CALLOUT__V1__COMMAND_APPLIED__INIT;
    static char person[] = "eng";
    static const int all[] = { BODY(WITHDRAWN),           BODY(OFFER_ENDED),
                               BODY(ORDER_ENDED),         BODY(TASK_ORDER_CONFIRMED),
                               BODY(NOTICE_RESEND_ASKED), BODY(CASE_CLOSED) };
    static const int unsettled[] = { BODY(MET), BODY(OFFERED), BODY(ASSIGNED) };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        e.body_case = (Callout__V1__Event__BodyCase)all[i];
        ck_assert_int_eq(notify_case_needs(&e), NOTIFY_NEEDS_ALL);
    }
    for (size_t i = 0; i < sizeof(unsettled) / sizeof(unsettled[0]); i++) {
        e.body_case = (Callout__V1__Event__BodyCase)unsettled[i];
        ck_assert_int_eq(notify_case_needs(&e), NOTIFY_NEEDS_UNSETTLED);
    }
    e.body_case = BODY(ARRIVAL_AT_RISK);
    e.arrival_at_risk = &risk;
    ck_assert_int_eq(notify_case_needs(&e), NOTIFY_NEEDS_NONE);
    risk.is_over = true;
    ck_assert_int_eq(notify_case_needs(&e), NOTIFY_NEEDS_ALL);
    e.body_case = BODY(COMMAND_APPLIED);
    e.command_applied = &applied;
    applied.act = CALLOUT__V1__ACT__ACT_INVESTIGATED;
    ck_assert_int_eq(notify_case_needs(&e), NOTIFY_NEEDS_UNSETTLED);
    applied.act = CALLOUT__V1__ACT__ACT_ACKNOWLEDGED;
    ck_assert_int_eq(notify_case_needs(&e), NOTIFY_NEEDS_ALL);
    applied.act = CALLOUT__V1__ACT__ACT_INVESTIGATED;
    applied.person = person;
    ck_assert_int_eq(notify_case_needs(&e), NOTIFY_NEEDS_ALL);
}
END_TEST

CHECK_MAIN("notify_ahead", what_is_to_be_acknowledged_is_planned_to_go_up_and_waits_for_its_time,
           who_hears_that_nobody_answered_can_answer_himself,
           an_acknowledgement_cancels_what_would_go_up_and_confirms_what_was_answered,
           an_acknowledgement_stops_what_is_still_tried_by_other_channels,
           who_answers_while_it_is_on_its_way_to_him_is_not_sent_it_again,
           what_nobody_answered_is_named_in_the_language_of_whoever_reads_it,
           told_to_another_one_when_it_is_due_it_names_what_was_told_as_of_then,
           what_nobody_was_told_yet_is_told_whatever_is_acknowledged,
           a_message_that_tells_of_several_is_not_cancelled_with_one_of_them,
           where_who_is_asked_cannot_be_reached_it_goes_up_as_well,
           what_is_announced_taken_back_and_announced_in_one_turn_is_asked_for,
           an_acknowledged_promise_that_stands_still_and_goes_on_is_not_told_again,
           remarks_and_the_like_are_no_progress,
           who_was_asked_and_acts_instead_is_not_said_to_be_silent,
           a_decision_on_a_held_case_ends_the_asking_for_it,
           that_nobody_could_be_found_is_over_when_somebody_is_asked,
           what_went_up_in_doubt_is_not_repeated_after_the_end,
           what_is_due_waits_until_what_may_cancel_it_is_read,
           an_acknowledgement_by_nobody_we_know_cancels_as_well,
           who_acknowledged_is_reminded_where_nothing_follows,
           any_other_act_a_milestone_and_the_end_of_the_case_are_progress,
           a_second_acknowledgement_begins_the_reminders_anew,
           what_is_taken_back_is_not_asked_for_any_more_and_corrected_where_it_went_up,
           what_was_announced_again_is_asked_for_again,
           a_milestone_that_is_met_makes_the_warnings_on_their_way_pointless,
           an_accepted_offer_is_not_told_any_more_to_whom_it_did_not_reach_yet,
           entries_that_change_notices_of_before_load_them)
