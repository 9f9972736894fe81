/* co_pg.h - one connection to PostgreSQL in a uv loop, spoken to in pipelines.
 *
 * A batch (co_batch.h) goes out in one flush; its statements are prepared on first use. Batches
 * given while another is in the air wait in order. A lost connection is made again by itself, with
 * growing pauses; what was in the air or waiting is reported as CO_EDOWN, and whether a COMMIT in
 * it took effect is then unknown.
 *
 * Of several hosts, and several addresses of a name, each is tried by itself, for a few seconds (connect_timeout of the
 * connection string; else 3 s): one that is silent, not to be found or refuses the login does not keep us from the next. What is in
 * recovery, read-only or of an older history (co_pg_history.h) is passed over. Host names are resolved without blocking the
 * loop; where that fails, what they meant before is tried. PG* environment variables are expected to be cleared at start (co_config
 * does). One thread.
 */
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "co_batch.h"
#include "co_err.h"

struct co_pg;
struct co_pg_history;
struct co_log;

/* Told how connections and batches go, for whoever counts; both members set. */
struct co_pg_watch {
    /* A batch has ended, so long after it was sent; `statement` names the first of it that is not the fence of a turn. */
    void (*ran)(void *ctx, const char *statement, enum co_err err, int64_t took_us);
    void (*linked)(void *ctx, bool is_up); /* a connection was made, or lost */
    void *ctx;
};
#define CO_PG_ADDRESS 46

struct co_pg_options {
    uv_loop_t *loop;
    struct co_log *log;
    const char *url;          /* connection string or URI; several hosts allowed; borrowed */
    struct co_pg_history *history; /* shared by the connections of the process; NULL: its own; borrowed */
    const char *role;         /* SET ROLE at start of session; NULL: none; borrowed */
    const char *application;  /* application_name; borrowed */
    int statement_timeout_ms; /* 0: 30,000 */
    int lock_timeout_ms;      /* 0: 10,000 */
    /* Each statement is planned once, for any parameters. Else the server plans arrays that are shorter than it would guess
     * anew at each execution. For statements whose plan does not depend on what is asked. */
    bool plans_once;
    const struct co_pg_watch *watch; /* borrowed; NULL: nobody */
    void (*on_up)(void *arg);   /* connected (again); may run batches; may be NULL */
    void (*on_down)(void *arg); /* connection lost, after all its batches were reported; may be NULL */
    /* The server is there, and cannot be used as it is set up; the sentence says why. Instead of on_up; may be NULL. */
    void (*on_unfit)(void *arg, const char *why);
    void *arg;
};

/* Starts connecting. NULL: out of memory. */
struct co_pg *co_pg_open(const struct co_pg_options *options);

/* Reports everything in the air as CO_EDOWN, closes and frees after the loop has run again; *pg_p is
 * NULL afterwards. NULL is allowed. */
void co_pg_close(struct co_pg **pg_p);

bool co_pg_is_up(const struct co_pg *pg);
bool co_pg_is_idle(const struct co_pg *pg); /* up, and nothing in the air or waiting */

/* The address of this machine that the connection goes out from, as others on that network know it. False: there is none, as it is down,
 * or does not leave the machine. */
CO_MUST_CHECK bool co_pg_own_address(const struct co_pg *pg, char ret_address[static CO_PG_ADDRESS]);
/* Another process says which era it is in; drops connections to an older one, in the next turn of the loop. */
void co_pg_hear_era(struct co_pg_history *history, const char *era);

/* Drops the connection (its state is in doubt) and makes a new one; as if it had been lost. */
void co_pg_reset(struct co_pg *pg);

enum co_pg_mode {
    CO_PG_PLAIN = 0,  /* the batch is a transaction of its own, ended by the server at its end */
    CO_PG_BEGIN = 1,  /* BEGIN before the batch; without CO_PG_COMMIT the transaction stays open */
    CO_PG_COMMIT = 2, /* COMMIT after the batch, in the same flush */
    CO_PG_ROLLBACK = 4, /* ROLLBACK after the batch */
};

struct co_results {
    PGresult **item; /* one per statement of the batch; all NULL unless err is CO_OK */
    size_t count;
};
void co_results_free(struct co_results *results); /* leaves it empty */

struct co_pg_outcome {
    enum co_err err;
    /* CO_OK
     * CO_EDOWN      connection lost, server going down, out of disk or read-only: whether a COMMIT took
     *               effect is unknown; back off, look, repeat
     * CO_ECONFLICT  serialization failure, deadlock, lock or statement time-out: repeat
     * CO_EINPUT     the server refused a statement: see below
     * CO_ENOMEM, CO_EFULL  the batch was not sent */
    struct co_results *results; /* CO_OK only; whoever keeps them moves the struct out and empties it */
    size_t failed;              /* statement that failed; count of the batch where none in particular */
    char sqlstate[6];           /* "" where the server said nothing */
    const char *message;        /* of the server, "" where none; without parameters */
};

typedef void co_pg_done(void *arg, const struct co_pg_outcome *outcome);

/* Sends the batch, or queues it. The batch must stay unchanged until `done` is called, exactly once, never
 * from inside this call. After an error an open transaction has been rolled back. */
void co_pg_run(struct co_pg *pg, const struct co_batch *batch, unsigned mode, co_pg_done *done, void *arg);
