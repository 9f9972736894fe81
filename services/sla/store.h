/* store.h - one function per statement of sla. */
#pragma once

#include "co_worker.h"

struct sla_sweep;

/* A row of sla.case to be written; strings and body are borrowed until the turn is over. */
struct sla_row {
    int64_t case_id;
    const char *customer;
    const char *contract; /* "": held */
    const char *source;   /* who reported it */
    const char *site;
    int severity;
    const char *state;          /* "open", "held", "closed" */
    int64_t opened_us;
    int64_t next_due_us;        /* INT64_MAX: none */
    const char *next_milestone; /* "": none */
    int64_t next_us;            /* INT64_MAX: never by itself */
    int64_t closed_us;          /* INT64_MAX: not closed */
    uint64_t registry_seen;     /* what was declared up to this version is taken in */
    struct co_bytes body;
};

/* Adds the read of these cases to t->reads. */
void sla_store_read(struct co_turn *t, const int64_t *case_ids, size_t n);
/* The state of a case as read; data NULL: there is no such case. */
struct co_bytes sla_store_found(const struct co_turn *t, int64_t case_id);
/* Adds the writing of these rows to t->writes. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_store_save(struct co_turn *t, const struct sla_row *rows, size_t n);

/* store_sweep.c. Each adds a read to t->reads and returns its place among the results. */
int sla_store_read_sweep(struct co_turn *t);
int sla_store_read_sweep_waiting(struct co_turn *t);
int sla_store_read_sweep_window(struct co_turn *t, int limit);
int sla_store_read_wide_changes(struct co_turn *t);
void sla_store_sweep_found(const struct co_turn *t, int index, struct sla_sweep *ret);
/* These add to t->writes. */
void sla_store_save_sweep(struct co_turn *t, const struct sla_sweep *w, const int64_t *waiting, size_t n);
void sla_store_add_moved(struct co_turn *t, int64_t moved);
