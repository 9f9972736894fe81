/* roads.h - asks a router that speaks OSRM's protocol for the ways to a site.
 *
 * A question is answered from the table dispatch.road where every figure in it is young enough,
 * else by the router; what it says is kept there. Each question is answered once, within the time
 * limit, with figures or with why there are none, as a local event of its case; where the lane was
 * lost meanwhile, nobody hears it. Cases that ask the same at the same time share a question. After
 * some failures in a row the router is left alone for a while, longer and longer, and then tried
 * with one question. Never blocks. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "co_daemon.h"
#include "dispatch_road.h"

#define ROADS_ASKING 256 /* questions at a time; others are answered "busy" at once */

struct roads;
struct roads_answer; /* what a local event brings */

struct roads_options {
    struct co_daemon *daemon;
    const char *url; /* http://HOST:PORT, without the service; borrowed */
    int64_t timeout_ms;
    int64_t cache_days;
    int64_t offices; /* in one question, 1..DISPATCH_ROAD_OFFICES */
};

/* NULL: out of memory. */
struct roads *roads_open(const struct roads_options *options);

/* What is asked is given up, without an answer; frees when the loop has closed its handles. NULL is
 * allowed. */
void roads_close(struct roads *r);

void roads_ask(struct roads *r, int lane, int64_t case_id,
               const struct dispatch_road_question *question);

/* Whether that case waits for an answer. `r` may be NULL: it does not. */
bool roads_is_asking(const struct roads *r, int lane, int64_t case_id);

/* By when an answer to a question of `now_us` is there, if this process lives. `r` may be NULL. */
int64_t roads_until_us(const struct roads *r, int64_t now_us);

size_t roads_offices(const struct roads *r);

/* Valid until roads_answer_free(). */
const struct dispatch_road_answer *roads_answer_of(const void *local);
void roads_answer_free(void *local);
