#include "dispatch_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_geo.h"
#include "co_position.h"
#include "dispatch_near.h"
#include "dispatch_offers.h"
#include "dispatch_staff.h"

struct office {
    const char *key;
    struct co_point point;
    struct co_vector at;
    bool has_point;
    struct co_road_estimate road;
};

struct dispatch_map {
    const struct co_registry *registry;
    uint64_t changes;      /* of the registry, when the map was drawn */
    struct office *office; /* by key */
    uint32_t office_count;
    struct dispatch_staff *staff;
    struct co_rosters *rosters;
    struct dispatch_near *near; /* working memory: one per office */
    bool minds_visits;
};

/* Where a site is, as far as anybody knows. */
struct place {
    struct co_point point;
    struct co_vector at;
    bool has_point;
    const Callout__V1__Site *site; /* NULL: not in the registry */
    const Callout__V1__DispatchState *state;
};

static bool point_of(const Callout__V1__Position *position, struct co_point *ret_point,
                     struct co_vector *ret_at)
{
    if (!co_position_wgs84(position, ret_point))
        return false;
    *ret_at = co_geo_vector(*ret_point);
    return true;
}

static struct place place_of(const struct dispatch_map *map,
                             const Callout__V1__DispatchState *state)
{
    struct place place = { .site = co_registry_site(map->registry, state->site), .state = state };
    place.has_point =
        point_of(state->position, &place.point, &place.at) ||
        (place.site != NULL && point_of(place.site->position, &place.point, &place.at));
    return place;
}

static struct office office_of(const Callout__V1__Office *o, struct co_road_estimate road)
{
    struct office office = { .key = o->key, .road = road };
    office.has_point = point_of(o->position, &office.point, &office.at);
    if (o->road_factor > 0)
        office.road = (struct co_road_estimate){ o->road_fixed_km, o->road_factor };
    return office;
}

static bool minds_visits(const struct co_registry *registry)
{
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_POLICY); i++) {
        const Callout__V1__PolicyPack *pack =
            co_registry_at(registry, CO_KIND_POLICY, i)->message->policy;
        if (pack->dispatch != NULL && pack->dispatch->fairness_us > 0)
            return true;
    }
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_ENGINEER); i++)
        if (co_registry_at(registry, CO_KIND_ENGINEER, i)->message->engineer->visits_per_day > 0)
            return true;
    return false;
}

struct dispatch_map *dispatch_map_new(const struct co_registry *registry,
                                      struct co_road_estimate road)
{
    uint32_t offices = co_registry_count(registry, CO_KIND_OFFICE);
    struct dispatch_map *map = calloc(1, sizeof(*map));
    if (map == NULL)
        return NULL;
    map->registry = registry;
    map->changes = co_registry_changes(registry);
    map->minds_visits = minds_visits(registry);
    map->office = calloc((size_t)offices + 1, sizeof(*map->office));
    map->near = calloc((size_t)offices + 1, sizeof(*map->near));
    map->staff = dispatch_staff_new(registry);
    enum co_err err = co_rosters_new(registry, &map->rosters);
    if (map->office == NULL || map->near == NULL || map->staff == NULL || err != CO_OK) {
        dispatch_map_free(map);
        return NULL;
    }
    for (; map->office_count < offices; map->office_count++)
        map->office[map->office_count] = office_of(
            co_registry_at(registry, CO_KIND_OFFICE, map->office_count)->message->office, road);
    return map;
}

void dispatch_map_free(struct dispatch_map *map)
{
    if (map == NULL)
        return;
    free(map->office);
    free(map->near);
    dispatch_staff_free(map->staff);
    co_rosters_free(map->rosters);
    free(map);
}

bool dispatch_map_is_current(const struct dispatch_map *map)
{
    return map->changes == co_registry_changes(map->registry);
}

bool dispatch_map_minds_visits(const struct dispatch_map *map)
{
    return map->minds_visits;
}

static double straight_km(const struct place *place, const struct office *office)
{
    return place->has_point && office->has_point
               ? co_geo_chord_km(co_geo_chord2(place->at, office->at))
               : 0;
}

/* 0 where it cannot be told. */
static double estimate_km(const struct place *place, const struct office *office)
{
    return place->has_point && office->has_point
               ? co_zone_estimate_km(office->road, straight_km(place, office))
               : 0;
}

/* False: nobody knows how far it is. */
static bool measure(const struct place *place, const struct office *office, double *ret_km)
{
    const Callout__V1__Distance *stated = co_site_distance(place->site, office->key);
    if (stated != NULL) {
        *ret_km = stated->km;
        return true;
    }
    const Callout__V1__RoadFigure *road = dispatch_road_of(place->state, office->key);
    if (road != NULL && road->is_reached) {
        *ret_km = road->km;
        return true;
    }
    *ret_km = estimate_km(place, office);
    return place->has_point && office->has_point;
}

/* Fills map->near with the offices whose distance is known, unsorted. Returns how many. */
static uint32_t measure_all(struct dispatch_map *map, const struct place *place)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < map->office_count; i++) {
        double km;
        if (measure(place, &map->office[i], &km))
            map->near[count++] = (struct dispatch_near){ km, i };
    }
    return count;
}

/* The highest level of those of an office who may work on the case's product. */
static int64_t level_at(const struct dispatch_map *map, uint32_t office, const char *product,
                        const char *known)
{
    return *product == '\0' ? dispatch_staff_any(map->staff, office)
                            : dispatch_staff_level(map->staff, office, known);
}

/* The nearest of map->near[0..count) that serves the product, else the nearest; count > 0. */
static struct dispatch_near nearest(const struct dispatch_map *map, uint32_t count,
                                    const char *product)
{
    const char *known = dispatch_staff_product(map->staff, product);
    const struct dispatch_near *best = map->near, *best_serving = NULL;
    for (const struct dispatch_near *n = map->near; n < map->near + count; n++) {
        if (dispatch_near_is_less(n, best))
            best = n;
        if ((best_serving == NULL || dispatch_near_is_less(n, best_serving)) &&
            level_at(map, n->office, product, known) != DISPATCH_STAFF_NOBODY)
            best_serving = n;
    }
    return best_serving != NULL ? *best_serving : *best;
}

/* Where a router was asked, whose way nobody knows counts only if nobody's is known. */
static uint32_t keep_known(struct dispatch_map *map, uint32_t count, const struct place *place)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *key = map->office[map->near[i].office].key;
        const Callout__V1__RoadFigure *road = dispatch_road_of(place->state, key);
        if ((road != NULL && road->is_reached) || co_site_distance(place->site, key) != NULL) {
            struct dispatch_near swap = map->near[kept];
            map->near[kept++] = map->near[i];
            map->near[i] = swap;
        }
    }
    return kept > 0 ? kept : count;
}

bool dispatch_map_locate(struct dispatch_map *map, const Callout__V1__DispatchState *state,
                         struct dispatch_distance *ret_distance)
{
    struct place place = place_of(map, state);
    uint32_t count = measure_all(map, &place);
    if (count == 0)
        return false;
    if (state->n_roads > 0)
        count = keep_known(map, count, &place);
    struct dispatch_near best = nearest(map, count, state->product);
    const struct office *office = &map->office[best.office];
    const Callout__V1__RoadFigure *road = dispatch_road_of(state, office->key);
    bool has_road = road != NULL && road->is_reached;
    *ret_distance = (struct dispatch_distance){
        .office = office->key,
        .km = best.km,
        .straight_km = straight_km(&place, office),
        .estimate_km = estimate_km(&place, office),
        .road_km = has_road ? road->km : 0,
        .road_us = has_road ? road->us : 0,
        .source = co_site_distance(place.site, office->key) != NULL ? "contract"
                  : has_road                                        ? "road"
                                                                    : "estimate",
        .road_missing = has_road || (road == NULL && state->road_missing[0] == '\0') ? ""
                        : state->road_missing[0] != '\0' ? state->road_missing
                                                         : "no_route",
    };
    return true;
}

/* Adds the nearest of the `count` offices in the heap, those where somebody serves the product, or
 * all. */
static void ask_nearest(struct dispatch_map *map, uint32_t count, const char *product, bool all,
                        size_t limit, struct dispatch_road_question *question)
{
    const char *known = dispatch_staff_product(map->staff, product);
    dispatch_near_heap(map->near, count);
    for (; count > 0 && question->count < limit; count--) {
        struct dispatch_near next = dispatch_near_take(map->near, count);
        const struct office *office = &map->office[next.office];
        if (!office->has_point ||
            (!all && level_at(map, next.office, product, known) == DISPATCH_STAFF_NOBODY))
            continue;
        question->item[question->count++] =
            (struct dispatch_road_from){ .office = office->key, .at = office->point };
    }
}

bool dispatch_map_roads(struct dispatch_map *map, const Callout__V1__DispatchState *state,
                        size_t limit, struct dispatch_road_question *ret_question)
{
    struct place place = place_of(map, state);
    if (!place.has_point)
        return false;
    *ret_question = (struct dispatch_road_question){ .to = place.point };
    limit = limit < DISPATCH_ROAD_OFFICES ? limit : DISPATCH_ROAD_OFFICES;
    ask_nearest(map, measure_all(map, &place), state->product, false, limit, ret_question);
    if (ret_question->count == 0)
        ask_nearest(map, measure_all(map, &place), state->product, true, limit, ret_question);
    return ret_question->count > 0;
}

/* What was asked of him in this case and still bars him. */
static Callout__V1__OfferEnd asked_before(const struct dispatch_order *order, const char *engineer)
{
    const Callout__V1__OfferMade *offer = dispatch_order_offer_to(order, engineer);
    if (offer == NULL)
        return CALLOUT__V1__OFFER_END__OFFER_END_NONE;
    if (offer->how == CALLOUT__V1__OFFER_END__OFFER_END_DECLINED ||
        offer->how == CALLOUT__V1__OFFER_END__OFFER_END_UNSOLVED ||
        ((offer->how == CALLOUT__V1__OFFER_END__OFFER_END_SILENT ||
          offer->how == CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN) &&
         offer->round == order->state->round))
        return offer->how;
    return CALLOUT__V1__OFFER_END__OFFER_END_NONE;
}

/* The pool while it is being filled. */
struct filling {
    struct dispatch_pool *pool;
    const struct dispatch_order *order;
    const struct dispatch_need *need;
    size_t skip; /* those of earlier windows */
    size_t limit;
    bool everybody;
    const struct co_rosters *rosters;
};

static void put(struct filling *f, const struct dispatch_candidate *candidate)
{
    if (f->skip > 0)
        f->skip--;
    else if (f->pool->count < f->limit)
        f->pool->candidates[f->pool->count++] = *candidate;
    else
        f->pool->has_more = true;
}

/* As long as the router says, where it does. */
static int64_t travel_us(const struct dispatch_order *order, const Callout__V1__DispatchRule *rule,
                         const char *office, double km)
{
    const Callout__V1__RoadFigure *road = dispatch_road_of(order->state, office);
    return road != NULL && road->is_reached ? dispatch_travel_us(rule, 0) + road->us
                                            : dispatch_travel_us(rule, km);
}

static struct dispatch_candidate candidate_of(const struct dispatch_order *order,
                                              const struct dispatch_need *need,
                                              const struct co_rosters *rosters,
                                              const Callout__V1__Engineer *engineer, double km)
{
    struct dispatch_candidate candidate = {
        .engineer = engineer->key,
        .office = engineer->office,
        .km = km,
        .travel_us = travel_us(order, need->rule, engineer->office, km),
        .skill = engineer->skill,
        .capacity = engineer->capacity > 0 ? engineer->capacity : 1,
        .per_day = engineer->visits_per_day,
        .free_from_us = co_rosters_from(rosters, engineer->key, need->now_us),
        .is_unqualified =
            !dispatch_is_qualified(need->rule, order->state->severity, engineer, need->now_us),
        .asked = asked_before(order, engineer->key),
    };
    candidate.has_product =
        dispatch_level_of(engineer, order->state->product, need->now_us, &candidate.skill);
    return candidate;
}

static void consider(struct filling *f, const Callout__V1__Engineer *engineer, double km)
{
    struct dispatch_candidate candidate = candidate_of(f->order, f->need, f->rosters, engineer, km);
    bool is_skilled = candidate.skill >= f->need->min_skill && !candidate.is_unqualified;
    bool is_free_to_ask = candidate.asked == CALLOUT__V1__OFFER_END__OFFER_END_NONE;
    bool is_asked_now = dispatch_offers_find(f->order, engineer->key, 0) != NULL;
    f->pool->has_unskilled |= candidate.has_product && !is_skilled;
    f->pool->able += candidate.has_product && is_skilled;
    f->pool->refused += candidate.has_product && is_skilled && !is_free_to_ask;
    if (f->everybody || (candidate.has_product && is_skilled && is_free_to_ask && !is_asked_now))
        put(f, &candidate);
}

/* Considers the people of an office; where nobody is able, that is known without looking at them.
 */
static void consider_office(const struct dispatch_map *map, struct filling *f,
                            struct dispatch_near near, const char *known)
{
    int64_t level = level_at(map, near.office, f->order->state->product, known);
    if (!f->everybody && level < (int64_t)f->need->min_skill) {
        f->pool->has_unskilled |= level != DISPATCH_STAFF_NOBODY;
        return;
    }
    const Callout__V1__Engineer *const *first;
    uint32_t count = dispatch_staff_of(map->staff, near.office, &first);
    uint32_t begin = count > DISPATCH_WINDOW ? (uint32_t)(f->need->turn % count) : 0;
    for (uint32_t i = 0; i < count && !f->pool->has_more; i++)
        consider(f, first[(begin + i) % count], near.km);
}

/* How many are looked at together: more and more, for the nearest turn out to be busy all. */
static size_t limit_of(uint32_t window)
{
    size_t more = 3 * (size_t)window;
    return more < DISPATCH_WINDOW       ? DISPATCH_WINDOW
           : more < DISPATCH_WINDOW_MAX ? more
                                        : DISPATCH_WINDOW_MAX;
}

/* How far away the offices are that are looked into at present. */
static double circle_km(const struct dispatch_order *order, const Callout__V1__DispatchRule *rule)
{
    return order->state->circle < rule->n_circles_km
               ? (double)rule->circles_km[order->state->circle]
               : INFINITY;
}

/* NULL: the registry does not have him, or not where his office is. */
static const Callout__V1__Engineer *find_engineer(const struct dispatch_map *map,
                                                  const struct place *place, const char *key,
                                                  double *ret_km)
{
    const Callout__V1__Engineer *engineer = co_registry_engineer(map->registry, key);
    for (uint32_t i = 0; engineer != NULL && i < map->office_count; i++)
        if (strcmp(map->office[i].key, engineer->office) == 0)
            return measure(place, &map->office[i], ret_km) ? engineer : NULL;
    return NULL;
}

bool dispatch_map_who(const struct dispatch_map *map, const struct dispatch_order *order,
                      const struct dispatch_need *need, const char *engineer,
                      struct dispatch_candidate *ret_candidate)
{
    struct place place = place_of(map, order->state);
    double km;
    const Callout__V1__Engineer *found = find_engineer(map, &place, engineer, &km);
    if (found != NULL)
        *ret_candidate = candidate_of(order, need, map->rosters, found, km);
    return found != NULL;
}

/* Only the one who is named: the project manager knows what he can do. */
static void consider_named(struct filling *f, const struct dispatch_map *map,
                           const struct place *place, const char *named)
{
    double km;
    const Callout__V1__Engineer *engineer = find_engineer(map, place, named, &km);
    if (engineer != NULL) {
        f->everybody = true;
        consider(f, engineer, km);
    }
    for (size_t i = 0; i < f->pool->count; i++) {
        struct dispatch_candidate *c = &f->pool->candidates[i];
        c->has_product = true;
        c->is_unqualified = false;
        c->skill = c->skill > f->need->min_skill ? c->skill : f->need->min_skill;
        c->asked = CALLOUT__V1__OFFER_END__OFFER_END_NONE;
    }
}

enum co_err dispatch_map_pool(struct dispatch_map *map, const struct dispatch_order *order,
                              const struct dispatch_need *need, bool everybody,
                              struct dispatch_pool *ret_pool)
{
    size_t limit = everybody ? co_registry_count(map->registry, CO_KIND_ENGINEER)
                             : limit_of(order->state->window);
    struct dispatch_pool pool = {
        .candidates = co_arena_alloc(order->arena, (limit + 1) * sizeof(*pool.candidates)),
    };
    if (pool.candidates == NULL)
        return CO_ENOMEM;
    struct place place = place_of(map, order->state);
    uint32_t offices = measure_all(map, &place);
    dispatch_near_heap(map->near, offices);
    bool is_named = !everybody && order->state->named[0] != '\0';
    struct filling f = { .pool = &pool,
                         .order = order,
                         .need = need,
                         .skip = everybody || is_named ? 0 : order->state->window,
                         .limit = limit,
                         .everybody = everybody,
                         .rosters = map->rosters };
    if (is_named) {
        consider_named(&f, map, &place, order->state->named);
        offices = 0;
    }
    const char *known = dispatch_staff_product(map->staff, order->state->product);
    double limit_km = everybody ? INFINITY : circle_km(order, need->rule);
    for (; offices > 0 && !pool.has_more; offices--) {
        struct dispatch_near next = dispatch_near_take(map->near, offices);
        pool.is_in_circle = next.km > limit_km;
        if (pool.is_in_circle)
            break;
        consider_office(map, &f, next, known);
    }
    *ret_pool = pool;
    return CO_OK;
}

/* NULL: he is not in it. */
static struct dispatch_candidate *find_in(const struct dispatch_pool *pool, const char *engineer)
{
    for (size_t i = 0; i < pool->count; i++)
        if (strcmp(pool->candidates[i].engineer, engineer) == 0)
            return &pool->candidates[i];
    return NULL;
}

enum co_err dispatch_map_add_on_event(const struct dispatch_map *map,
                                      const struct dispatch_order *order,
                                      const struct dispatch_need *need, const char *engineer,
                                      struct dispatch_pool *pool)
{
    struct dispatch_candidate *one = find_in(pool, engineer);
    bool is_named = order->state->named[0] != '\0';
    if (dispatch_offers_find(order, engineer, 0) != NULL || (one == NULL && is_named))
        return CO_OK;
    if (one == NULL) {
        struct dispatch_candidate who;
        struct dispatch_candidate *more =
            co_arena_alloc(order->arena, (pool->count + 1) * sizeof(*more));
        if (more == NULL)
            return CO_ENOMEM;
        if (!dispatch_map_who(map, order, need, engineer, &who))
            return CO_OK;
        bool is_able = who.has_product && who.skill >= need->min_skill && !who.is_unqualified;
        pool->able += is_able;
        pool->refused += is_able && who.asked != CALLOUT__V1__OFFER_END__OFFER_END_NONE;
        if (pool->count > 0)
            memcpy(more, pool->candidates, pool->count * sizeof(*more));
        one = &more[pool->count++];
        *one = who;
        pool->candidates = more;
        pool->extra++;
    }
    one->is_on_event = true;
    one->booked_by = 0;
    one->travel_us = 0;
    one->free_from_us = need->now_us;
    return CO_OK;
}

struct dispatch_reporter dispatch_map_reporter(const struct dispatch_map *map, const char *person)
{
    const Callout__V1__Engineer *engineer = co_registry_engineer(map->registry, person);
    if (engineer == NULL)
        return (struct dispatch_reporter){ 0 };
    return (struct dispatch_reporter){ true, engineer->skill,
                                       engineer->capacity > 0 ? engineer->capacity : 1 };
}

const struct co_registry *dispatch_map_registry(const struct dispatch_map *map)
{
    return map->registry;
}

const struct co_rosters *dispatch_map_rosters(const struct dispatch_map *map)
{
    return map->rosters;
}

double dispatch_map_km(const struct dispatch_map *map, const Callout__V1__DispatchState *state,
                       const char *office)
{
    struct place place = place_of(map, state);
    double km = INFINITY;
    for (uint32_t i = 0; i < map->office_count; i++)
        if (strcmp(map->office[i].key, office) == 0 && measure(&place, &map->office[i], &km))
            return km;
    return INFINITY;
}
