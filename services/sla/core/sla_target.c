#include "sla_target.h"

#include <string.h>

#define TARGET(name) CALLOUT__V1__TARGET_KIND__TARGET_##name

static const Callout__V1__Target *find_target(Callout__V1__Target *const *list, size_t count,
                                              uint32_t severity)
{
    for (size_t i = 0; i < count; i++)
        if (list[i]->severity == severity)
            return list[i];
    return NULL;
}

static const Callout__V1__ZoneTable *find_table(const Callout__V1__PolicyPack *policy,
                                                const char *name)
{
    for (size_t i = 0; i < policy->n_zones; i++)
        if (strcmp(policy->zones[i]->name, name) == 0)
            return policy->zones[i];
    return NULL;
}

static bool has_any(const Callout__V1__ZoneTable *table, uint32_t severity)
{
    for (size_t i = 0; i < table->n_rings; i++)
        if (find_target(table->rings[i]->targets, table->rings[i]->n_targets, severity) != NULL)
            return true;
    return false;
}

/* The contract's figure where the pack leaves it to the contract. NULL only as `t`. */
static const Callout__V1__Target *settle(const struct sla_terms *terms,
                                         const Callout__V1__Milestone *milestone,
                                         const Callout__V1__Target *t)
{
    if (t == NULL || !t->from_contract || terms->opened == NULL)
        return t;
    for (size_t i = 0; i < terms->opened->n_targets; i++) {
        const Callout__V1__ContractTarget *figure = terms->opened->targets[i];
        if (figure->target != NULL && figure->target->severity == t->severity &&
            strcmp(figure->milestone, milestone->name) == 0)
            return figure->target;
    }
    return t;
}

static struct sla_goal find_in_table(const struct sla_terms *terms,
                                     const Callout__V1__Milestone *milestone, const char *name,
                                     uint32_t severity)
{
    struct sla_goal goal = { .kind = TARGET(NONE), .severity = severity };
    const Callout__V1__ZoneTable *table = find_table(terms->policy, name);
    if (table == NULL)
        return goal;
    struct sla_zone zone;
    if (!sla_zone_find(table, &terms->place, &zone)) {
        if (terms->place.km == NULL && has_any(table, severity))
            goal.kind = TARGET(ZONE);
        return goal;
    }
    goal.zone = zone.name;
    goal.region = zone.region;
    const Callout__V1__Target *own = find_target(zone.targets, zone.target_count, severity);
    const Callout__V1__Target *t = settle(terms, milestone, own);
    if (t == NULL || t->kind == TARGET(ZONE))
        return goal;
    goal.from_contract = t != own;
    goal.kind = t->kind;
    goal.amount = t->amount;
    goal.other_zone = zone.other;
    return goal;
}

/* The date that a target of that kind counts from. */
static int64_t date_of(const struct sla_terms *terms, Callout__V1__TargetKind kind)
{
    if (kind == TARGET(DATED_END) && terms->date.until_us != 0)
        return terms->date.until_us;
    return kind == TARGET(DATED) || kind == TARGET(DATED_END) ? terms->date.from_us : 0;
}

struct sla_goal sla_goal_find(const struct sla_terms *terms,
                              const Callout__V1__Milestone *milestone, uint32_t severity)
{
    struct sla_goal goal = { .kind = TARGET(NONE), .severity = severity };
    const Callout__V1__Target *own =
        find_target(milestone->targets, milestone->n_targets, severity);
    const Callout__V1__Target *t = settle(terms, milestone, own);
    if (t == NULL)
        return goal;
    if (t->kind == TARGET(ZONE)) {
        goal = find_in_table(terms, milestone, t->table, severity);
        goal.table = t->table;
    } else {
        goal = (struct sla_goal){ .kind = t->kind, .amount = t->amount, .severity = severity };
    }
    goal.from_contract = goal.from_contract || t != own;
    goal.date_us = date_of(terms, goal.kind);
    goal.rules = milestone;
    return goal;
}
