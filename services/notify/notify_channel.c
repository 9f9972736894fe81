#include "notify_channel.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "co_text.h"

static const struct notify_channel *const channels[] = {
    &notify_channel_smtp,      &notify_channel_webhook,      &notify_channel_dingtalk,
    &notify_channel_wecom,     &notify_channel_feishu,       &notify_channel_sms,
    &notify_channel_pagerduty, &notify_channel_alertmanager,
};

const struct notify_channel *notify_channel_find(Callout__V1__ChannelKind kind)
{
    for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++)
        if (channels[i]->kind == kind)
            return channels[i];
    return NULL;
}

void notify_outcome_set(struct notify_outcome *o, enum notify_input input, const char *detail)
{
    o->input = input;
    o->change = NOTIFY_CIRCUIT_NOTHING;
    o->is_gone = false;
    o->is_recipients = false;
    o->retry_after_us = 0;
    (void)co_text_copy(o->detail, sizeof(o->detail), detail);
    for (char *c = o->detail; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    char *at = strchr(o->detail, '@'); /* no address is kept where it cannot be erased */
    while (at != NULL && at > o->detail && at[-1] != ' ')
        at--;
    if (at != NULL)
        *at = '\0';
}

/* The texts of the message, each a member; one block holds the copies. */
static const size_t texts[] = {
    offsetof(struct notify_message, channel),     offsetof(struct notify_message, url),
    offsetof(struct notify_message, from),        offsetof(struct notify_message, to),
    offsetof(struct notify_message, secret_file), offsetof(struct notify_message, person),
    offsetof(struct notify_message, name),        offsetof(struct notify_message, key),
    offsetof(struct notify_message, number),      offsetof(struct notify_message, obligation),
    offsetof(struct notify_message, slot),        offsetof(struct notify_message, subject),
    offsetof(struct notify_message, body),        offsetof(struct notify_message, phone),
    offsetof(struct notify_message, template_id), offsetof(struct notify_message, form),
    offsetof(struct notify_message, html),        offsetof(struct notify_message, markdown),
    offsetof(struct notify_message, brief),       offsetof(struct notify_message, trace),
};

static const char **text_of(struct notify_message *m, size_t i)
{
    return (const char **)(void *)((char *)m + texts[i]);
}

bool notify_job_copy(struct notify_job *job)
{
    size_t size = 0;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        size += strlen(*text_of(&job->message, i)) + 1;
    char *at = job->block = malloc(size);
    if (at == NULL)
        return false;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const char **text = text_of(&job->message, i);
        size_t len = strlen(*text) + 1;
        *text = memcpy(at, *text, len);
        at += len;
    }
    return true;
}

void notify_job_free(struct notify_job *job)
{
    curl_easy_cleanup(job->easy);
    curl_slist_free_all(job->headers);
    if (job->channel->clear != NULL)
        job->channel->clear(job);
    co_buf_done(&job->payload);
    co_buf_done(&job->answer);
    free(job->block);
    free(job);
}
