/* Walks the registry, and the checks that everything is made of. */
#include "co_check.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_strmap.h"
#include "co_text.h"

#define MEMORY_LIMIT_BYTES ((size_t)16 * 1024 * 1024)
#define CLIENT_KEYS_MAX 1000000
#define KEY_CHARS 64
#define NAMES_MAX 5000           /* looked at for "did you mean", ... */
#define NEAREST_PROBLEMS_MAX 100 /* ... which takes time, so for the first problems only */

struct co_problems {
    struct co_arena *arena;
    struct co_problem problem[CO_PROBLEMS_MAX];
    size_t count;
};

size_t check_push(struct co_check *c, const char *name)
{
    size_t mark = c->path_len;
    size_t left = sizeof(c->path) - mark;
    int n = snprintf(c->path + mark, left, "%s%s", mark == 0 ? "" : ".", name);
    if (n > 0)
        c->path_len = mark + ((size_t)n < left ? (size_t)n : left - 1);
    return mark;
}

size_t check_push_index(struct co_check *c, const char *name, size_t i)
{
    char text[96];
    snprintf(text, sizeof(text), "%s[%zu]", name, i);
    return check_push(c, text);
}

void check_pop(struct co_check *c, size_t mark)
{
    c->path_len = mark;
    c->path[mark] = '\0';
}

void check_say(struct co_check *c, const char *field, const char *allowed, const char *format, ...)
{
    char text[512];
    va_list args;
    if (c->count == CO_PROBLEMS_MAX)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    size_t mark = c->path_len;
    if (field[0] != '\0')
        check_push(c, field);
    struct co_problem p = { c->object->kind,
                            c->object->key,
                            co_arena_strdup(c->arena, c->path),
                            co_arena_strdup(c->arena, text),
                            co_arena_strdup(c->arena, allowed),
                            c->is_reference };
    check_pop(c, mark);
    if (p.path == NULL || p.message == NULL || p.allowed == NULL)
        c->is_out_of_memory = true;
    else
        c->problem[c->count++] = p;
}

void check_key(struct co_check *c, const char *field, const char *key)
{
    static const char chars[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t len = strlen(key);
    if (len == 0 || len > KEY_CHARS || strspn(key, chars) != len)
        check_say(c, field, "1 to 64 characters of a-z 0-9 . _ -", "\"%.80s\" is no key", key);
}

void check_name(struct co_check *c, const char *field, const char *name)
{
    static const char chars[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    size_t len = strlen(name);
    if (len == 0 || len > KEY_CHARS || strspn(name, chars) != len ||
        !islower((unsigned char)name[0]))
        check_say(c, field, "1 to 64 characters of a-z 0-9 _, a letter first",
                  "\"%.80s\" is no name", name);
}

void check_text(struct co_check *c, const char *field, const Callout__V1__Text *text)
{
    if (text == NULL || (text->zh[0] == '\0' && text->en[0] == '\0'))
        check_say(c, field, "a text, or {zh: ..., en: ...}", "is needed in at least one language");
}

/* The name of that kind nearest to `key`, NULL: none is near. */
static const char *nearest_key(const struct co_registry *r, enum co_kind kind, const char *key)
{
    const char *best = NULL;
    uint32_t count = co_registry_count(r, kind);
    for (uint32_t i = 0; i < count && i < NAMES_MAX; i++) {
        const char *pair[2] = { best, co_registry_at(r, kind, i)->key };
        const char *near =
            best == NULL ? co_text_nearest(key, pair + 1, 1) : co_text_nearest(key, pair, 2);
        best = near == NULL ? best : near;
    }
    return best;
}

void check_ref(struct co_check *c, const char *field, enum co_kind kind, const char *key,
               bool is_required)
{
    char allowed[64];
    if (key[0] == '\0' && !is_required)
        return;
    if (co_registry_get(c->registry, kind, key) != NULL)
        return;
    snprintf(allowed, sizeof(allowed), "the key of a %s", co_kind_name(kind));
    bool is_asked = key[0] != '\0' && c->count < NEAREST_PROBLEMS_MAX;
    const char *nearest = is_asked ? nearest_key(c->registry, kind, key) : NULL;
    c->is_reference = key[0] != '\0';
    if (key[0] == '\0')
        check_say(c, field, allowed, "is needed");
    else if (nearest != NULL)
        check_say(c, field, allowed, "no %s \"%.64s\"; did you mean \"%s\"?", co_kind_name(kind),
                  key, nearest);
    else
        check_say(c, field, allowed, "no %s \"%.64s\"", co_kind_name(kind), key);
    c->is_reference = false;
}

void check_range(struct co_check *c, const char *field, double x, double low, double high)
{
    char allowed[64];
    if (x >= low && x <= high)
        return;
    snprintf(allowed, sizeof(allowed), "%.15g to %.15g", low, high);
    check_say(c, field, allowed, "%.15g is out of range", x);
}

static void check_object(struct co_check *c, const struct co_object *o)
{
    const Callout__V1__RegistryObject *m = o->message;
    c->object = o;
    check_pop(c, 0);
    check_key(c, o->kind == CO_KIND_POLICY ? "name" : "key", o->key);
    switch (o->kind) {
    case CO_KIND_CUSTOMER:
        check_customer(c, m->customer);
        break;
    case CO_KIND_SITE:
        check_site(c, m->site);
        break;
    case CO_KIND_PERSON:
        check_person(c, m->person);
        break;
    case CO_KIND_OFFICE:
        check_office(c, m->office);
        break;
    case CO_KIND_ENGINEER:
        check_engineer(c, m->engineer);
        break;
    case CO_KIND_PRODUCT:
        check_product(c, m->product);
        break;
    case CO_KIND_CONTRACT:
        check_contract(c, m->contract);
        break;
    case CO_KIND_CALENDAR:
        check_calendar(c, m->calendar);
        break;
    case CO_KIND_POLICY:
        check_policy(c, m->policy);
        break;
    case CO_KIND_CHANNEL:
        check_channel(c, m->channel);
        break;
    case CO_KIND_CLIENT:
        check_client(c, m->client);
        break;
    case CO_KIND_DESK:
        check_desk(c, m->desk);
        break;
    case CO_KIND_EXCLUSION:
        check_exclusion(c, m->exclusion);
        break;
    case CO_KIND_ROSTER:
        check_roster(c, m->roster);
        break;
    case CO_KIND_AREA:
        check_area(c, m->area);
        break;
    case CO_KIND_PLAN:
        check_plan(c, m->plan);
        break;
    case CO_KIND_ADVISORY:
        check_advisory(c, m->advisory);
        break;
    case CO_KIND_COMPATIBILITY:
        check_text(c, "name", m->compatibility->name);
        check_refs(c, "products", CO_KIND_PRODUCT, m->compatibility->products,
                   m->compatibility->n_products);
        break;
    case CO_KIND_RESOURCE:
        check_resource(c, m->resource);
        break;
    case CO_KIND_NONE:
    case CO_KINDS:
        break;
    }
}

struct co_problems *co_registry_check(const struct co_registry *r)
{
    struct co_problems *p = calloc(1, sizeof(*p));
    if (p == NULL)
        return NULL;
    p->arena = co_arena_new(MEMORY_LIMIT_BYTES);
    struct co_strmap *client_keys = co_strmap_new(CLIENT_KEYS_MAX, 0);
    struct co_check c = { .registry = r, .arena = p->arena, .problem = p->problem, .client_keys = client_keys };
    bool has_memory = p->arena != NULL && client_keys != NULL;
    for (enum co_kind k = CO_KIND_CUSTOMER; has_memory && k < CO_KINDS; k++)
        for (uint32_t i = 0; i < co_registry_count(r, k); i++)
            check_object(&c, co_registry_at(r, k, i));
    co_strmap_free(client_keys);
    p->count = c.count;
    if (has_memory && !c.is_out_of_memory)
        return p;
    co_problems_free(p);
    return NULL;
}

void co_problems_free(struct co_problems *p)
{
    if (p != NULL)
        co_arena_free(p->arena);
    free(p);
}

size_t co_problems_count(const struct co_problems *p)
{
    return p->count;
}

const struct co_problem *co_problems_at(const struct co_problems *p, size_t i)
{
    return i < p->count ? &p->problem[i] : NULL;
}
