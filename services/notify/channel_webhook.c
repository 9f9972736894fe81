/* channel_webhook.c - a notice as an HTTP POST: a CloudEvents 1.0 event in JSON, signed as Standard
 * Webhooks says. The status counts, and the error code that a chat robot writes into the body of a
 * good one. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_time.h"
#include "notify_post.h"
#include "notify_secret.h"
#include "notify_sign.h"

enum { HEADER_BYTES = 1024 };

/* "breached" of "breached/response/1". */
static void write_type(const char *obligation, char *to, size_t cap)
{
    (void)snprintf(to, cap, "callout.notice.%.*s", (int)strcspn(obligation, "/"), obligation);
}

/* NULL is left out. */
static const char *or_nothing(const char *text)
{
    return text[0] == '\0' ? NULL : text;
}

static json_t *data_of(const struct notify_message *m)
{
    return json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:s, s:s*, s:s*, s:s*}", "number", m->number,
                     "obligation", m->obligation, "generation", (json_int_t)m->generation, "slot",
                     m->slot, "person", m->person, "subject", m->subject, "body", m->body, "html",
                     or_nothing(m->html), "markdown", or_nothing(m->markdown), "brief",
                     or_nothing(m->brief));
}

static bool write_body(struct notify_job *job)
{
    const struct notify_message *m = &job->message;
    char type[96];
    char source[64];
    char time[CO_TIME_TEXT];
    write_type(m->obligation, type, sizeof(type));
    (void)snprintf(source, sizeof(source), "/callout/cases/%s", m->number);
    co_time_format(m->planned_us, time);
    return notify_post_json(
        job, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "specversion", "1.0", "id",
                       m->key, "source", source, "type", type, "subject", m->number, "time", time,
                       "datacontenttype", "application/json", "data", data_of(m)));
}

static bool add_signature(struct notify_job *job, int64_t timestamp_s)
{
    char secret[NOTIFY_SECRET_BYTES];
    if (job->options->secrets_dir == NULL ||
        notify_secret_read(job->options->secrets_dir, job->message.secret_file, secret) != CO_OK)
        return false;
    struct notify_signed what = { job->message.key, timestamp_s, co_buf_text(&job->payload),
                                  job->payload.len };
    struct co_buf signature;
    char line[HEADER_BYTES];
    co_buf_init(&signature, HEADER_BYTES - 32);
    bool ok = notify_sign(secret, &what, &signature) == CO_OK;
    sodium_memzero(secret, sizeof(secret));
    (void)snprintf(line, sizeof(line), "webhook-signature: %s", co_buf_text(&signature));
    co_buf_done(&signature);
    return ok && notify_post_header(job, line);
}

/* False: no memory, or the secret cannot be used; *ret_outcome tells them apart. */
static bool set_headers(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    char id[HEADER_BYTES];
    char timestamp[64];
    int64_t timestamp_s = job->wall_us / CO_SECOND_US;
    (void)snprintf(id, sizeof(id), "webhook-id: %s", job->message.key);
    (void)snprintf(timestamp, sizeof(timestamp), "webhook-timestamp: %lld", (long long)timestamp_s);
    if (!notify_post_header(job, "Content-Type: application/cloudevents+json; charset=utf-8") ||
        !notify_post_header(job, id) || !notify_post_header(job, timestamp))
        return false;
    char trace[64];
    (void)snprintf(trace, sizeof(trace), "traceparent: %s", job->message.trace);
    if (job->message.trace[0] != '\0' && !notify_post_header(job, trace))
        return false;
    if (job->message.secret_file[0] != '\0' && !add_signature(job, timestamp_s)) {
        notify_outcome_set(ret_outcome, NOTIFY_LATER, "the channel's secret file cannot be used");
        return false;
    }
    return true;
}

static bool start(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    if (!notify_post_is_address(job->message.url, ret_outcome))
        return false;
    if (!write_body(job)) {
        notify_outcome_set(ret_outcome, NOTIFY_REFUSED, "the text cannot be written as JSON");
        return false;
    }
    return set_headers(job, ret_outcome) && notify_post_start(job, job->message.url);
}

const struct notify_channel notify_channel_webhook = {
    .name = "webhook",
    .kind = CALLOUT__V1__CHANNEL_KIND__CHANNEL_WEBHOOK,
    .on_unknown = NOTIFY_REPEAT_WITH_KEY, /* same webhook-id */
    .in_flight = 1024,
    .per_endpoint = 4,
    .start = start,
    .judge = notify_post_judge_answer,
    .stop = notify_post_stop,
};
