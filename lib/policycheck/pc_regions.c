/* Regions of exclusions and of zone tables in which nobody is: written in another way than the
 * sites write them; and rows of zone tables that earlier rows hide. */
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

/* Does the row hold for a site? Else *ret_by is an earlier one that does, where it lies there. */
static bool holds(const Callout__V1__ZoneTable *table, size_t row, const Callout__V1__Site *site,
                  size_t *ret_by)
{
    if (!pc_has_word(site->regions, site->n_regions, table->regions[row]->region))
        return false;
    for (size_t i = 0; i < row; i++)
        if (pc_has_word(site->regions, site->n_regions, table->regions[i]->region)) {
            *ret_by = i;
            return false;
        }
    return true;
}

static void check_row(struct pc *p, const struct regions *r, const Callout__V1__ZoneTable *table,
                      size_t row, struct pc_place place)
{
    const char *region = table->regions[row]->region;
    size_t by = row;
    for (uint32_t i = 0; i < co_registry_count(p->registry, CO_KIND_SITE); i++)
        if (holds(table, row, co_registry_at(p->registry, CO_KIND_SITE, i)->message->site, &by))
            return;
    const char *nearest = by == row ? co_text_nearest(region, r->name, r->count) : NULL;
    if (by != row)
        pc_say(p, CO_FINDING_WARNING, place,
               "is never used: each site in \"%.64s\" lies in \"%.64s\" too, which stands before",
               region, table->regions[by]->region);
    else
        pc_say(p, CO_FINDING_WARNING, place,
               "no site lies in the region \"%.64s\": the row holds for nobody%s%.64s%s", region,
               nearest == NULL ? "" : "; did you mean \"", nearest == NULL ? "" : nearest,
               nearest == NULL ? "" : "\"?");
}

static void check_pack(struct pc *p, const struct regions *r, const Callout__V1__PolicyPack *pack)
{
    for (size_t z = 0; z < pack->n_zones; z++)
        for (size_t i = 0; i < pack->zones[z]->n_regions; i++)
            check_row(p, r, pack->zones[z], i,
                      pc_in_pack(p, pack, "zones[%zu].regions[%zu]", z, i));
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
    for (size_t i = 0; r.name != NULL && i < p->pack_count; i++)
        check_pack(p, &r, p->packs[i].pack);
}
