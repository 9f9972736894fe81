/* Actions that are never wanted. */
#include "pc.h"

struct at {
    const Callout__V1__PolicyPack *pack;
    const Callout__V1__Milestone *milestone;
    uint32_t promised;
};

/* The levels that a raise from one of `levels` would change. */
static uint32_t levels_to_raise(const Callout__V1__Action *action, uint32_t levels)
{
    if (action->kind == ACTION(RAISE))
        return levels & ~UINT32_C(1);
    if (action->kind == ACTION(RAISE_TO) && action->level >= 1 && action->level < PC_LEVELS_MAX)
        return levels & ~((UINT32_C(1) << action->level) - 1);
    return levels;
}

static void check_action(struct pc *p, const struct pc_action *a, void *arg)
{
    const struct at *at = arg;
    const Callout__V1__Milestone *m = at->milestone;
    struct pc_place place = { .kind = CO_KIND_POLICY, .key = at->pack->name, .path = a->path };
    uint32_t wanted = at->promised & pc_levels(a->action->severities, a->action->n_severities);
    const char *unless = a->action->unless_condition;
    if (at->promised == 0)
        return; /* told of the milestone */
    if (!a->is_breach && m->n_warnings == 0)
        pc_say(p, CO_FINDING_ERROR, place, "is never wanted: %.64s has no warnings", m->name);
    if (wanted == 0)
        pc_say(p, CO_FINDING_ERROR, place,
               "is never wanted: %.64s is not promised at any of its severities", m->name);
    else if (levels_to_raise(a->action, wanted) == 0)
        pc_say(p, CO_FINDING_ERROR, place,
               "is never wanted: %.64s is promised at no level that this would raise", m->name);
    if (unless[0] != '\0' && pc_has_word(m->only_conditions, m->n_only_conditions, unless))
        pc_say(p, CO_FINDING_ERROR, place,
               "is never wanted: %.64s always holds while %.64s is promised", unless, m->name);
}

void pc_check_actions(struct pc *p, const Callout__V1__PolicyPack *pack)
{
    for (size_t i = 0; i < pack->n_milestones; i++) {
        struct at at = { pack, pack->milestones[i], pc_promised(pack->milestones[i]) };
        pc_actions(p, pack, i, check_action, &at);
    }
}
