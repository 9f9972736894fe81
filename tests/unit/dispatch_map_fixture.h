/* dispatch_map_fixture.h - a small registry and the map drawn of it, for the tests of dispatch_map.
 */
#pragma once

#include "dispatch_fixture.h"

#include <math.h>

#include "dispatch_map.h"

/* Offices on the equator, east of the origin: one degree is 111.195 km. The road is the great
 * circle plus 2 km, but for "own", which has figures of its own. */
static const struct co_road_estimate road = { 2, 1 };
#define DEGREE 111.19508

static struct co_registry *registry;
static struct dispatch_map *map;

static inline void put(Callout__V1__RegistryObject__ObjectCase kind, void *object)
{
    Callout__V1__RegistryObject message = CALLOUT__V1__REGISTRY_OBJECT__INIT;
    message.object_case = kind;
    message.site = object; /* the members of the union are pointers */
    ck_assert_int_eq(co_registry_put_message(registry, &message, 1), CO_OK);
}

static inline void put_office(const char *key, double longitude, double factor)
{
    Callout__V1__Office office = CALLOUT__V1__OFFICE__INIT;
    Callout__V1__Position position = CALLOUT__V1__POSITION__INIT;
    char name[32];
    strcpy(name, key);
    office.key = name;
    position.longitude = longitude;
    office.position = &position;
    office.road_factor = factor;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_OFFICE, &office);
}

static inline void put_engineer(const char *key, const char *office, uint32_t skill,
                                const char *product)
{
    Callout__V1__Engineer engineer = CALLOUT__V1__ENGINEER__INIT;
    char who[32], where[32], what[32];
    char *products[] = { what };
    engineer.key = strcpy(who, key);
    engineer.office = strcpy(where, office);
    engineer.skill = skill;
    strcpy(what, product == NULL ? "" : product);
    engineer.products = products;
    engineer.n_products = product != NULL;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_ENGINEER, &engineer);
}

/* A site at that longitude (NAN: unknown), `stated` km from `office` by contract (NULL: nothing).
 */
static inline void put_site(const char *key, double longitude, const char *office, double stated)
{
    Callout__V1__Site site = CALLOUT__V1__SITE__INIT;
    Callout__V1__Position position = CALLOUT__V1__POSITION__INIT;
    Callout__V1__Distance distance = CALLOUT__V1__DISTANCE__INIT;
    Callout__V1__Distance *distances[] = { &distance };
    char name[32], where[32];
    site.key = strcpy(name, key);
    position.longitude = longitude;
    site.position = isnan(longitude) ? NULL : &position;
    distance.office = strcpy(where, office == NULL ? "" : office);
    distance.km = stated;
    site.distances = distances;
    site.n_distances = office != NULL;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_SITE, &site);
}

/* In UTC; returns its key. */
static inline char *put_calendar(void)
{
    static char key[] = "cal";
    Callout__V1__Calendar calendar = CALLOUT__V1__CALENDAR__INIT;
    Callout__V1__Transition utc = CALLOUT__V1__TRANSITION__INIT, *transitions[] = { &utc };
    Callout__V1__WorkDay day = CALLOUT__V1__WORK_DAY__INIT,
                         *week[] = { &day, &day, &day, &day, &day, &day, &day };
    calendar.key = key;
    calendar.transitions = transitions;
    calendar.n_transitions = 1;
    calendar.week = week;
    calendar.n_week = 7;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR, &calendar);
    return key;
}

static inline void draw(void)
{
    dispatch_map_free(map);
    map = dispatch_map_new(registry, road);
    ck_assert_ptr_nonnull(map);
}

static inline void setup_map(void)
{
    setup();
    registry = co_registry_new(100000);
    put_office("east", 2, 0);
    put_office("west", 0, 0);
    put_engineer("wanda", "west", 2, NULL);
    put_engineer("emil", "east", 2, "tape");
    map = NULL;
    draw();
}

static inline void teardown_map(void)
{
    dispatch_map_free(map);
    co_registry_free(registry);
    teardown();
}

/* A case at the site, about the product. */
static inline void report(const char *site, const char *product)
{
    o.state->site = dispatch_order_keep(&o, site);
    o.state->product = dispatch_order_keep(&o, product);
}

static inline struct dispatch_distance locate(void)
{
    struct dispatch_distance distance = {
        .office = "", .km = -1, .straight_km = -1, .source = "", .road_missing = ""
    };
    ck_assert(dispatch_map_locate(map, o.state, &distance));
    return distance;
}

static inline void check_near(double got, double expected)
{
    ck_assert_msg(fabs(got - expected) < 0.01, "%f is not %f", got, expected);
}
