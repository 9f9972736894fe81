/* Begins a session: how we connect, what the server is, and our settings of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_io_sql.h"
#include "co_pg_internal.h"

enum { STATEMENT_MS = 30000, LOCK_MS = 10000, NUMBER_TEXT = 16 };

void co_pg_session_params(const struct co_pg *pg, struct co_pg_params *ret_params)
{
    co_pg_params_init(ret_params, pg->info);
    co_pg_params_set(ret_params, "application_name", pg->options.application);
    co_pg_params_set(ret_params, "target_session_attrs", "any"); /* open_session.sql says what it is */
    co_pg_params_default(ret_params, "keepalives_idle", "10");
    co_pg_params_default(ret_params, "keepalives_interval", "5");
    co_pg_params_default(ret_params, "keepalives_count", "3");
    co_pg_params_default(ret_params, "tcp_user_timeout", "10000");
}

/* A plan that is made once, while a table is small, must not read all of it for ever. */
bool co_pg_session_open(struct co_pg *pg)
{
    const struct co_pg_options *o = &pg->options;
    char statement_ms[NUMBER_TEXT], lock_ms[NUMBER_TEXT];
    (void)snprintf(statement_ms, sizeof(statement_ms), "%d", o->statement_timeout_ms == 0 ? STATEMENT_MS : o->statement_timeout_ms);
    (void)snprintf(lock_ms, sizeof(lock_ms), "%d", o->lock_timeout_ms == 0 ? LOCK_MS : o->lock_timeout_ms);
    const char *values[] = { statement_ms, lock_ms, o->plans_once ? "force_generic_plan" : "auto", o->plans_once ? "off" : "on",
                             o->role == NULL ? "none" : o->role };
    pg->is_in_doubt = false;
    return PQsendQueryParams(pg->conn, co_io_sql[co_io_sql_open_session].text, 5, NULL, values, NULL, NULL, 0) == 1 &&
           PQflush(pg->conn) == 0; /* a few hundred bytes on a fresh connection */
}

static const char READ_ONLY[] = "a standby, or read-only";

/* A standby says the timeline of its last restartpoint, which may be an older one though it follows the newest. */
static bool is_of_the_past(struct co_pg *pg, const PGresult *res, bool is_writable)
{
    static const char PAST[] = "a primary of the past: another server was promoted meanwhile; restart this process where that one is given up";
    const char *system = PQgetvalue(res, 0, 2);
    pg->timeline = strtoll(PQgetvalue(res, 0, 3), NULL, 10);
    pg->has_met = true;
    switch (co_pg_history_meet(pg->history, system, pg->timeline)) {
    case CO_PG_OTHER:
        co_pg_connect_pass_over(pg, "another database system than the one this process began with; restart it where that is meant");
        return true;
    case CO_PG_OLDER:
        co_pg_connect_pass_over(pg, is_writable ? PAST : READ_ONLY);
        return true;
    case CO_PG_NEWER:
        co_pg_leave_older(pg->history);
        return false;
    case CO_PG_SAME:
        return false;
    }
    return false;
}

static void judge(struct co_pg *pg, const PGresult *res)
{
    if (PQresultStatus(res) != PGRES_TUPLES_OK || PQntuples(res) != 1) {
        const char *text = PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY);
        co_pg_connect_pass_over(pg, text != NULL ? text : PQerrorMessage(pg->conn));
        return;
    }
    bool is_writable = strcmp(PQgetvalue(res, 0, 1), "t") == 0;
    if (is_of_the_past(pg, res, is_writable))
        return;
    bool is_pooled = atoi(PQgetvalue(res, 0, 0)) != PQbackendPID(pg->conn);
    if (!is_writable)
        co_pg_connect_pass_over(pg, READ_ONLY);
    else if (pg->is_in_doubt)
        co_pg_connect_pass_over(pg, pg->message);
    else if (pg->is_survey)
        co_pg_connect_pass_over(pg, "the others are looked at first");
    else if (is_pooled && !pg->history->is_pooler_known && pg->options.on_unfit != NULL)
        co_pg_pooler_check(pg);
    else
        co_pg_connect_up(pg);
}

void co_pg_session_ready(struct co_pg *pg)
{
    if (PQconsumeInput(pg->conn) == 0) {
        co_pg_connect_pass_over(pg, PQerrorMessage(pg->conn));
        return;
    }
    while (!PQisBusy(pg->conn)) {
        PGresult *more = PQgetResult(pg->conn);
        if (more == NULL) { /* all of it: the transaction has ended, on the standby, too */
            PGresult *res = pg->greeting;
            pg->greeting = NULL;
            judge(pg, res);
            PQclear(res);
            return;
        }
        PQclear(pg->greeting);
        pg->greeting = more;
    }
}
