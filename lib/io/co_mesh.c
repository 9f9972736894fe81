#include "co_mesh.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "co_assert.h"
#include "co_buf.h"
#include "co_keys.h"
#include "co_zsock.h"

enum { PEERS_MAX = 256, RECORD_HEAD = 30, PART_BYTES = 1 << 20, FRAME_LIMIT = 16 << 20, ENTRIES_MAX = 65536 };

static const uint8_t STEP_TOPIC[2] = { 0xFF, 'c' };

struct peer {
    char endpoint[CO_ZSOCK_ENDPOINT];
    char public_key[CO_KEY_TEXT + 7];
    struct co_zsock *sub;
    bool is_listed;
};

struct co_mesh {
    struct co_mesh_options options;
    struct co_keys keys;
    bool has_keys;
    bool is_wildcard; /* what is bound says nobody how to reach it */
    struct co_zsock *pub;
    char endpoint[CO_ZSOCK_ENDPOINT];
    char era[64];
    struct peer peers[PEERS_MAX];
    size_t peer_count;
    bool wanted[CO_LANES_MAX];
    struct co_buf out;
    struct co_buf held; /* a message that fault injection keeps back, with its topic in front */
    struct co_entry_raw *in;
    uint64_t unsent;
};

static uint64_t read_be(const uint8_t *p, int size)
{
    uint64_t v = 0;
    for (int i = 0; i < size; i++)
        v = v << 8 | p[i];
    return v;
}

/* Takes the records apart into m->in. False: not of this form. */
static bool take_apart(struct co_mesh *m, const uint8_t *p, size_t len, size_t *ret_n)
{
    size_t n = 0;
    while (len >= RECORD_HEAD && n < ENTRIES_MAX) {
        size_t body = (size_t)read_be(p + 26, 4);
        if (body > len - RECORD_HEAD)
            return false;
        m->in[n++] = (struct co_entry_raw){
            .seq = (int64_t)read_be(p, 8),
            .at_us = (int64_t)read_be(p + 8, 8),
            .case_id = (int64_t)read_be(p + 16, 8),
            .kind = (int)read_be(p + 24, 2),
            .body = { p + RECORD_HEAD, body },
        };
        if (n > 1 && m->in[n - 1].seq != m->in[n - 2].seq + 1)
            return false;
        p += RECORD_HEAD + body;
        len -= RECORD_HEAD + body;
    }
    *ret_n = n;
    return len == 0 && n > 0;
}

static void say_era(struct co_mesh *m, zmq_msg_t *frame)
{
    char era[sizeof(m->era)];
    size_t len = zmq_msg_size(frame);
    if (m->options.on_era == NULL || len >= sizeof(era))
        return;
    memcpy(era, zmq_msg_data(frame), len);
    era[len] = '\0';
    m->options.on_era(m->options.arg, era);
}

static void on_message(void *ctx, struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    struct co_mesh *m = ctx;
    (void)z;
    if (count != 3)
        return;
    const uint8_t *topic = zmq_msg_data(&frames[0]);
    size_t topic_len = zmq_msg_size(&frames[0]);
    size_t era_len = strlen(m->era);
    if (era_len == 0 || zmq_msg_size(&frames[1]) != era_len || memcmp(zmq_msg_data(&frames[1]), m->era, era_len) != 0) {
        say_era(m, &frames[1]);
        return;
    }
    const uint8_t *body = zmq_msg_data(&frames[2]);
    size_t body_len = zmq_msg_size(&frames[2]);
    size_t n;
    if (topic_len == 1 && take_apart(m, body, body_len, &n))
        m->options.on_entries(m->options.arg, topic[0], m->in, n);
    else if (topic_len == 2 && memcmp(topic, STEP_TOPIC, 2) == 0 && body_len == 8 && m->options.on_step != NULL)
        m->options.on_step(m->options.arg, (int64_t)read_be(body, 8));
}

static void say_failed(const struct co_mesh *m, const char *endpoint, const struct co_why *why)
{
    co_log_error(m->options.log, "mesh_failed", CO_S("endpoint", endpoint), CO_S("why", why->text));
}

static bool is_tcp(const char *endpoint)
{
    return strncmp(endpoint, "tcp://", 6) == 0;
}

/* What goes over ipc is not encrypted: only this user may connect, and nobody else may put his own socket in its place. */
static enum co_err bind_pub(struct co_mesh *m, struct co_why *why)
{
    const char *path = strncmp(m->options.endpoint, "ipc://", 6) == 0 ? m->options.endpoint + 6 : NULL;
    char dir[CO_ZSOCK_ENDPOINT];
    struct stat of;
    if (path == NULL)
        return co_zsock_bind(m->pub, m->options.endpoint, why);
    const char *slash = strrchr(path, '/');
    (void)snprintf(dir, sizeof(dir), "%.*s", slash == NULL ? 1 : (int)(slash - path) + 1, slash == NULL ? "." : path);
    if (path[0] == '@' || (stat(dir, &of) == 0 && (of.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (of.st_mode & S_ISVTX) == 0)) {
        co_why_set(why, path[0] == '@' ? "an abstract socket is open to everybody: use a path"
                                       : "others may write to the directory of this socket, which is not encrypted: chmod 700 it");
        return CO_EINPUT;
    }
    mode_t before = umask(S_IRWXG | S_IRWXO);
    enum co_err err = co_zsock_bind(m->pub, m->options.endpoint, why);
    (void)umask(before);
    return err;
}

static bool is_wildcard(const char *endpoint)
{
    return strncmp(endpoint, "tcp://0.0.0.0:", 14) == 0 || strncmp(endpoint, "tcp://[::]:", 11) == 0;
}

/* Who wants what is libzmq's affair; unread, it would pile up. */
static void on_subscription(void *ctx, struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    (void)ctx;
    (void)z;
    (void)frames;
    (void)count;
}

static bool open_pub(struct co_mesh *m)
{
    struct co_zsock_options o = co_zsock_options(ZMQ_XPUB, m, on_subscription);
    struct co_why why = { 0 };
    if (is_tcp(m->options.endpoint) && !m->has_keys) {
        co_log_error(m->options.log, "mesh_failed", CO_S("endpoint", m->options.endpoint),
                     CO_S("why", "tcp needs the mesh's key file (mesh-key-file); only ipc goes without"));
        return false;
    }
    o.frame_limit_bytes = FRAME_LIMIT;
    o.message_limit_bytes = FRAME_LIMIT;
    o.send_limit = o.receive_limit = 20000;
    if (is_tcp(m->options.endpoint)) {
        o.keys = &m->keys;
        o.zap_domain = CO_MESH_DOMAIN;
    }
    if (co_zsock_open(m->options.loop, m->options.zmq, &o, &m->pub, &why) != CO_OK ||
        bind_pub(m, &why) != CO_OK) {
        say_failed(m, m->options.endpoint, &why);
        return false;
    }
    m->is_wildcard = m->options.announce == NULL && is_wildcard(co_zsock_endpoint(m->pub));
    const char *announce = m->options.announce != NULL ? m->options.announce : co_zsock_endpoint(m->pub);
    (void)snprintf(m->endpoint, sizeof(m->endpoint), "%s", announce);
    return true;
}

struct co_mesh *co_mesh_open(const struct co_mesh_options *options)
{
    struct co_mesh *m = calloc(1, sizeof(*m));
    if (m == NULL)
        return NULL;
    m->options = *options;
    co_buf_init(&m->out, FRAME_LIMIT);
    co_buf_init(&m->held, FRAME_LIMIT + 1);
    m->in = calloc(ENTRIES_MAX, sizeof(*m->in));
    struct co_why why = { 0 };
    bool ok = m->in != NULL;
    if (ok && options->key_file != NULL && options->key_file[0] != '\0') {
        ok = co_keys_read(options->key_file, &m->keys, &why) == CO_OK;
        m->has_keys = ok;
        if (!ok)
            say_failed(m, options->endpoint, &why);
    }
    if (!ok || !open_pub(m))
        co_mesh_close(&m);
    return m;
}

void co_mesh_close(struct co_mesh **mesh_p)
{
    struct co_mesh *m = *mesh_p;
    *mesh_p = NULL;
    if (m == NULL)
        return;
    co_mesh_peers(m, NULL, 0);
    co_zsock_close(m->pub, NULL, NULL);
    co_keys_wipe(&m->keys);
    co_buf_done(&m->out);
    co_buf_done(&m->held);
    free(m->in);
    free(m);
}

const char *co_mesh_endpoint(const struct co_mesh *m)
{
    return m->endpoint;
}

void co_mesh_set_host(struct co_mesh *m, const char *host)
{
    if (!m->is_wildcard)
        return;
    bool is_v6 = strchr(host, ':') != NULL;
    const char *port = strrchr(co_zsock_endpoint(m->pub), ':');
    (void)snprintf(m->endpoint, sizeof(m->endpoint), "tcp://%s%s%s%s", is_v6 ? "[" : "", host, is_v6 ? "]" : "", port);
}

const char *co_mesh_public_key(const struct co_mesh *m)
{
    return is_tcp(m->endpoint) ? m->keys.public_text : "";
}

void co_mesh_set_era(struct co_mesh *m, const char *era)
{
    (void)snprintf(m->era, sizeof(m->era), "%s", era);
}

static void subscribe(struct co_mesh *m, struct co_zsock *sub, int lane, bool wanted)
{
    uint8_t topic = (uint8_t)lane;
    enum co_err err = wanted ? co_zsock_subscribe(sub, &topic, 1) : co_zsock_unsubscribe(sub, &topic, 1);
    if (err != CO_OK) /* only slower: the table is read instead */
        co_log_warn(m->options.log, "mesh_subscribe_failed", CO_I("lane", lane));
}

static void connect_peer(struct co_mesh *m, struct peer *p)
{
    struct co_zsock_options o = co_zsock_options(ZMQ_SUB, m, on_message);
    struct co_why why = { 0 };
    bool has_curve = p->public_key[0] != '\0';
    o.frame_limit_bytes = FRAME_LIMIT;
    o.message_limit_bytes = FRAME_LIMIT;
    o.receive_limit = 20000;
    o.keys = has_curve ? &m->keys : NULL;
    o.server_key = has_curve ? p->public_key : NULL;
    if ((has_curve && !m->has_keys) || co_zsock_open(m->options.loop, m->options.zmq, &o, &p->sub, &why) != CO_OK) {
        say_failed(m, p->endpoint, &why);
        p->sub = NULL;
        return;
    }
    for (int lane = 0; lane < CO_LANES_MAX; lane++)
        if (m->wanted[lane])
            subscribe(m, p->sub, lane, true);
    if (co_zsock_subscribe(p->sub, STEP_TOPIC, sizeof(STEP_TOPIC)) != CO_OK ||
        co_zsock_connect(p->sub, p->endpoint, &why) != CO_OK)
        say_failed(m, p->endpoint, &why);
}

static struct peer *find_peer(struct co_mesh *m, const struct co_mesh_peer *wanted)
{
    for (size_t i = 0; i < m->peer_count; i++)
        if (strcmp(m->peers[i].endpoint, wanted->endpoint) == 0 &&
            strcmp(m->peers[i].public_key, wanted->public_key) == 0)
            return &m->peers[i];
    return NULL;
}

void co_mesh_peers(struct co_mesh *m, const struct co_mesh_peer *peers, size_t n)
{
    for (size_t i = 0; i < m->peer_count; i++)
        m->peers[i].is_listed = false;
    for (size_t i = 0; i < n; i++) {
        struct peer *p = find_peer(m, &peers[i]);
        if (p == NULL && m->peer_count < PEERS_MAX) {
            p = &m->peers[m->peer_count++];
            *p = (struct peer){ 0 };
            (void)snprintf(p->endpoint, sizeof(p->endpoint), "%s", peers[i].endpoint);
            (void)snprintf(p->public_key, sizeof(p->public_key), "%s", peers[i].public_key);
            connect_peer(m, p);
        }
        if (p != NULL)
            p->is_listed = true;
    }
    size_t kept = 0;
    for (size_t i = 0; i < m->peer_count; i++) {
        if (m->peers[i].is_listed)
            m->peers[kept++] = m->peers[i];
        else
            co_zsock_close(m->peers[i].sub, NULL, NULL);
    }
    m->peer_count = kept;
}

void co_mesh_listen(struct co_mesh *m, int lane, bool wanted)
{
    co_assert(lane >= 0 && lane < CO_LANES_MAX);
    if (m->wanted[lane] == wanted)
        return;
    m->wanted[lane] = wanted;
    for (size_t i = 0; i < m->peer_count; i++)
        if (m->peers[i].sub != NULL)
            subscribe(m, m->peers[i].sub, lane, wanted);
}

static void send_records(struct co_mesh *m, uint8_t topic, const void *records, size_t len)
{
    const struct co_frame frames[] = { { &topic, 1 }, { m->era, strlen(m->era) }, { records, len } };
    if (co_zsock_send(m->pub, frames, 3) != CO_OK)
        m->unsent++; /* a hint: whoever misses it reads the table */
}

static void send_held(struct co_mesh *m)
{
    if (m->held.len > 0)
        send_records(m, m->held.data[0], m->held.data + 1, m->held.len - 1);
    co_buf_clear(&m->held);
}

static void send_out(struct co_mesh *m, int lane)
{
    enum co_fault_message what = co_fault_message(m->options.fault, "publish");
    if (what == CO_FAULT_HOLD && m->held.len == 0) {
        (void)co_buf_append_u8(&m->held, (uint8_t)lane);
        (void)co_buf_append(&m->held, m->out.data, m->out.len);
    } else if (what != CO_FAULT_DROP) {
        send_records(m, (uint8_t)lane, m->out.data, m->out.len);
        if (what == CO_FAULT_DOUBLE)
            send_records(m, (uint8_t)lane, m->out.data, m->out.len);
        send_held(m);
    }
    co_buf_clear(&m->out);
}

void co_mesh_publish(struct co_mesh *m, int lane, const struct co_entry_raw *entries, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct co_entry_raw *e = &entries[i];
        if (m->out.len > 0 && m->out.len + e->body.len > PART_BYTES)
            send_out(m, lane);
        (void)co_buf_append_be64(&m->out, (uint64_t)e->seq);
        (void)co_buf_append_be64(&m->out, (uint64_t)e->at_us);
        (void)co_buf_append_be64(&m->out, (uint64_t)e->case_id);
        (void)co_buf_append_be16(&m->out, (uint16_t)e->kind);
        (void)co_buf_append_be32(&m->out, (uint32_t)e->body.len);
        (void)co_buf_append(&m->out, e->body.data, e->body.len);
    }
    if (m->out.err == CO_OK && m->out.len > 0)
        send_out(m, lane);
    co_buf_clear(&m->out);
}

void co_mesh_publish_step(struct co_mesh *m, int64_t domain_us)
{
    uint8_t body[8];
    for (int i = 0; i < 8; i++)
        body[i] = (uint8_t)((uint64_t)domain_us >> (56 - 8 * i));
    const struct co_frame frames[] = { { STEP_TOPIC, sizeof(STEP_TOPIC) }, { m->era, strlen(m->era) }, { body, 8 } };
    if (co_zsock_send(m->pub, frames, 3) != CO_OK)
        m->unsent++; /* the next beat of each instance reads the clock */
}
