/* sla.h - the shell of the sla service: what it is to the skeleton, and what its files share. */
#pragma once

#include "co_daemon.h"
#include "co_lane.h"
#include "versions.h"

extern const struct co_daemon_def sla_daemon;

/* What this process knows of a lane that it owns. */
struct sla_lane {
    bool is_known; /* the registry here is as new as what was taken in the lane */
    bool is_swept; /* a sweep is under way */
};

struct sla_service {
    struct co_daemon *daemon;
    struct sla_versions *versions;
    struct co_arena *scratch; /* of the core's calls */
    struct co_metric_set *metrics;
    struct sla_lane lane[CO_LANES_MAX];
    uint64_t gaps_version; /* of the registry whose gaps were looked for (gaps.h) */
    uint64_t gaps_told;    /* a sum of those told last */
};

enum sla_metric {
    SLA_M_CASES,
    SLA_M_OUTPUTS,
    SLA_M_LATENESS,
    SLA_M_SWEEPS,
    SLA_M_SWEPT,
    SLA_M_MOVED,
    SLA_METRICS
};

/* sla_turn.c: the five steps of a turn */
extern const struct co_worker_ops sla_ops;
