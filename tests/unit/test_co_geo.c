#include "co_geo.h"

#include <math.h>

#include "check_main.h"
#include "co_rand.h"

static double metres(struct co_point a, struct co_point b)
{
    return co_geo_km(a, b) * 1000.0;
}

START_TEST(known_distances_come_out)
{
    struct co_point shanghai = { 31.22222, 121.45806 };
    struct co_point beijing = { 39.9075, 116.39723 };
    ck_assert_double_eq_tol(co_geo_km(shanghai, beijing), 1068.0, 1.0);
    ck_assert_double_eq_tol(co_geo_km((struct co_point){ 0, 0 }, (struct co_point){ 0, 180 }),
                            20015.1, 0.1);
    ck_assert_double_eq_tol(co_geo_km((struct co_point){ 90, 0 }, (struct co_point){ -90, 77 }),
                            20015.1, 0.1);
    ck_assert_double_eq_tol(
        co_geo_km((struct co_point){ 0, 179.5 }, (struct co_point){ 0, -179.5 }), 111.195, 0.001);
    ck_assert_double_eq(co_geo_km(beijing, beijing), 0.0);
}
END_TEST

static double by_chord(struct co_point a, struct co_point b)
{
    return co_geo_chord_km(co_geo_chord2(co_geo_vector(a), co_geo_vector(b)));
}

START_TEST(vectors_give_the_same_distances)
{
    struct co_rand r;
    co_rand_init(&r, 7);
    for (int i = 0; i < 100000; i++) {
        struct co_point a = { (double)co_rand_below(&r, 180001) / 1e3 - 90,
                              (double)co_rand_below(&r, 360001) / 1e3 - 180 };
        double span = i % 2 == 0 ? 1 : 1e-4; /* far and near */
        struct co_point b = { a.lat_deg - a.lat_deg * span * 0.9,
                              a.lon_deg - a.lon_deg * span * 0.8 };
        double km = co_geo_km(a, b);
        ck_assert_double_eq_tol(by_chord(a, b), km, km < 19000 ? 2e-6 : 1e-3);
    }
    ck_assert_double_eq(by_chord((struct co_point){ 31, 121 }, (struct co_point){ 31, 121 }), 0.0);
    ck_assert_double_eq_tol(by_chord((struct co_point){ 0, 0 }, (struct co_point){ 0, 180 }),
                            20015.1, 0.1);
}
END_TEST

START_TEST(places_equally_far_are_so_by_vectors_too)
{
    for (int lat = -80; lat <= 80; lat += 5)
        for (int off = 1; off < 90; off += 7) {
            struct co_point from = { lat, 100 };
            ck_assert_double_eq(by_chord(from, (struct co_point){ lat, 100 - off }),
                                by_chord(from, (struct co_point){ lat, 100 + off }));
        }
}
END_TEST

START_TEST(points_out_of_range_are_invalid)
{
    ck_assert(co_point_is_valid((struct co_point){ 90, -180 }));
    ck_assert(!co_point_is_valid((struct co_point){ 90.1, 0 }));
    ck_assert(!co_point_is_valid((struct co_point){ 0, 180.1 }));
    ck_assert(!co_point_is_valid((struct co_point){ (double)NAN, 0 }));
    ck_assert(!co_point_is_valid((struct co_point){ 0, -(double)INFINITY }));
}
END_TEST

/* Published pairs: googollee/eviltransform (the first three), wandergis/coordtransform (GCJ-02 from
 * and to 39.915, 116.404), aaronshan/presto-third-functions (the exact way back from there),
 * coordtransform_rs (BD-09). Theirs is an approximation on the way back: up to 0.3 m. */
START_TEST(conversions_agree_with_the_public_implementations_to_within_a_metre)
{
    static const struct {
        enum co_datum datum;
        struct co_point wgs84;
        struct co_point shifted;
    } cases[] = {
        { CO_DATUM_GCJ02, { 31.1774276, 121.5272106 }, { 31.17530398364597, 121.531541859215 } },
        { CO_DATUM_GCJ02, { 22.543847, 113.912316 }, { 22.540796131694766, 113.9171764808363 } },
        { CO_DATUM_GCJ02, { 39.911954, 116.377817 }, { 39.91334545536069, 116.38404722455657 } },
        { CO_DATUM_GCJ02, { 39.915, 116.404 }, { 39.91640428150164, 116.41024449916938 } },
        { CO_DATUM_GCJ02, { 39.913596801757805, 116.39775549316407 }, { 39.915, 116.404 } },
        { CO_DATUM_GCJ02, { 39.91359571849836, 116.39775550083061 }, { 39.915, 116.404 } },
        { CO_DATUM_BD09, { 39.915, 116.404 }, { 39.922699552216216, 116.41662724378733 } },
        { CO_DATUM_BD09,
          { 39.913596801757805, 116.39775549316407 },
          { 39.92133699351021, 116.41036949371029 } },
        { CO_DATUM_BD09, { 39.907253214522164, 116.3913836995125 }, { 39.915, 116.404 } },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct co_point there = co_geo_from_wgs84(cases[i].wgs84, cases[i].datum);
        struct co_point back = co_geo_to_wgs84(cases[i].shifted, cases[i].datum);
        ck_assert_double_lt(metres(there, cases[i].shifted), 1.0);
        ck_assert_double_lt(metres(back, cases[i].wgs84), 1.0);
    }
}
END_TEST

START_TEST(the_way_back_leads_to_the_same_place)
{
    struct co_rand r;
    co_rand_init(&r, 1);
    double worst_m = 0.0;
    for (int i = 0; i < 100000; i++) {
        struct co_point p = { 1.0 + 54.0 * co_rand_unit(&r), 72.5 + 65.0 * co_rand_unit(&r) };
        enum co_datum datum = i % 2 == 0 ? CO_DATUM_GCJ02 : CO_DATUM_BD09;
        struct co_point back = co_geo_to_wgs84(co_geo_from_wgs84(p, datum), datum);
        worst_m = fmax(worst_m, metres(p, back));
    }
    ck_assert_double_lt(worst_m, 0.01);
}
END_TEST

START_TEST(in_china_the_shift_matters_and_outside_there_is_none)
{
    struct co_point beijing = { 39.9075, 116.39723 };
    ck_assert_double_gt(metres(beijing, co_geo_from_wgs84(beijing, CO_DATUM_GCJ02)), 300.0);
    ck_assert_double_gt(metres(beijing, co_geo_from_wgs84(beijing, CO_DATUM_BD09)), 800.0);
    ck_assert_double_eq(metres(beijing, co_geo_to_wgs84(beijing, CO_DATUM_WGS84)), 0.0);
    static const struct co_point outside[] = {
        { 50.85, 4.35 }, { 0.0, 0.0 }, { -33.9, 151.2 }, { 35.7, 139.7 }, { 60.0, 100.0 }
    };
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        for (int datum = 0; datum < CO_DATUMS; datum++) {
            struct co_point p = co_geo_to_wgs84(outside[i], (enum co_datum)datum);
            ck_assert_double_eq(p.lat_deg, outside[i].lat_deg);
            ck_assert_double_eq(p.lon_deg, outside[i].lon_deg);
        }
    }
}
END_TEST

CHECK_MAIN("co_geo", known_distances_come_out, vectors_give_the_same_distances,
           places_equally_far_are_so_by_vectors_too, points_out_of_range_are_invalid,
           conversions_agree_with_the_public_implementations_to_within_a_metre,
           the_way_back_leads_to_the_same_place,
           in_china_the_shift_matters_and_outside_there_is_none)
