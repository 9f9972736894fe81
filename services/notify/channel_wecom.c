/* channel_wecom.c - the robot of a WeCom group: a text, with the person mentioned by his telephone
 * number. Its token is all that it asks for. */
#include <sodium.h>

#include "notify_robot.h"

enum { TEXT_BYTES = 2048, URL_BYTES = 4096 };

static const struct robot_code rows[] = {
    { -1, NOTIFY_LATER, "busy" },
    { 45009, NOTIFY_LATER, "too fast" },
    { 93000, NOTIFY_REFUSED, "its token is not known" },
    { 93004, NOTIFY_REFUSED, "the robot is gone" },
    { 93008, NOTIFY_REFUSED, "it is not in a group" },
    { 40008, NOTIFY_REFUSED, "it does not know the form" },
    { 40058, NOTIFY_REFUSED, "it does not know the form" },
    { 44004, NOTIFY_REFUSED, "the text is empty" },
    { 45002, NOTIFY_REFUSED, "the text is too long" },
};
static const struct robot_codes codes = { "errcode", rows, sizeof(rows) / sizeof(rows[0]) };

static json_t *body_of(const struct notify_message *m, const char *text)
{
    return m->phone[0] == '\0'
               ? json_pack("{s:s, s:{s:s}}", "msgtype", "text", "text", "content", text)
               : json_pack("{s:s, s:{s:s, s:[s]}}", "msgtype", "text", "text", "content", text,
                           "mentioned_mobile_list", m->phone);
}

static bool start(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    struct robot_secret secret;
    struct co_buf text, url;
    if (!notify_robot_secret(job, &secret, ret_outcome))
        return false;
    co_buf_init(&url, URL_BYTES);
    bool ok = notify_robot_text(job, TEXT_BYTES, &text) &&
              co_buf_printf(&url, "%s?key=%s", job->message.url, secret.token) == CO_OK &&
              notify_robot_post(job, body_of(&job->message, co_buf_text(&text)), co_buf_text(&url),
                                ret_outcome);
    sodium_memzero(&secret, sizeof(secret));
    co_buf_done(&text);
    co_buf_done(&url);
    return ok;
}

static bool judge(struct notify_job *job, CURLcode code, struct notify_outcome *ret_outcome)
{
    notify_robot_judge(job, code, &codes, ret_outcome);
    return true;
}

const struct notify_channel notify_channel_wecom = {
    .name = "wecom",
    .kind = CALLOUT__V1__CHANNEL_KIND__CHANNEL_WECOM,
    .on_unknown = NOTIFY_NEXT_CHANNEL, /* a robot has no key: a repeat would be a second message */
    .per_minute = 20,
    .in_flight = 256,
    .per_endpoint = 4,
    .start = start,
    .judge = judge,
    .stop = notify_post_stop,
};
