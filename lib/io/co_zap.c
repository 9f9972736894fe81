#include "co_zap.h"

#include <stdlib.h>
#include <string.h>

#include "co_text.h"
#include "co_zsock.h"

#define ENDPOINT "inproc://zeromq.zap.01"

/* Frames of a request as a ROUTER sees it, and of the answer. */
enum { ASKED_BY, BLANK, VERSION, REQUEST, DOMAIN, ADDRESS, IDENTITY, MECHANISM, KEY, ASK_FRAMES };
enum { STATUS = REQUEST + 1, STATUS_TEXT, USER, METADATA, ANSWER_FRAMES };

struct co_zap {
    struct co_zsock *socket;
    co_zap_allow_fn *allow;
    void *ctx;
    struct co_zap_counts counts;
    void (*on_closed)(void *ctx);
    void *closed_ctx;
};

static bool is_text(zmq_msg_t *frame, const char *text)
{
    return zmq_msg_size(frame) == strlen(text) &&
           memcmp(zmq_msg_data(frame), text, strlen(text)) == 0;
}

/* Copies a frame as a string; false when it is too long or not text. */
static bool take_text(zmq_msg_t *frame, char to[static CO_ZAP_TEXT])
{
    size_t len = zmq_msg_size(frame);
    if (len >= CO_ZAP_TEXT || !co_text_is_valid(zmq_msg_data(frame), len))
        return false;
    memcpy(to, zmq_msg_data(frame), len);
    to[len] = '\0';
    return true;
}

static bool is_user_id(const char *user)
{
    size_t len = strlen(user);
    if (len == 0 || len >= CO_ZAP_TEXT || !co_text_is_valid(user, len))
        return false;
    for (const char *c = user; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return false;
    return true;
}

/* The user id, NULL when refused. */
static const char *decide(struct co_zap *zap, zmq_msg_t *frames, size_t count)
{
    char domain[CO_ZAP_TEXT];
    char address[CO_ZAP_TEXT];
    struct co_zap_client client = { .domain = domain, .address = address };
    if (count != ASK_FRAMES || !is_text(&frames[MECHANISM], "CURVE") ||
        zmq_msg_size(&frames[KEY]) != CO_KEY_BYTES || !take_text(&frames[DOMAIN], domain) ||
        !take_text(&frames[ADDRESS], address))
        return NULL;
    memcpy(client.key, zmq_msg_data(&frames[KEY]), CO_KEY_BYTES);
    const char *user = zap->allow(zap->ctx, &client);
    return user != NULL && is_user_id(user) ? user : NULL;
}

static struct co_frame text_frame(const char *text)
{
    return (struct co_frame){ text, strlen(text) };
}

static struct co_frame same_frame(zmq_msg_t *frame)
{
    return (struct co_frame){ zmq_msg_data(frame), zmq_msg_size(frame) };
}

static void answer(struct co_zap *zap, zmq_msg_t *frames, const char *user)
{
    struct co_frame out[ANSWER_FRAMES] = {
        [ASKED_BY] = same_frame(&frames[ASKED_BY]),
        [BLANK] = { NULL, 0 },
        [VERSION] = text_frame("1.0"),
        [REQUEST] = same_frame(&frames[REQUEST]),
        [STATUS] = text_frame(user != NULL ? "200" : "400"),
        [STATUS_TEXT] = text_frame(user != NULL ? "OK" : "this key is not allowed"),
        [USER] = text_frame(user != NULL ? user : ""),
        [METADATA] = { NULL, 0 },
    };
    /* when the asking connection is gone, nobody waits for the answer */
    (void)!co_zsock_send(zap->socket, out, ANSWER_FRAMES);
}

static void on_request(void *ctx, struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    struct co_zap *zap = ctx;
    (void)z;
    if (count <= MECHANISM || zmq_msg_size(&frames[BLANK]) != 0 ||
        !is_text(&frames[VERSION], "1.0")) {
        zap->counts.malformed++;
        return;
    }
    const char *user = decide(zap, frames, count);
    if (user != NULL)
        zap->counts.accepted++;
    else
        zap->counts.refused++;
    answer(zap, frames, user);
}

static void on_refused(void *ctx, struct co_zsock *z, const struct co_zsock_refused *refused)
{
    struct co_zap *zap = ctx;
    (void)z;
    (void)refused;
    zap->counts.malformed++;
}

static struct co_zsock_options zap_options(struct co_zap *zap)
{
    struct co_zsock_options options = co_zsock_options(ZMQ_ROUTER, zap, on_request);
    options.on_refused = on_refused;
    options.frame_limit = CO_ZSOCK_FRAMES;
    options.frame_limit_bytes = 4096;
    options.message_limit_bytes = 16384;
    options.linger_ms = 0;
    options.heartbeat_ms = 0;
    return options;
}

enum co_err co_zap_open(uv_loop_t *loop, void *zmq, co_zap_allow_fn *allow, void *ctx,
                        struct co_zap **ret_zap, struct co_why *why)
{
    struct co_zap *zap = calloc(1, sizeof(*zap));
    if (zap == NULL) {
        co_why_set(why, "no memory for the ZAP handler");
        return CO_ENOMEM;
    }
    zap->allow = allow;
    zap->ctx = ctx;
    struct co_zsock_options options = zap_options(zap);
    enum co_err err = co_zsock_open(loop, zmq, &options, &zap->socket, why);
    if (err != CO_OK) {
        free(zap);
        return err;
    }
    err = co_zsock_bind(zap->socket, ENDPOINT, why);
    if (err != CO_OK) {
        co_zap_close(zap, NULL, NULL);
        return err;
    }
    *ret_zap = zap;
    return CO_OK;
}

struct co_zap_counts co_zap_counts(const struct co_zap *zap)
{
    return zap->counts;
}

static void on_socket_closed(void *ctx)
{
    struct co_zap *zap = ctx;
    if (zap->on_closed != NULL)
        zap->on_closed(zap->closed_ctx);
    free(zap);
}

void co_zap_close(struct co_zap *zap, void (*on_closed)(void *ctx), void *ctx)
{
    if (zap == NULL)
        return;
    zap->on_closed = on_closed;
    zap->closed_ctx = ctx;
    co_zsock_close(zap->socket, on_socket_closed, zap);
}
