/* call.h - one request from its arrival to its reply.
 *
 * A call ends with exactly one reply, which frees it. Until then it counts as in flight, for all and for its client. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

#include "callout/v1/intake.pb-c.h"
#include "intake.h"
#include "intake_complaint.h"

struct intake_client;
struct intake_key;

struct intake_call {
    struct intake *in;
    const struct intake_key *key; /* it came with; NULL: not known any more */
    struct intake_client *client; /* whose that was then; NULL: the same */
    Callout__V1__Request__BodyCase body;
    int64_t since_mono_us;
    char *request_id;
    size_t route_count;
    zmq_msg_t route[]; /* the frames before the request, echoed as they came */
};

/* Takes the frames over (they are left empty); `request_id` is copied. NULL: out of memory, the frames are as they were. */
struct intake_call *intake_call_new(struct intake *in, const struct intake_key *key, zmq_msg_t *route,
                                    size_t route_count, const char *request_id);

/* The key was taken from the client since. */
bool intake_call_is_revoked(const struct intake_call *call);

/* Sends the reply, which nobody gets whose key was taken from him since, and ends the call; *call_p is NULL afterwards. `request_id` of
 * the reply is filled in. */
void intake_call_reply(struct intake_call **call_p, Callout__V1__Reply *reply);

/* Replies with an error. `retry_after_ms` 0: none. The message is a sentence of ours. */
void intake_call_fail(struct intake_call **call_p, Callout__V1__Code code, uint32_t retry_after_ms, const char *field,
                      const char *message);
void intake_call_complain(struct intake_call **call_p, struct intake_complaint *complaint);

/* CODE_UNAVAILABLE, because the database is away. */
void intake_call_unavailable(struct intake_call **call_p);

