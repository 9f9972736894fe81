/* co_node_internal.h - what the files of co_node share. */
#pragma once

#include <uv.h>

#include "co_batch.h"
#include "co_liveness.h"
#include "co_name_claim.h"
#include "co_node.h"
#include "co_pg_history.h"

enum { CO_NODE_NAME = 128 };

struct co_node_member {
    char instance[CO_NODE_NAME];
    char endpoint[256];
    char public_key[48];
    bool is_mine; /* of this service */
    struct co_liveness liveness;
    bool owns_lane; /* or may; looked up only where it is doubted that he lives */
    bool is_listed; /* by the beat just read */
};

struct co_node {
    struct co_node_options options;
    struct co_pg_history history;
    struct co_pg *pg;
    struct co_mesh *mesh;
    struct co_clock clock;
    uv_timer_t timer;
    struct co_batch *batch;
    struct co_batch *farewell;
    bool beat_in_air, era_in_air, is_ready, is_closing, has_era, wants_beat;
    bool is_unfit; /* said; the daemon is stopping */
    int64_t process; /* a random number: which process has the name of this instance */
    struct co_name_claim claim;
    bool is_named, may_take_name; /* the name is ours; or may be taken with the next beat */
    bool was_blind; /* since the last good beat the connection was lost */
    char era[64];
    struct co_why unusable; /* "": it is usable, or not known yet */
    char unusable_kind[3];  /* class of the SQLSTATE, or a word */
    int lanes;
    unsigned beats;
    int64_t sent_mono_us;   /* of the beat in the air */
    uint64_t clock_steps;
    int64_t clock_step_us;  /* the last one */
    int64_t round_trip_us;  /* of the last good one */
    int64_t renewed_mono_us; /* sending time of the last good one; 0: none */
    struct co_node_member *members;
    size_t member_count;
    size_t live, me;
    struct co_node_cursor cursors[CO_LANES_MAX];
    struct co_node_parked *parked;
    size_t parked_count;
    bool parked_is_whole;
    void (*done)(void *arg);
    void *done_arg;
};

/* What must be known before the first beat: that the schema fits, which era it is, that the name is free. Nothing when it is known, or asked. */
void co_node_enter(struct co_node *n);

void co_node_beat(struct co_node *n);

/* Tells the daemon that it cannot work here. */
void co_node_unfit(void *arg, const char *why);
