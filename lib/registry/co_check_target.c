/* Targets and zone tables of a pack. */
#include <string.h>

#include "co_check.h"
#include "co_time.h"

#define DAYS_MAX 366
#define TARGET(name) CALLOUT__V1__TARGET_KIND__TARGET_##name

const Callout__V1__ZoneTable *check_find_zones(const Callout__V1__PolicyPack *x, const char *name)
{
    for (size_t i = 0; i < x->n_zones; i++)
        if (strcmp(x->zones[i]->name, name) == 0)
            return x->zones[i];
    return NULL;
}

static bool has_severity(Callout__V1__Target *const *targets, size_t count, uint32_t severity)
{
    for (size_t i = 0; i < count; i++)
        if (targets[i]->severity == severity)
            return true;
    return false;
}

/* Every ring must say something for the level. */
static void check_table(struct co_check *c, const Callout__V1__PolicyPack *x,
                        const Callout__V1__Target *t)
{
    const Callout__V1__ZoneTable *z = check_find_zones(x, t->table);
    const char *names[64];
    size_t n = 0;
    for (; n < x->n_zones && n < 64; n++)
        names[n] = x->zones[n]->name;
    if (z == NULL) {
        check_word(c, "table", t->table, names, n);
        return;
    }
    for (size_t r = 0; r < z->n_rings; r++)
        if (!has_severity(z->rings[r]->targets, z->rings[r]->n_targets, t->severity))
            check_say(c, "table", "a target for this level in every ring (none: no promise)",
                      "ring \"%.64s\" of \"%s\" says nothing for level %u", z->rings[r]->name,
                      z->name, t->severity);
}

static void check_amount(struct co_check *c, const Callout__V1__Target *t)
{
    bool is_time = t->kind == TARGET(RUNNING) || t->kind == TARGET(WORKING);
    bool is_days = t->kind == TARGET(NTH_WORKING_DAY) || t->kind == TARGET(PERIOD_WORKING_DAYS) ||
                   t->kind == TARGET(PERIOD_DAYS);
    bool is_dated = t->kind == TARGET(DATED) || t->kind == TARGET(DATED_END);
    if (is_time && (t->amount < CO_SECOND_US || t->amount > DAYS_MAX * CO_DAY_US))
        check_say(c, "amount", "1s to 366d", "is no length of time to promise");
    else if (is_dated && (t->amount < -DAYS_MAX * CO_DAY_US || t->amount > DAYS_MAX * CO_DAY_US))
        check_say(c, "amount", "at most 366d before or after it", "is too far from the date");
    else if (is_days)
        check_range(c, "amount", (double)t->amount, 1, DAYS_MAX);
}

/* Everything but the level being said twice. */
static void check_target_itself(struct co_check *c, const Callout__V1__PolicyPack *x,
                                const Callout__V1__Target *t, bool is_ring)
{
    check_range(c, "severity", t->severity, 1, (double)x->n_severities);
    if (protobuf_c_enum_descriptor_get_value(&callout__v1__target_kind__descriptor, (int)t->kind) ==
        NULL)
        check_say(c, "kind", "30m, working day 2, next business day, zone NAME, agreed, none ...",
                  "%d has no meaning here", (int)t->kind);
    check_amount(c, t);
    if (t->kind == TARGET(ZONE) && is_ring)
        check_say(c, "kind", "a time, days or agreed", "a ring cannot name another table");
    else if (t->kind == TARGET(ZONE))
        check_table(c, x, t);
}

void check_figure(struct co_check *c, const Callout__V1__PolicyPack *x,
                  const Callout__V1__Target *t)
{
    check_target_itself(c, x, t, false);
    if (t->from_contract)
        check_say(c, "from_contract", "a figure: 30m, working day 2, next business day ...",
                  "the contract cannot leave it to itself");
}

void check_targets(struct co_check *c, const Callout__V1__PolicyPack *x,
                   Callout__V1__Target *const *targets, size_t count, bool is_ring)
{
    for (size_t i = 0; i < count; i++) {
        const Callout__V1__Target *t = targets[i];
        size_t mark = check_push_index(c, "targets", i);
        check_target_itself(c, x, t, is_ring);
        if (has_severity(targets, i, t->severity))
            check_say(c, "severity", "each level once", "level %u stands before", t->severity);
        if (t->from_contract && is_ring)
            check_say(c, "from_contract",
                      "\"contract\" at the milestone, with the table after \"else\"",
                      "a ring cannot be left to the contract");
        check_pop(c, mark);
    }
}

static void check_rings(struct co_check *c, const Callout__V1__PolicyPack *x,
                        const Callout__V1__ZoneTable *z)
{
    if (z->n_rings == 0)
        check_say(c, "rings", "{name: ..., upto_km: 40, targets: {1: 2h}}",
                  "at least one is needed");
    for (size_t r = 0; r < z->n_rings; r++) {
        const Callout__V1__Ring *ring = z->rings[r];
        bool is_last = r + 1 == z->n_rings;
        size_t mark = check_push_index(c, "rings", r);
        if (ring->name[0] == '\0')
            check_say(c, "name", "a text that people see, for example zone 1", "is needed");
        if (is_last != (ring->upto_km == 0))
            check_say(c, "upto_km", is_last ? "none: everything beyond" : "a distance",
                      is_last ? "the last ring has no end" : "only the last ring has no end");
        if (r > 0 && ring->upto_km != 0 && ring->upto_km <= z->rings[r - 1]->upto_km)
            check_say(c, "upto_km", "more than the ring before", "%u is not farther than %u",
                      ring->upto_km, z->rings[r - 1]->upto_km);
        check_targets(c, x, ring->targets, ring->n_targets, true);
        check_pop(c, mark);
    }
}

static void check_regions_of(struct co_check *c, const Callout__V1__PolicyPack *x,
                             const Callout__V1__ZoneTable *z)
{
    for (size_t r = 0; r < z->n_regions; r++) {
        const Callout__V1__RegionZone *row = z->regions[r];
        size_t mark = check_push_index(c, "regions", r);
        if (row->region[0] == '\0')
            check_say(c, "region", "the name of an area, as sites give it", "is needed");
        for (size_t i = 0; i < r; i++)
            if (strcmp(z->regions[i]->region, row->region) == 0)
                check_say(c, "region", "each area once", "\"%.64s\" stands before", row->region);
        check_targets(c, x, row->targets, row->n_targets, true);
        check_pop(c, mark);
    }
    check_range(c, "edge_percent", z->edge_percent, 0, 50);
}

void check_zones(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    for (size_t i = 0; i < x->n_zones; i++) {
        size_t mark = check_push_index(c, "zones", i);
        check_name(c, "name", x->zones[i]->name);
        if (check_find_zones(x, x->zones[i]->name) != x->zones[i])
            check_say(c, "name", "each table once", "\"%.64s\" stands before", x->zones[i]->name);
        check_rings(c, x, x->zones[i]);
        check_regions_of(c, x, x->zones[i]);
        check_pop(c, mark);
    }
}
