/* Regions of exclusions in which nobody is: written in another way than the sites write them. */
#include "co_text.h"
#include "pc.h"

/* The regions of all sites, as often as they are named. */
struct regions {
    const char **name;
    size_t count;
};

static struct regions all_regions(struct pc *p)
{
    struct regions r = { .count = 0 };
    uint32_t sites = co_registry_count(p->registry, CO_KIND_SITE);
    size_t most = 0;
    for (uint32_t i = 0; i < sites; i++)
        most += co_registry_at(p->registry, CO_KIND_SITE, i)->message->site->n_regions;
    r.name = pc_alloc(p, (most + 1) * sizeof(r.name[0]));
    for (uint32_t i = 0; r.name != NULL && i < sites; i++) {
        const Callout__V1__Site *site = co_registry_at(p->registry, CO_KIND_SITE, i)->message->site;
        for (size_t k = 0; k < site->n_regions; k++)
            r.name[r.count++] = site->regions[k];
    }
    return r;
}

static bool has(const struct regions *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->name[i], name) == 0)
            return true;
    return false;
}

static void check_exclusion(struct pc *p, const struct regions *r, const Callout__V1__Exclusion *x)
{
    for (size_t i = 0; i < x->n_regions; i++) {
        struct pc_place place = { CO_KIND_EXCLUSION, x->key, pc_text(p, "regions[%zu]", i),
                                  x->from_us > p->ask->from_us ? x->from_us : 0 };
        if (has(r, x->regions[i]))
            continue;
        const char *nearest = co_text_nearest(x->regions[i], r->name, r->count);
        pc_say(p, CO_FINDING_WARNING, place,
               "no site lies in the region \"%.64s\": no clock stands by it%s%.64s%s",
               x->regions[i], nearest == NULL ? "" : "; did you mean \"",
               nearest == NULL ? "" : nearest, nearest == NULL ? "" : "\"?");
    }
}

/* Those that are over count no more; without any site it cannot be told. */
void pc_check_regions(struct pc *p)
{
    if (co_registry_count(p->registry, CO_KIND_SITE) == 0)
        return;
    struct regions r = all_regions(p);
    for (uint32_t i = 0; r.name != NULL && i < co_registry_count(p->registry, CO_KIND_EXCLUSION);
         i++) {
        const Callout__V1__Exclusion *x =
            co_registry_at(p->registry, CO_KIND_EXCLUSION, i)->message->exclusion;
        if (x->until_us == 0 || x->until_us > p->ask->from_us)
            check_exclusion(p, &r, x);
    }
}
