/* Sends one batch as a pipeline and takes its results apart. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_io_sql.h"
#include "co_pg_internal.h"

static bool is_prepared(const struct co_pg *pg, const struct co_sql *sql)
{
    for (size_t i = 0; i < pg->prepared_count; i++)
        if (pg->prepared[i] == sql)
            return true;
    return false;
}

static bool note_prepared(struct co_pg *pg, const struct co_sql *sql)
{
    if (pg->prepared_count == pg->prepared_cap) {
        size_t cap = pg->prepared_cap == 0 ? 32 : pg->prepared_cap * 2;
        const struct co_sql **grown = realloc(pg->prepared, cap * sizeof(*grown));
        if (grown == NULL)
            return false;
        pg->prepared = grown;
        pg->prepared_cap = cap;
    }
    pg->prepared[pg->prepared_count++] = sql;
    return true;
}

void co_pg_exec_forget(struct co_pg *pg)
{
    pg->prepared_count = 0;
}

static bool expect(struct co_pg *pg, enum co_pg_step step, const struct co_sql *sql, size_t index)
{
    if (pg->expected_count == pg->expected_cap) {
        size_t cap = pg->expected_cap == 0 ? 16 : pg->expected_cap * 2;
        struct co_pg_expected *grown = realloc(pg->expected, cap * sizeof(*grown));
        if (grown == NULL)
            return false;
        pg->expected = grown;
        pg->expected_cap = cap;
    }
    pg->expected[pg->expected_count++] = (struct co_pg_expected){ step, sql, index };
    return true;
}

/* Is it prepared, or will it be by a step of this very pipeline? */
static bool will_be_prepared(const struct co_pg *pg, const struct co_sql *sql)
{
    for (size_t i = 0; i < pg->expected_count; i++)
        if (pg->expected[i].step == STEP_PREPARE && pg->expected[i].sql == sql)
            return true;
    return is_prepared(pg, sql);
}

static bool send_word(struct co_pg *pg, enum co_pg_step step, const char *word)
{
    return expect(pg, step, NULL, 0) &&
           PQsendQueryParams(pg->conn, word, 0, NULL, NULL, NULL, NULL, 1) == 1;
}

static bool send_statement(struct co_pg *pg, const struct co_batch *batch, size_t i)
{
    struct co_batch_view v;
    co_batch_get(batch, i, &v);
    if (!will_be_prepared(pg, v.sql)) {
        if (!expect(pg, STEP_PREPARE, v.sql, i) ||
            PQsendPrepare(pg->conn, v.sql->name, v.sql->text, 0, NULL) != 1)
            return false;
    }
    return expect(pg, STEP_STATEMENT, v.sql, i) &&
           PQsendQueryPrepared(pg->conn, v.sql->name, v.count, v.values, v.lengths, v.formats, 1) == 1;
}

static bool send_job(struct co_pg *pg, const struct co_pg_job *job)
{
    bool ok = (job->mode & CO_PG_BEGIN) == 0 || send_word(pg, STEP_BEGIN, "BEGIN");
    for (size_t i = 0; ok && i < co_batch_count(job->batch); i++)
        ok = send_statement(pg, job->batch, i);
    if (ok && (job->mode & CO_PG_COMMIT) != 0)
        ok = send_word(pg, STEP_COMMIT, "COMMIT");
    if (ok && (job->mode & CO_PG_ROLLBACK) != 0)
        ok = send_word(pg, STEP_ROLLBACK, "ROLLBACK");
    return ok && PQpipelineSync(pg->conn) == 1;
}

static void tell_watch(const struct co_pg *pg, const struct co_pg_job *job, enum co_err err)
{
    const struct co_pg_watch *watch = pg->options.watch;
    size_t count = co_batch_count(job->batch);
    if (watch == NULL || pg->sent_ns == 0 || count == 0 || co_batch_err(job->batch) != CO_OK)
        return;
    struct co_batch_view v;
    co_batch_get(job->batch, 0, &v);
    if (count > 1 && v.sql == &co_io_sql[co_io_sql_move_cursor])
        co_batch_get(job->batch, 1, &v);
    watch->ran(watch->ctx, v.sql->name, err, (int64_t)((uv_hrtime() - pg->sent_ns) / 1000));
}

/* Takes the job at the head off the queue and tells its owner. */
static void finish(struct co_pg *pg, enum co_err err)
{
    struct co_pg_job *job = pg->head;
    pg->head = job->next;
    if (pg->head == NULL)
        pg->tail = NULL;
    tell_watch(pg, job, err);
    pg->in_air = false;
    pg->sent_ns = 0;

    struct co_results results = pg->results;
    pg->results = (struct co_results){ 0 };
    if (err != CO_OK)
        co_results_free(&results);
    struct co_pg_outcome outcome = { .err = err, .results = &results, .failed = pg->failed,
                                     .message = pg->message };
    memcpy(outcome.sqlstate, pg->sqlstate, sizeof(outcome.sqlstate));
    job->done(job->arg, &outcome);
    co_results_free(&results);
    free(job);
}

void co_pg_exec_abandon(struct co_pg *pg, enum co_err err)
{
    struct co_pg_job *last = pg->tail; /* what the owners queue meanwhile stays */
    bool more = pg->head != NULL;
    while (more && pg->head != NULL) { /* an owner may close us and so end the rest himself */
        more = pg->head != last;
        if (!pg->in_air)
            pg->sqlstate[0] = pg->message[0] = '\0';
        pg->failed = co_batch_count(pg->head->batch);
        finish(pg, err);
    }
}

static void flush(struct co_pg *pg)
{
    int left = PQflush(pg->conn);
    if (left < 0)
        co_pg_drop(pg, PQerrorMessage(pg->conn));
    else if (!co_pg_poll(pg, left > 0 ? UV_READABLE | UV_WRITABLE : UV_READABLE))
        co_pg_drop(pg, "cannot poll");
}

void co_pg_exec_next(struct co_pg *pg)
{
    if (pg->head == NULL || pg->in_air)
        return;
    if (pg->state != CO_PG_UP) {
        co_pg_exec_abandon(pg, CO_EDOWN);
        return;
    }
    struct co_pg_job *job = pg->head;
    pg->in_air = true;
    pg->err = CO_OK;
    pg->failed = co_batch_count(job->batch);
    pg->sqlstate[0] = pg->message[0] = '\0';
    pg->expected_count = pg->expected_next = 0;
    pg->rolling_back = false;

    enum co_err bad = co_batch_err(job->batch);
    if (bad == CO_OK && co_batch_count(job->batch) > 0) {
        pg->results.item = calloc(co_batch_count(job->batch), sizeof(PGresult *));
        pg->results.count = pg->results.item == NULL ? 0 : co_batch_count(job->batch);
        bad = pg->results.item == NULL ? CO_ENOMEM : CO_OK;
    }
    if (bad != CO_OK) {
        finish(pg, bad);
        co_pg_kick(pg);
    } else if (pg->sent_ns = uv_hrtime(), !send_job(pg, job)) {
        co_pg_drop(pg, PQerrorMessage(pg->conn));
    } else {
        flush(pg);
    }
}

/* SQLSTATE classes and codes, and what the caller should do about them. First match holds. */
static const struct {
    const char *prefix;
    enum co_err err;
} verdicts[] = {
    { "40001", CO_ECONFLICT }, { "40P01", CO_ECONFLICT }, { "55P03", CO_ECONFLICT },
    { "57014", CO_ECONFLICT }, { "57P", CO_EDOWN },       { "08", CO_EDOWN },
    { "53", CO_EDOWN },        { "58", CO_EDOWN },        { "25006", CO_EDOWN },
    { "25P03", CO_EDOWN },     { "26000", CO_EDOWN },     { "42P05", CO_EDOWN },
    { "", CO_EINPUT },
};

static enum co_err verdict_of(const char *sqlstate)
{
    for (size_t i = 0;; i++)
        if (strncmp(sqlstate, verdicts[i].prefix, strlen(verdicts[i].prefix)) == 0)
            return verdicts[i].err;
}

static void note_error(struct co_pg *pg, const PGresult *res, size_t index)
{
    if (pg->err != CO_OK)
        return;
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
    (void)snprintf(pg->sqlstate, sizeof(pg->sqlstate), "%s", state == NULL ? "" : state);
    (void)snprintf(pg->message, sizeof(pg->message), "%s", text == NULL ? "" : text);
    pg->err = state == NULL ? CO_EDOWN : verdict_of(state);
    pg->failed = index;
}

/* A commit that the server reports although no standby has it (a cancelled wait): not acknowledged. */
void co_pg_exec_notice(void *arg, const PGresult *res)
{
    struct co_pg *pg = arg;
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    const char *where = PQresultErrorField(res, PG_DIAG_SOURCE_FUNCTION);
    bool is_commit = state != NULL && strcmp(state, "01000") == 0 && where != NULL && strcmp(where, "SyncRepWaitForLSN") == 0;
    if (pg->state == CO_PG_OPENING && is_commit) {
        pg->is_in_doubt = true;
        (void)snprintf(pg->message, sizeof(pg->message), "the synchronous standby does not confirm");
    } else if (pg->in_air && is_commit && pg->err == CO_OK) {
        pg->err = CO_EDOWN;
        (void)snprintf(pg->sqlstate, sizeof(pg->sqlstate), "01000");
        (void)snprintf(pg->message, sizeof(pg->message), "committed here but not on the standby");
    }
}

static void take_result(struct co_pg *pg, PGresult *res)
{
    ExecStatusType status = PQresultStatus(res);
    if (pg->rolling_back || pg->expected_next >= pg->expected_count) {
        if (!pg->rolling_back && status == PGRES_FATAL_ERROR) /* the end of a transaction without COMMIT */
            note_error(pg, res, co_batch_count(pg->head->batch));
        PQclear(res);
        return;
    }
    struct co_pg_expected *e = &pg->expected[pg->expected_next];
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
        if (e->step == STEP_PREPARE && !note_prepared(pg, e->sql) && pg->err == CO_OK)
            pg->err = CO_ENOMEM;
        if (e->step == STEP_STATEMENT) {
            pg->results.item[e->index] = res;
            return;
        }
    } else if (status != PGRES_PIPELINE_ABORTED) {
        note_error(pg, res, e->index);
    }
    PQclear(res);
}

/* The pipeline's end. An open transaction that failed is rolled back before the owner is told. */
static void on_sync(struct co_pg *pg)
{
    PGTransactionStatusType status = PQtransactionStatus(pg->conn);
    bool keeps_open = (pg->head->mode & (CO_PG_BEGIN | CO_PG_COMMIT | CO_PG_ROLLBACK)) == CO_PG_BEGIN ||
                      pg->head->mode == CO_PG_PLAIN;
    bool must_roll_back = !pg->rolling_back && status != PQTRANS_IDLE && (pg->err != CO_OK || !keeps_open);
    if (must_roll_back) {
        pg->rolling_back = true;
        if (PQsendQueryParams(pg->conn, "ROLLBACK", 0, NULL, NULL, NULL, NULL, 1) != 1 ||
            PQpipelineSync(pg->conn) != 1)
            co_pg_drop(pg, PQerrorMessage(pg->conn));
        else
            flush(pg);
        return;
    }
    if (strcmp(pg->sqlstate, "26000") == 0 || strcmp(pg->sqlstate, "42P05") == 0) {
        co_pg_drop(pg, "somebody else has had our session: a pooler must keep sessions (PgBouncer: pool_mode = session)");
        return;
    }
    if (strcmp(pg->sqlstate, "25006") == 0 || strcmp(pg->sqlstate, "25P03") == 0) {
        co_pg_drop(pg, pg->message); /* not the primary any more, or the session was ended */
        return;
    }
    finish(pg, pg->err);
    if (pg->state == CO_PG_UP)
        co_pg_exec_next(pg);
}

void co_pg_exec_ready(struct co_pg *pg, int events)
{
    if ((events & UV_READABLE) != 0 && PQconsumeInput(pg->conn) == 0) {
        co_pg_drop(pg, PQerrorMessage(pg->conn));
        return;
    }
    if (PQflush(pg->conn) == 0)
        (void)co_pg_poll(pg, UV_READABLE);

    PGconn *conn = pg->conn;
    int empty = 0; /* a NULL ends each statement's results; two in a row: nothing more to read */
    while (pg->conn == conn && pg->state == CO_PG_UP && pg->in_air && !PQisBusy(conn) && empty < 2) {
        PGresult *res = PQgetResult(conn);
        if (res == NULL) {
            empty++;
            if (empty == 1)
                pg->expected_next++;
            continue;
        }
        empty = 0;
        if (PQresultStatus(res) == PGRES_PIPELINE_SYNC) {
            PQclear(res);
            on_sync(pg);
        } else {
            take_result(pg, res);
        }
    }
    if (pg->conn == conn && pg->state == CO_PG_UP && PQstatus(conn) == CONNECTION_BAD)
        co_pg_drop(pg, PQerrorMessage(conn));
}
