/* co_mesh.h - tells the other instances at once what was committed.
 *
 * Each instance publishes on one XPUB socket and hears every other instance. A message is a hint, never the truth: it
 * may be lost, doubled or out of order. Frames: topic (one byte, the lane), era, records; or the topic of the
 * stepped clock, era, domain time (8 bytes). Messages of another era are dropped: they belong to a history that
 * this database does not have. Integers are big-endian.
 *
 *   record: seq 8, at_us 8, case_id 8, kind 2, length 4, body
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "co_fault.h"
#include "co_journal.h"
#include "co_log.h"

struct co_mesh;

struct co_mesh_options {
    uv_loop_t *loop;
    struct co_log *log;
    void *zmq;
    struct co_fault *fault;
    const char *endpoint; /* ipc://PATH, or tcp://ADDRESS:PORT with key_file */
    const char *key_file; /* the mesh's CURVE key pair, the same in every instance; NULL: ipc only */
    const char *announce; /* tcp: how others reach this endpoint, where it differs; NULL: as bound, see co_mesh_set_host() */
    void (*on_entries)(void *arg, int lane, const struct co_entry_raw *entries, size_t n);
    void (*on_step)(void *arg, int64_t domain_us);
    void (*on_era)(void *arg, const char *era); /* of a message from another era; may be NULL */
    void *arg;
};

struct co_mesh_peer {
    const char *endpoint;
    const char *public_key; /* "": no CURVE */
};

/* The ZAP domain of the mesh's sockets: only the mesh's own key may be allowed in it. */
#define CO_MESH_DOMAIN "mesh"

/* NULL: the endpoint cannot be bound, or the key file is missing for tcp (logged), or out of memory. */
struct co_mesh *co_mesh_open(const struct co_mesh_options *options);
void co_mesh_close(struct co_mesh **mesh_p); /* NULL inside is allowed */

const char *co_mesh_endpoint(const struct co_mesh *m);   /* how others reach it */
/* Where a wildcard is bound and nothing else was to be announced: others reach it at `host`, an address or a name. */
void co_mesh_set_host(struct co_mesh *m, const char *host);
const char *co_mesh_public_key(const struct co_mesh *m); /* "" without CURVE */

void co_mesh_set_era(struct co_mesh *m, const char *era);

/* Connects to these and to nobody else. */
void co_mesh_peers(struct co_mesh *m, const struct co_mesh_peer *peers, size_t n);

/* Whether messages of a lane are wanted. */
void co_mesh_listen(struct co_mesh *m, int lane, bool wanted);

void co_mesh_publish(struct co_mesh *m, int lane, const struct co_entry_raw *entries, size_t n);
void co_mesh_publish_step(struct co_mesh *m, int64_t domain_us);
