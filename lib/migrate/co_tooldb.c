#include "co_tooldb.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "co_migrate_sql.h"

/* The server's message in one line; `result` may be NULL. */
static enum co_err fail(const struct co_tooldb *db, const char *what, const PGresult *result)
{
    static const char lock_not_available[] = "55P03";
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    bool is_locked = state != NULL && strcmp(state, lock_not_available) == 0;
    char text[CO_WHY_TEXT];
    (void)snprintf(text, sizeof(text), "%s", PQerrorMessage(db->conn));
    for (char *c = text; *c != '\0'; c++)
        if (*c == '\n' || *c == '\t')
            *c = c[1] == '\0' ? '\0' : ' ';
    co_why_set(db->why, "%s: %s", what, text);
    return PQstatus(db->conn) == CONNECTION_OK && !is_locked ? CO_EINPUT : CO_EDOWN;
}

static void ignore_notice(void *arg, const char *message)
{
    (void)arg;
    (void)message;
}

enum co_err co_tooldb_open(struct co_tooldb *db, const char *url, struct co_why *why)
{
    const char *keywords[] = { "connect_timeout", "fallback_application_name", "dbname", NULL };
    const char *values[] = { "10", "callout", url, NULL };
    *db = (struct co_tooldb){ .conn = PQconnectdbParams(keywords, values, 1), .why = why };
    if (db->conn == NULL)
        return CO_ENOMEM;
    PQsetNoticeProcessor(db->conn, ignore_notice, NULL);
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
