#include "co_registry.h"

#include <stdlib.h>
#include <string.h>

#include "co_arena.h"
#include "co_assert.h"
#include "co_strmap.h"

/* Objects in order. Inserting moves what comes after: nothing when they arrive in order, at worst
 * 20 us with 50,000 in. */
struct list {
    struct co_object **item;
    uint32_t len;
    uint32_t cap;
};

typedef int compare(const struct co_object *a, const struct co_object *b);

struct co_registry {
    uint64_t version;
    uint64_t changes;
    uint32_t limit;
    uint32_t len;
    size_t bytes;
    struct co_arena *scratch;
    struct co_strmap *map[CO_KINDS];
    struct list list[CO_KINDS];
    struct list contracts; /* by customer, then key */
    struct list sites;     /* the same */
};

static int by_key(const struct co_object *a, const struct co_object *b)
{
    return strcmp(a->key, b->key);
}

/* Of a contract or a site. */
static const char *customer_of(const struct co_object *o)
{
    return o->kind == CO_KIND_CONTRACT ? o->message->contract->customer
                                       : o->message->site->customer;
}

static int by_customer(const struct co_object *a, const struct co_object *b)
{
    int c = strcmp(customer_of(a), customer_of(b));
    return c != 0 ? c : by_key(a, b);
}

/* The place of the first item that is not before `o`. */
static uint32_t place_of(const struct list *l, const struct co_object *o, compare *cmp)
{
    uint32_t low = 0;
    uint32_t high = l->len;
    if (high > 0 && cmp(l->item[high - 1], o) < 0)
        return high;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (cmp(l->item[mid], o) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static bool make_room(struct list *l)
{
    if (l->len < l->cap)
        return true;
    uint32_t cap = l->cap == 0 ? 16 : l->cap * 2;
    struct co_object **item = realloc(l->item, cap * sizeof(*item));
    if (item == NULL)
        return false;
    l->item = item;
    l->cap = cap;
    return true;
}

/* The list by customer that objects of the kind are in, too; NULL: there is none. */
static struct list *list_by_customer(struct co_registry *r, enum co_kind kind)
{
    if (kind == CO_KIND_CONTRACT)
        return &r->contracts;
    return kind == CO_KIND_SITE ? &r->sites : NULL;
}

/* Needs room. */
static void insert(struct list *l, struct co_object *o, compare *cmp)
{
    uint32_t at = place_of(l, o, cmp);
    memmove(&l->item[at + 1], &l->item[at], (l->len - at) * sizeof(l->item[0]));
    l->item[at] = o;
    l->len++;
}

static void drop(struct list *l, const struct co_object *o, compare *cmp)
{
    uint32_t at = place_of(l, o, cmp);
    co_assert(at < l->len && l->item[at] == o);
    l->len--;
    memmove(&l->item[at], &l->item[at + 1], (l->len - at) * sizeof(l->item[0]));
}

struct co_registry *co_registry_new(uint32_t limit)
{
    co_assert(limit > 0);
    struct co_registry *r = calloc(1, sizeof(*r));
    if (r == NULL)
        return NULL;
    r->limit = limit;
    r->scratch = co_arena_new(CO_OBJECT_UNPACKED_LIMIT_BYTES);
    bool is_whole = r->scratch != NULL;
    for (enum co_kind k = CO_KIND_CUSTOMER; k < CO_KINDS; k++) {
        r->map[k] = co_strmap_new(limit, 0); /* keys are chosen by administrators */
        is_whole = is_whole && r->map[k] != NULL;
    }
    if (is_whole)
        return r;
    co_registry_free(r);
    return NULL;
}

void co_registry_free(struct co_registry *r)
{
    if (r == NULL)
        return;
    for (enum co_kind k = CO_KIND_CUSTOMER; k < CO_KINDS; k++) {
        for (uint32_t i = 0; i < r->list[k].len; i++)
            co_object_free(r->list[k].item[i]);
        free(r->list[k].item);
        co_strmap_free(r->map[k]);
    }
    free(r->contracts.item);
    free(r->sites.item);
    co_arena_free(r->scratch);
    free(r);
}

void co_registry_set_version(struct co_registry *r, uint64_t version)
{
    r->version = version;
}

uint64_t co_registry_version(const struct co_registry *r)
{
    return r->version;
}

uint64_t co_registry_changes(const struct co_registry *r)
{
    return r->changes;
}

static void unlink_object(struct co_registry *r, struct co_object *o)
{
    struct list *owned = list_by_customer(r, o->kind);
    drop(&r->list[o->kind], o, by_key);
    if (owned != NULL)
        drop(owned, o, by_customer);
    r->bytes -= o->size;
    r->len--;
}

/* Takes `o` over: in the registry or, on failure, freed. */
static enum co_err put(struct co_registry *r, struct co_object *o)
{
    struct co_object *old = co_strmap_get(r->map[o->kind], o->key);
    struct list *owned = list_by_customer(r, o->kind);
    enum co_err err = CO_OK;
    if (old == NULL && r->len == r->limit)
        err = CO_EFULL;
    else if (!make_room(&r->list[o->kind]) || (owned != NULL && !make_room(owned)))
        err = CO_ENOMEM;
    else
        err = co_strmap_put(r->map[o->kind], o->key, o);
    if (err != CO_OK) {
        co_object_free(o);
        return err;
    }
    if (old != NULL)
        unlink_object(r, old);
    co_object_free(old);
    insert(&r->list[o->kind], o, by_key);
    if (owned != NULL)
        insert(owned, o, by_customer);
    r->bytes += o->size;
    r->len++;
    r->changes++;
    return CO_OK;
}

enum co_err co_registry_put(struct co_registry *r, const uint8_t *bytes, size_t len, uint64_t since)
{
    struct co_object *o = NULL;
    enum co_err err = co_object_new(r->scratch, bytes, len, since, &o);
    return err != CO_OK ? err : put(r, o);
}

enum co_err co_registry_put_message(struct co_registry *r,
                                    const Callout__V1__RegistryObject *message, uint64_t since)
{
    struct co_object *o = NULL;
    enum co_err err = co_object_new_message(r->scratch, message, since, &o);
    return err != CO_OK ? err : put(r, o);
}

enum co_err co_registry_put_object(struct co_registry *r, const struct co_object *object)
{
    return co_registry_put(r, object->bytes, object->len, object->since);
}

bool co_registry_remove(struct co_registry *r, enum co_kind kind, const char *key)
{
    co_assert(kind > CO_KIND_NONE && kind < CO_KINDS);
    struct co_object *o = co_strmap_take(r->map[kind], key);
    if (o == NULL)
        return false;
    unlink_object(r, o);
    co_object_free(o);
    r->changes++;
    return true;
}

const struct co_object *co_registry_get(const struct co_registry *r, enum co_kind kind,
                                        const char *key)
{
    co_assert(kind > CO_KIND_NONE && kind < CO_KINDS);
    return key == NULL ? NULL : co_strmap_get(r->map[kind], key);
}

uint32_t co_registry_count(const struct co_registry *r, enum co_kind kind)
{
    co_assert(kind > CO_KIND_NONE && kind < CO_KINDS);
    return r->list[kind].len;
}

const struct co_object *co_registry_at(const struct co_registry *r, enum co_kind kind, uint32_t i)
{
    co_assert(i < co_registry_count(r, kind));
    return r->list[kind].item[i];
}

/* The first object whose customer is not before `customer`, or is after it. */
static uint32_t edge_of(const struct list *l, const char *customer, bool is_after)
{
    uint32_t low = 0;
    uint32_t high = l->len;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        int c = strcmp(customer_of(l->item[mid]), customer);
        if (c < 0 || (is_after && c == 0))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static uint32_t all_of(const struct list *l, const char *customer,
                       const struct co_object *const **ret_first)
{
    uint32_t first = edge_of(l, customer, false);
    *ret_first = (const struct co_object *const *)&l->item[first];
    return edge_of(l, customer, true) - first;
}

uint32_t co_registry_contracts_of(const struct co_registry *r, const char *customer,
                                  const struct co_object *const **ret_first)
{
    return all_of(&r->contracts, customer, ret_first);
}

uint32_t co_registry_sites_of(const struct co_registry *r, const char *customer,
                              const struct co_object *const **ret_first)
{
    return all_of(&r->sites, customer, ret_first);
}

#define TYPED(type, member, KIND)                                                                  \
    const Callout__V1__##type *co_registry_##member(const struct co_registry *r, const char *key)  \
    {                                                                                              \
        const struct co_object *o = co_registry_get(r, CO_KIND_##KIND, key);                       \
        return o == NULL ? NULL : o->message->member;                                              \
    }

TYPED(Customer, customer, CUSTOMER)
TYPED(Site, site, SITE)
TYPED(Person, person, PERSON)
TYPED(Office, office, OFFICE)
TYPED(Engineer, engineer, ENGINEER)
TYPED(Product, product, PRODUCT)
TYPED(Contract, contract, CONTRACT)
TYPED(Calendar, calendar, CALENDAR)
TYPED(PolicyPack, policy, POLICY)
TYPED(Channel, channel, CHANNEL)
TYPED(Client, client, CLIENT)
TYPED(Desk, desk, DESK)

bool co_registry_pin(const struct co_registry *r, enum co_kind kind, const char *key,
                     Callout__V1__Pin *ret_pin)
{
    const struct co_object *o = co_registry_get(r, kind, key);
    if (o == NULL)
        return false;
    callout__v1__pin__init(ret_pin);
    ret_pin->key = o->key;
    ret_pin->since = o->since;
    return true;
}

size_t co_registry_bytes(const struct co_registry *r)
{
    return r->bytes;
}
