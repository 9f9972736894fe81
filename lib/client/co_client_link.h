/* co_client_link.h - the socket of a client and what is known of its connection. Nobody else
 * includes it.
 *
 * libzmq connects and connects again in the background and says nothing about it; its monitor does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "co_err.h"
#include "co_keys.h"
#include "co_why.h"

enum co_link_state {
    CO_LINK_TRYING,    /* not connected yet, or not any more */
    CO_LINK_READY,     /* handshake done */
    CO_LINK_NOBODY,    /* the last try found nobody */
    CO_LINK_DROPPED,   /* the server closed during the handshake: mostly, another server key */
    CO_LINK_FORBIDDEN, /* the server does not allow our key */
    CO_LINK_FOREIGN,   /* somebody is there who speaks something else */
};

struct co_link {
    void *socket;
    void *monitor;
    enum co_link_state state;
    unsigned handshakes; /* that ended well */
    unsigned losses;     /* connections that were ready and broke */
    unsigned drops;      /* in a row */
    char endpoint[256];
};

/* `context` is libzmq's. CO_EINPUT, CO_EFULL. The link can be closed also after a failure. */
CO_MUST_CHECK enum co_err co_link_open(struct co_link *link, void *context, const char *endpoint,
                                       const char *server_key, const struct co_keys *keys,
                                       struct co_why *why);
void co_link_close(struct co_link *link);

/* Waits at most `wait_ms` until there is something to read or, with `wants_out`, room to write, or
 * the connection changes; takes in all news of the connection. */
void co_link_wait(struct co_link *link, bool wants_out, int wait_ms);

/* Takes in all news of the connection that are there. */
void co_link_read_news(struct co_link *link);

/* Says in words what the state means to an operator. */
void co_link_explain(const struct co_link *link, struct co_why *why);
