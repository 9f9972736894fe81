#include "co_heap.h"

#include "check_main.h"
#include "co_rand.h"

static int compare(const void *a, const void *b)
{
    const struct co_due *x = a;
    const struct co_due *y = b;
    if (x->due_us != y->due_us)
        return x->due_us < y->due_us ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

START_TEST(entries_leave_by_time_then_by_id)
{
    enum { N = 5000 };
    static struct co_due all[N];
    struct co_rand r;
    co_rand_init(&r, 1);
    struct co_heap *h = co_heap_new(N);
    for (int i = 0; i < N; i++) {
        all[i] = (struct co_due){ (int64_t)co_rand_below(&r, 500), (int64_t)co_rand_below(&r, 50) };
        ck_assert_int_eq(co_heap_push(h, all[i]), CO_OK);
    }
    qsort(all, N, sizeof(all[0]), compare);
    for (int i = 0; i < N; i++) {
        struct co_due peeked;
        struct co_due got;
        ck_assert(co_heap_peek(h, &peeked) && co_heap_pop(h, &got));
        ck_assert_int_eq(compare(&got, &all[i]), 0);
        ck_assert_int_eq(compare(&peeked, &got), 0);
    }
    ck_assert_uint_eq(co_heap_len(h), 0);
    co_heap_free(h);
}
END_TEST

START_TEST(an_empty_heap_gives_nothing_and_leaves_the_result_alone)
{
    struct co_heap *h = co_heap_new(1);
    struct co_due got = { -7, -7 };
    ck_assert(!co_heap_peek(h, &got));
    ck_assert(!co_heap_pop(h, &got));
    ck_assert_int_eq(got.id, -7);
    co_heap_free(h);
    co_heap_free(NULL);
}
END_TEST

START_TEST(the_limit_is_kept_and_a_full_heap_is_unchanged)
{
    struct co_heap *h = co_heap_new(100);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(co_heap_push(h, (struct co_due){ 100 - i, i }), CO_OK);
    ck_assert_int_eq(co_heap_push(h, (struct co_due){ 0, 0 }), CO_EFULL);
    struct co_due got;
    ck_assert(co_heap_pop(h, &got));
    ck_assert_int_eq(got.due_us, 1);
    ck_assert_int_eq(co_heap_push(h, (struct co_due){ 0, 0 }), CO_OK);
    co_heap_clear(h);
    ck_assert_uint_eq(co_heap_len(h), 0);
    co_heap_free(h);
}
END_TEST

static bool is_of_lane(struct co_due d, void *arg)
{
    const int64_t *lane = arg;
    return d.id % 16 == *lane;
}

START_TEST(lanes_given_away_are_removed_and_the_rest_stays_in_order)
{
    struct co_rand r;
    for (uint32_t n = 0; n < 200; n++) {
        co_rand_init(&r, n);
        struct co_heap *h = co_heap_new(1000);
        uint32_t of_lane = 0;
        int64_t lane = 3;
        for (uint32_t i = 0; i < n; i++) {
            struct co_due d = { (int64_t)co_rand_below(&r, 99), (int64_t)co_rand_below(&r, 64) };
            of_lane += d.id % 16 == lane;
            ck_assert_int_eq(co_heap_push(h, d), CO_OK);
        }
        ck_assert_uint_eq(co_heap_remove_if(h, is_of_lane, &lane), of_lane);
        ck_assert_uint_eq(co_heap_len(h), n - of_lane);
        struct co_due last = { -1, -1 };
        struct co_due got;
        while (co_heap_pop(h, &got)) {
            ck_assert_int_le(compare(&last, &got), 0);
            ck_assert_int_ne(got.id % 16, lane);
            last = got;
        }
        co_heap_free(h);
    }
}
END_TEST

CHECK_MAIN("co_heap", entries_leave_by_time_then_by_id,
           an_empty_heap_gives_nothing_and_leaves_the_result_alone,
           the_limit_is_kept_and_a_full_heap_is_unchanged,
           lanes_given_away_are_removed_and_the_rest_stays_in_order)
