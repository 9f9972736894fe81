#include "co_zone_fit.h"

#include <math.h>

#include "check_main.h"
#include "co_rand.h"

static const struct co_ring ring[] = { { 40, 0 }, { 80, 1 }, { 160, 2 }, { 240, 3 } };
static const struct co_rings rings = { ring, 4, CO_ZONE_ROUND, 4 };

enum { PAIRS = 5000 };
static struct co_zone_pair pairs[PAIRS];

/* Roads of that form, each off by up to `noise_km`. */
static void make(double base_km, double factor, double noise_km)
{
    struct co_rand r;
    co_rand_init(&r, 3);
    for (size_t i = 0; i < PAIRS; i++) {
        pairs[i].straight_km = 1 + 250 * co_rand_unit(&r);
        pairs[i].road_km =
            base_km + factor * pairs[i].straight_km + noise_km * (2 * co_rand_unit(&r) - 1);
        if (pairs[i].road_km < pairs[i].straight_km)
            pairs[i].road_km = pairs[i].straight_km;
    }
}

START_TEST(figures_that_roads_have_are_found)
{
    struct co_road_estimate e;
    make(3.1, 1.17, 0);
    ck_assert_int_eq(co_zone_fit(&rings, pairs, PAIRS, &e), CO_OK);
    ck_assert(fabs(e.base_km - 3.1) < 0.3 && fabs(e.factor - 1.17) < 0.01);
    ck_assert(co_zone_score(&rings, pairs, PAIRS, e).share > 0.999);
}
END_TEST

START_TEST(the_share_of_right_zones_is_never_worse_than_that_of_the_line_or_of_the_default)
{
    struct co_road_estimate e, ours = { 2.4, 1.2 };
    make(2, 1.12, 12);
    ck_assert_int_eq(co_zone_fit(&rings, pairs, PAIRS, &e), CO_OK);
    struct co_zone_score best = co_zone_score(&rings, pairs, PAIRS, e);
    ck_assert(best.share >= co_zone_score(&rings, pairs, PAIRS, ours).share);
    struct co_road_estimate line = { 2, 1.12 };
    ck_assert(best.share >= co_zone_score(&rings, pairs, PAIRS, line).share);
}
END_TEST

START_TEST(the_figures_stay_within_what_an_office_may_have)
{
    struct co_road_estimate e;
    for (size_t i = 0; i < PAIRS; i++)
        pairs[i] = (struct co_zone_pair){ 100, 100 };
    ck_assert_int_eq(co_zone_fit(&rings, pairs, PAIRS, &e), CO_OK);
    ck_assert(e.base_km >= 0 && e.factor >= 1);
    ck_assert_int_eq(co_zone_fit(&rings, pairs, 1, &e), CO_EINPUT);
}
END_TEST

CHECK_MAIN("co_zone_fit", figures_that_roads_have_are_found,
           the_share_of_right_zones_is_never_worse_than_that_of_the_line_or_of_the_default,
           the_figures_stay_within_what_an_office_may_have)
