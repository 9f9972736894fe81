/* Consent to remote access: what the fold makes of it, who may say what, whose time the waiting is.
 */
#include <stdio.h>

#include "sla_case_help.h"
#include "sla_ledger.h"

static Callout__V1__Milestone *solution;

static char **list_of(const char *names, size_t *ret_n)
{
    char **list = co_arena_alloc(w.arena, 4 * sizeof(*list));
    char *rest = world_text(&w, names);
    *ret_n = 0;
    for (char *name; (name = strsep(&rest, ",")) != NULL;)
        list[(*ret_n)++] = name;
    return list;
}

/* "db1,db2" for "li,wu", from that minute until the other. `persons` NULL: whoever works on it. */
static Callout__V1__Consent *terms(const char *key, const char *systems, const char *persons,
                                   int64_t from, int64_t until)
{
    Callout__V1__Consent *k = world_message(&w, &callout__v1__consent__descriptor);
    k->key = world_text(&w, key);
    k->systems = list_of(systems, &k->n_systems);
    if (persons != NULL)
        k->persons = list_of(persons, &k->n_persons);
    k->from_us = T0 + from * MINUTE;
    k->until_us = T0 + until * MINUTE;
    return k;
}

static Callout__V1__SlaInput *says(int64_t minute, Callout__V1__Act act, const char *person,
                                   Callout__V1__Consent *k)
{
    Callout__V1__SlaInput *input = world_input(&w, minute, act);
    input->name = world_text(&w, "db");
    input->person = world_text(&w, person);
    input->consent = k;
    return input;
}

static void setup(void)
{
    begin();
    solution = world_milestone(&w, "solution", ACT(REPORTED), ACT(RESTORED));
    world_minutes(&w, solution, 60, 60, 60, 60);
    world_pause(&w, solution, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_pause(&w, solution, ACT(CONSENT_ASKED), ACT(CONSENT_GIVEN));
    world_open(&w, 2);
}

static const char *due(int64_t minute)
{
    static char text[64];
    (void)world_story(&w, minute);
    const struct sla_clock *clock = w.fold.clocks[0];
    (void)snprintf(text, sizeof(text), "%s %lld", clock->is_paused ? "stands" : "runs",
                   (long long)((clock->due_us - T0) / MINUTE));
    return text;
}

static void story_ends(int64_t minute, const char *expected)
{
    const char *story = world_story(&w, minute);
    size_t len = strlen(story), end = strlen(expected);
    ck_assert_msg(len >= end && strcmp(story + len - end, expected) == 0, "%s-- does not end:\n%s",
                  story, expected);
}

/* ---- the fold ---- */

START_TEST(what_was_asked_is_given_by_its_key_and_ends_with_its_time)
{
    says(1, ACT(CONSENT_ASKED), "wu", terms("db", "db1,db2", "li", 5, 30));
    says(2, ACT(CONSENT_GIVEN), "ops", NULL);
    story_ends(29, "consent #1 db asked by wu at 1: db1,db2 for li from 5 until 30\n"
                   "consent #2 db given by ops at 2: db1,db2 for li from 5 until 30\n");
    ck_assert_int_eq(w.fold.next_us, T0 + 30 * MINUTE);
    story_ends(30, "consent #3 db ended by  at 30: db1,db2 for li from 5 until 30\n");
}
END_TEST

START_TEST(a_session_ends_by_itself_when_its_consent_does)
{
    says(1, ACT(CONSENT_GIVEN), "ops", terms("db", "db1", NULL, 0, 30));
    says(10, ACT(SESSION_STARTED), "li", NULL);
    story_ends(30, "session #1 li by db begins at 10\n"
                   "consent #2 db ended by  at 30: db1 from 0 until 30\n"
                   "session #1 li by db expired at 30\n");
    says(20, ACT(CONSENT_WITHDRAWN), "ops", NULL); /* known late */
    story_ends(30, "session #1 li by db begins at 10\n"
                   "consent #2 db withdrawn by ops at 20: db1 from 0 until 30\n"
                   "session #1 li by db withdrawn at 20\n");
    says(15, ACT(SESSION_ENDED), "li", NULL);
    story_ends(30, "session #1 li by db ended at 15\n"
                   "consent #2 db withdrawn by ops at 20: db1 from 0 until 30\n");
}
END_TEST

START_TEST(narrowing_ends_the_sessions_it_no_longer_covers)
{
    says(1, ACT(CONSENT_GIVEN), "ops", terms("db", "db1,db2", NULL, 0, 50));
    says(10, ACT(SESSION_STARTED), "li", NULL); /* into all of it */
    says(10, ACT(SESSION_STARTED), "wu", terms("", "db2", NULL, 0, 0));
    says(20, ACT(CONSENT_CHANGED), "ops", terms("db", "db2", NULL, 0, 90));
    story_ends(20, "consent #2 db changed by ops at 20: db2 from 0 until 90\n"
                   "session #1 li by db narrowed at 20\n");
    says(30, ACT(CONSENT_CHANGED), "ops", terms("db", "db2", "li", 0, 90));
    story_ends(30, "session #2 wu by db narrowed at 30\n");
}
END_TEST

START_TEST(a_session_known_to_have_begun_without_consent_ends_as_it_begins)
{
    says(1, ACT(CONSENT_GIVEN), "ops", terms("db", "db1", NULL, 0, 50));
    says(10, ACT(SESSION_STARTED), "li", NULL);
    says(9, ACT(CONSENT_WITHDRAWN), "ops", NULL);
    story_ends(20, "session #1 li by db begins at 10\nsession #1 li by db withdrawn at 10\n");
}
END_TEST

START_TEST(by_a_consent_that_was_never_given_no_session_begins)
{
    says(1, ACT(CONSENT_ASKED), "wu", terms("db", "db1", NULL, 0, 50));
    says(2, ACT(CONSENT_REFUSED), "ops", NULL);
    says(10, ACT(SESSION_STARTED), "li", NULL);
    story_ends(20, "consent #2 db refused by ops at 2: db1 from 0 until 50\n");
    ck_assert_uint_eq(w.fold.session_count, 0);
}
END_TEST

START_TEST(a_further_question_that_is_refused_leaves_what_was_given)
{
    says(1, ACT(CONSENT_GIVEN), "ops", terms("db", "db1", NULL, 0, 50));
    says(5, ACT(CONSENT_ASKED), "wu", terms("db", "db1,db2", NULL, 0, 80));
    says(6, ACT(CONSENT_REFUSED), "ops", NULL);
    story_ends(50, "consent #3 db refused by ops at 6: db1 from 0 until 50\n"
                   "consent #4 db ended by  at 50: db1 from 0 until 50\n");
}
END_TEST

START_TEST(the_end_of_the_case_ends_consents_and_sessions)
{
    says(1, ACT(CONSENT_GIVEN), "ops", terms("db", "db1", NULL, 0, 50));
    says(10, ACT(SESSION_STARTED), "li", NULL);
    world_input(&w, 20, ACT(CANCEL));
    story_ends(100, "consent #2 db ended by  at 20: db1 from 0 until 50\n"
                    "session #1 li by db closed at 20\n"
                    "closed cancelled at 20\n");
}
END_TEST

/* ---- the time of waiting ---- */

START_TEST(the_clock_stands_until_the_last_question_is_answered)
{
    says(10, ACT(CONSENT_ASKED), "wu", terms("db", "db1", NULL, 0, 500));
    says(12, ACT(CONSENT_ASKED), "wu", terms("web", "web1", NULL, 0, 500))->name =
        world_text(&w, "web");
    ck_assert_str_eq(due(11), "stands 60");
    says(20, ACT(CONSENT_GIVEN), "ops", NULL);
    ck_assert_str_eq(due(21), "stands 60");
    says(30, ACT(CONSENT_GIVEN), "ops", NULL)->name = world_text(&w, "web");
    ck_assert_str_eq(due(31), "runs 80");
}
END_TEST

START_TEST(an_answer_lets_go_on_only_what_the_question_made_stand)
{
    world_input(&w, 5, ACT(WAITING_CUSTOMER));
    says(10, ACT(CONSENT_ASKED), "wu", terms("db", "db1", NULL, 0, 500));
    says(20, ACT(CONSENT_GIVEN), "ops", NULL);
    ck_assert_str_eq(due(21), "stands 60");
    world_input(&w, 15, ACT(CUSTOMER_ANSWERED)); /* said late: the question stood then */
    ck_assert_str_eq(due(21), "runs 75");
}
END_TEST

START_TEST(an_answer_of_the_customer_about_something_else_is_waited_for_on)
{
    says(5, ACT(CONSENT_ASKED), "wu", terms("db", "db1", NULL, 0, 500));
    world_input(&w, 10, ACT(WAITING_CUSTOMER));
    says(20, ACT(CONSENT_GIVEN), "ops", NULL);
    ck_assert_str_eq(due(21), "stands 75"); /* if it went on now */
    world_input(&w, 25, ACT(CUSTOMER_ANSWERED));
    ck_assert_str_eq(due(26), "runs 80");
}
END_TEST

START_TEST(a_question_that_ends_by_a_change_or_a_withdrawal_lets_the_clock_go_on)
{
    says(1, ACT(CONSENT_GIVEN), "ops", terms("db", "db1", NULL, 0, 500));
    says(10, ACT(CONSENT_ASKED), "wu", terms("db", "db1,db2", NULL, 0, 500));
    says(20, ACT(CONSENT_CHANGED), "ops", terms("db", "db1", NULL, 0, 500));
    ck_assert_str_eq(due(21), "runs 70");
    says(30, ACT(CONSENT_ASKED), "wu", terms("db", "db1,db2", NULL, 0, 500));
    says(40, ACT(CONSENT_WITHDRAWN), "ops", NULL);
    ck_assert_str_eq(due(41), "runs 80");
}
END_TEST

START_TEST(who_enters_while_more_is_asked_for_is_in_by_what_was_given)
{
    says(1, ACT(CONSENT_GIVEN), "ops", terms("db", "db1", NULL, 0, 500));
    says(10, ACT(CONSENT_ASKED), "wu", terms("db", "db1,db2", NULL, 0, 500));
    says(11, ACT(SESSION_STARTED), "li", NULL);
    story_ends(12, "session #1 li by db begins at 11\n");
}
END_TEST

START_TEST(a_question_whose_time_is_over_was_not_answered_and_the_clock_goes_on)
{
    says(10, ACT(CONSENT_ASKED), "wu", terms("db", "db1", NULL, 0, 40));
    story_ends(40, "consent #2 db silent by  at 40: db1 from 0 until 40\n");
    ck_assert_str_eq(due(41), "runs 90");
}
END_TEST

START_TEST(waiting_for_consent_is_the_customers_time)
{
    struct sla_ledger ledger;
    world_input(&w, 5, ACT(CONTACTED));
    says(10, ACT(CONSENT_ASKED), "wu", terms("db", "db1", NULL, 0, 500));
    says(25, ACT(CONSENT_GIVEN), "ops", NULL);
    says(26, ACT(SESSION_STARTED), "li", NULL);
    (void)world_story(&w, 30);
    struct sla_fold_input in = world_fold_input(&w, 30);
    ck_assert_int_eq(sla_ledger(&in, &w.fold, w.arena, &ledger), CO_OK);
    ck_assert_int_eq(ledger.length_us[SLA_HOLDER_CUSTOMER], 15 * MINUTE);
    ck_assert_int_eq(ledger.length_us[SLA_HOLDER_REMOTE], 10 * MINUTE);
}
END_TEST

/* ---- who may say what ---- */

static void setup_case(void)
{
    static Callout__V1__Act after[] = { ACT(CONTACTED) };
    static Callout__V1__Role roles[] = { ROLE(SUPPORT), CALLOUT__V1__ROLE__ROLE_EXPERT };
    static Callout__V1__SessionRule rule;
    static Callout__V1__SessionRule *rules[] = { &rule };
    end();
    begin();
    callout__v1__session_rule__init(&rule);
    rule.after = after;
    rule.n_after = 1;
    rule.roles = roles;
    rule.n_roles = 2;
    w.pack->sessions = rules;
    w.pack->n_sessions = 1;
    world_milestone(&w, "solution", ACT(REPORTED), ACT(RESTORED));
    submit();
}

static const struct sla_who contact = { true, "ops", 0 };
static const struct sla_who ours = { false, "ops", 1u << ROLE(SUPPORT) };

/* Why not; "": applied. */
static const char *tries(int64_t minute, Callout__V1__Act act, const char *person,
                         Callout__V1__Consent *k)
{
    struct sla_events events = { 0 };
    bool is_his = strcmp(person, "ops") == 0;
    struct sla_admission a = { .who = is_his ? contact : ours };
    Callout__V1__CommandReceived *m = command(minute, act);
    m->name = world_text(&w, "db");
    m->person = world_text(&w, person);
    m->role = is_his ? ROLE(CUSTOMER) : ROLE(NONE);
    m->consent = k;
    ck_assert_int_eq(sla_case_command(&c, ++seq, m, a, &events), CO_OK);
    ck_assert_uint_eq(events.count, 1);
    bool is_refused = events.event[0]->body_case == BODY(COMMAND_REFUSED);
    return is_refused ? events.event[0]->command_refused->reason : "";
}

static void enters(int64_t minute, const char *person, const char *why)
{
    ck_assert_str_eq(tries(minute, ACT(SESSION_STARTED), person, NULL), why);
}

static void takes(int64_t minute, Callout__V1__Act act, const char *person, Callout__V1__Consent *k)
{
    ck_assert_str_eq(tries(minute, act, person, k), "");
}

START_TEST(each_reason_why_nobody_may_enter_is_another_sentence)
{
    setup_case();
    enters(1, "li", "Telephone support has to be tried before remote access: contacted.");
    (void)apply(command(2, ACT(CONTACTED)));
    enters(3, "li", "The customer was never asked for the consent \"db\".");
    takes(4, ACT(CONSENT_ASKED), "li", terms("db", "db1", "li", 10, 60));
    enters(5, "li", "The customer was asked for the consent \"db\" and has not answered yet.");
    takes(6, ACT(CONSENT_NOBODY), "li", NULL);
    ck_assert_ptr_nonnull(strstr(tries(7, ACT(SESSION_STARTED), "li", NULL), "nobody was there"));
    takes(8, ACT(CONSENT_ASKED), "li", terms("db", "db1", "li", 10, 60));
    takes(8, ACT(CONSENT_SILENT), "li", NULL);
    ck_assert_ptr_nonnull(strstr(tries(8, ACT(SESSION_STARTED), "li", NULL), "got no answer"));
    takes(9, ACT(CONSENT_ASKED), "li", terms("db", "db1", "li", 12, 60));
    takes(9, ACT(CONSENT_REFUSED), "ops", NULL);
    ck_assert_ptr_nonnull(strstr(tries(9, ACT(SESSION_STARTED), "li", NULL), "customer refused"));
    takes(10, ACT(CONSENT_GIVEN), "ops", terms("db", "db1", "li", 12, 60));
    ck_assert_ptr_nonnull(strstr(tries(11, ACT(SESSION_STARTED), "li", NULL), "holds from 20"));
    enters(12, "wu", "The consent \"db\" does not name wu, but: li.");
    ck_assert_str_eq(tries(12, ACT(SESSION_STARTED), "li", terms("", "db2", NULL, 0, 0)),
                     "The consent \"db\" does not let anybody into db2, but into: db1.");
    enters(13, "li", "");
    enters(14, "li", "li is in already by the consent \"db\".");
    enters(60, "li", "The consent \"db\" expired at 2026-03-02T10:00:00+08:00.");
    takes(20, ACT(CONSENT_WITHDRAWN), "ops", NULL);
    enters(21, "li", "The consent \"db\" was withdrawn at 2026-03-02T09:20:00+08:00 by ops.");
}
END_TEST

START_TEST(only_a_contact_in_the_customers_name_gives_changes_and_withdraws)
{
    setup_case();
    static const Callout__V1__Act his[] = { ACT(CONSENT_GIVEN), ACT(CONSENT_CHANGED),
                                            ACT(CONSENT_WITHDRAWN) };
    takes(1, ACT(CONSENT_GIVEN), "ops", terms("db", "db1", NULL, 0, 60));
    for (size_t i = 0; i < 3; i++)
        ck_assert_str_eq(tries(2, his[i], "li", terms("db", "db1", NULL, 0, 90)),
                         "Only a contact of the customer says so, in the customer's name: ops.");
    takes(3, ACT(CONSENT_CHANGED), "ops", terms("db", "db1", NULL, 0, 90));
    takes(4, ACT(CONSENT_WITHDRAWN), "ops", NULL);
}
END_TEST

START_TEST(a_question_is_answered_once)
{
    setup_case();
    ck_assert_str_eq(tries(1, ACT(CONSENT_GIVEN), "ops", NULL),
                     "The customer was never asked for the consent \"db\": say the systems.");
    takes(2, ACT(CONSENT_ASKED), "li", terms("db", "db1", NULL, 0, 60));
    takes(3, ACT(CONSENT_REFUSED), "ops", NULL);
    ck_assert_str_eq(tries(4, ACT(CONSENT_GIVEN), "ops", NULL),
                     "The question for the consent \"db\" was answered already: refused.");
    ck_assert_str_eq(tries(5, ACT(CONSENT_SILENT), "li", NULL),
                     "The question for the consent \"db\" was answered already: refused.");
    ck_assert_str_eq(tries(6, ACT(CONSENT_WITHDRAWN), "ops", NULL),
                     "The customer refused the consent \"db\" at 2026-03-02T09:03:00+08:00 (ops).");
}
END_TEST

START_TEST(the_code_of_an_earlier_question_answers_no_later_one)
{
    setup_case();
    takes(2, ACT(CONSENT_ASKED), "li", terms("db", "db1", NULL, 0, 60));
    takes(3, ACT(CONSENT_ASKED), "li", terms("db", "db1,db2", NULL, 0, 60));
    Callout__V1__CommandReceived *m = command(4, ACT(CONSENT_GIVEN));
    m->name = world_text(&w, "db");
    m->person = world_text(&w, "ops");
    m->role = ROLE(CUSTOMER);
    m->notice = world_message(&w, &callout__v1__notice_name__descriptor);
    m->notice->obligation = world_text(&w, "consent/1/asked/db");
    struct sla_events events = { 0 };
    struct sla_admission a = { .who = contact };
    ck_assert_int_eq(sla_case_command(&c, ++seq, m, a, &events), CO_OK);
    ck_assert_int_eq(events.event[0]->body_case, BODY(COMMAND_REFUSED));
    ck_assert_str_eq(events.event[0]->command_refused->reason,
                     "This answers an earlier question: the customer was asked for the consent "
                     "\"db\" anew at 2026-03-02T09:03:00+08:00.");
    m->notice->obligation = world_text(&w, "consent/2/asked/db");
    events = (struct sla_events){ 0 };
    ck_assert_int_eq(sla_case_command(&c, ++seq, m, a, &events), CO_OK);
    ck_assert_int_ne(events.event[0]->body_case, BODY(COMMAND_REFUSED));
}
END_TEST

START_TEST(a_question_that_becomes_known_after_its_answer_is_refused)
{
    setup_case();
    takes(2, ACT(CONSENT_ASKED), "li", terms("db", "db1", NULL, 0, 60));
    takes(5, ACT(CONSENT_GIVEN), "ops", NULL);
    c.now_us = T0 + 6 * MINUTE;
    ck_assert_str_eq(tries(4, ACT(CONSENT_ASKED), "li", terms("db", "db1,db2", NULL, 0, 60)),
                     "Something was said about the consent \"db\" since, at "
                     "2026-03-02T09:05:00+08:00 (given): ask anew.");
}
END_TEST

START_TEST(the_pack_says_whether_and_who_in_which_role)
{
    setup_case();
    (void)apply(command(1, ACT(CONTACTED)));
    takes(2, ACT(CONSENT_GIVEN), "ops", terms("db", "db1", NULL, 0, 60));
    Callout__V1__CommandReceived *m = command(3, ACT(SESSION_STARTED));
    m->name = world_text(&w, "db");
    m->person = world_text(&w, "pm");
    m->role = ROLE(PM);
    ck_assert_str_eq(refuse(m)->reason,
                     "This role may not enter: by this policy support, expert may.");
    m->role = ROLE(NONE);
    ck_assert_str_eq(refuse(m)->reason,
                     "Say in which role pm enters: by this policy support, expert may.");
    w.pack->n_sessions = 0;
    enters(4, "li", "By this policy there is no remote access.");
    ck_assert_str_eq(tries(5, ACT(CONSENT_ASKED), "li", terms("web", "web1", NULL, 0, 60)),
                     "By this policy there is no remote access.");
}
END_TEST

START_TEST(a_session_that_is_over_by_itself_is_not_ended_again)
{
    setup_case();
    (void)apply(command(1, ACT(CONTACTED)));
    takes(2, ACT(CONSENT_GIVEN), "ops", terms("db", "db1", NULL, 0, 60));
    enters(3, "li", "");
    takes(10, ACT(CONSENT_WITHDRAWN), "ops", NULL);
    ck_assert_str_eq(tries(11, ACT(SESSION_ENDED), "li", NULL),
                     "li is not in by the consent \"db\".");
    takes(9, ACT(SESSION_ENDED), "li", NULL); /* said late: he was in then */
}
END_TEST

CHECK_MAIN_WITH("sla_consent", setup, end,
                what_was_asked_is_given_by_its_key_and_ends_with_its_time,
                a_session_ends_by_itself_when_its_consent_does,
                narrowing_ends_the_sessions_it_no_longer_covers,
                a_session_known_to_have_begun_without_consent_ends_as_it_begins,
                by_a_consent_that_was_never_given_no_session_begins,
                a_further_question_that_is_refused_leaves_what_was_given,
                the_end_of_the_case_ends_consents_and_sessions,
                the_clock_stands_until_the_last_question_is_answered,
                an_answer_lets_go_on_only_what_the_question_made_stand,
                an_answer_of_the_customer_about_something_else_is_waited_for_on,
                a_question_that_ends_by_a_change_or_a_withdrawal_lets_the_clock_go_on,
                who_enters_while_more_is_asked_for_is_in_by_what_was_given,
                a_question_whose_time_is_over_was_not_answered_and_the_clock_goes_on,
                waiting_for_consent_is_the_customers_time,
                each_reason_why_nobody_may_enter_is_another_sentence,
                only_a_contact_in_the_customers_name_gives_changes_and_withdraws,
                a_question_is_answered_once, the_code_of_an_earlier_question_answers_no_later_one,
                a_question_that_becomes_known_after_its_answer_is_refused,
                the_pack_says_whether_and_who_in_which_role,
                a_session_that_is_over_by_itself_is_not_ended_again)
