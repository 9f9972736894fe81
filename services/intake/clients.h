/* clients.h - who may speak to intake, what each may ask, and how much at a time.
 *
 * Who is speaking is the public key that CURVE proved; whose it is, is looked up at every request, so a
 * change of the registry counts at once, also on connections that are open. A client may have several keys. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "co_err.h"
#include "co_keys.h"
#include "co_registry.h"
#include "co_why.h"
#include "intake_guess.h"
#include "misuse.h"
#include "unread.h"

struct intake_clients;

/* A public key that was allowed once; lives as long as the clients. */
struct intake_key {
    char text[CO_KEY_TEXT];
    struct intake_client *client; /* whose it is now; NULL: nobody's any more */
    struct intake_client *before; /* the last change of the registry */
};

struct intake_client {
    char *key; /* the source of its tickets; "operator:NAME" for keys given by file */
    unsigned roles; /* bits of intake_roles.h */
    Callout__V1__Client *entry; /* of the registry, a copy; NULL: given by file, or not listed any more */
    bool is_strict;
    bool is_operator;  /* given by file, not by the registry */
    bool is_listed;    /* by the registry that was read last */
    uint32_t rate_per_s; /* 0: none */
    uint32_t in_flight;
    uint32_t asks; /* of those: questions to the database */
    struct intake_unread *unread; /* of its long answers */
    struct intake_misuse misuse;
    struct intake_guess guess; /* wrong codes */
    double tokens; /* of the rate */
    int64_t tokens_mono_us;
    double share_tokens;    /* tickets it may post while sla is behind */
    uint64_t posted, posted_before; /* tickets: in all, and at the last beat */
};

/* `operator_keys`: files with public keys, separated by commas; `admin_keys`: public keys in Z85, the same way; NULL or "": none.
 * `own_key`: the server's own public key, which gets in without roles, for the proof at start. NULL: out of memory, or a file
 * cannot be read, or a key is not one (`why` says). */
struct intake_clients *intake_clients_new(const char *operator_keys, const char *admin_keys, const char *own_key,
                                          struct co_why *why);
void intake_clients_free(struct intake_clients *c);

/* Takes the clients of a registry instead of those before. Returns how many keys are not whose they were. */
uint32_t intake_clients_update(struct intake_clients *c, const struct co_registry *registry);

/* NULL: nobody has this key. */
struct intake_key *intake_clients_find(const struct intake_clients *c, const char *public_key);

/* Takes one request off the client's rate. False: too many; *ret_wait_ms says when there is room again. */
CO_MUST_CHECK bool intake_client_spend(struct intake_client *client, int64_t now_mono_us, uint32_t *ret_wait_ms);

/* Calls `each` for every client that is known. */
void intake_clients_each(struct intake_clients *c, void (*each)(struct intake_client *client, void *arg), void *arg);
