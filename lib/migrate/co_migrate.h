/* co_migrate.h - brings a database to the schema of this release, one numbered file after the
 * other.
 *
 * What was applied is kept in callout_meta.migration (service, number, name, applied_at, sha256). A
 * file that was applied is never changed: a further file is added. Blocking libpq calls: for tools.
 *
 * The list comes from callout_add_migrations() (cmake/CalloutMigrations.cmake).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_err.h"
#include "co_why.h"

struct co_migration {
    const char *service;
    int number; /* within the service */
    const char *name;
    const char *sql; /* any number of statements; no BEGIN, no COMMIT */
};

enum co_migrate_news {
    CO_MIGRATE_WAITS,   /* another run is at work; `m` is NULL */
    CO_MIGRATE_PRESENT, /* was applied earlier */
    CO_MIGRATE_MISSING, /* with `check`: is not applied */
    CO_MIGRATE_STARTS,
    CO_MIGRATE_BUSY, /* somebody uses its tables; tried again in a moment. Each time */
    CO_MIGRATE_APPLIED, /* is committed; took_us says how long it took */
};

/* A value that schema files read once with current_setting('callout.NAME', true). */
struct co_migrate_setting {
    const char *name; /* "callout.lanes" */
    const char *value;
};

struct co_migrate {
    const char *database_url; /* connection string or URI, of the role that shall own the schema */
    const struct co_migration *list; /* in the order in which they are applied */
    size_t count;
    const struct co_migrate_setting *settings;
    size_t settings_count;
    bool check; /* only say what is missing; writes nothing */
    void (*tell)(void *arg, enum co_migrate_news news, const struct co_migration *m,
                 int64_t took_us);
    void (*warn)(void *arg, const char *text); /* what a file warns of; NULL: nobody */
    void *arg;
};

/* Applies what is missing, each file in a transaction of its own, and leaves the files before a
 * failing one applied. A file does not wait longer than 2 s for a lock, as all who come after it
 * would wait behind it: it is tried again, for 10 min. Two runs at the same time wait for each other. `*ret_count` counts the files
 * applied (with `check`: missing), also on failure.
 *   CO_EDOWN      the database cannot be reached, or the connection was lost: run it again
 *   CO_ECONFLICT  an applied file was changed since, or the database has files this release lacks
 *   CO_EINPUT     the server refused a statement
 *   CO_ENOMEM */
CO_MUST_CHECK enum co_err co_migrate_run(const struct co_migrate *migrate, size_t *ret_count,
                                         struct co_why *why);
