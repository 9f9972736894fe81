#include "check_main.h"

#include "notify_text.h"
#include "notify_world.h"

/* `count` breaches of cases of that severity, told to the project manager. */
static void are_planned(unsigned count, uint32_t severity)
{
    (void)add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    put_person("pm", "en", "pm@example.com", "");
    HAPPENS(CASE_OPENED, case_opened, CaseOpened, x->customer = own("bank"), x->contract = own("k"),
            x->site = own("site"), x->severity = severity);
    for (unsigned i = 1; i <= count; i++)
        HAPPENS(BREACHED, breached, Breached, x->milestone = own("response"), x->generation = i,
                x->due_us = NOON);
    journal[0] = '\0';
}

static unsigned in_state(Callout__V1__NoticeState state)
{
    unsigned n = 0;
    for (size_t i = 0; i < c->count; i++)
        n += c->notices[i]->life.state == state ? 1 : 0;
    return n;
}

static const struct notify_notice *the_digest(const char *of)
{
    return notify_case_find(c, of, 1, "pm/0");
}

START_TEST(without_a_limit_each_goes_by_itself)
{
    are_planned(5, 2);
    start_due();
    ck_assert_uint_eq(in_state(STATE(SENDING)), 5);
}
END_TEST

START_TEST(the_last_message_that_may_go_tells_of_all_that_wait)
{
    are_planned(5, 2);
    room = 3;
    start_due();
    ck_assert_uint_eq(in_state(STATE(SENDING)), 3);
    ck_assert_uint_eq(in_state(STATE(GATHERED)), 3);
    const struct notify_notice *digest = the_digest("digest/breached/response/3");
    ck_assert_ptr_nonnull(digest);
    ck_assert(digest->is_new && digest->is_to_send);
    ck_assert_ptr_nonnull(strstr(digest->subject, " and 2 more"));
    ck_assert_ptr_nonnull(strstr(digest->body, "And 2 more:\n- "));
    ck_assert_ptr_nonnull(strstr(journal, "planned digest/breached/response/3 g1 pm/0 pm mail\n"));
    ck_assert_ptr_nonnull(strstr(journal, "settled breached/response/5 g1 pm/0 7 told in C-"));
    ck_assert_uint_eq(room, 0);
}
END_TEST

START_TEST(what_is_held_back_waits_as_long_as_the_limit_says_and_is_told_together)
{
    are_planned(3, 2);
    room = 0;
    room_wait_us = 17 * MINUTE / 60;
    start_due();
    ck_assert_uint_eq(in_state(STATE(PLANNED)), 3);
    for (size_t i = 0; i < c->count; i++) {
        ck_assert_int_eq(c->notices[i]->life.next_us, NOON + room_wait_us);
        ck_assert_uint_eq(c->notices[i]->life.attempts, 0);
    }
    world.now_us = NOON + room_wait_us;
    room = 1;
    start_due();
    ck_assert_uint_eq(in_state(STATE(SENDING)), 1);
    ck_assert_uint_eq(in_state(STATE(GATHERED)), 3);
    ck_assert_ptr_nonnull(the_digest("digest/breached/response/1"));
}
END_TEST

START_TEST(the_worst_level_is_told_one_by_one_unless_the_policy_says_otherwise)
{
    are_planned(3, 1);
    room = 1;
    room_wait_us = MINUTE;
    start_due();
    ck_assert_uint_eq(in_state(STATE(SENDING)), 1);
    ck_assert_uint_eq(in_state(STATE(PLANNED)), 2);
    tear_down();
    set_up();
    pack.gather_from = 1;
    are_planned(3, 1);
    room = 1;
    start_due();
    ck_assert_uint_eq(in_state(STATE(GATHERED)), 3);
}
END_TEST

START_TEST(a_message_for_many_is_cut_where_it_must_be_and_says_so)
{
    are_planned(600, 2);
    room = 1;
    start_due();
    const struct notify_notice *digest = the_digest("digest/breached/response/1");
    ck_assert_uint_eq(in_state(STATE(GATHERED)), 600);
    ck_assert_ptr_nonnull(strstr(digest->subject, "and 599 more"));
    ck_assert_uint_le(strlen(digest->body), NOTIFY_BODY_BYTES);
    ck_assert_ptr_nonnull(strstr(digest->body, "... the rest stand with their cases"));
}
END_TEST

START_TEST(what_was_told_with_others_is_corrected_when_it_no_longer_holds)
{
    are_planned(2, 2);
    room = 1;
    start_due();
    next_turn();
    journal[0] = '\0';
    room = UINT32_MAX;
    is_withdrawn(false, false);
    ck_assert_ptr_nonnull(
        strstr(journal, "planned withdrawn/breached/response/1 g1 pm/0 pm mail\n"));
}
END_TEST

CHECK_MAIN_WITH("notify_due", set_up, tear_down, without_a_limit_each_goes_by_itself,
                the_last_message_that_may_go_tells_of_all_that_wait,
                what_is_held_back_waits_as_long_as_the_limit_says_and_is_told_together,
                the_worst_level_is_told_one_by_one_unless_the_policy_says_otherwise,
                a_message_for_many_is_cut_where_it_must_be_and_says_so,
                what_was_told_with_others_is_corrected_when_it_no_longer_holds)
