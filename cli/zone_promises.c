/* What is promised at a place, by the functions by which sla promises. */
#include <math.h>
#include <string.h>

#include "co_yaml_target.h"
#include "zone_test.h"

#define TARGET(name) CALLOUT__V1__TARGET_KIND__TARGET_##name

static struct sla_place place_of(const struct zone_test *t, const struct zone_office *o)
{
    const Callout__V1__Site *site = t->place.site;
    struct sla_place place = { .km = o == NULL ? NULL : &o->km,
                               .is_stated = o != NULL && !isnan(o->stated_km) };
    if (site != NULL) {
        place.regions = site->regions;
        place.region_count = site->n_regions;
    }
    return place;
}

bool zone_test_zone(const struct zone_test *t, const Callout__V1__ZoneTable *table,
                    const struct zone_office *o, struct sla_zone *ret_zone)
{
    struct sla_place place = place_of(t, o);
    return sla_zone_find(table, &place, ret_zone);
}

static const char *goal_text(struct cli *cli, const struct sla_goal *goal)
{
    Callout__V1__Target target = CALLOUT__V1__TARGET__INIT;
    char text[128];
    target.kind = goal->kind;
    target.amount = goal->amount;
    if (goal->kind == TARGET(ZONE)) /* needs a distance */
        return "not known";
    if (goal->kind == TARGET(NONE) || !co_yaml_target_format(&target, text, sizeof(text)))
        return "none";
    return cli_format(cli, "%s%s", text, goal->from_contract ? " (contract)" : "");
}

static bool is_asked(const struct zone_test *t, uint32_t level)
{
    return t->severity == 0 || t->severity == level;
}

/* Does the goal look into that table; NULL: into none? */
static bool is_of(const struct sla_goal *goal, const Callout__V1__ZoneTable *table)
{
    if (table == NULL)
        return goal->table == NULL && goal->kind != TARGET(NONE);
    return goal->table != NULL && strcmp(goal->table, table->name) == 0;
}

static void add_level(const struct zone_test *t, const struct sla_goal *goal,
                      struct zone_promise *p)
{
    bool is_excluded = p->zone.region != NULL && p->zone.target_count == 0;
    p->level[p->levels] = goal->severity;
    p->text[p->levels++] = is_excluded ? "excluded" : goal_text(t->cli, goal);
}

static bool goes_by_distance(const struct sla_terms *terms, const Callout__V1__Milestone *m)
{
    for (size_t i = 0; i < terms->policy->n_severities; i++)
        if (sla_goal_find(terms, m, terms->policy->severities[i]->level).table != NULL)
            return true;
    return false;
}

void zone_test_promises(const struct zone_test *t, const struct zone_office *o,
                        void (*each)(const struct zone_promise *p, void *arg), void *arg)
{
    const Callout__V1__PolicyPack *pack = t->pack;
    struct sla_terms terms = { .policy = pack,
                               .opened = t->contract == NULL ? NULL : &t->opened,
                               .place = place_of(t, o) };
    struct zone_promise p = {
        .level = co_arena_alloc(t->cli->arena, pack->n_severities * sizeof(*p.level)),
        .text = co_arena_alloc(t->cli->arena, pack->n_severities * sizeof(*p.text)),
    };
    if (p.level == NULL || p.text == NULL)
        return;
    for (size_t m = 0; m < pack->n_milestones; m++) {
        p.milestone = pack->milestones[m];
        if (!goes_by_distance(&terms, p.milestone))
            continue;
        for (size_t z = 0; z <= pack->n_zones; z++) { /* the last: of no table */
            p.table = z < pack->n_zones ? pack->zones[z] : NULL;
            p.zone = (struct sla_zone){ .name = NULL };
            p.levels = 0;
            if (p.table != NULL)
                (void)zone_test_zone(t, p.table, o, &p.zone);
            for (size_t i = 0; i < pack->n_severities; i++) {
                struct sla_goal goal =
                    sla_goal_find(&terms, p.milestone, pack->severities[i]->level);
                if (is_asked(t, goal.severity) && is_of(&goal, p.table))
                    add_level(t, &goal, &p);
            }
            if (p.levels > 0)
                each(&p, arg);
        }
    }
}
