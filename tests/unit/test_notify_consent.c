/* Notices about remote access: the customer is asked, and what he answers is told. */
#include "check_main.h"

#include "intake_answer.h"
#include "notify_world.h"

static Callout__V1__Act answers[] = { CALLOUT__V1__ACT__ACT_CONSENT_GIVEN,
                                      CALLOUT__V1__ACT__ACT_CONSENT_REFUSED };

static void consent(uint32_t ordinal, const char *state)
{
    static char db[] = "db", db1[] = "db1", db2[] = "db2", pm[] = "pm", *systems[] = { db1, db2 };
    static Callout__V1__Consent k;
    callout__v1__consent__init(&k);
    k.key = db;
    k.systems = systems;
    k.n_systems = 2;
    k.from_us = NOON;
    k.until_us = NOON + 60 * MINUTE;
    HAPPENS(CONSENT_CHANGED, consent_changed, ConsentChanged, x->ordinal = ordinal,
            x->state = own(state), x->consent = &k, x->person = pm, x->changed_us = NOON);
}

static void ask_director(void)
{
    Callout__V1__NoticeRule *rule = add_rule(ON(CONSENT), "", ROLE(DIRECTOR), ROLE(NONE));
    rule->what = own("asked");
    rule->answers = answers;
    rule->n_answers = 2;
    rule->body = text_of("{systems} {persons} {valid_until}", "{systems} for {persons}, {answer}");
}

START_TEST(who_is_asked_gets_a_code_for_yes_and_one_for_no)
{
    char code[CO_ANSWER_TEXT];
    set_up();
    ask_director();
    is_opened();
    consent(1, "asked");
    journal_is("planned consent/1/asked/db g1 director/0 dir mail\n");
    const struct notify_notice *n = c->notices[0];
    ck_assert_ptr_nonnull(strstr(n->body, "db1, db2 for whoever works on it, Answer: I agree C-"));
    for (size_t i = 0; i < 2; i++) {
        co_answer_code(n->secret, c->case_id, answers[i], code);
        ck_assert_ptr_nonnull(strstr(n->body, code));
    }
    tear_down();
}
END_TEST

START_TEST(a_question_that_was_answered_before_it_was_sent_is_not_sent)
{
    set_up();
    ask_director();
    Callout__V1__NoticeRule *rule = add_rule(ON(CONSENT), "", ROLE(PM), ROLE(NONE));
    rule->what = own("given");
    is_opened();
    consent(1, "asked");
    consent(2, "given");
    journal_is("planned consent/1/asked/db g1 director/0 dir mail\n"
               "settled consent/1/asked/db g1 director/0 6 answered meanwhile\n"
               "planned consent/2/given/db g1 pm/0 pm mail\n");
    tear_down();
}
END_TEST

START_TEST(what_is_withdrawn_and_said_anew_is_told_again)
{
    set_up();
    ask_director();
    is_opened();
    consent(1, "asked");
    HAPPENS(WITHDRAWN, withdrawn, Withdrawn, x->kind = BODY(CONSENT_CHANGED), x->ordinal = 1);
    consent(1, "asked");
    journal_is("planned consent/1/asked/db g1 director/0 dir mail\n"
               "settled consent/1/asked/db g1 director/0 6 no longer true\n"
               "planned consent/1/asked/db g2 director/0 dir mail\n");
    tear_down();
}
END_TEST

START_TEST(the_code_says_which_consent_and_one_of_the_two_is_used)
{
    static const uint8_t secret[CO_ANSWER_SECRET] = "0123456789abcde";
    struct intake_answerable n = {
        .obligation = "consent/3/asked/db", .slot = "customer/0", .person = "ops", .secret = secret
    };
    Callout__V1__Command command = CALLOUT__V1__COMMAND__INIT;
    char yes[CO_ANSWER_MARK + 1], no[CO_ANSWER_MARK + 1];
    intake_answer_command(&n, CALLOUT__V1__ACT__ACT_CONSENT_GIVEN, &command);
    ck_assert_str_eq(command.name, "db");
    ck_assert_str_eq(command.person, "ops");
    ck_assert_int_eq(command.role, CALLOUT__V1__ROLE__ROLE_CUSTOMER);
    intake_answer_used(&n, 1280, CALLOUT__V1__ACT__ACT_CONSENT_GIVEN, yes);
    intake_answer_used(&n, 1280, CALLOUT__V1__ACT__ACT_CONSENT_REFUSED, no);
    ck_assert_str_eq(yes, no);
    n.obligation = "opened";
    intake_answer_command(&n, CALLOUT__V1__ACT__ACT_CALL_ME_BACK, &command);
    ck_assert_str_eq(command.name, "");
}
END_TEST

CHECK_MAIN("notify_consent", who_is_asked_gets_a_code_for_yes_and_one_for_no,
           a_question_that_was_answered_before_it_was_sent_is_not_sent,
           what_is_withdrawn_and_said_anew_is_told_again,
           the_code_says_which_consent_and_one_of_the_two_is_used)
