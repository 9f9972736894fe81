#include "co_rand.h"

#include "check_main.h"

START_TEST(a_seed_always_gives_the_same_sequence)
{
    struct co_rand a;
    struct co_rand b;
    co_rand_init(&a, 0);
    co_rand_init(&b, 0);
    ck_assert_uint_eq(a.s[0], UINT64_C(0xe220a8397b1dcdaf)); /* splitmix64 of 0, as published */
    ck_assert_uint_eq(a.s[1], UINT64_C(0x6e789e6aa1b965f4));
    uint64_t first = co_rand_next(&a);
    ck_assert_uint_eq(first, co_rand_next(&b));
    ck_assert_uint_ne(first, co_rand_next(&a));
}
END_TEST

START_TEST(the_generator_is_the_published_one)
{
    struct co_rand r = { { 1, 2, 3, 4 } };
    ck_assert_uint_eq(co_rand_next(&r), 11520);
    ck_assert_uint_eq(co_rand_next(&r), 0);
    ck_assert_uint_eq(co_rand_next(&r), 1509978240);
    ck_assert_uint_eq(co_rand_next(&r), UINT64_C(1215971899390074240));
}
END_TEST

START_TEST(ranges_are_kept_and_filled)
{
    struct co_rand r;
    co_rand_init(&r, 7);
    int count[7] = { 0 };
    for (int i = 0; i < 70000; i++) {
        int64_t x = co_rand_between(&r, -3, 3);
        ck_assert(x >= -3 && x <= 3);
        count[x + 3]++;
        double u = co_rand_unit(&r);
        ck_assert(u >= 0.0 && u < 1.0);
    }
    for (int i = 0; i < 7; i++)
        ck_assert(count[i] > 9500 && count[i] < 10500);
    ck_assert_uint_eq(co_rand_below(&r, 1), 0);
    ck_assert_int_eq(co_rand_between(&r, 5, 5), 5);
    (void)co_rand_between(&r, INT64_MIN, INT64_MAX);
}
END_TEST

CHECK_MAIN("co_rand", a_seed_always_gives_the_same_sequence, the_generator_is_the_published_one,
           ranges_are_kept_and_filled)
