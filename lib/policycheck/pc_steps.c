/* Milestones, steps of ladders and levels that no case ever reaches. */
#include <inttypes.h>

#include "co_time.h"
#include "pc.h"

/* ---- what starts a milestone */

static bool is_started_by_action(const Callout__V1__PolicyPack *pack, const char *name)
{
    for (size_t i = 0; i < pack->n_milestones; i++) {
        const Callout__V1__Milestone *m = pack->milestones[i];
        for (size_t j = 0; j < m->n_on_breach; j++)
            if (m->on_breach[j]->kind == ACTION(START) &&
                strcmp(m->on_breach[j]->milestone, name) == 0)
                return true;
        for (size_t j = 0; j < m->n_on_warning; j++)
            if (m->on_warning[j]->kind == ACTION(START) &&
                strcmp(m->on_warning[j]->milestone, name) == 0)
                return true;
        for (size_t k = 0; k < m->n_warnings; k++)
            for (size_t j = 0; j < m->warnings[k]->n_actions; j++)
                if (m->warnings[k]->actions[j]->kind == ACTION(START) &&
                    strcmp(m->warnings[k]->actions[j]->milestone, name) == 0)
                    return true;
    }
    return false;
}

/* An act that is in `cancel` too has happened by the time it could start anything. */
static bool has_act_to_start(const Callout__V1__Milestone *m)
{
    for (size_t i = 0; i < m->n_start_unless_cancelled; i++)
        if (!pc_has_act(m->cancel, m->n_cancel, m->start_unless_cancelled[i]))
            return true;
    return m->n_start + m->n_start_steps > 0;
}

/* Setting it starts the milestone, but for one during which it is not promised. */
static bool has_condition_to_start(const Callout__V1__Milestone *m)
{
    for (size_t i = 0; i < m->n_start_conditions; i++)
        if (!pc_has_word(m->unless_conditions, m->n_unless_conditions, m->start_conditions[i]))
            return true;
    return false;
}

static void check_start(struct pc *p, const Callout__V1__PolicyPack *pack, size_t i)
{
    const Callout__V1__Milestone *m = pack->milestones[i];
    if (has_act_to_start(m) || has_condition_to_start(m) || is_started_by_action(pack, m->name))
        return;
    const char *why =
        m->n_start_unless_cancelled > 0 ? "each act of start_unless_cancelled cancels it too"
        : m->n_start_conditions > 0 ? "each of its start_conditions is among its unless_conditions"
                                    : "neither act, condition nor action starts it";
    pc_say(p, CO_FINDING_ERROR, pc_in_pack(p, pack, "milestones[%zu]", i),
           "%.64s is never reached: %s", m->name, why);
}

static void check_guard(struct pc *p, const Callout__V1__PolicyPack *pack, size_t i)
{
    const Callout__V1__Milestone *m = pack->milestones[i];
    for (size_t k = 0; k < m->n_only_conditions; k++)
        if (pc_has_word(m->unless_conditions, m->n_unless_conditions, m->only_conditions[k]))
            pc_say(p, CO_FINDING_ERROR,
                   pc_in_pack(p, pack, "milestones[%zu].only_conditions[%zu]", i, k),
                   "%.64s is never promised: it is only while %.64s holds, and not while it holds",
                   m->name, m->only_conditions[k]);
}

static void check_targets(struct pc *p, const Callout__V1__PolicyPack *pack, size_t i)
{
    const Callout__V1__Milestone *m = pack->milestones[i];
    if (pc_promised(m) == 0)
        pc_say(p, CO_FINDING_ERROR, pc_in_pack(p, pack, "milestones[%zu]", i),
               "%.64s is never promised: it has no target at any level", m->name);
}

/* ---- ladders */

/* A raise that nothing can stop starts the clock anew at once, so nothing of it stays late. */
static uint32_t levels_raised(const Callout__V1__PolicyPack *pack, const Callout__V1__Milestone *m)
{
    uint32_t levels = 0;
    if (pack->n_bars > 0 || pack->n_waivers > 0)
        return 0;
    for (size_t i = 0; i < m->n_on_breach; i++)
        if (m->on_breach[i]->kind == ACTION(RAISE) && m->on_breach[i]->unless_condition[0] == '\0')
            levels |= pc_levels(m->on_breach[i]->severities, m->on_breach[i]->n_severities);
    return levels & ~UINT32_C(1);
}

static void check_ladder(struct pc *p, const Callout__V1__PolicyPack *pack, size_t i)
{
    const Callout__V1__Milestone *m = pack->milestones[i];
    uint32_t promised = pc_promised(m);
    int64_t span_us = p->ask->until_us - p->ask->from_us;
    if (m->n_ladder == 0)
        return;
    if (promised != 0 && (promised & ~levels_raised(pack, m)) == 0)
        pc_say(p, CO_FINDING_ERROR, pc_in_pack(p, pack, "milestones[%zu].ladder", i),
               "no step is ever reached: a breach raises the level at once, and that starts "
               "%.64s anew",
               m->name);
    for (size_t k = 0; k < m->n_ladder; k++) {
        struct pc_place place = pc_in_pack(p, pack, "milestones[%zu].ladder[%zu]", i, k);
        if (m->ladder[k]->after_us >= span_us)
            pc_say(p, CO_FINDING_WARNING, place,
                   "comes %" PRId64 " days after the breach of %.64s: no case is open so long",
                   m->ladder[k]->after_us / CO_DAY_US, m->name);
    }
}

/* ---- levels */

struct reach {
    const Callout__V1__PolicyPack *pack;
    uint32_t raised; /* levels that some action leads to */
    uint32_t promised;
};

static void add_raise(struct pc *p, const struct pc_action *a, void *arg)
{
    (void)p;
    struct reach *r = arg;
    if (a->action->kind == ACTION(RAISE_TO) && a->action->level >= 1 &&
        a->action->level <= PC_LEVELS_MAX)
        r->raised |= UINT32_C(1) << (a->action->level - 1);
    if (a->action->kind == ACTION(RAISE))
        r->raised |= (r->promised & pc_levels(a->action->severities, a->action->n_severities)) >> 1;
}

static void check_levels(struct pc *p, const Callout__V1__PolicyPack *pack)
{
    struct reach r = { .pack = pack };
    for (size_t i = 0; i < pack->n_milestones; i++) {
        r.promised = pc_promised(pack->milestones[i]);
        pc_actions(p, pack, i, add_raise, &r);
    }
    for (size_t i = 0; i < pack->n_severities; i++) {
        const Callout__V1__SeverityLevel *s = pack->severities[i];
        bool is_raised =
            s->level >= 1 && s->level <= PC_LEVELS_MAX && (r.raised >> (s->level - 1) & 1) != 0;
        if (s->n_traits == 0 && s->level != pack->default_severity && !is_raised)
            pc_say(p, CO_FINDING_WARNING, pc_in_pack(p, pack, "severities[%zu]", i),
                   "neither trait, default nor raise leads to level %u: only who states or sets it",
                   s->level);
    }
}

void pc_check_steps(struct pc *p, const Callout__V1__PolicyPack *pack)
{
    for (size_t i = 0; i < pack->n_milestones; i++) {
        check_start(p, pack, i);
        check_guard(p, pack, i);
        check_targets(p, pack, i);
        check_ladder(p, pack, i);
    }
    check_levels(p, pack);
}
