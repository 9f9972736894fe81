#include "co_tooldb.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_migrate_sql.h"
#include "co_pg_places.h"

static void flatten(char *text)
{
    for (char *c = text; *c != '\0'; c++)
        if (*c == '\n' || *c == '\t')
            *c = c[1] == '\0' ? '\0' : ' ';
}

/* The server's message in one line; `result` may be NULL. */
static enum co_err fail(const struct co_tooldb *db, const char *what, const PGresult *result)
{
    static const char lock_not_available[] = "55P03", deadlock_detected[] = "40P01";
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    bool is_locked = state != NULL && (strcmp(state, lock_not_available) == 0 ||
                                       strcmp(state, deadlock_detected) == 0);
    char text[CO_WHY_TEXT];
    (void)snprintf(text, sizeof(text), "%s", PQerrorMessage(db->conn));
    flatten(text);
    co_why_set(db->why, "%s: %s", what, text);
    return PQstatus(db->conn) == CONNECTION_OK && !is_locked ? CO_EINPUT : CO_EDOWN;
}

static void ignore_notice(void *arg, const char *message)
{
    (void)arg;
    (void)message;
}

/* A server that was looked at. */
struct found {
    PGconn *conn;
    bool is_writable;
    int64_t timeline;
};

/* NULL place: as the connection string says. */
static PGconn *connect_to(const PQconninfoOption *info, const struct co_pg_place *place)
{
    struct co_pg_params params;
    co_pg_params_init(&params, info);
    co_pg_params_default(&params, "connect_timeout", place == NULL ? "10" : "5");
    co_pg_params_default(&params, "fallback_application_name", "callout");
    co_pg_params_set(&params, "host", place == NULL ? co_pg_option(info, "host") : place->host);
    co_pg_params_set(&params, "hostaddr", place == NULL ? co_pg_option(info, "hostaddr") : place->address);
    co_pg_params_set(&params, "port", place == NULL ? co_pg_option(info, "port") : place->port);
    if (place != NULL)
        co_pg_params_set(&params, "target_session_attrs", "any");
    PGconn *conn = PQconnectdbParams(params.keyword, params.value, 0);
    if (conn != NULL)
        PQsetNoticeProcessor(conn, ignore_notice, NULL);
    return conn;
}

/* Of several writable servers the one of the newest history: an old primary may have come back. */
static bool is_better(const struct found *a, const struct found *b)
{
    if (a->is_writable != b->is_writable)
        return a->is_writable;
    return a->timeline > b->timeline;
}

static void look_at(const PQconninfoOption *info, const struct co_pg_place *place, struct found *best, char *tried, size_t size)
{
    struct found f = { .conn = connect_to(info, place) };
    PGresult *res = PQstatus(f.conn) == CONNECTION_OK ? PQexec(f.conn, co_migrate_sql[co_migrate_sql_what_server].text) : NULL;
    size_t len = strlen(tried);
    if (PQresultStatus(res) != PGRES_TUPLES_OK) {
        (void)snprintf(tried + len, size - len, "%s%s", len > 0 ? "; " : "", f.conn == NULL ? "out of memory" : PQerrorMessage(f.conn));
        PQclear(res);
        PQfinish(f.conn);
        return;
    }
    f.is_writable = PQgetvalue(res, 0, 0)[0] == 't';
    f.timeline = strtoll(PQgetvalue(res, 0, 1), NULL, 10);
    PQclear(res);
    if (!f.is_writable)
        (void)snprintf(tried + len, size - len, "%s%.200s: a standby, or read-only", len > 0 ? "; " : "", place->host[0] != '\0' ? place->host : place->address);
    bool takes_it = best->conn == NULL || is_better(&f, best);
    PQfinish(takes_it ? best->conn : f.conn);
    if (takes_it)
        *best = f;
}

static enum co_err open_one_of(struct co_tooldb *db, const PQconninfoOption *info, const struct co_pg_place *places, size_t count)
{
    struct found best = { .conn = NULL };
    char tried[CO_WHY_TEXT - 64] = "";
    for (size_t i = 0; i < count; i++)
        look_at(info, &places[i], &best, tried, sizeof(tried));
    db->conn = best.conn;
    if (best.conn != NULL && best.is_writable)
        return CO_OK;
    flatten(tried);
    co_why_set(db->why, "cannot reach a database that may be written to: %.400s", tried);
    return CO_EDOWN;
}

static bool wants_primary(const PQconninfoOption *info)
{
    const char *attrs = co_pg_option(info, "target_session_attrs");
    return attrs == NULL || strcmp(attrs, "read-write") == 0 || strcmp(attrs, "primary") == 0;
}

enum co_err co_tooldb_open(struct co_tooldb *db, const char *url, struct co_why *why)
{
    struct co_pg_place places[CO_PG_PLACES];
    const char *wrong = NULL;
    PQconninfoOption *info = co_pg_info(url, &wrong);
    *db = (struct co_tooldb){ .why = why };
    if (info == NULL) {
        co_why_set(why, "cannot reach the database: %s", wrong == NULL ? "out of memory" : wrong);
        return wrong == NULL ? CO_ENOMEM : CO_EDOWN;
    }
    size_t count = co_pg_places(info, places);
    enum co_err err = CO_OK;
    if (count > 1 && wants_primary(info))
        err = open_one_of(db, info, places, count);
    else
        db->conn = connect_to(info, NULL);
    PQconninfoFree(info);
    if (err != CO_OK)
        return err;
    if (db->conn == NULL)
        return CO_ENOMEM;
    if (PQstatus(db->conn) == CONNECTION_OK)
        return co_tooldb_run_text(db, "session", "SET statement_timeout = 0");
    (void)fail(db, "cannot reach the database", NULL);
    return CO_EDOWN;
}

void co_tooldb_close(struct co_tooldb *db)
{
    PQfinish(db->conn);
    db->conn = NULL;
}

static enum co_err execute(struct co_tooldb *db, const struct co_sql *sql, int n,
                           const char *const *values, int format, PGresult **ret_result)
{
    PGresult *result = PQexecParams(db->conn, sql->text, n, NULL, values, NULL, NULL, format);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        enum co_err err = fail(db, sql->name, result);
        PQclear(result);
        return err;
    }
    if (ret_result != NULL)
        *ret_result = result;
    else
        PQclear(result);
    return CO_OK;
}

enum co_err co_tooldb_run(struct co_tooldb *db, int index, int n, const char *const *values,
                          PGresult **ret_result)
{
    return execute(db, &co_migrate_sql[index], n, values, 0, ret_result);
}

enum co_err co_tooldb_query(struct co_tooldb *db, const struct co_sql *sql, int n,
                            const char *const *values, PGresult **ret_result)
{
    return execute(db, sql, n, values, 1, ret_result);
}

enum co_err co_tooldb_run_text(struct co_tooldb *db, const char *what, const char *sql)
{
    PGresult *result = PQexec(db->conn, sql);
    ExecStatusType status = PQresultStatus(result);
    bool is_fine =
        status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
    enum co_err err = is_fine ? CO_OK : fail(db, what, result);
    PQclear(result);
    return err;
}
