/* channel_wecom.c - the robot of a WeCom group: a text, with the person mentioned by his telephone
 * number, or markdown, which knows no such mention. Its token is all that it asks for. */
#include "notify_robot.h"

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

static json_t *body_of(const struct notify_job *job, const struct robot_secret *secret,
                       const struct robot_words *words)
{
    const struct notify_message *m = &job->message;
    const char *text = words->text;
    (void)secret;
    if (words->is_markdown)
        return json_pack("{s:s, s:{s:s}}", "msgtype", "markdown", "markdown", "content", text);
    return m->phone[0] == '\0'
               ? json_pack("{s:s, s:{s:s}}", "msgtype", "text", "text", "content", text)
               : json_pack("{s:s, s:{s:s, s:[s]}}", "msgtype", "text", "text", "content", text,
                           "mentioned_mobile_list", m->phone);
}

static const struct notify_robot robot = {
    .text_bytes = 2048,
    .markdown_bytes = 4096,
    .is_text_to_mention = true,
    .before_token = "?key=",
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
