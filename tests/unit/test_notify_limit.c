#include "check_main.h"

#include "co_rand.h"
#include "notify_limit.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)

static struct notify_limits *l;

static void set_up(void)
{
    l = notify_limits_new(1);
}

static void tear_down(void)
{
    notify_limits_free(l);
}

static uint32_t room(const char *key, uint32_t per_minute, int64_t now_us, int64_t *ret_wait_us)
{
    struct notify_limit limit = { key, per_minute };
    return notify_limits_room(l, &limit, 1, now_us, MINUTE, ret_wait_us);
}

static void count(const char *key, uint32_t per_minute, int64_t now_us)
{
    struct notify_limit limit = { key, per_minute };
    notify_limits_count(l, &limit, 1, now_us, MINUTE);
}

START_TEST(so_many_go_at_once_and_the_next_when_the_first_is_a_minute_old)
{
    int64_t wait_us;
    for (uint32_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(room("a", 3, i * SECOND, &wait_us), 3 - i);
        count("a", 3, i * SECOND);
    }
    ck_assert_uint_eq(room("a", 3, 10 * SECOND, &wait_us), 0);
    ck_assert_int_eq(wait_us, 50 * SECOND);
    ck_assert_uint_eq(room("b", 3, 10 * SECOND, &wait_us), 3);
    ck_assert_uint_eq(room("a", 3, MINUTE, &wait_us), 1);
    ck_assert_int_eq(wait_us, 0);
}
END_TEST

START_TEST(the_narrowest_of_several_limits_holds)
{
    struct notify_limit both[] = { { "channel", 10 }, { "person", 2 } };
    int64_t wait_us;
    notify_limits_count(l, both, 2, 0, MINUTE);
    ck_assert_uint_eq(notify_limits_room(l, both, 2, 0, MINUTE, &wait_us), 1);
    notify_limits_count(l, both, 2, SECOND, MINUTE);
    ck_assert_uint_eq(notify_limits_room(l, both, 2, 2 * SECOND, MINUTE, &wait_us), 0);
    ck_assert_int_eq(wait_us, 58 * SECOND);
    ck_assert_uint_eq(notify_limits_room(l, both, 1, 2 * SECOND, MINUTE, &wait_us), 8);
    ck_assert_uint_eq(notify_limits_room(l, NULL, 0, 0, MINUTE, &wait_us), UINT32_MAX);
}
END_TEST

START_TEST(a_limit_may_change_while_it_holds)
{
    int64_t wait_us;
    for (int i = 0; i < 4; i++)
        count("a", 4, i * SECOND);
    ck_assert_uint_eq(room("a", 2, 4 * SECOND, &wait_us), 0);
    ck_assert_int_eq(wait_us, 58 * SECOND); /* three of the four must be old */
    ck_assert_uint_eq(room("a", 9, 4 * SECOND, &wait_us), 5);
    count("a", 9, 5 * SECOND);
    ck_assert_uint_eq(room("a", 9, 5 * SECOND, &wait_us), 4);
}
END_TEST

START_TEST(never_more_than_so_many_in_any_minute)
{
    enum { N = 20, ROUNDS = 20000 };
    static int64_t sent[ROUNDS];
    struct co_rand r;
    int64_t now_us = 0, wait_us;
    size_t n = 0;
    co_rand_init(&r, 7);
    for (int i = 0; i < ROUNDS; i++) {
        now_us += (int64_t)co_rand_below(&r, 4 * SECOND);
        if (room("robot", N, now_us, &wait_us) == 0)
            continue;
        count("robot", N, now_us);
        sent[n++] = now_us;
    }
    for (size_t i = N; i < n; i++)
        ck_assert_int_ge(sent[i] - sent[i - N], MINUTE);
    ck_assert_uint_gt(n, ROUNDS / 2);
}
END_TEST

CHECK_MAIN_WITH("notify_limit", set_up, tear_down,
                so_many_go_at_once_and_the_next_when_the_first_is_a_minute_old,
                the_narrowest_of_several_limits_holds, a_limit_may_change_while_it_holds,
                never_more_than_so_many_in_any_minute)
