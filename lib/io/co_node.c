#include "co_node_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "co_assert.h"
#include "co_io_sql.h"
#include "co_mesh.h"
#include "co_row.h"

enum { MEMBERS_MAX = 256, PARKED_MAX = 4096, CLOCK_STEP_US = 1000000 };
#define TTL_US (CO_NODE_TTL_MS * INT64_C(1000))

static void on_timer(uv_timer_t *timer)
{
    struct co_node *n = timer->data;
    co_node_enter(n); /* where that failed before */
    co_node_beat(n);
}

static struct co_node_member *find_member(struct co_node *n, const char *instance)
{
    for (size_t i = 0; i < n->member_count; i++)
        if (strcmp(n->members[i].instance, instance) == 0)
            return &n->members[i];
    return NULL;
}

/* Without cursors, of a service that has none, everybody may be somebody to wait for. */
static bool owns_lane(const PGresult *cursors, const char *instance)
{
    for (int row = 0; cursors != NULL && row < PQntuples(cursors); row++)
        if (!co_row_is_null(cursors, row, 2) && strcmp(co_row_text(cursors, row, 2), instance) == 0)
            return true;
    return cursors == NULL;
}

static void read_member(struct co_node *n, const PGresult *res, int row, int64_t now_mono_us)
{
    const char *instance = co_row_text(res, row, 0);
    struct co_node_member *m = find_member(n, instance);
    bool is_new = m == NULL;
    if (is_new) {
        if (n->member_count == MEMBERS_MAX)
            return;
        m = &n->members[n->member_count++];
        *m = (struct co_node_member){ .is_mine = strcmp(co_row_text(res, row, 1), n->options.service) == 0 };
        (void)snprintf(m->instance, sizeof(m->instance), "%s", instance);
    }
    (void)snprintf(m->endpoint, sizeof(m->endpoint), "%s", co_row_text(res, row, 2));
    (void)snprintf(m->public_key, sizeof(m->public_key), "%s", co_row_text(res, row, 3));
    co_liveness_look(&m->liveness, co_row_us(res, row, 4), n->was_blind, now_mono_us);
    if (is_new && co_row_us(res, 0, 4) - co_row_us(res, row, 4) > TTL_US) /* the newest comes first */
        co_liveness_doubt(&m->liveness);
    m->is_listed = true;
}

/* Who died before we came would be counted for the whole time-to-live, and lanes that nobody has would be left to him. */
static bool is_live(const struct co_node_member *m, int64_t now_mono_us)
{
    return co_liveness_lives(&m->liveness, TTL_US, now_mono_us) && !(m->liveness.is_doubted && !m->owns_lane);
}

static int by_instance(const void *a, const void *b)
{
    return strcmp(((const struct co_node_member *)a)->instance, ((const struct co_node_member *)b)->instance);
}

/* Who is there: those not listed any more are forgotten, the mesh connects to the living. */
static void read_members(struct co_node *n, const PGresult *res, const PGresult *cursors, int64_t now_mono_us)
{
    for (size_t i = 0; i < n->member_count; i++)
        n->members[i].is_listed = false;
    for (int row = 0; row < PQntuples(res); row++)
        read_member(n, res, row, now_mono_us);
    size_t kept = 0;
    for (size_t i = 0; i < n->member_count; i++)
        if (n->members[i].is_listed)
            n->members[kept++] = n->members[i];
    n->member_count = kept;
    qsort(n->members, kept, sizeof(*n->members), by_instance);

    struct co_mesh_peer peers[MEMBERS_MAX];
    size_t peer_count = 0;
    n->live = 0;
    for (size_t i = 0; i < kept; i++) {
        struct co_node_member *m = &n->members[i];
        bool is_me = strcmp(m->instance, n->options.instance) == 0;
        m->owns_lane = !m->liveness.is_doubted || !m->is_mine || owns_lane(cursors, m->instance);
        if (!is_me && !is_live(m, now_mono_us))
            continue;
        if (!is_me)
            peers[peer_count++] = (struct co_mesh_peer){ m->endpoint, m->public_key };
        if (is_me)
            n->me = n->live;
        n->live += m->is_mine;
    }
    co_mesh_peers(n->mesh, peers, peer_count);
}

/* Index of an instance among the live ones of this service; -1: dead or none. */
static int live_index(const struct co_node *n, const char *instance, int64_t now_mono_us)
{
    int index = 0;
    for (size_t i = 0; i < n->member_count; i++) {
        const struct co_node_member *m = &n->members[i];
        bool is_me = strcmp(m->instance, n->options.instance) == 0;
        bool counts = m->is_mine && (is_me || is_live(m, now_mono_us));
        if (strcmp(m->instance, instance) == 0)
            return counts ? index : -1;
        index += counts;
    }
    return -1;
}

static void read_cursors(struct co_node *n, const PGresult *res, int64_t now_mono_us)
{
    for (int row = 0; row < PQntuples(res); row++) {
        int lane = co_row_int2(res, row, 0);
        struct co_node_cursor *c = &n->cursors[lane];
        c->seq = co_row_int8(res, row, 1);
        c->epoch = co_row_int8(res, row, 3);
        bool is_free = co_row_is_null(res, row, 2);
        c->owner = is_free ? -1 : live_index(n, co_row_text(res, row, 2), now_mono_us);
        c->was_owned = !is_free && c->owner < 0;
    }
}

static void read_parked(struct co_node *n, const PGresult *res)
{
    bool was_whole = n->parked_is_whole || !n->is_ready;
    n->parked_count = 0;
    n->parked_is_whole = PQntuples(res) <= PARKED_MAX;
    if (was_whole && !n->parked_is_whole)
        co_log_error(n->options.log, "too_many_parked", CO_I("cases", PQntuples(res)), CO_I("limit", PARKED_MAX),
                     CO_S("help", "lanes that change hands wait until some are replayed or dropped: callout parked list"));
    for (int row = 0; row < PQntuples(res) && n->parked_count < PARKED_MAX; row++) {
        const char *asked = co_row_text(res, row, 3);
        n->parked[n->parked_count++] = (struct co_node_parked){
            co_row_int2(res, row, 0), co_row_int8(res, row, 1), co_row_int8(res, row, 2),
            strcmp(asked, "replay") == 0, strcmp(asked, "drop") == 0,
        };
    }
}

static void read_clock(struct co_node *n, const PGresult *res, int64_t now_mono_us)
{
    int64_t step_us = co_clock_sync(&n->clock, now_mono_us, co_row_us(res, 0, 0), co_row_us(res, 0, 1),
                                    co_row_us(res, 0, 2), co_row_float8(res, 0, 3));
    /* a reading may be as old as its message took, this one's and the last one's */
    int64_t round_trip_us = now_mono_us - n->sent_mono_us;
    int64_t unsure_us = CLOCK_STEP_US + round_trip_us + n->round_trip_us;
    n->round_trip_us = round_trip_us;
    if (step_us <= unsure_us && step_us >= -unsure_us)
        return;
    n->clock_steps++;
    n->clock_step_us = step_us;
    co_log_line(n->options.log, CO_LOG_WARN, "clock_stepped", CO_I("by_ms", step_us / 1000));
}

void co_node_unfit(void *arg, const char *why)
{
    struct co_node *n = arg;
    if (n->is_closing || n->is_unfit || n->options.on_unfit == NULL)
        return;
    n->is_unfit = true;
    n->options.on_unfit(n->options.arg, why);
}

static void on_beat(void *arg, const struct co_pg_outcome *outcome)
{
    struct co_node *n = arg;
    n->beat_in_air = false;
    if (n->is_closing)
        return;
    if (outcome->err != CO_OK) {
        if (outcome->err != CO_EDOWN)
            co_log_line(n->options.log, CO_LOG_ERROR, "beat_failed", CO_S("sqlstate", outcome->sqlstate),
                        CO_S("why", outcome->message));
        return;
    }
    int64_t now_mono_us = co_mono_us();
    PGresult **r = outcome->results->item;
    if (PQntuples(r[0]) == 0) {
        co_node_unfit(n, "another process has taken the name of this instance: give each one of its own (instance)");
        return;
    }
    n->is_named = true;
    n->was_blind = n->was_blind || n->sent_mono_us - n->renewed_mono_us > TTL_US;
    n->renewed_mono_us = n->sent_mono_us;
    read_members(n, r[1], n->options.is_leased ? r[3] : NULL, now_mono_us);
    n->was_blind = false;
    int64_t before_us = n->clock.anchor_domain_us;
    read_clock(n, r[2], now_mono_us);
    if (n->options.is_leased) {
        read_cursors(n, r[3], now_mono_us);
        read_parked(n, r[4]);
    }
    if (!n->is_ready) {
        n->is_ready = true;
        n->options.on_ready(n->options.arg);
    }
    if (n->clock.rate <= 0 && n->clock.anchor_domain_us != before_us && n->options.on_step != NULL)
        n->options.on_step(n->options.arg);
    if (n->options.on_beat != NULL)
        n->options.on_beat(n->options.arg);
    if (n->wants_beat)
        co_node_beat(n);
}

void co_node_beat(struct co_node *n)
{
    if (n->beat_in_air || !n->has_era || n->is_closing || !co_pg_is_up(n->pg) || !(n->is_named || n->may_take_name))
        return;
    const struct co_node_options *o = &n->options;
    co_batch_clear(n->batch);
    (void)co_batch_add(n->batch, &co_io_sql[co_io_sql_renew_member]);
    co_batch_text(n->batch, o->instance);
    co_batch_text(n->batch, o->service);
    co_batch_text(n->batch, co_mesh_endpoint(n->mesh));
    co_batch_text(n->batch, co_mesh_public_key(n->mesh));
    co_batch_text(n->batch, o->release == NULL ? "" : o->release);
    co_batch_int8(n->batch, n->process);
    co_batch_bool(n->batch, !n->is_named);
    (void)co_batch_add(n->batch, &co_io_sql[co_io_sql_read_members]);
    (void)co_batch_add(n->batch, &co_io_sql[co_io_sql_read_clock]);
    if (o->is_leased) {
        (void)co_batch_add(n->batch, &co_io_sql[co_io_sql_read_cursors]);
        co_batch_text(n->batch, o->service);
        (void)co_batch_add(n->batch, &co_io_sql[co_io_sql_read_parked]);
        co_batch_text(n->batch, o->service);
    }
    if (++n->beats % 120 == 0)
        (void)co_batch_add(n->batch, &co_io_sql[co_io_sql_forget_members]);
    n->wants_beat = false;
    n->beat_in_air = true;
    n->sent_mono_us = co_mono_us();
    co_pg_run(n->pg, n->batch, CO_PG_PLAIN, on_beat, n);
}

void co_node_beat_now(struct co_node *n)
{
    n->wants_beat = true;
    co_node_beat(n);
}

/* Others reach us where the database does, unless that is on this machine. */
static void say_host(struct co_node *n)
{
    char address[CO_PG_ADDRESS];
    char name[256] = "";
    if (co_pg_own_address(n->pg, address))
        co_mesh_set_host(n->mesh, address);
    else if (gethostname(name, sizeof(name) - 1) == 0)
        co_mesh_set_host(n->mesh, name);
}

static void on_up(void *arg)
{
    say_host(arg);
    co_node_enter(arg);
}

static void on_down(void *arg)
{
    struct co_node *n = arg;
    n->has_era = false;
    n->was_blind = true;
    if (!n->is_closing && n->is_ready)
        n->options.on_reset(n->options.arg);
}

static void on_mesh_entries(void *arg, int lane, const struct co_entry_raw *entries, size_t count)
{
    struct co_node *n = arg;
    if (!n->is_closing)
        n->options.on_entries(n->options.arg, lane, entries, count);
}

static void on_mesh_step(void *arg, int64_t domain_us)
{
    struct co_node *n = arg;
    if (n->is_closing || !n->clock.is_known || n->clock.rate > 0)
        return;
    co_clock_step(&n->clock, domain_us);
    if (n->options.on_step != NULL && n->is_ready)
        n->options.on_step(n->options.arg);
}

static void on_mesh_era(void *arg, const char *era)
{
    struct co_node *n = arg;
    co_pg_hear_era(&n->history, era);
}

static void free_node(struct co_node *n)
{
    co_batch_free(n->batch);
    co_batch_free(n->farewell);
    free(n->members);
    free(n->parked);
    free(n);
}

struct co_node *co_node_open(const struct co_node_options *options)
{
    struct co_node *n = calloc(1, sizeof(*n));
    if (n == NULL)
        return NULL;
    n->options = *options;
    randombytes_buf(&n->process, sizeof(n->process));
    n->process = (n->process & INT64_MAX) | 1; /* 0: of earlier releases */
    n->batch = co_batch_new(64 * 1024);
    n->farewell = co_batch_new(4096);
    n->members = calloc(MEMBERS_MAX, sizeof(*n->members));
    n->parked = calloc(PARKED_MAX, sizeof(*n->parked));
    struct co_mesh_options mesh = { .loop = options->loop, .log = options->log, .zmq = options->zmq,
                                    .fault = options->fault, .endpoint = options->endpoint,
                                    .announce = options->announce, .key_file = options->key_file, .on_entries = on_mesh_entries,
                                    .on_step = on_mesh_step, .on_era = on_mesh_era, .arg = n };
    struct co_pg_options pg = { .loop = options->loop, .log = options->log, .url = options->database_url,
                                .history = &n->history, .role = options->role, .application = "callout control",
                                .watch = options->watch,
                                .statement_timeout_ms = 10000, .lock_timeout_ms = 2500,
                                .on_up = on_up, .on_down = on_down,
                                .on_unfit = options->on_unfit == NULL ? NULL : co_node_unfit, .arg = n };
    if (n->batch == NULL || n->farewell == NULL || n->members == NULL || n->parked == NULL ||
        (n->mesh = co_mesh_open(&mesh)) == NULL) {
        free_node(n);
        return NULL;
    }
    n->pg = co_pg_open(&pg);
    if (n->pg == NULL) {
        co_mesh_close(&n->mesh);
        free_node(n);
        return NULL;
    }
    (void)uv_timer_init(options->loop, &n->timer);
    n->timer.data = n;
    (void)uv_timer_start(&n->timer, on_timer, CO_NODE_BEAT_MS, CO_NODE_BEAT_MS);
    return n;
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct co_node *n = handle->data;
    void (*done)(void *arg) = n->done;
    void *arg = n->done_arg;
    free_node(n);
    if (done != NULL)
        done(arg);
}

static void close_rest(struct co_node *n)
{
    co_pg_close(&n->pg);
    co_mesh_close(&n->mesh);
    uv_close((uv_handle_t *)&n->timer, on_timer_closed);
}

static void on_removed(void *arg, const struct co_pg_outcome *outcome)
{
    (void)outcome; /* where it failed, the row goes stale and is judged dead */
    close_rest(arg);
}

static void on_close_late(uv_timer_t *timer)
{
    struct co_node *n = timer->data;
    co_pg_reset(n->pg); /* reports the removal as CO_EDOWN */
}

void co_node_close(struct co_node **node_p, void (*done)(void *arg), void *arg)
{
    struct co_node *n = *node_p;
    *node_p = NULL;
    n->is_closing = true;
    n->done = done;
    n->done_arg = arg;
    (void)uv_timer_start(&n->timer, on_close_late, 2000, 0);
    (void)co_batch_add(n->farewell, &co_io_sql[co_io_sql_remove_member]);
    co_batch_text(n->farewell, n->options.instance);
    co_batch_int8(n->farewell, n->process);
    co_pg_run(n->pg, n->farewell, CO_PG_PLAIN, on_removed, n);
}

struct co_pg *co_node_pg(struct co_node *n)
{
    return n->pg;
}

struct co_pg_history *co_node_history(struct co_node *n)
{
    return &n->history;
}

struct co_clock *co_node_clock(struct co_node *n)
{
    return &n->clock;
}

struct co_mesh *co_node_mesh(struct co_node *n)
{
    return n->mesh;
}

const struct co_node_options *co_node_options(const struct co_node *n)
{
    return &n->options;
}

bool co_node_is_ready(const struct co_node *n)
{
    return n->is_ready;
}

const char *co_node_unusable(const struct co_node *n)
{
    return n->unusable.text;
}

uint64_t co_node_clock_steps(const struct co_node *n, int64_t *ret_last_us)
{
    *ret_last_us = n->clock_step_us;
    return n->clock_steps;
}

int co_node_lanes(const struct co_node *n)
{
    return n->lanes;
}

int64_t co_node_now_us(struct co_node *n)
{
    return co_clock_domain_us(&n->clock, co_mono_us());
}

bool co_node_is_alive(const struct co_node *n)
{
    return n->renewed_mono_us != 0 && co_mono_us() - n->renewed_mono_us < TTL_US;
}

size_t co_node_live(const struct co_node *n, size_t *ret_me)
{
    *ret_me = n->me;
    return n->live;
}

const struct co_node_cursor *co_node_cursors(const struct co_node *n)
{
    return n->cursors;
}

const struct co_node_parked *co_node_parked(const struct co_node *n, size_t *ret_count, bool *ret_whole)
{
    *ret_count = n->parked_count;
    *ret_whole = n->parked_is_whole;
    return n->parked;
}

int64_t co_node_beat_mono_us(const struct co_node *n)
{
    return n->renewed_mono_us;
}

void co_node_publish(struct co_node *n, int lane, const struct co_entry_raw *entries, size_t count)
{
    if (n->has_era)
        co_mesh_publish(n->mesh, lane, entries, count);
}

void co_node_listen(struct co_node *n, int lane, bool wanted)
{
    co_mesh_listen(n->mesh, lane, wanted);
}
