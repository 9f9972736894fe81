#include "call.h"

#include <stdlib.h>
#include <string.h>

#include "clients.h"
#include "co_clock.h"
#include "door.h"
#include "metrics.h"

enum { UNAVAILABLE_RETRY_MS = 1000 };

struct intake_call *intake_call_new(struct intake *in, const struct intake_key *key, zmq_msg_t *route,
                                    size_t route_count, const char *request_id)
{
    size_t id_size = strlen(request_id) + 1;
    struct intake_client *client = key == NULL ? NULL : key->client;
    struct intake_call *call = malloc(sizeof(*call) + route_count * sizeof(zmq_msg_t) + id_size);
    if (call == NULL)
        return NULL;
    *call = (struct intake_call){ .in = in, .key = key, .client = client, .since_mono_us = co_mono_us(), .route_count = route_count };
    for (size_t i = 0; i < route_count; i++) {
        (void)zmq_msg_init(&call->route[i]);
        (void)zmq_msg_move(&call->route[i], &route[i]);
    }
    call->request_id = (char *)(call->route + route_count);
    memcpy(call->request_id, request_id, id_size);
    in->in_flight++;
    if (client != NULL)
        client->in_flight++;
    return call;
}

bool intake_call_is_revoked(const struct intake_call *call)
{
    return call->key != NULL && call->key->client != call->client;
}

void intake_call_reply(struct intake_call **call_p, Callout__V1__Reply *reply)
{
    struct intake_call *call = *call_p;
    struct intake *in = call->in;
    *call_p = NULL;
    reply->request_id = call->request_id;
    co_fault_point(in->fault, "before_reply");
    if (intake_call_is_revoked(call))
        intake_door_withhold(in->door, call->route, call->route_count);
    else
        intake_door_send(in->door, call->client, call->route, call->route_count, reply);
    co_fault_point(in->fault, "after_reply");
    intake_metrics_reply(in->metrics, call->body, reply->code, co_mono_us() - call->since_mono_us);
    in->in_flight--;
    if (call->client != NULL)
        call->client->in_flight--;
    free(call);
}

static void reply_error(struct intake_call **call_p, Callout__V1__Code code, Callout__V1__Error *error)
{
    Callout__V1__Reply reply = CALLOUT__V1__REPLY__INIT;
    reply.code = code;
    reply.body_case = CALLOUT__V1__REPLY__BODY_ERROR;
    reply.error = error;
    intake_call_reply(call_p, &reply);
}

/* Messages have no const texts; packing only reads them. */
static char *text(const char *s)
{
    union {
        const char *is;
        char *as;
    } u = { .is = s };
    return u.as;
}

void intake_call_fail(struct intake_call **call_p, Callout__V1__Code code, uint32_t retry_after_ms, const char *field,
                      const char *message)
{
    Callout__V1__Error error = CALLOUT__V1__ERROR__INIT;
    error.retry_after_ms = retry_after_ms;
    error.field = text(field);
    error.message = text(message);
    reply_error(call_p, code, &error);
}

void intake_call_complain(struct intake_call **call_p, struct intake_complaint *complaint)
{
    Callout__V1__Error error;
    intake_complaint_error(complaint, &error);
    reply_error(call_p, complaint->code, &error);
}

void intake_call_unavailable(struct intake_call **call_p)
{
    intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_UNAVAILABLE, UNAVAILABLE_RETRY_MS, "",
                     "the database is away; whether this took effect is not known; repeat it with the same key");
}

