/* co_node.h - an instance as a member of the suite: control connection, clock, heartbeat, mesh.
 *
 * Every daemon has one. Twice a second it renews its row in journal.member, reads who else is there, the clock, and (for a
 * leased service) the cursors and the parked cases of its service, all in one batch on the control connection.
 * Whether another instance lives is judged by this machine's monotonic clock: its seen_at must go on changing, as long as we
 * could look (co_liveness.h).
 *
 * The control connection is shared: short reads of the follower and the registry go over it too. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "co_clock.h"
#include "co_fault.h"
#include "co_journal.h"
#include "co_log.h"
#include "co_pg.h"
#include "co_schema.h"
#include "co_why.h"

struct co_node;
struct co_mesh;
struct co_metrics;

enum {
    CO_NODE_BEAT_MS = 500,
    CO_NODE_TTL_MS = 3000, /* an instance not seen changing for so long is dead; one that did not renew for so long stops acting */
};

struct co_node_options {
    uv_loop_t *loop;
    struct co_log *log;
    void *zmq;               /* context; borrowed */
    struct co_fault *fault;  /* NULL: none */
    const char *service;     /* "intake", "sla" ... */
    const char *instance;    /* unique in the suite */
    const char *database_url;
    const char *role;        /* database role; NULL: none */
    const char *endpoint;    /* where this instance publishes: ipc:// or tcp:// */
    const char *announce;    /* how others reach it, where that differs; NULL: as bound */
    const char *key_file;    /* CURVE key pair of the mesh for tcp://; NULL: none, ipc only */
    const char *release;     /* shown beside the instance; NULL: none */
    const struct co_schema_room *schema; /* what the database must have at least; NULL: not looked at */
    size_t schema_count;
    const struct co_pg_watch *watch; /* of its connections, and of its worker's; NULL: nobody */
    struct co_metrics *metrics;      /* for its worker; NULL: nothing is counted */
    bool is_leased;          /* the service has cursors */
    void (*on_ready)(void *arg); /* first beat done: clock, lanes and era are known. Once. */
    void (*on_reset)(void *arg); /* control connection lost or another era: forget what was read of the journal */
    void (*on_beat)(void *arg);  /* after each good beat */
    void (*on_entries)(void *arg, int lane, const struct co_entry_raw *entries, size_t n); /* published by others */
    void (*on_step)(void *arg);  /* the stepped clock moved */
    void (*on_unfit)(void *arg, const char *why); /* this process cannot work here: waiting does not help */
    void *arg;
};

/* What the last beat read. */
struct co_node_cursor {
    int64_t seq;
    int64_t epoch;
    int owner; /* index into the live instances of this service; -1: free or dead */
    bool was_owned; /* there was an owner, and he is dead */
};
struct co_node_parked {
    int lane;
    int64_t case_id;
    int64_t since_seq;
    bool replay, drop;
};

/* NULL: out of memory, or the mesh endpoint cannot be bound (logged). */
struct co_node *co_node_open(const struct co_node_options *options);

/* Takes the instance off the list, closes and frees; `done` is called when nothing is left. */
void co_node_close(struct co_node **node_p, void (*done)(void *arg), void *arg);

struct co_pg *co_node_pg(struct co_node *n);
struct co_pg_history *co_node_history(struct co_node *n); /* for every connection of the process */
struct co_clock *co_node_clock(struct co_node *n);
struct co_mesh *co_node_mesh(struct co_node *n);
const struct co_node_options *co_node_options(const struct co_node *n);

bool co_node_is_ready(const struct co_node *n);

/* Why this database cannot be worked with, as found when it was last connected to; "": it can, or it is not known yet. */
const char *co_node_unusable(const struct co_node *n);

/* How often the database's clock was found set forward or back, and by how much the last time. */
uint64_t co_node_clock_steps(const struct co_node *n, int64_t *ret_last_us);

int co_node_lanes(const struct co_node *n);

/* Domain time now. Only after on_ready. */
int64_t co_node_now_us(struct co_node *n);

/* Did this instance renew its row within the time-to-live? Otherwise others may think it dead. */
bool co_node_is_alive(const struct co_node *n);

/* Live instances of this service, and which of them is this one. At least 1 after on_ready. */
size_t co_node_live(const struct co_node *n, size_t *ret_me);

/* Leased services: cursor of each lane, and the parked cases, as of the last beat. */
const struct co_node_cursor *co_node_cursors(const struct co_node *n);
const struct co_node_parked *co_node_parked(const struct co_node *n, size_t *ret_count, bool *ret_whole); /* whole: these are all */

/* Monotonic time at which that beat was sent: what was committed before is in it. */
int64_t co_node_beat_mono_us(const struct co_node *n);

/* Publishes committed entries of one lane to every other instance. */
void co_node_publish(struct co_node *n, int lane, const struct co_entry_raw *entries, size_t count);
/* Which lanes' messages this instance wants. */
void co_node_listen(struct co_node *n, int lane, bool wanted);

/* A beat as soon as possible, for instance after a lane was released. */
void co_node_beat_now(struct co_node *n);
