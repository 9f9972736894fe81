/* notify_robot.h - what the chat robots share: where they are, what they say, and that the status
 * of their answers says nothing. */
#pragma once

#include "notify_post.h"
#include "robot_sign.h"

/* An error code in the body of a good answer. What is not listed is tried again: it passes, or can
 * be mended by people. */
struct robot_code {
    int64_t code;
    enum notify_input input; /* NOTIFY_LATER: too fast, or busy */
    const char *what;
};

struct robot_codes {
    const char *name; /* of the member that has the code; 0 there is well */
    const struct robot_code *rows;
    size_t count;
};

/* The channel's secret file; the caller wipes it. False: the outcome says what is wrong with it. */
bool notify_robot_secret(struct notify_job *job, struct robot_secret *ret_secret,
                         struct notify_outcome *ret_outcome);

/* The text of the message, of at most `limit` bytes; to be freed with co_buf_done(). */
bool notify_robot_text(const struct notify_job *job, size_t limit, struct co_buf *ret_text);

/* Posts `body` (the reference is taken) to `url`. The outcome says if it cannot. */
bool notify_robot_post(struct notify_job *job, json_t *body, const char *url,
                       struct notify_outcome *ret_outcome);

void notify_robot_judge(struct notify_job *job, CURLcode code, const struct robot_codes *codes,
                        struct notify_outcome *ret_outcome);
