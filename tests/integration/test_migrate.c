/* Migrations against a real server: CALLOUT_TEST_PG_URL, in a database of this test's own. */
#include "co_migrate.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "callout_migrations.h"
#include "check_main.h"
#include "co_maintain.h"

static char url[2048], database[64];
static struct co_why why;
static size_t count, told[CO_MIGRATE_APPLIED + 1], partitions;

static void run_sql(const char *where, const char *sql)
{
    PGconn *conn = PQconnectdb(where);
    PGresult *result = PQexec(conn, sql);
    ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK ||
                      PQresultStatus(result) == PGRES_TUPLES_OK,
                  "%s: %s", sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
}

/* The server's URL with our database. */
static void set_url(void)
{
    (void)snprintf(url, sizeof(url), "postgresql:///%s%s", database,
                   strchr(getenv("CALLOUT_TEST_PG_URL"), '?'));
}

static const char empty_it[] =
    "SET client_min_messages = warning;"
    "DO $$ DECLARE s text; BEGIN"
    " FOR s IN SELECT nspname FROM pg_namespace"
    "          WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema') LOOP"
    "     EXECUTE format('DROP SCHEMA %I CASCADE', s);"
    " END LOOP; END $$";

/* Every test begins with an empty database. One for all of them: making one may take seconds. */
static void begin(void)
{
    set_url();
    run_sql(url, empty_it);
    memset(told, 0, sizeof(told));
    why.text[0] = '\0';
    partitions = 0;
}

static void tell(void *arg, enum co_migrate_news news, const struct co_migration *m,
                 int64_t took_us)
{
    (void)arg;
    (void)m;
    (void)took_us;
    told[news]++;
}

static enum co_err migrate(const struct co_migration *list, size_t n, bool check)
{
    static const struct co_migrate_setting settings[] = { { "callout.test", "four" } };
    struct co_migrate m = { .database_url = url,
                            .list = list,
                            .count = n,
                            .settings = settings,
                            .settings_count = 1,
                            .check = check,
                            .tell = tell };
    return co_migrate_run(&m, &count, &why);
}

static const struct co_migration list[] = {
    { "a", 1, "first",
      "CREATE SCHEMA a; CREATE TABLE a.t AS SELECT current_setting('callout.test') AS x;" },
    { "b", 1, "second", "CREATE TABLE a.u (i int);" },
    { "b", 2, "broken", "CREATE TABLE a.v (i int); SELECT 1 / 0;" },
};

START_TEST(files_are_applied_once_and_in_order)
{
    ck_assert_int_eq(migrate(list, 2, true), CO_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(told[CO_MIGRATE_MISSING], 2);
    ck_assert_int_eq(migrate(list, 2, false), CO_OK);
    ck_assert_uint_eq(told[CO_MIGRATE_APPLIED], 2);
    run_sql(url, "SELECT 1 / (x = 'four')::int FROM a.t");
    ck_assert_int_eq(migrate(list, 2, false), CO_OK);
    ck_assert_uint_eq(count, 0);
    ck_assert_uint_eq(told[CO_MIGRATE_PRESENT], 2);
}
END_TEST

START_TEST(a_failing_file_leaves_nothing_and_those_before_it_stay)
{
    ck_assert_int_eq(migrate(list, 3, false), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "b 0002_broken"));
    ck_assert_uint_eq(count, 2);
    run_sql(url, "SELECT 1 / (to_regclass('a.v') IS NULL)::int");
    ck_assert_int_eq(migrate(list, 2, true), CO_OK);
    ck_assert_uint_eq(count, 0);
}
END_TEST

static PGconn *reader; /* as pg_dump: reads a table and keeps it */

static void tell_and_end_reading(void *arg, enum co_migrate_news news, const struct co_migration *m,
                                 int64_t took_us)
{
    tell(arg, news, m, took_us);
    if (news == CO_MIGRATE_BUSY && told[news] == 2)
        PQclear(PQexec(reader, "COMMIT"));
}

START_TEST(a_table_that_somebody_reads_is_waited_for_without_holding_up_others)
{
    static const struct co_migration more[] = {
        { "a", 1, "first", "CREATE SCHEMA a; CREATE TABLE a.t AS SELECT 1 AS x;" },
        { "b", 1, "second", "ALTER TABLE a.t ADD COLUMN y int;" },
    };
    struct co_migrate m = {
        .database_url = url, .list = more, .count = 1, .tell = tell_and_end_reading
    };
    ck_assert_int_eq(co_migrate_run(&m, &count, &why), CO_OK);
    reader = PQconnectdb(url);
    PQclear(PQexec(reader, "BEGIN; SELECT FROM a.t"));
    m.count = 2;
    ck_assert_int_eq(co_migrate_run(&m, &count, &why), CO_OK);
    ck_assert_uint_eq(told[CO_MIGRATE_BUSY], 2);
    run_sql(url, "SELECT y FROM a.t");
    PQfinish(reader);
}
END_TEST

START_TEST(a_file_changed_since_is_refused_before_anything_is_done)
{
    struct co_migration changed[] = { list[0],
                                      list[1],
                                      { "b", 2, "more", "CREATE TABLE a.w (i int)" } };
    ck_assert_int_eq(migrate(changed, 2, false), CO_OK);
    changed[0].sql = "SELECT 1";
    ck_assert_int_eq(migrate(changed, 3, false), CO_ECONFLICT);
    ck_assert_ptr_nonnull(strstr(why.text, "a 0001_first was changed"));
    run_sql(url, "SELECT 1 / (to_regclass('a.w') IS NULL)::int");
}
END_TEST

START_TEST(a_newer_database_is_refused)
{
    ck_assert_int_eq(migrate(list, 2, false), CO_OK);
    ck_assert_int_eq(migrate(list, 1, false), CO_ECONFLICT);
    ck_assert_ptr_nonnull(strstr(why.text, "newer"));
}
END_TEST

START_TEST(a_file_that_commits_is_refused)
{
    static const struct co_migration commits[] = { { "a", 1, "commits", "COMMIT;" } };
    ck_assert_int_eq(migrate(commits, 1, false), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "ends its own transaction"));
}
END_TEST

START_TEST(a_database_that_is_away_is_down)
{
    (void)snprintf(url, sizeof(url), "postgresql:///x?host=/nowhere");
    ck_assert_int_eq(migrate(list, 1, false), CO_EDOWN);
}
END_TEST

static void tell_partition(void *arg, const struct co_maintain_partition *p)
{
    (void)arg;
    ck_assert_int_eq(p->high - p->low, 1000000);
    if (p->low == 1000000)
        ck_assert_int_eq(p->moved, 2);
    partitions++;
}

START_TEST(partitions_are_made_ahead_and_take_what_came_before_them)
{
    ck_assert_int_eq(migrate(callout_migrations, callout_migrations_count, false), CO_OK);
    run_sql(url, "INSERT INTO journal.entry (lane, seq, at, case_id, kind, body)"
                 " VALUES (0, 999999, now(), 1, 1, ''), (0, 1000000, now(), 1, 1, ''), (0, "
                 "1999999, now(), 1, 1, '')");
    run_sql(url, "UPDATE journal.lane SET seq = 1999999 WHERE lane = 0");
    ck_assert_int_eq(co_maintain_partitions(url, 1000001, tell_partition, NULL, &why), CO_OK);
    ck_assert_uint_eq(partitions, 3);
    run_sql(url, "SELECT 1 / (count(*) = 3)::int FROM journal.entry");
    run_sql(url, "SELECT 1 / (count(*) = 0)::int FROM journal.entry_default");
    ck_assert_int_eq(co_maintain_partitions(url, 1000001, tell_partition, NULL, &why), CO_OK);
    ck_assert_uint_eq(partitions, 3);
}
END_TEST

/* Outside of the tests: says what is wrong, and returns whether it went well. */
static bool on_server(const char *verb)
{
    const char *server = getenv("CALLOUT_TEST_PG_URL");
    char sql[128];
    if (server == NULL || strchr(server, '?') == NULL) {
        (void)fputs("CALLOUT_TEST_PG_URL is not set: tests/README.md\n", stderr);
        return false;
    }
    (void)snprintf(sql, sizeof(sql), "%s DATABASE %s", verb, database);
    PGconn *conn = PQconnectdb(server);
    PGresult *result = PQexec(conn, sql);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!ok)
        (void)fprintf(stderr, "%s: %s", sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
    return ok;
}

int main(void)
{
    const TTest *const tests[] = {
        files_are_applied_once_and_in_order,
        a_failing_file_leaves_nothing_and_those_before_it_stay,
        a_file_changed_since_is_refused_before_anything_is_done,
        a_newer_database_is_refused,
        a_file_that_commits_is_refused,
        a_database_that_is_away_is_down,
        a_table_that_somebody_reads_is_waited_for_without_holding_up_others,
        partitions_are_made_ahead_and_take_what_came_before_them,
    };
    (void)snprintf(database, sizeof(database), "migrate_%d", (int)getpid());
    if (!on_server("CREATE"))
        return EXIT_FAILURE;
    int code = check_main("migrate", begin, NULL, tests, sizeof(tests) / sizeof(tests[0]));
    return on_server("DROP") ? code : EXIT_FAILURE;
}
