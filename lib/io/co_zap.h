/* co_zap.h - who may connect: the ZAP handler (RFC 27) of a daemon, and the proof that it works.
 *
 * libzmq asks the handler about each CURVE connection before a byte of it is handed on. The handler
 * knows the domain (set on the server's socket) and the client's key, proved by CURVE; it answers
 * with a user id, which every message of the connection then carries (co_zsock_user()), or refuses.
 *
 * Order: open the handler before the first server socket is bound, close it after the last one is
 * closed. Only CURVE is allowed. One handler per ZeroMQ context; one thread.
 */
#pragma once

#include <stdint.h>
#include <uv.h>

#include "co_err.h"
#include "co_keys.h"
#include "co_why.h"

#define CO_ZAP_TEXT 256 /* domain, address, user id: at most 255 bytes, as ZAP says */

struct co_zap;

/* Who asks. */
struct co_zap_client {
    const char *domain;  /* of the server's socket */
    const char *address; /* of the client, as libzmq saw it, no port; "" when unknown */
    uint8_t key[CO_KEY_BYTES];
};

/* The user id for this client, 1..255 bytes without control characters, copied at once; NULL
 * refuses. */
typedef const char *co_zap_allow_fn(void *ctx, const struct co_zap_client *client);

/* Starts to answer. CO_EDOWN: the context has a handler already, or no descriptor; CO_ENOMEM. */
CO_MUST_CHECK enum co_err co_zap_open(uv_loop_t *loop, void *zmq, co_zap_allow_fn *allow, void *ctx,
                                      struct co_zap **ret_zap, struct co_why *why);

struct co_zap_counts {
    uint64_t accepted;
    uint64_t refused;   /* by `allow`, or not CURVE */
    uint64_t malformed; /* not a ZAP request; cannot come from libzmq */
};
struct co_zap_counts co_zap_counts(const struct co_zap *zap);

/* Stops answering; on_closed, if not NULL, is called in a later turn. NULL is allowed for zap. */
void co_zap_close(struct co_zap *zap, void (*on_closed)(void *ctx), void *ctx);

/* ---- the proof at start ---- */

enum co_zap_proof {
    CO_ZAP_PROVED,
    CO_ZAP_ACCEPTS_ANYBODY, /* an unknown key was accepted: do not serve */
    CO_ZAP_REFUSES_US,      /* our own key was refused */
    CO_ZAP_UNDECIDED,       /* no answer in time, or no descriptor */
    CO_ZAP_PROOFS
};

/* A sentence for the log. */
const char *co_zap_proof_text(enum co_zap_proof proof);

struct co_zap_check {
    const char *endpoint;      /* as bound; a wildcard address is checked over 127.0.0.1 */
    const char *server_key;    /* Z85 */
    const struct co_keys *own; /* a pair that `allow` accepts */
    int64_t timeout_ms;        /* > 0, for both connections together */
    void (*on_done)(void *ctx, enum co_zap_proof proof);
    void *ctx;
};

/* Connects to our own endpoint twice, with a key made for the purpose and with our own, and calls
 * on_done once with what happened. Copies what it needs. CO_ENOMEM, CO_EDOWN, CO_EINPUT: it could
 * not be started; on_done is not called. */
CO_MUST_CHECK enum co_err co_zap_prove(uv_loop_t *loop, void *zmq, const struct co_zap_check *check,
                                       struct co_why *why);
