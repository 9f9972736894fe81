/* Rules of notices that are never used: hidden behind an earlier one, or about what never happens.
 */
#include "pc.h"

/* Does `a` fit whenever `b` does? */
static bool covers(const Callout__V1__NoticeRule *a, const Callout__V1__NoticeRule *b)
{
    uint32_t b_levels = pc_levels(b->severities, b->n_severities);
    return a->on == b->on && (a->milestone[0] == '\0' || strcmp(a->milestone, b->milestone) == 0) &&
           a->act == b->act && (a->what[0] == '\0' || strcmp(a->what, b->what) == 0) &&
           (b_levels & ~pc_levels(a->severities, a->n_severities)) == 0;
}

/* The first rule before `i` that hides it for the role; -1: none. */
static int hidden_by(const Callout__V1__PolicyPack *pack, size_t i, Callout__V1__Role role)
{
    for (size_t k = 0; k < i; k++)
        if (covers(pack->notices[k], pack->notices[i]) &&
            pc_has_role(pack->notices[k]->roles, pack->notices[k]->n_roles, role))
            return (int)k;
    return -1;
}

static bool is_any_hidden(const Callout__V1__PolicyPack *pack, size_t i)
{
    const Callout__V1__NoticeRule *r = pack->notices[i];
    bool is_all = r->n_roles > 0;
    for (size_t j = 0; j < r->n_roles; j++)
        is_all = is_all && hidden_by(pack, i, r->roles[j]) >= 0;
    return is_all;
}

static void check_hidden(struct pc *p, const Callout__V1__PolicyPack *pack, size_t i)
{
    const Callout__V1__NoticeRule *r = pack->notices[i];
    if (is_any_hidden(pack, i)) {
        pc_say(p, CO_FINDING_ERROR, pc_in_pack(p, pack, "notices[%zu]", i),
               "is never used: notices[%d] fits whenever it does and names its roles",
               hidden_by(pack, i, r->roles[0]));
        return;
    }
    for (size_t j = 0; j < r->n_roles; j++) {
        int by = hidden_by(pack, i, r->roles[j]);
        if (by >= 0)
            pc_say(p, CO_FINDING_WARNING, pc_in_pack(p, pack, "notices[%zu].roles[%zu]", i, j),
                   "%s is never told by it: notices[%d] fits whenever it does",
                   pc_role(p, r->roles[j]), by);
    }
}

/* ---- rules about what the pack never does */

struct use {
    const Callout__V1__NoticeRule *rule;
    bool is_used;
};

static void find_action(struct pc *p, const struct pc_action *a, void *arg)
{
    (void)p;
    struct use *u = arg;
    Callout__V1__ActionKind kind = u->rule->on == ON(TOLD) ? ACTION(TELL) : ACTION(PROPOSE);
    bool is_named = u->rule->what[0] == '\0' || strcmp(u->rule->what, a->action->what) == 0;
    bool is_told = kind == ACTION(PROPOSE);
    for (size_t i = 0; i < u->rule->n_roles; i++)
        is_told = is_told || pc_has_role(a->action->roles, a->action->n_roles, u->rule->roles[i]);
    u->is_used = u->is_used || (a->action->kind == kind && is_named && is_told);
}

static bool any_role(const Callout__V1__NoticeRule *r, const Callout__V1__EscalationStep *step)
{
    for (size_t j = 0; j < r->n_roles; j++)
        if (pc_has_role(step->roles, step->n_roles, r->roles[j]))
            return true;
    return false;
}

static bool has_step_for(const Callout__V1__Milestone *m, const Callout__V1__NoticeRule *r)
{
    for (size_t i = 0; i < m->n_ladder; i++)
        if (any_role(r, m->ladder[i]))
            return true;
    return false;
}

/* Is one of the rule's roles told where nobody answers, or nothing happens? A step of reminders
 * without roles may tell anybody. */
static bool is_told_ahead(const Callout__V1__PolicyPack *pack, const Callout__V1__NoticeRule *r)
{
    for (size_t i = 0; r->on == ON(UNANSWERED) && i < pack->n_notices; i++)
        for (size_t k = 0; k < pack->notices[i]->n_unanswered; k++)
            if (any_role(r, pack->notices[i]->unanswered[k]))
                return true;
    for (size_t k = 0; r->on == ON(REMINDED) && k < pack->n_reminders; k++)
        if (pack->reminders[k]->n_roles == 0 || any_role(r, pack->reminders[k]))
            return true;
    return false;
}

static bool can_happen(struct pc *p, const Callout__V1__PolicyPack *pack, size_t milestone,
                       const Callout__V1__NoticeRule *r)
{
    const Callout__V1__Milestone *m = pack->milestones[milestone];
    struct use u = { .rule = r };
    uint32_t levels = pc_promised(m) & pc_levels(r->severities, r->n_severities);
    bool is_meant = r->milestone[0] == '\0' || strcmp(r->milestone, m->name) == 0;
    if (!is_meant || levels == 0)
        return false;
    switch ((int)r->on) { /* those that are about milestones */
    case ON(WARNED):
        return m->n_warnings > 0;
    case ON(ESCALATED):
        return has_step_for(m, r);
    case ON(TOLD):
    case ON(PROPOSED):
        pc_actions(p, pack, milestone, find_action, &u);
        return u.is_used;
    default:
        return true;
    }
}

static const struct {
    Callout__V1__NoticeOn on;
    const char *never;
} abouts[] = {
    { ON(PROMISED), "nothing is promised there" },
    { ON(WARNED), "no milestone there has warnings" },
    { ON(BREACHED), "nothing is promised there" },
    { ON(ESCALATED), "no ladder there tells one of its roles" },
    { ON(TOLD), "no action there tells that to one of its roles" },
    { ON(PROPOSED), "no action there proposes that" },
};

static void check_about(struct pc *p, const Callout__V1__PolicyPack *pack, size_t i)
{
    const Callout__V1__NoticeRule *r = pack->notices[i];
    for (size_t k = 0; k < sizeof(abouts) / sizeof(abouts[0]); k++) {
        bool is_possible = abouts[k].on != r->on;
        for (size_t m = 0; m < pack->n_milestones && !is_possible; m++)
            is_possible = can_happen(p, pack, m, r);
        if (!is_possible)
            pc_say(p, CO_FINDING_ERROR, pc_in_pack(p, pack, "notices[%zu]", i), "is never used: %s",
                   abouts[k].never);
    }
}

static void check_ahead(struct pc *p, const Callout__V1__PolicyPack *pack, size_t i)
{
    const Callout__V1__NoticeRule *r = pack->notices[i];
    if ((r->on == ON(UNANSWERED) || r->on == ON(REMINDED)) && !is_told_ahead(pack, r))
        pc_say(p, CO_FINDING_ERROR, pc_in_pack(p, pack, "notices[%zu]", i),
               "is never used: no step of %s tells one of its roles",
               r->on == ON(UNANSWERED) ? "\"unanswered\"" : "\"reminders\"");
}

void pc_check_notices(struct pc *p, const Callout__V1__PolicyPack *pack)
{
    for (size_t i = 0; i < pack->n_notices; i++) {
        check_hidden(p, pack, i);
        check_about(p, pack, i);
        check_ahead(p, pack, i);
    }
}
