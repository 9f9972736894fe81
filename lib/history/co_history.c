#include "co_history_impl.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "co_assert.h"
#include "co_history_sql.h"
#include "co_number.h"
#include "co_row.h"

enum { SNAPSHOT = 64, PROGRESS_NS = 200000000 };

/* The order of the index is the order that is wanted, whatever statistics say of a small table. */
static const char session[] =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
    "SET LOCAL enable_sort = off; SET LOCAL max_parallel_workers_per_gather = 0;"
    "SET LOCAL jit = off";

struct co_history {
    struct co_tooldb db;
    char *url;
    char snapshot[SNAPSHOT];
    int64_t now_us;
    int lanes;
    int64_t first_case_id;
    int64_t last_case_id;
};

static enum co_err read_head(struct co_history *h)
{
    PGresult *res = NULL;
    enum co_err err =
        co_tooldb_query(&h->db, &co_history_sql[co_history_sql_read_head], 0, NULL, &res);
    if (err != CO_OK)
        return CO_EDOWN;
    co_assert(PQntuples(res) == 1);
    h->now_us = co_row_us(res, 0, 0);
    h->lanes = co_row_int2(res, 0, 1);
    (void)snprintf(h->snapshot, sizeof(h->snapshot), "%s", co_row_text(res, 0, 2));
    h->first_case_id = co_row_int8(res, 0, 3);
    h->last_case_id = co_row_int8(res, 0, 4);
    PQclear(res);
    return CO_OK;
}

enum co_err co_history_open(const char *url, struct co_history **ret_history, struct co_why *why)
{
    struct co_history *h = calloc(1, sizeof(*h));
    char *copy = strdup(url);
    if (h == NULL || copy == NULL) {
        free(h);
        free(copy);
        return CO_ENOMEM;
    }
    h->url = copy;
    enum co_err err = co_tooldb_open(&h->db, url, why);
    if (err == CO_OK)
        err = co_tooldb_run_text(&h->db, "begin", session);
    if (err == CO_OK)
        err = read_head(h);
    if (err != CO_OK) {
        co_history_close(h);
        return err == CO_EINPUT ? CO_EDOWN : err;
    }
    *ret_history = h;
    return CO_OK;
}

void co_history_close(struct co_history *h)
{
    if (h == NULL)
        return;
    co_tooldb_close(&h->db);
    free(h->url);
    free(h);
}

int64_t co_history_now_us(const struct co_history *h)
{
    return h->now_us;
}

enum co_err co_history_query(struct co_history *h, const struct co_sql *sql, int n,
                             const char *const *values, PGresult **ret_result, struct co_why *why)
{
    h->db.why = why;
    return co_tooldb_query(&h->db, sql, n, values, ret_result);
}

/* -- threads */

struct run {
    struct co_history *h;
    struct co_history_shared shared;
    _Atomic(int) lane; /* the next to be read */
    int lanes;         /* until here */
    _Atomic(unsigned) working;
};

struct worker {
    pthread_t thread;
    struct run *run;
    unsigned index;
    enum co_err err;
    struct co_why why;
};

/* The name of a snapshot cannot be a parameter; it comes from the server and is quoted. */
static enum co_err join(struct co_tooldb *db, const char *snapshot)
{
    char text[64 + 2 * SNAPSHOT];
    char *quoted = PQescapeLiteral(db->conn, snapshot, strlen(snapshot));
    if (quoted == NULL)
        return CO_ENOMEM;
    (void)snprintf(text, sizeof(text), "SET TRANSACTION SNAPSHOT %s", quoted);
    PQfreemem(quoted);
    enum co_err err = co_tooldb_run_text(db, "begin", session);
    return err == CO_OK ? co_tooldb_run_text(db, "snapshot", text) : err;
}

static enum co_err read_lanes(struct worker *w, struct co_tooldb *db, struct co_arena *arena)
{
    enum co_err err = CO_OK;
    int lane;
    while (err == CO_OK && (lane = atomic_fetch_add(&w->run->lane, 1)) < w->run->lanes)
        err = co_history_lane(&w->run->shared, db, arena, w->index, lane);
    return err;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct co_arena *arena = co_arena_new(CO_HISTORY_CASE_LIMIT_BYTES);
    struct co_tooldb db = { 0 };
    w->err = arena == NULL ? CO_ENOMEM : co_tooldb_open(&db, w->run->h->url, &w->why);
    if (w->err == CO_OK)
        w->err = join(&db, w->run->h->snapshot);
    if (w->err == CO_OK)
        w->err = read_lanes(w, &db, arena);
    if (w->err != CO_OK)
        atomic_store(&w->run->shared.is_over, true);
    co_tooldb_close(&db);
    co_arena_free(arena);
    atomic_fetch_sub(&w->run->working, 1);
    return NULL;
}

/* While one waits for the server another computes. */
static unsigned fitting(const struct run *r, unsigned wanted)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned n = wanted != 0 ? wanted : cores < 1 ? 2 : (unsigned)cores * 2;
    unsigned lanes = (unsigned)(r->lanes - atomic_load(&r->lane));
    if (n > lanes)
        n = lanes;
    return n > CO_HISTORY_WORKERS_MAX ? CO_HISTORY_WORKERS_MAX : n;
}

static unsigned permille(struct run *r)
{
    return (unsigned)(atomic_load(&r->shared.permille) / (uint64_t)r->lanes);
}

static void wait_for(struct run *r)
{
    const struct co_history_options *o = r->shared.options;
    const struct timespec pause = { 0, PROGRESS_NS / 10 };
    for (unsigned i = 0; atomic_load(&r->working) > 0; i++) {
        (void)nanosleep(&pause, NULL);
        if (o->progress != NULL && i % 10 == 9)
            o->progress(o->arg, atomic_load(&r->shared.entries), permille(r));
    }
}

enum co_err co_history_run(struct co_history *h, const struct co_history_options *options,
                           struct co_why *why)
{
    struct run r = { .h = h,
                     .shared = { .options = options,
                                 .first_case_id = h->first_case_id,
                                 .last_case_id = h->last_case_id },
                     .lanes = h->lanes };
    struct worker workers[CO_HISTORY_WORKERS_MAX];
    if (options->case_id != 0) {
        atomic_store(&r.lane, co_number_lane(options->case_id));
        r.lanes = atomic_load(&r.lane) + 1;
    }
    unsigned n = fitting(&r, options->workers), started = 0;
    enum co_err err = CO_OK;
    atomic_store(&r.working, n);
    for (; started < n; started++) {
        workers[started] = (struct worker){ .run = &r, .index = started };
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0)
            break;
    }
    if (started < n) {
        atomic_store(&r.shared.is_over, true);
        atomic_fetch_sub(&r.working, n - started);
        err = CO_ENOMEM;
    }
    wait_for(&r);
    for (unsigned i = 0; i < started; i++) {
        (void)pthread_join(workers[i].thread, NULL);
        if (err == CO_OK && workers[i].err != CO_OK) {
            err = workers[i].err == CO_EINPUT ? CO_EDOWN : workers[i].err;
            *why = workers[i].why;
        }
    }
    return err;
}
