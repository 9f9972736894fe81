/* store.h - one function per statement of sla. */
#pragma once

#include "co_worker.h"

/* A row of sla.case to be written; strings and body are borrowed until the turn is over. */
struct sla_row {
    int64_t case_id;
    const char *customer;
    const char *site;
    int severity;
    const char *state;          /* "open", "held", "closed" */
    int64_t opened_us;
    int64_t next_due_us;        /* INT64_MAX: none */
    const char *next_milestone; /* "": none */
    int64_t next_us;            /* INT64_MAX: never by itself */
    struct co_bytes body;
};

/* Adds the read of these cases to t->reads. */
void sla_store_read(struct co_turn *t, const int64_t *case_ids, size_t n);
/* The state of a case as read; data NULL: there is no such case. */
struct co_bytes sla_store_found(const struct co_turn *t, int64_t case_id);
/* Adds the writing of these rows to t->writes. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_store_save(struct co_turn *t, const struct sla_row *rows, size_t n);

