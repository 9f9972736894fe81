/* co_worker.h - drives a leased service: turns, timers, leases, poison. The service brings pure decisions.
 *
 * A *turn* is one lane's waiting entries, due cases and local events, decided and committed in ONE transaction:
 *
 *   load    the service adds reads to t->reads              (a transaction of their own)
 *   claim   optional: statements on shared resources        BEGIN; fence; claims
 *   decide  reads results, adds effects, emits entries      pure but for the turn
 *   commit  fence, effects, numbers, entries, COMMIT in one flush
 *   committed  the service acts: arms timers, starts sends
 *
 * A lane is in the air at most once per process; its next turn is decided after this one is committed. Two turns of
 * different lanes run at a time. A turn may be decided again (lost connection, conflict): decide must not act, and
 * what it returns must follow from entries, results and t->now_us alone.
 *
 * Poison: a failing turn is halved down to one entry (or one due case); its tries are counted in the database before
 * each try, and after CO_WORKER_TRIES the case is parked for this service. A replay hands over all that waits; dropping
 * passes over it, but for what ends the case. What does not work then, either, leaves the case parked. What an owner who
 * died may have died of is tried in small groups that are counted, too; the second try of a group goes one by one. One
 * thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_arena.h"
#include "co_batch.h"
#include "co_buf.h"
#include "co_journal.h"
#include "co_node.h"

enum { CO_WORKER_TRIES = 5, CO_WORKER_TURN_MAX = 256 };

struct co_worker;
struct co_registry_feed;

/* Something the shell learned outside the journal, for instance the end of a send. */
struct co_local {
    int64_t case_id;
    void *what; /* owned by the service */
};

struct co_turn {
    int lane;
    int64_t now_us; /* domain time, read once */
    bool is_behind; /* not all entries that were there when the lane was taken are read with this turn */
    const struct co_entry *entries; /* of the kinds asked for, in order */
    size_t entry_count;
    const int64_t *due; /* case ids whose next_at was reached, rising, once each; may be stale: the core decides */
    size_t due_count;
    const struct co_local *locals;
    size_t local_count;
    struct co_arena *arena; /* lives until the turn is over */
    struct co_batch *reads;
    PGresult *const *read_results; /* in decide: one per statement of reads */
    struct co_batch *claims;
    PGresult *const *claim_results; /* in decide: one per statement of claims that the service added */
    struct co_batch *writes;
    void *scratch; /* the service's own, for this turn */
};

/* Journals a copy of the event in the turn's transaction, in the order of the calls. Its traceparent is that of what caused it; the
 * copy gets a span of this service's own (co_trace.h). False: out of memory; return CO_ENOMEM. */
CO_MUST_CHECK bool co_turn_emit(struct co_turn *t, int64_t case_id, const Callout__V1__Event *event);

struct co_worker_ops {
    uint64_t kinds;            /* bit k: entries of kind k are wanted; others only move the cursor */
    uint64_t ends;             /* of those: kinds after which nothing more is held for a case. They are handed over even where the
                                * case is dropped, so that what it holds becomes free */
    const struct co_sql *due;  /* in: $1 int2 lane, $2 timestamptz from, $3 timestamptz until (exclusive), $4 int4 limit;
                                * out: case_id int8, next_at timestamptz, earliest first */
    /* CO_EAGAIN from load: something is still being fetched, try again soon. CO_EINPUT from any: this work cannot be
     * processed. Others as their names say. */
    enum co_err (*load)(void *service, struct co_turn *t);
    enum co_err (*claim)(void *service, struct co_turn *t); /* may be NULL */
    enum co_err (*decide)(void *service, struct co_turn *t);
    void (*committed)(void *service, struct co_turn *t);    /* may be NULL */
    void (*dropped)(void *service, const struct co_local *local); /* a local event whose lane was lost; may be NULL */
    void (*unparked)(void *service, int lane, int64_t case_id); /* replayed or dropped; may be NULL */
    void (*lane_taken)(void *service, int lane);            /* may be NULL */
    void (*lane_lost)(void *service, int lane);             /* may be NULL */
};

struct co_worker_options {
    struct co_node *node;      /* leased; its on_ready, on_reset, on_beat, on_entries, on_step go to the functions below */
    struct co_registry_feed *feed; /* entries that name a newer registry wait for it; NULL: none */
    const struct co_worker_ops *ops;
    void *service;
};

struct co_worker_stats {
    uint64_t turns, entries, due, emitted, conflicts, failures, parked;
    int64_t lag;    /* entries behind the heads of the owned lanes */
    int owned;      /* lanes */
};

/* NULL: out of memory. The node's metrics must not be rendered any more once it is freed. */
struct co_worker *co_worker_new(const struct co_worker_options *options);

/* Finishes what is in the air, saves the cursors, gives the lanes away, then calls done. */
void co_worker_stop(struct co_worker *w, void (*done)(void *arg), void *arg);
void co_worker_free(struct co_worker **w_p); /* after it has stopped */

/* The node's callbacks. */
void co_worker_on_ready(struct co_worker *w);
void co_worker_on_reset(struct co_worker *w);
void co_worker_on_beat(struct co_worker *w);
void co_worker_on_entries(struct co_worker *w, int lane, const struct co_entry_raw *entries, size_t n);
void co_worker_on_step(struct co_worker *w);

/* (Re)arms the wake-up of a case; INT64_MAX: none. A stale wake-up costs one look at the case. */
void co_worker_due(struct co_worker *w, int lane, int64_t case_id, int64_t next_us);

/* Gives a local event to the next turn of its lane; if the lane is not owned any more, ops->dropped gets it at once. */
void co_worker_post(struct co_worker *w, int lane, struct co_local local);

/* Is the lane still ours, and did we renew in time? To be asked before each act outside. */
bool co_worker_owns(const struct co_worker *w, int lane);

/* Appends a line where the lanes that fall to this process have not all been taken since it began to read the journal. */
void co_worker_not_ready(const struct co_worker *w, struct co_buf *reasons);

struct co_worker_stats co_worker_stats(const struct co_worker *w);
