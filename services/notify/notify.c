#include "notify.h"

#include <curl/curl.h>
#include <sodium.h>
#include <stdlib.h>

#include "co_time.h"
#include "notify_flight.h"
#include "notify_gone.h"
#include "notify_news.h"
#include "notify_limit.h"
#include "notify_rows.h"

enum { FLIGHTS_MAX = 100000, STOP_TICK_MS = 50, STOP_MS = 5000 };

struct options {
    const char *secrets_dir;
    const char *ca_file;
    bool allow_private;
    const char *answer_url;
    int64_t retry_first_ms;
    int64_t retry_last_ms;
    int64_t give_up_ms;
    int64_t next_channel_ms;
    int64_t attempts;
    int64_t aside_first_ms;
    int64_t aside_last_ms;
    int64_t connect_ms;
    int64_t webhook_ms;
    int64_t smtp_talk_ms;
    int64_t smtp_final_ms;
};

#define AT(member) offsetof(struct options, member)

static const struct co_option options[] = {
    { .name = "secrets-dir",
      .type = CO_OPTION_TEXT,
      .offset = AT(secrets_dir),
      .help = "Directory of the files that channels name as secret_file: USER:PASSWORD for mail, a "
              "line whsec_... "
              "for each signature of a webhook." },
    { .name = "ca-file",
      .type = CO_OPTION_FILE,
      .offset = AT(ca_file),
      .help = "Certificates (PEM) that mail servers and webhooks are judged by. Default: those of "
              "the system." },
    { .name = "allow-private",
      .type = CO_OPTION_BOOL,
      .offset = AT(allow_private),
      .help = "Webhooks may go to loopback and private addresses. Never set it where others can "
              "name webhooks." },
    { .name = "answer-url",
      .type = CO_OPTION_TEXT,
      .offset = AT(answer_url),
      .help = "Codes by which notices are answered follow this in their texts, so that they are "
              "links, such as https://desk.example.com/answer/. Without it they stand alone." },
    { .name = "retry-first",
      .type = CO_OPTION_DURATION,
      .offset = AT(retry_first_ms),
      .value = "2s",
      .min = 10,
      .max = 3600000,
      .help = "Wait after the first attempt that failed; it doubles from there." },
    { .name = "retry-last",
      .type = CO_OPTION_DURATION,
      .offset = AT(retry_last_ms),
      .value = "10m",
      .min = 10,
      .max = 86400000,
      .help = "The longest wait between two attempts." },
    { .name = "give-up",
      .type = CO_OPTION_DURATION,
      .offset = AT(give_up_ms),
      .value = "1d",
      .min = 1000,
      .max = 2592000000,
      .help =
          "No attempt later than this after a notice was planned, where its policy says nothing." },
    { .name = "next-channel",
      .type = CO_OPTION_DURATION,
      .offset = AT(next_channel_ms),
      .value = "10m",
      .min = 1000,
      .max = 2592000000,
      .help = "A channel that has not taken a notice after so long is left for the person's next "
              "one, where he has another." },
    { .name = "attempts",
      .type = CO_OPTION_INT,
      .offset = AT(attempts),
      .value = "200",
      .unit = "attempts",
      .min = 1,
      .max = 10000,
      .help = "After so many attempts by one channel it is given up." },
    { .name = "aside-first",
      .type = CO_OPTION_DURATION,
      .offset = AT(aside_first_ms),
      .value = "30s",
      .min = 100,
      .max = 3600000,
      .help = "A server that takes nothing several times in a row is left alone so long before one "
              "notice tries it; the pause doubles from there." },
    { .name = "aside-last",
      .type = CO_OPTION_DURATION,
      .offset = AT(aside_last_ms),
      .value = "10m",
      .min = 100,
      .max = 3600000,
      .help = "The longest of these pauses." },
    { .name = "connect-timeout",
      .type = CO_OPTION_DURATION,
      .offset = AT(connect_ms),
      .value = "10s",
      .min = 100,
      .max = 300000,
      .help = "For connecting, TLS and login." },
    { .name = "webhook-timeout",
      .type = CO_OPTION_DURATION,
      .offset = AT(webhook_ms),
      .value = "30s",
      .min = 100,
      .max = 300000,
      .help = "From the start of a webhook's request to the end of its answer." },
    { .name = "smtp-timeout",
      .type = CO_OPTION_DURATION,
      .offset = AT(smtp_talk_ms),
      .value = "1m",
      .min = 100,
      .max = 600000,
      .help = "For a mail, up to its final dot." },
    { .name = "smtp-final-timeout",
      .type = CO_OPTION_DURATION,
      .offset = AT(smtp_final_ms),
      .value = "10m",
      .min = 100,
      .max = 3600000,
      .help = "For the answer to the final dot; giving up here may send the mail twice, so wait "
              "long." },
};

static const struct co_metric metrics[NOTIFY_METRICS] = {
    [NOTIFY_M_PLANNED] = { .name = "callout_notify_planned_total",
                           .help = "Notices planned.",
                           .type = CO_METRIC_COUNTER },
    [NOTIFY_M_SETTLED] = { .name = "callout_notify_settled_total",
                           .help = "Notices settled, by state.",
                           .type = CO_METRIC_COUNTER,
                           .labels = { "state" } },
    [NOTIFY_M_RESENT] = { .name = "callout_notify_resent_total",
                          .help = "Notices sent again on demand, by the person's next channel, or "
                                  "to another person.",
                          .type = CO_METRIC_COUNTER,
                          .labels = { "why" } },
    [NOTIFY_M_HELD] = { .name = "callout_notify_held_back_total",
                        .help = "How often a notice was held back by a limit a minute.",
                        .type = CO_METRIC_COUNTER },
    [NOTIFY_M_ATTEMPTS] = { .name = "callout_notify_attempts_total",
                            .help = "Attempts to send, by kind of channel and what came of them.",
                            .type = CO_METRIC_COUNTER,
                            .labels = { "channel", "outcome" } },
    [NOTIFY_M_IN_FLIGHT] = { .name = "callout_notify_in_flight",
                             .help = "Attempts under way.",
                             .type = CO_METRIC_GAUGE },
    [NOTIFY_M_ASIDE] = { .name = "callout_notify_servers_set_aside",
                         .help = "Servers that are set aside now.",
                         .type = CO_METRIC_GAUGE },
    [NOTIFY_M_ASIDES] = { .name = "callout_notify_set_aside_total",
                          .help = "How often a server was set aside, or taken back.",
                          .type = CO_METRIC_COUNTER,
                          .labels = { "what" } },
};

static uint32_t count_aside(const struct notify_service *s)
{
    struct notify_server server;
    uint32_t pos = 0, count = 0;
    while (s->sender != NULL && notify_send_next_aside(s->sender, &pos, &server))
        count++;
    return count;
}

static void refresh(void *arg)
{
    struct notify_service *s = arg;
    co_metric_set(co_metric(s->metrics, NOTIFY_M_IN_FLIGHT), notify_flight_count(s));
    co_metric_set(co_metric(s->metrics, NOTIFY_M_ASIDE), count_aside(s));
}

static void free_service(void *arg)
{
    struct notify_service *s = arg;
    if (s->flights != NULL)
        notify_flight_free_all(s);
    co_strmap_free(s->flights);
    notify_limits_free(s->limits);
    notify_rosters_done(&s->rosters);
    notify_gone_free(s->gone);
    notify_news_free(s->news);
    notify_rows_free(s->rows);
    free(s);
    curl_global_cleanup();
}

static void set_patience(struct notify_service *s, const struct options *o)
{
    s->patience = (struct notify_patience){
        .backoff = { o->retry_first_ms * CO_MILLISECOND_US, o->retry_last_ms * CO_MILLISECOND_US },
        .attempts = (uint32_t)o->attempts,
        .give_up_us = o->give_up_ms * CO_MILLISECOND_US,
        .next_channel_us = o->next_channel_ms * CO_MILLISECOND_US,
        .crowded_us = 2 * CO_SECOND_US,
        .retry_after_max_us = 15 * CO_MINUTE_US,
    };
    if (s->patience.backoff.limit_us < s->patience.backoff.first_us)
        s->patience.backoff.limit_us = s->patience.backoff.first_us;
}

static bool open_sender(struct notify_service *s, const struct options *o)
{
    struct notify_send_hooks hooks = notify_flight_hooks;
    hooks.arg = s;
    struct notify_send_options send = {
        .secrets_dir = o->secrets_dir,
        .ca_file = o->ca_file,
        .allow_private = o->allow_private,
        .aside_first_ms = (uint32_t)o->aside_first_ms,
        .aside_last_ms = (uint32_t)o->aside_last_ms,
        .connect_ms = (uint32_t)o->connect_ms,
        .webhook_ms = (uint32_t)o->webhook_ms,
        .smtp_talk_ms = (uint32_t)o->smtp_talk_ms,
        .smtp_final_ms = (uint32_t)o->smtp_final_ms,
    };
    s->sender = notify_send_new(co_daemon_loop(s->daemon), &send, &hooks);
    return s->sender != NULL;
}

static void *start(struct co_daemon *d, const void *config)
{
    if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return NULL;
    struct notify_service *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return NULL;
    s->daemon = d;
    set_patience(s, config);
    s->answer_url = ((const struct options *)config)->answer_url;
    uint64_t seed;
    randombytes_buf(&seed, sizeof(seed));
    s->flights = co_strmap_new(FLIGHTS_MAX, seed);
    s->limits = notify_limits_new(seed);
    s->gone = notify_gone_new(seed);
    s->news = notify_news_new();
    s->rows = notify_rows_new();
    s->metrics = co_metrics_add(co_daemon_metrics(d), metrics, NOTIFY_METRICS);
    bool has_parts = s->flights != NULL && s->limits != NULL && s->gone != NULL &&
                     s->news != NULL && s->rows != NULL;
    if (!has_parts || s->metrics == NULL || !open_sender(s, config)) {
        free_service(s);
        return NULL;
    }
    (void)uv_timer_init(co_daemon_loop(d), &s->stop_timer);
    s->stop_timer.data = s;
    notify_flight_open(s, co_daemon_loop(d));
    co_metrics_before_render(co_daemon_metrics(d), refresh, s);
    return s;
}

/* ---- orderly end: what is in the air lands, what waits for its turn goes back ---- */

static void on_stop_tick(uv_timer_t *timer)
{
    struct notify_service *s = timer->data;
    if (notify_flight_count(s) > 0 && uv_now(co_daemon_loop(s->daemon)) < s->stop_until_ms)
        return;
    uv_close((uv_handle_t *)timer, NULL);
    notify_send_close(s->sender);
    s->sender = NULL;
    s->stopped(s->stopped_arg);
}

static void stop(void *arg, void (*done)(void *arg), void *done_arg)
{
    struct notify_service *s = arg;
    s->is_stopping = true;
    notify_flight_close(s);
    s->stopped = done;
    s->stopped_arg = done_arg;
    s->stop_until_ms = uv_now(co_daemon_loop(s->daemon)) + STOP_MS;
    (void)uv_timer_start(&s->stop_timer, on_stop_tick, 0, STOP_TICK_MS);
}

static void on_beat(void *service)
{
    notify_rows_beat(service);
}

static void not_ready(void *service, struct co_buf *reasons)
{
    const struct notify_service *s = service;
    if (!notify_rows_is_loaded(s->rows))
        (void)co_buf_append_text(reasons, "addresses that are gone: not read yet\n");
}

const struct co_daemon_def notify_daemon = {
    .name = "notify",
    .summary = "Tells people what they must know of cases, by mail and webhook, and proves it.",
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .config_size = sizeof(struct options),
    .start = start,
    .free = free_service,
    .stop = stop,
    .on_beat = on_beat,
    .not_ready = not_ready,
    .ops = &notify_ops,
};
