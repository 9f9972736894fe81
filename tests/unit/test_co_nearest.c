#include "co_nearest.h"

#include "check_main.h"
#include "co_rand.h"

enum { PLACES = 3000, LIMIT = 12 };

static struct co_point place[PLACES];

/* Places in clusters, with many at exactly the same spot. */
static void scatter(struct co_rand *r, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        bool is_copy = i > 0 && co_rand_below(r, 3) == 0;
        bool is_near = i > 0 && co_rand_below(r, 3) == 0;
        struct co_point anchor = i > 0 ? place[co_rand_below(r, i)] : (struct co_point){ 31, 121 };
        place[i] =
            (struct co_point){ 18.0 + 35.0 * co_rand_unit(r), 74.0 + 60.0 * co_rand_unit(r) };
        if (is_copy)
            place[i] = anchor;
        else if (is_near)
            place[i] = (struct co_point){ anchor.lat_deg + 1e-5 * co_rand_unit(r),
                                          anchor.lon_deg + 1e-5 * co_rand_unit(r) };
    }
}

static bool is_even(uint32_t index, void *arg)
{
    (void)arg;
    return index % 2 == 0;
}

static void agrees_with_full_search(struct co_nearest *n, uint32_t count, struct co_point from,
                                    bool only_even)
{
    struct co_near got[LIMIT];
    uint32_t len = co_nearest_find(n, from, only_even ? is_even : NULL, NULL, LIMIT, got);
    uint32_t eligible = only_even ? (count + 1) / 2 : count;
    ck_assert_uint_eq(len, eligible < LIMIT ? eligible : LIMIT);
    for (uint32_t i = 1; i < len; i++) {
        ck_assert_double_le(got[i - 1].km, got[i].km + 1e-6);
        if (got[i - 1].km == got[i].km)
            ck_assert_uint_lt(got[i - 1].index, got[i].index);
    }
    uint32_t nearer = 0; /* places clearly nearer than the last one given */
    for (uint32_t i = 0; len > 0 && i < count; i++) {
        bool counts = !only_even || is_even(i, NULL);
        nearer += counts && co_geo_km(from, place[i]) < got[len - 1].km - 1e-6;
    }
    ck_assert_uint_lt(nearer, len == 0 ? 1 : len);
}

START_TEST(the_nearest_are_those_of_a_full_search)
{
    static const uint32_t counts[] = { 0, 1, 11, 15, 16, 17, 100, PLACES };
    struct co_rand r;
    co_rand_init(&r, 1);
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        scatter(&r, counts[i]);
        struct co_nearest *n = co_nearest_new(place, counts[i]);
        for (int query = 0; query < 100; query++) {
            struct co_point from = { 18.0 + 35.0 * co_rand_unit(&r),
                                     74.0 + 60.0 * co_rand_unit(&r) };
            if (query % 2 == 0 && counts[i] > 0)
                from = place[co_rand_below(&r, counts[i])];
            agrees_with_full_search(n, counts[i], from, query % 3 == 0);
        }
        co_nearest_free(n);
    }
    co_nearest_free(NULL);
}
END_TEST

START_TEST(places_at_one_spot_come_by_index)
{
    struct co_point spot[40];
    for (int i = 0; i < 40; i++)
        spot[i] = (struct co_point){ 31.2, 121.4 };
    spot[30] = (struct co_point){ 31.2, 121.3 };
    struct co_nearest *n = co_nearest_new(spot, 40);
    struct co_near got[3];
    ck_assert_uint_eq(co_nearest_find(n, (struct co_point){ 31.2, 121.3 }, NULL, NULL, 3, got), 3);
    ck_assert_uint_eq(got[0].index, 30);
    ck_assert_double_eq(got[0].km, 0.0);
    ck_assert_uint_eq(got[1].index, 0);
    ck_assert_uint_eq(got[2].index, 1);
    ck_assert_uint_eq(co_nearest_find(n, spot[0], NULL, NULL, 0, got), 0);
    co_nearest_free(n);
}
END_TEST

START_TEST(centimetres_are_told_apart_and_the_date_line_is_no_wall)
{
    struct co_point spot[] = { { 31.2, 121.4000002 }, { 31.2, 121.4000001 }, { 0, 179.9 } };
    struct co_nearest *n = co_nearest_new(spot, 3);
    struct co_near got[1];
    ck_assert_uint_eq(co_nearest_find(n, (struct co_point){ 31.2, 121.4 }, NULL, NULL, 1, got), 1);
    ck_assert_uint_eq(got[0].index, 1);
    ck_assert_uint_eq(co_nearest_find(n, (struct co_point){ 0, -179.9 }, NULL, NULL, 1, got), 1);
    ck_assert_uint_eq(got[0].index, 2);
    ck_assert_double_eq_tol(got[0].km, 22.24, 0.01);
    co_nearest_free(n);
}
END_TEST

CHECK_MAIN("co_nearest", the_nearest_are_those_of_a_full_search, places_at_one_spot_come_by_index,
           centimetres_are_told_apart_and_the_date_line_is_no_wall)
