/* notify_post.h - what all channels share that post over HTTP: no redirects; addresses are checked
 * when connecting; answers are read up to a limit; what the status means.
 */
#pragma once

#include <jansson.h>

#include "notify_answer.h"
#include "notify_channel.h"

#define NOTIFY_POST_BYTES ((size_t)64 * 1024)

/* Writes the payload; the reference is taken. False: it is NULL, or it has no place. */
bool notify_post_json(struct notify_job *job, json_t *body);
bool notify_post_header(struct notify_job *job, const char *line); /* false: out of memory */

/* Whether it is an address to post to; the outcome says if not. */
bool notify_post_is_address(const char *url, struct notify_outcome *ret_outcome);

/* Posts the payload with the headers. False: out of memory. */
bool notify_post_start(struct notify_job *job, const char *url);
void notify_post_stop(struct notify_job *job);

/* A good status is not all: changes the outcome where the whole body says that it was not taken. */
typedef void notify_post_body(const struct notify_job *job, long status,
                              struct notify_outcome *ret_outcome);

/* What came of it; `body` may be NULL. */
void notify_post_judge(struct notify_job *job, CURLcode code, notify_post_body *body,
                       struct notify_outcome *ret_outcome);
