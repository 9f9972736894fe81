/* co_http.h - the probe port of a daemon: /livez, /readyz and /metrics, in the daemon's own loop.
 *
 *     GET /livez    200 "ok": the loop turns. Never asks the database, or an outage would become a
 *                   storm of restarts.
 *     GET /readyz   200 "ready", or 503 with the reasons, a line each
 *     GET /metrics  the registry in the text format of Prometheus
 *
 * HEAD too. No other path, no other method, no body. For the machines of operations, without TLS
 * and without login: bind it to loopback or to a private network. Connections, their memory and
 * their idle time are limited, so that this port cannot harm the daemon.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <uv.h>

#include "co_buf.h"
#include "co_err.h"
#include "co_metrics.h"
#include "co_why.h"

struct co_http;

struct co_http_options {
    const char *listen; /* "127.0.0.1:9180", "[::1]:9180", "0.0.0.0:0": an address, no name */
    struct co_metrics *metrics;
    /* Appends the reasons against being ready, a line each, and says whether there is none. */
    bool (*is_ready)(void *ctx, struct co_buf *reasons);
    void *ctx;
    unsigned connection_limit; /* 0: 32; more are not accepted until one ends */
    unsigned idle_s;           /* 0: 10; a connection silent for so long is closed */
};

/* Reads "IPV4:PORT" or "[IPV6]:PORT"; false: it is none. */
CO_MUST_CHECK bool co_http_address(const char *listen, struct sockaddr_storage *ret_address);

/* Starts to listen; copies the options, borrows metrics and ctx. CO_EINPUT: not an address.
 * CO_EDOWN: in use, not ours, not allowed. CO_ENOMEM. */
CO_MUST_CHECK enum co_err co_http_open(uv_loop_t *loop, const struct co_http_options *options,
                                       struct co_http **ret_http, struct co_why *why);

/* The port that it listens at, also when 0 was asked for. */
uint16_t co_http_port(const struct co_http *http);

/* Ends all connections and frees everything in a later turn, after which on_closed, if not NULL, is
 * called. NULL is allowed for http. */
void co_http_close(struct co_http *http, void (*on_closed)(void *ctx), void *ctx);
