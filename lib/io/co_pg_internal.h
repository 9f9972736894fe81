/* co_pg_internal.h - what the files of the PostgreSQL connection share. */
#pragma once

#include "co_log.h"
#include "co_pg.h"
#include "co_pg_history.h"
#include "co_pg_places.h"

/* OPENING: connected, what the server is and may is being asked. CHECKING: whether what pools its connections keeps sessions. */
enum co_pg_state { CO_PG_RESOLVING, CO_PG_CONNECTING, CO_PG_OPENING, CO_PG_CHECKING, CO_PG_UP, CO_PG_WAITING, CO_PG_CLOSING };

enum { CO_PG_ADDRESSES = 8 };

/* What a name was last known to mean. */
struct co_pg_name {
    char address[CO_PG_ADDRESSES][CO_PG_ADDRESS_TEXT];
    unsigned count;
    uv_getaddrinfo_t *asked; /* a look-up in the air; NULL: none */
};

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
    PQconninfoOption *info; /* the connection string; NULL: it is none */
    struct co_pg_place *places;
    struct co_pg_name *names;
    size_t place_count;
    unsigned first_place, step, address; /* of this search: where it began, how many places are done, the address of a name in turn */
    bool is_survey, has_met; /* this search only looks at every server; it found one */
    char tried[480];                     /* why each place was passed over */
    struct co_pg_history own_history, *history;
    struct co_pg *sibling; /* the next with the same history */
    int64_t timeline;
    bool is_in_doubt; /* a commit was not confirmed by the standby */
    PGresult *greeting; /* what the server said of itself */
    char said[480];     /* why there is no connection, as logged last */
    struct co_pg_check *check;
    enum co_pg_state state;
    PGconn *conn;
    uv_poll_t *poll; /* of the present descriptor; NULL: none */
    uv_timer_t timer; /* next try, or end of patience with a connect */
    uv_idle_t kick;   /* starts the next job outside the caller's stack, without a system call */
    int open_handles; /* and names being looked up, and a check: pg is freed with the last */
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
void co_pg_connect_pass_over(struct co_pg *pg, const char *why); /* tries the next address or place */
void co_pg_connect_up(struct co_pg *pg);
/* Closes the connection, reports every job, and connects again after a pause unless closing. */
void co_pg_drop(struct co_pg *pg, const char *why);
bool co_pg_poll(struct co_pg *pg, int events); /* (re)starts polling the present descriptor */
void co_pg_poll_close(struct co_pg *pg);
void co_pg_leave_older(struct co_pg_history *history); /* drops, in the next turn, who is connected to an older timeline */

/* co_pg_resolve.c */
void co_pg_resolve(struct co_pg *pg, unsigned place); /* calls co_pg_resolved, but not within this call */
void co_pg_resolved(struct co_pg *pg, const char *why); /* "": its addresses are in names[] */

/* co_pg_session.c */
void co_pg_session_params(const struct co_pg *pg, struct co_pg_params *ret_params);
bool co_pg_session_open(struct co_pg *pg); /* sends open_session.sql; false: see PQerrorMessage */
void co_pg_session_ready(struct co_pg *pg);

/* co_pg_cancel.c */
/* Cancels what is in the air on a connection that nobody polls any more, and closes it, without blocking. Takes it; needs no co_pg. */
void co_pg_cancel(uv_loop_t *loop, PGconn *conn);

/* co_pg_pooler.c */
/* Finds out whether the connection is pooled by transactions; ends in co_pg_connect_up, pass_over, or on_unfit. */
void co_pg_pooler_check(struct co_pg *pg);

/* co_pg_exec.c */
void co_pg_exec_next(struct co_pg *pg); /* starts the first waiting job, if up and idle */
void co_pg_exec_ready(struct co_pg *pg, int events);
void co_pg_exec_notice(void *arg, const PGresult *res);
void co_pg_exec_abandon(struct co_pg *pg, enum co_err err); /* reports every job */
void co_pg_exec_forget(struct co_pg *pg); /* a new session knows no prepared statement */
