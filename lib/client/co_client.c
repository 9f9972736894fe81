#include "co_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <zmq.h>

#include "co_arena.h"
#include "co_client_link.h"
#include "co_pbarena.h"

enum {
    REPLY_MEMORY = 128 * 1024 * 1024, /* of one reply, unpacked */
    REQUEST_BYTES = 1024 * 1024,
    DROPS_ENOUGH = 2, /* a server that restarts may drop one handshake */
};

struct co_client {
    void *context;
    struct co_link link;
    struct co_arena *arena; /* of the last reply */
    int64_t connect_ms;
    int64_t again_ms;
    uint64_t session; /* random, so that answers to an earlier process are not taken for ours */
    uint64_t asked;
    uint8_t *packed; /* the request in the air */
    size_t packed_size;
    char id[48];
};

/* One call: times are of the monotonic clock, in ms. */
struct call {
    struct co_client *client;
    struct co_why *why;
    int64_t start;
    int64_t end;
    int64_t send_at;  /* not before; INT64_MAX: it is in the air and is not repeated by itself */
    unsigned sent_on; /* losses counted when it was sent */
    bool is_repeatable;
    bool was_sent;
    Callout__V1__Reply *reply; /* the last one, BUSY and UNAVAILABLE too */
};

static int64_t mono_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool co_client_is_repeatable(const Callout__V1__Request *request)
{
    if (request->body_case != CALLOUT__V1__REQUEST__BODY_PARKED)
        return true; /* carries a key, or only asks */
    return strcmp(request->parked->verb, "list") == 0;
}

enum co_err co_client_open(const struct co_client_options *options, struct co_client **ret_client,
                           struct co_why *why)
{
    struct co_client *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return CO_ENOMEM;
    c->connect_ms = options->connect_ms > 0 ? options->connect_ms : 3000;
    c->again_ms = options->again_ms > 0 ? options->again_ms : 5000;
    c->arena = co_arena_new(REPLY_MEMORY);
    c->context = zmq_ctx_new();
    enum co_err err = CO_ENOMEM;
    if (c->arena == NULL || c->context == NULL)
        goto failed;
    err = CO_EDOWN;
    if (getrandom(&c->session, sizeof(c->session), 0) != (ssize_t)sizeof(c->session))
        goto failed;
    err = co_link_open(&c->link, c->context, options->endpoint, options->server_key, options->keys,
                       why);
    if (err != CO_OK)
        goto failed;
    *ret_client = c;
    return CO_OK;
failed:
    co_client_close(c);
    return err;
}

void co_client_close(struct co_client *client)
{
    if (client == NULL)
        return;
    co_link_close(&client->link);
    if (client->context != NULL)
        (void)zmq_ctx_term(client->context);
    co_arena_free(client->arena);
    free(client->packed);
    free(client);
}

static enum co_err pack(struct co_client *c, Callout__V1__Request *request, struct co_why *why)
{
    (void)snprintf(c->id, sizeof(c->id), "%016llx-%llu", (unsigned long long)c->session,
                   (unsigned long long)++c->asked);
    request->request_id = c->id;
    size_t size = callout__v1__request__get_packed_size(request);
    if (size > REQUEST_BYTES) {
        co_why_set(why, "the request has %zu bytes; allowed are %d", size, REQUEST_BYTES);
        return CO_EFULL;
    }
    uint8_t *packed = realloc(c->packed, size + 1);
    if (packed == NULL)
        return CO_ENOMEM;
    c->packed = packed;
    c->packed_size = callout__v1__request__pack(request, packed);
    return CO_OK;
}

/* Takes the replies that are there; those to earlier requests are dropped. CO_EAGAIN: none is ours.
 */
static enum co_err receive(struct call *call)
{
    struct co_client *c = call->client;
    ProtobufCAllocator allocator = co_pbarena(c->arena);
    for (;;) {
        zmq_msg_t message;
        (void)zmq_msg_init(&message);
        int size = zmq_msg_recv(&message, c->link.socket, ZMQ_DONTWAIT);
        if (size < 0) {
            (void)zmq_msg_close(&message);
            return CO_EAGAIN;
        }
        if (zmq_msg_more(&message)) {
            (void)zmq_msg_close(&message);
            continue; /* the last frame is the reply */
        }
        co_arena_reset(c->arena);
        call->reply = NULL;
        Callout__V1__Reply *reply =
            callout__v1__reply__unpack(&allocator, (size_t)size, zmq_msg_data(&message));
        (void)zmq_msg_close(&message);
        if (reply == NULL) {
            co_why_set(call->why, "%s answers with something that is not a Reply, or too large",
                       c->link.endpoint);
            return CO_EINPUT;
        }
        if (strcmp(reply->request_id, c->id) != 0 && reply->request_id[0] != '\0')
            continue;
        call->reply = reply;
        return CO_OK;
    }
}

static void send_request(struct call *call, int64_t now)
{
    struct co_client *c = call->client;
    co_link_read_news(&c->link); /* before, so that an old loss is not taken for one of this try */
    if (zmq_send(c->link.socket, c->packed, c->packed_size, ZMQ_DONTWAIT) < 0)
        return; /* not connected yet, or full: tried again when the socket says so */
    call->was_sent = true;
    call->sent_on = c->link.losses;
    call->send_at = call->is_repeatable ? now + c->again_ms : INT64_MAX;
}

static int64_t retry_pause_ms(const Callout__V1__Reply *reply)
{
    enum { LEAST = 20, USUAL = 500 };
    uint32_t said =
        reply->body_case == CALLOUT__V1__REPLY__BODY_ERROR ? reply->error->retry_after_ms : 0;
    return said == 0 ? USUAL : said < LEAST ? LEAST : (int64_t)said;
}

/* Whether the reply ends the call; if not, sets when to send again. */
static bool is_final(struct call *call, int64_t now)
{
    bool is_busy = call->reply->code == CALLOUT__V1__CODE__CODE_BUSY;
    bool is_away = call->reply->code == CALLOUT__V1__CODE__CODE_UNAVAILABLE && call->is_repeatable;
    if (!is_busy && !is_away)
        return true;
    call->was_sent = is_away; /* BUSY: it was not taken */
    call->send_at = now + retry_pause_ms(call->reply);
    return call->send_at >= call->end;
}

/* CO_EAGAIN: go on. */
static enum co_err judge_link(struct call *call, int64_t now)
{
    struct co_link *link = &call->client->link;
    if (call->was_sent && link->losses != call->sent_on) {
        if (!call->is_repeatable) {
            co_why_set(call->why,
                       "the connection to %s broke; whether the request took effect is unknown",
                       link->endpoint);
            return CO_EDOWN;
        }
        call->was_sent = false;
        call->send_at = now;
    }
    bool is_hopeless = link->state == CO_LINK_FORBIDDEN || link->drops >= DROPS_ENOUGH;
    bool is_late = link->state != CO_LINK_READY && link->handshakes == 0 &&
                   now - call->start >= call->client->connect_ms;
    if (!is_hopeless && !is_late)
        return CO_EAGAIN;
    co_link_explain(link, call->why);
    return is_hopeless ? CO_EINPUT : CO_EDOWN;
}

static enum co_err out_of_time(struct call *call, Callout__V1__Reply **ret_reply)
{
    if (call->reply != NULL) {
        *ret_reply = call->reply;
        return CO_OK;
    }
    co_link_explain(&call->client->link, call->why);
    return call->client->link.state == CO_LINK_READY ? CO_EAGAIN : CO_EDOWN;
}

static int wait_for_ms(const struct call *call, int64_t now, bool is_unsent)
{
    enum { LONGEST = 200 };
    int64_t until = is_unsent || call->send_at > call->end ? call->end : call->send_at;
    int64_t wait = until - now;
    return wait < 0 ? 0 : wait < LONGEST ? (int)wait : LONGEST;
}

enum co_err co_client_call(struct co_client *client, Callout__V1__Request *request, int timeout_ms,
                           Callout__V1__Reply **ret_reply, struct co_why *why)
{
    enum co_err err = pack(client, request, why);
    if (err != CO_OK)
        return err;
    int64_t now = mono_ms();
    struct call call = { .client = client,
                         .why = why,
                         .start = now,
                         .end = now + timeout_ms,
                         .send_at = now,
                         .is_repeatable = co_client_is_repeatable(request) };
    while (now < call.end) {
        if (now >= call.send_at)
            send_request(&call, now);
        bool is_unsent = now >= call.send_at;
        co_link_wait(&client->link, is_unsent, wait_for_ms(&call, now, is_unsent));
        now = mono_ms();
        err = receive(&call);
        if (err == CO_OK && is_final(&call, now)) {
            *ret_reply = call.reply;
            return CO_OK;
        }
        if (err == CO_EAGAIN)
            err = judge_link(&call, now);
        if (err != CO_OK && err != CO_EAGAIN)
            return err;
    }
    return out_of_time(&call, ret_reply);
}
