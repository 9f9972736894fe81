#include "roads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_clock.h"
#include "co_curl.h"
#include "co_pg.h"
#include "co_rand.h"
#include "co_row.h"
#include "co_text.h"
#include "co_time.h"
#include "dispatch_sql.h"
#include "road_http.h"
#include "road_rest.h"
#include "road_wire.h"

#define TICK_MS 10
#define BATCH_BYTES 8192
#define KEY_BYTES 65
#define NUMBER_BYTES 32
#define PATIENCE_US (2 * CO_SECOND_US) /* until the answer's turn, after the time limit */

enum metric { METRIC_ASKED, METRIC_SECONDS, METRICS };

static const struct co_metric metrics[METRICS] = {
    [METRIC_ASKED] = { .name = "callout_dispatch_roads_total",
                       .help =
                           "Questions for the ways to a site, by where the answer came from, or "
                           "why there was none.",
                       .labels = { "answer" } },
    [METRIC_SECONDS] = { .name = "callout_dispatch_road_seconds",
                         .help = "How long the router took to answer.",
                         .type = CO_METRIC_HISTOGRAM,
                         .buckets = co_metric_seconds,
                         .bucket_count = CO_METRIC_SECONDS_COUNT },
};

struct waiter {
    int lane;
    int64_t case_id;
};

/* A question that is out. */
struct ask {
    struct roads *r;
    struct ask *next;
    struct dispatch_road_question question; /* its keys are below */
    char key[DISPATCH_ROAD_OFFICES][KEY_BYTES];
    struct dispatch_road_figure figure[DISPATCH_ROAD_OFFICES];
    struct waiter *waiter;
    size_t waiter_count;
    int64_t from_mono_us;
    int64_t sent_mono_us; /* to the router */
    struct co_batch *batch;
    bool is_in_pg; /* the batch is in the air */
    bool is_out;   /* the router is being asked */
    struct road_http http;
};

struct roads {
    struct roads_options options;
    struct co_pg *pg;
    struct co_curl *curl;
    uv_timer_t tick;
    struct ask *first, **end; /* oldest first; where the next one goes */
    size_t count;
    struct road_rest rest;
    struct co_rand rand;
    struct co_metric_set *metrics;
    struct co_log_condition trouble;
};

/* Lives on the heap with everything it points to. */
struct roads_answer {
    struct dispatch_road_answer answer;
    struct dispatch_road_question question;
    char key[DISPATCH_ROAD_OFFICES][KEY_BYTES];
    struct dispatch_road_figure figure[DISPATCH_ROAD_OFFICES];
};

/* ---- answers ---- */

static void own_keys(struct dispatch_road_question *question, char (*key)[KEY_BYTES])
{
    for (size_t i = 0; i < question->count; i++) {
        (void)co_text_copy(key[i], KEY_BYTES, question->item[i].office);
        question->item[i].office = key[i];
    }
}

/* `missing` is a constant. Out of memory: the order is woken later by its row. */
static void tell(const struct roads *r, struct waiter to,
                 const struct dispatch_road_question *question,
                 const struct dispatch_road_figure *figures, const char *missing)
{
    struct roads_answer *a = calloc(1, sizeof(*a));
    if (a == NULL)
        return;
    a->question = *question;
    own_keys(&a->question, a->key);
    if (figures != NULL)
        memcpy(a->figure, figures, question->count * sizeof(*figures));
    a->answer = (struct dispatch_road_answer){ missing, &a->question, a->figure };
    co_worker_post(co_daemon_worker(r->options.daemon), to.lane,
                   (struct co_local){ to.case_id, a });
}

const struct dispatch_road_answer *roads_answer_of(const void *local)
{
    const struct roads_answer *a = local;
    return &a->answer;
}

void roads_answer_free(void *local)
{
    free(local);
}

/* ---- the life of a question ---- */

/* It is out of the list, and nothing of it is in the air. */
static void free_ask(struct ask *a)
{
    co_assert(!a->is_in_pg && !a->is_out);
    road_http_free(&a->http);
    co_batch_free(a->batch);
    free(a->waiter);
    free(a);
}

static void stop_asking(struct roads *r, struct ask *a)
{
    if (a->is_out)
        co_curl_remove(r->curl, a->http.easy);
    a->is_out = false;
}

/* Takes the first one that is not younger than `limit_us`; NULL: there is none. */
static struct ask *take_first(struct roads *r, int64_t limit_us)
{
    struct ask *a = r->first;
    if (a == NULL || a->from_mono_us > limit_us)
        return NULL;
    r->first = a->next;
    if (r->first == NULL)
        r->end = &r->first;
    r->count--;
    return a;
}

static void take(struct roads *r, const struct ask *a)
{
    struct ask **at = &r->first;
    while (*at != a)
        at = &(*at)->next;
    *at = a->next;
    if (a->next == NULL)
        r->end = at;
    r->count--;
}

/* Everybody who waits is told; nobody does any more. It has been taken out of the list. */
static void answer(struct roads *r, struct ask *a, const char *missing, const char *from)
{
    stop_asking(r, a);
    if (r->count == 0)
        (void)uv_timer_stop(&r->tick);
    co_metric_add(
        co_metric_with(r->metrics, METRIC_ASKED, CO_LABELS(missing[0] != '\0' ? missing : from)),
        (double)a->waiter_count);
    for (size_t i = 0; i < a->waiter_count; i++)
        tell(r, a->waiter[i], &a->question, a->figure, missing);
    a->waiter_count = 0;
    a->r = NULL;
}

static int32_t steps(double degrees)
{
    return (int32_t)lround(degrees * ROAD_WIRE_SCALE);
}

static void add_places(const struct ask *a, const struct roads *r)
{
    int32_t lat[DISPATCH_ROAD_OFFICES], lon[DISPATCH_ROAD_OFFICES];
    for (size_t i = 0; i < a->question.count; i++) {
        lat[i] = steps(a->question.item[i].at.lat_deg);
        lon[i] = steps(a->question.item[i].at.lon_deg);
    }
    co_batch_text(a->batch, r->options.url);
    co_batch_int4(a->batch, steps(a->question.to.lat_deg));
    co_batch_int4(a->batch, steps(a->question.to.lon_deg));
    co_batch_int4s(a->batch, lat, a->question.count);
    co_batch_int4s(a->batch, lon, a->question.count);
}

static void on_saved(void *arg, const struct co_pg_outcome *outcome)
{
    struct ask *a = arg;
    (void)outcome; /* it is asked again the next time */
    a->is_in_pg = false;
    free_ask(a);
}

/* What the router said is kept; the question is freed then. */
static void save(struct ask *a, struct roads *r)
{
    char metres[DISPATCH_ROAD_OFFICES][NUMBER_BYTES], seconds[DISPATCH_ROAD_OFFICES][NUMBER_BYTES];
    const char *metre[DISPATCH_ROAD_OFFICES], *second[DISPATCH_ROAD_OFFICES];
    for (size_t i = 0; i < a->question.count; i++) {
        const struct dispatch_road_figure *f = &a->figure[i];
        (void)snprintf(metres[i], NUMBER_BYTES, "%.1f", f->km * 1e3);
        (void)snprintf(seconds[i], NUMBER_BYTES, "%.3f", (double)f->us / (double)CO_SECOND_US);
        metre[i] = f->is_reached ? metres[i] : NULL;
        second[i] = f->is_reached ? seconds[i] : NULL;
    }
    co_batch_clear(a->batch);
    (void)co_batch_add(a->batch, &dispatch_sql[dispatch_sql_save_roads]);
    add_places(a, r);
    co_batch_texts(a->batch, metre, a->question.count);
    co_batch_texts(a->batch, second, a->question.count);
    co_batch_int4(a->batch, (int32_t)r->options.cache_days);
    a->is_in_pg = true;
    co_pg_run(r->pg, a->batch, CO_PG_PLAIN, on_saved, a);
}

static bool is_failure(const char *missing)
{
    return missing[0] != '\0' && strcmp(missing, "no_route") != 0;
}

static void note(struct roads *r, const char *missing)
{
    struct co_log *log = co_daemon_log(r->options.daemon);
    if (is_failure(missing)) {
        road_rest_failed(&r->rest, co_mono_us(), co_rand_next(&r->rand));
        co_log_holds(log, &r->trouble, CO_LOG_WARN, "road_failed", CO_S("why", missing),
                     CO_S("url", r->options.url));
    } else {
        road_rest_succeeded(&r->rest);
        co_log_ended(log, &r->trouble, "road_answers", CO_S("url", r->options.url));
    }
}

static void on_transfer(void *arg, CURL *easy, CURLcode code)
{
    struct roads *r = arg;
    struct ask *a = road_http_owner(easy);
    const char *missing = road_http_read(&a->http, code, a->question.count, a->figure);
    co_metric_observe(co_metric(r->metrics, METRIC_SECONDS),
                      (double)(co_mono_us() - a->sent_mono_us) / (double)CO_SECOND_US);
    note(r, missing);
    take(r, a);
    answer(r, a, missing, "router");
    if (missing[0] == '\0')
        save(a, r);
    else
        free_ask(a);
}

static bool send_question(struct ask *a)
{
    struct roads *r = a->r;
    a->sent_mono_us = co_mono_us();
    a->is_out =
        road_http_prepare(&a->http, r->options.url, r->options.timeout_ms, &a->question, a) &&
        co_curl_add(r->curl, a->http.easy) == CO_OK;
    return a->is_out;
}

static void ask_router(struct ask *a)
{
    struct roads *r = a->r;
    const char *missing = "resting";
    if (road_rest_allows(&r->rest, co_mono_us())) {
        if (send_question(a))
            return;
        r->rest.is_probing = false;
        missing = "busy";
    }
    take(r, a);
    answer(r, a, missing, "");
    free_ask(a);
}

/* True: the table has every figure, and there is a way. */
static bool take_figures(struct ask *a, const PGresult *res)
{
    bool is_reached = false;
    if (PQntuples(res) != (int)a->question.count)
        return false;
    for (int row = 0; row < PQntuples(res); row++) {
        struct dispatch_road_figure *f = &a->figure[co_row_int8(res, row, 0) - 1];
        *f = (struct dispatch_road_figure){ .is_reached = !co_row_is_null(res, row, 1) };
        if (!f->is_reached)
            continue;
        f->km = co_row_float8(res, row, 1) / 1e3;
        f->us = (int64_t)(co_row_float8(res, row, 2) * (double)CO_SECOND_US);
        is_reached = true;
    }
    return is_reached;
}

static void on_read(void *arg, const struct co_pg_outcome *outcome)
{
    struct ask *a = arg;
    struct roads *r = a->r;
    a->is_in_pg = false;
    if (r == NULL) {
        free_ask(a); /* too late */
    } else if (outcome->err == CO_OK && take_figures(a, outcome->results->item[0])) {
        take(r, a);
        answer(r, a, "", "kept");
        free_ask(a);
    } else {
        ask_router(a);
    }
}

/* Also while the connection is only coming up: the time limit holds for that too. */
static void look_up(struct ask *a)
{
    (void)co_batch_add(a->batch, &dispatch_sql[dispatch_sql_read_roads]);
    add_places(a, a->r);
    co_batch_int4(a->batch, (int32_t)a->r->options.cache_days);
    a->is_in_pg = true;
    co_pg_run(a->r->pg, a->batch, CO_PG_PLAIN, on_read, a);
}

/* The limit also holds for a database that is slow to look up. */
static void on_tick(uv_timer_t *tick)
{
    struct roads *r = tick->data;
    int64_t limit_us = co_mono_us() - r->options.timeout_ms * CO_MILLISECOND_US;
    for (struct ask *a; (a = take_first(r, limit_us)) != NULL;) {
        if (a->is_out)
            note(r, "timeout");
        answer(r, a, "timeout", "");
        if (!a->is_in_pg)
            free_ask(a);
    }
}

/* ---- asking ---- */

static bool is_same(const struct dispatch_road_question *a, const struct dispatch_road_question *b)
{
    if (a->count != b->count || steps(a->to.lat_deg) != steps(b->to.lat_deg) ||
        steps(a->to.lon_deg) != steps(b->to.lon_deg))
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->item[i].office, b->item[i].office) != 0)
            return false;
    return true;
}

static bool add_waiter(struct ask *a, struct waiter w)
{
    struct waiter *grown = realloc(a->waiter, (a->waiter_count + 1) * sizeof(*grown));
    if (grown == NULL)
        return false;
    a->waiter = grown;
    a->waiter[a->waiter_count++] = w;
    return true;
}

static struct ask *new_ask(struct roads *r, const struct dispatch_road_question *question,
                           struct waiter w)
{
    struct ask *a = r->count < ROADS_ASKING ? calloc(1, sizeof(*a)) : NULL;
    if (a == NULL)
        return NULL;
    a->r = r;
    a->question = *question;
    own_keys(&a->question, a->key);
    a->from_mono_us = co_mono_us();
    a->batch = co_batch_new(BATCH_BYTES);
    if (a->batch == NULL || !add_waiter(a, w)) {
        free_ask(a);
        return NULL;
    }
    *r->end = a;
    r->end = &a->next;
    if (r->count++ == 0)
        (void)uv_timer_start(&r->tick, on_tick, TICK_MS, TICK_MS);
    return a;
}

void roads_ask(struct roads *r, int lane, int64_t case_id,
               const struct dispatch_road_question *question)
{
    struct waiter w = { lane, case_id };
    for (struct ask *a = r->first; a != NULL; a = a->next)
        if (is_same(&a->question, question) && add_waiter(a, w))
            return;
    struct ask *a = new_ask(r, question, w);
    if (a != NULL) {
        look_up(a);
        return;
    }
    co_metric_add(co_metric_with(r->metrics, METRIC_ASKED, CO_LABELS("busy")), 1);
    tell(r, w, question, NULL, "busy");
}

bool roads_is_asking(const struct roads *r, int lane, int64_t case_id)
{
    for (const struct ask *a = r != NULL ? r->first : NULL; a != NULL; a = a->next)
        for (size_t i = 0; i < a->waiter_count; i++)
            if (a->waiter[i].lane == lane && a->waiter[i].case_id == case_id)
                return true;
    return false;
}

int64_t roads_until_us(const struct roads *r, int64_t now_us)
{
    return r == NULL ? now_us : now_us + r->options.timeout_ms * CO_MILLISECOND_US + PATIENCE_US;
}

size_t roads_offices(const struct roads *r)
{
    return (size_t)r->options.offices;
}

/* ---- life ---- */

struct roads *roads_open(const struct roads_options *options)
{
    uv_loop_t *loop = co_daemon_loop(options->daemon);
    struct roads *r = calloc(1, sizeof(*r));
    if (r == NULL)
        return NULL;
    r->options = *options;
    r->end = &r->first;
    co_rand_init(&r->rand, (uint64_t)co_mono_us());
    (void)uv_timer_init(loop, &r->tick);
    r->tick.data = r;
    struct co_pg_options pg = { .loop = loop, .watch = co_daemon_pg_watch(options->daemon),
                                .log = co_daemon_log(options->daemon),
                                .url = co_daemon_database_url(options->daemon),
                                .history = co_node_history(co_daemon_node(options->daemon)),
                                .role = co_daemon_role(options->daemon),
                                .application = "callout-dispatch roads",
                                .plans_once = true };
    r->metrics = co_metrics_add(co_daemon_metrics(options->daemon), metrics, METRICS);
    r->curl = co_curl_new(loop, on_transfer, r);
    r->pg = co_pg_open(&pg);
    if (r->metrics == NULL || r->curl == NULL || r->pg == NULL) {
        roads_close(r);
        return NULL;
    }
    return r;
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void roads_close(struct roads *r)
{
    if (r == NULL)
        return;
    for (struct ask *a; (a = take_first(r, INT64_MAX)) != NULL;) {
        stop_asking(r, a);
        a->r = NULL;
        if (!a->is_in_pg)
            free_ask(a);
    }
    co_pg_close(&r->pg); /* what is in the air is reported by this, and freed */
    if (r->curl != NULL)
        co_curl_close(r->curl);
    uv_close((uv_handle_t *)&r->tick, on_closed);
}
