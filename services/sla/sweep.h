/* sweep.h - what was declared for many cases at once reaches each case of a lane.
 *
 * A case catches up in whatever turn it has (sla_turn.c). A sweep only sees to it that each has
 * one: RegistryApplied, where calendars, exclusions or the regions of sites have changed, starts
 * the sweep of its lane (or starts it anew); as case 0 among what is due it then looks for cases
 * that are behind, a window at a time, and wakes some of them. They are kept in its row until they
 * have caught up, so that nothing is lost with the process, and a case that nobody can process is
 * parked by itself and stops no other. */
#pragma once

#include "co_worker.h"

struct sla_service;

enum {
    SLA_SWEEP_CASE = 0,      /* its id among what is due; that of RegistryApplied, too. No case has it */
    SLA_SWEEP_WINDOW = 500,  /* rows looked at in one turn */
    SLA_SWEEP_SLICE = 200,   /* cases woken in one turn: there is room for others in it */
    SLA_SWEEP_WAITING = 2000 /* cases that may wait: parked ones, beside a slice */
};

enum sla_sweep_stage { SLA_SWEEP_IDLE, SLA_SWEEP_TIMED, SLA_SWEEP_UNTIMED, SLA_SWEEP_CLOSED };

/* A row of sla.sweep. */
struct sla_sweep {
    bool exists;
    uint64_t version;
    enum sla_sweep_stage stage;
    int64_t after_us, after_case_id;
    bool has_span;
    int64_t span_from_us, span_until_us; /* INT64_MAX: without end */
    const char *regions;                 /* cases of their sites, one per line; NULL: all cases */
    int32_t found;                       /* cases that waited when the row was read */
    int64_t visited, moved;
    int64_t next_us; /* INT64_MAX: over */
};

/* What a turn knows about the sweep of its lane. */
struct sla_sweep_turn {
    bool is_due;
    uint64_t applied;                  /* newest version that the turn brings; 0: none */
    int row, changes, waiting, window; /* places of the reads; -1: not read */
    struct sla_sweep was, now;
    bool is_saved;  /* `now` is written */
    int64_t *woken; /* cases found in this turn */
    size_t woken_count;
};

/* Adds what the turn has to read: nothing, in most turns. */
void sla_sweep_load(struct sla_service *s, struct co_turn *t, struct sla_sweep_turn *ret);

/* Before any case is decided. CO_EAGAIN: the registry here is older than what the lane has seen; it
 * is being fetched. */
CO_MUST_CHECK enum co_err sla_sweep_check(struct sla_service *s, struct co_turn *t, struct sla_sweep_turn *sweep);

/* After all cases: `case_ids`, rising, have caught up in this turn, `moved` of them had something
 * to catch up with. CO_ENOMEM; CO_EINPUT: a text of the registry is none. */
CO_MUST_CHECK enum co_err sla_sweep_decide(struct sla_service *s, struct co_turn *t, struct sla_sweep_turn *sweep,
                                           const int64_t *case_ids, size_t n, size_t moved);

void sla_sweep_committed(struct sla_service *s, struct co_turn *t, const struct sla_sweep_turn *sweep);

/* The lane's row must be read again. */
void sla_sweep_forget(struct sla_service *s, int lane);

/* Sweeps under way in the lanes that are ours. */
int sla_sweep_count(const struct sla_service *s);
