#include "dispatch_map_fixture.h"

#include <stdio.h>

#include "co_geo.h"
#include "dispatch_offers.h"

START_TEST(the_nearest_office_is_measured_by_road)
{
    put_site("mill", 0.5, NULL, 0);
    report("mill", "disk");
    struct dispatch_distance d = locate();
    ck_assert_str_eq(d.office, "west");
    ck_assert_str_eq(d.source, "estimate");
    check_near(d.straight_km, 0.5 * DEGREE);
    check_near(d.km, 2 + 0.5 * DEGREE);
}
END_TEST

START_TEST(an_office_may_have_road_figures_of_its_own)
{
    put_office("own", 0.4, 7); /* nearest by air */
    put_engineer("otto", "own", 2, NULL);
    draw();
    put_site("mill", 0.5, NULL, 0);
    report("mill", "disk");
    ck_assert_str_eq(locate().office, "west");
    put_site("mill", 0.41, NULL, 0);
    ck_assert_str_eq(locate().office, "own");
    check_near(locate().km, 0.07 * DEGREE);
}
END_TEST

START_TEST(a_figure_stated_by_the_contract_wins)
{
    put_site("mill", 0.5, "east", 40.4);
    report("mill", "disk");
    put_engineer("edda", "east", 1, NULL);
    draw();
    struct dispatch_distance d = locate();
    ck_assert_str_eq(d.office, "east");
    ck_assert_str_eq(d.source, "contract");
    ck_assert(d.km == 40.4);
    check_near(d.straight_km, 1.5 * DEGREE);
}
END_TEST

START_TEST(a_stated_figure_is_enough_where_no_position_is_known)
{
    put_site("mill", NAN, "west", 99);
    report("mill", "disk");
    ck_assert(locate().km == 99);
    ck_assert(locate().straight_km == 0);
}
END_TEST

START_TEST(an_office_without_anybody_for_the_product_is_passed_over)
{
    put_site("mill", 1.9, NULL, 0);
    report("mill", "disk");
    ck_assert_str_eq(locate().office, "west");
    report("mill", "tape");
    ck_assert_str_eq(locate().office, "east");
    report("mill", "");
    ck_assert_str_eq(locate().office, "east");
}
END_TEST

START_TEST(where_nobody_works_on_the_product_the_nearest_office_counts)
{
    ck_assert(co_registry_remove(registry, CO_KIND_ENGINEER, "wanda"));
    draw();
    put_site("mill", 0.1, NULL, 0);
    report("mill", "disk");
    ck_assert_str_eq(locate().office, "west");
}
END_TEST

START_TEST(equally_far_offices_go_by_key)
{
    put_site("mill", 1, NULL, 0);
    report("mill", "tape");
    put_engineer("edda", "east", 1, NULL);
    put_engineer("wim", "west", 1, NULL);
    draw();
    ck_assert_str_eq(locate().office, "east");
}
END_TEST

START_TEST(the_position_of_the_ticket_wins_over_the_registry)
{
    put_site("mill", 0.1, NULL, 0);
    report("mill", "tape");
    Callout__V1__Position position = CALLOUT__V1__POSITION__INIT;
    position.longitude = 2.1;
    o.state->position = &position;
    ck_assert_str_eq(locate().office, "east");
    check_near(locate().straight_km, 0.1 * DEGREE);
    position.longitude = 181; /* nonsense: as if not given */
    report("mill", "disk");
    check_near(locate().straight_km, 0.1 * DEGREE);
}
END_TEST

START_TEST(a_position_on_a_chinese_map_is_converted)
{
    Callout__V1__Office office = CALLOUT__V1__OFFICE__INIT;
    Callout__V1__Position at = CALLOUT__V1__POSITION__INIT, here = CALLOUT__V1__POSITION__INIT;
    char name[] = "beijing";
    struct co_point wgs = { 39.9, 116.4 }, gcj = co_geo_from_wgs84(wgs, CO_DATUM_GCJ02);
    at.latitude = wgs.lat_deg;
    at.longitude = wgs.lon_deg;
    office.key = name;
    office.position = &at;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_OFFICE, &office);
    put_engineer("bao", "beijing", 1, NULL);
    draw();
    here.latitude = gcj.lat_deg;
    here.longitude = gcj.lon_deg;
    here.datum = CALLOUT__V1__DATUM__DATUM_GCJ02;
    o.state->position = &here;
    check_near(locate().straight_km, 0);
    here.datum = CALLOUT__V1__DATUM__DATUM_WGS84;
    ck_assert(locate().straight_km > 0.1);
}
END_TEST

/* An office on a map of Baidu and a site on one of AMap: the same house, in published figures. */
START_TEST(positions_of_offices_and_sites_are_converted_to_within_a_metre)
{
    Callout__V1__Office office = CALLOUT__V1__OFFICE__INIT;
    Callout__V1__Site site = CALLOUT__V1__SITE__INIT;
    Callout__V1__Position at = CALLOUT__V1__POSITION__INIT, there = CALLOUT__V1__POSITION__INIT;
    char office_key[] = "beijing", site_key[] = "gate";
    at.latitude = 39.92133699351021;
    at.longitude = 116.41036949371029;
    at.datum = CALLOUT__V1__DATUM__DATUM_BD09;
    office.key = office_key;
    office.position = &at;
    there.latitude = 39.915;
    there.longitude = 116.404;
    there.datum = CALLOUT__V1__DATUM__DATUM_GCJ02;
    site.key = site_key;
    site.position = &there;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_OFFICE, &office);
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_SITE, &site);
    put_engineer("bao", "beijing", 1, NULL);
    draw();
    report("gate", "disk");
    ck_assert_str_eq(locate().office, "beijing");
    ck_assert(locate().straight_km < 0.001);
}
END_TEST

START_TEST(what_cannot_be_located_is_not)
{
    struct dispatch_distance d;
    report("nowhere", "disk");
    ck_assert(!dispatch_map_locate(map, o.state, &d));
    put_site("mill", NAN, NULL, 0);
    report("mill", "disk");
    ck_assert(!dispatch_map_locate(map, o.state, &d));
    struct co_registry *empty = co_registry_new(10);
    struct dispatch_map *blank = dispatch_map_new(empty, road);
    ck_assert(!dispatch_map_locate(blank, o.state, &d));
    dispatch_map_free(blank);
    co_registry_free(empty);
}
END_TEST

static struct dispatch_pool pool_of(bool everybody)
{
    struct dispatch_need need = dispatch_seek_need(&o, &rule, T0);
    struct dispatch_pool pool;
    ck_assert_int_eq(dispatch_map_pool(map, &o, &need, everybody, &pool), CO_OK);
    return pool;
}

START_TEST(candidates_come_from_the_nearest_office_first_then_by_key)
{
    put_engineer("edda", "east", 3, NULL);
    put_engineer("abel", "east", 2, "disk");
    put_engineer("lost", "nowhere", 3, NULL);
    draw();
    put_site("mill", 0.5, NULL, 0);
    report("mill", "disk");
    struct dispatch_pool pool = pool_of(false);
    const char *const expected[] = { "wanda", "abel", "edda" };
    ck_assert_uint_eq(pool.count, 3);
    for (size_t i = 0; i < 3; i++)
        ck_assert_str_eq(pool.candidates[i].engineer, expected[i]);
    ck_assert(!pool.has_more);
    ck_assert_uint_eq(pool.able, 3);
    check_near(pool.candidates[1].km, 2 + 1.5 * DEGREE);
}
END_TEST

START_TEST(who_cannot_be_asked_is_counted_and_left_out_unless_everybody_is_wanted)
{
    put_engineer("lea", "west", 1, NULL);  /* level too low */
    put_engineer("nora", "west", 2, NULL); /* declined */
    draw();
    put_site("mill", 0.5, NULL, 0);
    report("mill", "disk");
    o.state->severity = 1;
    o.state->engineer = dispatch_order_keep(&o, "nora");
    dispatch_offers_remember(&o, 2, CALLOUT__V1__OFFER_END__OFFER_END_DECLINED);
    struct dispatch_pool pool = pool_of(false);
    ck_assert_uint_eq(pool.count, 1);
    ck_assert_uint_eq(pool.able, 2);
    ck_assert(pool.has_unskilled);
    ck_assert_uint_eq(pool.refused, 1);
    pool = pool_of(true);
    ck_assert_uint_eq(pool.count, 4);
    enum dispatch_why whys[4];
    struct dispatch_need need = dispatch_seek_need(&o, &rule, T0);
    (void)dispatch_choose(&need, pool.candidates, pool.count, whys);
    const enum dispatch_why expected[] = { DISPATCH_SKILL, DISPATCH_DECLINED, DISPATCH_PICKED,
                                           DISPATCH_PRODUCT }; /* lea, nora, wanda; emil */
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(whys[i], expected[i]);
}
END_TEST

START_TEST(a_roster_says_from_when_on_somebody_can_be_asked)
{
    Callout__V1__Roster roster = CALLOUT__V1__ROSTER__INIT;
    Callout__V1__RosterSpan shift = CALLOUT__V1__ROSTER_SPAN__INIT, *shifts[] = { &shift };
    char name[] = "wanda";
    roster.key = name;
    roster.calendar = put_calendar();
    roster.shifts = shifts;
    roster.n_shifts = 1;
    shift.from_us = T0 + HOUR;
    shift.until_us = T0 + 9 * HOUR;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_ROSTER, &roster);
    draw();
    put_site("mill", 0.5, NULL, 0);
    draw();
    report("mill", "");
    struct dispatch_pool pool = pool_of(true);
    ck_assert_str_eq(pool.candidates[0].engineer, "wanda");
    ck_assert_int_eq(pool.candidates[0].free_from_us, T0 + HOUR);
    ck_assert_str_eq(pool.candidates[1].engineer, "emil");
    ck_assert_int_le(pool.candidates[1].free_from_us, T0); /* without a roster: at any time */
}
END_TEST

START_TEST(the_circle_limits_who_is_asked_and_says_that_there_are_others)
{
    static uint32_t circles[] = { 60, 100 };
    rule.circles_km = circles;
    rule.n_circles_km = 2;
    put_site("mill", 0.5, NULL, 0); /* 57.6 km from the west, 168.8 from the east */
    draw();
    report("mill", "");
    struct dispatch_pool pool = pool_of(false);
    ck_assert_uint_eq(pool.count, 1);
    ck_assert(pool.is_in_circle);
    o.state->circle = 1;
    ck_assert_uint_eq(pool_of(false).count, 1);
    o.state->circle = 2;
    pool = pool_of(false);
    ck_assert_uint_eq(pool.count, 2);
    ck_assert(!pool.is_in_circle);
}
END_TEST

START_TEST(who_is_named_is_the_only_candidate_and_nothing_but_his_time_speaks_against_him)
{
    put_site("mill", 0.5, NULL, 0);
    put_engineer("lea", "east", 1, "tape"); /* level and product do not fit */
    draw();
    report("mill", "disk");
    o.state->severity = 1;
    o.state->named = dispatch_order_keep(&o, "lea");
    struct dispatch_pool pool = pool_of(false);
    ck_assert_uint_eq(pool.count, 1);
    enum dispatch_why whys[1];
    struct dispatch_need need = dispatch_seek_need(&o, &rule, T0);
    ck_assert_uint_eq(dispatch_choose(&need, pool.candidates, pool.count, whys).pick, 0);
    o.state->named = dispatch_order_keep(&o, "ghost");
    ck_assert_uint_eq(pool_of(false).count, 0);
}
END_TEST

START_TEST(silence_bars_for_its_round_only)
{
    put_site("mill", 0.5, NULL, 0);
    report("mill", "disk");
    o.state->engineer = dispatch_order_keep(&o, "wanda");
    dispatch_offers_remember(&o, 2, CALLOUT__V1__OFFER_END__OFFER_END_SILENT);
    ck_assert_uint_eq(pool_of(false).count, 0);
    o.state->round++;
    ck_assert_uint_eq(pool_of(false).count, 1);
}
END_TEST

START_TEST(many_candidates_come_in_windows)
{
    for (int i = 0; i < 150; i++) {
        char key[32];
        (void)snprintf(key, sizeof(key), "e%03d", i);
        put_engineer(key, "west", 2, NULL);
    }
    draw();
    put_site("mill", 0.5, NULL, 0);
    report("mill", "disk");
    size_t seen = 0;
    bool has_more = true;
    while (has_more) {
        struct dispatch_pool pool = pool_of(false);
        ck_assert_uint_le(pool.count, seen == 0 ? DISPATCH_WINDOW : DISPATCH_WINDOW_MAX);
        seen += pool.count;
        o.state->window += (uint32_t)pool.count;
        has_more = pool.has_more;
    }
    ck_assert_uint_eq(seen, 151);
}
END_TEST

START_TEST(in_an_office_of_many_each_case_begins_with_another)
{
    for (int i = 0; i < 150; i++) {
        char key[32];
        (void)snprintf(key, sizeof(key), "e%03d", i);
        put_engineer(key, "west", 2, NULL);
    }
    draw();
    put_site("mill", 0.5, NULL, 0);
    report("mill", "disk");
    static uint32_t times[151];
    for (uint64_t turn = 0; turn < 151; turn++) {
        struct dispatch_need need = dispatch_seek_need(&o, &rule, T0);
        struct dispatch_pool pool;
        need.turn = turn;
        o.state->window = 0;
        ck_assert_int_eq(dispatch_map_pool(map, &o, &need, false, &pool), CO_OK);
        ck_assert_uint_eq(pool.count, DISPATCH_WINDOW);
        for (size_t i = 0; i < pool.count; i++) {
            const char *key = pool.candidates[i].engineer;
            times[key[0] == 'e' ? atoi(key + 1) : 150]++;
        }
        o.state->window = DISPATCH_WINDOW; /* and the next window goes on where it ended */
        const char *last = dispatch_order_keep(&o, pool.candidates[pool.count - 1].engineer);
        ck_assert_int_eq(dispatch_map_pool(map, &o, &need, false, &pool), CO_OK);
        for (size_t i = 0; i < pool.count; i++)
            ck_assert_str_ne(pool.candidates[i].engineer, last);
    }
    for (size_t i = 0; i < 151; i++)
        ck_assert_uint_eq(times[i], DISPATCH_WINDOW); /* everybody as often as the others */
}
END_TEST

/* Each window is a turn of its own. */
START_TEST(ten_thousand_busy_people_are_passed_in_a_dozen_windows)
{
    for (int i = 0; i < 10000; i++) {
        char key[32];
        (void)snprintf(key, sizeof(key), "e%05d", i);
        put_engineer(key, "west", 2, NULL);
    }
    draw();
    put_site("mill", 0.5, NULL, 0);
    report("mill", "disk");
    int windows = 0;
    bool has_more = true;
    for (; has_more; windows++) {
        struct dispatch_pool pool = pool_of(false);
        uint32_t window = o.state->window + (uint32_t)pool.count;
        has_more = pool.has_more;
        teardown(); /* the memory of a turn */
        setup();
        report("mill", "disk");
        o.state->window = window;
    }
    ck_assert_uint_eq(o.state->window, 10001);
    ck_assert_int_le(windows, 12);
}
END_TEST

/* The level that is missing is told from there being nobody at all. */
START_TEST(an_office_where_nobody_is_able_is_passed_over_but_said)
{
    put_site("mill", 1.9, NULL, 0); /* near "east" */
    report("mill", "tape");
    struct dispatch_pool pool = pool_of(false);
    ck_assert_uint_eq(pool.count, 2);
    ck_assert_str_eq(pool.candidates[0].engineer, "emil");
    uint32_t experts[] = { 3 };
    rule.min_skill = experts;
    rule.n_min_skill = 1;
    o.state->severity = 1;
    pool = pool_of(false);
    ck_assert_uint_eq(pool.count + pool.able, 0);
    ck_assert(pool.has_unskilled);
    ck_assert_uint_eq(pool_of(true).count, 2);
    report("mill", "");
    ck_assert(pool_of(false).has_unskilled);
    put_engineer("xenia", "east", 3, "tape");
    put_engineer("zoe", "east", 3, "ribbon");
    draw();
    report("mill", "tape");
    pool = pool_of(false);
    ck_assert_uint_eq(pool.count, 1);
    ck_assert_str_eq(pool.candidates[0].engineer, "xenia");
    report("mill", "unheard");
    ck_assert_uint_eq(pool_of(false).count, 0);
    report("mill", "");
    ck_assert_uint_eq(pool_of(false).count, 2);
}
END_TEST

/* Also while a new version is only half there. */
START_TEST(a_map_of_a_registry_that_changed_is_known_to_be_old)
{
    ck_assert(dispatch_map_is_current(map));
    put_engineer("emil", "east", 3, "tape");
    ck_assert(!dispatch_map_is_current(map));
    draw();
    ck_assert(dispatch_map_is_current(map));
    ck_assert(co_registry_remove(registry, CO_KIND_OFFICE, "east"));
    ck_assert(!dispatch_map_is_current(map));
    draw();
    ck_assert(!co_registry_remove(registry, CO_KIND_OFFICE, "east"));
    co_registry_set_version(registry, 7);
    ck_assert(dispatch_map_is_current(map));
}
END_TEST

START_TEST(who_reports_is_looked_up)
{
    ck_assert(dispatch_map_reporter(map, "wanda").is_engineer);
    ck_assert_uint_eq(dispatch_map_reporter(map, "wanda").capacity, 1);
    ck_assert(!dispatch_map_reporter(map, "nobody").is_engineer);
    ck_assert(!dispatch_map_reporter(map, "").is_engineer);
}
END_TEST

START_TEST(who_is_on_event_duty_joins_the_candidates_wherever_he_comes_from)
{
    static uint32_t circles[] = { 60 };
    rule.circles_km = circles;
    rule.n_circles_km = 1;
    put_site("mill", 0.5, NULL, 0); /* 57.6 km from the west, 168.8 from the east */
    draw();
    report("mill", "tape");
    struct dispatch_need need = dispatch_seek_need(&o, &rule, T0);
    struct dispatch_pool pool = pool_of(false);
    ck_assert_uint_eq(pool.count, 1);
    ck_assert_int_eq(dispatch_map_add_on_event(map, &o, &need, "emil", &pool), CO_OK);
    ck_assert_uint_eq(pool.count, 2);
    ck_assert_uint_eq(pool.extra, 1);
    ck_assert_str_eq(pool.candidates[1].engineer, "emil");
    ck_assert(pool.candidates[1].is_on_event);
    ck_assert_int_eq(pool.candidates[1].travel_us, 0); /* he is there */
    ck_assert_uint_eq(pool.able, 2);
    pool.candidates[0].booked_by = 256; /* by the very event */
    ck_assert_int_eq(dispatch_map_add_on_event(map, &o, &need, "wanda", &pool), CO_OK);
    ck_assert_uint_eq(pool.count, 2); /* in it already */
    ck_assert(pool.candidates[0].is_on_event && pool.candidates[0].booked_by == 0);
    ck_assert_int_eq(dispatch_map_add_on_event(map, &o, &need, "ghost", &pool), CO_OK);
    ck_assert_uint_eq(pool.count, 2);
}
END_TEST

CHECK_MAIN_WITH("dispatch_map", setup_map, teardown_map, the_nearest_office_is_measured_by_road,
                an_office_may_have_road_figures_of_its_own, a_figure_stated_by_the_contract_wins,
                a_stated_figure_is_enough_where_no_position_is_known,
                an_office_without_anybody_for_the_product_is_passed_over,
                where_nobody_works_on_the_product_the_nearest_office_counts,
                equally_far_offices_go_by_key, the_position_of_the_ticket_wins_over_the_registry,
                a_position_on_a_chinese_map_is_converted,
                positions_of_offices_and_sites_are_converted_to_within_a_metre,
                what_cannot_be_located_is_not,
                candidates_come_from_the_nearest_office_first_then_by_key,
                who_cannot_be_asked_is_counted_and_left_out_unless_everybody_is_wanted,
                silence_bars_for_its_round_only,
                the_circle_limits_who_is_asked_and_says_that_there_are_others,
                who_is_named_is_the_only_candidate_and_nothing_but_his_time_speaks_against_him,
                a_roster_says_from_when_on_somebody_can_be_asked, many_candidates_come_in_windows,
                who_is_on_event_duty_joins_the_candidates_wherever_he_comes_from,
                in_an_office_of_many_each_case_begins_with_another,
                ten_thousand_busy_people_are_passed_in_a_dozen_windows,
                an_office_where_nobody_is_able_is_passed_over_but_said,
                a_map_of_a_registry_that_changed_is_known_to_be_old, who_reports_is_looked_up)
