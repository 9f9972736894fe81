/* misuse.h - requests that are refused for what they are, in the log: the first of a client at once, then how many, and when it
 * has ended. Who, what kind and which field; never what they say. And pauses after many wrong codes (intake_guess.h). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "callout/v1/intake.pb-c.h"
#include "co_log.h"

struct intake;
struct intake_client;
struct intake_complaint;

struct intake_misuse {
    struct co_log_condition condition;
    int64_t met_mono_us; /* the last one */
};

/* One was refused. `client` NULL: of nobody who is known. */
void intake_misuse_note(struct intake *in, struct intake_client *client, Callout__V1__Request__BodyCase body,
                        const struct intake_complaint *complaint);

/* Now and then: says of whom there were none for a minute. */
void intake_misuse_beat(struct intake *in);

/* Must the client's answers wait? *ret_wait_ms says how long. */
bool intake_misuse_is_paused(const struct intake_client *client, uint32_t *ret_wait_ms);

/* A code of the client was wrong: forged, used or over; or it was right. */
void intake_misuse_wrong_code(struct intake *in, struct intake_client *client);
void intake_misuse_right_code(struct intake_client *client);
