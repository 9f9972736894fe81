#include "co_migrate.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "co_migrate_sql.h"
#include "co_time.h"
#include "co_tooldb.h"

enum { HASH_TEXT = 65, PATIENCE_S = 600, PAUSE_S = 1 };

struct run {
    const struct co_migrate *migrate;
    struct co_tooldb db;
    PGresult *applied; /* rows of read_applied.sql; NULL: nothing was ever applied */
    size_t done;
};

static int64_t mono_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * CO_SECOND_US + t.tv_nsec / 1000;
}

static void hash_text(const char *sql, char text[static HASH_TEXT])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)sql, strlen(sql));
    sodium_bin2hex(text, HASH_TEXT, hash, sizeof(hash));
}

static void tell(const struct run *r, enum co_migrate_news news, const struct co_migration *m,
                 int64_t took_us)
{
    if (r->migrate->tell != NULL)
        r->migrate->tell(r->migrate->arg, news, m, took_us);
}

static enum co_err ask_bool(struct run *r, int index, bool *ret_yes)
{
    PGresult *result = NULL;
    enum co_err err = co_tooldb_run(&r->db, index, 0, NULL, &result);
    if (err == CO_OK)
        *ret_yes = PQntuples(result) == 1 && PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    return err;
}

static enum co_err take_lock(struct run *r)
{
    bool got = false;
    enum co_err err = ask_bool(r, co_migrate_sql_try_lock, &got);
    if (err != CO_OK || got)
        return err;
    tell(r, CO_MIGRATE_WAITS, NULL, 0);
    return co_tooldb_run(&r->db, co_migrate_sql_lock, 0, NULL, NULL);
}

static enum co_err set_settings(struct run *r)
{
    for (size_t i = 0; i < r->migrate->settings_count; i++) {
        const struct co_migrate_setting *s = &r->migrate->settings[i];
        const char *values[] = { s->name, s->value };
        enum co_err err = co_tooldb_run(&r->db, co_migrate_sql_set_setting, 2, values, NULL);
        if (err != CO_OK)
            return err;
    }
    return CO_OK;
}

/* Makes the list of applied files unless only checking. */
static enum co_err begin(struct run *r)
{
    if (r->migrate->check)
        return CO_OK;
    enum co_err err = take_lock(r);
    if (err == CO_OK)
        err = set_settings(r);
    if (err == CO_OK)
        err = co_tooldb_run(&r->db, co_migrate_sql_make_schema, 0, NULL, NULL);
    if (err == CO_OK)
        err = co_tooldb_run(&r->db, co_migrate_sql_make_table, 0, NULL, NULL);
    return err;
}

static enum co_err read_applied(struct run *r)
{
    bool has = false;
    enum co_err err = ask_bool(r, co_migrate_sql_has_table, &has);
    if (err != CO_OK || !has)
        return err;
    return co_tooldb_run(&r->db, co_migrate_sql_read_applied, 0, NULL, &r->applied);
}

/* Row of the list of applied files, -1 when it is not there. */
static int find_applied(const struct run *r, const char *service, int number)
{
    int rows = r->applied == NULL ? 0 : PQntuples(r->applied);
    for (int row = 0; row < rows; row++)
        if (strcmp(PQgetvalue(r->applied, row, 0), service) == 0 &&
            atoi(PQgetvalue(r->applied, row, 1)) == number)
            return row;
    return -1;
}

static bool is_listed(const struct co_migrate *m, const char *service, int number)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->list[i].number == number && strcmp(m->list[i].service, service) == 0)
            return true;
    return false;
}

/* Refuses before anything is changed. */
static enum co_err compare(const struct run *r)
{
    int rows = r->applied == NULL ? 0 : PQntuples(r->applied);
    for (int row = 0; row < rows; row++) {
        const char *service = PQgetvalue(r->applied, row, 0);
        int number = atoi(PQgetvalue(r->applied, row, 1));
        if (!is_listed(r->migrate, service, number)) {
            co_why_set(r->db.why,
                       "the database is newer than this program: %s %04d_%s was applied to it",
                       service, number, PQgetvalue(r->applied, row, 2));
            return CO_ECONFLICT;
        }
    }
    for (size_t i = 0; i < r->migrate->count; i++) {
        const struct co_migration *m = &r->migrate->list[i];
        int row = find_applied(r, m->service, m->number);
        char hash[HASH_TEXT];
        hash_text(m->sql, hash);
        if (row >= 0 && strcmp(PQgetvalue(r->applied, row, 3), hash) != 0) {
            co_why_set(r->db.why,
                       "%s %04d_%s was changed after it was applied; put the old text back and add "
                       "a further file",
                       m->service, m->number, m->name);
            return CO_ECONFLICT;
        }
    }
    return CO_OK;
}

static enum co_err record(struct run *r, const struct co_migration *m)
{
    char number[16];
    char hash[HASH_TEXT];
    (void)snprintf(number, sizeof(number), "%d", m->number);
    hash_text(m->sql, hash);
    const char *values[] = { m->service, number, m->name, hash };
    return co_tooldb_run(&r->db, co_migrate_sql_record, 4, values, NULL);
}

static enum co_err apply_once(struct run *r, const struct co_migration *m)
{
    char what[CO_WHY_TEXT];
    (void)snprintf(what, sizeof(what), "%s %04d_%s", m->service, m->number, m->name);
    enum co_err err = co_tooldb_run_text(&r->db, what, "BEGIN; SET LOCAL lock_timeout = '2s'");
    if (err == CO_OK)
        err = co_tooldb_run_text(&r->db, what, m->sql);
    if (err == CO_OK && PQtransactionStatus(r->db.conn) != PQTRANS_INTRANS) {
        co_why_set(r->db.why, "%s ends its own transaction", what);
        return CO_EINPUT;
    }
    if (err == CO_OK)
        err = record(r, m);
    return err == CO_OK ? co_tooldb_run_text(&r->db, what, "COMMIT") : err;
}

/* A dump or a long query holds a table that the file changes; the connection is well. */
static bool is_in_use(const struct run *r, enum co_err err)
{
    return err == CO_EDOWN && PQstatus(r->db.conn) == CONNECTION_OK;
}

static enum co_err apply(struct run *r, const struct co_migration *m)
{
    tell(r, CO_MIGRATE_STARTS, m, 0);
    int64_t start_us = mono_us();
    enum co_err err = apply_once(r, m);
    while (is_in_use(r, err) && mono_us() - start_us < PATIENCE_S * CO_SECOND_US) {
        if (co_tooldb_run_text(&r->db, "ROLLBACK", "ROLLBACK") != CO_OK)
            return CO_EDOWN;
        tell(r, CO_MIGRATE_BUSY, m, mono_us() - start_us);
        (void)sleep(PAUSE_S);
        err = apply_once(r, m);
    }
    if (err == CO_OK)
        tell(r, CO_MIGRATE_APPLIED, m, mono_us() - start_us);
    return err;
}

static enum co_err walk(struct run *r)
{
    for (size_t i = 0; i < r->migrate->count; i++) {
        const struct co_migration *m = &r->migrate->list[i];
        bool is_there = find_applied(r, m->service, m->number) >= 0;
        enum co_err err = CO_OK;
        if (is_there)
            tell(r, CO_MIGRATE_PRESENT, m, 0);
        else if (r->migrate->check)
            tell(r, CO_MIGRATE_MISSING, m, 0);
        else
            err = apply(r, m);
        if (err != CO_OK)
            return err;
        r->done += !is_there;
    }
    return CO_OK;
}

static void on_notice(void *arg, const PGresult *result)
{
    const struct run *r = arg;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (r->migrate->warn != NULL && text != NULL && severity != NULL && strcmp(severity, "WARNING") == 0)
        r->migrate->warn(r->migrate->arg, text);
}

enum co_err co_migrate_run(const struct co_migrate *migrate, size_t *ret_count, struct co_why *why)
{
    struct run r = { .migrate = migrate };
    enum co_err err = co_tooldb_open(&r.db, migrate->database_url, why);
    if (err == CO_OK) {
        (void)PQsetNoticeReceiver(r.db.conn, on_notice, &r);
        err = begin(&r);
    }
    if (err == CO_OK)
        err = read_applied(&r);
    if (err == CO_OK)
        err = compare(&r);
    if (err == CO_OK)
        err = walk(&r);
    PQclear(r.applied);
    co_tooldb_close(&r.db);
    *ret_count = r.done;
    return err;
}
