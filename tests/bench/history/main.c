/* Fills a new database with the history of some thousand cases, under the packs, calendars and the
 * registry of the project:
 *
 *   fill URL CASES PATH...     registry files, or directories of them; the schema is there and
 * empty
 *
 * Journal and rows are what sla would have written: `callout audit refold` finds no difference.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "co_assert.h"
#include "co_time.h"
#include "co_yaml.h"
#include "fill.h"

enum { LANES = 16, THREADS = 2, DAYS = 200, OBJECTS_MAX = 100000, SQL_BYTES = 1024 * 1024 };

PGconn *fill_connect(const char *url)
{
    PGconn *conn = PQconnectdb(url);
    if (PQstatus(conn) != CONNECTION_OK) {
        (void)fprintf(stderr, "%s", PQerrorMessage(conn));
        exit(1);
    }
    fill_run(conn, "SET synchronous_commit = off; SET session_replication_role = replica");
    return conn;
}

void fill_run(PGconn *conn, const char *sql)
{
    PGresult *res = PQexec(conn, sql);
    if (PQresultStatus(res) != PGRES_COMMAND_OK && PQresultStatus(res) != PGRES_TUPLES_OK) {
        (void)fprintf(stderr, "%s", PQerrorMessage(conn));
        exit(1);
    }
    PQclear(res);
}

static struct co_registry *load(char **dirs, int count)
{
    struct co_yaml *yaml = co_yaml_new(NULL);
    const Callout__V1__Registry *read = NULL;
    struct co_registry *registry = co_registry_new(OBJECTS_MAX);
    for (int i = 0; i < count; i++)
        (void)co_yaml_load(yaml, dirs[i]);
    if (co_yaml_finish(yaml, &read) != CO_OK) {
        for (size_t i = 0; i < co_yaml_problem_count(yaml); i++)
            (void)fprintf(stderr, "%s: %s\n", co_yaml_problem_at(yaml, i)->file,
                          co_yaml_problem_at(yaml, i)->message);
        exit(1);
    }
    for (size_t i = 0; i < read->n_objects; i++) {
        enum co_err err = co_registry_put_message(registry, read->objects[i], 1);
        co_assert(err == CO_OK);
    }
    co_yaml_free(yaml);
    return registry;
}

static void put_registry(PGconn *conn, const struct co_registry *registry)
{
    fill_run(conn, "INSERT INTO registry.version (version, change_id, applied_by, added, changed, "
                   "removed, unchanged)"
                   " VALUES (1, 'fill', 'fill', 0, 0, 0, 0)");
    for (int kind = CO_KIND_NONE + 1; kind < CO_KINDS; kind++)
        for (uint32_t i = 0; i < co_registry_count(registry, (enum co_kind)kind); i++) {
            const struct co_object *o = co_registry_at(registry, (enum co_kind)kind, i);
            char number[8];
            (void)snprintf(number, sizeof(number), "%d", kind);
            const char *values[] = { number, o->key, (const char *)o->bytes };
            const int lengths[] = { 0, 0, (int)o->len }, formats[] = { 0, 0, 1 };
            PGresult *res = PQexecParams(
                conn, "INSERT INTO registry.object (kind, key, since, body) VALUES ($1, $2, 1, $3)",
                3, NULL, values, lengths, formats, 0);
            co_assert(PQresultStatus(res) == PGRES_COMMAND_OK);
            PQclear(res);
        }
}

static struct fill_lane lanes[LANES];
static _Atomic(int) next_lane;

static void *work(void *arg)
{
    int lane;
    (void)arg;
    while ((lane = atomic_fetch_add(&next_lane, 1)) < LANES)
        fill_lane(&lanes[lane]);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        (void)fprintf(stderr, "fill URL CASES PATH...\n");
        return 2;
    }
    uint32_t cases = (uint32_t)strtoul(argv[2], NULL, 10);
    struct co_registry *registry = load(argv + 3, argc - 3);
    PGconn *conn = fill_connect(argv[1]);
    struct timeval now;
    (void)gettimeofday(&now, NULL);
    int64_t until_us = (int64_t)now.tv_sec * CO_SECOND_US;
    put_registry(conn, registry);
    for (int i = 0; i < LANES; i++)
        lanes[i] = (struct fill_lane){ .url = argv[1],
                                       .registry = registry,
                                       .lane = i,
                                       .cases = cases / LANES + ((uint32_t)i < cases % LANES),
                                       .from_us = until_us - DAYS * CO_DAY_US,
                                       .until_us = until_us,
                                       .seed = 1 };
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        int failed = pthread_create(&threads[i], NULL, work, NULL);
        co_assert(failed == 0);
    }
    for (int i = 0; i < THREADS; i++)
        (void)pthread_join(threads[i], NULL);
    fill_run(conn, "UPDATE journal.lane AS l SET seq = e.seq, at = e.at FROM (SELECT lane, "
                   "max(seq) AS seq, max(at) AS at"
                   " FROM journal.entry GROUP BY lane) AS e WHERE e.lane = l.lane");
    fill_run(
        conn,
        "INSERT INTO journal.cursor (lane, service, seq) SELECT lane, 'sla', seq FROM journal.lane"
        " ON CONFLICT (lane, service) DO UPDATE SET seq = excluded.seq");
    fill_run(conn, "VACUUM ANALYZE journal.entry, sla.case");
    uint64_t entries = 0;
    for (int i = 0; i < LANES; i++)
        entries += lanes[i].entries;
    (void)printf("%u cases, %" PRIu64 " entries\n", cases, entries);
    PQfinish(conn);
    co_registry_free(registry);
    return 0;
}
