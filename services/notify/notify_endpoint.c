#include "notify_endpoint.h"

#include <string.h>

#include "co_assert.h"
#include "co_text.h"
#include "co_time.h"

enum {
    HOLD_MAX_MS = 900000,
    AILING_MS = 60000,
    UNTRIED_MS = 3600000, /* so long after its pause one that nobody tries is kept set aside */
};

void notify_jobs_append(struct notify_jobs *list, struct notify_job *job)
{
    job->next = NULL;
    job->previous = list->last;
    if (list->last != NULL)
        list->last->next = job;
    else
        list->first = job;
    list->last = job;
}

void notify_jobs_remove(struct notify_jobs *list, struct notify_job *job)
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

struct notify_job *notify_jobs_take_first(struct notify_jobs *list)
{
    struct notify_job *job = list->first;
    co_assert(job->previous == NULL);
    notify_jobs_remove(list, job);
    return job;
}

struct notify_job *notify_jobs_take_last(struct notify_jobs *list)
{
    struct notify_job *job = list->last;
    co_assert(job->next == NULL);
    notify_jobs_remove(list, job);
    return job;
}

bool notify_endpoint_origin(Callout__V1__ChannelKind kind, const char *url,
                            char ret[static NOTIFY_ORIGIN_TEXT])
{
    const char *host = strstr(url, "://");
    size_t len = host == NULL ? strlen(url) : (size_t)(host + 3 - url) + strcspn(host + 3, "/?#");
    if (len + 3 > NOTIFY_ORIGIN_TEXT)
        return false;
    ret[0] = (char)('0' + kind);
    ret[1] = ' ';
    for (size_t i = 0; i < len; i++)
        ret[i + 2] = url[i] >= 'A' && url[i] <= 'Z' ? (char)(url[i] - 'A' + 'a') : url[i];
    ret[len + 2] = '\0';
    return true;
}

const char *notify_endpoint_server(const char *origin)
{
    return origin + 2;
}

static int64_t us_of(uint64_t now_ms)
{
    return (int64_t)now_ms * CO_MILLISECOND_US;
}

bool notify_endpoint_is_held(const struct notify_endpoint *e, uint64_t now_ms)
{
    return e->held_until_ms > now_ms;
}

bool notify_endpoint_is_aside(const struct notify_endpoint *e, uint64_t now_ms)
{
    return notify_circuit_is_aside(&e->circuit) &&
           (notify_circuit_wait_us(&e->circuit, us_of(now_ms)) > 0 || e->in_flight > 0);
}

uint32_t notify_endpoint_may_wait(const struct notify_endpoint *e, uint64_t now_ms)
{
    if (notify_endpoint_is_held(e, now_ms) || notify_endpoint_is_aside(e, now_ms))
        return 0;
    if (notify_circuit_is_aside(&e->circuit))
        return 1; /* who tries it */
    return e->is_ailing ? e->channel->per_endpoint : NOTIFY_ENDPOINT_WAITING_MAX;
}

enum notify_room notify_endpoint_room(const struct notify_endpoint *e, uint32_t soon,
                                      uint64_t now_ms, int64_t *ret_wait_us)
{
    bool is_held = notify_endpoint_is_held(e, now_ms);
    int64_t aside_us = notify_circuit_wait_us(&e->circuit, us_of(now_ms));
    *ret_wait_us = is_held ? us_of(e->held_until_ms - now_ms) : aside_us;
    if (e->waiting_count + soon < notify_endpoint_may_wait(e, now_ms))
        return NOTIFY_ROOM;
    return notify_circuit_is_aside(&e->circuit) ? NOTIFY_ROOM_ASIDE : NOTIFY_ROOM_CROWDED;
}

bool notify_endpoint_may_begin(const struct notify_endpoint *e, uint64_t now_ms)
{
    return e->waiting.first != NULL && e->in_flight < e->channel->per_endpoint &&
           notify_endpoint_may_wait(e, now_ms) > 0;
}

/* One that names a time to wait takes things again by itself: it is held, not failing. */
static bool is_failure(const struct notify_outcome *o)
{
    return o->input == NOTIFY_DOUBT ||
           (o->input == NOTIFY_LATER && !o->is_recipients && o->retry_after_us == 0);
}

enum notify_circuit_change notify_endpoint_learn(struct notify_endpoint *e,
                                                 const struct notify_job *job,
                                                 const struct notify_outcome *outcome,
                                                 uint64_t now_ms, uint64_t random)
{
    uint64_t wish_ms = (uint64_t)(outcome->retry_after_us / CO_MILLISECOND_US);
    bool has_failed = is_failure(outcome);
    e->is_ailing = has_failed || (outcome->input == NOTIFY_LATER && !outcome->is_recipients);
    e->ailing_until_ms = now_ms + (e->is_ailing ? AILING_MS : 0);
    if (wish_ms > 0)
        e->held_until_ms = now_ms + (wish_ms < HOLD_MAX_MS ? wish_ms : HOLD_MAX_MS);
    if (has_failed) {
        (void)co_text_copy(e->by, sizeof(e->by), job->message.channel);
        (void)co_text_copy(e->why, sizeof(e->why), outcome->detail);
    }
    const struct co_backoff pause = { job->options->aside_first_ms * CO_MILLISECOND_US,
                                      job->options->aside_last_ms * CO_MILLISECOND_US };
    return notify_circuit_learn(&e->circuit, has_failed, &pause, us_of(now_ms), random);
}

bool notify_endpoint_is_idle(const struct notify_endpoint *e, uint64_t now_ms)
{
    bool is_waited_for = notify_circuit_is_aside(&e->circuit) &&
                         us_of(now_ms) < e->circuit.retry_us + us_of(UNTRIED_MS);
    return e->in_flight == 0 && e->waiting.first == NULL && !is_waited_for &&
           !notify_endpoint_is_held(e, now_ms) && e->ailing_until_ms <= now_ms;
}
