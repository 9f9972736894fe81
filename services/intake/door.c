#include "door.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "apply.h"
#include "call.h"
#include "cut.h"
#include "clients.h"
#include "co_arena.h"
#include "co_clock.h"
#include "co_pbarena.h"
#include "co_text.h"
#include "co_zsock.h"
#include "intake_check.h"
#include "intake_roles.h"
#include "intake_scope.h"
#include "intake_wire.h"
#include "load.h"
#include "metrics.h"
#include "parked.h"
#include "post.h"
#include "query.h"

/* A request over REQUEST_BYTES is answered with an error; one over FRAME_BYTES is cut off by libzmq before it is stored. */
enum { REQUEST_BYTES = 1 << 20, FRAME_BYTES = 2 << 20, FRAMES = 9, UNPACKED_BYTES = 16 << 20, PEER_MESSAGES = 20000,
       ROUTE_BYTES = 5, PROOF_MS = 5000, BUSY_RETRY_MS = 100 };

#define DOMAIN "intake"
#define OVER_ITS_RATE "this client sends more requests a second than it may"

struct intake_door {
    struct intake *in;
    struct co_zsock *z;
    struct co_keys keys, next_keys; /* of next-endpoint */
    struct intake_cut *cut;
    struct co_arena *arena; /* of the message at hand */
    bool is_bound, is_proved, is_shut, is_next_proved;
    char endpoint[CO_ZSOCK_ENDPOINT];
    zmq_msg_t held[FRAMES]; /* a reply kept back by a fault */
    size_t held_count;
};

/* ---- replies ---- */

static void send_frames(struct intake_door *door, zmq_msg_t *frames, size_t count)
{
    if (co_zsock_send_messages(door->z, frames, count) != CO_OK)
        intake_metrics_lost_reply(door->in->metrics);
}

static void send_held(struct intake_door *door)
{
    size_t n = door->held_count;
    door->held_count = 0;
    if (n > 0)
        send_frames(door, door->held, n);
}

static void copy_frames(zmq_msg_t *to, zmq_msg_t *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)zmq_msg_init(&to[i]);
        (void)zmq_msg_copy(&to[i], &from[i]);
    }
}

/* What a fault rule wants done with the reply; the frames are taken in any case. */
static void send_with_fault(struct intake_door *door, zmq_msg_t *frames, size_t count)
{
    enum co_fault_message what = co_fault_message(door->in->fault, "reply");
    if (what == CO_FAULT_HOLD && door->held_count == 0) {
        copy_frames(door->held, frames, count);
        door->held_count = count;
    } else if (what == CO_FAULT_DOUBLE) {
        zmq_msg_t again[FRAMES];
        copy_frames(again, frames, count);
        send_frames(door, again, count);
    }
    if (what == CO_FAULT_DROP || what == CO_FAULT_HOLD) {
        for (size_t i = 0; i < count; i++)
            (void)zmq_msg_close(&frames[i]);
        return;
    }
    send_frames(door, frames, count);
    send_held(door);
}

/* False: no memory, or more than this client may leave unread. */
static bool make_frame(const struct intake_client *client, zmq_msg_t *ret_frame, size_t len)
{
    if (client == NULL || len < INTAKE_UNREAD_FROM)
        return zmq_msg_init_size(ret_frame, len) == 0;
    return !intake_unread_is_full(client->unread) && intake_unread_message(client->unread, ret_frame, len);
}

void intake_door_send(struct intake_door *door, const struct intake_client *client, zmq_msg_t *route, size_t route_count,
                      Callout__V1__Reply *reply)
{
    zmq_msg_t frames[FRAMES];
    size_t len = callout__v1__reply__get_packed_size(reply);
    bool has_room = make_frame(client, &frames[route_count], len);
    if (has_room)
        (void)callout__v1__reply__pack(reply, zmq_msg_data(&frames[route_count]));
    for (size_t i = 0; i < route_count; i++) {
        (void)zmq_msg_init(&frames[i]);
        (void)zmq_msg_move(&frames[i], &route[i]);
        (void)zmq_msg_close(&route[i]);
    }
    if (has_room && !door->is_shut) {
        send_with_fault(door, frames, route_count + 1);
        return;
    }
    intake_metrics_lost_reply(door->in->metrics);
    for (size_t i = 0; i < route_count + has_room; i++)
        (void)zmq_msg_close(&frames[i]);
}

void intake_door_withhold(struct intake_door *door, zmq_msg_t *route, size_t route_count)
{
    intake_metrics_lost_reply(door->in->metrics);
    for (size_t i = 0; i < route_count; i++)
        (void)zmq_msg_close(&route[i]);
}

/* ---- requests ---- */

static void answer_ping(struct intake_call **call_p, const Callout__V1__Request *request)
{
    static char version[] = CO_VERSION;
    struct intake *in = (*call_p)->in;
    Callout__V1__Reply reply = CALLOUT__V1__REPLY__INIT;
    Callout__V1__Pong pong = CALLOUT__V1__PONG__INIT;
    (void)request;
    pong.now_us = co_node_now_us(in->node);
    pong.version = version;
    pong.lanes = (uint32_t)co_node_lanes(in->node);
    pong.registry_version = co_registry_feed_version(in->feed);
    reply.body_case = CALLOUT__V1__REPLY__BODY_PONG;
    reply.pong = &pong;
    intake_call_reply(call_p, &reply);
}

/* Takes the call over. The request lives until the handler returns. */
static const struct handler {
    Callout__V1__Request__BodyCase body;
    void (*handle)(struct intake_call **call_p, const Callout__V1__Request *request);
} handlers[] = {
    { CALLOUT__V1__REQUEST__BODY_SUBMIT, intake_post_ticket },
    { CALLOUT__V1__REQUEST__BODY_COMMAND, intake_post_command },
    { CALLOUT__V1__REQUEST__BODY_QUERY, intake_queries_ask },
    { CALLOUT__V1__REQUEST__BODY_APPLY, intake_applies_take },
    { CALLOUT__V1__REQUEST__BODY_PING, answer_ping },
    { CALLOUT__V1__REQUEST__BODY_PARKED, intake_parked_ask },
    { CALLOUT__V1__REQUEST__BODY_ANSWER, intake_answer },
};

static void forbid(struct intake_door *door, const struct intake_client *client, unsigned needed,
                   struct intake_complaint *c)
{
    intake_complain(c, door->arena, CALLOUT__V1__CODE__CODE_FORBIDDEN, "", "%s may not do this: the role is missing",
                    client == NULL ? "a key that is not in the registry any more" : client->key);
    for (size_t bit = 0; bit < INTAKE_ROLE_NAMES; bit++)
        if ((needed >> bit & 1) != 0)
            intake_allow(c, "%s", intake_role_name(bit));
}

/* The request of the message, looked at from all sides that need no state. NULL: the complaint says why not; *ret_id is
 * the request's id as far as it can be told. */
static const Callout__V1__Request *read_request(struct intake_door *door, const struct intake_client *client,
                                                zmq_msg_t *frame, const char **ret_id, struct intake_complaint *c,
                                                Callout__V1__Request__BodyCase *ret_body)
{
    struct intake *in = door->in;
    const uint8_t *bytes = zmq_msg_data(frame);
    size_t len = zmq_msg_size(frame);
    ProtobufCAllocator allocator = co_pbarena(door->arena);
    enum co_err err = intake_wire_check(door->arena, &callout__v1__request__descriptor, bytes, len, c);
    const Callout__V1__Request *request = callout__v1__request__unpack(&allocator, len, bytes);
    if (request != NULL && strlen(request->request_id) <= 256 && co_text_is_valid(request->request_id, strlen(request->request_id)))
        *ret_id = request->request_id;
    if (request == NULL && err == CO_OK)
        intake_complain(c, door->arena, CALLOUT__V1__CODE__CODE_INVALID, "", "the message cannot be unpacked, or takes too much memory");
    if (request == NULL || err != CO_OK)
        return NULL;
    *ret_body = request->body_case;
    unsigned needed = intake_roles_needed(request);
    if (client == NULL || (needed != 0 && (client->roles & needed) == 0)) {
        forbid(door, client, needed, c);
        return NULL;
    }
    struct intake_check_options options = { door->arena, co_node_now_us(in->node), (uint32_t)co_node_lanes(in->node) };
    bool is_fine = intake_check(&options, request, c) == CO_OK &&
                   intake_scope_check(client->entry, co_registry_feed_get(in->feed), request, options.now_us, door->arena, c) == CO_OK;
    return is_fine ? request : NULL;
}

/* Too much at once? Then when to come back, and why, is said. */
static bool is_busy(const struct intake_call *call, const Callout__V1__Request *request, uint32_t *ret_wait_ms, const char **ret_why)
{
    struct intake *in = call->in;
    *ret_wait_ms = BUSY_RETRY_MS;
    *ret_why = "too many requests are being worked on";
    if (in->in_flight > (size_t)in->config->in_flight_limit || intake_post_is_full(in))
        return true;
    *ret_why = "this client has too many requests in flight";
    if ((int64_t)call->client->in_flight > in->config->client_in_flight_limit)
        return true;
    *ret_why = "this client does not read its answers";
    if (request->body_case == CALLOUT__V1__REQUEST__BODY_QUERY && intake_unread_is_full(call->client->unread))
        return true;
    *ret_why = OVER_ITS_RATE;
    if (!intake_client_spend(call->client, call->since_mono_us, ret_wait_ms))
        return true;
    *ret_why = "promises are behind, and this client posts more than its share";
    return request->body_case == CALLOUT__V1__REQUEST__BODY_SUBMIT &&
           intake_load_is_over(in->load, call->client, ret_wait_ms);
}

/* Bad requests count against the rate as good ones do. */
static void refuse(struct intake_call **call_p, struct intake_complaint *complaint)
{
    struct intake_call *call = *call_p;
    uint32_t wait_ms = 0;
    intake_misuse_note(call->in, call->client, call->body, complaint);
    if (call->client == NULL || intake_client_spend(call->client, call->since_mono_us, &wait_ms))
        intake_call_complain(call_p, complaint);
    else
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_BUSY, wait_ms, "", OVER_ITS_RATE);
}

static void dispatch(struct intake_call **call_p, const Callout__V1__Request *request)
{
    uint32_t wait_ms = 0;
    const char *why = "";
    if (is_busy(*call_p, request, &wait_ms, &why)) {
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_BUSY, wait_ms, "", why);
        return;
    }
    for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
        if (handlers[i].body == request->body_case)
            handlers[i].handle(call_p, request);
}

/* A name that the client gave itself, a routing id, may be another's at any time, who would get this one's answers. Those that
 * libzmq gives have 5 bytes, the first of them 0. */
static bool is_named_by_itself(zmq_msg_t *frame)
{
    return zmq_msg_size(frame) != ROUTE_BYTES || *(const uint8_t *)zmq_msg_data(frame) != 0;
}

static void on_message(void *ctx, struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    struct intake_door *door = ctx;
    struct intake *in = door->in;
    struct intake_complaint complaint = { .code = CALLOUT__V1__CODE__CODE_INVALID };
    Callout__V1__Request__BodyCase body = CALLOUT__V1__REQUEST__BODY__NOT_SET;
    const char *id = "";
    (void)z;
    co_fault_point(in->fault, "received");
    const char *user = co_zsock_user(frames, count);
    const struct intake_key *key = user == NULL ? NULL : intake_clients_find(in->clients, user);
    struct intake_client *client = key == NULL ? NULL : key->client;
    intake_cut_note(door->cut, frames, count, key);
    co_arena_reset(door->arena);
    const Callout__V1__Request *request = read_request(door, client, &frames[count - 1], &id, &complaint, &body);
    if (request != NULL && is_named_by_itself(&frames[0])) {
        intake_complain(&complaint, door->arena, CALLOUT__V1__CODE__CODE_INVALID, "",
                        "the socket must not set a routing id (identity): it could be taken over by another client");
        request = NULL;
    }
    struct intake_call *call = intake_call_new(in, key, frames, count - 1, id);
    if (call == NULL)
        return; /* out of memory: no answer, the sender repeats */
    call->body = body;
    co_fault_point(in->fault, "decoded");
    if (request == NULL)
        refuse(&call, &complaint);
    else
        dispatch(&call, request);
}

/* Too many frames, or too many bytes: answered as far as the way back is known. */
static void on_refused(void *ctx, struct co_zsock *z, const struct co_zsock_refused *refused)
{
    struct intake_door *door = ctx;
    (void)z;
    intake_metrics_oversize(door->in->metrics);
    bool is_long = refused->frame_count > FRAMES;
    size_t route_count = is_long ? 1 : refused->kept - 1;
    if (is_long && refused->kept > 1 && zmq_msg_size(&refused->frames[1]) == 0)
        route_count = 2; /* the empty frame of a REQ */
    struct intake_call *call = intake_call_new(door->in, NULL, refused->frames, route_count, "");
    if (call != NULL)
        intake_call_fail(&call, CALLOUT__V1__CODE__CODE_INVALID, 0, "",
                         is_long ? "a request has at most 8 frames" : "a request has at most 1 MiB");
}

/* ---- who gets in ---- */

const char *intake_door_allow(struct intake_door *door, const struct co_zap_client *client)
{
    char key[CO_KEY_TEXT];
    if (strcmp(client->domain, DOMAIN) != 0)
        return NULL;
    co_keys_encode(client->key, key);
    const struct intake_key *known = intake_clients_find(door->in->clients, key);
    return known == NULL ? NULL : known->text;
}

/* ---- life ---- */

static bool open_socket(struct intake_door *door, struct co_why *why)
{
    struct intake *in = door->in;
    struct co_zsock_options options = co_zsock_options(ZMQ_ROUTER, door, on_message);
    options.on_refused = on_refused;
    options.frame_limit = FRAMES;
    options.frame_limit_bytes = FRAME_BYTES;
    options.message_limit_bytes = REQUEST_BYTES;
    options.send_limit = options.receive_limit = PEER_MESSAGES;
    options.keys = &door->keys;
    options.zap_domain = DOMAIN;
    return co_zsock_open(in->loop, co_daemon_zmq(in->daemon), &options, &door->z, why) == CO_OK;
}

/* The pair that replaces the first one, served beside it. */
static bool read_next(struct intake_door *door, struct co_why *why)
{
    const struct intake_config *config = door->in->config;
    bool has_file = config->next_key_file != NULL && config->next_key_file[0] != '\0';
    bool has_endpoint = config->next_endpoint != NULL && config->next_endpoint[0] != '\0';
    if (has_file != has_endpoint) {
        co_why_set(why, "next-key-file and next-endpoint belong together: %s is missing", has_file ? "next-endpoint" : "next-key-file");
        return false;
    }
    return !has_file || co_keys_read(config->next_key_file, &door->next_keys, why) == CO_OK;
}

struct intake_door *intake_door_new(struct intake *in)
{
    struct co_why why = { .text = "out of memory" };
    struct intake_door *door = calloc(1, sizeof(*door));
    if (door == NULL)
        return NULL;
    door->in = in;
    door->arena = co_arena_new(UNPACKED_BYTES);
    door->cut = intake_cut_new();
    bool is_open = door->arena != NULL && door->cut != NULL && co_keys_read(in->config->key_file, &door->keys, &why) == CO_OK &&
                   read_next(door, &why);
    if (is_open)
        in->clients = intake_clients_new(in->config->operator_keys, in->config->admin_keys, door->keys.public_text, &why);
    if (is_open && in->clients != NULL && open_socket(door, &why))
        return door;
    co_log_error(in->log, "door_failed", CO_S("why", why.text));
    intake_door_free(door);
    return NULL;
}

static bool has_next(const struct intake_door *door)
{
    return door->next_keys.public_text[0] != '\0';
}

static void fail(struct intake_door *door, const struct co_why *why)
{
    co_log_error(door->in->log, "door_failed", CO_S("why", why->text));
    co_daemon_fail(door->in->daemon);
}

static bool is_safe(struct intake_door *door, const char *endpoint, enum co_zap_proof proof)
{
    struct intake *in = door->in;
    if (proof == CO_ZAP_PROVED || proof == CO_ZAP_UNDECIDED) {
        co_log_line(in->log, proof == CO_ZAP_PROVED ? CO_LOG_INFO : CO_LOG_WARN, "serving", CO_S("endpoint", endpoint),
                    CO_S("proof", co_zap_proof_text(proof)));
        return true;
    }
    co_log_error(in->log, "door_unsafe", CO_S("endpoint", endpoint), CO_S("why", co_zap_proof_text(proof)));
    co_daemon_fail(in->daemon);
    return false;
}

static void on_proved(void *ctx, enum co_zap_proof proof)
{
    struct intake_door *door = ctx;
    door->is_proved = is_safe(door, door->endpoint, proof);
}

static void on_next_proved(void *ctx, enum co_zap_proof proof)
{
    struct intake_door *door = ctx;
    door->is_next_proved = is_safe(door, co_zsock_endpoint(door->z), proof);
}

static void prove(struct intake_door *door, const char *server_key, void (*on_done)(void *ctx, enum co_zap_proof proof))
{
    struct intake *in = door->in;
    struct co_why why = { .text = "" };
    struct co_zap_check check = { .endpoint = co_zsock_endpoint(door->z), .server_key = server_key, .own = &door->keys,
                                  .timeout_ms = PROOF_MS, .on_done = on_done, .ctx = door };
    intake_cut_add_endpoint(door->cut, co_zsock_endpoint(door->z));
    if (co_zap_prove(in->loop, co_daemon_zmq(in->daemon), &check, &why) != CO_OK)
        co_log_error(in->log, "door_unproved", CO_S("why", why.text));
}

/* A listener keeps the key pair that the socket had when it was bound. */
static bool bind_next(struct intake_door *door, struct co_why *why)
{
    if (zmq_setsockopt(co_zsock_raw(door->z), ZMQ_CURVE_SECRETKEY, door->next_keys.secret_text, CO_KEY_TEXT) != 0) {
        co_why_set(why, "libzmq does not take the key of next-key-file");
        return false;
    }
    return co_zsock_bind(door->z, door->in->config->next_endpoint, why) == CO_OK;
}

void intake_door_listen(struct intake_door *door)
{
    struct intake *in = door->in;
    struct co_why why = { .text = "" };
    if (door->is_bound || door->is_shut)
        return;
    if (co_zsock_bind(door->z, in->config->endpoint, &why) != CO_OK) {
        fail(door, &why);
        return;
    }
    door->is_bound = true;
    door->is_next_proved = !has_next(door);
    (void)snprintf(door->endpoint, sizeof(door->endpoint), "%s", co_zsock_endpoint(door->z));
    prove(door, door->keys.public_text, on_proved);
    if (!has_next(door))
        return;
    if (bind_next(door, &why))
        prove(door, door->next_keys.public_text, on_next_proved);
    else
        fail(door, &why);
}

void intake_door_end_revoked(struct intake_door *door, uint32_t keys)
{
    struct intake *in = door->in;
    if (!door->is_bound || keys == 0)
        return;
    int ended = intake_cut_end(door->cut);
    intake_metrics_revoked(in->metrics, keys);
    if (ended < 0)
        co_log_error(in->log, "keys_revoked", CO_I("keys", keys), CO_S("why", "their connections are not known: /proc/self/fd cannot be read; their requests are refused"));
    else
        co_log_info(in->log, "keys_revoked", CO_I("keys", keys), CO_I("connections_ended", ended));
}

void intake_door_not_ready(const struct intake_door *door, struct co_buf *reasons)
{
    if (!door->is_bound)
        (void)co_buf_append_text(reasons, "intake socket: not bound yet; that waits for the registry, which says whose keys are let in\n");
    else if (!door->is_proved || !door->is_next_proved)
        (void)co_buf_append_text(reasons, "intake socket: not proved yet that unknown keys are refused\n");
}

/* Not unbound: libzmq would end the connections with it, and the replies. */
void intake_door_shut(struct intake_door *door)
{
    co_zsock_pause(door->z);
}

void intake_door_close(struct intake_door *door)
{
    send_held(door);
    door->is_shut = true;
    co_zsock_close(door->z, NULL, NULL);
}

void intake_door_free(struct intake_door *door)
{
    if (door == NULL)
        return;
    co_keys_wipe(&door->keys);
    co_keys_wipe(&door->next_keys);
    intake_cut_free(door->cut);
    co_arena_free(door->arena);
    free(door);
}
