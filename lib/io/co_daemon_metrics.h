/* co_daemon_metrics.h - what every daemon counts: its build, its readiness, log lines, connections to the database and how
 * long its statements take, keys that were refused, steps of the clock; and what its process uses (co_process.h). */
#pragma once

#include <stdbool.h>

#include "co_buf.h"
#include "co_log.h"
#include "co_metrics.h"
#include "co_node.h"
#include "co_pg.h"
#include "co_zap.h"

struct co_daemon_metrics;

struct co_daemon_metrics_options {
    struct co_metrics *metrics;
    struct co_log *log;
    const char *service, *version; /* borrowed */
    bool (*is_ready)(void *ctx, struct co_buf *reasons);
    void *ctx;
};

/* NULL: out of memory. Freed after the registry was rendered for the last time. */
struct co_daemon_metrics *co_daemon_metrics_new(const struct co_daemon_metrics_options *options);
void co_daemon_metrics_free(struct co_daemon_metrics *m); /* NULL is allowed */

/* To be given to every connection of the daemon. */
const struct co_pg_watch *co_daemon_metrics_watch(const struct co_daemon_metrics *m);

/* What is looked at for the others, once it is there; NULL: not any more. */
void co_daemon_metrics_look(struct co_daemon_metrics *m, struct co_zap *zap, struct co_node *node);
