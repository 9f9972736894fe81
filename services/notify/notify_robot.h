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

/* What it says. */
struct robot_words {
    const char *text;
    bool is_markdown;
};

/* What makes one robot another. */
struct notify_robot {
    size_t text_bytes; /* the longest text that it takes */
    size_t markdown_bytes;
    bool is_text_to_mention;  /* nobody is mentioned in markdown: whoever is to be gets a text */
    const char *before_token; /* between the channel's address and the token: "?key=" */
    /* Adds a signature behind the token; NULL: it is not signed there. */
    enum co_err (*sign_url)(const struct notify_job *job, const char *secret, struct co_buf *url);
    /* What is posted; NULL: it cannot be written. */
    json_t *(*body_of)(const struct notify_job *job, const struct robot_secret *secret,
                       const struct robot_words *words);
    struct robot_codes codes;
};

/* As `start` of a channel. */
bool notify_robot_start(struct notify_job *job, const struct notify_robot *robot,
                        struct notify_outcome *ret_outcome);

void notify_robot_judge(struct notify_job *job, CURLcode code, const struct robot_codes *codes,
                        struct notify_outcome *ret_outcome);
