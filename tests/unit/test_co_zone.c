#include "co_zone.h"

#include <math.h>

#include "check_main.h"

/* Names are numbers here: 1 to 6, 7 to 9 for beyond 1 to 3. */
static const struct co_ring ring[] = { { 40, 1 },  { 80, 2 },  { 160, 3 }, { 240, 4 },
                                       { 320, 5 }, { 480, 6 }, { 750, 7 }, { 1500, 8 } };

static struct co_zone zone(double km, enum co_zone_rounding rounding)
{
    struct co_rings rings = { ring, 8, rounding, 9 };
    ck_assert_int_eq(co_rings_check(&rings), CO_OK);
    return co_zone_of(&rings, km);
}

START_TEST(whole_kilometres_decide_the_zone)
{
    static const struct {
        double km;
        int32_t whole;
        uint32_t name;
        int32_t truncated;
        uint32_t name_truncated;
    } cases[] = {
        { 0, 0, 1, 0, 1 },
        { 40, 40, 1, 40, 1 },
        { 40.4, 40, 1, 40, 1 },
        { 40.5, 41, 2, 40, 1 },
        { 40.9, 41, 2, 40, 1 },
        { 41, 41, 2, 41, 2 },
        { 80.49, 80, 2, 80, 2 },
        { 160.5, 161, 4, 160, 3 },
        { 240, 240, 4, 240, 4 },
        { 320.5, 321, 6, 320, 5 },
        { 480.49, 480, 6, 480, 6 },
        { 481, 481, 7, 481, 7 },
        { 750, 750, 7, 750, 7 },
        { 1500, 1500, 8, 1500, 8 },
        { 1500.4, 1500, 8, 1500, 8 },
        { 1500.5, 1501, 9, 1500, 8 },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct co_zone z = zone(cases[i].km, CO_ZONE_ROUND);
        ck_assert_int_eq(z.km, cases[i].whole);
        ck_assert_uint_eq(z.name, cases[i].name);
        ck_assert_int_eq(z.is_over, cases[i].name == 9);
        ck_assert_uint_eq(z.ring, cases[i].name - 1);
        z = zone(cases[i].km, CO_ZONE_TRUNCATE);
        ck_assert_int_eq(z.km, cases[i].truncated);
        ck_assert_uint_eq(z.name, cases[i].name_truncated);
    }
}
END_TEST

START_TEST(halves_are_not_moved_by_binary_fractions)
{
    ck_assert_int_eq(zone(nextafter(40.5, 0.0), CO_ZONE_ROUND).km, 40);
    ck_assert_int_eq(zone(nextafter(0.5, 0.0), CO_ZONE_ROUND).km, 0);
    ck_assert_int_eq(zone(41.5, CO_ZONE_ROUND).km, 42);
    ck_assert_int_eq(zone(1e300, CO_ZONE_ROUND).km, INT32_MAX);
    ck_assert(zone(1e300, CO_ZONE_TRUNCATE).is_over);
}
END_TEST

START_TEST(rings_that_do_not_rise_are_refused)
{
    static const struct co_ring same[] = { { 40, 1 }, { 40, 2 } };
    static const struct co_ring negative[] = { { -1, 1 } };
    ck_assert_int_eq(co_rings_check(&(struct co_rings){ .ring = same, .count = 2 }), CO_EINPUT);
    ck_assert_int_eq(co_rings_check(&(struct co_rings){ .ring = same, .count = 1 }), CO_OK);
    ck_assert_int_eq(co_rings_check(&(struct co_rings){ .ring = negative, .count = 1 }), CO_EINPUT);
    ck_assert_int_eq(co_rings_check(&(struct co_rings){ .ring = NULL, .count = 0 }), CO_EINPUT);
}
END_TEST

START_TEST(the_journey_is_estimated_from_the_straight_line)
{
    struct co_road_estimate e = { .base_km = 2.4, .factor = 1.2 };
    ck_assert_double_eq_tol(co_zone_estimate_km(e, 0.0), 2.4, 1e-12);
    ck_assert_double_eq_tol(co_zone_estimate_km(e, 100.0), 122.4, 1e-12);
}
END_TEST

CHECK_MAIN("co_zone", whole_kilometres_decide_the_zone, halves_are_not_moved_by_binary_fractions,
           rings_that_do_not_rise_are_refused, the_journey_is_estimated_from_the_straight_line)
