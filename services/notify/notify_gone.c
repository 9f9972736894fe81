#include "notify_gone.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "co_strmap.h"
#include "co_text.h"

enum { ADDRESSES_MAX = 10000 };

struct notify_gone {
    struct co_strmap *by_address;
};

static void write_hash(const char *url, char ret[static NOTIFY_GONE_TEXT])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(hash, (const unsigned char *)url, strlen(url));
    (void)sodium_bin2hex(ret, NOTIFY_GONE_TEXT, hash, sizeof(hash));
}

struct notify_gone_address *notify_gone_address_new(const char *address, enum co_kind kind,
                                                    const char *key, uint64_t since)
{
    size_t key_size = strlen(key) + 1;
    struct notify_gone_address *a = calloc(1, sizeof(*a) + key_size);
    if (a == NULL)
        return NULL;
    (void)co_text_copy(a->address, sizeof(a->address), address);
    a->kind = kind;
    a->since = since;
    memcpy(a->key, key, key_size);
    return a;
}

struct notify_gone_address *notify_gone_address_of(const struct co_registry *r, const char *person,
                                                   const char *channel, const char *url)
{
    char hash[NOTIFY_GONE_TEXT];
    const struct co_object *o = co_registry_get(r, CO_KIND_PERSON, person);
    if (o == NULL || strcmp(o->message->person->webhook, url) != 0)
        o = co_registry_get(r, CO_KIND_CHANNEL, channel);
    if (o == NULL)
        return NULL;
    write_hash(url, hash);
    return notify_gone_address_new(hash, o->kind, o->key, o->since);
}

struct notify_gone *notify_gone_new(uint64_t seed)
{
    struct notify_gone *g = calloc(1, sizeof(*g));
    if (g == NULL)
        return NULL;
    g->by_address = co_strmap_new(ADDRESSES_MAX, seed);
    if (g->by_address != NULL)
        return g;
    free(g);
    return NULL;
}

void notify_gone_free(struct notify_gone *g)
{
    uint32_t pos = 0;
    const char *address;
    void *value;
    if (g == NULL)
        return;
    while (co_strmap_next(g->by_address, &pos, &address, &value))
        free(value);
    co_strmap_free(g->by_address);
    free(g);
}

static bool is_same(const struct notify_gone_address *a, const struct notify_gone_address *b)
{
    return a->kind == b->kind && a->since == b->since && strcmp(a->key, b->key) == 0;
}

bool notify_gone_put(struct notify_gone *g, const struct notify_gone_address *a)
{
    struct notify_gone_address *before = co_strmap_get(g->by_address, a->address);
    if (before != NULL && is_same(before, a))
        return false;
    struct notify_gone_address *copy =
        notify_gone_address_new(a->address, a->kind, a->key, a->since);
    if (copy == NULL || co_strmap_put(g->by_address, copy->address, copy) != CO_OK) {
        free(copy);
        return false;
    }
    free(before);
    return true;
}

bool notify_gone_has(const struct notify_gone *g, const struct co_registry *r, const char *address)
{
    const struct notify_gone_address *a = co_strmap_get(g->by_address, address);
    const struct co_object *o = a == NULL ? NULL : co_registry_get(r, a->kind, a->key);
    return o != NULL && o->since == a->since;
}

bool notify_gone_has_url(const struct notify_gone *g, const struct co_registry *r, const char *url)
{
    char hash[NOTIFY_GONE_TEXT];
    if (co_strmap_len(g->by_address) == 0)
        return false;
    write_hash(url, hash);
    return notify_gone_has(g, r, hash);
}
