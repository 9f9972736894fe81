/* A turn of notify: what entries say is planned, what is due is marked as being sent, what came of
 * sends is settled. */
#include "notify_turn.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "co_fault.h"
#include "co_row.h"
#include "notify_again.h"
#include "notify_channel.h"
#include "notify_due.h"
#include "notify_flight.h"
#include "notify_gone.h"
#include "notify_news.h"
#include "notify_plan.h"
#include "co_time.h"
#include "notify_limit.h"
#include "notify_sql.h"
#include "store.h"

/* ---- what the core may ask ---- */

static uint32_t *started_at(struct notify_turn *n, const char *url)
{
    size_t i = 0;
    while (i < n->started_count && strcmp(n->started[i].url, url) != 0)
        i++;
    if (i == NOTIFY_STARTED_MAX)
        return NULL;
    if (i == n->started_count)
        n->started[n->started_count++] = (struct notify_started){ url, 0 };
    return &n->started[i].count;
}

static enum notify_room room(void *arg, const struct notify_notice *notice, int64_t *ret_wait_us)
{
    struct notify_turn *n = arg;
    const struct notify_service *s = n->service;
    const Callout__V1__Channel *channel = co_registry_channel(n->world.registry, notice->channel);
    *ret_wait_us = 0;
    if (s->is_stopping)
        return NOTIFY_ROOM_CROWDED;
    if (channel == NULL || notice->address == NULL)
        return NOTIFY_ROOM; /* whoever sends it says what is missing */
    bool is_hook = channel->kind == CALLOUT__V1__CHANNEL_KIND__CHANNEL_WEBHOOK;
    if (is_hook && notify_gone_has_url(s->gone, n->world.registry, notice->address))
        return NOTIFY_ROOM_GONE;
    const char *url = notify_flight_url(channel, notice);
    uint32_t *started = started_at(n, url);
    enum notify_room found = notify_send_room(s->sender, channel->kind, url,
                                              started == NULL ? 0 : *started, ret_wait_us);
    *ret_wait_us *= n->world.pace;
    if (found == NOTIFY_ROOM && started != NULL)
        ++*started;
    return found;
}

/* Of a limit for all instances together this one has the share of its lanes. */
static uint32_t share(const struct notify_turn *n, uint32_t per_minute)
{
    int owned = co_worker_stats(co_daemon_worker(n->service->daemon)).owned;
    int lanes = co_node_lanes(co_daemon_node(n->service->daemon));
    uint64_t ours = (uint64_t)per_minute * (uint64_t)owned / (uint64_t)lanes;
    return ours == 0 ? 1 : ours > NOTIFY_LIMIT_MOST ? NOTIFY_LIMIT_MOST : (uint32_t)ours;
}

enum { LIMITS = 3, LIMIT_KEY_TEXT = 160 };

/* The limits that hold for the notice; `keys` is where their keys go. */
static size_t find_limits(const struct notify_turn *n, const struct notify_notice *notice,
                          char keys[static LIMITS][LIMIT_KEY_TEXT],
                          struct notify_limit ret_limits[static LIMITS])
{
    const Callout__V1__Channel *c = co_registry_channel(n->world.registry, notice->channel);
    const Callout__V1__Person *p = co_registry_person(n->world.registry, notice->person);
    const struct notify_channel *kind = c == NULL ? NULL : notify_channel_find(c->kind);
    uint32_t usual = kind == NULL ? 0 : kind->per_minute;
    const struct {
        const char *channel, *person;
        uint32_t per_minute;
    } all[LIMITS] = {
        { notice->channel, "",
          c == NULL            ? 0
          : c->per_minute != 0 ? c->per_minute
                               : usual },
        { notice->channel, notice->person, c == NULL ? 0 : c->per_person_minute },
        { "", notice->person, p == NULL ? 0 : p->per_minute },
    };
    size_t count = 0;
    for (size_t i = 0; i < LIMITS; i++) {
        if (all[i].per_minute == 0)
            continue;
        (void)snprintf(keys[count], LIMIT_KEY_TEXT, "%s %s", all[i].channel, all[i].person);
        ret_limits[count] = (struct notify_limit){ keys[count], share(n, all[i].per_minute) };
        count++;
    }
    return count;
}

static uint32_t limit(void *arg, const struct notify_notice *notice, bool is_counted,
                      int64_t *ret_wait_us)
{
    struct notify_turn *n = arg;
    char keys[LIMITS][LIMIT_KEY_TEXT];
    struct notify_limit limits[LIMITS];
    size_t count = find_limits(n, notice, keys, limits);
    int64_t minute_us = n->world.pace * CO_MINUTE_US;
    if (is_counted)
        notify_limits_count(n->service->limits, limits, count, n->t->now_us, minute_us);
    uint32_t room =
        notify_limits_room(n->service->limits, limits, count, n->t->now_us, minute_us, ret_wait_us);
    if (room == 0 && !is_counted)
        co_metric_add(co_metric(n->service->metrics, NOTIFY_M_HELD), 1);
    return room;
}

static bool is_same_channel(const Callout__V1__NoticeResent *r)
{
    return strcmp(r->channel, r->before) == 0;
}

static void count_event(struct notify_service *s, const Callout__V1__Event *e)
{
    static const char *const states[] = { "planned", "sending",   "accepted",  "failed",
                                          "unknown", "delivered", "cancelled", "gathered" };
    if (e->body_case == CALLOUT__V1__EVENT__BODY_NOTICE_PLANNED)
        co_metric_add(co_metric(s->metrics, NOTIFY_M_PLANNED), 1);
    else if (e->body_case == CALLOUT__V1__EVENT__BODY_NOTICE_RESENT)
        co_metric_add(
            co_metric_with(s->metrics, NOTIFY_M_RESENT,
                           CO_LABELS(e->notice_resent->to[0] != '\0'     ? "another_person"
                                     : e->notice_resent->command_id != 0 ? "demand"
                                     : is_same_channel(e->notice_resent) ? "anew"
                                                                         : "next_channel")),
            1);
    else if (e->body_case == CALLOUT__V1__EVENT__BODY_NOTICE_SETTLED)
        co_metric_add(co_metric_with(s->metrics, NOTIFY_M_SETTLED,
                                     CO_LABELS(states[e->notice_settled->state])),
                      1);
}

static bool emit(void *arg, int64_t case_id, const Callout__V1__Event *event)
{
    struct notify_turn *n = arg;
    count_event(n->service, event);
    return co_turn_emit(n->t, case_id, event);
}

static void secret(void *arg, uint8_t ret_secret[static CO_ANSWER_SECRET])
{
    (void)arg;
    randombytes_buf(ret_secret, CO_ANSWER_SECRET);
}

/* Waits are meant in real time, and due times are domain time: where that runs faster, waits are
 * longer in it. */
static void set_patience(struct notify_turn *n, int64_t pace)
{
    n->patience = n->service->patience;
    n->patience.backoff.first_us *= pace;
    n->patience.backoff.limit_us *= pace;
    n->patience.give_up_us *= pace;
    n->patience.next_channel_us *= pace;
    n->patience.crowded_us *= pace;
    n->patience.retry_after_max_us *= pace;
}

static enum co_err set_world(struct notify_turn *n)
{
    double rate = co_node_clock(co_daemon_node(n->service->daemon))->rate;
    int64_t pace = rate > 1 ? (int64_t)rate : 1;
    const struct co_registry *registry = co_registry_feed_get(co_daemon_feed(n->service->daemon));
    enum co_err err = notify_rosters_refresh(&n->service->rosters, registry);
    set_patience(n, pace);
    n->world = (struct notify_world){
        .arena = n->t->arena,
        .registry = registry,
        .rosters = n->service->rosters.rosters,
        .patience = &n->patience,
        .pace = pace,
        .now_us = n->t->now_us,
        .is_behind = n->t->is_behind,
        .room = room,
        .limit = limit,
        .secret = secret,
        .answer_url = n->service->answer_url,
        .emit = emit,
        .arg = n,
    };
    return err;
}

/* ---- decide: what happened ---- */

/* The pinned text. CO_EAGAIN: being fetched; CO_EINPUT: there is none. */
static enum co_err find_pinned(struct notify_turn *n, enum co_kind kind,
                               const Callout__V1__Pin *pin, const struct co_object **ret_object)
{
    bool is_missing = false;
    *ret_object = co_registry_feed_pin(co_daemon_feed(n->service->daemon), kind, pin->key,
                                       pin->since, &is_missing);
    return *ret_object != NULL ? CO_OK : is_missing ? CO_EINPUT : CO_EAGAIN;
}

static enum co_err find_pins(struct notify_turn *n, struct notify_case *c)
{
    const struct co_object *object = NULL;
    enum co_err err = find_pinned(n, CO_KIND_POLICY, c->state->policy, &object);
    if (err != CO_OK)
        return err;
    c->policy = object->message->policy;
    if (c->state->calendar == NULL)
        return CO_OK;
    err = find_pinned(n, CO_KIND_CALENDAR, c->state->calendar, &object);
    if (err == CO_OK)
        c->calendar = object->message->calendar;
    return err;
}

enum co_err notify_turn_versions(struct notify_turn *n, struct notify_case *c)
{
    if (c->state->policy != NULL)
        return find_pins(n, c);
    const Callout__V1__Contract *contract =
        co_registry_contract(n->world.registry, c->state->contract);
    if (contract != NULL) {
        c->policy = co_registry_policy(n->world.registry, contract->policy);
        c->calendar = co_registry_calendar(n->world.registry, contract->calendar);
    }
    return CO_OK;
}

/* The promise that the same turn announces behind a withdrawal of that milestone; NULL: none. */
static const Callout__V1__Promised *coming(const struct notify_turn *n, size_t at)
{
    const struct co_entry *entries = n->t->entries;
    const Callout__V1__Event *e = entries[at].event;
    if (e->body_case != CALLOUT__V1__EVENT__BODY_WITHDRAWN)
        return NULL;
    for (size_t i = at + 1; i < n->t->entry_count; i++) {
        const Callout__V1__Event *later = entries[i].event;
        if (entries[i].case_id == entries[at].case_id &&
            later->body_case == CALLOUT__V1__EVENT__BODY_PROMISED &&
            later->promised->generation == e->withdrawn->generation &&
            strcmp(later->promised->milestone, e->withdrawn->milestone) == 0)
            return later->promised;
    }
    return NULL;
}

static enum co_err take_entries(struct notify_turn *n)
{
    for (size_t i = 0; i < n->t->entry_count; i++) {
        const struct co_entry *e = &n->t->entries[i];
        struct notify_case *c = notify_open_find(n, e->case_id);
        if (c == NULL)
            return CO_ENOMEM;
        notify_case_follow(c, e->event);
        notify_case_learn(c, e->event);
        enum co_err err = notify_turn_versions(n, c);
        if (err != CO_OK)
            return err;
        c->coming = coming(n, i);
        notify_plan(c, e->event);
        c->trace = c->state->traceparent;
    }
    return CO_OK;
}

/* Who is told of what waited is looked at again, and it may be said anew. */
static enum co_err find_versions_of_due(struct notify_turn *n)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; i < n->case_count && err != CO_EAGAIN; i++)
        if (n->cases[i]->is_whole && notify_again_is_due(n->cases[i]))
            err = notify_turn_versions(n, n->cases[i]);
    return err == CO_EINPUT ? CO_OK : err; /* without them its words stay as they are */
}

static enum co_err decide(void *service, struct co_turn *t)
{
    (void)service;
    struct notify_turn *n = t->scratch;
    enum co_err err = set_world(n);
    if (err == CO_OK)
        err = notify_open_cases(n);
    if (err == CO_OK)
        err = notify_settle_flights(n);
    if (err == CO_OK)
        err = take_entries(n);
    if (err == CO_OK)
        err = notify_settle_left(n);
    if (err == CO_OK)
        err = find_versions_of_due(n);
    if (err == CO_OK)
        notify_due_start(n->cases, n->case_count);
    for (size_t i = 0; err == CO_OK && i < n->case_count; i++)
        err = n->cases[i]->err;
    return err == CO_OK ? notify_store_save(t, n->cases, n->case_count) : err;
}

/* ---- act ---- */

enum { PUT_BACK_US = 100000 }; /* reading what was there takes no longer, as a rule */

/* Domain time until what was put back is looked at again; where that stands still between steps, at
 * once: a step waits for what is due. */
static int64_t put_back_us(const struct notify_turn *n)
{
    double rate = co_node_clock(co_daemon_node(n->service->daemon))->rate;
    return rate > 0 ? n->world.pace * PUT_BACK_US : 0;
}

static void act_on(struct notify_turn *n, const struct notify_case *c,
                   const struct notify_notice *notice)
{
    if (notice->is_to_send)
        notify_flight_start(n->service, n->t->lane, c, notice);
    else if (notice->is_put_back)
        co_worker_due(co_daemon_worker(n->service->daemon), n->t->lane, c->case_id,
                      n->t->now_us + put_back_us(n));
    else if (notice->is_new || notice->is_changed)
        co_worker_due(co_daemon_worker(n->service->daemon), n->t->lane, c->case_id,
                      notice->life.next_us);
}

static void committed(void *service, struct co_turn *t)
{
    struct notify_service *s = service;
    struct notify_turn *n = t->scratch;
    notify_news_told(n);
    for (size_t i = 0; i < t->local_count; i++) {
        const struct notify_flight *f = t->locals[i].what;
        if (!f->is_takeover)
            co_fault_point(co_daemon_fault(s->daemon), "result_written");
        notify_flight_free(s, t->locals[i].what);
    }
    for (size_t i = 0; i < n->case_count; i++)
        for (size_t j = 0; j < n->cases[i]->count; j++)
            act_on(n, n->cases[i], n->cases[i]->notices[j]);
    const PGresult *sending = notify_open_result(n, n->sending_at);
    int rows = sending == NULL ? 0 : PQntuples(sending);
    if (rows == NOTIFY_TAKEOVER_MAX) /* the last case may not be complete: once more */
        notify_flight_post_takeover(s, t->lane, co_row_int8(sending, rows - 1, 0) - 1);
    else if (sending != NULL)
        notify_flight_forget_waiting(s, t->lane);
}

static void dropped(void *service, const struct co_local *local)
{
    const struct notify_flight *f = local->what;
    notify_news_keep(service, f);
    notify_flight_keep_waiting(service, local->what);
}

/* Of what was being sent meanwhile the outcomes wait. */
static void unparked(void *service, int lane, int64_t case_id)
{
    (void)case_id;
    notify_flight_post_takeover(service, lane, 0);
}

static void lane_taken(void *service, int lane)
{
    notify_flight_post_takeover(service, lane, 0);
}

static void lane_lost(void *service, int lane)
{
    struct notify_service *s = service;
    s->lane_life[lane]++;
}

const struct co_worker_ops notify_ops = {
    .kinds = NOTIFY_PLAN_KINDS,
    .due = &notify_sql[notify_sql_due_notices],
    .load = notify_load,
    .decide = decide,
    .committed = committed,
    .dropped = dropped,
    .unparked = unparked,
    .lane_taken = lane_taken,
    .lane_lost = lane_lost,
};
