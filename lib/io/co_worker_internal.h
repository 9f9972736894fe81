/* co_worker_internal.h - what the files of the worker share: lanes and turns in the air. */
#pragma once

#include "co_follow.h"
#include "co_heap.h"
#include "co_log.h"
#include "co_map.h"
#include "co_metrics.h"
#include "co_worker.h"

enum {
    WORKER_SLOTS = 2,            /* connections, and so turns in the air */
    WORKER_TURN_BYTES = 1 << 20, /* of entry bodies in one turn; at least one entry */
    WORKER_ARENA_BYTES = 256 << 20,
    WORKER_BATCH_BYTES = 256 << 20,
    WORKER_SAVE_US = 1000000,    /* a cursor that only moved in memory is saved after so long */
    WORKER_KINDS = 3,            /* entries, local events, due cases */
    WORKER_PROBATION = 16,       /* things tried together where an owner died; once they were tried in vain, one by one */
    WORKER_CAREFUL = 32,         /* things tried one by one after one failed alone */
};

/* What is due soon waits in the heap of its lane; see co_worker_due.c. */
#define CO_DUE_UNREAD INT64_MIN
enum { CO_DUE_HEAP_MAX = 1 << 18 };

/* Looked at by every worker, whether its service asks for it or not: the registry must be as new as the lane says. */
#define CO_WORKER_REGISTRY_KIND (UINT64_C(1) << CALLOUT__V1__EVENT__BODY_REGISTRY_APPLIED)

enum lane_state {
    LANE_FREE,     /* not ours */
    LANE_TAKING,   /* take_lane in the air */
    LANE_OWNED,
    LANE_RELEASING /* release_lane in the air, or waiting for the turn in the air */
};

struct local_node {
    struct local_node *next;
    struct co_local local;
};

struct parked_node {
    struct parked_node *next;
    int64_t case_id;
    int64_t since_seq;
};

struct lane {
    enum lane_state state;
    bool in_air;       /* a turn, or the saving of its cursor */
    bool wants_release;
    uint64_t registry_mark; /* made when it was taken: what was applied before is loaded when it has passed */
    bool has_read;     /* an entry that the service wanted and that had no effect, since the cursor was saved */
    int64_t epoch;
    int64_t held_epoch; /* the last one that this process had; survives the loss of the lane */
    int64_t saved;     /* cursor as the database has it */
    int64_t position;  /* consumed in memory; >= saved */
    int64_t moved_mono_us; /* since when position > saved */
    int64_t served_mono_us; /* end of the last turn */
    struct co_heap *due;
    int64_t horizon_us; /* what is due before this is in the heap; CO_DUE_UNREAD: nothing is known */
    int64_t crowd_us;   /* more is due at this very time than the heap took; CO_DUE_UNREAD: no */
    struct local_node *first_local, *last_local;
    int64_t local_since_mono_us;
    struct parked_node *parked;
    bool knows_parked;           /* the list was read since the lane was taken */
    int64_t parked_mono_us;      /* since when the table says what a turn of ours made of it: older lists are stale */
    int64_t pause_until_mono_us; /* after a failure */
    unsigned failures;           /* in a row */
    size_t limit;                /* entries or due cases of the next turn */
    int probation;               /* entries still to be tried in small counted groups, because the last owner died here */
    bool count_tries;
    bool has_counted;            /* a try of the two below is counted and not over: it only had to wait. Case 0 is one, too */
    int64_t counted_seq, counted_case;
    int careful;                 /* things still to be done before the turns grow again, because one failed */
    unsigned rota;               /* whose turn it is where things are tried one by one */
    int64_t replay_case;         /* parked case to be caught up with; 0: none */
    bool replay_drops;           /* ... or to be forgotten */
    bool replay_failed;          /* ... which has failed: to be left as it is */
};

struct turn_run {
    struct co_worker *worker;
    struct co_pg *pg;
    bool is_busy;
    struct co_turn turn;
    struct co_outbox outbox;
    struct co_entry *entries;
    int64_t *due;
    struct co_local *locals;
    int64_t consumes;      /* cursor after this turn */
    int64_t first_seq;     /* of what was taken; 0: no entries */
    int64_t replay_next;   /* of a replay: number at which the rest begins; 0: nothing is left */
    int64_t poison_case;   /* case of the first thing in this turn */
    int64_t started_mono_us;
    size_t size;           /* entries + due + locals */
    bool has_transaction;  /* BEGIN was sent */
    bool is_counted;       /* the tries are counted, until one succeeds: nothing else is tried meanwhile, it may kill the process */
    bool is_replay;        /* of a parked case: the cursor stays */
    bool parks;            /* gives up: the turn's effect is the parking */
    size_t append_index;
    struct co_results reads, claims;
    struct co_batch *extra; /* attempts, reading for replays */
    const struct co_batch *sent; /* the last one; NULL: none */
    enum co_err decided;    /* what decide said where the transaction is rolled back */
};

struct co_worker {
    struct co_worker_options options;
    struct co_follow *follow;
    struct turn_run run[WORKER_SLOTS];
    struct lane lane[CO_LANES_MAX];
    int lanes;
    uv_timer_t timer; /* next due time, pause or saving */
    uv_idle_t busy;   /* there may be a turn to start */
    int open_handles;
    struct co_batch *lease_batch;
    bool lease_in_air;
    int lease_lane[CO_LANES_MAX];
    bool lease_takes[CO_LANES_MAX];
    bool lease_died[CO_LANES_MAX]; /* ... from an owner who is dead */
    size_t lease_count;
    struct co_batch *due_batch;
    bool due_in_air;
    int due_lane[CO_LANES_MAX];
    int64_t due_from[CO_LANES_MAX], due_until[CO_LANES_MAX];
    uint64_t due_epoch[CO_LANES_MAX];
    size_t due_count;
    bool is_stopping;
    bool has_settled; /* all lanes that it is to have were taken once, since it began to read the journal */
    void (*done)(void *arg);
    void *done_arg;
    size_t missing; /* lanes that it is to have and has not */
    struct co_worker_stats stats;
    struct co_metric_set *metrics; /* NULL: none */
};

/* co_worker.c */
void co_worker_kick(struct co_worker *w);

/* co_worker_lane.c: leases, parked cases */
void lane_plan(struct co_worker *w);             /* after a beat */
void lane_lose(struct co_worker *w, int lane);   /* it belongs to somebody else now, or must be read again */
bool lane_may_act(const struct co_worker *w, int lane);
void lane_release_idle(struct co_worker *w);     /* gives away lanes that wait for it and have nothing in the air */
bool lane_is_parked(const struct lane *l, int64_t case_id, int64_t seq);
void lane_note_parked(struct lane *l, int64_t case_id, int64_t since_seq);
void lane_forget_parked(struct lane *l, int64_t case_id);

/* co_worker_due.c: timers */
void lane_look_ahead(struct co_worker *w);               /* reads what becomes due soon */
void lane_arm(struct co_worker *w, int lane, struct co_due due);
void lane_forget_due(struct lane *l);                    /* what was read does not hold any more: all is read again */

/* co_worker_turn.c: one turn from its entries to its commit */
void turn_start(struct co_worker *w, struct turn_run *run, int lane);
void turn_save_cursor(struct co_worker *w, struct turn_run *run, int lane);
void turn_load(struct turn_run *run);
void turn_commit(struct turn_run *run);
void turn_fail(struct turn_run *run, enum co_err err, const struct co_pg_outcome *outcome, const char *step);
void turn_end(struct turn_run *run); /* frees the turn; the lane may have another */
void turn_send(struct turn_run *run, const struct co_batch *batch, unsigned mode, co_pg_done *done);
enum co_err turn_add_entry(struct turn_run *run, const struct co_entry_raw *raw);
void turn_add_fence(struct turn_run *run, struct co_batch *batch);
void turn_drop_locals(struct turn_run *run);
const char *turn_trace(const struct turn_run *run); /* of the first entry that the service wanted; "": none */

/* co_worker_park.c: counting tries, setting cases aside, catching up with them */
void turn_count(struct turn_run *run);
void turn_forget_count(struct turn_run *run); /* adds to the writes that the counted try has succeeded */
void turn_park(struct turn_run *run);
void turn_replay(struct turn_run *run);
void turn_finish_replay(struct turn_run *run); /* adds to the writes what becomes of the case */
void turn_parked(struct turn_run *run);        /* after the commit of a parking or a replay */

/* co_worker_metrics.c */
bool worker_metrics_open(struct co_worker *w); /* false: out of memory */
void worker_metrics_taken(struct co_worker *w, bool owner_died);
void worker_metrics_ended(struct co_worker *w, bool is_lost);
void worker_metrics_turn(const struct turn_run *run); /* it has taken effect */

/* co_worker_fail.c: what to do about a turn that did not commit */
void turn_failed(struct turn_run *run, enum co_err err, const struct co_pg_outcome *outcome, const char *step);
