/* co_client.h - asks the intake socket and waits for the answer.
 *
 * Blocking; one request at a time; one client belongs to one thread. The connection is made with
 * the first request and made again by itself. A request that does the same when it arrives twice
 * (it carries a key, or only asks) is sent again after a lost connection, after CODE_UNAVAILABLE,
 * and when no answer came for a while; any request is sent again after CODE_BUSY, when the server
 * says it may. All of it within the time the caller gives.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "callout/v1/intake.pb-c.h"
#include "co_err.h"
#include "co_keys.h"
#include "co_why.h"

#define CO_CLIENT_REPLY_BYTES (16 * 1024 * 1024) /* a larger reply closes the connection */

struct co_client;

struct co_client_options {
    const char *endpoint;       /* "tcp://127.0.0.1:7400"; copied */
    const char *server_key;     /* Z85; copied */
    const struct co_keys *keys; /* our own pair; copied */
    int connect_ms;             /* the longest to wait for a connection; 0: 3,000 */
    int again_ms;               /* sent again when no answer came for so long; 0: 5,000 */
};

/* CO_EINPUT: the endpoint or a key is not of the right form. CO_ENOMEM, CO_EFULL (descriptors).
 * Nothing is sent yet. */
CO_MUST_CHECK enum co_err co_client_open(const struct co_client_options *options,
                                         struct co_client **ret_client, struct co_why *why);

/* Drops what is in the air. NULL is allowed. */
void co_client_close(struct co_client *client);

/* Sends the request and waits at most `timeout_ms` for its reply. `request_id` of the request is
 * set by the client. *ret_reply may say anything, CODE_BUSY and CODE_UNAVAILABLE included, when the
 * time is over; it belongs to the client and lives until the next call.
 *   CO_EINPUT   the server does not know our key, has another key than expected, or does not speak
 *               this protocol: trying again does not help
 *   CO_EDOWN    nobody there, or the connection broke: whether the request took effect is unknown
 *   CO_EAGAIN   no reply in time: whether the request took effect is unknown
 *   CO_EFULL    the request is too large to be sent
 *   CO_ENOMEM */
CO_MUST_CHECK enum co_err co_client_call(struct co_client *client, Callout__V1__Request *request,
                                         int timeout_ms, Callout__V1__Reply **ret_reply,
                                         struct co_why *why);

/* True when doing it twice does what doing it once does. */
bool co_client_is_repeatable(const Callout__V1__Request *request);
