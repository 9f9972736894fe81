#include "co_probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "co_clock.h"
#include "co_http.h"

enum { ANSWER_LIMIT = 64 * 1024 };

struct probe {
    int fd;
    int64_t end_mono_us;
    char answer[ANSWER_LIMIT];
    size_t len;
};

/* Whoever listens everywhere is asked here. */
static socklen_t aim(struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET6) {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
        if (IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr))
            v6->sin6_addr = in6addr_loopback;
        return sizeof(*v6);
    }
    struct sockaddr_in *v4 = (struct sockaddr_in *)address;
    if (v4->sin_addr.s_addr == htonl(INADDR_ANY))
        v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof(*v4);
}

static uint16_t port_of(const struct sockaddr_storage *address)
{
    return ntohs(address->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)address)->sin6_port
                                                : ((const struct sockaddr_in *)address)->sin_port);
}

/* False: not in time. */
static bool wait_for(const struct probe *p, short events)
{
    int64_t left_us = p->end_mono_us - co_mono_us();
    struct pollfd fd = { .fd = p->fd, .events = events };
    errno = ETIMEDOUT;
    return left_us > 0 && poll(&fd, 1, (int)((left_us + 999) / 1000)) == 1;
}

static bool connect_to(struct probe *p, const struct sockaddr_storage *address, socklen_t size)
{
    int failure = 0;
    socklen_t failure_size = sizeof(failure);
    p->fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (p->fd < 0)
        return false;
    if (connect(p->fd, (const struct sockaddr *)address, size) == 0)
        return true;
    if (errno != EINPROGRESS || !wait_for(p, POLLOUT) ||
        getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &failure, &failure_size) != 0)
        return false;
    errno = failure;
    return failure == 0;
}

/* Reads until the other side closes. */
static bool ask(struct probe *p, const char *path)
{
    char request[256];
    int length = snprintf(request, sizeof(request),
                          "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
    if (send(p->fd, request, (size_t)length, MSG_NOSIGNAL) != length)
        return false;
    while (p->len < sizeof(p->answer) - 1) {
        if (!wait_for(p, POLLIN))
            return false;
        ssize_t got = recv(p->fd, p->answer + p->len, sizeof(p->answer) - 1 - p->len, 0);
        if (got == 0)
            return true;
        if (got > 0)
            p->len += (size_t)got;
        else if (errno != EAGAIN && errno != EINTR)
            return false;
    }
    errno = EMSGSIZE;
    return false;
}

/* The status of the answer, 0 when it is none; *ret_body is in it. */
static int read_answer(const struct probe *p, const char **ret_body)
{
    const char *end = strstr(p->answer, "\r\n\r\n");
    if (strncmp(p->answer, "HTTP/1.1 ", 9) != 0 || end == NULL)
        return 0;
    *ret_body = end + 4;
    return atoi(p->answer + 9);
}

static enum co_err run(struct probe *p, const struct sockaddr_storage *address, socklen_t size,
                       const char *path, const char **ret_body, const char **ret_failure)
{
    if (!connect_to(p, address, size) || !ask(p, path)) {
        *ret_failure = strerror(errno);
        return CO_EDOWN;
    }
    int status = read_answer(p, ret_body);
    *ret_failure = "it does not answer in HTTP";
    return status == 200 ? CO_OK : status == 0 ? CO_EDOWN : CO_EAGAIN;
}

enum co_err co_probe(const char *address, const char *path, int limit_ms, struct co_buf *body,
                     struct co_why *why)
{
    struct sockaddr_storage to;
    if (!co_http_address(address, &to) || port_of(&to) == 0) {
        co_why_set(
            why,
            "\"%s\" cannot be asked; allowed: IPV4:PORT, [IPV6]:PORT, with a port other than 0",
            address);
        return CO_EINPUT;
    }
    struct probe *p = calloc(1, sizeof(*p));
    if (p == NULL) {
        co_why_set(why, "no memory");
        return CO_ENOMEM;
    }
    p->fd = -1;
    p->end_mono_us = co_mono_us() + limit_ms * INT64_C(1000);
    const char *text = "";
    const char *failure = "";
    socklen_t size = aim(&to);
    enum co_err err = run(p, &to, size, path, &text, &failure);
    (void)co_buf_append_text(body, text);
    if (err == CO_EDOWN)
        co_why_set(why, "%s at %s: %s", path, address, failure);
    if (p->fd >= 0)
        (void)close(p->fd);
    free(p);
    return err;
}
