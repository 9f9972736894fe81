#include "co_zsock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "co_assert.h"
#include "co_zsock_internal.h"

enum { HANDLES = 3 };

struct co_zsock {
    uv_check_t check;
    uv_idle_t idle; /* runs as long as the loop must not sleep */
    uv_poll_t poll;
    void *socket; /* NULL once closing */
    void *ctx;
    co_zsock_message_fn *on_message;
    co_zsock_refused_fn *on_refused;
    size_t frame_limit;
    uint64_t message_limit_bytes;
    bool is_paused;
    bool is_due; /* something may be there to read: the descriptor said so, or a call to libzmq may have taken its word */
    unsigned open_handles;
    void (*on_closed)(void *ctx);
    void *closed_ctx;
    struct co_zsock_counts counts;
    char endpoint[CO_ZSOCK_ENDPOINT];
};

/* ---- receiving ---- */

static void do_not_sleep(uv_idle_t *idle)
{
    (void)idle;
}

/* An idle handle makes the loop poll without waiting; the check phase then reads. Any call to libzmq may have swallowed the
 * change that the descriptor would have told of; asking at once would cost a system call each time, for each reply of a group. */
static void look_soon(struct co_zsock *z)
{
    if (z->socket == NULL)
        return; /* closing */
    z->is_due = true;
    (void)uv_idle_start(&z->idle, do_not_sleep);
}

/* The descriptor only ends the loop's sleep; what it means is found out by reading. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct co_zsock *z = poll->data;
    (void)status;
    (void)events;
    z->is_due = true;
}

static bool has_reader(const struct co_zsock *z)
{
    return z->socket != NULL && !z->is_paused && z->on_message != NULL;
}

/* Only asking for ZMQ_EVENTS, or reading to the end, quiets the descriptor, which would otherwise keep the loop awake for ever. */
static void quiet(struct co_zsock *z)
{
    int events = 0;
    size_t size = sizeof(events);
    if (z->socket != NULL)
        (void)zmq_getsockopt(z->socket, ZMQ_EVENTS, &events, &size);
}

static void close_frames(zmq_msg_t *frames, size_t count)
{
    for (size_t i = 0; i < count; i++)
        zmq_msg_close(&frames[i]);
}

/* Receives one message. Keeps the first frame_limit frames; the rest is closed as it comes. False
 * when there is none, or the socket is failing: nothing is kept then. */
static bool receive(struct co_zsock *z, struct co_zsock_refused *got)
{
    bool has_more = true;
    *got = (struct co_zsock_refused){ .frames = got->frames };
    while (has_more) {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        int rc = zmq_msg_recv(&frame, z->socket, ZMQ_DONTWAIT);
        if (rc < 0 && errno == EINTR)
            continue;
        if (rc < 0) {
            zmq_msg_close(&frame);
            close_frames(got->frames, got->kept);
            return false;
        }
        has_more = zmq_msg_more(&frame) != 0;
        got->frame_count++;
        got->bytes += zmq_msg_size(&frame);
        if (got->kept < z->frame_limit) {
            zmq_msg_init(&got->frames[got->kept]);
            zmq_msg_move(&got->frames[got->kept++], &frame);
        }
        zmq_msg_close(&frame);
    }
    return true;
}

static void hand_on(struct co_zsock *z, const struct co_zsock_refused *got)
{
    if (got->frame_count <= z->frame_limit && got->bytes <= z->message_limit_bytes) {
        z->counts.received++;
        z->on_message(z->ctx, z, got->frames, got->kept);
        return;
    }
    z->counts.refused++;
    if (z->on_refused != NULL)
        z->on_refused(z->ctx, z, got);
}

/* True: read to the end, so that the next message changes the descriptor. The memory outlives the loop over messages even when
 * a callback closes the socket: it is freed in a later phase of the turn. */
static bool read_turn(struct co_zsock *z)
{
    zmq_msg_t frames[CO_ZSOCK_FRAMES];
    struct co_zsock_refused got = { .frames = frames };
    for (int i = 0; i < CO_ZSOCK_TURN; i++) {
        if (!has_reader(z)) {
            quiet(z);
            return true;
        }
        if (!receive(z, &got))
            return true;
        hand_on(z, &got);
        close_frames(got.frames, got.kept);
    }
    return false;
}

static void after_poll(uv_check_t *check)
{
    struct co_zsock *z = check->data;
    if (!z->is_due)
        return;
    if (!read_turn(z)) {
        look_soon(z);
        return;
    }
    z->is_due = false;
    (void)uv_idle_stop(&z->idle);
}

void co_zsock_pause(struct co_zsock *z)
{
    z->is_paused = true;
}

void co_zsock_resume(struct co_zsock *z)
{
    z->is_paused = false;
    look_soon(z);
}

/* ---- life ---- */

static void free_when_last(uv_handle_t *handle)
{
    struct co_zsock *z = handle->data;
    if (--z->open_handles > 0)
        return;
    void (*on_closed)(void *ctx) = z->on_closed;
    void *ctx = z->closed_ctx;
    free(z);
    if (on_closed != NULL)
        on_closed(ctx);
}

/* From here on only co_zsock_close() may free z. */
static void start_handles(uv_loop_t *loop, struct co_zsock *z)
{
    uv_check_init(loop, &z->check);
    uv_idle_init(loop, &z->idle);
    z->check.data = z;
    z->idle.data = z;
    z->poll.data = z;
    z->open_handles = HANDLES;
    uv_check_start(&z->check, after_poll);
    uv_poll_start(&z->poll, UV_READABLE, on_poll);
    look_soon(z);
}

static enum co_err poll_socket(uv_loop_t *loop, struct co_zsock *z, struct co_why *why)
{
    int fd = -1;
    size_t size = sizeof(fd);
    int rc = zmq_getsockopt(z->socket, ZMQ_FD, &fd, &size) == 0 ? uv_poll_init(loop, &z->poll, fd)
                                                                : UV_EINVAL;
    if (rc == 0)
        return CO_OK;
    co_why_set(why, "the socket cannot be polled: %s", uv_strerror(rc));
    return CO_EDOWN;
}

enum co_err co_zsock_open(uv_loop_t *loop, void *zmq, const struct co_zsock_options *options,
                          struct co_zsock **ret_z, struct co_why *why)
{
    struct co_zsock *z = calloc(1, sizeof(*z));
    if (z == NULL) {
        co_why_set(why, "no memory for a socket");
        return CO_ENOMEM;
    }
    z->socket = zmq_socket(zmq, options->type);
    z->ctx = options->ctx;
    z->on_message = options->on_message;
    z->on_refused = options->on_refused;
    z->frame_limit = options->frame_limit;
    z->message_limit_bytes = options->message_limit_bytes;
    enum co_err err = CO_EDOWN;
    if (z->socket == NULL)
        co_why_set(why, "no socket: %s", zmq_strerror(errno));
    else
        err = co_zsock_set_options(z->socket, options, why);
    if (err == CO_OK)
        err = poll_socket(loop, z, why);
    if (err != CO_OK) {
        if (z->socket != NULL)
            zmq_close(z->socket);
        free(z);
        return err;
    }
    start_handles(loop, z);
    *ret_z = z;
    return CO_OK;
}

void co_zsock_close(struct co_zsock *z, void (*on_closed)(void *ctx), void *ctx)
{
    if (z == NULL)
        return;
    co_assert(z->socket != NULL); /* not closed twice */
    z->on_closed = on_closed;
    z->closed_ctx = ctx;
    uv_poll_stop(&z->poll); /* before libzmq closes the descriptor */
    uv_close((uv_handle_t *)&z->poll, free_when_last);
    uv_close((uv_handle_t *)&z->check, free_when_last);
    uv_close((uv_handle_t *)&z->idle, free_when_last);
    zmq_close(z->socket);
    z->socket = NULL;
}

void *co_zsock_raw(struct co_zsock *z)
{
    return z->socket;
}

struct co_zsock_counts co_zsock_counts(const struct co_zsock *z)
{
    return z->counts;
}

/* ---- endpoints ---- */

/* libzmq would take the path of another process away from it. */
static bool is_taken(const char *endpoint)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (strncmp(endpoint, "ipc://", 6) != 0 || strlen(endpoint + 6) >= sizeof(address.sun_path))
        return false;
    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", endpoint + 6);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool taken = fd >= 0 && (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 || errno == EAGAIN);
    if (fd >= 0)
        (void)close(fd);
    return taken;
}

enum co_err co_zsock_bind(struct co_zsock *z, const char *endpoint, struct co_why *why)
{
    if (is_taken(endpoint)) {
        co_why_set(why, "cannot listen at %s: %s", endpoint, strerror(EADDRINUSE));
        return CO_EDOWN;
    }
    if (zmq_bind(z->socket, endpoint) != 0) {
        int cause = errno;
        co_why_set(why, "cannot listen at %s: %s", endpoint, zmq_strerror(cause));
        return cause == EINVAL || cause == EPROTONOSUPPORT ? CO_EINPUT : CO_EDOWN;
    }
    size_t size = sizeof(z->endpoint);
    if (zmq_getsockopt(z->socket, ZMQ_LAST_ENDPOINT, z->endpoint, &size) != 0)
        z->endpoint[0] = '\0'; /* longer than any we accept */
    look_soon(z);
    return CO_OK;
}

enum co_err co_zsock_connect(struct co_zsock *z, const char *endpoint, struct co_why *why)
{
    if (zmq_connect(z->socket, endpoint) != 0) {
        co_why_set(why, "cannot connect to %s: %s", endpoint, zmq_strerror(errno));
        return CO_EINPUT;
    }
    look_soon(z);
    return CO_OK;
}

const char *co_zsock_endpoint(const struct co_zsock *z)
{
    return z->endpoint;
}

static enum co_err topic(struct co_zsock *z, int option, const void *bytes, size_t len)
{
    int rc = zmq_setsockopt(z->socket, option, bytes, len);
    look_soon(z);
    return rc == 0 ? CO_OK : CO_EDOWN;
}

enum co_err co_zsock_subscribe(struct co_zsock *z, const void *bytes, size_t len)
{
    return topic(z, ZMQ_SUBSCRIBE, bytes, len);
}

enum co_err co_zsock_unsubscribe(struct co_zsock *z, const void *bytes, size_t len)
{
    return topic(z, ZMQ_UNSUBSCRIBE, bytes, len);
}

/* ---- sending ---- */

/* EAGAIN: queue full or nobody there; EHOSTUNREACH: a ROUTER does not know that peer. */
static enum co_err send_error(struct co_zsock *z)
{
    if (errno == ENOMEM)
        return CO_ENOMEM;
    if (errno != EAGAIN && errno != EHOSTUNREACH)
        return CO_EDOWN;
    z->counts.full++;
    return CO_EFULL;
}

/* Once the first frame is taken the rest follows without waiting, unless the peer leaves in
 * between: then libzmq must still be given the rest, which it drops, so that the next message does
 * not look like part of this one. */
static enum co_err send_frames(struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; i < count; i++) {
        int flags = ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0);
        int rc;
        do
            rc = zmq_msg_send(&frames[i], z->socket, flags);
        while (rc < 0 && errno == EINTR);
        if (rc < 0 && err == CO_OK)
            err = send_error(z);
        if (rc < 0 && i == 0)
            break;
    }
    return err;
}

enum co_err co_zsock_send_messages(struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    co_assert(count >= 1 && count <= CO_ZSOCK_FRAMES);
    enum co_err err = z->socket != NULL ? send_frames(z, frames, count) : CO_EDOWN;
    close_frames(frames, count);
    z->counts.sent += err == CO_OK;
    look_soon(z);
    return err;
}

enum co_err co_zsock_send(struct co_zsock *z, const struct co_frame *frames, size_t count)
{
    zmq_msg_t messages[CO_ZSOCK_FRAMES];
    co_assert(count >= 1 && count <= CO_ZSOCK_FRAMES);
    for (size_t i = 0; i < count; i++) {
        if (zmq_msg_init_size(&messages[i], frames[i].len) != 0) {
            close_frames(messages, i);
            return CO_ENOMEM;
        }
        if (frames[i].len > 0)
            memcpy(zmq_msg_data(&messages[i]), frames[i].data, frames[i].len);
    }
    return co_zsock_send_messages(z, messages, count);
}

const char *co_zsock_user(zmq_msg_t *frames, size_t count)
{
    co_assert(count >= 1);
    return zmq_msg_gets(&frames[count - 1], "User-Id");
}
