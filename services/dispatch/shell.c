#include "shell.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "co_address.h"
#include "dispatch_map.h"
#include "dispatch_sql.h"
#include "turn.h"

enum metric {
    METRIC_LOCATED,
    METRIC_OFFERS,
    METRIC_OFFER_ENDS,
    METRIC_ASSIGNED,
    METRIC_NOBODY,
    METRIC_VISIT_ENDS,
    METRIC_LOST,
    METRIC_AT_RISK,
    METRIC_MINUTES,
    METRIC_LOW,
    METRIC_BOOKINGS,
    METRICS
};

static const struct co_metric metrics[METRICS] = {
    [METRIC_LOCATED] = { .name = "callout_dispatch_located_total",
                         .help = "Sites whose distance was told.",
                         .labels = { "source" } },
    [METRIC_OFFERS] = { .name = "callout_dispatch_offers_total",
                        .help = "Work orders offered to an engineer." },
    [METRIC_OFFER_ENDS] = { .name = "callout_dispatch_offer_ends_total",
                            .help = "Offers that ended, by how.",
                            .labels = { "how" } },
    [METRIC_ASSIGNED] = { .name = "callout_dispatch_assigned_total",
                          .help = "Visits that an engineer took." },
    [METRIC_NOBODY] = { .name = "callout_dispatch_nobody_total",
                        .help = "Times that nobody could be asked, by what was missing.",
                        .labels = { "missing" } },
    [METRIC_VISIT_ENDS] = { .name = "callout_dispatch_visit_ends_total",
                            .help = "Visits that ended, by how.",
                            .labels = { "how" } },
    [METRIC_LOST] = { .name = "callout_dispatch_claims_lost_total",
                      .help = "Engineers that another order got first." },
    [METRIC_AT_RISK] = { .name = "callout_dispatch_at_risk_total",
                         .help =
                             "Promised arrivals that nobody can keep as things stand, by what is "
                             "missing; over: that somebody can again.",
                         .labels = { "missing" } },
    [METRIC_MINUTES] = { .name = "callout_dispatch_lot_minutes_total",
                         .help = "Minutes posted to lots of man-days, by kind of posting.",
                         .labels = { "kind" } },
    [METRIC_LOW] = { .name = "callout_dispatch_lots_low_total",
                     .help = "Times that a lot of man-days fell below a share it was to be told at." },
    [METRIC_BOOKINGS] = { .name = "callout_dispatch_bookings_total",
                          .help = "Bookings of people and labs: made, ended, and times that "
                                  "nobody could be booked.",
                          .labels = { "what" } },
};

struct service {
    struct co_daemon *daemon;
    struct co_road_estimate road;
    struct dispatch_map *map; /* of the registry in force; NULL: to be drawn */
    struct co_metric_set *metrics;
    struct roads *roads; /* NULL: there is no router */
    bool has_curl;
};

const struct co_option dispatch_options[DISPATCH_OPTIONS] = {
    { .name = "road-fixed-m",
      .type = CO_OPTION_INT,
      .offset = offsetof(struct dispatch_config, road_fixed_m),
      .value = "2400",
      .unit = "m",
      .min = 0,
      .max = 100000,
      .help =
          "A journey is estimated as this much plus a share of the great circle, where neither the "
          "contract nor the office says more." },
    { .name = "road-factor-percent",
      .type = CO_OPTION_INT,
      .offset = offsetof(struct dispatch_config, road_factor_percent),
      .value = "120",
      .unit = "%",
      .min = 100,
      .max = 1000,
      .help = "The share of the great circle in that estimate." },
    { .name = "road-url",
      .type = CO_OPTION_TEXT,
      .offset = offsetof(struct dispatch_config, road_url),
      .help = "A router that speaks OSRM's protocol, such as http://osrm.example:5000: it is asked "
              "for the ways from the nearest offices to a site. Empty: nobody is asked." },
    { .name = "road-timeout",
      .type = CO_OPTION_DURATION,
      .offset = offsetof(struct dispatch_config, road_timeout_ms),
      .value = "800ms",
      .min = 50,
      .max = 10000,
      .help = "A router that takes longer is not waited for: the estimate counts." },
    { .name = "road-cache-days",
      .type = CO_OPTION_INT,
      .offset = offsetof(struct dispatch_config, road_cache_days),
      .value = "90",
      .unit = "days",
      .min = 1,
      .max = 3650,
      .help = "What the router said is good for so long." },
    { .name = "road-offices",
      .type = CO_OPTION_INT,
      .offset = offsetof(struct dispatch_config, road_offices),
      .value = "8",
      .min = 1,
      .max = DISPATCH_ROAD_OFFICES,
      .help = "So many offices, the nearest by the great circle, are in one question." },
};

/* False: the router's address is wrong, or memory ran out. */
static bool open_roads(struct service *s, const struct dispatch_config *c)
{
    if (c->road_url == NULL)
        return true;
    if (!co_address_is_web(c->road_url)) {
        co_log_error(co_daemon_log(s->daemon), "option",
                     CO_S("why", "road-url: http:// or https://, without a login"),
                     CO_S("value", c->road_url));
        return false;
    }
    s->has_curl = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    s->roads = s->has_curl ? roads_open(&(struct roads_options){ .daemon = s->daemon,
                                                                 .url = c->road_url,
                                                                 .timeout_ms = c->road_timeout_ms,
                                                                 .cache_days = c->road_cache_days,
                                                                 .offices = c->road_offices })
                           : NULL;
    return s->roads != NULL;
}

void *dispatch_start(struct co_daemon *daemon, const void *config)
{
    const struct dispatch_config *c = config;
    struct service *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return NULL;
    s->daemon = daemon;
    s->road.base_km = (double)c->road_fixed_m / 1000;
    s->road.factor = (double)c->road_factor_percent / 100;
    s->metrics = co_metrics_add(co_daemon_metrics(daemon), metrics, METRICS);
    static const char *const bookings[] = { "made", "ended", "nobody" };
    for (size_t i = 0; s->metrics != NULL && i < 3; i++) /* shown from the start, at 0 */
        (void)co_metric_with(s->metrics, METRIC_BOOKINGS, CO_LABELS(bookings[i]));
    if (s->metrics == NULL || !open_roads(s, c)) {
        dispatch_free(s);
        return NULL;
    }
    return s;
}

void dispatch_stop(void *service, void (*done)(void *arg), void *arg)
{
    struct service *s = service;
    roads_close(s->roads);
    s->roads = NULL;
    done(arg);
}

void dispatch_free(void *service)
{
    struct service *s = service;
    roads_close(s->roads);
    if (s->has_curl)
        curl_global_cleanup();
    dispatch_map_free(s->map);
    free(s);
}

/* The map of the registry in force, drawn anew when that has changed. NULL: out of memory. */
static struct dispatch_map *map_of(struct service *s)
{
    const struct co_registry *registry = co_registry_feed_get(co_daemon_feed(s->daemon));
    if (s->map != NULL && !dispatch_map_is_current(s->map)) {
        dispatch_map_free(s->map);
        s->map = NULL;
    }
    if (s->map == NULL)
        s->map = dispatch_map_new(registry, s->road);
    return s->map;
}

static enum co_err load(void *service, struct co_turn *t)
{
    struct service *s = service;
    struct co_registry_feed *feed = co_daemon_feed(s->daemon);
    if (!co_registry_feed_is_loaded(feed)) {
        co_registry_feed_want(feed, 0);
        return CO_EAGAIN;
    }
    struct dispatch_map *map = map_of(s);
    if (map == NULL)
        return CO_ENOMEM;
    t->scratch = dispatch_turn_load(t, dispatch_map_minds_visits(map));
    return t->scratch != NULL ? CO_OK : CO_ENOMEM;
}

static enum co_err claim(void *service, struct co_turn *t)
{
    struct service *s = service;
    struct dispatch_map *map = map_of(s);
    if (map == NULL)
        return CO_ENOMEM;
    return dispatch_turn_claim(t->scratch, map, co_daemon_feed(s->daemon), s->roads);
}

static enum co_err decide(void *service, struct co_turn *t)
{
    (void)service;
    return dispatch_turn_decide(t->scratch);
}

static const char *end_name(Callout__V1__OfferEnd how)
{
    static const char *const name[] = {
        [CALLOUT__V1__OFFER_END__OFFER_END_NONE] = "none",
        [CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED] = "accepted",
        [CALLOUT__V1__OFFER_END__OFFER_END_DECLINED] = "declined",
        [CALLOUT__V1__OFFER_END__OFFER_END_SILENT] = "silent",
        [CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN] = "withdrawn",
        [CALLOUT__V1__OFFER_END__OFFER_END_OVERTAKEN] = "overtaken",
    };
    return name[how];
}

static void count(struct co_metric_set *set, const Callout__V1__Event *event)
{
    struct co_series *series = NULL;
    switch ((int)event->body_case) {
    case CALLOUT__V1__EVENT__BODY_SITE_LOCATED:
        series = co_metric_with(set, METRIC_LOCATED, CO_LABELS(event->site_located->source));
        break;
    case CALLOUT__V1__EVENT__BODY_OFFERED:
        series = co_metric(set, METRIC_OFFERS);
        break;
    case CALLOUT__V1__EVENT__BODY_OFFER_ENDED:
        series =
            co_metric_with(set, METRIC_OFFER_ENDS, CO_LABELS(end_name(event->offer_ended->how)));
        break;
    case CALLOUT__V1__EVENT__BODY_ASSIGNED:
        series = co_metric(set, METRIC_ASSIGNED);
        break;
    case CALLOUT__V1__EVENT__BODY_NOBODY_LEFT:
        series = co_metric_with(set, METRIC_NOBODY, CO_LABELS(event->nobody_left->missing));
        break;
    case CALLOUT__V1__EVENT__BODY_ARRIVAL_AT_RISK:
        series = co_metric_with(
            set, METRIC_AT_RISK,
            CO_LABELS(event->arrival_at_risk->is_over ? "over" : event->arrival_at_risk->missing));
        break;
    case CALLOUT__V1__EVENT__BODY_ORDER_ENDED:
        series = co_metric_with(set, METRIC_VISIT_ENDS, CO_LABELS(event->order_ended->how));
        break;
    case CALLOUT__V1__EVENT__BODY_LOT_LOW:
        series = co_metric(set, METRIC_LOW);
        break;
    case CALLOUT__V1__EVENT__BODY_BOOKED:
        series = co_metric_with(set, METRIC_BOOKINGS, CO_LABELS("made"));
        break;
    case CALLOUT__V1__EVENT__BODY_BOOKING_ENDED:
        series = co_metric_with(set, METRIC_BOOKINGS, CO_LABELS("ended"));
        break;
    case CALLOUT__V1__EVENT__BODY_NOBODY_TO_BOOK:
        series = co_metric_with(set, METRIC_BOOKINGS, CO_LABELS("nobody"));
        break;
    case CALLOUT__V1__EVENT__BODY_LOT_POSTED:
        co_metric_add(co_metric_with(set, METRIC_MINUTES, CO_LABELS(event->lot_posted->kind)),
                      (double)event->lot_posted->minutes);
        return;
    default:
        return;
    }
    co_metric_add(series, 1);
}

static void committed(void *service, struct co_turn *t)
{
    struct service *s = service;
    const struct dispatch_turn *turn = t->scratch;
    for (size_t i = 0; i < turn->count; i++)
        for (size_t j = 0; j < turn->item[i].order.event_count; j++)
            count(s->metrics, turn->item[i].order.events[j]);
    co_metric_add(co_metric(s->metrics, METRIC_LOST), (double)turn->lost);
    dispatch_turn_arm(turn, co_daemon_worker(s->daemon));
    for (size_t i = 0; i < t->local_count; i++)
        roads_answer_free(t->locals[i].what);
    if (s->roads != NULL)
        dispatch_turn_ask(turn, s->roads);
}

/* Its lane is another's, who asks anew. */
static void dropped(void *service, const struct co_local *local)
{
    (void)service;
    roads_answer_free(local->what);
}

#define KIND(name) (UINT64_C(1) << CALLOUT__V1__EVENT__BODY_##name)

const struct co_worker_ops dispatch_ops = {
    .kinds = KIND(TICKET_SUBMITTED) | KIND(COMMAND_RECEIVED) | KIND(REGISTRY_APPLIED) |
             KIND(CASE_OPENED) | KIND(PROMISED) | KIND(MET) | KIND(STOPPED) |
             KIND(SEVERITY_CHANGED) | KIND(WITHDRAWN) | KIND(CASE_CLOSED) | KIND(COMMAND_APPLIED) |
             KIND(ACT_MADE),
    .ends = KIND(CASE_CLOSED),
    .due = &dispatch_sql[dispatch_sql_due_orders],
    .load = load,
    .claim = claim,
    .decide = decide,
    .committed = committed,
    .dropped = dropped,
};
