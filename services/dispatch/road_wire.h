/* road_wire.h - the table service of OSRM: the path that asks, the answer in JSON.
 *
 * Pure but for jansson's memory. Positions go to five decimals, a metre.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "co_buf.h"
#include "dispatch_road.h"

#define ROAD_WIRE_SCALE 1e5    /* steps of a degree */
#define ROAD_WIRE_KM_MAX 50000 /* longer ways there are not */

/* Appends "/table/v1/driving/LON,LAT;...?sources=0;1&destinations=2&annotations=distance,duration".
 * CO_ENOMEM, CO_EFULL. */
CO_MUST_CHECK enum co_err road_wire_ask(const struct dispatch_road_question *question,
                                        struct co_buf *to);

/* Reads the answer to a question from `count` offices. "": `figures` is filled; else why it is not:
 * "no_route" (there is no road near), "refused" (the router says no), "garbage" (not such an
 * answer, or impossible figures), "status" (neither an answer, nor HTTP 200). */
const char *road_wire_read(const char *text, size_t len, long status, size_t count,
                           struct dispatch_road_figure *figures);
