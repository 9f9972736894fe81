/* co_daemon.h - the skeleton of a daemon: main is a table and one call.
 *
 *     static const struct co_daemon_def sla = { .name = "sla", ... };
 *     int main(int argc, char **argv) { return co_daemon_main(&sla, argc, argv); }
 *
 * It reads the options (those all daemons have, then the daemon's own), opens log, loop, control connection, mesh, registry,
 * HTTP (/livez, /readyz, /metrics) and, for a leased service, the worker; runs until SIGTERM or SIGINT; then lets the service
 * finish, saves cursors, gives lanes away and ends with 0. A second signal, or 20 s, ends it at once with 1.
 * SIGUSR1 switches the log to debug and back; SIGHUP reads the options again and takes log-level from them. With --probe it only
 * asks another process of the same daemon how it is.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "co_buf.h"
#include "co_config.h"
#include "co_fault.h"
#include "co_log.h"
#include "co_metrics.h"
#include "co_node.h"
#include "co_registry_feed.h"
#include "co_version.h"
#include "co_worker.h"
#include "co_zap.h"

struct co_daemon;

struct co_daemon_def {
    const char *name;    /* of the service: "sla" */
    const char *summary; /* a sentence for --help */
    const struct co_option *options; /* the daemon's own; offsets into its config struct */
    size_t option_count;
    size_t config_size;

    /* Makes the service, before anything is connected. `config` lives as long as the daemon. NULL: cannot start (logged). */
    void *(*start)(struct co_daemon *d, const void *config);
    /* Frees the service; everything it opened in the loop is closed by then, or closes by itself. */
    void (*free)(void *service);
    /* The last things to do; calls done when no more work is in the air. NULL: nothing. */
    void (*stop)(void *service, void (*done)(void *arg), void *arg);

    /* A leased service has ops; its worker is made by the skeleton. Others follow the journal as they like. */
    const struct co_worker_ops *ops;

    /* All may be NULL. */
    void (*on_ready)(void *service); /* clock, lanes and era are known; once */
    void (*on_reset)(void *service); /* forget what was read of the journal */
    void (*on_beat)(void *service);
    void (*on_entries)(void *service, int lane, const struct co_entry_raw *entries, size_t n);
    void (*on_step)(void *service);
    void (*on_registry)(void *service); /* another version, or a pinned object */
    /* Who may connect to the service's own CURVE sockets: the user id, or NULL (co_zap.h). The mesh's domain is the skeleton's. */
    const char *(*allow)(void *service, const struct co_zap_client *client);
    void (*not_ready)(void *service, struct co_buf *reasons); /* appends a line per reason why it is not ready */
};

/* The whole life of the daemon. Returns its exit code: 0, 1 (could not start, or not end in order), 2 (wrong options). */
int co_daemon_main(const struct co_daemon_def *def, int argc, char **argv);

/* Parts, for the service. The worker exists after start(). */
uv_loop_t *co_daemon_loop(struct co_daemon *d);
struct co_log *co_daemon_log(struct co_daemon *d);
void *co_daemon_zmq(struct co_daemon *d);
struct co_node *co_daemon_node(struct co_daemon *d);
struct co_worker *co_daemon_worker(struct co_daemon *d);
struct co_registry_feed *co_daemon_feed(struct co_daemon *d);
struct co_metrics *co_daemon_metrics(struct co_daemon *d);
const struct co_pg_watch *co_daemon_pg_watch(struct co_daemon *d); /* for each connection to the database */
struct co_fault *co_daemon_fault(struct co_daemon *d);
const char *co_daemon_database_url(struct co_daemon *d);
const char *co_daemon_role(struct co_daemon *d); /* database role; NULL: none */

/* Ends the daemon in order, as SIGTERM does, but with exit code 1: for what cannot be mended by waiting. */
void co_daemon_fail(struct co_daemon *d);
