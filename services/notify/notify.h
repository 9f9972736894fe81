/* notify.h - the shell of the notify service: what it is to the skeleton, and what its files share.
 */
#pragma once

#include "co_daemon.h"
#include "co_strmap.h"
#include "notify_case.h"
#include "notify_rosters.h"
#include "notify_send.h"

struct notify_flight;
struct notify_news;

extern const struct co_daemon_def notify_daemon;

struct notify_service {
    struct co_daemon *daemon;
    struct notify_send *sender;
    struct notify_limits *limits; /* messages a minute */
    struct notify_rosters rosters;
    struct notify_gone *gone;  /* addresses that are gone for good */
    struct notify_news *news;  /* what the desk is not told of yet */
    struct notify_rows *rows;  /* what of this is in the database */
    struct co_strmap *flights; /* by identity and attempt; see notify_flight.h */
    uint32_t waiting;          /* flights that wait for their lane */
    struct notify_flight *waiting_of[CO_LANES_MAX];
    struct notify_flight *landed; /* their outcomes go into turns together */
    uv_timer_t landing_timer;
    uint64_t landing_span; /* loop time in spans; see notify_flight.c */
    uint32_t landings;     /* in that span */
    uint32_t landings_before;
    uint32_t
        lane_life[CO_LANES_MAX]; /* counts losses: what was begun before one is not ours any more */
    struct notify_patience patience; /* in real time */
    const char *answer_url;          /* NULL: codes are no links */
    struct co_metric_set *metrics;
    bool is_stopping; /* nothing new is sent */
    uv_timer_t stop_timer;
    uint64_t stop_until_ms;
    void (*stopped)(void *arg);
    void *stopped_arg;
};

enum notify_metric {
    NOTIFY_M_PLANNED,
    NOTIFY_M_SETTLED,
    NOTIFY_M_RESENT,
    NOTIFY_M_HELD,
    NOTIFY_M_ATTEMPTS,
    NOTIFY_M_IN_FLIGHT,
    NOTIFY_M_ASIDE,
    NOTIFY_M_ASIDES,
    NOTIFY_METRICS
};

/* notify_turn.c: the five steps of a turn */
extern const struct co_worker_ops notify_ops;
