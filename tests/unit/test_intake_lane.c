#include "taker_lane.h"

#include <string.h>

#include "check_main.h"

enum { POSTS = 6, SECOND_US = 1000000 };

static struct co_arena *arena;
static struct intake_lane lane;
static struct intake_post post[POSTS];
static unsigned long told;

static void set_up(void)
{
    arena = co_arena_new(1 << 20);
    memset(&lane, 0, sizeof(lane));
    told = 0;
    for (uint64_t i = 0; i < POSTS; i++)
        post[i] = (struct intake_post){ .order = i, .rank = (unsigned)(POSTS - i), .since_mono_us = (int64_t)i * 10, .size = 100 };
}

static void tear_down(void)
{
    co_arena_free(arena);
}

static void append_all(void)
{
    for (size_t i = 0; i < POSTS; i++)
        intake_lane_append(&lane, &post[i]);
}

/* The orders of what is taken out now, as decimal digits. */
static unsigned long take(int64_t now_mono_us, size_t limit)
{
    size_t n = 0;
    unsigned long digits = 0;
    struct intake_post **posts = intake_lane_take_out(&lane, arena, now_mono_us, limit, &n);
    for (size_t i = 0; i < n; i++)
        digits = digits * 10 + posts[i]->order + 1;
    return digits;
}

static void tell(void *arg, struct intake_post *p)
{
    (void)arg;
    told = told * 10 + p->order + 1;
}

START_TEST(all_that_fit_go_as_they_came)
{
    append_all();
    ck_assert_uint_eq(take(100, POSTS), 123456);
    ck_assert_int_eq(intake_lane_waits_since(&lane), INT64_MAX);
}
END_TEST

START_TEST(where_not_all_fit_the_worst_go_first_and_the_rest_stays_in_order)
{
    append_all();
    ck_assert_uint_eq(take(100, 2), 65);
    ck_assert_uint_eq(take(100, POSTS), 1234);
}
END_TEST

START_TEST(it_is_the_same_where_the_bytes_do_not_fit)
{
    for (size_t i = 0; i < POSTS; i++)
        post[i].size = 2 << 20;
    append_all();
    ck_assert_uint_eq(take(100, POSTS), 65);
}
END_TEST

START_TEST(who_waits_for_a_second_goes_before_the_worst)
{
    append_all();
    ck_assert_uint_eq(take(SECOND_US + 15, 3), 216);
}
END_TEST

START_TEST(one_that_is_larger_than_a_group_goes_alone)
{
    post[0].size = 5 << 20;
    intake_lane_append(&lane, &post[0]);
    ck_assert_uint_eq(take(100, POSTS), 1);
}
END_TEST

START_TEST(halves_go_first_and_what_is_put_back_before_what_came_later)
{
    struct intake_post *half[] = { &post[2], &post[3] }, *back[] = { &post[1], &post[0] };
    intake_lane_append(&lane, &post[4]);
    ck_assert(intake_lane_add_redo(&lane, half, 2));
    intake_lane_put_back(&lane, back, 2);
    ck_assert_uint_eq(take(100, POSTS), 34);
    ck_assert_uint_eq(take(100, POSTS), 125);
}
END_TEST

START_TEST(whoever_waited_too_long_is_told_in_halves_too)
{
    struct intake_post *half[] = { &post[0], &post[3] };
    ck_assert(intake_lane_add_redo(&lane, half, 2));
    for (size_t i = 1; i < POSTS; i++)
        if (i != 3)
            intake_lane_append(&lane, &post[i]);
    intake_lane_expire(&lane, 20, tell, NULL);
    ck_assert_uint_eq(told, 231);
    ck_assert_uint_eq(take(100, POSTS), 4);
    ck_assert_uint_eq(take(100, POSTS), 56);
    intake_lane_expire(&lane, INT64_MAX, tell, NULL);
    ck_assert_uint_eq(told, 231);
}
END_TEST

CHECK_MAIN_WITH("intake_lane", set_up, tear_down, all_that_fit_go_as_they_came,
                where_not_all_fit_the_worst_go_first_and_the_rest_stays_in_order, it_is_the_same_where_the_bytes_do_not_fit,
                who_waits_for_a_second_goes_before_the_worst, one_that_is_larger_than_a_group_goes_alone,
                halves_go_first_and_what_is_put_back_before_what_came_later, whoever_waited_too_long_is_told_in_halves_too)
