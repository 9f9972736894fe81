/* Distances where a router was asked. */
#include "dispatch_map_fixture.h"

/* What the router said of an office; `km` 0: there is no way. */
static void put_road(const char *office, double km)
{
    static Callout__V1__RoadFigure figure[8], *list[8];
    Callout__V1__RoadFigure *r = &figure[o.state->n_roads];
    callout__v1__road_figure__init(r);
    r->office = dispatch_order_keep(&o, office);
    r->km = km;
    r->us = (int64_t)km * MIN;
    r->is_reached = km > 0;
    list[o.state->n_roads++] = r;
    o.state->roads = list;
}

START_TEST(a_way_that_a_router_knows_wins_over_the_estimate_and_says_both)
{
    put_site("mill", 0.5, NULL, 0);
    put_engineer("edda", "east", 1, NULL);
    draw();
    report("mill", "disk");
    put_road("west", 300); /* around the bay */
    put_road("east", 170);
    struct dispatch_distance d = locate();
    ck_assert_str_eq(d.office, "east");
    ck_assert_str_eq(d.source, "road");
    ck_assert_str_eq(d.road_missing, "");
    ck_assert(d.km == 170 && d.road_km == 170 && d.road_us == 170 * MIN);
    check_near(d.estimate_km, 2 + 1.5 * DEGREE);
}
END_TEST

START_TEST(the_figure_of_the_contract_wins_over_the_road_and_all_are_said)
{
    put_site("mill", 0.5, "west", 40.4);
    report("mill", "disk");
    put_road("west", 300);
    struct dispatch_distance d = locate();
    ck_assert_str_eq(d.source, "contract");
    ck_assert(d.km == 40.4 && d.road_km == 300);
    check_near(d.estimate_km, 2 + 0.5 * DEGREE);
}
END_TEST

START_TEST(an_office_without_a_way_counts_only_if_no_way_is_known_at_all)
{
    put_site("mill", 0.5, NULL, 0);
    put_engineer("edda", "east", 1, NULL);
    draw();
    report("mill", "disk");
    put_road("west", 0);
    put_road("east", 170);
    ck_assert_str_eq(locate().office, "east");
    o.state->n_roads = 0;
    put_road("west", 0);
    put_road("east", 0);
    struct dispatch_distance d = locate();
    ck_assert_str_eq(d.office, "west");
    ck_assert_str_eq(d.source, "estimate");
    ck_assert_str_eq(d.road_missing, "no_route");
}
END_TEST

START_TEST(why_the_router_did_not_answer_is_said)
{
    put_site("mill", 0.5, NULL, 0);
    report("mill", "disk");
    o.state->road_missing = dispatch_order_keep(&o, "timeout");
    ck_assert_str_eq(locate().source, "estimate");
    ck_assert_str_eq(locate().road_missing, "timeout");
}
END_TEST

START_TEST(the_router_is_asked_for_the_nearest_offices_that_can_serve)
{
    struct dispatch_road_question q;
    put_site("mill", 1.5, NULL, 0);
    report("mill", "disk");
    ck_assert(dispatch_map_roads(map, o.state, 8, &q));
    ck_assert_uint_eq(q.count, 1); /* nobody of the east knows disks */
    ck_assert_str_eq(q.item[0].office, "west");
    ck_assert(q.to.lon_deg == 1.5 && q.item[0].at.lon_deg == 0);
    put_engineer("edda", "east", 1, NULL);
    draw();
    ck_assert(dispatch_map_roads(map, o.state, 8, &q));
    ck_assert_uint_eq(q.count, 2);
    ck_assert_str_eq(q.item[0].office, "east");
    ck_assert(dispatch_map_roads(map, o.state, 1, &q));
    ck_assert_uint_eq(q.count, 1);
    report("mill", "tape");
    put_site("mill", NAN, "west", 40);
    ck_assert(!dispatch_map_roads(map, o.state, 8, &q)); /* nobody knows where it is */
}
END_TEST

START_TEST(where_nobody_serves_the_product_the_router_is_asked_for_all)
{
    struct dispatch_road_question q;
    co_registry_free(registry);
    registry = co_registry_new(100000);
    put_office("east", 2, 0);
    put_office("west", 0, 0);
    put_engineer("emil", "east", 2, "tape");
    draw();
    put_site("mill", 0.5, NULL, 0);
    report("mill", "disk");
    ck_assert(dispatch_map_roads(map, o.state, 8, &q));
    ck_assert_uint_eq(q.count, 2);
    ck_assert_str_eq(q.item[0].office, "west");
}
END_TEST

START_TEST(a_journey_takes_as_long_as_the_router_says)
{
    put_site("mill", 0.5, NULL, 0);
    report("mill", "disk");
    put_road("west", 300);
    rule.travel_fixed_us = 5 * MIN;
    rule.speed_kmh = 60;
    struct dispatch_need need = dispatch_seek_need(&o, &rule, T0);
    struct dispatch_candidate who;
    ck_assert(dispatch_map_who(map, &o, &need, "wanda", &who));
    ck_assert(who.km == 300);
    ck_assert_int_eq(who.travel_us, 5 * MIN + 300 * MIN);
}
END_TEST

CHECK_MAIN_WITH("dispatch_map_road", setup_map, teardown_map,
                a_way_that_a_router_knows_wins_over_the_estimate_and_says_both,
                the_figure_of_the_contract_wins_over_the_road_and_all_are_said,
                an_office_without_a_way_counts_only_if_no_way_is_known_at_all,
                why_the_router_did_not_answer_is_said,
                the_router_is_asked_for_the_nearest_offices_that_can_serve,
                where_nobody_serves_the_product_the_router_is_asked_for_all,
                a_journey_takes_as_long_as_the_router_says)
