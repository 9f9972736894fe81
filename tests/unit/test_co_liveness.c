#include <check.h>

#include "check_main.h"
#include "co_liveness.h"

enum { TTL = 3000, BEAT = 500 };

static struct co_liveness other;

static bool lives(int64_t now)
{
    return co_liveness_lives(&other, TTL, now);
}

START_TEST(who_goes_on_changing_lives)
{
    for (int64_t now = 10 * TTL; now < 20 * TTL; now += BEAT) {
        co_liveness_look(&other, now, false, now);
        ck_assert(lives(now));
    }
}
END_TEST

START_TEST(who_stands_still_for_the_whole_time_is_dead)
{
    int64_t start = 10 * TTL;
    co_liveness_look(&other, 7, false, start);
    for (int64_t now = start + BEAT; now < start + TTL; now += BEAT) {
        co_liveness_look(&other, 7, false, now);
        ck_assert(lives(now));
    }
    co_liveness_look(&other, 7, false, start + TTL);
    ck_assert(!lives(start + TTL));
}
END_TEST

START_TEST(when_we_could_not_look_the_others_get_their_time_anew)
{
    int64_t start = 10 * TTL, back = start + 5 * TTL;
    co_liveness_look(&other, 7, false, start);
    co_liveness_look(&other, 7, true, back);
    ck_assert(lives(back));
    co_liveness_look(&other, 7, false, back + TTL - 1);
    ck_assert(lives(back + TTL - 1));
    co_liveness_look(&other, 7, false, back + TTL);
    ck_assert(!lives(back + TTL));
}
END_TEST

START_TEST(who_was_silent_before_we_came_is_doubted_until_it_changes)
{
    int64_t start = 10 * TTL;
    co_liveness_look(&other, 7, false, start);
    ck_assert(!other.is_doubted);
    co_liveness_doubt(&other);
    ck_assert(lives(start));
    co_liveness_look(&other, 7, true, start + BEAT);
    ck_assert(other.is_doubted);
    co_liveness_look(&other, 8, false, start + 2 * BEAT);
    ck_assert(!other.is_doubted);
}
END_TEST

CHECK_MAIN("co_liveness", who_goes_on_changing_lives, who_stands_still_for_the_whole_time_is_dead,
           when_we_could_not_look_the_others_get_their_time_anew,
           who_was_silent_before_we_came_is_doubted_until_it_changes)
