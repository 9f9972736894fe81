#include "check_main.h"

#include "co_rand.h"
#include "notify_state.h"

#define STATE(name) CALLOUT__V1__NOTICE_STATE__NOTICE_##name
#define SECOND INT64_C(1000000)

static const struct notify_patience patience = {
    .backoff = { 2 * SECOND, 300 * SECOND },
    .attempts = 5,
    .give_up_us = 3600 * SECOND,
    .next_channel_us = 60 * SECOND,
    .crowded_us = 10 * SECOND,
    .retry_after_max_us = 900 * SECOND,
};

static struct notify_step s;
static bool has_next; /* the person has another channel */

static void plan(int64_t at_us)
{
    has_next = false;
    s = (struct notify_step){ .life = { .state = STATE(PLANNED),
                                        .planned_us = at_us,
                                        .since_us = at_us,
                                        .way_us = at_us,
                                        .next_us = at_us } };
}

static void happens_full(enum notify_input input, int64_t at_us, int64_t retry_after_us,
                         enum notify_on_unknown on_unknown)
{
    struct notify_happening h = { input, at_us, retry_after_us, on_unknown, 7, has_next };
    s = notify_state_step(s.life, &patience, &h);
}

static void happens(enum notify_input input, int64_t at_us)
{
    happens_full(input, at_us, 0, NOTIFY_REPEAT_WITH_KEY);
}

static void is_now(Callout__V1__NoticeState state, unsigned effects)
{
    ck_assert_int_eq(s.life.state, state);
    ck_assert_uint_eq(s.effects, effects);
}

START_TEST(a_notice_is_sent_and_taken)
{
    plan(0);
    happens(NOTIFY_START, 1);
    is_now(STATE(SENDING), NOTIFY_SEND);
    ck_assert_uint_eq(s.life.attempts, 1);
    ck_assert(s.life.next_us == INT64_MAX);
    happens(NOTIFY_TAKEN, 2);
    is_now(STATE(ACCEPTED), NOTIFY_SETTLE);
    happens(NOTIFY_TAKEN, 3);
    is_now(STATE(ACCEPTED), NOTIFY_UNCHANGED);
    happens(NOTIFY_CONFIRM, 4);
    is_now(STATE(DELIVERED), NOTIFY_SETTLE);
}
END_TEST

START_TEST(a_notice_not_taken_is_tried_again_after_a_growing_wait)
{
    plan(0);
    happens(NOTIFY_START, 0);
    happens(NOTIFY_LATER, 1 * SECOND);
    is_now(STATE(PLANNED), NOTIFY_RETRY);
    ck_assert_int_ge(s.life.next_us, 2 * SECOND);
    ck_assert_int_le(s.life.next_us, 3 * SECOND);
    happens(NOTIFY_START, s.life.next_us - 1);
    is_now(STATE(PLANNED), NOTIFY_UNCHANGED);
    happens(NOTIFY_START, 3 * SECOND);
    happens(NOTIFY_LATER, 4 * SECOND);
    ck_assert_int_ge(s.life.next_us, 6 * SECOND);
    ck_assert_int_le(s.life.next_us, 8 * SECOND);
}
END_TEST

START_TEST(a_receiver_s_wish_to_wait_is_followed_up_to_a_limit)
{
    plan(0);
    happens(NOTIFY_START, 0);
    happens_full(NOTIFY_LATER, 0, 60 * SECOND, NOTIFY_REPEAT_WITH_KEY);
    ck_assert_int_eq(s.life.next_us, 60 * SECOND);
    happens(NOTIFY_START, 60 * SECOND);
    happens_full(NOTIFY_LATER, 60 * SECOND, 86400 * SECOND, NOTIFY_REPEAT_WITH_KEY);
    ck_assert_int_eq(s.life.next_us, 960 * SECOND);
}
END_TEST

START_TEST(it_is_given_up_after_the_last_attempt)
{
    plan(0);
    for (int i = 0; i < 4; i++) {
        happens(NOTIFY_START, s.life.next_us);
        happens(NOTIFY_LATER, 0);
        is_now(STATE(PLANNED), NOTIFY_RETRY);
    }
    happens(NOTIFY_START, s.life.next_us);
    happens(NOTIFY_LATER, 0);
    is_now(STATE(FAILED), NOTIFY_SETTLE);
    ck_assert(s.life.next_us == INT64_MAX);
    happens(NOTIFY_START, 1);
    is_now(STATE(FAILED), NOTIFY_UNCHANGED);
}
END_TEST

START_TEST(it_is_given_up_when_the_next_attempt_would_be_too_late)
{
    plan(0);
    happens(NOTIFY_START, 3599 * SECOND);
    happens(NOTIFY_LATER, 3600 * SECOND);
    is_now(STATE(FAILED), NOTIFY_SETTLE);
}
END_TEST

START_TEST(what_a_crash_leaves_is_unknown_and_repeated_under_its_key)
{
    plan(0);
    happens(NOTIFY_START, 0);
    happens(NOTIFY_LOST, SECOND);
    is_now(STATE(UNKNOWN), NOTIFY_RETRY);
    happens(NOTIFY_START, s.life.next_us);
    is_now(STATE(SENDING), NOTIFY_SEND);
    ck_assert_uint_eq(s.life.attempts, 2);
    happens(NOTIFY_TAKEN, 9 * SECOND);
    is_now(STATE(ACCEPTED), NOTIFY_SETTLE);
}
END_TEST

START_TEST(a_channel_that_cannot_repeat_leaves_the_unknown_to_people)
{
    plan(0);
    happens(NOTIFY_START, 0);
    happens_full(NOTIFY_LOST, SECOND, 0, NOTIFY_ASK);
    is_now(STATE(UNKNOWN), NOTIFY_SETTLE);
    ck_assert(s.life.next_us == INT64_MAX);
}
END_TEST

START_TEST(what_may_have_been_sent_never_counts_as_unsent_again)
{
    plan(0);
    happens(NOTIFY_START, 0);
    happens(NOTIFY_DOUBT, 0);
    happens(NOTIFY_START, s.life.next_us);
    happens(NOTIFY_LATER, 0);
    is_now(STATE(UNKNOWN), NOTIFY_RETRY);
    happens(NOTIFY_RECALL, 0);
    is_now(STATE(UNKNOWN), NOTIFY_CORRECT | NOTIFY_SETTLE);
    happens(NOTIFY_RECALL, 0);
    is_now(STATE(UNKNOWN), NOTIFY_CORRECT);

    plan(0);
    happens(NOTIFY_START, 0);
    happens(NOTIFY_DOUBT, 0);
    happens(NOTIFY_START, s.life.next_us);
    happens(NOTIFY_REFUSED, 0);
    is_now(STATE(UNKNOWN), NOTIFY_SETTLE);
}
END_TEST

START_TEST(what_is_no_longer_true_is_cancelled_before_and_corrected_after)
{
    plan(0);
    happens(NOTIFY_RECALL, 0);
    is_now(STATE(CANCELLED), NOTIFY_SETTLE);
    happens(NOTIFY_START, 0);
    is_now(STATE(CANCELLED), NOTIFY_UNCHANGED);

    plan(0);
    happens(NOTIFY_START, 0);
    happens(NOTIFY_TAKEN, 0);
    happens(NOTIFY_RECALL, 0);
    is_now(STATE(ACCEPTED), NOTIFY_CORRECT);
}
END_TEST

START_TEST(recalled_in_the_air_and_not_taken_it_is_not_tried_again)
{
    plan(0);
    happens(NOTIFY_START, 0);
    happens(NOTIFY_RECALL, 0);
    is_now(STATE(SENDING), NOTIFY_CORRECT);
    happens(NOTIFY_LATER, 0);
    is_now(STATE(CANCELLED), NOTIFY_SETTLE);
}
END_TEST

START_TEST(where_there_is_no_room_no_attempt_is_lost)
{
    plan(0);
    for (int i = 0; i < 10; i++) {
        int64_t at_us = s.life.next_us;
        happens(NOTIFY_CROWDED, at_us);
        is_now(STATE(PLANNED), NOTIFY_RETRY);
        ck_assert_int_ge(s.life.next_us - at_us, 5 * SECOND);
        ck_assert_int_le(s.life.next_us - at_us, at_us / 2 + 10 * SECOND);
    }
    happens(NOTIFY_START, s.life.next_us);
    happens_full(NOTIFY_CROWDED, 200 * SECOND, 150 * SECOND, NOTIFY_REPEAT_WITH_KEY);
    is_now(STATE(PLANNED), NOTIFY_RETRY);
    ck_assert_uint_eq(s.life.attempts, 0);
    ck_assert_int_eq(s.life.next_us, 350 * SECOND);
    happens(NOTIFY_CROWDED, 3000 * SECOND);
    ck_assert_int_ge(s.life.next_us, 3150 * SECOND);
    ck_assert_int_le(s.life.next_us, 3300 * SECOND);
}
END_TEST

START_TEST(what_one_channel_refuses_goes_by_the_next_at_once)
{
    plan(0);
    has_next = true;
    happens(NOTIFY_START, SECOND);
    happens(NOTIFY_REFUSED, 2 * SECOND);
    is_now(STATE(PLANNED), NOTIFY_REROUTE | NOTIFY_RETRY);
    ck_assert_int_eq(s.life.next_us, 2 * SECOND);
    has_next = false;
    happens(NOTIFY_START, 2 * SECOND);
    happens(NOTIFY_REFUSED, 3 * SECOND);
    is_now(STATE(FAILED), NOTIFY_SETTLE);
    ck_assert_uint_eq(s.life.attempts, 2);
}
END_TEST

START_TEST(nobody_waits_for_a_server_set_aside_who_has_another_channel)
{
    plan(0);
    has_next = true;
    happens(NOTIFY_ASIDE, SECOND); /* before it was begun */
    is_now(STATE(PLANNED), NOTIFY_REROUTE | NOTIFY_RETRY);
    ck_assert_int_eq(s.life.next_us, SECOND);
    ck_assert_uint_eq(s.life.attempts, 0);
    plan(0);
    happens(NOTIFY_START, 0);
    has_next = true;
    happens(NOTIFY_ASIDE, SECOND); /* begun, and not tried */
    is_now(STATE(PLANNED), NOTIFY_REROUTE | NOTIFY_RETRY);
    ck_assert_uint_eq(s.life.attempts, 0);
}
END_TEST

START_TEST(who_has_no_other_channel_waits_for_it_and_spends_no_attempts)
{
    plan(0);
    for (int64_t at_us = 0; at_us < 3000 * SECOND; at_us = s.life.next_us) {
        happens_full(NOTIFY_ASIDE, at_us, 300 * SECOND, NOTIFY_REPEAT_WITH_KEY);
        is_now(STATE(PLANNED), NOTIFY_RETRY);
        ck_assert_int_eq(s.life.next_us, at_us + 300 * SECOND);
    }
    ck_assert_uint_eq(s.life.attempts, 0);
    happens(NOTIFY_START, s.life.next_us);
    is_now(STATE(SENDING), NOTIFY_SEND);
    happens(NOTIFY_LATER, 3400 * SECOND); /* all its attempts are left; its time is not */
    is_now(STATE(PLANNED), NOTIFY_RETRY);
    happens_full(NOTIFY_ASIDE, s.life.next_us, 300 * SECOND, NOTIFY_REPEAT_WITH_KEY);
    is_now(STATE(FAILED), NOTIFY_SETTLE);
}
END_TEST

START_TEST(what_a_server_set_aside_may_have_taken_waits_to_be_repeated_there)
{
    plan(0);
    has_next = true;
    happens(NOTIFY_START, 0);
    happens(NOTIFY_DOUBT, SECOND);
    int64_t at_us = s.life.next_us;
    happens_full(NOTIFY_ASIDE, at_us, 15 * SECOND, NOTIFY_REPEAT_WITH_KEY);
    is_now(STATE(UNKNOWN), NOTIFY_RETRY);
    ck_assert_int_eq(s.life.next_us, at_us + 15 * SECOND);
    happens_full(NOTIFY_ASIDE, s.life.next_us, 60 * SECOND, NOTIFY_REPEAT_WITH_KEY);
    is_now(STATE(UNKNOWN), NOTIFY_REROUTE | NOTIFY_RETRY); /* its channel's time is over */
}
END_TEST

START_TEST(an_address_that_is_gone_is_not_tried)
{
    plan(0);
    has_next = true;
    happens(NOTIFY_ENDED, SECOND);
    is_now(STATE(PLANNED), NOTIFY_REROUTE | NOTIFY_RETRY);
    has_next = false;
    happens(NOTIFY_ENDED, 2 * SECOND);
    is_now(STATE(FAILED), NOTIFY_SETTLE);
    ck_assert_uint_eq(s.life.attempts, 0);
    plan(0);
    happens(NOTIFY_START, 0);
    happens(NOTIFY_DOUBT, SECOND);
    happens(NOTIFY_ENDED, s.life.next_us);
    is_now(STATE(UNKNOWN), NOTIFY_SETTLE);
}
END_TEST

START_TEST(a_channel_that_takes_too_long_is_left_for_the_next)
{
    plan(0);
    has_next = true;
    happens(NOTIFY_START, 10 * SECOND);
    happens(NOTIFY_LATER, 40 * SECOND);
    is_now(STATE(PLANNED), NOTIFY_RETRY);
    happens(NOTIFY_START, s.life.next_us);
    happens(NOTIFY_LATER, 59 * SECOND);
    is_now(STATE(PLANNED), NOTIFY_REROUTE | NOTIFY_RETRY);
    happens(NOTIFY_START, 59 * SECOND); /* its patience is a fresh one, the whole is not */
    happens(NOTIFY_LATER, 100 * SECOND);
    is_now(STATE(PLANNED), NOTIFY_RETRY);
    ck_assert_int_le(s.life.next_us, 102 * SECOND);
    happens(NOTIFY_START, s.life.next_us);
    happens(NOTIFY_LATER, 3600 * SECOND);
    is_now(STATE(FAILED), NOTIFY_SETTLE);
}
END_TEST

START_TEST(a_channel_without_a_key_never_repeats_by_itself)
{
    for (int with_next = 0; with_next < 2; with_next++) {
        plan(0);
        has_next = with_next == 1;
        happens(NOTIFY_START, 0);
        happens_full(NOTIFY_DOUBT, SECOND, 0, NOTIFY_NEXT_CHANNEL);
        is_now(STATE(UNKNOWN), has_next ? NOTIFY_REROUTE | NOTIFY_RETRY : NOTIFY_SETTLE);
    }
    happens(NOTIFY_START, 2 * SECOND); /* it stays what may have been sent */
    plan(0);
    happens(NOTIFY_START, 0);
    happens_full(NOTIFY_LOST, SECOND, 0, NOTIFY_NEXT_CHANNEL);
    happens(NOTIFY_START, 100 * SECOND);
    is_now(STATE(UNKNOWN), NOTIFY_UNCHANGED);
    happens(NOTIFY_RESEND, 200 * SECOND); /* but people may */
    is_now(STATE(UNKNOWN), NOTIFY_RETRY);
    happens(NOTIFY_START, 200 * SECOND);
    is_now(STATE(SENDING), NOTIFY_SEND);
}
END_TEST

START_TEST(on_demand_what_was_given_up_begins_anew)
{
    plan(0);
    for (int i = 0; i < 5; i++) {
        happens(NOTIFY_START, s.life.next_us);
        happens(NOTIFY_LATER, 0);
    }
    is_now(STATE(FAILED), NOTIFY_SETTLE);
    happens(NOTIFY_RESEND, 86400 * SECOND);
    is_now(STATE(PLANNED), NOTIFY_RETRY);
    ck_assert_int_eq(s.life.next_us, 86400 * SECOND);
    happens(NOTIFY_START, 86400 * SECOND);
    ck_assert_uint_eq(s.life.attempts, 6);
    happens(NOTIFY_LATER, 86401 * SECOND);
    is_now(STATE(PLANNED), NOTIFY_RETRY);
    ck_assert_int_le(s.life.next_us, 86403 * SECOND);
}
END_TEST

START_TEST(what_is_taken_or_no_longer_true_is_not_sent_on_demand)
{
    plan(0);
    happens(NOTIFY_START, 0);
    happens(NOTIFY_RESEND, 1);
    is_now(STATE(SENDING), NOTIFY_UNCHANGED);
    happens(NOTIFY_TAKEN, 2);
    happens(NOTIFY_RESEND, 3);
    is_now(STATE(ACCEPTED), NOTIFY_UNCHANGED);
    plan(0);
    happens(NOTIFY_START, 0);
    happens(NOTIFY_RECALL, 1);
    happens(NOTIFY_DOUBT, 2);
    is_now(STATE(UNKNOWN), NOTIFY_SETTLE);
    happens(NOTIFY_RESEND, 3);
    is_now(STATE(UNKNOWN), NOTIFY_UNCHANGED);
}
END_TEST

START_TEST(what_was_cancelled_is_planned_anew_for_its_time_or_for_now)
{
    plan(100 * SECOND);
    s.life.since_us = s.life.next_us;
    happens(NOTIFY_ENOUGH, 10 * SECOND);
    is_now(STATE(CANCELLED), NOTIFY_SETTLE);
    happens(NOTIFY_ANEW, 20 * SECOND);
    is_now(STATE(PLANNED), NOTIFY_RETRY);
    ck_assert_int_eq(s.life.next_us, 100 * SECOND);
    happens(NOTIFY_ENOUGH, 30 * SECOND);
    happens(NOTIFY_ANEW, 200 * SECOND);
    ck_assert_int_eq(s.life.next_us, 200 * SECOND);
    happens(NOTIFY_RECALL, 210 * SECOND);
    happens(NOTIFY_ANEW, 220 * SECOND);
    is_now(STATE(CANCELLED), NOTIFY_UNCHANGED);
}
END_TEST

/* Whatever happens in whatever order: attempts are bounded, and a settled notice is never sent. */
START_TEST(no_history_sends_more_often_than_allowed)
{
    struct co_rand r;
    co_rand_init(&r, 1);
    for (int history = 0; history < 4000; history++) {
        plan(0);
        unsigned sent = 0, ways = 1;
        for (int i = 0; i < 40; i++) {
            enum notify_input input = (enum notify_input)co_rand_below(&r, NOTIFY_INPUTS);
            bool was_sending = s.life.state == STATE(SENDING);
            has_next = co_rand_below(&r, 8) == 0;
            happens(input, i * SECOND);
            ways += (s.effects & NOTIFY_REROUTE) != 0 ? 1 : 0;
            bool is_again = input == NOTIFY_RESEND || input == NOTIFY_ANEW;
            ways += is_again && s.effects != NOTIFY_UNCHANGED ? 1 : 0;
            sent += (s.effects & NOTIFY_SEND) != 0 ? 1 : 0;
            sent -= was_sending && (input == NOTIFY_CROWDED || input == NOTIFY_ASIDE) ? 1 : 0;
            ck_assert((s.effects & NOTIFY_RETRY) == 0 || s.life.next_us != INT64_MAX);
            ck_assert((s.effects & NOTIFY_SETTLE) == 0 || s.life.next_us == INT64_MAX);
        }
        ck_assert_uint_le(sent, ways * patience.attempts);
        ck_assert_uint_eq(sent, s.life.attempts);
    }
}
END_TEST

CHECK_MAIN("notify_state", a_notice_is_sent_and_taken,
           a_notice_not_taken_is_tried_again_after_a_growing_wait,
           a_receiver_s_wish_to_wait_is_followed_up_to_a_limit,
           it_is_given_up_after_the_last_attempt,
           it_is_given_up_when_the_next_attempt_would_be_too_late,
           what_a_crash_leaves_is_unknown_and_repeated_under_its_key,
           a_channel_that_cannot_repeat_leaves_the_unknown_to_people,
           what_may_have_been_sent_never_counts_as_unsent_again,
           what_is_no_longer_true_is_cancelled_before_and_corrected_after,
           recalled_in_the_air_and_not_taken_it_is_not_tried_again,
           where_there_is_no_room_no_attempt_is_lost,
           what_one_channel_refuses_goes_by_the_next_at_once,
           nobody_waits_for_a_server_set_aside_who_has_another_channel,
           who_has_no_other_channel_waits_for_it_and_spends_no_attempts,
           what_a_server_set_aside_may_have_taken_waits_to_be_repeated_there,
           an_address_that_is_gone_is_not_tried, a_channel_that_takes_too_long_is_left_for_the_next,
           a_channel_without_a_key_never_repeats_by_itself, on_demand_what_was_given_up_begins_anew,
           what_is_taken_or_no_longer_true_is_not_sent_on_demand,
           what_was_cancelled_is_planned_anew_for_its_time_or_for_now,
           no_history_sends_more_often_than_allowed)
