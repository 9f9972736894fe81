#include "notify_send.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "co_strmap.h"
#include "co_time.h"
#include "notify_endpoint.h"
#include "notify_smtp_link.h"

enum { ENDPOINTS_MAX = 65536, TICK_MS = 250 };

struct notify_send {
    uv_loop_t *loop;
    uv_timer_t timer;
    struct co_curl *curl;
    struct notify_links *links;
    struct co_strmap *endpoints;
    struct notify_send_options options;
    struct notify_send_hooks hooks;
    struct notify_jobs in_flight;
    uint32_t in_flight_of[NOTIFY_CHANNEL_KINDS];
    uint32_t count;
    bool is_closing;
};

/* ---- servers ---- */

static struct notify_endpoint *
get_endpoint(struct notify_send *s, const struct notify_channel *channel, const char *origin)
{
    struct notify_endpoint *e = co_strmap_get(s->endpoints, origin);
    if (e != NULL)
        return e;
    e = calloc(1, sizeof(*e) + strlen(origin) + 1);
    if (e == NULL)
        return NULL;
    e->channel = channel;
    memcpy(e->origin, origin, strlen(origin) + 1);
    if (co_strmap_put(s->endpoints, e->origin, e) != CO_OK) {
        free(e);
        return NULL;
    }
    return e;
}

static uint64_t loop_ms(const struct notify_send *s)
{
    return uv_now(s->loop);
}

enum notify_room notify_send_room(const struct notify_send *s, Callout__V1__ChannelKind kind,
                                  const char *url, uint32_t soon, int64_t *ret_wait_us)
{
    char origin[NOTIFY_ORIGIN_TEXT];
    *ret_wait_us = 0;
    if (!notify_endpoint_origin(kind, url, origin))
        return NOTIFY_ROOM; /* whoever sends it says what is wrong */
    if (s->count + soon >= s->options.waiting)
        return NOTIFY_ROOM_CROWDED;
    const struct notify_endpoint *e = co_strmap_get(s->endpoints, origin);
    if (e == NULL)
        return soon < NOTIFY_ENDPOINT_WAITING_MAX ? NOTIFY_ROOM : NOTIFY_ROOM_CROWDED;
    return notify_endpoint_room(e, soon, loop_ms(s), ret_wait_us);
}

static struct notify_server server_of(const struct notify_send *s, const struct notify_endpoint *e)
{
    const struct notify_circuit *c = &e->circuit;
    int64_t since_start_us =
        s->hooks.wall_us(s->hooks.arg) - (int64_t)loop_ms(s) * CO_MILLISECOND_US;
    return (struct notify_server){ .server = notify_endpoint_server(e->origin),
                                   .channel = e->by,
                                   .why = e->why,
                                   .failures = c->failures,
                                   .since_us = since_start_us + c->since_us,
                                   .until_us = since_start_us + c->retry_us };
}

bool notify_send_next_aside(const struct notify_send *s, uint32_t *pos,
                            struct notify_server *ret_server)
{
    const char *origin;
    void *value;
    while (co_strmap_next(s->endpoints, pos, &origin, &value)) {
        const struct notify_endpoint *e = value;
        if (!notify_circuit_is_aside(&e->circuit))
            continue;
        *ret_server = server_of(s, e);
        return true;
    }
    return false;
}

/* ---- jobs ---- */

/* Ends a job that is on no list any more. */
static void finish(struct notify_send *s, struct notify_job *job,
                   const struct notify_outcome *outcome)
{
    void *tag = job->tag;
    notify_job_free(job);
    s->count--;
    s->hooks.done(s->hooks.arg, tag, outcome);
}

/* Those that may not wait any more, the latest first. */
static void give_back_waiting(struct notify_send *s, struct notify_endpoint *e)
{
    static const char *const details[] = {
        [NOTIFY_ROOM_CROWDED] = "the server does not take anything now",
        [NOTIFY_ROOM_ASIDE] = "its server is set aside",
    };
    uint32_t keep = notify_endpoint_may_wait(e, loop_ms(s));
    if (e->waiting_count <= keep)
        return;
    struct notify_outcome outcome;
    int64_t wait_us;
    enum notify_room room = notify_endpoint_room(e, 0, loop_ms(s), &wait_us);
    notify_outcome_set(&outcome, room == NOTIFY_ROOM_ASIDE ? NOTIFY_ASIDE : NOTIFY_CROWDED,
                       details[room]);
    outcome.retry_after_us = wait_us;
    while (e->waiting_count > keep) {
        struct notify_job *job = notify_jobs_take_last(&e->waiting);
        e->waiting_count--;
        finish(s, job, &outcome);
    }
}

/* Starts one job, or finishes it at once. */
static void launch(struct notify_send *s, struct notify_endpoint *e, struct notify_job *job)
{
    struct notify_outcome outcome;
    job->started_ms = loop_ms(s);
    job->wall_us = s->hooks.wall_us(s->hooks.arg);
    notify_outcome_set(&outcome, NOTIFY_CROWDED, "not ours to send at the moment");
    bool may_send = s->hooks.may_send(s->hooks.arg, job->tag, &outcome);
    if (may_send)
        notify_outcome_set(&outcome, NOTIFY_LATER, "out of memory");
    if (!may_send || !job->channel->start(job, &outcome)) {
        finish(s, job, &outcome);
    } else {
        notify_jobs_append(&s->in_flight, job);
        s->in_flight_of[job->channel->kind]++;
        e->in_flight++;
    }
}

static bool may_launch(const struct notify_send *s, const struct notify_endpoint *e)
{
    return notify_endpoint_may_begin(e, loop_ms(s)) &&
           s->in_flight_of[e->channel->kind] < e->channel->in_flight && !s->is_closing;
}

static void launch_waiting(struct notify_send *s, struct notify_endpoint *e)
{
    while (may_launch(s, e)) {
        struct notify_job *job = notify_jobs_take_first(&e->waiting);
        e->waiting_count--;
        launch(s, e, job);
    }
}

/* What an outcome says about its server. */
static void learn(struct notify_send *s, const struct notify_job *job,
                  struct notify_outcome *outcome)
{
    struct notify_endpoint *e = job->endpoint;
    struct notify_server server = server_of(s, e);
    uint64_t random;
    randombytes_buf(&random, sizeof(random));
    outcome->change = notify_endpoint_learn(e, job, outcome, loop_ms(s), random);
    if (outcome->change != NOTIFY_CIRCUIT_BACK)
        server = server_of(s, e); /* else: what it was set aside for */
    if (outcome->change != NOTIFY_CIRCUIT_NOTHING)
        s->hooks.changed(s->hooks.arg, &server, outcome->change);
    give_back_waiting(s, e);
}

static void take_down(struct notify_send *s, struct notify_job *job)
{
    job->channel->stop(job);
    notify_jobs_remove(&s->in_flight, job);
    s->in_flight_of[job->channel->kind]--;
    job->endpoint->in_flight--;
}

static void end_attempt(struct notify_job *job, CURLcode code)
{
    struct notify_send *s = job->sender;
    struct notify_endpoint *e = job->endpoint;
    struct notify_outcome outcome = { .input = NOTIFY_LATER };
    bool is_over = job->channel->judge(job, code, &outcome);
    take_down(s, job);
    if (is_over) {
        learn(s, job, &outcome);
        finish(s, job, &outcome);
    } else {
        launch(s, e, job);
    }
    launch_waiting(s, e);
}

static void on_talk_ended(struct notify_job *job)
{
    end_attempt(job, CURLE_OK);
}

static void on_transfer_done(void *arg, CURL *easy, CURLcode code)
{
    struct notify_job *job = NULL;
    (void)arg;
    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &job);
    if (code != CURLE_OK || job->channel->talk == NULL || !job->channel->talk(job))
        end_attempt(job, code);
}

/* ---- the timer: stages of transfers, servers held or waiting for room elsewhere ---- */

static void tick_in_flight(struct notify_send *s)
{
    struct notify_job *next;
    for (struct notify_job *job = s->in_flight.first; job != NULL; job = next) {
        next = job->next;
        if (job->channel->tick != NULL)
            job->channel->tick(job, loop_ms(s) - job->started_ms);
    }
}

/* One that is set aside, and that nobody wants to try, is nobody's trouble any more. */
static void forget(struct notify_send *s, struct notify_endpoint *e)
{
    struct notify_server server = server_of(s, e);
    bool is_aside = notify_circuit_is_aside(&e->circuit);
    (void)co_strmap_take(s->endpoints, e->origin);
    if (is_aside)
        s->hooks.changed(s->hooks.arg, &server, NOTIFY_CIRCUIT_BACK);
    free(e);
}

static void visit_endpoints(struct notify_send *s)
{
    uint32_t pos = 0;
    const char *origin;
    void *value;
    struct notify_endpoint *idle = NULL;
    while (co_strmap_next(s->endpoints, &pos, &origin, &value)) {
        struct notify_endpoint *e = value;
        launch_waiting(s, e);
        give_back_waiting(s, e);
        if (notify_endpoint_is_idle(e, loop_ms(s)))
            idle = e;
    }
    if (idle != NULL) { /* one a visit: the map must not change during the walk */
        forget(s, idle);
    }
}

static void on_tick(uv_timer_t *timer)
{
    struct notify_send *s = timer->data;
    tick_in_flight(s);
    visit_endpoints(s);
    if (co_strmap_len(s->endpoints) == 0)
        (void)uv_timer_stop(timer);
}

/* ---- the outside ---- */

static uint32_t or_default(uint32_t value, uint32_t otherwise)
{
    return value != 0 ? value : otherwise;
}

static void set_options(struct notify_send *s, const struct notify_send_options *options)
{
    s->options = *options;
    s->options.waiting = or_default(options->waiting, 20000);
    s->options.connect_ms = or_default(options->connect_ms, 10000);
    s->options.webhook_ms = or_default(options->webhook_ms, 30000);
    s->options.smtp_talk_ms = or_default(options->smtp_talk_ms, 60000);
    s->options.smtp_final_ms = or_default(options->smtp_final_ms, 600000);
    s->options.aside_first_ms = or_default(options->aside_first_ms, 30000);
    s->options.aside_last_ms = or_default(options->aside_last_ms, 600000);
    if (s->options.aside_last_ms < s->options.aside_first_ms)
        s->options.aside_last_ms = s->options.aside_first_ms;
    s->options.smtp_kept_ms = or_default(options->smtp_kept_ms, 5000); /* servers count who waits */
}

struct notify_send *notify_send_new(uv_loop_t *loop, const struct notify_send_options *options,
                                    const struct notify_send_hooks *hooks)
{
    uint64_t seed;
    randombytes_buf(&seed, sizeof(seed));
    struct notify_send *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return NULL;
    s->endpoints = co_strmap_new(ENDPOINTS_MAX, seed);
    s->curl = s->endpoints == NULL ? NULL : co_curl_new(loop, on_transfer_done, s);
    set_options(s, options);
    s->links = s->curl == NULL ? NULL : notify_links_new(loop, s->curl, &s->options);
    if (s->links == NULL) {
        if (s->curl != NULL)
            co_curl_close(s->curl);
        co_strmap_free(s->endpoints);
        free(s);
        return NULL;
    }
    s->loop = loop;
    s->hooks = *hooks;
    (void)uv_timer_init(loop, &s->timer);
    s->timer.data = s;
    return s;
}

enum co_err notify_send_start(struct notify_send *s, const struct notify_message *m, void *tag)
{
    const struct notify_channel *channel = notify_channel_find(m->kind);
    if (channel == NULL)
        return CO_EINPUT;
    if (s->count >= 2 * s->options.waiting)
        return CO_EFULL;
    char origin[NOTIFY_ORIGIN_TEXT];
    if (!notify_endpoint_origin(channel->kind, m->url, origin))
        return CO_EINPUT;
    struct notify_endpoint *e = get_endpoint(s, channel, origin);
    struct notify_job *job = e == NULL ? NULL : calloc(1, sizeof(*job));
    if (job == NULL)
        return CO_ENOMEM;
    s->count++;
    job->message = *m;
    job->tag = tag;
    job->channel = channel;
    job->endpoint = e;
    job->options = &s->options;
    job->curl = s->curl;
    job->links = s->links;
    job->sender = s;
    job->ended = on_talk_ended;
    if (!notify_job_copy(job)) {
        notify_job_free(job);
        s->count--;
        return CO_ENOMEM;
    }
    notify_jobs_append(&e->waiting, job);
    e->waiting_count++;
    (void)uv_timer_start(&s->timer, on_tick, 0, TICK_MS); /* at once, then regularly */
    return CO_OK;
}

uint32_t notify_send_count(const struct notify_send *s)
{
    return s->count;
}

static void on_closed(uv_handle_t *handle)
{
    struct notify_send *s = handle->data;
    co_strmap_free(s->endpoints);
    free(s);
}

static void drop_waiting(struct notify_send *s)
{
    uint32_t pos = 0;
    const char *origin;
    void *value;
    while (co_strmap_next(s->endpoints, &pos, &origin, &value)) {
        struct notify_endpoint *e = value;
        while (e->waiting.first != NULL)
            finish(s, notify_jobs_take_first(&e->waiting), NULL);
        free(e);
    }
    co_strmap_clear(s->endpoints);
}

void notify_send_close(struct notify_send *s)
{
    if (s == NULL)
        return;
    s->is_closing = true;
    while (s->in_flight.first != NULL) {
        struct notify_job *job = s->in_flight.first;
        take_down(
            s, job); /* NOLINT(clang-analyzer-unix.Malloc): it takes the first one off the list */
        finish(s, job, NULL);
    }
    drop_waiting(s);
    notify_links_close(s->links);
    co_curl_close(s->curl);
    uv_close((uv_handle_t *)&s->timer, on_closed);
}
