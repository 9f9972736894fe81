#include "co_http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECTIONS = 32,
    IDLE_S = 10,
    CONNECTION_MEMORY = 16384,
    ANSWER_LIMIT = 4 << 20,
    REASONS_LIMIT = 8192,
    HANDLES = 2,
};

struct co_http {
    struct co_http_options options;
    struct MHD_Daemon *daemon;
    uv_poll_t poll;   /* the epoll descriptor of microhttpd */
    uv_timer_t timer; /* its time limits */
    uint16_t port;
    unsigned open_handles;
    void (*on_closed)(void *ctx);
    void *closed_ctx;
};

/* ---- answers ---- */

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type,
                              struct co_buf *body)
{
    size_t len = body->len;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(len, body->data, MHD_RESPMEM_MUST_COPY);
    if (response == NULL)
        return MHD_NO;
    enum MHD_Result result = MHD_NO;
    if (MHD_add_response_header(response, "Content-Type", type) == MHD_YES &&
        MHD_add_response_header(response, "Cache-Control", "no-store") == MHD_YES)
        result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

struct page {
    const char *path;
    const char *type;
    /* Writes the page, returns the status. */
    unsigned (*write)(struct co_http *http, struct co_buf *body);
};

static unsigned write_livez(struct co_http *http, struct co_buf *body)
{
    (void)http;
    co_buf_append_text(body, "ok\n");
    return MHD_HTTP_OK;
}

static unsigned write_readyz(struct co_http *http, struct co_buf *body)
{
    struct co_buf reasons;
    co_buf_init(&reasons, REASONS_LIMIT);
    bool is_ready = http->options.is_ready(http->options.ctx, &reasons);
    co_buf_append_text(body, is_ready ? "ready\n" : "not ready\n");
    if (!is_ready)
        co_buf_append_text(body, co_buf_text(&reasons));
    co_buf_done(&reasons);
    return is_ready ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE;
}

static unsigned write_metrics(struct co_http *http, struct co_buf *body)
{
    return co_metrics_render(http->options.metrics, body) == CO_OK ? MHD_HTTP_OK
                                                                   : MHD_HTTP_INTERNAL_SERVER_ERROR;
}

static const struct page pages[] = {
    { "/livez", "text/plain; charset=utf-8", write_livez },
    { "/readyz", "text/plain; charset=utf-8", write_readyz },
    { "/metrics", "text/plain; version=0.0.4; charset=utf-8", write_metrics },
};
enum { PAGES = sizeof(pages) / sizeof(pages[0]) };

static unsigned write_missing(struct co_buf *body)
{
    co_buf_append_text(body, "not found; here are");
    for (size_t i = 0; i < PAGES; i++)
        co_buf_printf(body, " %s", pages[i].path);
    co_buf_append_text(body, "\n");
    return MHD_HTTP_NOT_FOUND;
}

static enum MHD_Result answer_request(struct co_http *http, struct MHD_Connection *connection,
                                      const char *url, const char *method)
{
    const struct page *page = NULL;
    unsigned status;
    struct co_buf body;
    for (size_t i = 0; i < PAGES; i++)
        if (strcmp(url, pages[i].path) == 0)
            page = &pages[i];
    co_buf_init(&body, ANSWER_LIMIT);
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        co_buf_append_text(&body, "only GET and HEAD\n");
        status = MHD_HTTP_METHOD_NOT_ALLOWED;
    } else if (page == NULL) {
        status = write_missing(&body);
    } else {
        status = page->write(http, &body);
    }
    enum MHD_Result result =
        answer(connection, status, page != NULL ? page->type : pages[0].type, &body);
    co_buf_done(&body);
    return result;
}

static bool has_body(struct MHD_Connection *connection)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length") != NULL ||
           MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Transfer-Encoding") != NULL;
}

/* Called when the head of a request is complete (*state is NULL then), and again when all of it is.
 * An answer to the first call ends the connection, which spares us a body; one to the second
 * leaves it open for the next request. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **state)
{
    (void)version;
    (void)upload;
    (void)upload_size;
    if (*state == NULL && !has_body(connection)) {
        *state = cls; /* anything but NULL: seen */
        return MHD_YES;
    }
    return answer_request(cls, connection, url, method);
}

/* ---- in the loop ---- */

static void on_timer(uv_timer_t *timer);

static unsigned connections(struct co_http *http)
{
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return info != NULL ? info->num_connections : 0;
}

/* Lets microhttpd do what is due, then wakes up when it next wants to look at its clocks. At its
 * limit of connections it stops to listen, and only looks at its next run, for which it asks
 * nobody, whether there is room again. */
static void turn(struct co_http *http)
{
    MHD_UNSIGNED_LONG_LONG wait_ms;
    unsigned before = connections(http);
    MHD_run(http->daemon);
    if (connections(http) < before)
        MHD_run(http->daemon);
    if (MHD_get_timeout(http->daemon, &wait_ms) == MHD_YES)
        uv_timer_start(&http->timer, on_timer, wait_ms, 0);
    else
        uv_timer_stop(&http->timer);
}

static void on_timer(uv_timer_t *timer)
{
    turn(timer->data);
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    (void)status;
    (void)events;
    turn(poll->data);
}

/* ---- life ---- */

bool co_http_address(const char *listen, struct sockaddr_storage *ret_address)
{
    char host[64];
    const char *colon = strrchr(listen, ':');
    size_t len = colon != NULL ? (size_t)(colon - listen) : 0;
    if (len == 0 || len >= sizeof(host))
        return false;
    size_t digits = strspn(colon + 1, "0123456789");
    if (digits < 1 || digits > 5 || colon[1 + digits] != '\0' || atoi(colon + 1) > 65535)
        return false;
    bool is_v6 = listen[0] == '[' && listen[len - 1] == ']';
    size_t skip = is_v6 ? 1 : 0;
    memcpy(host, listen + skip, len - 2 * skip);
    host[len - 2 * skip] = '\0';
    memset(ret_address, 0, sizeof(*ret_address));
    int rc = is_v6 ? uv_ip6_addr(host, atoi(colon + 1), (struct sockaddr_in6 *)ret_address)
                   : uv_ip4_addr(host, atoi(colon + 1), (struct sockaddr_in *)ret_address);
    return rc == 0;
}

static struct MHD_Daemon *start_daemon(struct co_http *http, struct sockaddr_storage *address)
{
    unsigned flags = MHD_USE_EPOLL; /* no thread of its own */
    if (address->ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, http, MHD_OPTION_SOCK_ADDR, address,
                            MHD_OPTION_CONNECTION_LIMIT, http->options.connection_limit,
                            MHD_OPTION_CONNECTION_TIMEOUT, http->options.idle_s,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
                            MHD_OPTION_END);
}

static void free_when_last(uv_handle_t *handle)
{
    struct co_http *http = handle->data;
    if (--http->open_handles > 0)
        return;
    if (http->on_closed != NULL)
        http->on_closed(http->closed_ctx);
    free(http);
}

static enum co_err start(uv_loop_t *loop, struct co_http *http, struct sockaddr_storage *address,
                         struct co_why *why)
{
    errno = 0;
    http->daemon = start_daemon(http, address);
    if (http->daemon == NULL) {
        co_why_set(why, "cannot listen at %s: %s", http->options.listen,
                   errno != 0 ? strerror(errno) : "libmicrohttpd refuses");
        return CO_EDOWN;
    }
    const union MHD_DaemonInfo *epoll = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    const union MHD_DaemonInfo *bound =
        MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT);
    if (epoll == NULL || bound == NULL || uv_poll_init(loop, &http->poll, epoll->epoll_fd) != 0) {
        co_why_set(why, "libmicrohttpd cannot be polled");
        MHD_stop_daemon(http->daemon);
        return CO_EDOWN;
    }
    http->port = bound->port;
    return CO_OK;
}

enum co_err co_http_open(uv_loop_t *loop, const struct co_http_options *options,
                         struct co_http **ret_http, struct co_why *why)
{
    struct sockaddr_storage address;
    if (!co_http_address(options->listen, &address)) {
        co_why_set(why, "\"%s\" is not an address to listen at; allowed: IPV4:PORT, [IPV6]:PORT",
                   options->listen);
        return CO_EINPUT;
    }
    struct co_http *http = calloc(1, sizeof(*http));
    if (http == NULL) {
        co_why_set(why, "no memory for the probe port");
        return CO_ENOMEM;
    }
    http->options = *options;
    if (http->options.connection_limit == 0)
        http->options.connection_limit = CONNECTIONS;
    if (http->options.idle_s == 0)
        http->options.idle_s = IDLE_S;
    enum co_err err = start(loop, http, &address, why);
    if (err != CO_OK) {
        free(http);
        return err;
    }
    uv_timer_init(loop, &http->timer);
    http->poll.data = http;
    http->timer.data = http;
    http->open_handles = HANDLES;
    uv_poll_start(&http->poll, UV_READABLE, on_poll);
    *ret_http = http;
    return CO_OK;
}

uint16_t co_http_port(const struct co_http *http)
{
    return http->port;
}

void co_http_close(struct co_http *http, void (*on_closed)(void *ctx), void *ctx)
{
    if (http == NULL)
        return;
    http->on_closed = on_closed;
    http->closed_ctx = ctx;
    uv_poll_stop(&http->poll); /* before microhttpd closes the descriptor */
    uv_close((uv_handle_t *)&http->poll, free_when_last);
    uv_close((uv_handle_t *)&http->timer, free_when_last);
    MHD_stop_daemon(http->daemon);
}
