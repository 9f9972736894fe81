/* channel_feishu.c - the robot of a Feishu group: a text, or a card with markdown; signed in the
 * body where its secret file has a secret. The token is the end of its address. */
#include <inttypes.h>
#include <stdio.h>

#include "co_time.h"
#include "notify_robot.h"

enum { SIGN_BYTES = 128 };

static const struct robot_code rows[] = {
    { 9499, NOTIFY_REFUSED, "it does not know the form" },
    { 11232, NOTIFY_LATER, "too fast" },
    { 19001, NOTIFY_REFUSED, "its token is not known" },
    { 19021, NOTIFY_REFUSED, "the signature, or our clock, is wrong" },
    { 19022, NOTIFY_REFUSED, "the address of the sender is not allowed" },
    { 19024, NOTIFY_REFUSED, "the keyword that it wants is missing" },
};

static bool sign(json_t *body, const char *secret, int64_t at_s)
{
    char time[32];
    struct co_buf signature;
    co_buf_init(&signature, SIGN_BYTES);
    (void)snprintf(time, sizeof(time), "%" PRId64, at_s);
    bool ok = robot_sign_feishu(secret, at_s, &signature) == CO_OK &&
              json_object_set_new(body, "timestamp", json_string(time)) == 0 &&
              json_object_set_new(body, "sign", json_string(co_buf_text(&signature))) == 0;
    co_buf_done(&signature);
    return ok;
}

static json_t *card_of(const char *title, const char *markdown)
{
    return json_pack("{s:s, s:{s:{s:{s:s, s:s}}, s:[{s:s, s:s}]}}", "msg_type", "interactive",
                     "card", "header", "title", "tag", "plain_text", "content", title, "elements",
                     "tag", "markdown", "content", markdown);
}

static json_t *body_of(const struct notify_job *job, const struct robot_secret *secret,
                       const struct robot_words *words)
{
    json_t *body = words->is_markdown ? card_of(job->message.subject, words->text)
                                      : json_pack("{s:s, s:{s:s}}", "msg_type", "text", "content",
                                                  "text", words->text);
    if (body == NULL || secret->secret[0] == '\0' ||
        sign(body, secret->secret, job->wall_us / CO_SECOND_US))
        return body;
    json_decref(body);
    return NULL;
}

static const struct notify_robot robot = {
    .text_bytes = 16000,
    .markdown_bytes = 16000,
    .before_token = "/",
    .body_of = body_of,
    .codes = { "code", rows, sizeof(rows) / sizeof(rows[0]) },
};

static bool start(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    return notify_robot_start(job, &robot, ret_outcome);
}

static bool judge(struct notify_job *job, CURLcode code, struct notify_outcome *ret_outcome)
{
    notify_robot_judge(job, code, &robot.codes, ret_outcome);
    return true;
}

const struct notify_channel notify_channel_feishu = {
    .name = "feishu",
    .kind = CALLOUT__V1__CHANNEL_KIND__CHANNEL_FEISHU,
    .on_unknown = NOTIFY_NEXT_CHANNEL, /* a robot has no key: a repeat would be a second message */
    .per_minute = 100,
    .in_flight = 256,
    .per_endpoint = 4,
    .start = start,
    .judge = judge,
    .stop = notify_post_stop,
};
