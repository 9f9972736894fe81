/* channel_pagerduty.c - a notice as an event of PagerDuty's Events API v2: it triggers, that
 * somebody takes care of it acknowledges, and what corrects it, or the end of its case, resolves.
 * The deduplication key makes a repeat the same alert. */
#include <sodium.h>

#include "co_time.h"
#include "notify_alert.h"
#include "notify_post.h"
#include "notify_secret.h"

static json_t *payload_of(const struct notify_message *m, const struct notify_alert *a)
{
    char time[CO_TIME_TEXT];
    co_time_format(m->planned_us, time);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s}}", "summary",
                     a->summary, "source", "callout", "severity", a->severity, "timestamp", time,
                     "component", a->about[0] != '\0' ? a->about : a->name, "class", a->name,
                     "custom_details", "number", m->number, "obligation", m->obligation, "person",
                     m->person, "text", m->body);
}

static json_t *body_of(const struct notify_message *m, const char *routing_key)
{
    struct notify_alert a;
    notify_alert_of(m, &a);
    static const char *const actions[] = {
        [NOTIFY_ALERT_BEGINS] = "trigger",
        [NOTIFY_ALERT_ACKNOWLEDGED] = "acknowledge",
        [NOTIFY_ALERT_OVER] = "resolve",
    };
    if (a.stage != NOTIFY_ALERT_BEGINS)
        return json_pack("{s:s, s:s, s:s}", "routing_key", routing_key, "event_action",
                         actions[a.stage], "dedup_key", a.key);
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "routing_key", routing_key, "event_action",
                     actions[a.stage], "dedup_key", a.key, "client", "Callout", "payload",
                     payload_of(m, &a));
}

static bool start(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    char key[NOTIFY_SECRET_BYTES];
    if (job->options->secrets_dir == NULL ||
        notify_secret_read(job->options->secrets_dir, job->message.secret_file, key) != CO_OK) {
        notify_outcome_set(ret_outcome, NOTIFY_LATER,
                           "the channel's secret file, its routing key, cannot be used");
        return false;
    }
    bool ok = notify_post_body_to(job, body_of(&job->message, key), job->message.url, ret_outcome);
    sodium_memzero(key, sizeof(key));
    return ok;
}

const struct notify_channel notify_channel_pagerduty = {
    .name = "pagerduty",
    .kind = CALLOUT__V1__CHANNEL_KIND__CHANNEL_PAGERDUTY,
    .on_unknown = NOTIFY_REPEAT_WITH_KEY, /* the same dedup_key */
    .in_flight = 256,
    .per_endpoint = 4,
    .start = start,
    .judge = notify_post_judge,
    .stop = notify_post_stop,
};
