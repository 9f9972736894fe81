#include <check.h>

#include "check_main.h"
#include "co_lease_plan.h"

enum { LANES = 16 };

static struct co_lease_lane lanes[LANES];
static bool take[LANES], release[LANES];

/* One round of an instance: what it takes and releases happens at once. */
static size_t round_of(size_t live, size_t me)
{
    size_t moved = 0;
    co_lease_plan(lanes, LANES, live, me, take, release);
    for (size_t i = 0; i < LANES; i++) {
        moved += take[i] || release[i];
        if (take[i])
            lanes[i].owner = (int)me;
        if (release[i])
            lanes[i].owner = -1;
    }
    return moved;
}

static size_t owned(int who)
{
    size_t n = 0;
    for (size_t i = 0; i < LANES; i++)
        n += lanes[i].owner == who;
    return n;
}

static void all_to(int who)
{
    for (size_t i = 0; i < LANES; i++)
        lanes[i].owner = who;
}

START_TEST(a_single_instance_takes_every_free_lane)
{
    all_to(-1);
    ck_assert_uint_eq(round_of(1, 0), LANES);
    ck_assert_uint_eq(round_of(1, 0), 0);
    ck_assert_uint_eq(owned(0), LANES);
}
END_TEST

START_TEST(a_newcomer_waits_until_the_old_owner_gives_his_share_away)
{
    all_to(0);
    ck_assert_uint_eq(round_of(2, 1), 0);
    ck_assert_uint_eq(round_of(2, 0), LANES / 2);
    ck_assert_uint_eq(round_of(2, 1), LANES / 2);
    ck_assert_uint_eq(owned(0), LANES / 2);
    ck_assert_uint_eq(owned(1), LANES / 2);
}
END_TEST

START_TEST(every_number_of_instances_settles_with_shares_that_differ_by_one_at_most)
{
    all_to(-1);
    for (size_t live = 1; live <= LANES + 3; live++) {
        for (int round = 0; round < 3; round++)
            for (size_t me = 0; me < live; me++)
                (void)round_of(live, me);
        for (size_t me = 0; me < live; me++) {
            ck_assert_uint_eq(owned((int)me), co_lease_share(LANES, live, me));
            ck_assert_uint_eq(round_of(live, me), 0);
        }
    }
}
END_TEST

START_TEST(lanes_of_a_living_instance_are_never_taken)
{
    all_to(1);
    co_lease_plan(lanes, LANES, 3, 0, take, release);
    for (size_t i = 0; i < LANES; i++)
        ck_assert(!take[i] && !release[i]);
}
END_TEST

CHECK_MAIN("co_lease_plan", a_single_instance_takes_every_free_lane,
           a_newcomer_waits_until_the_old_owner_gives_his_share_away,
           every_number_of_instances_settles_with_shares_that_differ_by_one_at_most,
           lanes_of_a_living_instance_are_never_taken)
