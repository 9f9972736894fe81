/* channel_dingtalk.c - the robot of a DingTalk group: a text or markdown, with the person mentioned
 * by his telephone number; signed in the query where its secret file has a secret. */
#include <inttypes.h>

#include "co_time.h"
#include "notify_robot.h"

static const struct robot_code rows[] = {
    { -1, NOTIFY_LATER, "busy" },
    { 90030, NOTIFY_LATER, "too fast" },
    { 130101, NOTIFY_LATER, "too fast" },
    { 410100, NOTIFY_LATER, "too fast" },
    { 310000, NOTIFY_REFUSED,
      "keyword, signature or address of the sender is not as the robot wants it" },
    { 300001, NOTIFY_REFUSED, "its token is not known" },
    { 400101, NOTIFY_REFUSED, "its token is not known" },
    { 400102, NOTIFY_REFUSED, "the robot was stopped" },
    { 400106, NOTIFY_REFUSED, "there is no such robot" },
    { 400013, NOTIFY_REFUSED, "the group is gone" },
    { 430101, NOTIFY_REFUSED, "the text has a link that it does not allow" },
    { 430102, NOTIFY_REFUSED, "it does not allow the text" },
    { 430104, NOTIFY_REFUSED, "it does not allow the text" },
};

/* The title shows where conversations are listed. Markdown mentions whom its text names. */
static json_t *markdown_of(const struct notify_message *m, const char *text)
{
    json_t *said =
        m->phone[0] == '\0' ? json_string(text) : json_sprintf("%s\n\n@%s", text, m->phone);
    return json_pack("{s:s, s:{s:s, s:o}}", "msgtype", "markdown", "markdown", "title", m->subject,
                     "text", said);
}

static json_t *body_of(const struct notify_job *job, const struct robot_secret *secret,
                       const struct robot_words *words)
{
    const struct notify_message *m = &job->message;
    (void)secret;
    json_t *body = words->is_markdown ? markdown_of(m, words->text)
                                      : json_pack("{s:s, s:{s:s}}", "msgtype", "text", "text",
                                                  "content", words->text);
    if (body != NULL && m->phone[0] != '\0')
        (void)json_object_set_new(body, "at",
                                  json_pack("{s:[s], s:b}", "atMobiles", m->phone, "isAtAll", 0));
    return body;
}

static enum co_err sign_url(const struct notify_job *job, const char *secret, struct co_buf *url)
{
    int64_t at_ms = job->wall_us / CO_MILLISECOND_US;
    (void)co_buf_printf(url, "&timestamp=%" PRId64 "&sign=", at_ms);
    return robot_sign_dingtalk(secret, at_ms, url);
}

static const struct notify_robot robot = {
    .text_bytes = 16000,
    .markdown_bytes = 16000,
    .before_token = "?access_token=",
    .sign_url = sign_url,
    .body_of = body_of,
    .codes = { "errcode", rows, sizeof(rows) / sizeof(rows[0]) },
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

const struct notify_channel notify_channel_dingtalk = {
    .name = "dingtalk",
    .kind = CALLOUT__V1__CHANNEL_KIND__CHANNEL_DINGTALK,
    .on_unknown = NOTIFY_NEXT_CHANNEL, /* a robot has no key: a repeat would be a second message */
    .per_minute = 20,
    .in_flight = 256,
    .per_endpoint = 4,
    .start = start,
    .judge = judge,
    .stop = notify_post_stop,
};
