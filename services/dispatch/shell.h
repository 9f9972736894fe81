/* shell.h - the dispatch service around its core: what the daemon skeleton calls. */
#pragma once

#include <stdint.h>

#include "co_daemon.h"

struct dispatch_config {
    int64_t road_fixed_m;        /* estimate of a journey: metres */
    int64_t road_factor_percent; /* and percent of the great circle */
    const char *road_url;        /* of a router that speaks OSRM's protocol; NULL: none */
    int64_t road_timeout_ms;
    int64_t road_cache_days;
    int64_t road_offices; /* whose way to a site is asked for */
};

enum { DISPATCH_OPTIONS = 6 };
extern const struct co_option dispatch_options[DISPATCH_OPTIONS];
extern const struct co_worker_ops dispatch_ops;

/* For struct co_daemon_def. */
void *dispatch_start(struct co_daemon *daemon, const void *config);
void dispatch_stop(void *service, void (*done)(void *arg), void *arg);
void dispatch_free(void *service);
