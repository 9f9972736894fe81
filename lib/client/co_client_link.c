#include "co_client_link.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "co_client.h"

enum { FRAME_EVENT_BYTES = 6 };

struct setting {
    int option;
    int value;
};

static const struct setting settings[] = {
    { ZMQ_LINGER, 0 },
    { ZMQ_IMMEDIATE, 1 },
    { ZMQ_SNDHWM, 16 },
    { ZMQ_RCVHWM, 16 },
    { ZMQ_CONNECT_TIMEOUT, 3000 },
    { ZMQ_HANDSHAKE_IVL, 5000 },
    { ZMQ_RECONNECT_IVL, 100 },
    { ZMQ_RECONNECT_IVL_MAX, 2000 },
    { ZMQ_HEARTBEAT_IVL, 5000 },
    { ZMQ_HEARTBEAT_TIMEOUT, 15000 },
    { ZMQ_HEARTBEAT_TTL, 15000 },
};

static bool set_options(void *socket, const char *server_key, const struct co_keys *keys)
{
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
        if (zmq_setsockopt(socket, settings[i].option, &settings[i].value, sizeof(int)) != 0)
            return false;
    int64_t largest = CO_CLIENT_REPLY_BYTES;
    return zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &largest, sizeof(largest)) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server_key, CO_KEY_TEXT) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys->public_text, CO_KEY_TEXT) == 0 &&
           zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->secret_text, CO_KEY_TEXT) == 0;
}

static bool open_monitor(struct co_link *link, void *context)
{
    char address[64];
    (void)snprintf(address, sizeof(address), "inproc://co_client_link/%p", (void *)link);
    if (zmq_socket_monitor(link->socket, address, ZMQ_EVENT_ALL) != 0)
        return false;
    link->monitor = zmq_socket(context, ZMQ_PAIR);
    return link->monitor != NULL && zmq_connect(link->monitor, address) == 0;
}

enum co_err co_link_open(struct co_link *link, void *context, const char *endpoint,
                         const char *server_key, const struct co_keys *keys, struct co_why *why)
{
    *link = (struct co_link){ .state = CO_LINK_TRYING };
    (void)snprintf(link->endpoint, sizeof(link->endpoint), "%s", endpoint);
    link->socket = zmq_socket(context, ZMQ_DEALER);
    if (link->socket == NULL || !open_monitor(link, context)) {
        co_why_set(why, "no socket: %s", zmq_strerror(errno));
        return CO_EFULL;
    }
    uint8_t key[CO_KEY_BYTES];
    if (co_keys_decode(server_key, key) != CO_OK) {
        co_why_set(why, "the server key is not 40 characters of Z85");
        return CO_EINPUT;
    }
    if (!set_options(link->socket, server_key, keys)) {
        co_why_set(why, "a key is not 40 characters of Z85");
        return CO_EINPUT;
    }
    if (zmq_connect(link->socket, endpoint) != 0) {
        co_why_set(why, "'%s' is not an endpoint: %s; allowed is for example tcp://127.0.0.1:7400",
                   endpoint, zmq_strerror(errno));
        return CO_EINPUT;
    }
    return CO_OK;
}

void co_link_close(struct co_link *link)
{
    if (link->socket != NULL)
        (void)zmq_socket_monitor(link->socket, NULL, 0);
    if (link->monitor != NULL)
        (void)zmq_close(link->monitor);
    if (link->socket != NULL)
        (void)zmq_close(link->socket);
    *link = (struct co_link){ .state = CO_LINK_TRYING };
}

static void take_in(struct co_link *link, unsigned event, unsigned value)
{
    switch (event) {
    case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
        link->state = CO_LINK_READY;
        link->handshakes++;
        link->drops = 0;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
        link->state = CO_LINK_FORBIDDEN;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
        link->state = value == ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH ||
                              value == ZMQ_PROTOCOL_ERROR_ZMTP_UNSPECIFIED
                          ? CO_LINK_FOREIGN
                          : CO_LINK_DROPPED;
        link->drops++;
        break;
    case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
        link->state = CO_LINK_DROPPED;
        link->drops++;
        break;
    case ZMQ_EVENT_DISCONNECTED:
        if (link->state == CO_LINK_READY) {
            link->state = CO_LINK_TRYING;
            link->losses++;
        }
        break;
    case ZMQ_EVENT_CLOSED: /* a try to connect ended */
        if (link->state == CO_LINK_TRYING)
            link->state = CO_LINK_NOBODY;
        break;
    default:
        break;
    }
}

void co_link_read_news(struct co_link *link)
{
    unsigned char frame[256];
    for (;;) {
        int size = zmq_recv(link->monitor, frame, sizeof(frame), ZMQ_DONTWAIT);
        if (size < 0)
            return;
        if (size != FRAME_EVENT_BYTES)
            continue; /* the frame after it names the endpoint */
        uint16_t event;
        uint32_t value;
        memcpy(&event, frame, sizeof(event));
        memcpy(&value, frame + sizeof(event), sizeof(value));
        take_in(link, event, value);
    }
}

void co_link_wait(struct co_link *link, bool wants_out, int wait_ms)
{
    zmq_pollitem_t items[] = {
        { link->socket, 0, (short)(ZMQ_POLLIN | (wants_out ? ZMQ_POLLOUT : 0)), 0 },
        { link->monitor, 0, ZMQ_POLLIN, 0 },
    };
    if (zmq_poll(items, 2, wait_ms) > 0 && (items[1].revents & ZMQ_POLLIN) != 0)
        co_link_read_news(link);
}

void co_link_explain(const struct co_link *link, struct co_why *why)
{
    const char *endpoint = link->endpoint;
    switch (link->state) {
    case CO_LINK_READY:
        co_why_set(why, "%s is connected but does not answer", endpoint);
        break;
    case CO_LINK_NOBODY:
        co_why_set(why, "nobody listens at %s", endpoint);
        break;
    case CO_LINK_DROPPED:
        co_why_set(why,
                   "%s closes the connection during the handshake: its key is not the server key "
                   "given, or it does not accept connections now",
                   endpoint);
        break;
    case CO_LINK_FORBIDDEN:
        co_why_set(why, "%s does not allow our key: it must be in the registry as a client",
                   endpoint);
        break;
    case CO_LINK_FOREIGN:
        co_why_set(why, "somebody listens at %s but speaks something else than CURVE over ZMTP",
                   endpoint);
        break;
    case CO_LINK_TRYING:
        co_why_set(why, "%s cannot be reached", endpoint);
        break;
    }
}
