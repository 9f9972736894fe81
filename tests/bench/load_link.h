/* load_link.h - the load generator's connections. One thread. What cannot be is a load_die(). */
#pragma once

#include <zmq.h>

#include "load.h"

enum { LOAD_CONNECTIONS_MAX = 64 };

struct load_link {
    void *zmq;
    size_t count;
    void *socket[LOAD_CONNECTIONS_MAX];
    bool is_due[LOAD_CONNECTIONS_MAX]; /* may have something to read */
    int timer, epoll;
};

/* Returns when every connection takes requests. */
void load_link_open(struct load_link *l, const struct load_options *o);
void load_link_close(struct load_link *l);

/* Takes the message in any case. False: the connection does not take it now. */
bool load_link_send(struct load_link *l, size_t connection, zmq_msg_t *message);

/* False: nothing there. Else the caller closes the message. */
bool load_link_receive(struct load_link *l, size_t connection, zmq_msg_t *ret_message);

/* Until something may be there to read, or so many microseconds (zmq_poll() knows only milliseconds). */
void load_link_sleep(struct load_link *l, int64_t wait_us);
