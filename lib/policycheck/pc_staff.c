/* Levels for which a pack asks more engineers than the registry has. */
#include "pc.h"

/* Whether he has that level, for any product. */
static bool has_level(const Callout__V1__Engineer *e, uint32_t level)
{
    bool has = e->skill >= level;
    for (size_t i = 0; i < e->n_skills; i++)
        has = has || e->skills[i]->level >= level;
    return has;
}

static uint32_t count_level(const struct pc *p, uint32_t level)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < co_registry_count(p->registry, CO_KIND_ENGINEER); i++)
        count +=
            has_level(co_registry_at(p->registry, CO_KIND_ENGINEER, i)->message->engineer, level);
    return count;
}

static uint32_t of_level(const uint32_t *list, size_t count, uint32_t severity)
{
    return severity >= 1 && severity <= count ? list[severity - 1] : 0;
}

void pc_check_staff(struct pc *p, const Callout__V1__PolicyPack *x)
{
    const Callout__V1__DispatchRule *d = x->dispatch;
    if (d == NULL || co_registry_count(p->registry, CO_KIND_ENGINEER) == 0)
        return;
    for (size_t i = 0; i < x->n_severities; i++) {
        uint32_t severity = x->severities[i]->level;
        uint32_t level = of_level(d->min_skill, d->n_min_skill, severity);
        uint32_t wanted = of_level(d->at_once, d->n_at_once, severity);
        uint32_t there = count_level(p, level);
        if (there == 0)
            pc_say(p, CO_FINDING_WARNING, pc_in_pack(p, x, "dispatch.min_skill[%u]", severity - 1),
                   "level %u is sent at severity %u, and no engineer has it", level, severity);
        else if (wanted > there)
            pc_say(p, CO_FINDING_WARNING, pc_in_pack(p, x, "dispatch.at_once[%u]", severity - 1),
                   "%u are asked at the same time at severity %u, and %u %s the level", wanted,
                   severity, there, there == 1 ? "has" : "have");
    }
}
