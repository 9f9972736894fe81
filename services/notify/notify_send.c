#include "notify_send.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_strmap.h"
#include "co_text.h"
#include "notify_channel.h"
#include "co_curl.h"
#include "notify_smtp_link.h"

enum {
    ENDPOINTS_MAX = 65536,
    ENDPOINT_WAITING_MAX = 2000,
    ORIGIN_TEXT = 300,
    HOLD_MAX_MS = 900000,
    AILING_MS = 60000,
    TICK_MS = 250,
};

/* A list with both ends in it, so that jobs leave from anywhere. */
struct jobs {
    struct notify_job *first;
    struct notify_job *last;
};

struct notify_endpoint {
    const struct notify_channel *channel;
    struct jobs waiting;
    uint32_t waiting_count;
    uint32_t in_flight;
    bool is_ailing;
    uint64_t held_until_ms;   /* loop time; 0: not held */
    uint64_t ailing_until_ms; /* when that is forgotten, where nobody asks for it meanwhile */
    char origin[];            /* "kind scheme://host:port" */
};

struct notify_send {
    uv_loop_t *loop;
    uv_timer_t timer;
    struct co_curl *curl;
    struct notify_links *links;
    struct co_strmap *endpoints;
    struct notify_send_options options;
    struct notify_send_hooks hooks;
    struct jobs in_flight;
    uint32_t in_flight_of[NOTIFY_CHANNEL_KINDS];
    uint32_t count;
    bool is_closing;
};

static void append_job(struct jobs *list, struct notify_job *job)
{
    job->next = NULL;
    job->previous = list->last;
    if (list->last != NULL)
        list->last->next = job;
    else
        list->first = job;
    list->last = job;
}

static void remove_job(struct jobs *list, struct notify_job *job)
{
    if (job->previous != NULL)
        job->previous->next = job->next;
    else
        list->first = job->next;
    if (job->next != NULL)
        job->next->previous = job->previous;
    else
        list->last = job->previous;
}

static struct notify_job *take_first(struct jobs *list)
{
    struct notify_job *job = list->first;
    co_assert(job->previous == NULL);
    remove_job(list, job);
    return job;
}

static struct notify_job *take_last(struct jobs *list)
{
    struct notify_job *job = list->last;
    co_assert(job->next == NULL);
    remove_job(list, job);
    return job;
}

/* ---- servers ---- */

/* "2 https://host:port", in lower case: what comes before the path. False: too long. */
static bool write_origin(Callout__V1__ChannelKind kind, const char *url,
                         char to[static ORIGIN_TEXT])
{
    const char *host = strstr(url, "://");
    size_t len = host == NULL ? strlen(url) : (size_t)(host + 3 - url) + strcspn(host + 3, "/?#");
    if (len + 3 > ORIGIN_TEXT)
        return false;
    to[0] = (char)('0' + kind);
    to[1] = ' ';
    for (size_t i = 0; i < len; i++)
        to[i + 2] = url[i] >= 'A' && url[i] <= 'Z' ? (char)(url[i] - 'A' + 'a') : url[i];
    to[len + 2] = '\0';
    return true;
}

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

static bool is_held(const struct notify_send *s, const struct notify_endpoint *e)
{
    return e->held_until_ms > loop_ms(s);
}

static uint32_t waiting_limit(const struct notify_endpoint *e)
{
    return e->is_ailing ? e->channel->per_endpoint : ENDPOINT_WAITING_MAX;
}

bool notify_send_has_room(const struct notify_send *s, Callout__V1__ChannelKind kind,
                          const char *url, uint32_t soon, int64_t *ret_wait_us)
{
    char origin[ORIGIN_TEXT];
    *ret_wait_us = 0;
    if (!write_origin(kind, url, origin))
        return true; /* whoever sends it says what is wrong */
    if (s->count + soon >= s->options.waiting)
        return false;
    const struct notify_endpoint *e = co_strmap_get(s->endpoints, origin);
    if (e == NULL)
        return soon < ENDPOINT_WAITING_MAX;
    if (is_held(s, e))
        *ret_wait_us = (int64_t)(e->held_until_ms - loop_ms(s)) * 1000;
    return !is_held(s, e) && e->waiting_count + soon < waiting_limit(e);
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

static void give_back_waiting(struct notify_send *s, struct notify_endpoint *e, uint32_t keep)
{
    struct notify_outcome outcome;
    notify_outcome_set(&outcome, NOTIFY_CROWDED, "the server does not take anything now");
    if (is_held(s, e))
        outcome.retry_after_us = (int64_t)(e->held_until_ms - loop_ms(s)) * 1000;
    while (e->waiting_count > keep) {
        struct notify_job *job = take_last(&e->waiting);
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
    notify_outcome_set(&outcome, NOTIFY_LATER, "out of memory");
    if (!s->hooks.may_send(s->hooks.arg, job->tag)) {
        notify_outcome_set(&outcome, NOTIFY_CROWDED, "not ours to send at the moment");
        finish(s, job, &outcome);
    } else if (!job->channel->start(job, &outcome)) {
        finish(s, job, &outcome);
    } else {
        append_job(&s->in_flight, job);
        s->in_flight_of[job->channel->kind]++;
        e->in_flight++;
    }
}

static bool may_launch(const struct notify_send *s, const struct notify_endpoint *e)
{
    return e->waiting.first != NULL && !is_held(s, e) && e->in_flight < e->channel->per_endpoint &&
           s->in_flight_of[e->channel->kind] < e->channel->in_flight && !s->is_closing;
}

static void launch_waiting(struct notify_send *s, struct notify_endpoint *e)
{
    while (may_launch(s, e)) {
        struct notify_job *job = take_first(&e->waiting);
        e->waiting_count--;
        launch(s, e, job);
    }
}

/* What an outcome says about its server. */
static void learn(struct notify_send *s, struct notify_endpoint *e,
                  const struct notify_outcome *outcome)
{
    e->is_ailing = (outcome->input == NOTIFY_LATER && !outcome->is_recipients) ||
                   outcome->input == NOTIFY_DOUBT;
    e->ailing_until_ms = loop_ms(s) + (e->is_ailing ? AILING_MS : 0);
    uint64_t wish_ms = (uint64_t)(outcome->retry_after_us / 1000);
    if (wish_ms > 0)
        e->held_until_ms = loop_ms(s) + (wish_ms < HOLD_MAX_MS ? wish_ms : HOLD_MAX_MS);
    if (is_held(s, e))
        give_back_waiting(s, e, 0);
    else if (e->is_ailing)
        give_back_waiting(s, e, waiting_limit(e));
}

static void take_down(struct notify_send *s, struct notify_job *job)
{
    job->channel->stop(job);
    remove_job(&s->in_flight, job);
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
        learn(s, e, &outcome);
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

static void visit_endpoints(struct notify_send *s)
{
    uint32_t pos = 0;
    const char *origin;
    void *value;
    struct notify_endpoint *idle = NULL;
    while (co_strmap_next(s->endpoints, &pos, &origin, &value)) {
        struct notify_endpoint *e = value;
        launch_waiting(s, e);
        bool is_remembered = is_held(s, e) || e->ailing_until_ms > loop_ms(s);
        if (e->in_flight == 0 && e->waiting.first == NULL && !is_remembered)
            idle = e;
    }
    if (idle != NULL) { /* one a visit: the map must not change during the walk */
        (void)co_strmap_take(s->endpoints, idle->origin);
        free(idle);
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
    char origin[ORIGIN_TEXT];
    if (!write_origin(channel->kind, m->url, origin))
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
    append_job(&e->waiting, job);
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
            finish(s, take_first(&e->waiting), NULL);
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
