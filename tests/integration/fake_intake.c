#include "fake_intake.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "co_assert.h"

struct fake_intake {
    void *context;
    void *router;
    void *zap;
    void *control[2]; /* ours, the thread's */
    pthread_t thread;
    struct co_keys keys;
    char allowed[CO_KEY_TEXT];
    char endpoint[256];
    fake_answer *answer;
    void *arg;
    unsigned asked;
};

static void need(bool is_true)
{
    if (!is_true)
        abort();
}

static void listen_at(struct fake_intake *f, const char *where)
{
    int yes = 1, no = 0;
    f->router = zmq_socket(f->context, ZMQ_ROUTER);
    need(zmq_setsockopt(f->router, ZMQ_CURVE_SERVER, &yes, sizeof(yes)) == 0);
    need(zmq_setsockopt(f->router, ZMQ_LINGER, &no, sizeof(no)) == 0);
    need(zmq_setsockopt(f->router, ZMQ_CURVE_SECRETKEY, f->keys.secret_text, CO_KEY_TEXT) == 0);
    need(zmq_setsockopt(f->router, ZMQ_ZAP_DOMAIN, "test", 4) == 0);
    for (int i = 0; zmq_bind(f->router, where) != 0; i++) {
        need(i < 100); /* the place is free only when libzmq has closed it */
        zmq_poll(NULL, 0, 20);
    }
    size_t size = sizeof(f->endpoint);
    need(zmq_getsockopt(f->router, ZMQ_LAST_ENDPOINT, f->endpoint, &size) == 0);
}

static int read_frames(void *socket, zmq_msg_t *frames, int max)
{
    int n = 0;
    do {
        need(n < max);
        (void)zmq_msg_init(&frames[n]);
        need(zmq_msg_recv(&frames[n], socket, 0) >= 0);
    } while (zmq_msg_more(&frames[n++]));
    return n;
}

/* version, request id, domain, address, identity, mechanism, key */
static void judge(struct fake_intake *f)
{
    enum { FRAMES = 7, ID = 1, KEY = 6 };
    zmq_msg_t frames[FRAMES];
    int n = read_frames(f->zap, frames, FRAMES);
    need(n == FRAMES);
    char key[CO_KEY_TEXT];
    co_keys_encode(zmq_msg_data(&frames[KEY]), key);
    bool is_fine = f->allowed[0] == '\0' || strcmp(key, f->allowed) == 0;
    (void)zmq_send(f->zap, "1.0", 3, ZMQ_SNDMORE);
    (void)zmq_send(f->zap, zmq_msg_data(&frames[ID]), zmq_msg_size(&frames[ID]), ZMQ_SNDMORE);
    (void)zmq_send(f->zap, is_fine ? "200" : "400", 3, ZMQ_SNDMORE);
    (void)zmq_send(f->zap, "", 0, ZMQ_SNDMORE);
    (void)zmq_send(f->zap, "user", 4, ZMQ_SNDMORE);
    (void)zmq_send(f->zap, "", 0, 0);
    for (int i = 0; i < n; i++)
        (void)zmq_msg_close(&frames[i]);
}

static void answer(struct fake_intake *f)
{
    enum { FRAMES = 2 };
    zmq_msg_t frames[FRAMES];
    int n = read_frames(f->router, frames, FRAMES);
    Callout__V1__Request *request = callout__v1__request__unpack(NULL, zmq_msg_size(&frames[n - 1]),
                                                                 zmq_msg_data(&frames[n - 1]));
    need(request != NULL);
    Callout__V1__Reply reply = CALLOUT__V1__REPLY__INIT;
    reply.request_id = request->request_id;
    if (f->answer(f->arg, ++f->asked, request, &reply)) {
        size_t size = callout__v1__reply__get_packed_size(&reply);
        uint8_t *packed = malloc(size + 1);
        need(packed != NULL);
        (void)callout__v1__reply__pack(&reply, packed);
        (void)zmq_msg_send(&frames[0], f->router, ZMQ_SNDMORE);
        (void)zmq_send(f->router, packed, size, 0);
        free(packed);
    }
    callout__v1__request__free_unpacked(request, NULL);
    for (int i = 0; i < n; i++)
        (void)zmq_msg_close(&frames[i]);
}

static void *run(void *arg)
{
    struct fake_intake *f = arg;
    for (;;) {
        zmq_pollitem_t items[] = { { f->router, 0, ZMQ_POLLIN, 0 },
                                   { f->zap, 0, ZMQ_POLLIN, 0 },
                                   { f->control[1], 0, ZMQ_POLLIN, 0 } };
        need(zmq_poll(items, 3, -1) >= 0);
        if ((items[1].revents & ZMQ_POLLIN) != 0)
            judge(f);
        if ((items[0].revents & ZMQ_POLLIN) != 0)
            answer(f);
        if ((items[2].revents & ZMQ_POLLIN) == 0)
            continue;
        char verb = 0;
        (void)zmq_recv(f->control[1], &verb, 1, 0);
        if (verb == 's')
            return NULL;
        (void)zmq_close(f->router);
        listen_at(f, f->endpoint);
        (void)zmq_send(f->control[1], "k", 1, 0);
    }
}

struct fake_intake *fake_intake_start(const struct co_keys *server, const char *allowed,
                                      fake_answer *how, void *arg)
{
    struct fake_intake *f = calloc(1, sizeof(*f));
    need(f != NULL);
    f->keys = *server;
    f->answer = how;
    f->arg = arg;
    if (allowed != NULL)
        memcpy(f->allowed, allowed, CO_KEY_TEXT);
    f->context = zmq_ctx_new();
    f->zap = zmq_socket(f->context, ZMQ_REP);
    need(zmq_bind(f->zap, "inproc://zeromq.zap.01") == 0);
    f->control[0] = zmq_socket(f->context, ZMQ_PAIR);
    f->control[1] = zmq_socket(f->context, ZMQ_PAIR);
    need(zmq_bind(f->control[0], "inproc://control") == 0 &&
         zmq_connect(f->control[1], "inproc://control") == 0);
    listen_at(f, "tcp://127.0.0.1:*");
    need(pthread_create(&f->thread, NULL, run, f) == 0);
    return f;
}

struct fake_intake *fake_intake_for_commands(char *dir, fake_answer *says)
{
    struct co_keys server, ours;
    struct co_why why;
    char path[256];
    co_assert(co_keys_generate(&server) == CO_OK && co_keys_generate(&ours) == CO_OK);
    co_assert(mkdtemp(dir) != NULL);
    (void)snprintf(path, sizeof(path), "%s/ours", dir);
    co_assert(co_keys_write(&ours, path, "ours", &why) == CO_OK);
    struct fake_intake *f = fake_intake_start(&server, NULL, says, NULL);
    (void)snprintf(path, sizeof(path), "%s/ours.key", dir);
    (void)setenv("CALLOUT_ENV_FILE", "/dev/null", 1);
    (void)setenv("CALLOUT_ENDPOINT", fake_intake_endpoint(f), 1);
    (void)setenv("CALLOUT_SERVER_KEY", server.public_text, 1);
    (void)setenv("CALLOUT_KEY_FILE", path, 1);
    return f;
}

const char *fake_intake_endpoint(const struct fake_intake *f)
{
    return f->endpoint;
}

void fake_intake_restart(struct fake_intake *f)
{
    char answer_text = 0;
    (void)zmq_send(f->control[0], "r", 1, 0);
    (void)zmq_recv(f->control[0], &answer_text, 1, 0);
}

void fake_intake_stop(struct fake_intake *f)
{
    (void)zmq_send(f->control[0], "s", 1, 0);
    (void)pthread_join(f->thread, NULL);
    (void)zmq_close(f->router);
    (void)zmq_close(f->zap);
    (void)zmq_close(f->control[0]);
    (void)zmq_close(f->control[1]);
    (void)zmq_ctx_term(f->context);
    free(f);
}
