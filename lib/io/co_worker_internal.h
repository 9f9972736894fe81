/* co_worker_internal.h - what the files of the worker share: lanes and turns in the air. */
#pragma once

#include "co_follow.h"
#include "co_heap.h"
#include "co_log.h"
#include "co_map.h"
#include "co_worker.h"

enum {
    WORKER_SLOTS = 2,            /* connections, and so turns in the air */
    WORKER_TURN_BYTES = 1 << 20, /* of entry bodies in one turn; at least one entry */
    WORKER_ARENA_BYTES = 256 << 20,
    WORKER_BATCH_BYTES = 256 << 20,
    WORKER_SAVE_US = 1000000,    /* a cursor that only moved in memory is saved after so long */
    WORKER_DUE_MAX = 10000,      /* rows of one look at what is due */
};

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
    int64_t epoch;
    int64_t saved;     /* cursor as the database has it */
    int64_t position;  /* consumed in memory; >= saved */
    int64_t moved_mono_us; /* since when position > saved */
    struct co_heap *due;
    int64_t horizon_us; /* what is due before this is in the heap */
    bool horizon_in_air;
    struct local_node *first_local, *last_local;
    int64_t local_since_mono_us;
    struct parked_node *parked;
    int64_t pause_until_mono_us; /* after a failure */
    unsigned failures;           /* in a row */
    size_t limit;                /* entries or due cases of the next turn */
    int probation;               /* entries still to be tried one by one, because the last owner died here */
    bool count_tries;
    bool is_counted;   /* the next try is counted already: the last one was not ready and waits */
    int64_t replay_case;         /* parked case to be caught up with; 0: none */
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
    int64_t poison_case;   /* case of the one thing in this turn, where it is alone; else 0 */
    size_t size;           /* entries + due + locals */
    bool has_transaction;  /* BEGIN was sent */
    bool is_replay;        /* of a parked case: the cursor stays */
    bool is_counted;       /* this try is counted in the database; forgotten when it succeeds */
    bool parks;            /* gives up: the turn's effect is the parking */
    size_t append_index;
    struct co_results reads, claims;
    struct co_batch *extra; /* attempts, parking, replays, cursor saving */
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
    size_t lease_count;
    struct co_batch *due_batch;
    bool due_in_air;
    int due_lane[CO_LANES_MAX];
    int64_t due_until[CO_LANES_MAX];
    uint64_t due_epoch[CO_LANES_MAX];
    size_t due_count;
    bool is_stopping;
    void (*done)(void *arg);
    void *done_arg;
    struct co_worker_stats stats;
};

/* co_worker.c */
void co_worker_kick(struct co_worker *w);

/* co_worker_lane.c: leases, timers, parked cases */
void lane_plan(struct co_worker *w);             /* after a beat */
void lane_lose(struct co_worker *w, int lane);   /* it belongs to somebody else now, or must be read again */
bool lane_may_act(const struct co_worker *w, int lane);
void lane_look_ahead(struct co_worker *w);       /* reads what becomes due soon */
void lane_release_idle(struct co_worker *w);     /* gives away lanes that wait for it and have nothing in the air */
bool lane_is_parked(const struct lane *l, int64_t case_id, int64_t seq);
void lane_note_parked(struct lane *l, int64_t case_id, int64_t since_seq);
void lane_forget_parked(struct lane *l, int64_t case_id);

/* co_worker_turn.c: one turn from its entries to its commit */
bool turn_start(struct co_worker *w, struct turn_run *run, int lane);
void turn_save_cursor(struct co_worker *w, struct turn_run *run, int lane);
/* co_worker_fail.c: what to do about a turn that did not commit */
void turn_failed(struct turn_run *run, enum co_err err, const struct co_pg_outcome *outcome, const char *step);
void turn_end(struct turn_run *run); /* frees the turn; the lane may have another */
