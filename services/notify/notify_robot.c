#include "notify_robot.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#include "co_time.h"
#include "notify_secret.h"

#define TOO_FAST_US CO_MINUTE_US /* what robots count by */

enum { URL_BYTES = 4096 };

/* The channel's secret file; the caller wipes it. */
static bool read_secret(struct notify_job *job, struct robot_secret *ret_secret,
                        struct notify_outcome *ret_outcome)
{
    char text[NOTIFY_SECRET_BYTES];
    enum co_err err =
        job->options->secrets_dir == NULL
            ? CO_EINPUT
            : notify_secret_read(job->options->secrets_dir, job->message.secret_file, text);
    if (err == CO_OK)
        err = robot_secret_read(text, ret_secret);
    sodium_memzero(text, sizeof(text));
    if (err != CO_OK)
        notify_outcome_set(ret_outcome, NOTIFY_LATER,
                           "the channel's secret file cannot be used: a line token = ..., and "
                           "secret = ... where the robot signs");
    return err == CO_OK;
}

static enum co_err write_url(const struct notify_job *job, const struct notify_robot *robot,
                             const struct robot_secret *secret, struct co_buf *url)
{
    (void)co_buf_printf(url, "%s%s%s", job->message.url, robot->before_token, secret->token);
    return url->err != CO_OK || robot->sign_url == NULL || secret->secret[0] == '\0'
               ? url->err
               : robot->sign_url(job, secret->secret, url);
}

static enum co_err write_text(const struct notify_message *m, const struct notify_robot *robot,
                              struct co_buf *text, bool *ret_is_markdown)
{
    bool is_markdown =
        m->markdown[0] != '\0' && !(robot->is_text_to_mention && m->phone[0] != '\0');
    size_t limit_bytes = is_markdown ? robot->markdown_bytes : robot->text_bytes;
    *ret_is_markdown = is_markdown;
    co_buf_init(text, limit_bytes + 1);
    return is_markdown ? robot_cut(m->markdown, limit_bytes, text)
                       : robot_text(m->subject, m->body, limit_bytes, text);
}

bool notify_robot_start(struct notify_job *job, const struct notify_robot *robot,
                        struct notify_outcome *ret_outcome)
{
    struct robot_secret secret;
    struct robot_words words;
    struct co_buf text, url;
    if (!read_secret(job, &secret, ret_outcome))
        return false;
    bool ok = write_text(&job->message, robot, &text, &words.is_markdown) == CO_OK;
    words.text = co_buf_text(&text);
    co_buf_init(&url, URL_BYTES);
    ok = ok && write_url(job, robot, &secret, &url) == CO_OK &&
         notify_post_body_to(job, robot->body_of(job, &secret, &words), co_buf_text(&url),
                             ret_outcome);
    sodium_memzero(&secret, sizeof(secret));
    co_buf_done(&text);
    co_buf_done(&url);
    return ok;
}

static void judge_code(const struct robot_codes *codes, int64_t code,
                       struct notify_outcome *ret_outcome)
{
    const struct robot_code other = { code, NOTIFY_LATER, "its own trouble" };
    const struct robot_code *row = &other;
    char detail[NOTIFY_DETAIL_TEXT];
    for (size_t i = 0; i < codes->count; i++)
        if (codes->rows[i].code == code)
            row = &codes->rows[i];
    (void)snprintf(detail, sizeof(detail), "%s %" PRId64 ": %s", codes->name, code, row->what);
    notify_outcome_set(ret_outcome, row->input, detail);
    ret_outcome->is_recipients = true; /* many robots live at one server */
    if (row->input == NOTIFY_LATER && row != &other)
        ret_outcome->retry_after_us = TOO_FAST_US;
}

void notify_robot_judge(struct notify_job *job, CURLcode code, const struct robot_codes *codes,
                        struct notify_outcome *ret_outcome)
{
    json_error_t error;
    (void)notify_post_judge(job, code, ret_outcome);
    if (ret_outcome->input != NOTIFY_TAKEN)
        return;
    json_t *answer = job->answer.err != CO_OK
                         ? NULL
                         : json_loadb((const char *)job->answer.data, job->answer.len, 0, &error);
    const json_t *said = json_object_get(answer, codes->name);
    if (!json_is_integer(said)) {
        notify_outcome_set(ret_outcome, NOTIFY_LATER,
                           "HTTP 200, but not the answer of a robot: is the address right?");
        ret_outcome->is_recipients = true;
    } else if (json_integer_value(said) != 0) {
        judge_code(codes, json_integer_value(said), ret_outcome);
    }
    json_decref(answer);
}
