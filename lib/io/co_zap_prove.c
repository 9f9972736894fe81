#include "co_zap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_zsock.h"

/* Two connections are tried at the same time; a monitor socket of each tells how it was received.
 */
enum { STRANGER, OURSELVES, TRIALS };

enum verdict { WAITING, ACCEPTED, REFUSED };

struct proof;

struct trial {
    struct proof *proof;
    struct co_zsock *client;
    struct co_zsock *monitor;
    enum verdict verdict;
};

struct proof {
    struct trial trial[TRIALS];
    uv_timer_t timer;
    bool is_done;
    unsigned open_count; /* sockets and timer not yet closed */
    enum co_zap_proof result;
    void (*on_done)(void *ctx, enum co_zap_proof proof);
    void *ctx;
};

const char *co_zap_proof_text(enum co_zap_proof proof)
{
    static const char *const texts[CO_ZAP_PROOFS] = {
        [CO_ZAP_PROVED] = "an unknown key is refused, our own is accepted",
        [CO_ZAP_ACCEPTS_ANYBODY] = "an unknown key was accepted",
        [CO_ZAP_REFUSES_US] = "our own key was refused",
        [CO_ZAP_UNDECIDED] = "no answer about our own connections in time",
    };
    co_assert(proof < CO_ZAP_PROOFS);
    return texts[proof];
}

static void on_part_closed(void *ctx)
{
    struct proof *p = ctx;
    if (--p->open_count > 0)
        return;
    if (p->on_done != NULL)
        p->on_done(p->ctx, p->result);
    free(p);
}

static void on_timer_closed(uv_handle_t *timer)
{
    on_part_closed(timer->data);
}

static void finish(struct proof *p, enum co_zap_proof result)
{
    if (p->is_done)
        return;
    p->is_done = true;
    p->result = result;
    for (int i = 0; i < TRIALS; i++) {
        /* libzmq's thread would wait for ever to tell a monitor that is closed */
        if (p->trial[i].monitor != NULL)
            (void)zmq_socket_monitor(co_zsock_raw(p->trial[i].client), NULL, 0);
        co_zsock_close(p->trial[i].monitor, on_part_closed, p);
        co_zsock_close(p->trial[i].client, on_part_closed, p);
    }
    uv_close((uv_handle_t *)&p->timer, on_timer_closed);
}

static void on_timeout(uv_timer_t *timer)
{
    finish(timer->data, CO_ZAP_UNDECIDED);
}

static void conclude(struct proof *p)
{
    if (p->trial[STRANGER].verdict == ACCEPTED)
        finish(p, CO_ZAP_ACCEPTS_ANYBODY);
    else if (p->trial[OURSELVES].verdict == REFUSED)
        finish(p, CO_ZAP_REFUSES_US);
    else if (p->trial[STRANGER].verdict == REFUSED && p->trial[OURSELVES].verdict == ACCEPTED)
        finish(p, CO_ZAP_PROVED);
}

/* A monitor's message: 16 bits of event and 32 bits of value, then the address. */
static void on_event(void *ctx, struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    struct trial *trial = ctx;
    uint16_t event;
    (void)z;
    if (count < 1 || zmq_msg_size(&frames[0]) < sizeof(event))
        return;
    memcpy(&event, zmq_msg_data(&frames[0]), sizeof(event));
    if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
        trial->verdict = ACCEPTED;
    else if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH)
        trial->verdict = REFUSED;
    conclude(trial->proof);
}

static enum co_err open_monitor(uv_loop_t *loop, void *zmq, struct trial *trial, struct co_why *why)
{
    char endpoint[64];
    struct co_zsock_options options = co_zsock_options(ZMQ_PAIR, trial, on_event);
    options.heartbeat_ms = 0;
    options.linger_ms = 0;
    snprintf(endpoint, sizeof(endpoint), "inproc://co-zap-prove-%p", (void *)trial);
    int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
    if (zmq_socket_monitor(co_zsock_raw(trial->client), endpoint, events) != 0) {
        co_why_set(why, "no monitor socket: %s", zmq_strerror(zmq_errno()));
        return CO_EDOWN;
    }
    enum co_err err = co_zsock_open(loop, zmq, &options, &trial->monitor, why);
    if (err != CO_OK)
        return err;
    trial->proof->open_count++;
    return co_zsock_connect(trial->monitor, endpoint, why);
}

static enum co_err start_trial(uv_loop_t *loop, void *zmq, struct trial *trial,
                               const struct co_keys *keys, const struct co_zap_check *check,
                               struct co_why *why)
{
    char endpoint[CO_ZSOCK_ENDPOINT];
    static const char wildcard[] = "tcp://0.0.0.0:";
    bool is_wildcard = strncmp(check->endpoint, wildcard, strlen(wildcard)) == 0;
    snprintf(endpoint, sizeof(endpoint), "%s%s", is_wildcard ? "tcp://127.0.0.1:" : "",
             check->endpoint + (is_wildcard ? strlen(wildcard) : 0));
    struct co_zsock_options options = co_zsock_options(ZMQ_DEALER, trial, NULL);
    options.keys = keys;
    options.server_key = check->server_key;
    options.linger_ms = 0;
    enum co_err err = co_zsock_open(loop, zmq, &options, &trial->client, why);
    if (err != CO_OK)
        return err;
    trial->proof->open_count++;
    err = open_monitor(loop, zmq, trial, why);
    return err != CO_OK ? err : co_zsock_connect(trial->client, endpoint, why);
}

enum co_err co_zap_prove(uv_loop_t *loop, void *zmq, const struct co_zap_check *check,
                         struct co_why *why)
{
    co_assert(check->timeout_ms > 0);
    struct co_keys stranger;
    struct proof *p = calloc(1, sizeof(*p));
    if (p == NULL || co_keys_generate(&stranger) != CO_OK) {
        co_why_set(why, "no memory or no CURVE for the proof");
        free(p);
        return CO_ENOMEM;
    }
    p->ctx = check->ctx;
    uv_timer_init(loop, &p->timer);
    p->timer.data = p;
    p->open_count = 1;
    enum co_err err = CO_OK;
    for (int i = 0; i < TRIALS && err == CO_OK; i++) {
        p->trial[i].proof = p;
        err = start_trial(loop, zmq, &p->trial[i], i == STRANGER ? &stranger : check->own, check,
                          why);
    }
    co_keys_wipe(&stranger);
    if (err != CO_OK) {
        finish(p, CO_ZAP_UNDECIDED);
        return err;
    }
    p->on_done = check->on_done;
    uv_timer_start(&p->timer, on_timeout, (uint64_t)check->timeout_ms, 0);
    return CO_OK;
}
