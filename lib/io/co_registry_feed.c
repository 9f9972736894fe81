#include "co_registry_feed.h"

#include <stdlib.h>

#include "co_assert.h"
#include "co_backoff.h"
#include "co_clock.h"
#include "co_io_sql.h"
#include "co_pins.h"
#include "co_rand.h"
#include "co_row.h"

enum { OBJECTS_MAX = 1000000 };

static const struct co_backoff RETRY = { .first_us = 100000, .limit_us = 2000000 };

struct co_registry_feed {
    struct co_registry_feed_options options;
    struct co_registry *registry;
    struct co_arena *scratch;
    struct co_batch *batch;
    bool in_air, is_loaded;
    uint64_t version, wanted;
    uint64_t begun, passed, marked; /* loads, counted: begun so far, the last that came to its end, the one that is waited for */
    uint32_t failures;     /* of loading, in a row */
    int64_t retry_mono_us; /* not loaded again before, unless whatever is newest is asked for */
    struct co_pins *pins;
    uint64_t turn;      /* of the loop */
    uv_prepare_t turns; /* counts them */
    uv_timer_t retry;   /* the next time that a fetch which failed may be tried again */
    struct co_rand rand;
    int open_handles;
};

static void free_feed(struct co_registry_feed *feed)
{
    co_pins_free(feed->pins);
    co_registry_free(feed->registry);
    co_batch_free(feed->batch);
    co_arena_free(feed->scratch);
    free(feed);
}

static void on_turn(uv_prepare_t *turns)
{
    struct co_registry_feed *feed = turns->data;
    feed->turn++;
}

struct co_registry_feed *co_registry_feed_open(const struct co_registry_feed_options *options)
{
    struct co_registry_feed *feed = calloc(1, sizeof(*feed));
    if (feed == NULL)
        return NULL;
    feed->options = *options;
    feed->registry = co_registry_new(OBJECTS_MAX);
    feed->batch = co_batch_new(4096);
    feed->scratch = co_arena_new(CO_OBJECT_UNPACKED_LIMIT_BYTES);
    feed->pins = co_pins_new(CO_REGISTRY_FEED_PINS);
    if (feed->registry == NULL || feed->batch == NULL || feed->scratch == NULL || feed->pins == NULL) {
        free_feed(feed);
        return NULL;
    }
    co_rand_init(&feed->rand, (uint64_t)co_mono_us());
    (void)uv_prepare_init(options->loop, &feed->turns);
    (void)uv_timer_init(options->loop, &feed->retry);
    feed->turns.data = feed->retry.data = feed;
    (void)uv_prepare_start(&feed->turns, on_turn);
    uv_unref((uv_handle_t *)&feed->turns); /* neither keeps a loop alive */
    uv_unref((uv_handle_t *)&feed->retry);
    feed->open_handles = 2;
    return feed;
}

static void on_closed(uv_handle_t *handle)
{
    struct co_registry_feed *feed = handle->data;
    if (--feed->open_handles == 0)
        free_feed(feed);
}

void co_registry_feed_close(struct co_registry_feed **feed_p)
{
    struct co_registry_feed *feed = *feed_p;
    *feed_p = NULL;
    if (feed == NULL)
        return;
    uv_close((uv_handle_t *)&feed->turns, on_closed);
    uv_close((uv_handle_t *)&feed->retry, on_closed);
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

static void load(struct co_registry_feed *feed);

static void on_retry(uv_timer_t *timer)
{
    struct co_registry_feed *feed = timer->data;
    if (feed->failures > 0)
        load(feed);
    feed->options.on_change(feed->options.arg);
}

/* Whoever waits is told then, or a little earlier: the loop's clock lags, so who asks too early is told once more. */
static void tell_at(struct co_registry_feed *feed, int64_t at_mono_us)
{
    int64_t wait_us = at_mono_us - co_mono_us();
    uint64_t wait_ms = wait_us > 0 ? (uint64_t)wait_us / 1000 + 1 : 1;
    if (!uv_is_active((uv_handle_t *)&feed->retry) || uv_timer_get_due_in(&feed->retry) > wait_ms)
        (void)uv_timer_start(&feed->retry, on_retry, wait_ms, 0);
}

/* Monotonic time of the next try. */
static int64_t postpone(struct co_registry_feed *feed, uint32_t failures)
{
    int64_t at_mono_us = co_mono_us() + co_backoff_us(&RETRY, failures, co_rand_next(&feed->rand));
    tell_at(feed, at_mono_us);
    return at_mono_us;
}

/* Every row into the registry. False: what is there is a mixture of two versions, and not announced. */
static bool take_rows(struct co_registry_feed *feed, const PGresult *res)
{
    bool ok = true;
    for (int row = 0; ok && row < PQntuples(res); row++)
        ok = take_row(feed, res, row);
    return ok;
}

static void on_loaded(void *arg, const struct co_pg_outcome *outcome)
{
    struct co_registry_feed *feed = arg;
    feed->in_air = false;
    if (outcome->err != CO_OK && outcome->err != CO_EDOWN && feed->failures == 0)
        co_log_error(feed->options.log, "registry_unreadable", CO_S("err", co_err_name(outcome->err)),
                     CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
    if (outcome->err != CO_OK || !take_rows(feed, outcome->results->item[0])) {
        feed->retry_mono_us = postpone(feed, ++feed->failures);
        return;
    }
    uint64_t version = (uint64_t)co_row_int8(outcome->results->item[0], 0, 0);
    bool is_change = !feed->is_loaded || version != feed->version;
    feed->failures = 0;
    feed->version = version;
    feed->is_loaded = true;
    bool was_awaited = feed->marked > feed->passed;
    feed->passed = feed->begun;
    co_registry_set_version(feed->registry, version);
    if (is_change)
        co_log_info(feed->options.log, "registry_loaded", CO_U("version", version));
    if (is_change || was_awaited)
        feed->options.on_change(feed->options.arg);
    bool is_awaited = feed->marked > feed->passed;
    if (feed->wanted <= feed->version && !is_awaited)
        return;
    if (is_change || is_awaited) /* it was wanted while this was under way */
        load(feed);
    else
        feed->retry_mono_us = postpone(feed, ++feed->failures);
}

static void load(struct co_registry_feed *feed)
{
    if (feed->in_air)
        return;
    co_batch_clear(feed->batch);
    (void)co_batch_add(feed->batch, &co_io_sql[co_io_sql_read_registry]);
    co_batch_int8(feed->batch, (int64_t)feed->version);
    feed->in_air = true;
    feed->begun++;
    co_pg_run(feed->options.pg, feed->batch, CO_PG_PLAIN, on_loaded, feed);
}

void co_registry_feed_want(struct co_registry_feed *feed, uint64_t version)
{
    if (version > feed->wanted)
        feed->wanted = version;
    if (version != 0 && feed->is_loaded && version <= feed->version)
        return;
    if (version == 0 || feed->failures == 0 || feed->retry_mono_us <= co_mono_us())
        load(feed);
}

uint64_t co_registry_feed_mark(struct co_registry_feed *feed)
{
    feed->marked = feed->begun + 1; /* one under way may have read before */
    load(feed);
    return feed->marked;
}

bool co_registry_feed_has_passed(const struct co_registry_feed *feed, uint64_t mark)
{
    return feed->passed >= mark;
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

/* ---- pins ---- */

struct fetch {
    struct co_registry_feed *feed;
    struct co_pin *pin; /* stays while it is fetched */
    struct co_batch *batch;
};

/* It may be asked for again after a while. */
static void give_back(struct co_registry_feed *feed, struct co_pin *pin)
{
    pin->state = CO_PIN_WANTED;
    pin->retry_mono_us = postpone(feed, ++pin->failures);
}

static void note_failure(struct co_registry_feed *feed, const struct co_pin *pin, const struct co_pg_outcome *outcome)
{
    if (pin->failures == 0 && outcome->err != CO_EDOWN)
        co_log_error(feed->options.log, "registry_object_unreadable", CO_S("kind", co_kind_name(pin->kind)),
                     CO_S("key", pin->key), CO_U("since", pin->since), CO_S("err", co_err_name(outcome->err)),
                     CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
}

/* False: out of memory. */
static bool take_text(struct co_registry_feed *feed, struct co_pin *pin, const PGresult *res)
{
    struct co_bytes body = PQntuples(res) == 1 ? co_row_bytes(res, 0, 0) : (struct co_bytes){ NULL, 0 };
    enum co_err err = body.data == NULL ? CO_EINPUT
                                        : co_object_new(feed->scratch, body.data, body.len, pin->since, &pin->object);
    if (err != CO_OK && err != CO_EINPUT)
        return false;
    pin->state = err == CO_OK ? CO_PIN_THERE : CO_PIN_MISSING;
    pin->failures = 0;
    if (err != CO_OK)
        co_log_error(feed->options.log, body.data == NULL ? "registry_object_missing" : "registry_object_refused",
                     CO_S("kind", co_kind_name(pin->kind)), CO_S("key", pin->key), CO_U("since", pin->since));
    return true;
}

static void on_fetched(void *arg, const struct co_pg_outcome *outcome)
{
    struct fetch *fetch = arg;
    struct co_registry_feed *feed = fetch->feed;
    struct co_pin *pin = fetch->pin;
    if (outcome->err != CO_OK)
        note_failure(feed, pin, outcome);
    if (outcome->err == CO_OK && take_text(feed, pin, outcome->results->item[0]))
        feed->options.on_change(feed->options.arg);
    else
        give_back(feed, pin);
    co_batch_free(fetch->batch);
    free(fetch);
}

static void fetch_pin(struct co_registry_feed *feed, struct co_pin *pin)
{
    struct fetch *fetch = malloc(sizeof(*fetch));
    struct co_batch *batch = co_batch_new(4096);
    if (fetch == NULL || batch == NULL) {
        free(fetch);
        co_batch_free(batch);
        give_back(feed, pin);
        return;
    }
    *fetch = (struct fetch){ feed, pin, batch };
    (void)co_batch_add(batch, &co_io_sql[co_io_sql_read_object]);
    co_batch_int2(batch, (int)pin->kind);
    co_batch_text(batch, pin->key);
    co_batch_int8(batch, (int64_t)pin->since);
    pin->state = CO_PIN_FETCHING;
    co_pg_run(feed->options.pg, batch, CO_PG_PLAIN, on_fetched, fetch);
}

const struct co_object *co_registry_feed_pin(struct co_registry_feed *feed, enum co_kind kind, const char *key,
                                              uint64_t since, bool *ret_missing)
{
    *ret_missing = false;
    const struct co_object *current = co_registry_get(feed->registry, kind, key);
    if (current != NULL && current->since == since)
        return current;
    struct co_pin *pin = co_pins_touch(feed->pins, kind, key, since, feed->turn);
    if (pin == NULL)
        return NULL;
    *ret_missing = pin->state == CO_PIN_MISSING;
    if (pin->state == CO_PIN_WANTED && pin->retry_mono_us <= co_mono_us())
        fetch_pin(feed, pin);
    else if (pin->state == CO_PIN_WANTED)
        tell_at(feed, pin->retry_mono_us);
    return pin->object;
}
