#include "clients.h"

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_strmap.h"
#include "intake_roles.h"
#include "intake_scope.h"

enum { CLIENTS_MAX = 100000, KEYS_MAX = 800000, PATH_BYTES = 1024, NAME_BYTES = 128 };

struct intake_clients {
    struct co_strmap *by_name; /* every client there ever was in this process; owns them */
    struct co_strmap *keys;    /* every key, the same way */
};

static void free_client(struct intake_client *client)
{
    if (client->entry != NULL)
        callout__v1__client__free_unpacked(client->entry, NULL);
    intake_unread_drop(client->unread);
    free(client->key);
    free(client);
}

static struct intake_client *find_or_add(struct intake_clients *c, const char *name)
{
    struct intake_client *client = co_strmap_get(c->by_name, name);
    if (client != NULL)
        return client;
    client = calloc(1, sizeof(*client));
    if (client == NULL)
        return NULL;
    client->key = strdup(name);
    client->unread = intake_unread_new();
    if (client->key == NULL || client->unread == NULL || co_strmap_put(c->by_name, client->key, client) != CO_OK) {
        free_client(client);
        return NULL;
    }
    return client;
}

/* NULL: out of memory. */
static struct intake_key *find_or_add_key(struct intake_clients *c, const char *public_key)
{
    struct intake_key *key = co_strmap_get(c->keys, public_key);
    if (key != NULL)
        return key;
    key = calloc(1, sizeof(*key));
    if (key == NULL)
        return NULL;
    memcpy(key->text, public_key, CO_KEY_TEXT);
    if (co_strmap_put(c->keys, key->text, key) == CO_OK)
        return key;
    free(key);
    return NULL;
}

static bool add_key(struct intake_clients *c, const char *name, unsigned roles, const char *public_key)
{
    struct intake_client *client = find_or_add(c, name);
    struct intake_key *key = find_or_add_key(c, public_key);
    if (client == NULL || key == NULL)
        return false;
    client->roles = roles;
    client->is_operator = client->is_listed = true;
    key->client = client;
    return true;
}

/* "etc/keys/admin.pub" gives "operator:admin". */
static void operator_name(const char *path, char name[static NAME_BYTES])
{
    char copy[PATH_BYTES];
    (void)snprintf(copy, sizeof(copy), "%s", path);
    char *base = basename(copy);
    char *dot = strrchr(base, '.');
    if (dot != NULL && dot != base)
        *dot = '\0';
    (void)snprintf(name, NAME_BYTES, "operator:%.100s", base);
}

static bool add_operator_file(struct intake_clients *c, const char *path, unsigned nth, struct co_why *why)
{
    char name[NAME_BYTES], public_key[CO_KEY_TEXT];
    (void)nth;
    if (co_keys_read_public(path, public_key, why) != CO_OK)
        return false;
    operator_name(path, name);
    return add_key(c, name, INTAKE_ALL, public_key);
}

static bool add_admin_key(struct intake_clients *c, const char *text, unsigned nth, struct co_why *why)
{
    char name[NAME_BYTES] = "operator:admin", public_key[CO_KEY_TEXT];
    uint8_t bytes[CO_KEY_BYTES];
    if (co_keys_decode(text, bytes) != CO_OK) {
        co_why_set(why, "admin-key: not a public key of 40 characters in Z85");
        return false;
    }
    if (nth > 1)
        (void)snprintf(name, sizeof(name), "operator:admin-%u", nth);
    co_keys_encode(bytes, public_key);
    return add_key(c, name, INTAKE_ALL, public_key);
}

/* Calls `add` for each piece of a list. */
static bool add_list(struct intake_clients *c, const char *pieces, struct co_why *why,
                     bool (*add)(struct intake_clients *c, const char *piece, unsigned nth, struct co_why *why))
{
    unsigned nth = 0;
    for (const char *at = pieces == NULL ? "" : pieces; *at != '\0';) {
        char piece[PATH_BYTES];
        size_t len = strcspn(at, ",");
        (void)snprintf(piece, sizeof(piece), "%.*s", (int)len, at);
        at += len + (at[len] == ',');
        if (piece[0] != '\0' && !add(c, piece, ++nth, why))
            return false;
    }
    return true;
}

struct intake_clients *intake_clients_new(const char *operator_keys, const char *admin_keys, const char *own_key,
                                          struct co_why *why)
{
    struct intake_clients *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return NULL;
    c->by_name = co_strmap_new(CLIENTS_MAX, 0);
    c->keys = co_strmap_new(KEYS_MAX, 0);
    bool is_whole = c->by_name != NULL && c->keys != NULL;
    if (is_whole && add_list(c, operator_keys, why, add_operator_file) && add_list(c, admin_keys, why, add_admin_key) &&
        add_key(c, "self:intake", 0, own_key))
        return c;
    intake_clients_free(c);
    return NULL;
}

void intake_clients_free(struct intake_clients *c)
{
    if (c == NULL)
        return;
    uint32_t at = 0;
    const char *name;
    void *client;
    while (c->by_name != NULL && co_strmap_next(c->by_name, &at, &name, &client))
        free_client(client);
    at = 0;
    while (c->keys != NULL && co_strmap_next(c->keys, &at, &name, &client))
        free(client);
    co_strmap_free(c->by_name);
    co_strmap_free(c->keys);
    free(c);
}

void intake_clients_each(struct intake_clients *c, void (*each)(struct intake_client *client, void *arg), void *arg)
{
    uint32_t at = 0;
    const char *name;
    void *client;
    while (co_strmap_next(c->by_name, &at, &name, &client))
        each(client, arg);
}

static void unlist(struct intake_client *client, void *arg)
{
    (void)arg;
    client->is_listed = client->is_operator;
    if (client->entry != NULL)
        callout__v1__client__free_unpacked(client->entry, NULL);
    client->entry = NULL;
}

/* NULL: out of memory. */
static Callout__V1__Client *copy_entry(const Callout__V1__Client *from)
{
    size_t len = callout__v1__client__get_packed_size(from);
    uint8_t *bytes = malloc(len + 1);
    if (bytes == NULL)
        return NULL;
    (void)callout__v1__client__pack(from, bytes);
    Callout__V1__Client *copy = callout__v1__client__unpack(NULL, len, bytes);
    free(bytes);
    return copy;
}

/* Keys of operators win over the same key in the registry. */
static void give_key(struct intake_clients *c, struct intake_client *client, const char *public_key)
{
    struct intake_key *key = strlen(public_key) == CO_KEY_TEXT - 1 ? find_or_add_key(c, public_key) : NULL;
    if (key != NULL && key->client == NULL)
        key->client = client;
}

/* A client with a scope never changes the registry, nor operates the suite: both are about everybody. */
static unsigned roles_of(const Callout__V1__Client *from)
{
    unsigned roles = intake_roles_of(from->roles, from->n_roles);
    return intake_scope_is_limited(from) ? roles & ~(unsigned)(INTAKE_APPLY | INTAKE_OPERATE) : roles;
}

static void list(struct intake_clients *c, const Callout__V1__Client *from)
{
    struct intake_client *client = find_or_add(c, from->key);
    if (client == NULL || client->is_operator || (client->entry = copy_entry(from)) == NULL)
        return;
    client->roles = roles_of(from);
    client->is_strict = from->strict;
    client->rate_per_s = from->rate_per_s;
    client->is_listed = true;
    give_key(c, client, from->public_key);
    for (size_t i = 0; i < from->n_public_keys; i++)
        give_key(c, client, from->public_keys[i]);
}

uint32_t intake_clients_update(struct intake_clients *c, const struct co_registry *registry)
{
    uint32_t at = 0, changed = 0;
    const char *text;
    void *value;
    while (co_strmap_next(c->keys, &at, &text, &value)) {
        struct intake_key *key = value;
        key->before = key->client;
        key->client = key->client != NULL && key->client->is_operator ? key->client : NULL;
    }
    intake_clients_each(c, unlist, NULL);
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_CLIENT); i++)
        list(c, co_registry_at(registry, CO_KIND_CLIENT, i)->message->client);
    at = 0;
    while (co_strmap_next(c->keys, &at, &text, &value)) {
        const struct intake_key *key = value;
        changed += key->before != NULL && key->client != key->before;
    }
    return changed;
}

struct intake_key *intake_clients_find(const struct intake_clients *c, const char *public_key)
{
    struct intake_key *key = co_strmap_get(c->keys, public_key);
    return key == NULL || key->client == NULL ? NULL : key;
}

bool intake_client_spend(struct intake_client *client, int64_t now_mono_us, uint32_t *ret_wait_ms)
{
    if (client->rate_per_s == 0)
        return true;
    double rate = client->rate_per_s; /* also how many it may send at once */
    double grown = client->tokens + (double)(now_mono_us - client->tokens_mono_us) / 1e6 * rate;
    client->tokens = client->tokens_mono_us == 0 || grown > rate ? rate : grown;
    client->tokens_mono_us = now_mono_us;
    if (client->tokens < 1) {
        *ret_wait_ms = 1 + (uint32_t)((1 - client->tokens) / rate * 1000);
        return false;
    }
    client->tokens -= 1;
    return true;
}
