/* Notices that are answered by a code, and what intake makes of it. */
#include "check_main.h"

#include "intake_answer.h"
#include "notify_world.h"

static Callout__V1__Act of_offer[] = { CALLOUT__V1__ACT__ACT_ACCEPT,
                                       CALLOUT__V1__ACT__ACT_DECLINE };
static Callout__V1__Act acknowledged[] = { CALLOUT__V1__ACT__ACT_ACKNOWLEDGED };

static void offer(uint64_t number)
{
    static char wang[] = "wang";
    HAPPENS(OFFERED, offered, Offered, x->generation = number, x->engineer = wang,
            x->accept_by_us = NOON + 10 * MINUTE);
}

static const struct notify_notice *first(void)
{
    ck_assert_uint_ge(c->count, 1);
    return c->notices[0];
}

START_TEST(a_rule_with_answers_gives_each_notice_codes_of_its_own)
{
    char code[CO_ANSWER_TEXT];
    set_up();
    Callout__V1__NoticeRule *rule = add_rule(ON(OFFERED), "", ROLE(ENGINEER), ROLE(NONE));
    rule->answers = of_offer;
    rule->n_answers = 2;
    is_opened();
    offer(1);
    offer(2);
    ck_assert_uint_eq(c->count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct notify_notice *n = c->notices[i];
        ck_assert_ptr_nonnull(n->secret);
        ck_assert_int_eq(n->answer_by_us, NOON + 10 * MINUTE);
        for (size_t k = 0; k < 2; k++) {
            co_answer_code(n->secret, c->case_id, of_offer[k], code);
            ck_assert_ptr_nonnull(strstr(n->body, code));
            ck_assert_ptr_null(strstr(c->notices[1 - i]->body, code));
        }
    }
    tear_down();
}
END_TEST

START_TEST(the_codes_stand_where_the_template_wants_them_and_are_links_where_there_is_a_page)
{
    char code[CO_ANSWER_TEXT], link[100];
    set_up();
    Callout__V1__NoticeRule *rule = add_rule(ON(OPENED), "", ROLE(PM), ROLE(NONE));
    rule->answers = acknowledged;
    rule->n_answers = 1;
    rule->answer_for_us = 5 * MINUTE;
    rule->body = text_of("[{answer}]", "[{answer}]");
    world.answer_url = "https://desk.example.com/a/";
    is_opened();
    world.answer_url = NULL;
    co_answer_code(first()->secret, c->case_id, acknowledged[0], code);
    (void)snprintf(link, sizeof(link), " https://desk.example.com/a/%s]", code);
    ck_assert_ptr_nonnull(strstr(first()->body, link));
    ck_assert_int_eq(first()->body[0], '[');
    ck_assert_int_eq(first()->answer_by_us, NOON + 5 * MINUTE);
    tear_down();
}
END_TEST

START_TEST(who_holds_two_roles_is_still_told_once)
{
    static char pm[] = "pm";
    set_up();
    put_contract(ROLE(DIRECTOR), pm);
    Callout__V1__NoticeRule *rule = add_rule(ON(OPENED), "", ROLE(PM), ROLE(DIRECTOR));
    rule->answers = acknowledged;
    rule->n_answers = 1;
    is_opened();
    ck_assert_uint_eq(c->count, 2);
    ck_assert_int_eq(c->notices[0]->life.state, STATE(PLANNED));
    ck_assert_int_eq(c->notices[1]->life.state, STATE(CANCELLED));
    tear_down();
}
END_TEST

START_TEST(without_answers_there_are_no_codes)
{
    set_up();
    (void)add_rule(ON(OPENED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    ck_assert_ptr_null(first()->secret);
    ck_assert_ptr_null(strstr(first()->body, "C-"));
    tear_down();
}
END_TEST

static const uint8_t secret[CO_ANSWER_SECRET] = "0123456789abcde";

static struct intake_answerable notice(const char *obligation, const char *slot)
{
    return (struct intake_answerable){
        .obligation = obligation,
        .slot = slot,
        .person = "wang",
        .generation = 1,
        .secret = secret,
        .answers = co_answer_bit(CALLOUT__V1__ACT__ACT_ACCEPT) |
                   co_answer_bit(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED),
        .answer_by_us = NOON,
    };
}

START_TEST(a_code_becomes_the_command_that_it_stands_for)
{
    char code[CO_ANSWER_TEXT], mark[CO_ANSWER_MARK + 1];
    int64_t case_id;
    struct intake_answerable n = notice("offered/12", "engineer/0");
    Callout__V1__Command command = CALLOUT__V1__COMMAND__INIT;
    co_answer_code(secret, 1280, CALLOUT__V1__ACT__ACT_ACCEPT, code);
    ck_assert(co_answer_read(code, &case_id, mark));
    ck_assert_int_eq(intake_answer_act(&n, case_id, mark), CALLOUT__V1__ACT__ACT_ACCEPT);
    intake_answer_command(&n, CALLOUT__V1__ACT__ACT_ACCEPT, &command);
    ck_assert_str_eq(command.person, "wang");
    ck_assert_int_eq(command.role, ROLE(ENGINEER));
    ck_assert_uint_eq(command.order_generation, 12);
    n = notice("escalated/response/1/2", "service_manager/1");
    intake_answer_command(&n, CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, &command);
    ck_assert_int_eq(command.role, ROLE(SERVICE_MANAGER));
    co_answer_code(secret, 1280, CALLOUT__V1__ACT__ACT_DECLINE, code); /* not one of its answers */
    ck_assert(co_answer_read(code, &case_id, mark));
    ck_assert_int_eq(intake_answer_act(&n, case_id, mark), CALLOUT__V1__ACT__ACT_NONE);
}
END_TEST

START_TEST(an_offer_is_answered_once_by_whichever_code)
{
    struct intake_answerable n = notice("offered/12", "engineer/0");
    char accept[CO_ANSWER_MARK + 1], decline[CO_ANSWER_MARK + 1], ack[CO_ANSWER_MARK + 1];
    intake_answer_used(&n, 1280, CALLOUT__V1__ACT__ACT_ACCEPT, accept);
    intake_answer_used(&n, 1280, CALLOUT__V1__ACT__ACT_DECLINE, decline);
    intake_answer_used(&n, 1280, CALLOUT__V1__ACT__ACT_ACKNOWLEDGED, ack);
    ck_assert_str_eq(accept, decline);
    ck_assert_str_ne(accept, ack);
    ck_assert(co_answer_is(secret, 1280, CALLOUT__V1__ACT__ACT_ACCEPT, accept));
}
END_TEST

START_TEST(a_code_is_good_until_its_time_and_while_it_holds)
{
    struct intake_answerable n = notice("offered/12", "engineer/0");
    ck_assert_ptr_null(intake_answer_over(&n, NOON));
    ck_assert_str_eq(intake_answer_over(&n, NOON + 1), "the time of this code is over");
    n.recalled = true;
    ck_assert_str_eq(intake_answer_over(&n, NOON), "what this code answers no longer holds");
}
END_TEST

CHECK_MAIN("notify_answers", a_rule_with_answers_gives_each_notice_codes_of_its_own,
           the_codes_stand_where_the_template_wants_them_and_are_links_where_there_is_a_page,
           who_holds_two_roles_is_still_told_once, without_answers_there_are_no_codes,
           a_code_becomes_the_command_that_it_stands_for,
           an_offer_is_answered_once_by_whichever_code,
           a_code_is_good_until_its_time_and_while_it_holds)
