/* co_pg_internal.h - what the three files of the PostgreSQL connection share. */
#pragma once

#include "co_log.h"
#include "co_pg.h"

enum co_pg_state { CO_PG_RESOLVING, CO_PG_CONNECTING, CO_PG_UP, CO_PG_WAITING, CO_PG_CLOSING };

/* What a result in the pipeline belongs to. */
enum co_pg_step { STEP_BEGIN, STEP_PREPARE, STEP_STATEMENT, STEP_COMMIT, STEP_ROLLBACK };

struct co_pg_job {
    struct co_pg_job *next;
    const struct co_batch *batch;
    unsigned mode;
    co_pg_done *done;
    void *arg;
};

struct co_pg_expected {
    enum co_pg_step step;
    const struct co_sql *sql; /* prepared, or executed */
    size_t index;             /* of the statement */
};

struct co_pg {
    struct co_pg_options options;
    char *url;
    enum co_pg_state state;
    PGconn *conn;
    uv_poll_t *poll; /* of the present descriptor; NULL: none */
    uv_timer_t timer; /* next try, or end of patience with a connect */
    uv_idle_t kick;   /* starts the next job outside the caller's stack, without a system call */
    uv_getaddrinfo_t resolve;
    bool is_resolving;
    int open_handles; /* and a name being looked up: pg is freed with the last */
    unsigned failures; /* connects in a row that failed */
    struct co_pg_job *head, *tail;
    bool in_air;
    bool in_callback;
    uint64_t sent_ns; /* the batch in the air */

    /* the batch in the air */
    struct co_pg_expected *expected;
    size_t expected_count, expected_cap, expected_next;
    struct co_results results;
    enum co_err err;
    size_t failed;
    char sqlstate[6];
    char message[256];
    bool rolling_back;

    const struct co_sql **prepared;
    size_t prepared_count, prepared_cap;
};

/* co_pg.c */
void co_pg_unref(struct co_pg *pg);
void co_pg_kick(struct co_pg *pg); /* the next job starts in the loop's next turn */

/* co_pg_connect.c */
void co_pg_connect_start(struct co_pg *pg);
void co_pg_connect_ready(struct co_pg *pg);
/* Closes the connection, reports every job, and connects again after a pause unless closing. */
void co_pg_drop(struct co_pg *pg, const char *why);
bool co_pg_poll(struct co_pg *pg, int events); /* (re)starts polling the present descriptor */
void co_pg_poll_close(struct co_pg *pg);

/* co_pg_exec.c */
void co_pg_exec_next(struct co_pg *pg); /* starts the first waiting job, if up and idle */
void co_pg_exec_ready(struct co_pg *pg, int events);
void co_pg_exec_notice(void *arg, const PGresult *res);
void co_pg_exec_abandon(struct co_pg *pg, enum co_err err); /* reports every job */
void co_pg_exec_forget(struct co_pg *pg); /* a new session knows no prepared statement */
