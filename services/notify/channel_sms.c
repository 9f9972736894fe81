/* channel_sms.c - a text message by a gateway that takes JSON over HTTP: which JSON is the
 * channel's, so that any gateway can be used. Its secret file is a bearer token. The key of the
 * notice goes with it; whether the gateway tells repeats by it is not known, so nothing is repeated
 * by itself. */
#include <sodium.h>
#include <stdio.h>

#include "notify_post.h"
#include "notify_secret.h"
#include "co_sms_form.h"

enum { HEADER_BYTES = NOTIFY_SECRET_BYTES + 64 };

static bool add_token(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    char token[NOTIFY_SECRET_BYTES], line[HEADER_BYTES];
    if (job->message.secret_file[0] == '\0')
        return true;
    if (job->options->secrets_dir == NULL ||
        notify_secret_read(job->options->secrets_dir, job->message.secret_file, token) != CO_OK) {
        notify_outcome_set(ret_outcome, NOTIFY_LATER, "the channel's secret file cannot be used");
        return false;
    }
    (void)snprintf(line, sizeof(line), "Authorization: Bearer %s", token);
    bool ok = notify_post_header(job, line);
    sodium_memzero(token, sizeof(token));
    sodium_memzero(line, sizeof(line));
    return ok;
}

static bool start(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    const struct notify_message *m = &job->message;
    const char *text = m->brief[0] != '\0' ? m->brief : m->body;
    struct co_sms_fields fields = { m->to, m->template_id, m->number, m->subject, text, m->key };
    if (!notify_post_is_address(m->url, ret_outcome))
        return false;
    if (!notify_post_json(
            job, co_sms_form_fill(m->form[0] != '\0' ? m->form : co_sms_form_usual, &fields))) {
        notify_outcome_set(ret_outcome, NOTIFY_REFUSED, "the channel's body cannot be filled in");
        return false;
    }
    return notify_post_header(job, "Content-Type: application/json; charset=utf-8") &&
           add_token(job, ret_outcome) && notify_post_start(job, m->url);
}

const struct notify_channel notify_channel_sms = {
    .name = "sms",
    .kind = CALLOUT__V1__CHANNEL_KIND__CHANNEL_SMS,
    .on_unknown = NOTIFY_NEXT_CHANNEL, /* who pays for each message does not want it twice */
    .in_flight = 256,
    .per_endpoint = 4,
    .start = start,
    .judge = notify_post_judge_answer,
    .stop = notify_post_stop,
};
