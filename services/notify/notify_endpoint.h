/* notify_endpoint.h - one server that messages go to: who waits for it, and whether it takes
 * things.
 *
 * Pure: loop time and randomness are passed in. notify_send.c owns the endpoints and starts what
 * may be started. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "notify_channel.h"
#include "notify_circuit.h"

/* A list with both ends in it, so that jobs leave from anywhere. */
struct notify_jobs {
    struct notify_job *first;
    struct notify_job *last;
};

void notify_jobs_append(struct notify_jobs *list, struct notify_job *job);
void notify_jobs_remove(struct notify_jobs *list, struct notify_job *job);
struct notify_job *notify_jobs_take_first(struct notify_jobs *list); /* not empty */
struct notify_job *notify_jobs_take_last(struct notify_jobs *list);

enum { NOTIFY_ORIGIN_TEXT = 300, NOTIFY_ENDPOINT_WAITING_MAX = 2000 };

struct notify_endpoint {
    const struct notify_channel *channel;
    struct notify_jobs waiting;
    uint32_t waiting_count;
    uint32_t in_flight;
    bool is_ailing;           /* it did not take the last */
    uint64_t held_until_ms;   /* loop time; 0: not held */
    uint64_t ailing_until_ms; /* when that is forgotten, where nobody asks for it meanwhile */
    struct notify_circuit circuit;
    char by[128];                 /* the channel of the last failure: registry key, cut */
    char why[NOTIFY_DETAIL_TEXT]; /* and what it was */
    char origin[];                /* "2 https://host:port": kind and server */
};

/* "2 https://host:port", in lower case: kind, and what comes before the path. False: too long. */
CO_MUST_CHECK bool notify_endpoint_origin(Callout__V1__ChannelKind kind, const char *url,
                                          char ret[static NOTIFY_ORIGIN_TEXT]);

/* "https://host:port" of an origin. */
const char *notify_endpoint_server(const char *origin);

/* It asked to be left alone. */
bool notify_endpoint_is_held(const struct notify_endpoint *e, uint64_t now_ms);

/* It is set aside, and not to be tried now: not yet, or one is just trying it. */
bool notify_endpoint_is_aside(const struct notify_endpoint *e, uint64_t now_ms);

/* Is there room for one more, beside `soon` others? Where not, *ret_wait_us is after which time
 * there may be; 0: not known. */
enum notify_room notify_endpoint_room(const struct notify_endpoint *e, uint32_t soon,
                                      uint64_t now_ms, int64_t *ret_wait_us);

/* May one that waits be begun? */
bool notify_endpoint_may_begin(const struct notify_endpoint *e, uint64_t now_ms);

/* How many may go on waiting. */
uint32_t notify_endpoint_may_wait(const struct notify_endpoint *e, uint64_t now_ms);

/* Takes in what the outcome of that job says about the server. `random`: any 64 bits. */
enum notify_circuit_change notify_endpoint_learn(struct notify_endpoint *e,
                                                 const struct notify_job *job,
                                                 const struct notify_outcome *outcome,
                                                 uint64_t now_ms, uint64_t random);

/* Is there nothing about it that must be remembered? */
bool notify_endpoint_is_idle(const struct notify_endpoint *e, uint64_t now_ms);
