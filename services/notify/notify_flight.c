#include "notify_flight.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "co_fault.h"
#include "co_number.h"
#include "co_trace.h"
#include "notify_channel.h"
#include "notify_gone.h"
#include "notify_key.h"
#include "notify_rows.h"

/* With so many in the air, or landing within LANDING_MS, their outcomes are written down together,
 * a little later. */
enum { CROWD = 64, LANDINGS = 32, LANDING_MS = 200 };

enum { LIST_KEY_TEXT = NOTIFY_OBLIGATION_TEXT + NOTIFY_SLOT_TEXT + 64 };

/* The notice and which attempt: an early one may still be in the air when the lane went away, was
 * served by somebody else, and came back in need of another. */
static void write_list_key(int64_t case_id, const struct notify_notice *n,
                           char to[static LIST_KEY_TEXT])
{
    (void)snprintf(to, LIST_KEY_TEXT, "%" PRId64 " %" PRIu32 " %s %s %" PRIu32, case_id,
                   n->generation, n->slot, n->obligation, n->life.attempts);
}

const struct notify_flight *notify_flight_find(const struct notify_service *s, int64_t case_id,
                                               const struct notify_notice *n)
{
    char key[LIST_KEY_TEXT];
    write_list_key(case_id, n, key);
    return co_strmap_get(s->flights, key);
}

static void begin_waiting(struct notify_service *s, struct notify_flight *f)
{
    struct notify_flight **first = &s->waiting_of[f->lane];
    f->is_waiting = true;
    f->previous = NULL;
    f->next = *first;
    if (f->next != NULL)
        f->next->previous = f;
    *first = f;
    s->waiting++;
}

static void end_waiting(struct notify_service *s, struct notify_flight *f)
{
    if (!f->is_waiting)
        return;
    if (f->previous != NULL)
        f->previous->next = f->next;
    else
        s->waiting_of[f->lane] = f->next;
    if (f->next != NULL)
        f->next->previous = f->previous;
    f->is_waiting = false;
    s->waiting--;
}

void notify_flight_free(struct notify_service *s, struct notify_flight *f)
{
    if (f != NULL && !f->is_takeover && co_strmap_get(s->flights, f->key) == f) {
        (void)co_strmap_take(s->flights, f->key);
        end_waiting(s, f);
    }
    if (f != NULL)
        free(f->address);
    free(f);
}

bool notify_flight_is_news(const struct notify_flight *f)
{
    enum notify_circuit_change change = f->outcome.change;
    return !f->is_takeover &&
           (f->is_news || change == NOTIFY_CIRCUIT_ASIDE || change == NOTIFY_CIRCUIT_BACK);
}

void notify_flight_keep_waiting(struct notify_service *s, struct notify_flight *f)
{
    if (f->is_takeover)
        free(f);
    else if (!f->is_waiting)
        begin_waiting(s, f);
}

uint32_t notify_flight_count(const struct notify_service *s)
{
    return co_strmap_len(s->flights) - s->waiting;
}

void notify_flight_forget_waiting(struct notify_service *s, int lane)
{
    while (s->waiting_of[lane] != NULL)
        notify_flight_free(s, s->waiting_of[lane]);
}

void notify_flight_free_all(struct notify_service *s)
{
    uint32_t pos = 0;
    const char *key;
    void *value;
    while (co_strmap_next(s->flights, &pos, &key, &value)) {
        struct notify_flight *f = value;
        free(f->address);
        free(f);
    }
    co_strmap_clear(s->flights);
}

static void post(struct notify_service *s, struct notify_flight *f)
{
    co_worker_post(co_daemon_worker(s->daemon), f->lane, (struct co_local){ f->case_id, f });
}

static void post_landed(struct notify_service *s)
{
    while (s->landed != NULL) {
        struct notify_flight *f = s->landed;
        s->landed = f->next;
        f->next = NULL;
        post(s, f);
    }
}

static void on_landing_time(uv_timer_t *timer)
{
    post_landed(timer->data);
}

void notify_flight_open(struct notify_service *s, uv_loop_t *loop)
{
    (void)uv_timer_init(loop, &s->landing_timer);
    s->landing_timer.data = s;
}

void notify_flight_close(struct notify_service *s)
{
    post_landed(s);
    uv_close((uv_handle_t *)&s->landing_timer, NULL);
}

/* How many landed in this span of LANDING_MS, or in the one before it. */
static uint32_t count_landing(struct notify_service *s)
{
    uint64_t span = uv_now(co_daemon_loop(s->daemon)) / LANDING_MS;
    if (span != s->landing_span) {
        s->landings_before = span == s->landing_span + 1 ? s->landings : 0;
        s->landings = 0;
        s->landing_span = span;
    }
    s->landings++;
    return s->landings > s->landings_before ? s->landings : s->landings_before;
}

/* A turn costs as much for one outcome as for ten, and new notices wait for it; but few outcomes
 * wait for nobody. */
static void land(struct notify_service *s, struct notify_flight *f)
{
    bool is_crowd = count_landing(s) >= LANDINGS || notify_flight_count(s) >= CROWD;
    if (s->is_stopping || !is_crowd) {
        post(s, f);
        return;
    }
    f->next = s->landed;
    s->landed = f;
    if (!uv_is_active((uv_handle_t *)&s->landing_timer))
        (void)uv_timer_start(&s->landing_timer, on_landing_time, LANDING_MS, 0);
}

void notify_flight_post_takeover(struct notify_service *s, int lane, int64_t after_case_id)
{
    struct notify_flight *f = calloc(1, sizeof(*f) + 1);
    if (f == NULL)
        return;
    f->is_takeover = true;
    f->lane = lane;
    f->case_id = after_case_id;
    post(s, f);
}

/* "": its channel is not known any more. */
static const char *url_of(const struct notify_service *s, const struct notify_notice *n)
{
    const struct co_registry *registry = co_registry_feed_get(co_daemon_feed(s->daemon));
    const Callout__V1__Channel *channel = co_registry_channel(registry, n->channel);
    return channel == NULL || n->address == NULL ? "" : notify_flight_url(channel, n);
}

static struct notify_flight *flight_new(struct notify_service *s, int lane, int64_t case_id,
                                        const struct notify_notice *n)
{
    char key[LIST_KEY_TEXT];
    const char *url = url_of(s, n);
    write_list_key(case_id, n, key);
    struct notify_flight *same = co_strmap_get(s->flights, key);
    if (same != NULL && !same->is_waiting)
        return NULL;
    notify_flight_free(s, same); /* one that came back untried, and waited in vain */
    size_t key_size = strlen(key) + 1;
    size_t obligation_size = strlen(n->obligation) + 1;
    size_t slot_size = strlen(n->slot) + 1;
    size_t channel_size = strlen(n->channel) + 1;
    size_t url_size = strlen(url) + 1;
    struct notify_flight *f =
        calloc(1, sizeof(*f) + key_size + obligation_size + slot_size + channel_size + url_size);
    if (f == NULL)
        return NULL;
    f->lane = lane;
    f->lane_life = s->lane_life[lane];
    f->case_id = case_id;
    f->generation = n->generation;
    f->attempts = n->life.attempts;
    memcpy(f->key, key, key_size);
    f->obligation = memcpy(f->key + key_size, n->obligation, obligation_size);
    char *slot = f->key + key_size + obligation_size;
    f->slot = memcpy(slot, n->slot, slot_size);
    f->channel = memcpy(slot + slot_size, n->channel, channel_size);
    f->url = memcpy(slot + slot_size + channel_size, url, url_size);
    if (co_strmap_put(s->flights, f->key, f) != CO_OK) {
        free(f);
        return NULL;
    }
    return f;
}

static bool has_recipient(const Callout__V1__Channel *channel)
{
    return channel->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_SMTP ||
           channel->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_SMS;
}

const char *notify_flight_url(const Callout__V1__Channel *channel, const struct notify_notice *n)
{
    return has_recipient(channel) ? channel->url : n->address;
}

/* Why there is no message to send; NULL: *ret_message is good, its texts borrowed. `key` and
 * `number` are where its texts of that name go. */
static const char *make_message(struct notify_service *s, int64_t case_id, uint32_t severity,
                                const struct notify_notice *n, char key[static NOTIFY_KEY_TEXT],
                                char number[static CO_NUMBER_TEXT],
                                struct notify_message *ret_message)
{
    const struct co_registry *registry = co_registry_feed_get(co_daemon_feed(s->daemon));
    const Callout__V1__Channel *channel = co_registry_channel(registry, n->channel);
    const Callout__V1__Person *person = co_registry_person(registry, n->person);
    struct notify_id id = { case_id, n->obligation, n->generation, n->slot };
    if (channel == NULL)
        return "its channel is not in the registry any more";
    if (n->address == NULL)
        return "its text was erased";
    if (notify_key_format(&id, n->life.planned_us, key) != CO_OK)
        return "its name cannot be written";
    co_number_format(case_id, number);
    *ret_message = (struct notify_message){
        .kind = channel->kind,
        .channel = n->channel,
        .url = notify_flight_url(channel, n),
        .from = channel->from,
        .to = has_recipient(channel) ? n->address : "",
        .phone = person == NULL ? "" : person->phone,
        .template_id = channel->template_id,
        .form = channel->body,
        .severity = severity,
        .secret_file = channel->secret_file,
        .person = n->person,
        .name = person == NULL ? "" : person->name,
        .key = key,
        .number = number,
        .obligation = n->obligation,
        .slot = n->slot,
        .subject = n->subject,
        .body = n->body,
        .html = n->html == NULL ? "" : n->html,
        .markdown = n->markdown == NULL ? "" : n->markdown,
        .brief = n->brief == NULL ? "" : n->brief,
        .generation = n->generation,
        .planned_us = /* what was planned for later is of then */
        n->life.since_us > n->life.planned_us ? n->life.since_us : n->life.planned_us,
    };
    return NULL;
}

void notify_flight_start(struct notify_service *s, int lane, const struct notify_case *c,
                         const struct notify_notice *n)
{
    char key[NOTIFY_KEY_TEXT];
    char number[CO_NUMBER_TEXT];
    char trace[CO_TRACE_TEXT];
    struct notify_message m;
    if (s->sender == NULL) /* closed: the lane's next owner finds `sending` */
        return;
    struct notify_flight *f = flight_new(s, lane, c->case_id, n);
    if (f == NULL)
        return;
    const char *why = make_message(s, c->case_id, notify_case_severity(c), n, key, number, &m);
    (void)co_trace_child(n->trace, why == NULL ? key : "", c->case_id, f->attempts, trace);
    m.trace = trace;
    if (why == NULL)
        co_log_debug(co_daemon_log(s->daemon), "attempt_started", CO_S("number", number),
                     CO_S("notice", key), CO_S("channel", n->channel),
                     CO_U("attempt", f->attempts), CO_S("trace", trace));
    if (why == NULL && m.kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_WEBHOOK)
        f->address = notify_gone_address_of(co_registry_feed_get(co_daemon_feed(s->daemon)),
                                            n->person, n->channel, m.url);
    if (why == NULL)
        f->kind = m.kind;
    enum co_err err = why == NULL ? notify_send_start(s->sender, &m, f) : CO_OK;
    if (why == NULL && err == CO_OK)
        return;
    bool is_for_good = n->address == NULL || err == CO_EINPUT;
    notify_outcome_set(&f->outcome, is_for_good ? NOTIFY_REFUSED : NOTIFY_LATER,
                       why != NULL ? why : co_err_name(err));
    post(s, f);
}

/* ---- what the sender asks and tells ---- */

static bool is_gone(const struct notify_service *s, const struct notify_flight *f)
{
    return f->address != NULL &&
           notify_gone_has(s->gone, co_registry_feed_get(co_daemon_feed(s->daemon)),
                           f->address->address);
}

static bool may_send(void *arg, void *tag, struct notify_outcome *ret_why)
{
    const struct notify_service *s = arg;
    const struct notify_flight *f = tag;
    bool may = !s->is_stopping && f->lane_life == s->lane_life[f->lane] &&
               co_worker_owns(co_daemon_worker(s->daemon), f->lane);
    if (may && is_gone(s, f)) {
        notify_outcome_set(ret_why, NOTIFY_REFUSED, "its address is gone (HTTP 410)");
        return false;
    }
    if (may)
        co_fault_point(co_daemon_fault(s->daemon), "before_send");
    return may;
}

static const char *outcome_name(const struct notify_flight *f)
{
    static const char *const names[NOTIFY_INPUTS] = {
        [NOTIFY_TAKEN] = "taken", [NOTIFY_REFUSED] = "refused", [NOTIFY_LATER] = "later",
        [NOTIFY_DOUBT] = "doubt", [NOTIFY_CROWDED] = "crowded", [NOTIFY_ASIDE] = "aside",
    };
    return names[f->outcome.input];
}

/* By kind, not by key: what the registry names is without limit. */
static void count_attempt(struct notify_service *s, const struct notify_flight *f)
{
    struct co_labels labels = CO_LABELS(notify_channel_find(f->kind)->name, outcome_name(f));
    co_metric_add(co_metric_with(s->metrics, NOTIFY_M_ATTEMPTS, labels), 1);
}

static int64_t wall_us(void *arg)
{
    struct timespec now;
    (void)arg;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void on_done(void *arg, void *tag, const struct notify_outcome *outcome)
{
    struct notify_service *s = arg;
    struct notify_flight *f = tag;
    if (outcome == NULL) { /* the sender is closed: the lane's next owner finds `sending` */
        notify_flight_free(s, f);
        return;
    }
    if (outcome->input == NOTIFY_TAKEN)
        co_fault_point(co_daemon_fault(s->daemon), "after_send");
    f->outcome = *outcome;
    f->ended_us = wall_us(s);
    f->is_news = outcome->is_gone && f->address != NULL && notify_gone_put(s->gone, f->address);
    count_attempt(s, f);
    co_log_debug(co_daemon_log(s->daemon), "attempt_ended", CO_S("notice", f->obligation),
                 CO_I("case", f->case_id), CO_S("slot", f->slot), CO_S("channel", f->channel),
                 CO_U("attempt", f->attempts), CO_S("outcome", outcome_name(f)));
    land(s, f);
}

const struct notify_send_hooks notify_flight_hooks = {
    .may_send = may_send,
    .done = on_done,
    .changed = notify_rows_on_server,
    .wall_us = wall_us,
};
