/* intake.h - the front door, as its rooms see each other. One loop, one thread.
 *
 * A request becomes a call (call.h) at the door (door.h); tickets and commands become posts (post.h) that the taker
 * (taker.h) commits in groups; whoever waits for what follows is with the waiters (waiters.h); questions are answered
 * by queries (query.h), changes of the registry by applies (apply.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "co_daemon.h"
#include "misuse.h"

struct co_arena;
struct intake_announce;
struct intake_applies;
struct intake_clients;
struct intake_door;
struct intake_load;
struct intake_metrics;
struct intake_numbers;
struct intake_planner;
struct intake_queries;
struct intake_suite;
struct intake_taker;
struct intake_waiters;

struct intake_config {
    const char *endpoint;
    const char *key_file;
    const char *next_endpoint;
    const char *next_key_file;
    const char *operator_keys;
    const char *admin_keys;
    int64_t in_flight_limit;        /* requests being worked on, of all clients */
    int64_t client_in_flight_limit; /* of one client */
    int64_t memory_limit_mb;        /* of the tickets and commands that wait for their commit */
    int64_t group_limit;            /* tickets and commands in one transaction */
    int64_t patience_ms;            /* how long one may wait for its commit */
    int64_t wrong_codes_limit;      /* of one client in a minute; 0: none */
    int64_t answer_pause_ms;        /* after that many, at first */
    int64_t answer_pause_limit_ms;
    int64_t lag_limit_ms;           /* how far sla may be behind before sources over their share are slowed down */
};

struct intake {
    struct co_daemon *daemon;
    const struct intake_config *config;
    uv_loop_t *loop;
    struct co_log *log;
    struct co_node *node;
    struct co_registry_feed *feed;
    struct co_fault *fault;

    struct co_arena *scratch; /* for making one record or reply; nothing of it is kept */

    struct intake_metrics *metrics;
    struct intake_clients *clients;
    struct intake_door *door;
    struct intake_numbers *numbers;
    struct intake_taker *taker;
    struct intake_waiters *waiters;
    struct intake_queries *queries;
    struct intake_applies *applies;
    struct intake_announce *announce;
    struct intake_planner *planner;
    struct intake_load *load;
    struct intake_suite *suite;
    struct intake_misuse misuse; /* of nobody who is known */
    size_t in_flight; /* calls */
    bool is_stopping;
    uv_timer_t drain; /* waits for the last commits */
    int drain_ms;
    void (*stopped)(void *arg);
    void *stopped_arg;
};

extern const struct co_daemon_def intake_daemon;
