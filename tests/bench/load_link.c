/* The connections to intake. ZeroMQ's descriptors tell of changes only: each socket is read to its end once its descriptor spoke, or
 * a send may have swallowed what it had to say. */
#include "load_link.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "co_keys.h"

enum { SECOND_US = 1000000 };

static void set_int(void *socket, int option, int value)
{
    if (zmq_setsockopt(socket, option, &value, sizeof(value)) != 0)
        load_die("socket option %d: %s", option, zmq_strerror(errno));
}

static void *connect_one(struct load_link *l, const struct load_options *o, const struct co_keys *keys)
{
    static const int options[][2] = { { ZMQ_LINGER, 0 }, { ZMQ_IMMEDIATE, 1 }, { ZMQ_SNDHWM, 0 }, { ZMQ_RCVHWM, 0 },
                                      { ZMQ_RECONNECT_IVL, 100 }, { ZMQ_RECONNECT_IVL_MAX, 500 },
                                      { ZMQ_HEARTBEAT_IVL, 5000 }, { ZMQ_HEARTBEAT_TIMEOUT, 15000 },
                                      { ZMQ_HEARTBEAT_TTL, 15000 } };
    void *socket = zmq_socket(l->zmq, ZMQ_DEALER);
    if (socket == NULL)
        load_die("no socket: %s", zmq_strerror(errno));
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        set_int(socket, options[i][0], options[i][1]);
    if (zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, o->server_key, CO_KEY_TEXT) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys->public_text, CO_KEY_TEXT) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->secret_text, CO_KEY_TEXT) != 0 ||
        zmq_connect(socket, o->endpoint) != 0)
        load_die("cannot connect to %s: %s", o->endpoint, zmq_strerror(errno));
    return socket;
}

static void connect_all(struct load_link *l, const struct load_options *o)
{
    struct co_keys keys;
    struct co_why why = { 0 };
    if (co_keys_read(o->key_file, &keys, &why) != CO_OK)
        load_die("%s", why.text);
    if (o->connections > LOAD_CONNECTIONS_MAX)
        load_die("at most %d connections", LOAD_CONNECTIONS_MAX);
    l->zmq = zmq_ctx_new();
    for (l->count = 0; l->count < (size_t)o->connections; l->count++)
        l->socket[l->count] = connect_one(l, o, &keys);
    co_keys_wipe(&keys);
}

/* The clock starts when every connection takes requests. */
static void wait_connected(struct load_link *l, const struct load_options *o)
{
    for (size_t i = 0; i < l->count; i++) {
        zmq_pollitem_t item = { l->socket[i], 0, ZMQ_POLLOUT, 0 };
        if (zmq_poll(&item, 1, (long)o->patience * 1000) <= 0)
            load_die("no connection to %s: nobody there, or it does not know our key", o->endpoint);
    }
}

static void watch(struct load_link *l, int fd, uint32_t number)
{
    struct epoll_event event = { .events = EPOLLIN, .data.u32 = number };
    if (fd < 0 || epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        load_die("cannot wait for a descriptor: %s", strerror(errno));
}

void load_link_open(struct load_link *l, const struct load_options *o)
{
    connect_all(l, o);
    wait_connected(l, o);
    l->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    watch(l, l->timer, LOAD_CONNECTIONS_MAX);
    for (size_t i = 0; i < l->count; i++) {
        int fd = -1;
        size_t size = sizeof(fd);
        (void)zmq_getsockopt(l->socket[i], ZMQ_FD, &fd, &size);
        watch(l, fd, (uint32_t)i);
        l->is_due[i] = true;
    }
}

void load_link_close(struct load_link *l)
{
    for (size_t i = 0; i < l->count; i++)
        (void)zmq_close(l->socket[i]);
    (void)zmq_ctx_term(l->zmq);
    (void)close(l->timer);
    (void)close(l->epoll);
}

bool load_link_send(struct load_link *l, size_t connection, zmq_msg_t *message)
{
    l->is_due[connection] = true;
    if (zmq_msg_send(message, l->socket[connection], ZMQ_DONTWAIT) >= 0)
        return true;
    (void)zmq_msg_close(message);
    return false;
}

bool load_link_receive(struct load_link *l, size_t connection, zmq_msg_t *ret_message)
{
    if (!l->is_due[connection])
        return false;
    (void)zmq_msg_init(ret_message);
    if (zmq_msg_recv(ret_message, l->socket[connection], ZMQ_DONTWAIT) >= 0)
        return true;
    (void)zmq_msg_close(ret_message);
    l->is_due[connection] = false;
    return false;
}

static bool is_any_due(const struct load_link *l)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->is_due[i])
            return true;
    return false;
}

void load_link_sleep(struct load_link *l, int64_t wait_us)
{
    struct epoll_event events[LOAD_CONNECTIONS_MAX + 1];
    if (wait_us <= 0 || is_any_due(l))
        return;
    struct itimerspec at = { .it_value = { wait_us / SECOND_US, wait_us % SECOND_US * 1000 } };
    (void)timerfd_settime(l->timer, 0, &at, NULL);
    int n = epoll_wait(l->epoll, events, LOAD_CONNECTIONS_MAX + 1, 1000);
    for (int i = 0; i < n; i++)
        if (events[i].data.u32 < LOAD_CONNECTIONS_MAX)
            l->is_due[events[i].data.u32] = true;
}
