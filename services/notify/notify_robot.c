#include "notify_robot.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>

#include "co_time.h"
#include "notify_secret.h"

#define TOO_FAST_US CO_MINUTE_US /* what robots count by */

bool notify_robot_secret(struct notify_job *job, struct robot_secret *ret_secret,
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

bool notify_robot_text(const struct notify_job *job, size_t limit, struct co_buf *ret_text)
{
    co_buf_init(ret_text, limit + 1);
    return robot_text(job->message.subject, job->message.body, limit, ret_text) == CO_OK;
}

bool notify_robot_post(struct notify_job *job, json_t *body, const char *url,
                       struct notify_outcome *ret_outcome)
{
    if (!notify_post_json(job, body)) {
        notify_outcome_set(ret_outcome, NOTIFY_REFUSED, "the text cannot be written as JSON");
        return false;
    }
    return notify_post_is_address(job->message.url, ret_outcome) &&
           notify_post_header(job, "Content-Type: application/json; charset=utf-8") &&
           notify_post_start(job, url);
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
    notify_post_judge(job, code, NULL, ret_outcome);
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
