#include "co_arena.h"

#include <stdint.h>
#include <string.h>

#include "check_main.h"

START_TEST(every_piece_is_aligned_and_apart_from_the_others)
{
    struct co_arena *a = co_arena_new(1 << 20);
    unsigned char *piece[200];
    for (size_t i = 0; i < 200; i++) {
        piece[i] = co_arena_alloc(a, i);
        ck_assert_ptr_nonnull(piece[i]);
        ck_assert_uint_eq((uintptr_t)piece[i] % 16, 0);
        memset(piece[i], (int)i, i);
    }
    for (size_t i = 0; i < 200; i++) {
        for (size_t k = 0; k < i; k++)
            ck_assert_uint_eq(piece[i][k], i);
    }
    co_arena_free(a);
}
END_TEST

START_TEST(nothing_goes_over_the_cap_and_the_arena_stays_usable)
{
    struct co_arena *a = co_arena_new(10000);
    ck_assert_ptr_null(co_arena_alloc(a, 10001));
    ck_assert_ptr_null(co_arena_alloc(a, SIZE_MAX));
    size_t got = 0;
    while (co_arena_alloc(a, 100) != NULL)
        got += 100;
    ck_assert_uint_le(got, 10000);
    ck_assert_uint_ge(got, 8000);
    ck_assert_uint_le(co_arena_used(a), 10000);
    co_arena_reset(a);
    ck_assert_ptr_nonnull(co_arena_alloc(a, 100));
    co_arena_free(a);
}
END_TEST

START_TEST(a_cap_below_a_block_is_kept_exactly)
{
    struct co_arena *a = co_arena_new(64);
    ck_assert_ptr_nonnull(co_arena_alloc(a, 64));
    ck_assert_ptr_null(co_arena_alloc(a, 1));
    co_arena_free(a);
}
END_TEST

START_TEST(a_reset_keeps_the_first_block_and_gives_the_room_back)
{
    struct co_arena *a = co_arena_new(100000);
    void *first = co_arena_alloc(a, 10);
    for (int turn = 0; turn < 100; turn++) {
        for (int i = 0; i < 40; i++)
            ck_assert_ptr_nonnull(co_arena_alloc(a, 1000));
        co_arena_reset(a);
        ck_assert_uint_eq(co_arena_used(a), 0);
    }
    ck_assert_ptr_eq(co_arena_alloc(a, 10), first);
    co_arena_free(a);
}
END_TEST

START_TEST(copies_are_copies)
{
    struct co_arena *a = co_arena_new(4096);
    char text[] = "故障";
    char *copy = co_arena_strdup(a, text);
    void *bytes = co_arena_memdup(a, text, 3);
    text[0] = 'x';
    ck_assert_str_eq(copy, "故障");
    ck_assert_mem_eq(bytes, "故", 3);
    ck_assert_ptr_nonnull(co_arena_memdup(a, NULL, 0));
    co_arena_free(a);
    co_arena_free(NULL);
}
END_TEST

CHECK_MAIN("co_arena", every_piece_is_aligned_and_apart_from_the_others,
           nothing_goes_over_the_cap_and_the_arena_stays_usable,
           a_cap_below_a_block_is_kept_exactly,
           a_reset_keeps_the_first_block_and_gives_the_room_back, copies_are_copies)
