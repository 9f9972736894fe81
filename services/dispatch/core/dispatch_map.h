/* dispatch_map.h - where the offices are and who leaves from them: distances, and whom to choose
 * from.
 *
 * Pure. Made from the registry as it is and of no use after it changed: the registry's objects are
 * borrowed. 300 offices with 50,000 engineers take 4 MB and 40 ms; an order then costs
 * 6 us to locate and 12 us to find candidates for, whoever works on what (measured). One map
 * belongs to one thread.
 *
 * The journey to a site is what the site's contract states for the office; else what a router said
 * of it; else it is estimated from the great circle by the figures of the office, or by those of
 * the installation where it has none. The position that a ticket brought wins over the registry's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_arena.h"
#include "co_err.h"
#include "co_registry.h"
#include "co_rosters.h"
#include "co_zone.h"
#include "dispatch_order.h"
#include "dispatch_road.h"
#include "dispatch_seek.h"

/* Journeys where neither contract nor office says more: the defaults of the daemon's options. */
#define DISPATCH_ROAD_FIXED_KM 2.4
#define DISPATCH_ROAD_FACTOR 1.2

#define DISPATCH_WINDOW 64       /* candidates looked at together, at first */
#define DISPATCH_WINDOW_MAX 2048 /* and where very many are busy */

struct dispatch_map;

/* NULL: out of memory. `road` is the estimate for offices without figures of their own. */
struct dispatch_map *dispatch_map_new(const struct co_registry *registry,
                                      struct co_road_estimate road);

/* NULL is allowed. */
void dispatch_map_free(struct dispatch_map *map);

/* Is the registry as it was when the map was made? Only then the map may be used. */
bool dispatch_map_is_current(const struct dispatch_map *map);

/* Does it matter how many visits somebody took lately: for a limit, or for a policy's fairness? */
bool dispatch_map_minds_visits(const struct dispatch_map *map);

/* The nearest office from which somebody works on the product of the case; where nobody does, the
 * nearest office at all. Of offices equally far the first by key. False, and *ret_distance
 * untouched, when it cannot be told: no position and no stated figure, or no office with one. */
CO_MUST_CHECK bool dispatch_map_locate(struct dispatch_map *map,
                                       const Callout__V1__DispatchState *state,
                                       struct dispatch_distance *ret_distance);

/* What a router is to be asked for that case: the ways from the `limit` nearest offices with
 * somebody for its product, nearest first; where there is none, from the nearest at all. False: the
 * position of the site, or of every office, is not known. The keys are the registry's. */
CO_MUST_CHECK bool dispatch_map_roads(struct dispatch_map *map,
                                      const Callout__V1__DispatchState *state, size_t limit,
                                      struct dispatch_road_question *ret_question);

/* Whom the order can be offered to: some engineers from the order's window on (DISPATCH_WINDOW of
 * them, later windows are wider), nearest office first, in an office by key, from need->turn on
 * where they are more than that; with `everybody`, all engineers whatever speaks against them.
 * Their claims are 0: the caller fills them in. The array is the arena's, the keys the registry's.
 * CO_ENOMEM. */
CO_MUST_CHECK enum co_err dispatch_map_pool(struct dispatch_map *map,
                                            const struct dispatch_order *order,
                                            const struct dispatch_need *need, bool everybody,
                                            struct dispatch_pool *ret_pool);

/* One engineer as dispatch_map_pool() would have him, claims 0. False, and *ret_candidate
 * untouched: the registry does not have him, or not where his office is. */
bool dispatch_map_who(const struct dispatch_map *map, const struct dispatch_order *order,
                      const struct dispatch_need *need, const char *engineer,
                      struct dispatch_candidate *ret_candidate);

/* Puts into the pool who is on event duty at the site of the case, unless he is in it already or is
 * asked now: he is there, whatever his roster and his journey say. CO_ENOMEM. */
CO_MUST_CHECK enum co_err dispatch_map_add_on_event(const struct dispatch_map *map,
                                                    const struct dispatch_order *order,
                                                    const struct dispatch_need *need,
                                                    const char *engineer,
                                                    struct dispatch_pool *pool);

/* The registry and the rosters that it was drawn from. */
const struct co_registry *dispatch_map_registry(const struct dispatch_map *map);
const struct co_rosters *dispatch_map_rosters(const struct dispatch_map *map);

/* How far the case's site is from that office; INFINITY: it cannot be told. */
double dispatch_map_km(const struct dispatch_map *map, const Callout__V1__DispatchState *state,
                       const char *office);

/* Who reports: an engineer of the registry, or none. */
struct dispatch_reporter dispatch_map_reporter(const struct dispatch_map *map, const char *person);
