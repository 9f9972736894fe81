/* Names that look like a reference that is not known. */
#include <stdbool.h>
#include <string.h>

#include "co_entitle.h"
#include "co_product.h"
#include "co_text.h"

#define BINS 32

/* How often each letter occurs, letters being put into bins. The larger number of letters that one
 * text has more than the other is never more than their distance (keys are ASCII), and counted 50
 * times as fast. */
struct letters {
    int8_t count[BINS];
};

struct near_names {
    struct letters letters; /* of the value */
    const char *name[CO_UNKNOWN_NEAREST];
    unsigned distance[CO_UNKNOWN_NEAREST];
    size_t count;
    unsigned limit; /* farther is not near */
};

static struct letters letters_of(const char *text)
{
    struct letters l = { { 0 } };
    for (size_t i = 0; text[i] != '\0' && i < CO_TEXT_DISTANCE_CHARS; i++)
        l.count[(unsigned char)text[i] % BINS]++;
    return l;
}

static unsigned at_least(const struct letters *a, const struct letters *b)
{
    unsigned more = 0;
    unsigned less = 0;
    for (size_t i = 0; i < BINS; i++) {
        int d = a->count[i] - b->count[i];
        more += (unsigned)(d > 0 ? d : 0);
        less += (unsigned)(d < 0 ? -d : 0);
    }
    return more > less ? more : less;
}

/* Keeps the best, the first among equals. */
static void offer(struct near_names *near, const char *value, const char *name)
{
    bool is_full = near->count == CO_UNKNOWN_NEAREST;
    unsigned limit = is_full ? near->distance[CO_UNKNOWN_NEAREST - 1] : near->limit + 1;
    if (limit == 0)
        return;
    struct letters letters = letters_of(name);
    if (at_least(&near->letters, &letters) >= limit)
        return;
    unsigned d = co_text_distance(value, name, limit - 1);
    if (d >= limit)
        return;
    size_t at = is_full ? CO_UNKNOWN_NEAREST - 1 : near->count++;
    for (; at > 0 && near->distance[at - 1] > d; at--) {
        near->name[at] = near->name[at - 1];
        near->distance[at] = near->distance[at - 1];
    }
    near->name[at] = name;
    near->distance[at] = d;
}

static bool is_of(const struct co_object *o, const char *customer)
{
    if (customer[0] == '\0')
        return true;
    if (o->kind == CO_KIND_SITE)
        return strcmp(o->message->site->customer, customer) == 0;
    return o->kind != CO_KIND_CONTRACT || strcmp(o->message->contract->customer, customer) == 0;
}

/* Where names like `value` begin in the order of keys, for a look at CO_UNKNOWN_SCAN of them. */
static uint32_t window_of(const struct co_registry *r, enum co_kind kind, const char *value)
{
    uint32_t low = 0;
    uint32_t high = co_registry_count(r, kind);
    uint32_t last = high > CO_UNKNOWN_SCAN ? high - CO_UNKNOWN_SCAN : 0;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (strcmp(co_registry_at(r, kind, mid)->key, value) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    uint32_t first = low > CO_UNKNOWN_SCAN / 2 ? low - CO_UNKNOWN_SCAN / 2 : 0;
    return first < last ? first : last;
}

static void scan(const struct co_registry *r, enum co_kind kind, const char *value,
                 const char *customer, struct near_names *near)
{
    uint32_t count = co_registry_count(r, kind);
    uint32_t left = CO_UNKNOWN_SCAN;
    uint32_t first = customer[0] == '\0' ? window_of(r, kind, value) : 0;
    for (uint32_t i = first; i < count && left > 0; i++) {
        const struct co_object *o = co_registry_at(r, kind, i);
        if (!is_of(o, customer))
            continue;
        left--;
        offer(near, value, o->key);
    }
}

static struct near_names near_to(const char *value)
{
    size_t len = strlen(value);
    return (struct near_names){ .letters = letters_of(value),
                                .limit = len < 3 ? 1 : (unsigned)(len > 60 ? 20 : len / 3) };
}

static struct co_unknown found(const char *field, const char *value, const struct near_names *near)
{
    struct co_unknown u = { .field = field, .value = value, .nearest_count = near->count };
    memcpy(u.nearest, near->name, sizeof(near->name));
    return u;
}

static struct co_unknown look(const struct co_registry *r, enum co_kind kind, const char *value,
                              const char *customer)
{
    const char *field = kind == CO_KIND_POLICY ? "offering" : co_kind_name(kind);
    struct near_names near = near_to(value);
    scan(r, kind, value, customer, &near);
    if (near.count == 0 && customer[0] != '\0')
        scan(r, kind, value, "", &near);
    return found(field, value, &near);
}

static bool is_unknown_version(const Callout__V1__Product *p, const char *version)
{
    return p != NULL && p->n_versions > 0 && version != NULL && version[0] != '\0' &&
           co_product_version(p, version) == NULL;
}

static struct co_unknown look_for_version(const Callout__V1__Product *p, const char *version)
{
    struct near_names near = near_to(version);
    for (size_t i = 0; i < p->n_versions && i < CO_UNKNOWN_SCAN; i++)
        offer(&near, version, p->versions[i]->key);
    return found("version", version, &near);
}

size_t co_entitle_unknown(const struct co_registry *r, const struct co_entitle_ask *ask,
                          struct co_unknown ret_unknown[static CO_UNKNOWN_FIELDS])
{
    const struct {
        enum co_kind kind;
        const char *value;
    } reference[] = { { CO_KIND_CUSTOMER, ask->customer },
                      { CO_KIND_CONTRACT, ask->contract },
                      { CO_KIND_SITE, ask->site },
                      { CO_KIND_PRODUCT, ask->product },
                      { CO_KIND_POLICY, ask->offering } };
    const Callout__V1__Customer *customer = co_registry_customer(r, ask->customer);
    const Callout__V1__Product *product = co_registry_product(r, ask->product);
    size_t count = 0;
    for (size_t i = 0; i < sizeof(reference) / sizeof(reference[0]); i++) {
        const char *value = reference[i].value;
        if (value == NULL || value[0] == '\0' ||
            co_registry_get(r, reference[i].kind, value) != NULL)
            continue;
        ret_unknown[count++] =
            look(r, reference[i].kind, value, customer == NULL ? "" : customer->key);
    }
    if (is_unknown_version(product, ask->version))
        ret_unknown[count++] = look_for_version(product, ask->version);
    return count;
}
