/* Rows of sla.case, their states made by the core, into the database by binary COPY. */
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "sla_bench.h"

enum { CHUNK = 1 << 20, ROW_MAX = 1 << 16, COLUMNS = 11 };

static const int64_t PG_EPOCH_US = INT64_C(946684800) * 1000000;

struct copy {
    PGconn *conn;
    char chunk[CHUNK + ROW_MAX];
    size_t len;
};

static void put(struct copy *c, const void *data, size_t len)
{
    memcpy(c->chunk + c->len, data, len);
    c->len += len;
}

static void put_int(struct copy *c, int64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        c->chunk[c->len++] = (char)(value >> (8 * i) & 0xff);
}

static void put_field(struct copy *c, const void *data, size_t len)
{
    put_int(c, (int64_t)len, 4);
    put(c, data, len);
}

static void put_text(struct copy *c, const char *text)
{
    put_field(c, text, strlen(text));
}

static void put_number(struct copy *c, int64_t value, int bytes)
{
    put_int(c, bytes, 4);
    put_int(c, value, bytes);
}

static void put_us(struct copy *c, int64_t us)
{
    if (us == INT64_MAX)
        put_int(c, -1, 4);
    else
        put_number(c, us - PG_EPOCH_US, 8);
}

static void flush(struct copy *c)
{
    if (PQputCopyData(c->conn, c->chunk, (int)c->len) != 1)
        sla_bench_die("%s", PQerrorMessage(c->conn));
    c->len = 0;
}

static void put_case(struct copy *c, struct sla_bench *b, int64_t n, int64_t reported_us)
{
    struct sla_made made = sla_cases_make(&b->cases, reported_us);
    struct co_bytes body = sla_cases_pack(b->cases.arena, &made.state->base);
    put_int(c, COLUMNS, 2);
    put_number(c, sla_bench_lane(n), 2);
    put_number(c, sla_bench_id(n), 8);
    put_text(c, made.state->opened->customer);
    put_text(c, made.state->opened->site);
    put_number(c, 1, 2);
    put_text(c, "open");
    put_us(c, reported_us);
    put_us(c, made.due_us);
    put_text(c, made.next_milestone);
    put_us(c, made.next_us);
    put_field(c, body.data, body.len);
    if (c->len >= CHUNK)
        flush(c);
}

static void finish(struct copy *c)
{
    if (PQputCopyEnd(c->conn, NULL) != 1)
        sla_bench_die("%s", PQerrorMessage(c->conn));
    PGresult *result = PQgetResult(c->conn);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        sla_bench_die("%s", PQerrorMessage(c->conn));
    PQclear(result);
}

int sla_bench_fill(struct sla_bench *b)
{
    static struct copy c;
    static const char header[] = "PGCOPY\n\377\r\n";
    struct sla_made sample = sla_cases_make(&b->cases, 0);
    c.conn = PQconnectdb(b->url != NULL ? b->url : "");
    PGresult *result = PQexec(
        c.conn,
        "COPY sla.case (lane, case_id, customer, site, severity, state, opened_at, next_due_at,"
        " next_milestone, next_at, body) FROM STDIN (FORMAT binary)");
    if (PQresultStatus(result) != PGRES_COPY_IN)
        sla_bench_die("%s", PQerrorMessage(c.conn));
    PQclear(result);
    put(&c, header, sizeof(header));
    put_int(&c, 0, 8);
    for (int g = 0; g < b->groups; g++)
        for (int64_t i = 0; i < b->group[g].count; i++)
            put_case(&c, b, b->group[g].first_n + i,
                     b->group[g].first_us + i * b->group[g].step_ns / 1000 - sample.next_us);
    put_int(&c, -1, 2);
    flush(&c);
    finish(&c);
    PQfinish(c.conn);
    return 0;
}
