/* Levels without any promise, and promises whose breach nobody hears of. */
#include "pc.h"

struct heard {
    const Callout__V1__PolicyPack *pack;
    uint32_t levels; /* at which somebody hears of the breach */
};

static uint32_t told_by_rules(const Callout__V1__PolicyPack *pack, Callout__V1__NoticeOn on,
                              const char *milestone, const char *what)
{
    uint32_t levels = 0;
    for (size_t i = 0; i < pack->n_notices; i++) {
        const Callout__V1__NoticeRule *r = pack->notices[i];
        if (r->on == on && r->n_roles > 0 &&
            (r->milestone[0] == '\0' || strcmp(r->milestone, milestone) == 0) &&
            (r->what[0] == '\0' || (what != NULL && strcmp(r->what, what) == 0)))
            levels |= pc_levels(r->severities, r->n_severities);
    }
    return levels;
}

static void hear_action(struct pc *p, const struct pc_action *a, void *arg)
{
    (void)p;
    struct heard *h = arg;
    uint32_t levels = pc_levels(a->action->severities, a->action->n_severities);
    if (!a->is_breach)
        return;
    if (a->action->kind == ACTION(TELL) && a->action->n_roles > 0)
        h->levels |= levels;
    if (a->action->kind == ACTION(PROPOSE))
        h->levels |= levels & told_by_rules(h->pack, ON(PROPOSED), "", a->action->what);
    if (a->action->kind == ACTION(RAISE) || a->action->kind == ACTION(RAISE_TO))
        h->levels |= levels & told_by_rules(h->pack, ON(SEVERITY_CHANGED), "", NULL);
}

static uint32_t levels_heard(struct pc *p, const Callout__V1__PolicyPack *pack, size_t i)
{
    const Callout__V1__Milestone *m = pack->milestones[i];
    struct heard h = { .pack = pack };
    if (m->n_ladder > 0)
        return UINT32_MAX;
    h.levels = told_by_rules(pack, ON(BREACHED), m->name, NULL);
    pc_actions(p, pack, i, hear_action, &h);
    return h.levels;
}

/* ---- figures of contracts */

struct figures {
    uint32_t levels;
    bool has_contract;
};

static void add_figures(struct pc *p, const Callout__V1__Contract *c, void *arg)
{
    (void)p;
    struct figures *f = arg;
    f->has_contract = true;
    for (size_t i = 0; i < c->n_targets; i++) {
        const Callout__V1__Target *t = c->targets[i]->target;
        if (t != NULL && t->severity >= 1 && t->severity <= PC_LEVELS_MAX)
            f->levels |= UINT32_C(1) << (t->severity - 1);
    }
}

/* The levels at which something is promised: by the pack, or by a contract that there is. */
static uint32_t levels_kept(struct pc *p, const Callout__V1__PolicyPack *pack)
{
    struct figures f = { 0, false };
    uint32_t own = 0, left = 0;
    pc_contracts(p, pack, add_figures, &f);
    for (size_t i = 0; i < pack->n_milestones; i++) {
        const Callout__V1__Milestone *m = pack->milestones[i];
        left |= pc_promised(m);
        for (size_t k = 0; k < m->n_targets; k++)
            if (m->targets[k]->kind != TARGET(NONE) && m->targets[k]->severity >= 1 &&
                m->targets[k]->severity <= PC_LEVELS_MAX)
                own |= UINT32_C(1) << (m->targets[k]->severity - 1);
    }
    return own | (f.has_contract ? left & f.levels : left);
}

/* "1, 2 and 4" would need a language; "1, 2, 4" does not. */
static const char *names_of(struct pc *p, uint32_t levels)
{
    const char *text = "";
    for (uint32_t level = 1; level <= PC_LEVELS_MAX && text != NULL; level++)
        if ((levels >> (level - 1) & 1) != 0)
            text = pc_text(p, "%s%s%u", text, text[0] == '\0' ? "" : ", ", level);
    return text == NULL ? "" : text;
}

/* Somebody hears of a breach there, but nobody is told again when he does nothing. */
static void check_ladders(struct pc *p, const Callout__V1__PolicyPack *pack, uint32_t promised)
{
    uint32_t levels = 0;
    for (size_t i = 0; i < pack->n_milestones; i++)
        if (pack->milestones[i]->n_ladder > 0)
            levels |= pc_promised(pack->milestones[i]);
    for (size_t i = 0; i < pack->n_notices; i++)
        if (pack->notices[i]->on == ON(BREACHED) && pack->notices[i]->n_unanswered > 0)
            levels |= pc_levels(pack->notices[i]->severities, pack->notices[i]->n_severities);
    for (size_t i = 0; i < pack->n_severities; i++) {
        uint32_t level = pack->severities[i]->level;
        if (level >= 1 && level <= PC_LEVELS_MAX && ((promised & ~levels) >> (level - 1) & 1) != 0)
            pc_say(p, CO_FINDING_WARNING, pc_in_pack(p, pack, "severities[%zu]", i),
                   "no milestone has a ladder at level %u: when a breach is told and nobody acts, "
                   "nobody hears of it again",
                   level);
    }
}

void pc_check_severities(struct pc *p, const Callout__V1__PolicyPack *pack)
{
    uint32_t promised = levels_kept(p, pack);
    for (size_t i = 0; i < pack->n_milestones; i++) {
        uint32_t levels = pc_promised(pack->milestones[i]);
        uint32_t unheard = levels & ~levels_heard(p, pack, i);
        if (unheard != 0)
            pc_say(p, CO_FINDING_WARNING, pc_in_pack(p, pack, "milestones[%zu]", i),
                   "nobody hears that %.64s was missed at level %s: no ladder, no notice of a "
                   "breach, no action tells",
                   pack->milestones[i]->name, names_of(p, unheard));
    }
    check_ladders(p, pack, promised);
    for (size_t i = 0; i < pack->n_severities; i++) {
        uint32_t level = pack->severities[i]->level;
        if (level >= 1 && level <= PC_LEVELS_MAX && (promised >> (level - 1) & 1) == 0)
            pc_say(
                p, CO_FINDING_ERROR, pc_in_pack(p, pack, "severities[%zu]", i),
                "nothing is promised at level %u: neither a milestone nor a contract has a figure",
                level);
    }
}
