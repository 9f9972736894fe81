#include "co_registry_feed.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_io_sql.h"
#include "co_row.h"

enum { OBJECTS_MAX = 1000000, PINS_MAX = 4096 };

struct pin {
    struct pin *next;
    enum co_kind kind;
    char *key;
    uint64_t since;
    struct co_object *object; /* NULL: being fetched, or missing */
    bool is_missing, is_in_air;
    struct co_registry_feed *feed;
    struct co_batch *batch;
};

struct co_registry_feed {
    struct co_registry_feed_options options;
    struct co_registry *registry;
    struct co_arena *scratch;
    struct co_batch *batch;
    bool in_air, is_loaded;
    uint64_t version, wanted;
    struct pin *pins;
    size_t pin_count;
};

struct co_registry_feed *co_registry_feed_new(const struct co_registry_feed_options *options)
{
    struct co_registry_feed *feed = calloc(1, sizeof(*feed));
    if (feed == NULL)
        return NULL;
    feed->options = *options;
    feed->registry = co_registry_new(OBJECTS_MAX);
    feed->batch = co_batch_new(4096);
    feed->scratch = co_arena_new(CO_OBJECT_UNPACKED_LIMIT_BYTES);
    if (feed->registry == NULL || feed->batch == NULL || feed->scratch == NULL)
        co_registry_feed_free(&feed);
    return feed;
}

static void free_pin(struct pin *pin)
{
    co_object_free(pin->object);
    co_batch_free(pin->batch);
    free(pin->key);
    free(pin);
}

void co_registry_feed_free(struct co_registry_feed **feed_p)
{
    struct co_registry_feed *feed = *feed_p;
    *feed_p = NULL;
    if (feed == NULL)
        return;
    while (feed->pins != NULL) {
        struct pin *pin = feed->pins;
        feed->pins = pin->next;
        free_pin(pin);
    }
    co_registry_free(feed->registry);
    co_batch_free(feed->batch);
    co_arena_free(feed->scratch);
    free(feed);
}

static bool take_row(struct co_registry_feed *feed, const PGresult *res, int row)
{
    if (co_row_is_null(res, row, 1))
        return true;
    enum co_kind kind = (enum co_kind)co_row_int2(res, row, 1);
    const char *key = co_row_text(res, row, 2);
    if (!co_row_is_null(res, row, 4)) {
        (void)co_registry_remove(feed->registry, kind, key);
        return true;
    }
    struct co_bytes body = co_row_bytes(res, row, 5);
    enum co_err err = co_registry_put(feed->registry, body.data, body.len, (uint64_t)co_row_int8(res, row, 3));
    if (err != CO_OK)
        co_log_error(feed->options.log, "registry_object_refused", CO_S("kind", co_kind_name(kind)), CO_S("key", key),
                     CO_S("err", co_err_name(err)));
    return err != CO_ENOMEM && err != CO_EFULL;
}

static void on_loaded(void *arg, const struct co_pg_outcome *outcome)
{
    struct co_registry_feed *feed = arg;
    feed->in_air = false;
    if (outcome->err != CO_OK) {
        if (outcome->err == CO_EINPUT)
            co_log_error(feed->options.log, "registry_unreadable", CO_S("sqlstate", outcome->sqlstate),
                         CO_S("why", outcome->message));
        return;
    }
    const PGresult *res = outcome->results->item[0];
    bool ok = true;
    for (int row = 0; ok && row < PQntuples(res); row++)
        ok = take_row(feed, res, row);
    if (!ok)
        return; /* what is there is a mixture of two versions: not announced, read again when wanted */
    uint64_t version = (uint64_t)co_row_int8(res, 0, 0);
    bool is_change = !feed->is_loaded || version != feed->version;
    feed->version = version;
    feed->is_loaded = true;
    co_registry_set_version(feed->registry, version);
    if (is_change) {
        co_log_info(feed->options.log, "registry_loaded", CO_U("version", version));
        feed->options.on_change(feed->options.arg);
    }
    if (feed->wanted > feed->version)
        co_registry_feed_want(feed, feed->wanted);
}

void co_registry_feed_want(struct co_registry_feed *feed, uint64_t version)
{
    if (version > feed->wanted)
        feed->wanted = version;
    if (feed->in_air || (version != 0 && feed->is_loaded && version <= feed->version))
        return;
    co_batch_clear(feed->batch);
    (void)co_batch_add(feed->batch, &co_io_sql[co_io_sql_read_registry]);
    co_batch_int8(feed->batch, (int64_t)feed->version);
    feed->in_air = true;
    co_pg_run(feed->options.pg, feed->batch, CO_PG_PLAIN, on_loaded, feed);
}

uint64_t co_registry_feed_version(const struct co_registry_feed *feed)
{
    return feed->version;
}

bool co_registry_feed_is_loaded(const struct co_registry_feed *feed)
{
    return feed->is_loaded;
}

const struct co_registry *co_registry_feed_get(const struct co_registry_feed *feed)
{
    return feed->registry;
}

static void on_pinned(void *arg, const struct co_pg_outcome *outcome)
{
    struct pin *pin = arg;
    struct co_registry_feed *feed = pin->feed;
    pin->is_in_air = false;
    if (outcome->err != CO_OK)
        return; /* asked for again when it is needed again */
    const PGresult *res = outcome->results->item[0];
    struct co_bytes body = PQntuples(res) == 1 ? co_row_bytes(res, 0, 0) : (struct co_bytes){ NULL, 0 };
    pin->is_missing = body.data == NULL ||
                      co_object_new(feed->scratch, body.data, body.len, pin->since, &pin->object) == CO_EINPUT;
    feed->options.on_change(feed->options.arg);
}

static void fetch(struct co_registry_feed *feed, struct pin *pin)
{
    if (pin->is_in_air)
        return;
    co_batch_clear(pin->batch);
    (void)co_batch_add(pin->batch, &co_io_sql[co_io_sql_read_object]);
    co_batch_int2(pin->batch, (int)pin->kind);
    co_batch_text(pin->batch, pin->key);
    co_batch_int8(pin->batch, (int64_t)pin->since);
    pin->is_in_air = true;
    co_pg_run(feed->options.pg, pin->batch, CO_PG_PLAIN, on_pinned, pin);
}

static struct pin *find_pin(struct co_registry_feed *feed, enum co_kind kind, const char *key, uint64_t since)
{
    for (struct pin *pin = feed->pins; pin != NULL; pin = pin->next)
        if (pin->kind == kind && pin->since == since && strcmp(pin->key, key) == 0)
            return pin;
    return NULL;
}

static struct pin *add_pin(struct co_registry_feed *feed, enum co_kind kind, const char *key, uint64_t since)
{
    struct pin *pin = feed->pin_count < PINS_MAX ? calloc(1, sizeof(*pin)) : NULL;
    if (pin == NULL)
        return NULL;
    *pin = (struct pin){ feed->pins, kind, strdup(key), since, .feed = feed, .batch = co_batch_new(1024) };
    if (pin->key == NULL || pin->batch == NULL) {
        free_pin(pin);
        return NULL;
    }
    feed->pins = pin;
    feed->pin_count++;
    return pin;
}

const struct co_object *co_registry_feed_pin(struct co_registry_feed *feed, enum co_kind kind, const char *key,
                                              uint64_t since, bool *ret_missing)
{
    *ret_missing = false;
    const struct co_object *current = co_registry_get(feed->registry, kind, key);
    if (current != NULL && current->since == since)
        return current;
    struct pin *pin = find_pin(feed, kind, key, since);
    if (pin == NULL)
        pin = add_pin(feed, kind, key, since);
    if (pin == NULL)
        return NULL;
    *ret_missing = pin->is_missing;
    if (pin->object == NULL && !pin->is_missing)
        fetch(feed, pin);
    return pin->object;
}
