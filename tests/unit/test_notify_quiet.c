/* Quiet hours, and who is told once they are over. The case is of level 2; it is noon. */
#include "check_main.h"

#include "notify_duty_world.h"
#include "notify_quiet.h"

#define HOUR (60 * MINUTE)

static void set_up_quiet(void)
{
    set_up_people();
    (void)add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
}

static void tear_down_quiet(void)
{
    tear_down_people();
}

static void breach(uint32_t generation)
{
    HAPPENS(BREACHED, breached, Breached, x->milestone = own("response"),
            x->generation = generation, x->due_us = world.now_us - 90 * MINUTE);
}

static struct notify_notice *of(const char *obligation)
{
    struct notify_notice *n = notify_case_find(c, obligation, 1, "pm/0");
    ck_assert_msg(n != NULL, "no %s in:\n%s", obligation, journal);
    return n;
}

static bool waits(const char *obligation, int64_t until_us)
{
    const struct notify_notice *n = of(obligation);
    return n->life.state == STATE(PLANNED) && n->life.next_us == until_us &&
           n->life.since_us == until_us && n->life.way_us == until_us;
}

/* `at_us` on the next turn: what is due begins. */
static void it_is(int64_t at_us)
{
    next_turn();
    journal[0] = '\0';
    world.now_us = at_us;
    start_due();
    ck_assert_int_eq(c->err, CO_OK);
}

START_TEST(what_can_wait_is_sent_when_quiet_hours_end)
{
    has_quiet_hours("pm", 10, 14, 0);
    is_breached();
    start_due();
    ck_assert(waits("breached/response/1", NOON + 2 * HOUR));
    ck_assert_str_eq(of("breached/response/1")->detail, "quiet hours until 14:00");
    ck_assert_ptr_nonnull(strstr(of("breached/response/1")->body,
                                 "\n(As of 2026-02-17 12:00 +08:00; it waited for the end of quiet "
                                 "hours.)"));
    it_is(NOON + 2 * HOUR - 1);
    ck_assert(waits("breached/response/1", NOON + 2 * HOUR));
    it_is(NOON + 2 * HOUR);
    ck_assert_int_eq(of("breached/response/1")->life.state, STATE(SENDING));
}
END_TEST

START_TEST(quiet_hours_may_go_over_midnight)
{
    static const struct {
        int64_t hour, end_hour; /* from noon; 0: none hold */
    } cases[] = { { 0, 0 }, { 9, 0 }, { 10, 19 }, { 11, 19 }, { 13, 19 }, { 18, 19 }, { 19, 0 } };
    has_quiet_hours("pm", 22, 31, 0); /* 22:00 to 07:00 */
    const Callout__V1__Person *pm = co_registry_person(registry, "pm");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t end_us = cases[i].end_hour == 0 ? 0 : NOON + cases[i].end_hour * HOUR;
        ck_assert_int_eq(notify_quiet_end(c, pm, NOON + cases[i].hour * HOUR), end_us);
    }
}
END_TEST

START_TEST(a_severity_as_bad_as_the_person_says_breaks_through)
{
    has_quiet_hours("pm", 10, 14, 2);
    is_breached();
    ck_assert_int_eq(of("breached/response/1")->life.next_us, NOON);
    has_quiet_hours("pm", 10, 14, 0);
    c->state->severity = 1;
    breach(2);
    ck_assert_int_eq(of("breached/response/2")->life.next_us, NOON);
    c->state->severity = 0; /* nobody knows yet how bad it is */
    breach(3);
    ck_assert_int_eq(of("breached/response/3")->life.next_us, NOON);
}
END_TEST

START_TEST(a_time_that_comes_before_they_end_breaks_through)
{
    (void)add_rule(ON(WARNED), "", ROLE(PM), ROLE(NONE));
    has_quiet_hours("pm", 10, 14, 0);
    for (uint32_t i = 0; i < 3; i++)
        HAPPENS(WARNED, warned, Warned, x->milestone = own("response"), x->generation = 1,
                x->threshold = i, x->due_us = NOON + (int64_t)(i + 1) * HOUR);
    ck_assert_int_eq(of("warned/response/1/0")->life.next_us, NOON);
    ck_assert(waits("warned/response/1/1", NOON + 2 * HOUR));
    ck_assert(waits("warned/response/1/2", NOON + 2 * HOUR));
}
END_TEST

START_TEST(what_is_to_be_answered_before_they_end_breaks_through)
{
    static Callout__V1__Act answers[] = { CALLOUT__V1__ACT__ACT_ACKNOWLEDGED };
    Callout__V1__NoticeRule *rule = pack.notices[0];
    rule->answers = answers;
    rule->n_answers = 1;
    has_quiet_hours("pm", 10, 14, 0);
    rule->answer_for_us = HOUR;
    breach(1);
    ck_assert_int_eq(of("breached/response/1")->life.next_us, NOON);
    rule->answer_for_us = 3 * HOUR;
    breach(2);
    ck_assert(waits("breached/response/2", NOON + 2 * HOUR));
}
END_TEST

START_TEST(offers_and_whatever_is_for_the_engineer_break_through)
{
    (void)add_rule(ON(OFFERED), "", ROLE(ENGINEER), ROLE(PM));
    (void)add_rule(ON(ASSIGNED), "", ROLE(ENGINEER), ROLE(PM));
    has_quiet_hours("pm", 10, 14, 0);
    has_quiet_hours("eng", 10, 14, 0);
    HAPPENS(OFFERED, offered, Offered, x->generation = 1, x->engineer = own("eng"),
            x->accept_by_us = NOON + 10 * HOUR);
    HAPPENS(ASSIGNED, assigned, Assigned, x->generation = 1, x->engineer = own("eng"));
    for (size_t i = 0; i < c->count; i++) {
        bool is_waiting = strcmp(c->notices[i]->obligation, "assigned/1") == 0 &&
                          strcmp(c->notices[i]->slot, "pm/0") == 0;
        ck_assert_int_eq(c->notices[i]->life.next_us, is_waiting ? NOON + 2 * HOUR : NOON);
    }
    ck_assert_uint_eq(c->count, 4);
}
END_TEST

START_TEST(what_is_withdrawn_meanwhile_is_never_sent_nor_corrected)
{
    has_quiet_hours("pm", 10, 14, 0);
    is_breached();
    next_turn();
    is_withdrawn(false, false);
    it_is(NOON + 2 * HOUR);
    ck_assert_int_eq(of("breached/response/1")->life.state, STATE(CANCELLED));
    ck_assert_uint_eq(c->count, 1);
}
END_TEST

START_TEST(patience_counts_from_the_end_of_quiet_hours)
{
    struct notify_happening later = { .input = NOTIFY_LATER };
    has_quiet_hours("pm", 10, 19, 0); /* longer than the four hours after which it is given up */
    is_breached();
    it_is(NOON + 7 * HOUR);
    (void)notify_case_happened(c, of("breached/response/1"), later, "451");
    ck_assert_int_eq(of("breached/response/1")->life.state, STATE(PLANNED));
    it_is(NOON + 11 * HOUR);
    (void)notify_case_happened(c, of("breached/response/1"), later, "451");
    ck_assert_int_eq(of("breached/response/1")->life.state, STATE(FAILED));
}
END_TEST

START_TEST(what_waited_is_told_together)
{
    has_quiet_hours("pm", 10, 14, 0);
    for (uint32_t i = 1; i <= 3; i++)
        breach(i);
    it_is(NOON + 2 * HOUR);
    const struct notify_notice *digest = of("digest/breached/response/1");
    ck_assert(digest->is_to_send);
    ck_assert_ptr_nonnull(strstr(digest->subject, " and 2 more"));
    for (uint32_t i = 0; i < 3; i++)
        ck_assert_int_eq(c->notices[i]->life.state, STATE(GATHERED));
}
END_TEST

START_TEST(the_worst_levels_are_told_one_by_one_after_quiet_hours_too)
{
    pack.gather_from = 3;
    has_quiet_hours("pm", 10, 14, 0);
    for (uint32_t i = 1; i <= 3; i++)
        breach(i);
    it_is(NOON + 2 * HOUR);
    for (uint32_t i = 0; i < 3; i++)
        ck_assert_int_eq(c->notices[i]->life.state, STATE(SENDING));
}
END_TEST

START_TEST(who_went_on_leave_meanwhile_is_not_told_but_his_delegate_is)
{
    has_quiet_hours("pm", 10, 14, 0);
    is_breached();
    has_delegate("pm", "en", "dir");
    world.now_us = NOON + 2 * HOUR;
    is_on_leave("pm");
    it_is(world.now_us);
    const struct notify_notice *n = of("breached/response/1");
    ck_assert_int_eq(n->life.state, STATE(SENDING));
    ck_assert_str_eq(n->person, "dir");
    ck_assert_str_eq(n->address, "dir@example.com");
    ck_assert_str_eq(n->stands_for, "pm");
    ck_assert_ptr_nonnull(strstr(n->subject, "(for pm)"));
    ck_assert(n->is_rewritten);
    journal_is("resent breached/response/1 pm/0 by mail after mail: for pm, who is on leave \n");
}
END_TEST

/* With a form of each kind, and an answer; "pm" reads Chinese and is away, "dir" English. */
START_TEST(who_is_told_instead_reads_it_in_his_language_and_time_in_all_forms)
{
    static Callout__V1__Act answers[] = { CALLOUT__V1__ACT__ACT_ACKNOWLEDGED };
    Callout__V1__NoticeRule *rule = pack.notices[0];
    char code[CO_ANSWER_TEXT];
    rule->answers = answers;
    rule->n_answers = 1;
    rule->html = text_of("<p>{site} 最迟 {due}</p>", "<p>{site} by {due}</p>");
    rule->markdown = text_of("**{site}**", "**{site}**");
    rule->brief = text_of("{site} 超时 {late}", "{site} late {late}");
    has_quiet_hours_in("pm", "zh", 10, 14, 0);
    put_contract(ROLE(PM), "dir");
    PUT(Person, person, x.key = own("dir"), x.name = own("dir"), x.language = own("en"),
        x.email = own("dir@example.com"), x.calendar = own("utc"));
    PUT(Calendar, calendar, x.key = own("utc"), x.zone = own("UTC"));
    has_shift("pm", 8, 13);
    has_shift("dir", 13, 20);
    is_breached();
    ck_assert_ptr_nonnull(
        strstr(of("breached/response/1")->body, "机房 最迟 2026-02-17 10:30 +08:00"));
    co_answer_code(of("breached/response/1")->secret, c->case_id, answers[0], code);
    it_is(NOON + 2 * HOUR);
    const struct notify_notice *n = of("breached/response/1");
    ck_assert_str_eq(n->person, "dir");
    ck_assert_str_eq(n->body, notify_case_text(c,
                                               "Hall by 2026-02-17 02:30 UTC\nAnswer: I take "
                                               "care of it %s",
                                               code));
    ck_assert_ptr_nonnull(strstr(n->html, "<p>Hall by 2026-02-17 02:30 UTC</p>"));
    ck_assert_ptr_nonnull(strstr(n->markdown, "**Hall**"));
    ck_assert_ptr_nonnull(strstr(n->brief, "Hall late 3 h 30 min"));
    ck_assert(n->is_rewritten);
}
END_TEST

START_TEST(what_waits_is_kept_once_for_a_role_and_forgotten_when_it_went_out)
{
    has_quiet_hours("pm", 10, 14, 0);
    has_quiet_hours("dir", 10, 14, 0);
    put_contract(ROLE(PM), "dir");
    is_breached();
    ck_assert_uint_eq(c->state->n_kept, 1);
    it_is(NOON + 2 * HOUR);
    ck_assert_uint_eq(c->state->n_kept, 0);
    ck_assert(c->is_state_changed);
}
END_TEST

START_TEST(nothing_is_looked_at_in_a_case_that_is_not_whole)
{
    has_quiet_hours("pm", 10, 14, 0);
    is_breached();
    world.now_us = NOON + 2 * HOUR;
    is_on_leave("pm");
    c->is_whole = false;
    it_is(world.now_us);
    ck_assert(of("breached/response/1")->is_put_back);
    ck_assert_int_eq(of("breached/response/1")->life.state, STATE(PLANNED));
}
END_TEST

START_TEST(whose_turn_it_is_by_then_is_told)
{
    has_quiet_hours("pm", 10, 14, 0);
    put_contract(ROLE(PM), "dir"); /* beside "pm" */
    has_shift("pm", 8, 13);
    has_shift("dir", 13, 20);
    is_breached();
    ck_assert_str_eq(of("breached/response/1")->person, "pm");
    it_is(NOON + 2 * HOUR);
    ck_assert_str_eq(of("breached/response/1")->person, "dir");
    ck_assert_str_eq(of("breached/response/1")->stands_for, "");
}
END_TEST

START_TEST(who_was_told_the_same_already_is_not_told_twice)
{
    put_contract(ROLE(PM), "dir");
    has_quiet_hours("pm", 10, 14, 0);
    is_breached(); /* "dir" has no quiet hours and is told */
    start_due();
    world.now_us = NOON + 2 * HOUR;
    is_on_leave("pm");
    it_is(world.now_us);
    ck_assert_int_eq(of("breached/response/1")->life.state, STATE(CANCELLED));
    journal_is("settled breached/response/1 g1 pm/0 6 told as pm/1\n");
}
END_TEST

START_TEST(after_an_attempt_nobody_else_is_told)
{
    struct notify_happening later = { .input = NOTIFY_LATER };
    has_quiet_hours("pm", 10, 14, 0);
    is_breached();
    it_is(NOON + 2 * HOUR);
    (void)notify_case_happened(c, of("breached/response/1"), later, "451");
    has_delegate("pm", "en", "dir");
    world.now_us += HOUR;
    is_on_leave("pm");
    it_is(world.now_us);
    ck_assert_str_eq(of("breached/response/1")->person, "pm");
    ck_assert_int_eq(of("breached/response/1")->life.state, STATE(SENDING));
}
END_TEST

START_TEST(a_correction_waits_too_and_goes_to_whom_it_corrects)
{
    is_breached();
    everything_is_sent();
    has_quiet_hours("pm", 10, 14, 0);
    is_withdrawn(false, false);
    ck_assert(waits("withdrawn/breached/response/1", NOON + 2 * HOUR));
    has_delegate("pm", "en", "dir");
    world.now_us = NOON + 2 * HOUR;
    is_on_leave("pm");
    it_is(world.now_us);
    ck_assert_str_eq(of("withdrawn/breached/response/1")->person, "pm");
    ck_assert_int_eq(of("withdrawn/breached/response/1")->life.state, STATE(SENDING));
}
END_TEST

START_TEST(on_demand_it_is_sent_in_quiet_hours_too)
{
    has_quiet_hours("pm", 10, 14, 0);
    is_breached();
    next_turn();
    HAPPENS(NOTICE_RESEND_ASKED, notice_resend_asked, NoticeResendAsked,
            Callout__V1__NoticeName *name = co_arena_alloc(arena, sizeof(*name));
            callout__v1__notice_name__init(name); name->obligation = own("breached/response/1");
            name->generation = 1; name->slot = own("pm/0"); x->notice = name);
    start_due();
    ck_assert_int_eq(of("breached/response/1")->life.state, STATE(SENDING));
}
END_TEST

CHECK_MAIN_WITH("notify_quiet", set_up_quiet, tear_down_quiet,
                what_can_wait_is_sent_when_quiet_hours_end, quiet_hours_may_go_over_midnight,
                a_severity_as_bad_as_the_person_says_breaks_through,
                a_time_that_comes_before_they_end_breaks_through,
                what_is_to_be_answered_before_they_end_breaks_through,
                offers_and_whatever_is_for_the_engineer_break_through,
                what_is_withdrawn_meanwhile_is_never_sent_nor_corrected,
                patience_counts_from_the_end_of_quiet_hours, what_waited_is_told_together,
                the_worst_levels_are_told_one_by_one_after_quiet_hours_too,
                who_went_on_leave_meanwhile_is_not_told_but_his_delegate_is,
                who_is_told_instead_reads_it_in_his_language_and_time_in_all_forms,
                what_waits_is_kept_once_for_a_role_and_forgotten_when_it_went_out,
                nothing_is_looked_at_in_a_case_that_is_not_whole, whose_turn_it_is_by_then_is_told,
                who_was_told_the_same_already_is_not_told_twice,
                after_an_attempt_nobody_else_is_told,
                a_correction_waits_too_and_goes_to_whom_it_corrects,
                on_demand_it_is_sent_in_quiet_hours_too)
