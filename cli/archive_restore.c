/* A file back as a partition of the journal. */
#include "archive.h"

#include <stdlib.h>
#include <string.h>

#include "co_cli_sql.h"

enum { SQL = 512, ROW = 70 };

#define POSTGRES_EPOCH_US INT64_C(946684800000000) /* 2000-01-01, where its times begin */

struct restore {
    struct archive_db *a;
    int64_t low, high, put;
};

static uint8_t *put(uint8_t *to, uint64_t x, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[i] = (uint8_t)(x >> (8 * (bytes - 1 - i)));
    return to + bytes;
}

static uint8_t *put_field(uint8_t *to, uint64_t x, unsigned bytes)
{
    return put(put(to, bytes, 4), x, bytes);
}

/* A row of COPY's binary format: lane, seq, at, case_id, kind, body. */
static enum co_err copy_entry(void *arg, const struct co_archive_entry *e)
{
    struct restore *r = arg;
    uint8_t row[ROW], *at = put(row, 6, 2);
    if (e->seq < r->low || e->seq >= r->high)
        return CO_OK; /* of its cases, and never left the journal with this file */
    at = put_field(at, (uint64_t)e->lane, 2);
    at = put_field(at, (uint64_t)e->seq, 8);
    at = put_field(at, (uint64_t)(e->at_us - POSTGRES_EPOCH_US), 8);
    at = put_field(at, (uint64_t)e->case_id, 8);
    at = put_field(at, (uint64_t)e->kind, 2);
    at = put(at, e->body.len, 4);
    r->put++;
    PGconn *conn = r->a->db.conn;
    bool is_sent = PQputCopyData(conn, (const char *)row, (int)(at - row)) == 1 &&
                   (e->body.len == 0 || PQputCopyData(conn, e->body.data, (int)e->body.len) == 1);
    return is_sent ? CO_OK : CO_EDOWN;
}

static int end_copy(struct restore *r, bool is_whole)
{
    PGconn *conn = r->a->db.conn;
    static const char trailer[] = { '\xff', '\xff' };
    bool is_sent = is_whole && PQputCopyData(conn, trailer, sizeof(trailer)) == 1;
    (void)PQputCopyEnd(conn, is_sent ? NULL : "the file could not be read");
    PGresult *res = PQgetResult(conn);
    bool is_fine = is_sent && PQresultStatus(res) == PGRES_COMMAND_OK;
    PQclear(res);
    PQclear(PQgetResult(conn));
    return is_fine || !is_whole ? CLI_OK
                                : cli_fail(r->a->cli, CLI_FAILED, "%s", PQerrorMessage(conn));
}

static int copy(struct restore *r, const char *path, const char *table)
{
    /* Signature, flags, length of the extension: 19 bytes with the NUL of the literal. */
    static const char head[] = "PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0";
    struct archive_db *a = r->a;
    struct co_archive_manifest m;
    char sql[SQL];
    (void)snprintf(
        sql, sizeof(sql),
        "COPY journal.%s (lane, seq, at, case_id, kind, body) FROM STDIN (FORMAT binary)", table);
    PGresult *res = PQexec(a->db.conn, sql);
    bool is_begun = PQresultStatus(res) == PGRES_COPY_IN;
    PQclear(res);
    if (!is_begun || PQputCopyData(a->db.conn, head, sizeof(head)) != 1)
        return cli_fail(a->cli, CLI_FAILED, "copy: %s", PQerrorMessage(a->db.conn));
    int code =
        archive_read(a->cli, path, (struct co_archive_reader){ .entry = copy_entry, .arg = r }, &m);
    int ended = end_copy(r, code == CLI_OK);
    return code != CLI_OK ? code : ended;
}

static int forget(struct restore *r, const struct co_archive_manifest *m, const char *path)
{
    PGresult *res = NULL;
    const char *values[] = { cli_format(r->a->cli, "%lld", (long long)m->low), m->digest };
    int code = archive_query(r->a, co_cli_sql_archive_forget, 2, values, &res);
    if (code != CLI_OK)
        return code;
    bool was_there = PQntuples(res) == 1;
    PQclear(res);
    return was_there ? CLI_OK
                     : cli_fail(r->a->cli, CLI_CONFLICT,
                                "%s is no archive of this database, or is back in it already: "
                                "callout archive list",
                                path);
}

static int put_back(struct restore *r, const struct co_archive_manifest *m, const char *path)
{
    char table[ARCHIVE_NAME], sql[SQL];
    (void)snprintf(table, sizeof(table), "entry_from_%lld", (long long)m->low);
    int code = archive_text(r->a, "begin", "BEGIN; SET LOCAL lock_timeout = '5s'");
    if (code == CLI_OK)
        code = forget(r, m, path);
    (void)snprintf(sql, sizeof(sql), "CREATE TABLE journal.%s (LIKE journal.entry INCLUDING ALL)",
                   table);
    if (code == CLI_OK)
        code = archive_text(r->a, "restore", sql);
    if (code == CLI_OK)
        code = copy(r, path, table);
    if (code == CLI_OK && r->put != m->inside)
        code = cli_fail(r->a->cli, CLI_FAILED, "%s: %lld entries, and its manifest says %lld", path,
                        (long long)r->put, (long long)m->inside);
    (void)snprintf(sql, sizeof(sql),
                   "ALTER TABLE journal.entry ATTACH PARTITION journal.%s FOR VALUES FROM (%lld) "
                   "TO (%lld); COMMIT",
                   table, (long long)m->low, (long long)m->high);
    return code == CLI_OK ? archive_text(r->a, "attach", sql) : code;
}

int archive_restore(struct archive_db *a, const char *path)
{
    struct co_archive_manifest m;
    int code = archive_read(a->cli, path, (struct co_archive_reader){ 0 }, &m);
    if (code != CLI_OK)
        return code;
    struct restore r = { .a = a, .low = m.low, .high = m.high };
    code = put_back(&r, &m, path);
    if (code != CLI_OK) {
        PQclear(PQexec(a->db.conn, "ROLLBACK"));
        return code;
    }
    (void)fprintf(a->cli->out, "%lld entries are back in the journal; the file may stay\n",
                  (long long)r.put);
    return CLI_OK;
}
