#include "co_http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check_main.h"
#include "loop_fixture.h"

static struct co_why why;
static struct co_metrics *metrics;
static struct co_http *http;
static bool is_up = true;
static bool is_http_closed;

static bool is_ready(void *ctx, struct co_buf *reasons)
{
    (void)ctx;
    if (!is_up)
        co_buf_append_text(reasons, "database: connection refused\nregistry: not loaded\n");
    return is_up;
}

static void closed(void *ctx)
{
    (void)ctx;
    is_http_closed = true;
}

static struct co_http *opened(struct co_http_options options)
{
    struct co_http *h = NULL;
    options.metrics = metrics;
    options.is_ready = is_ready;
    ck_assert_msg(co_http_open(&loop, &options, &h, &why) == CO_OK, "%s", why.text);
    return h;
}

static void open_http(struct co_http_options options)
{
    static const struct co_metric table[] = {
        { .name = "callout_probes_total", .help = "Probes.", .type = CO_METRIC_COUNTER }
    };
    open_loop();
    metrics = co_metrics_new();
    ck_assert_ptr_nonnull(co_metrics_add(metrics, table, 1));
    options.listen = "127.0.0.1:0";
    http = opened(options);
}

static void close_http(void)
{
    co_http_close(http, closed, NULL);
    close_loop();
    ck_assert(is_http_closed);
    co_metrics_free(metrics);
}

/* A client with a socket of its own, read as the loop turns. */
struct client {
    int fd;
    size_t len;
    bool is_over;
    char text[65536];
};

static struct client client_of(int family, uint16_t port, const char *request)
{
    struct client client = { .fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    struct sockaddr_in v4 = { .sin_family = AF_INET,
                              .sin_port = htons(port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6,
                               .sin6_port = htons(port),
                               .sin6_addr = in6addr_loopback };
    int rc = family == AF_INET ? connect(client.fd, (struct sockaddr *)&v4, sizeof(v4))
                               : connect(client.fd, (struct sockaddr *)&v6, sizeof(v6));
    ck_assert_int_eq(rc, 0);
    if (request != NULL)
        ck_assert_int_eq((int)send(client.fd, request, strlen(request), MSG_NOSIGNAL),
                         (int)strlen(request));
    return client;
}

static bool is_over(void *ctx)
{
    struct client *client = ctx;
    ssize_t got = recv(client->fd, client->text + client->len,
                       sizeof(client->text) - 1 - client->len, MSG_DONTWAIT);
    if (got > 0)
        client->len += (size_t)got;
    client->text[client->len] = '\0';
    client->is_over = got == 0 || (got < 0 && errno != EAGAIN);
    return client->is_over;
}

static void nudge(uv_timer_t *timer)
{
    (void)timer; /* the clients are outside the loop: let run_until look again */
}

static const char *fetched(struct client *client)
{
    uv_timer_t timer;
    uv_timer_init(&loop, &timer);
    uv_timer_start(&timer, nudge, 5, 5);
    run_until(is_over, client, "the end of the answer");
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&loop, UV_RUN_NOWAIT);
    close(client->fd);
    return client->text;
}

static const char *get(const char *request_line)
{
    static struct client client;
    char request[512];
    snprintf(request, sizeof(request), "%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
             request_line);
    client = client_of(AF_INET, co_http_port(http), request);
    return fetched(&client);
}

static bool begins(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

START_TEST(alive_is_said_without_asking_anybody)
{
    open_http((struct co_http_options){ 0 });
    is_up = false;
    const char *got = get("GET /livez");
    ck_assert_msg(begins(got, "HTTP/1.1 200 "), "%s", got);
    ck_assert_ptr_nonnull(strstr(got, "\r\n\r\nok\n"));
    close_http();
}
END_TEST

START_TEST(not_ready_is_503_with_the_reasons)
{
    open_http((struct co_http_options){ 0 });
    const char *got = get("GET /readyz");
    ck_assert_msg(begins(got, "HTTP/1.1 200 "), "%s", got);
    ck_assert_ptr_nonnull(strstr(got, "\r\n\r\nready\n"));
    is_up = false;
    got = get("GET /readyz");
    ck_assert_msg(begins(got, "HTTP/1.1 503 "), "%s", got);
    ck_assert_ptr_nonnull(strstr(got, "\r\n\r\nnot ready\ndatabase: connection refused\n"
                                      "registry: not loaded\n"));
    close_http();
}
END_TEST

START_TEST(metrics_come_as_prometheus_wants_them)
{
    open_http((struct co_http_options){ 0 });
    const char *got = get("GET /metrics?x=1");
    ck_assert_msg(begins(got, "HTTP/1.1 200 "), "%s", got);
    ck_assert_ptr_nonnull(
        strstr(got, "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
    ck_assert_ptr_nonnull(strstr(got, "\ncallout_probes_total 0\n"));
    close_http();
}
END_TEST

START_TEST(other_paths_and_methods_are_refused)
{
    open_http((struct co_http_options){ 0 });
    const char *got = get("GET /admin");
    ck_assert_msg(begins(got, "HTTP/1.1 404 "), "%s", got);
    ck_assert_ptr_nonnull(strstr(got, "/livez /readyz /metrics\n"));
    got = get("DELETE /livez");
    ck_assert_msg(begins(got, "HTTP/1.1 405 "), "%s", got);
    got = get("HEAD /livez");
    ck_assert_msg(begins(got, "HTTP/1.1 200 "), "%s", got);
    ck_assert_ptr_null(strstr(got, "ok\n"));
    close_http();
}
END_TEST

START_TEST(a_connection_serves_several_requests)
{
    open_http((struct co_http_options){ 0 });
    struct client client = client_of(AF_INET, co_http_port(http),
                                     "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
                                     "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    const char *first = strstr(fetched(&client), "\r\n\r\nok\n");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_nonnull(strstr(first + 1, "\r\n\r\nok\n"));
    close_http();
}
END_TEST

START_TEST(a_body_is_not_waited_for)
{
    open_http((struct co_http_options){ 0 });
    struct client client =
        client_of(AF_INET, co_http_port(http),
                  "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n");
    const char *got = fetched(&client);
    ck_assert_msg(begins(got, "HTTP/1.1 405 "), "%s", got);
    close_http();
}
END_TEST

START_TEST(nonsense_is_answered_or_cut_and_the_next_is_served)
{
    static char long_request[40000];
    snprintf(long_request, sizeof(long_request), "GET /%039000d", 0);
    const char *const junk[] = { "\r\n\r\n\r\n\x01\x02\r\n\r\n", "GET\r\n\r\n",
                                 "GET /livez HTTP/9.9\r\n\r\n",
                                 "GET /livez HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                                 long_request };
    open_http((struct co_http_options){ .idle_s = 1 });
    for (size_t i = 0; i < sizeof(junk) / sizeof(junk[0]); i++) {
        struct client client = client_of(AF_INET, co_http_port(http), junk[i]);
        ck_assert_msg(!begins(fetched(&client), "HTTP/1.1 200 "), "case %zu", i);
    }
    ck_assert(begins(get("GET /livez"), "HTTP/1.1 200 "));
    close_http();
}
END_TEST

START_TEST(a_silent_connection_is_closed_and_makes_room)
{
    open_http((struct co_http_options){ .connection_limit = 2, .idle_s = 1 });
    struct client silent[2];
    for (int i = 0; i < 2; i++)
        silent[i] = client_of(AF_INET, co_http_port(http), NULL);
    ck_assert(begins(get("GET /livez"), "HTTP/1.1 200 "));
    for (int i = 0; i < 2; i++)
        ck_assert_str_eq(fetched(&silent[i]), "");
    close_http();
}
END_TEST

START_TEST(an_open_connection_does_not_hold_up_the_end)
{
    open_http((struct co_http_options){ 0 });
    struct client silent = client_of(AF_INET, co_http_port(http), "GET /li");
    ck_assert(begins(get("GET /livez"), "HTTP/1.1 200 "));
    close_http();
    close(silent.fd);
}
END_TEST

START_TEST(an_address_that_cannot_be_used_is_named)
{
    struct co_http *second = NULL;
    char taken[32];
    open_http((struct co_http_options){ 0 });
    snprintf(taken, sizeof(taken), "127.0.0.1:%u", (unsigned)co_http_port(http));
    struct co_http_options options = { .listen = taken, .metrics = metrics, .is_ready = is_ready };
    ck_assert_int_eq(co_http_open(&loop, &options, &second, &why), CO_EDOWN);
    ck_assert_ptr_nonnull(strstr(why.text, taken));
    static const char *const bad[] = { "",
                                       "80",
                                       "localhost:80",
                                       "127.0.0.1:",
                                       "127.0.0.1:65536",
                                       "[::1:80",
                                       "127.0.0.1:80x",
                                       "1.2.3:80" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        options.listen = bad[i];
        ck_assert_msg(co_http_open(&loop, &options, &second, &why) == CO_EINPUT, "%s", bad[i]);
    }
    close_http();
}
END_TEST

CHECK_MAIN("co_http", alive_is_said_without_asking_anybody, not_ready_is_503_with_the_reasons,
           metrics_come_as_prometheus_wants_them, other_paths_and_methods_are_refused,
           a_connection_serves_several_requests, a_body_is_not_waited_for,
           nonsense_is_answered_or_cut_and_the_next_is_served,
           a_silent_connection_is_closed_and_makes_room,
           an_open_connection_does_not_hold_up_the_end, an_address_that_cannot_be_used_is_named)
