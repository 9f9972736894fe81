#include "co_backoff.h"

#include "check_main.h"
#include "co_rand.h"

static const struct co_backoff backoff = { .first_us = 1000, .limit_us = 60000 };

START_TEST(the_wait_doubles_up_to_the_limit)
{
    ck_assert_int_eq(co_backoff_us(&backoff, 1, 0), 1000);
    ck_assert_int_eq(co_backoff_us(&backoff, 2, 0), 2000);
    ck_assert_int_eq(co_backoff_us(&backoff, 6, 0), 32000);
    ck_assert_int_eq(co_backoff_us(&backoff, 7, 0), 60000);
    ck_assert_int_eq(co_backoff_us(&backoff, UINT32_MAX, 0), 60000);
}
END_TEST

START_TEST(the_jitter_takes_at_most_half_and_reaches_both_ends)
{
    struct co_rand r;
    co_rand_init(&r, 1);
    int64_t least = INT64_MAX;
    int64_t most = 0;
    for (int i = 0; i < 20000; i++) {
        int64_t wait_us = co_backoff_us(&backoff, 1, co_rand_next(&r));
        least = wait_us < least ? wait_us : least;
        most = wait_us > most ? wait_us : most;
    }
    ck_assert_int_eq(least, 500);
    ck_assert_int_eq(most, 1000);
}
END_TEST

START_TEST(no_limit_overflows)
{
    struct co_backoff wide = { .first_us = 1, .limit_us = INT64_MAX };
    ck_assert_int_eq(co_backoff_us(&wide, 63, 0), INT64_C(1) << 62);
    ck_assert_int_eq(co_backoff_us(&wide, 64, 0), INT64_MAX);
    ck_assert_int_gt(co_backoff_us(&wide, 64, UINT64_MAX), 0);
    struct co_backoff least = { .first_us = 1, .limit_us = 1 };
    ck_assert_int_eq(co_backoff_us(&least, 9, UINT64_MAX), 1);
}
END_TEST

CHECK_MAIN("co_backoff", the_wait_doubles_up_to_the_limit,
           the_jitter_takes_at_most_half_and_reaches_both_ends, no_limit_overflows)
