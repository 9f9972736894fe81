/* co_zsock.h - a ZeroMQ socket in a libuv loop.
 *
 * ZMQ_FD tells only of changes, so a plain poll loses messages (1 of 1,000 arrived). Here: once the
 * descriptor spoke, or a send may have swallowed what it had to say, the loop does not sleep until
 * the socket was read to its end; each turn takes at most CO_ZSOCK_TURN messages, so that nobody
 * starves.
 *
 * What a peer sends is bounded: bytes of a frame (by libzmq, before they are stored), frames and
 * bytes of a message (here, after libzmq has put it together). A message over the limit is dropped
 * whole and counted.
 *
 * One thread. Callbacks run inside the loop's turn; they may send, and may close this socket.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>
#include <zmq.h>

#include "co_err.h"
#include "co_keys.h"
#include "co_why.h"

#define CO_ZSOCK_TURN 64   /* messages a turn */
#define CO_ZSOCK_FRAMES 16 /* the most frames a message can be allowed */
#define CO_ZSOCK_ENDPOINT 256

struct co_zsock;

/* One whole message. The socket closes the frames after the call; zmq_msg_move() keeps one. */
typedef void co_zsock_message_fn(void *ctx, struct co_zsock *z, zmq_msg_t *frames, size_t count);

/* A message over the limits: its first `kept` frames (at most frame_limit; of a ROUTER the first is
 * the way back), how many it had and their bytes. The socket closes the frames after the call. */
struct co_zsock_refused {
    zmq_msg_t *frames;
    size_t kept;
    size_t frame_count;
    uint64_t bytes;
};
typedef void co_zsock_refused_fn(void *ctx, struct co_zsock *z,
                                 const struct co_zsock_refused *refused);

struct co_zsock_options {
    int type; /* ZMQ_ROUTER ... */
    void *ctx;
    co_zsock_message_fn *on_message; /* NULL: never reads */
    co_zsock_refused_fn *on_refused; /* NULL: only counted */

    int64_t frame_limit_bytes;    /* a longer frame ends the connection */
    size_t frame_limit;           /* frames of a message, 1..CO_ZSOCK_FRAMES */
    uint64_t message_limit_bytes; /* all frames of a message */
    int send_limit;               /* messages waiting per peer (SNDHWM), >= 1 */
    int receive_limit;            /* (RCVHWM), >= 1 */
    int heartbeat_ms;             /* a ping each; 0: none */
    int heartbeat_timeout_ms;     /* no answer for so long ends the connection */
    int handshake_ms;             /* a connection must have introduced itself by then */
    int reconnect_ms;             /* first wait, doubles up to ... */
    int reconnect_limit_ms;
    int linger_ms;     /* how long what was sent is still delivered after close */
    bool is_mandatory; /* ROUTER: sending to an unknown peer is an error, not a silent drop */
    bool is_immediate; /* sends wait for a finished connection, not for a hoped-for one */

    const struct co_keys *keys; /* CURVE, copied into libzmq; NULL: no encryption (ipc, inproc) */
    const char *server_key;     /* Z85: we are the client of this server. NULL: we are the server */
    const char *zap_domain;     /* server: who decides (co_zap); must not be empty */
};

/* The defaults: frame and message 1 MiB, 8 frames, 1,000 messages each way, heartbeat 5 s / 15 s,
 * handshake 5 s, reconnect 100 ms to 5 s, linger 500 ms, mandatory, immediate, no keys. */
struct co_zsock_options co_zsock_options(int type, void *ctx, co_zsock_message_fn *on_message);

/* Makes the socket and starts to read. IPv4 only. CO_EINPUT: the options contradict each other or
 * libzmq refuses one (`why` says which). CO_ENOMEM, CO_EDOWN: no memory, no descriptor. The socket
 * owns itself; co_zsock_close() ends it. `zmq` (zmq_ctx_new) and `loop` must outlive it. */
CO_MUST_CHECK enum co_err co_zsock_open(uv_loop_t *loop, void *zmq,
                                        const struct co_zsock_options *options,
                                        struct co_zsock **ret_z, struct co_why *why);

/* Binds; port "*" or 0 picks a free one: co_zsock_endpoint() tells. CO_EINPUT: not an endpoint.
 * CO_EDOWN: in use, no such address, not allowed. */
CO_MUST_CHECK enum co_err co_zsock_bind(struct co_zsock *z, const char *endpoint,
                                        struct co_why *why);

/* Connects, now and again whenever the connection is lost. CO_EINPUT: not an endpoint. */
CO_MUST_CHECK enum co_err co_zsock_connect(struct co_zsock *z, const char *endpoint,
                                           struct co_why *why);

/* The last endpoint bound, as bound ("tcp://127.0.0.1:40213"); "" before. The socket owns it. */
const char *co_zsock_endpoint(const struct co_zsock *z);

/* SUB only: topics beginning with these bytes. CO_EDOWN: not now. */
CO_MUST_CHECK enum co_err co_zsock_subscribe(struct co_zsock *z, const void *topic, size_t len);
CO_MUST_CHECK enum co_err co_zsock_unsubscribe(struct co_zsock *z, const void *topic, size_t len);

/* Stops handing out messages, for back-pressure; libzmq holds up to receive_limit per peer, then
 * the peers wait. Both may be called twice. */
void co_zsock_pause(struct co_zsock *z);
void co_zsock_resume(struct co_zsock *z);

struct co_frame {
    const void *data;
    size_t len;
};

/* Sends one message of 1..CO_ZSOCK_FRAMES frames, copied. CO_EFULL: nothing is sent, because the
 * peer's queue is full, or the peer is gone (ROUTER), or there is none yet. CO_ENOMEM, CO_EDOWN
 * (socket being closed): nothing is sent. */
CO_MUST_CHECK enum co_err co_zsock_send(struct co_zsock *z, const struct co_frame *frames,
                                        size_t count);

/* The same without copying: takes the frames. On failure they are closed as well. */
CO_MUST_CHECK enum co_err co_zsock_send_messages(struct co_zsock *z, zmq_msg_t *frames,
                                                 size_t count);

/* Who sent this message: the ZAP user id that its connection was accepted with; NULL on a socket
 * without ZAP. Read from the last frame (4.3.4 can lose it on the first). Lives as the frames. */
const char *co_zsock_user(zmq_msg_t *frames, size_t count);

struct co_zsock_counts {
    uint64_t received;
    uint64_t refused; /* over the limits */
    uint64_t sent;
    uint64_t full; /* CO_EFULL answers */
};
struct co_zsock_counts co_zsock_counts(const struct co_zsock *z);

/* Stops reading, closes the libzmq socket (what was sent goes out within linger_ms, in libzmq's own
 * thread) and frees everything in a later turn, after which on_closed, if not NULL, is called.
 * The loop must still run. NULL is allowed for z: nothing happens then. */
void co_zsock_close(struct co_zsock *z, void (*on_closed)(void *ctx), void *ctx);

/* The libzmq socket, for options not covered here. Never for sending, receiving or closing. */
void *co_zsock_raw(struct co_zsock *z);
