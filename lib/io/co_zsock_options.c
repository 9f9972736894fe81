#include <errno.h>
#include <string.h>

#include "co_zsock_internal.h"

struct co_zsock_options co_zsock_options(int type, void *ctx, co_zsock_message_fn *on_message)
{
    return (struct co_zsock_options){
        .type = type,
        .ctx = ctx,
        .on_message = on_message,
        .frame_limit_bytes = 1 << 20,
        .frame_limit = 8,
        .message_limit_bytes = 1 << 20,
        .send_limit = 1000,
        .receive_limit = 1000,
        .heartbeat_ms = 5000,
        .heartbeat_timeout_ms = 15000,
        .handshake_ms = 5000,
        .reconnect_ms = 100,
        .reconnect_limit_ms = 5000,
        .linger_ms = 500,
        .is_mandatory = true,
        .is_immediate = true,
    };
}

struct int_option {
    const char *name;
    int option;
    int value;
};

static enum co_err set_option(void *socket, const char *name, int option, const void *value,
                              size_t len, struct co_why *why)
{
    if (zmq_setsockopt(socket, option, value, len) == 0)
        return CO_OK;
    co_why_set(why, "libzmq refuses %s: %s", name, zmq_strerror(errno));
    return CO_EINPUT;
}

static enum co_err set_limits(void *socket, const struct co_zsock_options *o, struct co_why *why)
{
    const struct int_option options[] = {
        { "ipv6", ZMQ_IPV6, 0 },
        { "send_limit", ZMQ_SNDHWM, o->send_limit },
        { "receive_limit", ZMQ_RCVHWM, o->receive_limit },
        { "heartbeat_ms", ZMQ_HEARTBEAT_IVL, o->heartbeat_ms },
        { "heartbeat_timeout_ms", ZMQ_HEARTBEAT_TIMEOUT, o->heartbeat_timeout_ms },
        { "heartbeat_timeout_ms", ZMQ_HEARTBEAT_TTL, o->heartbeat_timeout_ms },
        { "handshake_ms", ZMQ_HANDSHAKE_IVL, o->handshake_ms },
        { "reconnect_ms", ZMQ_RECONNECT_IVL, o->reconnect_ms },
        { "reconnect_limit_ms", ZMQ_RECONNECT_IVL_MAX, o->reconnect_limit_ms },
        { "linger_ms", ZMQ_LINGER, o->linger_ms },
        { "is_immediate", ZMQ_IMMEDIATE, o->is_immediate },
    };
    enum co_err err = set_option(socket, "frame_limit_bytes", ZMQ_MAXMSGSIZE, &o->frame_limit_bytes,
                                 sizeof(o->frame_limit_bytes), why);
    for (size_t i = 0; err == CO_OK && i < sizeof(options) / sizeof(options[0]); i++)
        err = set_option(socket, options[i].name, options[i].option, &options[i].value,
                         sizeof(options[i].value), why);
    int mandatory = o->is_mandatory;
    if (err == CO_OK && o->type == ZMQ_ROUTER)
        err = set_option(socket, "is_mandatory", ZMQ_ROUTER_MANDATORY, &mandatory,
                         sizeof(mandatory), why);
    return err;
}

/* In libzmq since 4.3.0, but 4.3.4's header shows it only to draft builds. A libzmq that does not
 * know it refuses it, and the socket is not opened. */
#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif

/* A server without a ZAP domain would accept any key, and so would one whose ZAP handler is gone,
 * were the domain not enforced. */
static enum co_err set_server(void *socket, const struct co_zsock_options *o, struct co_why *why)
{
    const int on = 1;
    if (o->zap_domain == NULL || o->zap_domain[0] == '\0') {
        co_why_set(why, "a CURVE server needs a ZAP domain, or it accepts any key");
        return CO_EINPUT;
    }
    enum co_err err = set_option(socket, "server", ZMQ_CURVE_SERVER, &on, sizeof(on), why);
    if (err == CO_OK)
        err = set_option(socket, "zap_domain", ZMQ_ZAP_DOMAIN, o->zap_domain, strlen(o->zap_domain),
                         why);
    if (err == CO_OK)
        err = set_option(socket, "zap_domain", ZMQ_ZAP_ENFORCE_DOMAIN, &on, sizeof(on), why);
    return err;
}

static enum co_err set_keys(void *socket, const struct co_zsock_options *o, struct co_why *why)
{
    if (o->keys == NULL && o->server_key == NULL && o->zap_domain == NULL)
        return CO_OK;
    if (o->keys == NULL) {
        co_why_set(why, "a server key or ZAP domain is given but no key pair");
        return CO_EINPUT;
    }
    enum co_err err = o->server_key != NULL
                          ? set_option(socket, "server_key", ZMQ_CURVE_SERVERKEY, o->server_key,
                                       strlen(o->server_key) + 1, why)
                          : set_server(socket, o, why);
    if (err == CO_OK)
        err =
            set_option(socket, "keys", ZMQ_CURVE_PUBLICKEY, o->keys->public_text, CO_KEY_TEXT, why);
    if (err == CO_OK)
        err =
            set_option(socket, "keys", ZMQ_CURVE_SECRETKEY, o->keys->secret_text, CO_KEY_TEXT, why);
    return err;
}

enum co_err co_zsock_set_options(void *socket, const struct co_zsock_options *o, struct co_why *why)
{
    if (o->frame_limit < 1 || o->frame_limit > CO_ZSOCK_FRAMES || o->frame_limit_bytes < 1 ||
        o->send_limit < 1 || o->receive_limit < 1) {
        co_why_set(why, "a limit of the socket is out of range");
        return CO_EINPUT;
    }
    enum co_err err = set_limits(socket, o, why);
    return err != CO_OK ? err : set_keys(socket, o, why);
}
