/* A partition as a file: written, read back, and only then detached. */
#include "archive.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "co_cli_sql.h"
#include "co_object.h"
#include "co_row.h"

enum { PAGE = 2000, NUMBER = 24, SQL = 512 };

struct export
{
    struct archive_db *a;
    const struct archive_partition *partition;
    struct co_archive_writer *writer;
    struct co_archive_manifest manifest;
    struct cli_progress progress;
    int lanes;
};

/* -- the database */

int archive_open(struct cli *cli, struct archive_db *ret)
{
    *ret = (struct archive_db){ .cli = cli };
    if (cli->database_url[0] == '\0')
        return cli_usage(cli, "which database: give --database-url or CALLOUT_DATABASE_URL");
    enum co_err err = co_tooldb_open(&ret->db, cli->database_url, &ret->why);
    return err == CO_OK ? CLI_OK : archive_fail(ret, err);
}

void archive_close(struct archive_db *a)
{
    co_tooldb_close(&a->db);
}

int archive_fail(const struct archive_db *a, enum co_err err)
{
    return cli_fail(a->cli, cli_exit_of(err), "%s",
                    a->why.text[0] == '\0' ? co_err_name(err) : a->why.text);
}

int archive_query(struct archive_db *a, int index, int n, const char *const *values, PGresult **ret)
{
    a->db.why = &a->why;
    enum co_err err = co_tooldb_query(&a->db, &co_cli_sql[index], n, values, ret);
    return err == CO_OK ? CLI_OK : archive_fail(a, err);
}

int archive_text(struct archive_db *a, const char *what, const char *sql)
{
    a->db.why = &a->why;
    enum co_err err = co_tooldb_run_text(&a->db, what, sql);
    return err == CO_OK ? CLI_OK : archive_fail(a, err);
}

/* -- reading a file */

struct watched {
    struct cli *cli;
    struct cli_progress progress;
    const char *path;
};

static void show_reading(void *arg, uint64_t done, uint64_t all)
{
    struct watched *w = arg;
    cli_progress_bar(w->cli, &w->progress, done, all, "reading %s", w->path);
}

/* The progress needs an argument of its own beside the caller's. */
struct relay {
    struct co_archive_reader reader;
    struct watched watched;
};

static enum co_err relay_entry(void *arg, const struct co_archive_entry *e)
{
    struct relay *r = arg;
    return r->reader.entry == NULL ? CO_OK : r->reader.entry(r->reader.arg, e);
}

static enum co_err relay_object(void *arg, const struct co_archive_object *o)
{
    struct relay *r = arg;
    return r->reader.object == NULL ? CO_OK : r->reader.object(r->reader.arg, o);
}

static void relay_progress(void *arg, uint64_t done, uint64_t all)
{
    struct relay *r = arg;
    show_reading(&r->watched, done, all);
}

int archive_read(struct cli *cli, const char *path, struct co_archive_reader reader,
                 struct co_archive_manifest *ret)
{
    struct co_why why = { "" };
    struct relay r = { reader, { .cli = cli, .path = path } };
    struct co_archive_reader own = { relay_entry, relay_object, relay_progress, &r };
    enum co_err err = co_archive_read(path, &own, ret, &why);
    cli_progress_end(cli, &r.watched.progress);
    if (err == CO_OK)
        return CLI_OK;
    if (why.text[0] == '\0')
        return cli_fail(cli, cli_exit_of(err), "%s: %s", path, co_err_name(err));
    return cli_fail(cli, access(path, F_OK) != 0 ? CLI_NOT_FOUND : cli_exit_of(err), "%s",
                    why.text);
}

/* -- writing one */

static int put_objects(struct export *x)
{
    PGresult *res = NULL;
    const char *kinds =
        cli_format(x->a->cli, "{%d,%d}", (int)CO_KIND_CALENDAR, (int)CO_KIND_POLICY);
    int code = archive_query(x->a, co_cli_sql_archive_objects, 1, &kinds, &res);
    enum co_err err = CO_OK;
    for (int row = 0; code == CLI_OK && err == CO_OK && row < PQntuples(res); row++) {
        const char *key = co_row_text(res, row, 1);
        err = co_archive_put_object(
            x->writer, &(struct co_archive_object){ .kind = co_row_int2(res, row, 0),
                                                    .since = co_row_int8(res, row, 2),
                                                    .until = co_row_int8(res, row, 3),
                                                    .key = key,
                                                    .key_len = strlen(key),
                                                    .body = co_row_bytes(res, row, 4) });
    }
    PQclear(res);
    return code == CLI_OK && err != CO_OK ? archive_fail(x->a, err) : code;
}

static int put_rows(struct export *x, int lane, const PGresult *res, int64_t *case_id, int64_t *seq)
{
    enum co_err err = CO_OK;
    for (int row = 0; err == CO_OK && row < PQntuples(res); row++) {
        struct co_archive_entry e = { .lane = lane,
                                      .case_id = *case_id = co_row_int8(res, row, 0),
                                      .seq = *seq = co_row_int8(res, row, 1),
                                      .at_us = co_row_us(res, row, 2),
                                      .kind = co_row_int2(res, row, 3),
                                      .body = co_row_bytes(res, row, 4) };
        x->manifest.inside += e.seq >= x->partition->low && e.seq < x->partition->high;
        err = co_archive_put_entry(x->writer, &e);
    }
    cli_progress_bar(x->a->cli, &x->progress, (size_t)x->manifest.inside,
                     (size_t)x->partition->entries, "writing journal.%s", x->partition->name);
    return err == CO_OK ? CLI_OK : archive_fail(x->a, err);
}

/* Entries of no case, or of the marked ones, page by page. */
static int put_pages(struct export *x, int lane, int statement)
{
    char text[5][NUMBER];
    int64_t case_id = 0, seq = x->partition->low - 1;
    bool is_loose = statement == co_cli_sql_archive_loose;
    int code = CLI_OK, rows = PAGE;
    while (code == CLI_OK && rows == PAGE) {
        PGresult *res = NULL;
        const int64_t loose[] = { lane, seq, x->partition->high, PAGE };
        const int64_t marked[] = { lane, x->partition->low, case_id, case_id == 0 ? 0 : seq, PAGE };
        const char *values[5];
        for (int i = 0; i < 5; i++) {
            int64_t value = is_loose ? (i < 4 ? loose[i] : 0) : marked[i];
            (void)snprintf(text[i], NUMBER, "%lld", (long long)value);
            values[i] = text[i];
        }
        code = archive_query(x->a, statement, is_loose ? 4 : 5, values, &res);
        if (code == CLI_OK) {
            rows = PQntuples(res);
            code = put_rows(x, lane, res, &case_id, &seq);
        }
        PQclear(res);
    }
    return code;
}

static int put_all(struct export *x)
{
    int code = put_objects(x);
    for (int lane = 0; code == CLI_OK && lane < x->lanes; lane++) {
        code = put_pages(x, lane, co_cli_sql_archive_loose);
        if (code == CLI_OK)
            code = put_pages(x, lane, co_cli_sql_archive_page);
    }
    cli_progress_end(x->a->cli, &x->progress);
    if (code == CLI_OK && x->manifest.inside != x->partition->entries)
        return cli_fail(x->a->cli, CLI_FAILED,
                        "journal.%s has %lld entries, and %lld were written: nothing was detached",
                        x->partition->name, (long long)x->partition->entries,
                        (long long)x->manifest.inside);
    return code;
}

static int write_file(struct export *x, const char *path, const struct co_sign_keys *keys)
{
    struct archive_db *a = x->a;
    if (access(path, F_OK) == 0)
        return cli_fail(a->cli, CLI_CONFLICT, "%s is there already: it is not written over", path);
    enum co_err err = co_archive_create(path, &x->writer, &a->why);
    if (err != CO_OK)
        return archive_fail(a, err);
    int code = put_all(x);
    if (code != CLI_OK) {
        co_archive_abandon(&x->writer);
        return code;
    }
    err = co_archive_finish(&x->writer, &x->manifest, keys, &a->why);
    return err == CO_OK ? CLI_OK : archive_fail(a, err);
}

/* What was just written is read from the file before anything goes. */
static int read_back(struct export *x, const char *path)
{
    struct co_archive_manifest m;
    int code = archive_read(x->a->cli, path, (struct co_archive_reader){ 0 }, &m);
    if (code != CLI_OK)
        return code;
    bool is_same = strcmp(m.digest, x->manifest.digest) == 0 && m.inside == x->manifest.inside &&
                   m.entries == x->manifest.entries;
    return is_same ? CLI_OK : cli_fail(x->a->cli, CLI_FAILED, "%s is not what was written", path);
}

static int detach(struct export *x, const char *path)
{
    struct archive_db *a = x->a;
    const struct archive_partition *p = x->partition;
    const char *slash = strrchr(path, '/');
    PGresult *res = NULL;
    const char *values[] = { cli_format(a->cli, "%lld", (long long)p->low),
                             cli_format(a->cli, "%lld", (long long)p->high),
                             slash == NULL ? path : slash + 1,
                             x->manifest.digest,
                             cli_format(a->cli, "%lld", (long long)p->entries),
                             cli_format(a->cli, "%lld", (long long)x->manifest.cases) };
    int code = archive_query(a, co_cli_sql_archive_note, 6, values, &res);
    PQclear(res);
    char *name = PQescapeIdentifier(a->db.conn, p->name, strlen(p->name));
    char sql[SQL];
    if (code == CLI_OK && name == NULL)
        code = archive_fail(a, CO_ENOMEM);
    (void)snprintf(sql, sizeof(sql),
                   "ALTER TABLE journal.entry DETACH PARTITION journal.%s;"
                   "DROP TABLE journal.%s; COMMIT",
                   name == NULL ? "" : name, name == NULL ? "" : name);
    PQfreemem(name);
    return code == CLI_OK ? archive_text(a, "detach", sql) : code;
}

static int begin(struct export *x)
{
    struct archive_db *a = x->a;
    PGresult *res = NULL;
    const char *values[] = { cli_format(a->cli, "%lld", (long long)x->partition->low),
                             cli_format(a->cli, "%lld", (long long)x->partition->high) };
    int code = archive_text(a, "begin", "BEGIN; SET LOCAL lock_timeout = '5s'");
    if (code == CLI_OK)
        code = archive_query(a, co_cli_sql_archive_facts, 0, NULL, &res);
    if (code != CLI_OK)
        return code;
    x->manifest.made_us = co_row_us(res, 0, 0);
    x->lanes = co_row_int2(res, 0, 1);
    PQclear(res);
    code = archive_query(a, co_cli_sql_archive_mark, 2, values, &res);
    if (code != CLI_OK)
        return code;
    x->manifest.cases = co_row_int8(res, 0, 0);
    PQclear(res);
    /* The order of the index is the order that is wanted. */
    return archive_text(a, "session",
                        "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off;"
                        "SET LOCAL enable_sort = off; SET LOCAL jit = off");
}

int archive_export(struct archive_db *a, const struct archive_partition *p, const char *dir,
                   const struct co_sign_keys *keys)
{
    struct stat st;
    struct export x = { .a = a, .partition = p, .manifest = { .low = p->low, .high = p->high } };
    if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode))
        return cli_fail(a->cli, CLI_NOT_FOUND, "%s is no directory", dir);
    const char *path = cli_format(a->cli, "%s/journal-%lld-%lld.callout-archive", dir,
                                  (long long)p->low, (long long)p->high - 1);
    int code = begin(&x);
    if (code == CLI_OK)
        code = write_file(&x, path, keys);
    bool is_written = code == CLI_OK;
    if (code == CLI_OK)
        code = read_back(&x, path);
    if (code == CLI_OK)
        code = detach(&x, path);
    if (code != CLI_OK) {
        /* A file without its detaching would be in the way next time. */
        PQclear(PQexec(a->db.conn, "ROLLBACK"));
        if (is_written && PQstatus(a->db.conn) == CONNECTION_OK)
            (void)unlink(path);
        return code;
    }
    (void)fprintf(a->cli->out, "archived journal.%s: %lld entries of %lld cases in %s\n", p->name,
                  (long long)p->entries, (long long)x.manifest.cases, path);
    return CLI_OK;
}
