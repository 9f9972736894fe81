/* channel_alertmanager.c - a notice as an alert pushed to Alertmanager, or to what takes alerts as
 * it does: the same labels are the same alert, and a time at which it ends resolves it. Labels are
 * what never changes of it; what may is an annotation. */
#include "co_time.h"
#include "notify_alert.h"
#include "notify_post.h"

enum { URL_BYTES = 4096 };

static json_t *alerts_of(const struct notify_job *job)
{
    const struct notify_message *m = &job->message;
    struct notify_alert a;
    char begin[CO_TIME_TEXT], end[CO_TIME_TEXT];
    notify_alert_of(m, &a);
    co_time_format(m->planned_us, begin);
    co_time_format(job->wall_us, end);
    json_t *alert =
        json_pack("{s:{s:s, s:s, s:s, s:s}, s:{s:s, s:s, s:s, s:s}, s:s}", "labels", "alertname",
                  a.name, "service", "callout", "number", m->number, "about", a.about,
                  "annotations", "summary", a.summary, "description", m->body, "severity",
                  a.severity, "person", m->person, "startsAt", begin);
    if (alert != NULL && a.stage == NOTIFY_ALERT_OVER)
        (void)json_object_set_new(alert, "endsAt", json_string(end));
    return alert == NULL ? NULL : json_pack("[o]", alert);
}

static bool start(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    struct co_buf url;
    co_buf_init(&url, URL_BYTES);
    bool ok = co_buf_printf(&url, "%s/api/v2/alerts", job->message.url) == CO_OK &&
              notify_post_body_to(job, alerts_of(job), co_buf_text(&url), ret_outcome);
    co_buf_done(&url);
    return ok;
}

const struct notify_channel notify_channel_alertmanager = {
    .name = "alertmanager",
    .kind = CALLOUT__V1__CHANNEL_KIND__CHANNEL_ALERTMANAGER,
    .on_unknown = NOTIFY_REPEAT_WITH_KEY, /* the same labels */
    .in_flight = 256,
    .per_endpoint = 4,
    .start = start,
    .judge = notify_post_judge,
    .stop = notify_post_stop,
};
