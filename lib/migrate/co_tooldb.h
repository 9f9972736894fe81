/* co_tooldb.h - a database connection of a tool, with blocking calls. For
 * commands only, never for daemons. */
#pragma once

#include <libpq-fe.h>

#include "co_err.h"
#include "co_sql.h"
#include "co_why.h"

struct co_tooldb {
    PGconn *conn;
    struct co_why *why; /* set by whatever fails below */
};

/* Of several hosts each is looked at, one that does not answer for connect_timeout (5 s), and the writable one of the newest timeline is
 * taken; with a target_session_attrs for anything else libpq chooses by that. CO_EDOWN: cannot be reached; CO_ENOMEM. To be
 * closed also then. */
CO_MUST_CHECK enum co_err co_tooldb_open(struct co_tooldb *db, const char *url, struct co_why *why);
void co_tooldb_close(struct co_tooldb *db);

/* Runs statement `index` of co_migrate_sql; *ret_result, if wanted, is the caller's. CO_EINPUT: the
 * server refused it; CO_EDOWN: the connection is lost. */
CO_MUST_CHECK enum co_err co_tooldb_run(struct co_tooldb *db, int index, int n,
                                        const char *const *values, PGresult **ret_result);

/* Runs any statement; parameters are texts, results binary, for co_row.h. Errors as above. */
CO_MUST_CHECK enum co_err co_tooldb_query(struct co_tooldb *db, const struct co_sql *sql, int n,
                                          const char *const *values, PGresult **ret_result);

/* Runs a text of any number of statements; `what` begins the sentence about a failure. */
CO_MUST_CHECK enum co_err co_tooldb_run_text(struct co_tooldb *db, const char *what,
                                             const char *sql);
