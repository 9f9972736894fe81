/* taker.h - commits tickets and commands in groups: one lane per transaction, two transactions at a time.
 *
 * A free connection takes the lane whose oldest post has waited longest, with everything that waits there up to a limit; a lane
 * is in the air at most once. Nobody is answered before the commit is confirmed. When the outcome is unknown (connection
 * lost) the group is tried again: its receipts say whether the first try took effect. A group that the server
 * refuses is halved until the one it does not like is found. */
#pragma once

#include <stddef.h>

#include "intake.h"
#include "post.h"

/* NULL: out of memory. Connects at once. */
struct intake_taker *intake_taker_new(struct intake *in);

/* Takes the post over. It is committed with what else arrives in this turn of the loop. */
void intake_taker_put(struct intake_taker *t, struct intake_post *post);

size_t intake_taker_count(const struct intake_taker *t);
size_t intake_taker_bytes(const struct intake_taker *t);

/* Answers whatever still waits with CODE_UNAVAILABLE and closes the connections. */
void intake_taker_close(struct intake_taker *t);
void intake_taker_free(struct intake_taker *t); /* NULL is allowed; the loop has run to its end */
