/* The registry as a process sees it, from a real server: CALLOUT_TEST_PG_URL, in a database of this test's own. */
#include "co_registry_feed.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "callout_migrations.h"
#include "check_main.h"
#include "co_clock.h"
#include "co_migrate.h"
#include "loop_fixture.h"

enum { MANY = CO_REGISTRY_FEED_PINS + 904 };

static char url[2048], database[64];
static struct co_log *log_;
static struct co_pg *pg;
static struct co_registry_feed *feed;
static bool is_up;
static unsigned changes;

static void run_sql(const char *where, const char *sql)
{
    PGconn *conn = PQconnectdb(where);
    PGresult *result = PQexec(conn, sql);
    ck_assert_msg(PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK, "%s: %s",
                  sql, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
}

static const char *server(void)
{
    const char *given = getenv("CALLOUT_TEST_PG_URL");
    ck_assert_msg(given != NULL, "CALLOUT_TEST_PG_URL is not set: tests/README.md");
    return given;
}

/* `count` products p-0, p-1 ..., each of version 1 and ended by version 2, whose texts are the same but for the key. */
static void fill(unsigned count)
{
    char sql[1024];
    run_sql(url, "INSERT INTO registry.version (version, change_id, applied_by, added, changed, removed, unchanged)"
                 " SELECT v, v::text, 'test', 0, 0, 0, 0 FROM generate_series(1, 2) AS v");
    /* RegistryObject{product = 6: Product{key = 1: ...}} */
    (void)snprintf(sql, sizeof(sql),
                   "INSERT INTO registry.object (kind, key, since, until, body)"
                   " SELECT %d, key, 1, 2, set_byte(set_byte('\\x0000'::bytea, 0, %d), 1, length(key) + 2)"
                   " || set_byte(set_byte('\\x0000'::bytea, 0, 10), 1, length(key)) || convert_to(key, 'UTF8')"
                   " FROM (SELECT 'p-' || i AS key FROM generate_series(0, %u) AS i) AS k",
                   CO_KIND_PRODUCT, CO_KIND_PRODUCT << 3 | 2, count - 1);
    run_sql(url, sql);
}

static void on_up(void *arg)
{
    (void)arg;
    is_up = true;
}

static void on_change(void *arg)
{
    (void)arg;
    changes++;
    uv_stop(&loop); /* who waits looks at once, also where this comes before the loop sleeps */
}

static bool is_set(void *ctx)
{
    return *(bool *)ctx;
}

static void begin(void)
{
    char sql[128];
    (void)snprintf(database, sizeof(database), "registry_feed_%d", (int)getpid());
    (void)snprintf(sql, sizeof(sql), "CREATE DATABASE %s", database);
    run_sql(server(), sql);
    (void)snprintf(url, sizeof(url), "postgresql:///%s%s", database, strchr(server(), '?'));
    static const struct co_migrate_setting settings[] = { { "callout.lanes", "2" } };
    struct co_migrate migrate = { .database_url = url, .list = callout_migrations, .count = callout_migrations_count,
                                  .settings = settings, .settings_count = 1 };
    struct co_why why = { .text = "" };
    size_t applied;
    ck_assert_msg(co_migrate_run(&migrate, &applied, &why) == CO_OK, "%s", why.text);
    fill(MANY);

    open_loop();
    struct co_log_options log = { .service = "test", .instance = "test", .level = CO_LOG_ERROR, .fd = STDERR_FILENO };
    log_ = co_log_new(&log);
    struct co_pg_options connection = { .loop = &loop, .log = log_, .url = url, .application = "test", .on_up = on_up };
    is_up = false;
    changes = 0;
    pg = co_pg_open(&connection);
    struct co_registry_feed_options options = { &loop, pg, log_, on_change, NULL };
    feed = co_registry_feed_open(&options);
    ck_assert_ptr_nonnull(feed);
    run_until(is_set, &is_up, "a connection");
}

static void end(void)
{
    char sql[128];
    co_pg_close(&pg);
    co_registry_feed_close(&feed);
    close_loop();
    co_log_free(log_);
    (void)snprintf(sql, sizeof(sql), "DROP DATABASE %s WITH (FORCE)", database);
    run_sql(server(), sql);
}

struct wish {
    char key[32];
    bool is_missing;
    const struct co_object *object;
};

/* As a lane asks: again and again, until there is an answer. */
static bool is_answered(void *ctx)
{
    struct wish *w = ctx;
    w->object = co_registry_feed_pin(feed, CO_KIND_PRODUCT, w->key, 1, &w->is_missing);
    return w->object != NULL || w->is_missing;
}

static void expect_product(unsigned i)
{
    struct wish w = { .is_missing = false };
    (void)snprintf(w.key, sizeof(w.key), "p-%u", i);
    w.object = co_registry_feed_pin(feed, CO_KIND_PRODUCT, w.key, 1, &w.is_missing);
    if (w.object == NULL)
        run_until(is_answered, &w, w.key);
    ck_assert_ptr_nonnull(is_answered(&w) ? w.object : NULL);
    ck_assert_str_eq(w.object->key, w.key);
}

START_TEST(more_texts_than_are_kept_are_all_found_again_and_again)
{
    for (unsigned i = 0; i < MANY; i++)
        expect_product(i);
    for (unsigned i = 0; i < 10; i++)
        expect_product(i); /* forgotten meanwhile */
    expect_product(MANY - 1);
}
END_TEST

START_TEST(a_text_that_is_not_there_is_an_answer)
{
    struct wish w = { .key = "nobody made it" };
    run_until(is_answered, &w, "an answer");
    ck_assert(w.is_missing);
    unsigned before = changes;
    ck_assert(is_answered(&w)); /* at once, without asking the server again */
    ck_assert(w.is_missing);
    ck_assert_uint_eq(changes, before);
}
END_TEST

/* What the server refuses is asked for again at a pace, not as often as somebody wants it. */
START_TEST(what_failed_is_asked_for_again_at_a_pace)
{
    struct wish w = { .key = "p-7" };
    run_sql(url, "ALTER TABLE registry.object RENAME TO away");
    unsigned asked = 0;
    for (unsigned before = changes; changes - before < 3; asked++) { /* told three times: try again */
        ck_assert(!is_answered(&w));
        uv_run(&loop, UV_RUN_NOWAIT);
    }
    ck_assert_uint_gt(asked, 30);
    ck_assert_uint_lt(changes, 10);
    run_sql(url, "ALTER TABLE registry.away RENAME TO object");
    run_until(is_answered, &w, "the text, without anybody's help");
    ck_assert(!w.is_missing);
}
END_TEST

static bool is_loaded(void *ctx)
{
    (void)ctx;
    return co_registry_feed_is_loaded(feed);
}

START_TEST(a_registry_that_cannot_be_read_is_read_when_it_can)
{
    run_sql(url, "ALTER TABLE registry.object RENAME TO away");
    co_registry_feed_want(feed, 2);
    for (unsigned before = changes; changes - before < 2;) {
        co_registry_feed_want(feed, 2);
        uv_run(&loop, UV_RUN_NOWAIT);
    }
    ck_assert(!co_registry_feed_is_loaded(feed));
    run_sql(url, "ALTER TABLE registry.away RENAME TO object");
    run_until(is_loaded, NULL, "the registry, without anybody's wish");
    ck_assert_uint_eq(co_registry_feed_version(feed), 2);
}
END_TEST

static bool has_passed(void *ctx)
{
    return co_registry_feed_has_passed(feed, *(const uint64_t *)ctx);
}

/* Nobody names the version: who takes over a lane may find that the one before has read all that would. */
START_TEST(what_was_applied_before_a_mark_is_loaded_when_it_has_passed)
{
    co_registry_feed_want(feed, 0); /* under way, and perhaps read already */
    run_sql(url, "INSERT INTO registry.version (version, change_id, applied_by, added, changed, removed, unchanged)"
                 " VALUES (3, '3', 'test', 0, 0, 0, 0)");
    uint64_t mark = co_registry_feed_mark(feed);
    ck_assert(!co_registry_feed_has_passed(feed, mark));
    run_until(has_passed, &mark, "the mark");
    ck_assert_uint_eq(co_registry_feed_version(feed), 3);
    uint64_t again = co_registry_feed_mark(feed); /* nothing new: it passes all the same */
    run_until(has_passed, &again, "the next mark");
}
END_TEST

CHECK_MAIN_WITH("co_registry_feed", begin, end, what_was_applied_before_a_mark_is_loaded_when_it_has_passed,
                more_texts_than_are_kept_are_all_found_again_and_again,
                a_text_that_is_not_there_is_an_answer, what_failed_is_asked_for_again_at_a_pace,
                a_registry_that_cannot_be_read_is_read_when_it_can)
