/* Migrations against a real server: CALLOUT_TEST_PG_URL, in a database of this test's own. */
#include "co_migrate.h"

#include <libpq-fe.h>
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

static const char *server(void)
{
    const char *given = getenv("CALLOUT_TEST_PG_URL");
    ck_assert_msg(given != NULL, "CALLOUT_TEST_PG_URL is not set: tests/README.md");
    return given;
}

/* The server's URL with another database. */
static void begin(void)
{
    char sql[128];
    (void)snprintf(database, sizeof(database), "migrate_%d", (int)getpid());
    (void)snprintf(sql, sizeof(sql), "CREATE DATABASE %s", database);
    run_sql(server(), sql);
    const char *path = strstr(server(), "///");
    ck_assert_ptr_nonnull(path);
    (void)snprintf(url, sizeof(url), "postgresql:///%s%s", database, strchr(server(), '?'));
    memset(told, 0, sizeof(told));
    why.text[0] = '\0';
    partitions = 0;
}

static void end(void)
{
    char sql[128];
    (void)snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", database);
    run_sql(server(), sql);
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
    begin();
    ck_assert_int_eq(migrate(list, 2, true), CO_OK);
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(told[CO_MIGRATE_MISSING], 2);
    ck_assert_int_eq(migrate(list, 2, false), CO_OK);
    ck_assert_uint_eq(told[CO_MIGRATE_APPLIED], 2);
    run_sql(url, "SELECT 1 / (x = 'four')::int FROM a.t");
    ck_assert_int_eq(migrate(list, 2, false), CO_OK);
    ck_assert_uint_eq(count, 0);
    ck_assert_uint_eq(told[CO_MIGRATE_PRESENT], 2);
    end();
}
END_TEST

START_TEST(a_failing_file_leaves_nothing_and_those_before_it_stay)
{
    begin();
    ck_assert_int_eq(migrate(list, 3, false), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "b 0002_broken"));
    ck_assert_uint_eq(count, 2);
    run_sql(url, "SELECT 1 / (to_regclass('a.v') IS NULL)::int");
    ck_assert_int_eq(migrate(list, 2, true), CO_OK);
    ck_assert_uint_eq(count, 0);
    end();
}
END_TEST

START_TEST(a_file_changed_since_is_refused_before_anything_is_done)
{
    begin();
    struct co_migration changed[] = { list[0],
                                      list[1],
                                      { "b", 2, "more", "CREATE TABLE a.w (i int)" } };
    ck_assert_int_eq(migrate(changed, 2, false), CO_OK);
    changed[0].sql = "SELECT 1";
    ck_assert_int_eq(migrate(changed, 3, false), CO_ECONFLICT);
    ck_assert_ptr_nonnull(strstr(why.text, "a 0001_first was changed"));
    run_sql(url, "SELECT 1 / (to_regclass('a.w') IS NULL)::int");
    end();
}
END_TEST

START_TEST(a_newer_database_is_refused)
{
    begin();
    ck_assert_int_eq(migrate(list, 2, false), CO_OK);
    ck_assert_int_eq(migrate(list, 1, false), CO_ECONFLICT);
    ck_assert_ptr_nonnull(strstr(why.text, "newer"));
    end();
}
END_TEST

START_TEST(a_file_that_commits_is_refused)
{
    static const struct co_migration commits[] = { { "a", 1, "commits", "COMMIT;" } };
    begin();
    ck_assert_int_eq(migrate(commits, 1, false), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "ends its own transaction"));
    end();
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
    begin();
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
    end();
}
END_TEST

CHECK_MAIN("migrate", files_are_applied_once_and_in_order,
           a_failing_file_leaves_nothing_and_those_before_it_stay,
           a_file_changed_since_is_refused_before_anything_is_done, a_newer_database_is_refused,
           a_file_that_commits_is_refused, a_database_that_is_away_is_down,
           partitions_are_made_ahead_and_take_what_came_before_them)
