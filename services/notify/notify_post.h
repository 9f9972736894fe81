/* notify_post.h - what all channels share that post over HTTP: no redirects; addresses are checked
 * when connecting; answers are read up to a limit; what the status means.
 */
#pragma once

#include <jansson.h>

#include "notify_answer.h"
#include "notify_channel.h"

#define NOTIFY_POST_BYTES ((size_t)256 * 1024)

/* Writes the payload; the reference is taken. False: it is NULL, or it has no place. */
bool notify_post_json(struct notify_job *job, json_t *body);
bool notify_post_header(struct notify_job *job, const char *line); /* false: out of memory */

/* Whether it is an address to post to; the outcome says if not. */
bool notify_post_is_address(const char *url, struct notify_outcome *ret_outcome);

/* Posts the payload with the headers. False: out of memory. */
bool notify_post_start(struct notify_job *job, const char *url);

/* All of it: posts `body` (the reference is taken) as JSON to `url`, which begins with the
 * channel's address. False: the outcome says why, else out of memory. */
bool notify_post_body_to(struct notify_job *job, json_t *body, const char *url,
                         struct notify_outcome *ret_outcome);

void notify_post_stop(struct notify_job *job);

/* As `judge` of a channel: what came of it, by the status alone, or by the error code too that the
 * whole body of a good answer bears. */
bool notify_post_judge(struct notify_job *job, CURLcode code, struct notify_outcome *ret_outcome);
bool notify_post_judge_answer(struct notify_job *job, CURLcode code,
                              struct notify_outcome *ret_outcome);
