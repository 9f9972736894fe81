#include "dispatch_staff.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "co_strmap.h"

/* The highest level at which a product is worked on in an office. */
struct ability {
    const char *product; /* as dispatch_staff_product() gives it: equal texts, one pointer */
    int64_t level;
};

struct group {
    uint32_t first; /* of its engineers */
    uint32_t count;
    uint32_t first_ability;
    uint32_t abilities;
    int64_t all_products; /* highest level of those who work on everything */
    int64_t any;          /* of anybody */
};

struct dispatch_staff {
    struct group *group; /* by office */
    uint32_t offices;
    const Callout__V1__Engineer **engineer; /* by office, then by key */
    struct co_strmap *products;             /* each to itself */
    struct ability *ability;                /* by office, then by product */
};

static const Callout__V1__Engineer *engineer_at(const struct co_registry *registry, uint32_t i)
{
    return co_registry_at(registry, CO_KIND_ENGINEER, i)->message->engineer;
}

/* The group of the office; NULL when there is none of that key. */
static struct group *group_of(const struct dispatch_staff *s, const struct co_registry *registry,
                              const char *office)
{
    uint32_t low = 0, high = s->offices;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order =
            strcmp(co_registry_at(registry, CO_KIND_OFFICE, middle)->message->office->key, office);
        if (order == 0)
            return &s->group[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Sorts the engineers by office; in an office they stay in the order of keys. */
static void place_engineers(struct dispatch_staff *s, const struct co_registry *registry)
{
    uint32_t count = co_registry_count(registry, CO_KIND_ENGINEER);
    for (uint32_t i = 0; i < count; i++) {
        struct group *g = group_of(s, registry, engineer_at(registry, i)->office);
        if (g != NULL)
            g->count++;
    }
    for (uint32_t i = 1; i < s->offices; i++)
        s->group[i].first = s->group[i - 1].first + s->group[i - 1].count;
    for (uint32_t i = 0; i < s->offices; i++)
        s->group[i].count = 0;
    for (uint32_t i = 0; i < count; i++) {
        const Callout__V1__Engineer *engineer = engineer_at(registry, i);
        struct group *g = group_of(s, registry, engineer->office);
        if (g != NULL)
            s->engineer[g->first + g->count++] = engineer;
    }
}

static size_t count_listings(const struct co_registry *registry)
{
    size_t count = 0;
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_ENGINEER); i++)
        count += engineer_at(registry, i)->n_products + engineer_at(registry, i)->n_skills;
    return count;
}

/* The one pointer for that text. NULL: out of memory. */
static const char *name_product(struct dispatch_staff *s, char *product)
{
    const char *known = co_strmap_get(s->products, product);
    if (known != NULL)
        return known;
    return co_strmap_put(s->products, product, product) == CO_OK ? product : NULL;
}

static bool name_ability(struct dispatch_staff *s, char *product, uint32_t level,
                         struct ability *ret_ability)
{
    *ret_ability = (struct ability){ name_product(s, product), level };
    return ret_ability->product != NULL;
}

static void raise_to(int64_t *level, int64_t to)
{
    *level = to > *level ? to : *level;
}

static int by_product(const void *a, const void *b)
{
    const struct ability *x = a, *y = b;
    if (x->product != y->product)
        return (uintptr_t)x->product < (uintptr_t)y->product ? -1 : 1;
    return (x->level < y->level) - (x->level > y->level); /* highest first */
}

/* Adds what the group can do behind `*used` abilities. */
static bool sum_up(struct dispatch_staff *s, struct group *g, uint32_t *used)
{
    struct ability *first = s->ability + *used;
    size_t count = 0, kept = 0;
    g->all_products = g->any = DISPATCH_STAFF_NOBODY;
    for (uint32_t i = 0; i < g->count; i++) {
        const Callout__V1__Engineer *e = s->engineer[g->first + i];
        raise_to(&g->any, e->skill);
        if (e->n_products == 0)
            raise_to(&g->all_products, e->skill);
        for (size_t j = 0; j < e->n_products; j++, count++)
            if (!name_ability(s, e->products[j], e->skill, &first[count]))
                return false;
        for (size_t j = 0; j < e->n_skills; j++, count++)
            if (!name_ability(s, e->skills[j]->key, e->skills[j]->level, &first[count]))
                return false;
    }
    qsort(first, count, sizeof(*first), by_product);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || first[i].product != first[i - 1].product)
            first[kept++] = first[i];
    g->first_ability = *used;
    g->abilities = (uint32_t)kept;
    *used += g->abilities;
    return true;
}

static bool take_memory(struct dispatch_staff *s, const struct co_registry *registry)
{
    size_t listings = count_listings(registry);
    if (listings >= UINT32_MAX)
        return false;
    s->group = calloc((size_t)s->offices + 1, sizeof(*s->group));
    s->engineer =
        calloc((size_t)co_registry_count(registry, CO_KIND_ENGINEER) + 1, sizeof(*s->engineer));
    s->ability = calloc(listings + 1, sizeof(*s->ability));
    s->products = co_strmap_new((uint32_t)listings + 1, 0); /* keys are the administrator's */
    return s->group != NULL && s->engineer != NULL && s->ability != NULL && s->products != NULL;
}

struct dispatch_staff *dispatch_staff_new(const struct co_registry *registry)
{
    struct dispatch_staff *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return NULL;
    s->offices = co_registry_count(registry, CO_KIND_OFFICE);
    bool ok = take_memory(s, registry);
    if (ok)
        place_engineers(s, registry);
    uint32_t used = 0;
    for (uint32_t i = 0; ok && i < s->offices; i++)
        ok = sum_up(s, &s->group[i], &used);
    if (ok)
        return s;
    dispatch_staff_free(s);
    return NULL;
}

void dispatch_staff_free(struct dispatch_staff *s)
{
    if (s == NULL)
        return;
    free(s->group);
    free(s->engineer);
    free(s->ability);
    co_strmap_free(s->products);
    free(s);
}

uint32_t dispatch_staff_of(const struct dispatch_staff *s, uint32_t office,
                           const Callout__V1__Engineer *const **ret_first)
{
    *ret_first = s->engineer + s->group[office].first;
    return s->group[office].count;
}

const char *dispatch_staff_product(const struct dispatch_staff *s, const char *product)
{
    return co_strmap_get(s->products, product);
}

int64_t dispatch_staff_level(const struct dispatch_staff *s, uint32_t office, const char *product)
{
    const struct group *g = &s->group[office];
    int64_t level = g->all_products;
    uint32_t low = g->first_ability, high = g->first_ability + g->abilities;
    while (product != NULL && low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct ability *a = &s->ability[middle];
        if (a->product == product) {
            raise_to(&level, a->level);
            break;
        }
        if ((uintptr_t)a->product < (uintptr_t)product)
            low = middle + 1;
        else
            high = middle;
    }
    return level;
}

int64_t dispatch_staff_any(const struct dispatch_staff *s, uint32_t office)
{
    return s->group[office].any;
}
