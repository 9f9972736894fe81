#include "co_advisory.h"

#include <stdlib.h>
#include <string.h>

#include "co_product.h"

static bool is_concerned(const Callout__V1__Advisory *a, const Callout__V1__Product *p,
                         const Callout__V1__Installed *installed)
{
    if (p == NULL || strcmp(installed->product, a->product) != 0)
        return false;
    const Callout__V1__ProductVersion *v = co_product_version(p, installed->version);
    for (size_t i = 0; i < a->n_versions; i++)
        if (co_product_is_within(p, v, a->versions[i]))
            return true;
    return a->n_versions == 0;
}

/* Calls `each` with everything of the advisory that is installed at the site. `p`: its product. */
static void walk_site(const Callout__V1__Product *p, const Callout__V1__Advisory *a,
                      const Callout__V1__Site *site, co_advisory_fn *each, void *arg)
{
    for (size_t i = 0; i < site->n_installed; i++) {
        if (!is_concerned(a, p, site->installed[i]))
            continue;
        const struct co_advisory_place place = { site, co_product_version(
                                                           p, site->installed[i]->version) };
        each(arg, &place);
    }
}

/* ---- one contract ---- */

struct asking {
    const struct co_registry *registry;
    const Callout__V1__Advisory *advisory;
    const Callout__V1__Contract *contract;
    int64_t at_us;
    co_advisory_fn *each; /* NULL: only looked at */
    void *arg;
    struct co_advisory_look look;
};

static enum co_entitle_reason ask(const struct asking *a, const struct co_advisory_place *place)
{
    const struct co_entitle_ask question = {
        .customer = a->contract->customer,
        .contract = a->contract->key,
        .site = place->site->key,
        .product = a->advisory->product,
        .version = place->version == NULL ? "" : place->version->key,
        .offering = a->advisory->policy,
        .at_us = a->at_us,
    };
    return co_entitle(a->registry, &question).reason;
}

/* How near a contract comes to being concerned. */
static int nearness(enum co_entitle_reason reason)
{
    static const int order[CO_ENTITLE_REASONS] = {
        [CO_ENTITLED] = 6,
        [CO_ENTITLE_NOT_STARTED] = 5,
        [CO_ENTITLE_EXPIRED] = 4,
        [CO_ENTITLE_OUT_OF_LIFE] = 3,
        [CO_ENTITLE_NOT_OFFERED] = 2,
        [CO_ENTITLE_VERSION_NOT_COVERED] = 1,
    };
    return order[reason];
}

static void note(struct co_advisory_look *look, const struct co_advisory_place *place)
{
    if (look->place.site == NULL) {
        look->place = *place;
        look->is_one_site = look->is_one_version = true;
        return;
    }
    look->is_one_site = look->is_one_site && look->place.site == place->site;
    look->is_one_version = look->is_one_version && look->place.version == place->version;
}

static void look_at(void *arg, const struct co_advisory_place *place)
{
    struct asking *a = arg;
    enum co_entitle_reason reason = ask(a, place);
    if (!a->look.is_installed || nearness(reason) > nearness(a->look.reason))
        a->look.reason = reason;
    a->look.is_installed = true;
    if (reason != CO_ENTITLED)
        return;
    note(&a->look, place);
    if (a->each != NULL)
        a->each(a->arg, place);
}

static void walk_contract(struct asking *a)
{
    const Callout__V1__Product *p = co_registry_product(a->registry, a->advisory->product);
    const struct co_object *const *sites = NULL;
    uint32_t n = co_registry_sites_of(a->registry, a->contract->customer, &sites);
    for (uint32_t i = 0; i < n; i++)
        walk_site(p, a->advisory, sites[i]->message->site, look_at, a);
}

struct co_advisory_look co_advisory_look(const struct co_registry *r,
                                         const Callout__V1__Advisory *advisory,
                                         const Callout__V1__Contract *contract, int64_t at_us)
{
    struct asking a = { .registry = r, .advisory = advisory, .contract = contract, .at_us = at_us };
    walk_contract(&a);
    return a.look;
}

void co_advisory_places(const struct co_registry *r, const Callout__V1__Advisory *advisory,
                        const Callout__V1__Contract *contract, int64_t at_us, co_advisory_fn *each,
                        void *arg)
{
    struct asking a = { .registry = r,
                        .advisory = advisory,
                        .contract = contract,
                        .at_us = at_us,
                        .each = each,
                        .arg = arg };
    walk_contract(&a);
}

/* ---- all contracts ---- */

static void found(void *arg, const struct co_advisory_place *place)
{
    (void)place;
    *(bool *)arg = true;
}

static bool has_any(const struct co_registry *r, const Callout__V1__Product *p,
                    const Callout__V1__Advisory *a, const Callout__V1__Customer *customer)
{
    const struct co_object *const *sites = NULL;
    uint32_t n = co_registry_sites_of(r, customer->key, &sites);
    bool is_found = false;
    for (uint32_t i = 0; i < n && !is_found; i++)
        walk_site(p, a, sites[i]->message->site, found, &is_found);
    return is_found;
}

static int by_key(const void *a, const void *b)
{
    const Callout__V1__Contract *const *x = a;
    const Callout__V1__Contract *const *y = b;
    return strcmp((*x)->key, (*y)->key);
}

const Callout__V1__Contract **co_advisory_contracts(const struct co_registry *r,
                                                    const Callout__V1__Advisory *advisory,
                                                    struct co_arena *arena, size_t *ret_count)
{
    const Callout__V1__Product *p = co_registry_product(r, advisory->product);
    uint32_t customers = co_registry_count(r, CO_KIND_CUSTOMER);
    size_t room = (size_t)co_registry_count(r, CO_KIND_CONTRACT) + 1;
    const Callout__V1__Contract **list = co_arena_alloc(arena, room * sizeof(list[0]));
    size_t count = 0;
    if (list == NULL)
        return NULL;
    for (uint32_t i = 0; i < customers; i++) {
        const Callout__V1__Customer *c = co_registry_at(r, CO_KIND_CUSTOMER, i)->message->customer;
        const struct co_object *const *contracts = NULL;
        uint32_t n =
            has_any(r, p, advisory, c) ? co_registry_contracts_of(r, c->key, &contracts) : 0;
        for (uint32_t k = 0; k < n; k++)
            list[count++] = contracts[k]->message->contract;
    }
    qsort(list, count, sizeof(list[0]), by_key);
    *ret_count = count;
    return list;
}
