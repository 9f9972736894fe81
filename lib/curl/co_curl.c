#include "co_curl.h"

#include <stdbool.h>
#include <stdlib.h>

#include "co_assert.h"

struct co_curl {
    uv_loop_t *loop;
    uv_timer_t timer;
    CURLM *multi;
    co_curl_done *done;
    void *arg;
    size_t handles; /* of libuv, not closed yet */
    bool is_closing;
};

struct watch {
    uv_poll_t poll;
    struct co_curl *c;
    curl_socket_t fd;
};

enum { IDLE_CONNECTIONS = 64 };

static void tell_ended(struct co_curl *c)
{
    CURLMsg *msg;
    int left;
    while (!c->is_closing && (msg = curl_multi_info_read(c->multi, &left)) != NULL) {
        CURL *easy = msg->easy_handle;
        CURLcode code = msg->data.result;
        c->done(c->arg, easy, code);
    }
}

static void act(struct co_curl *c, curl_socket_t fd, int events)
{
    int running;
    (void)curl_multi_socket_action(c->multi, fd, events, &running);
    tell_ended(c);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    const struct watch *w = poll->data;
    int flags = status < 0 ? CURL_CSELECT_ERR : 0;
    flags |= (events & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0;
    flags |= (events & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0;
    act(w->c, w->fd, flags);
}

static void on_time(uv_timer_t *timer)
{
    act(timer->data, CURL_SOCKET_TIMEOUT, 0);
}

static void free_when_last(struct co_curl *c)
{
    if (--c->handles == 0)
        free(c);
}

static void on_watch_closed(uv_handle_t *handle)
{
    struct watch *w = handle->data;
    struct co_curl *c = w->c;
    free(w);
    free_when_last(c);
}

static void on_timer_closed(uv_handle_t *handle)
{
    free_when_last(handle->data);
}

static struct watch *watch_new(struct co_curl *c, curl_socket_t fd)
{
    struct watch *w = calloc(1, sizeof(*w));
    if (w == NULL)
        return NULL;
    w->c = c;
    w->fd = fd;
    if (uv_poll_init_socket(c->loop, &w->poll, fd) != 0) {
        free(w);
        return NULL;
    }
    w->poll.data = w;
    c->handles++;
    (void)curl_multi_assign(c->multi, fd, w);
    return w;
}

/* curl says what it waits for on a descriptor; it closes one only after CURL_POLL_REMOVE. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
    struct co_curl *c = arg;
    struct watch *w = socket_arg;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (w != NULL) {
            (void)curl_multi_assign(c->multi, fd, NULL);
            uv_close((uv_handle_t *)&w->poll, on_watch_closed);
        }
        return 0;
    }
    if (w == NULL && (w = watch_new(c, fd)) == NULL)
        return -1;
    int events = (what & CURL_POLL_IN) != 0 ? UV_READABLE : 0;
    events |= (what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0;
    return uv_poll_start(&w->poll, events, on_ready) == 0 ? 0 : -1;
}

static int on_timeout_wanted(CURLM *multi, long timeout_ms, void *arg)
{
    struct co_curl *c = arg;
    (void)multi;
    if (timeout_ms < 0)
        return uv_timer_stop(&c->timer);
    uv_update_time(c->loop);
    return uv_timer_start(&c->timer, on_time, (uint64_t)timeout_ms, 0);
}

struct co_curl *co_curl_new(uv_loop_t *loop, co_curl_done *done, void *arg)
{
    struct co_curl *c = calloc(1, sizeof(*c));
    CURLM *multi = curl_multi_init();
    if (c == NULL || multi == NULL) {
        free(c);
        (void)curl_multi_cleanup(multi);
        return NULL;
    }
    *c = (struct co_curl){ .loop = loop, .multi = multi, .done = done, .arg = arg };
    c->handles = 1;
    (void)uv_timer_init(loop, &c->timer);
    c->timer.data = c;
    (void)curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    (void)curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, c);
    (void)curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timeout_wanted);
    (void)curl_multi_setopt(multi, CURLMOPT_TIMERDATA, c);
    (void)curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)IDLE_CONNECTIONS);
    return c;
}

enum co_err co_curl_add(struct co_curl *c, CURL *easy)
{
    co_assert(!c->is_closing);
    return curl_multi_add_handle(c->multi, easy) == CURLM_OK ? CO_OK : CO_ENOMEM;
}

void co_curl_remove(struct co_curl *c, CURL *easy)
{
    (void)curl_multi_remove_handle(c->multi, easy);
}

void co_curl_close(struct co_curl *c)
{
    c->is_closing = true;
    (void)curl_multi_cleanup(c->multi);
    uv_close((uv_handle_t *)&c->timer, on_timer_closed);
}
