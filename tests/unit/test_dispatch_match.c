#include "dispatch_match.h"

#include "check_main.h"
#include "co_rand.h"

enum { ORDERS = 6, ENGINEERS = 7 };

static struct dispatch_match_pair pairs[ORDERS * ENGINEERS];
static uint32_t first[ORDERS + 1];
static int64_t idle[ORDERS];
static struct dispatch_match_ask ask = { ORDERS, ENGINEERS, first, pairs, idle };

static void make(struct co_rand *rand, uint64_t possible_percent)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < ORDERS; i++) {
        first[i] = n;
        idle[i] = (int64_t)co_rand_below(rand, 1000);
        for (uint32_t e = 0; e < ENGINEERS; e++)
            if (co_rand_below(rand, 100) < possible_percent)
                pairs[n++] = (struct dispatch_match_pair){ e, (int64_t)co_rand_below(rand, 1000) };
    }
    first[ORDERS] = n;
}

static int64_t least(uint32_t row, uint32_t taken)
{
    if (row == ORDERS)
        return 0;
    int64_t best = DISPATCH_MATCH_NOBODY + idle[row] + least(row + 1, taken);
    for (uint32_t i = first[row]; i < first[row + 1]; i++) {
        uint32_t bit = UINT32_C(1) << pairs[i].engineer;
        if ((taken & bit) != 0)
            continue;
        int64_t cost = pairs[i].cost + least(row + 1, taken | bit);
        best = cost < best ? cost : best;
    }
    return best;
}

START_TEST(whatever_the_costs_the_sum_is_the_least_there_is)
{
    struct co_rand rand;
    co_rand_init(&rand, 5);
    struct co_arena *arena = co_arena_new(1 << 20);
    for (int round = 0; round < 400; round++) {
        uint32_t engineer[ORDERS];
        make(&rand, 10 + co_rand_below(&rand, 90));
        co_arena_reset(arena);
        ck_assert(dispatch_match_least(arena, &ask, engineer));
        ck_assert_int_eq(dispatch_match_cost(&ask, engineer), least(0, 0));
        for (uint32_t i = 0; i < ORDERS; i++)
            for (uint32_t k = 0; k < i; k++)
                ck_assert(engineer[i] == DISPATCH_MATCH_NONE || engineer[i] != engineer[k]);
    }
    co_arena_free(arena);
}
END_TEST

START_TEST(without_orders_or_memory_nothing_bad_happens)
{
    uint32_t engineer[ORDERS];
    struct dispatch_match_ask none = { 0, 0, first, pairs, idle };
    struct co_arena *small = co_arena_new(64);
    struct co_rand rand;
    co_rand_init(&rand, 5);
    make(&rand, 50);
    ck_assert(!dispatch_match_least(small, &ask, engineer));
    co_arena_free(small);
    struct co_arena *arena = co_arena_new(1 << 20);
    ck_assert(dispatch_match_least(arena, &none, engineer));
    co_arena_free(arena);
}
END_TEST

CHECK_MAIN("dispatch_match", whatever_the_costs_the_sum_is_the_least_there_is,
           without_orders_or_memory_nothing_bad_happens)
