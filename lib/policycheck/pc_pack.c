/* Questions about a pack that several checks ask. */
#include <stdlib.h>

#include "pc.h"

static int by_customer(const void *a, const void *b)
{
    const Callout__V1__Site *const *x = a, *const *y = b;
    int order = strcmp((*x)->customer, (*y)->customer);
    return order != 0 ? order : strcmp((*x)->key, (*y)->key);
}

static bool index_sites(struct pc *p)
{
    p->site_count = co_registry_count(p->registry, CO_KIND_SITE);
    p->sites = pc_alloc(p, (p->site_count + 1) * sizeof(p->sites[0]));
    for (size_t i = 0; p->sites != NULL && i < p->site_count; i++)
        p->sites[i] = co_registry_at(p->registry, CO_KIND_SITE, (uint32_t)i)->message->site;
    if (p->sites != NULL && p->site_count > 1)
        qsort(p->sites, p->site_count, sizeof(p->sites[0]), by_customer);
    return p->sites != NULL;
}

size_t pc_sites(const struct pc *p, const char *customer,
                const Callout__V1__Site *const **ret_first)
{
    size_t low = 0, high = p->site_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(p->sites[middle]->customer, customer) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *ret_first = p->sites + low;
    while (high < p->site_count && strcmp(p->sites[high]->customer, customer) == 0)
        high++;
    return high - low;
}

bool pc_is_covered(const Callout__V1__Contract *c, const Callout__V1__Site *site)
{
    return strcmp(site->customer, c->customer) == 0 &&
           (c->n_sites == 0 || pc_has_word(c->sites, c->n_sites, site->key));
}

static bool is_in_span(const struct pc *p, const Callout__V1__Contract *c)
{
    return c->from_us < p->ask->until_us && (c->until_us == 0 || c->until_us > p->ask->from_us);
}

static void index_pack(struct pc *p, const Callout__V1__PolicyPack *pack)
{
    uint32_t all = co_registry_count(p->registry, CO_KIND_CONTRACT);
    struct pc_pack *x = &p->packs[p->pack_count++];
    *x = (struct pc_pack){ .pack = pack };
    x->contracts = pc_alloc(p, (all + 1) * sizeof(x->contracts[0]));
    for (uint32_t i = 0; x->contracts != NULL && i < all; i++) {
        const Callout__V1__Contract *c =
            co_registry_at(p->registry, CO_KIND_CONTRACT, i)->message->contract;
        if (is_in_span(p, c) && strcmp(c->policy, pack->name) == 0)
            x->contracts[x->contract_count++] = c;
    }
}

bool pc_index(struct pc *p)
{
    uint32_t packs = co_registry_count(p->registry, CO_KIND_POLICY);
    p->packs = pc_alloc(p, (packs + 1) * sizeof(p->packs[0]));
    for (uint32_t i = 0; p->packs != NULL && i < packs; i++)
        index_pack(p, co_registry_at(p->registry, CO_KIND_POLICY, i)->message->policy);
    return index_sites(p) && !p->is_out_of_memory;
}

static const struct pc_pack *find_pack(const struct pc *p, const Callout__V1__PolicyPack *pack)
{
    size_t i = 0;
    while (p->packs[i].pack != pack)
        i++;
    return &p->packs[i];
}

void pc_contracts(struct pc *p, const Callout__V1__PolicyPack *pack,
                  void (*each)(struct pc *p, const Callout__V1__Contract *contract, void *arg),
                  void *arg)
{
    const struct pc_pack *x = find_pack(p, pack);
    for (size_t i = 0; i < x->contract_count; i++)
        each(p, x->contracts[i], arg);
}

bool pc_has_level(const uint32_t *list, size_t count, uint32_t level)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == level)
            return true;
    return count == 0;
}

uint32_t pc_levels(const uint32_t *list, size_t count)
{
    uint32_t bits = 0;
    for (uint32_t level = 1; level <= PC_LEVELS_MAX; level++)
        if (pc_has_level(list, count, level))
            bits |= UINT32_C(1) << (level - 1);
    return bits;
}

bool pc_has_act(const Callout__V1__Act *list, size_t count, Callout__V1__Act act)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == act)
            return true;
    return false;
}

bool pc_has_word(char *const *list, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], word) == 0)
            return true;
    return false;
}

bool pc_has_role(const Callout__V1__Role *list, size_t count, Callout__V1__Role role)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == role)
            return true;
    return false;
}

/* ---- promises */

uint32_t pc_promised(const Callout__V1__Milestone *m)
{
    uint32_t levels = 0;
    for (size_t i = 0; i < m->n_targets; i++) {
        const Callout__V1__Target *t = m->targets[i];
        if (t->severity >= 1 && t->severity <= PC_LEVELS_MAX &&
            (t->kind != TARGET(NONE) || t->from_contract))
            levels |= UINT32_C(1) << (t->severity - 1);
    }
    return levels;
}

/* ---- actions */

struct list {
    Callout__V1__Action *const *item;
    size_t count;
    const char *path;
    bool is_breach;
};

static void walk(struct pc *p, struct list list,
                 void (*each)(struct pc *p, const struct pc_action *a, void *arg), void *arg)
{
    for (size_t i = 0; list.path != NULL && i < list.count; i++) {
        struct pc_action a = { list.item[i], pc_text(p, "%s[%zu]", list.path, i), list.is_breach };
        if (a.path != NULL)
            each(p, &a, arg);
    }
}

void pc_actions(struct pc *p, const Callout__V1__PolicyPack *pack, size_t milestone,
                void (*each)(struct pc *p, const struct pc_action *a, void *arg), void *arg)
{
    const Callout__V1__Milestone *m = pack->milestones[milestone];
    const char *path = pc_text(p, "milestones[%zu].on_warning", milestone);
    walk(p, (struct list){ m->on_warning, m->n_on_warning, path, false }, each, arg);
    for (size_t i = 0; i < m->n_warnings; i++) {
        path = pc_text(p, "milestones[%zu].warnings[%zu].actions", milestone, i);
        walk(p, (struct list){ m->warnings[i]->actions, m->warnings[i]->n_actions, path, false },
             each, arg);
    }
    path = pc_text(p, "milestones[%zu].on_breach", milestone);
    walk(p, (struct list){ m->on_breach, m->n_on_breach, path, true }, each, arg);
}

const char *pc_role(struct pc *p, Callout__V1__Role role)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&callout__v1__role__descriptor, (int)role);
    char *name = value == NULL ? pc_text(p, "%d", (int)role)
                               : pc_text(p, "%s", value->name + strlen("ROLE_"));
    for (char *c = name; c != NULL && *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return name == NULL ? "" : name;
}
