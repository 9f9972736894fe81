#include "co_maintain.h"

#include <stdio.h>
#include <stdlib.h>

#include "co_migrate_sql.h"
#include "co_tooldb.h"

enum { NAME, LOW, HIGH, MOVED };

static int64_t number_at(const PGresult *rows, int row, int column)
{
    return strtoll(PQgetvalue(rows, row, column), NULL, 10);
}

enum co_err co_maintain_partitions(const char *database_url, int64_t ahead,
                                   void (*tell)(void *arg, const struct co_maintain_partition *p),
                                   void *arg, struct co_why *why)
{
    char text[32];
    const char *values[] = { text };
    struct co_tooldb db;
    PGresult *rows = NULL;
    (void)snprintf(text, sizeof(text), "%lld", (long long)ahead);
    enum co_err err = co_tooldb_open(&db, database_url, why);
    if (err == CO_OK)
        err = co_tooldb_run(&db, co_migrate_sql_make_partitions, 1, values, &rows);
    for (int row = 0; err == CO_OK && row < PQntuples(rows); row++)
        tell(arg, &(struct co_maintain_partition){ .name = PQgetvalue(rows, row, NAME),
                                                   .low = number_at(rows, row, LOW),
                                                   .high = number_at(rows, row, HIGH),
                                                   .moved = number_at(rows, row, MOVED) });
    PQclear(rows);
    co_tooldb_close(&db);
    return err;
}
