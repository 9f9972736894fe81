/* What should have come before an act. */
#include "sla_lists.h"
#include "sla_verdict_impl.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name
#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name

struct need_row {
    Callout__V1__Act act;
    Callout__V1__Act need;
    Callout__V1__Act only_after; /* ACT_NONE: always */
    bool only_if_used;           /* asked for only where a milestone of the pack knows it */
    Callout__V1__Act instead;    /* does as well; ACT_NONE: nothing else does */
    Callout__V1__Role by;        /* asked for only of this one; ROLE_NONE: of whoever says so */
};

static const struct need_row needs[] = {
    { ACT(CONTACTED), ACT(CASE_ACCEPTED), ACT(NONE), true, ACT(NONE), ROLE(NONE) },
    { ACT(PROCESS_STARTED), ACT(CONTACTED), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(UNDERWAY), ACT(ONSITE_REQUESTED), ACT(NONE), false, ACT(REMOTE_GAVE_UP), ROLE(NONE) },
    { ACT(ARRIVED), ACT(ONSITE_REQUESTED), ACT(NONE), false, ACT(REMOTE_GAVE_UP), ROLE(NONE) },
    { ACT(ARRIVED), ACT(UNDERWAY), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(INVESTIGATED), ACT(ARRIVED), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(FINDING_GIVEN), ACT(INVESTIGATED), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(RECOMMENDED), ACT(FINDING_GIVEN), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(CONSULTED), ACT(RECOMMENDED), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(HARDWARE_READY), ACT(HARDWARE_FAULT), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(HARDWARE_EXPECTED), ACT(HARDWARE_FAULT), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(RESTORED), ACT(CONTACTED), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(RESTORED), ACT(INVESTIGATED), ACT(ARRIVED), true, ACT(NONE), ROLE(NONE) },
    { ACT(RESTORED), ACT(FINDING_GIVEN), ACT(ARRIVED), true, ACT(NONE), ROLE(NONE) },
    { ACT(RESTORED), ACT(RECOMMENDED), ACT(ARRIVED), true, ACT(NONE), ROLE(NONE) },
    { ACT(RESTORED), ACT(CONSULTED), ACT(ARRIVED), true, ACT(NONE), ROLE(NONE) },
    { ACT(RELAPSED), ACT(RESTORED), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(HANDED_UP), ACT(ARRIVED), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(HANDED_UP), ACT(INVESTIGATED), ACT(NONE), true, ACT(NONE), ROLE(NONE) },
    { ACT(FIXED), ACT(FIX_PLANNED), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(CALLED_BACK), ACT(ANSWER_GIVEN), ACT(NONE), false, ACT(RESTORED), ROLE(NONE) },
    { ACT(CUSTOMER_ANSWERED), ACT(WAITING_CUSTOMER), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(VENDOR_ANSWERED), ACT(WAITING_VENDOR), ACT(NONE), false, ACT(NONE), ROLE(NONE) },
    { ACT(SIGN), ACT(CALLED_BACK), ACT(RESTORED), true, ACT(NONE), ROLE(PM) },
};

enum { NEEDS = sizeof(needs) / sizeof(needs[0]) };

static bool has_happened(uint64_t acts, Callout__V1__Act act)
{
    return (unsigned)act < 64 && (acts >> (unsigned)act & 1) != 0;
}

bool sla_is_used(const Callout__V1__PolicyPack *p, Callout__V1__Act act)
{
    for (size_t i = 0; i < p->n_milestones; i++) {
        const Callout__V1__Milestone *m = p->milestones[i];
        if (sla_has_act(m->start, m->n_start, act) || sla_has_act(m->stop, m->n_stop, act) ||
            sla_has_act(m->start_unless_cancelled, m->n_start_unless_cancelled, act) ||
            sla_has_act(m->cancel, m->n_cancel, act) ||
            sla_has_act(m->suspend, m->n_suspend, act) ||
            sla_has_act(m->restart, m->n_restart, act) || sla_has_act(m->pause, m->n_pause, act) ||
            sla_has_act(m->resume, m->n_resume, act) || sla_has_act(m->agree, m->n_agree, act))
            return true;
    }
    for (size_t i = 0; i < p->n_steps; i++)
        if (sla_has_act(p->steps[i]->open, p->steps[i]->n_open, act) ||
            sla_has_act(p->steps[i]->done_by, p->steps[i]->n_done_by, act))
            return true;
    return false;
}

static bool is_missing(const struct judged *j, const struct need_row *n, Callout__V1__Act act)
{
    uint64_t acts = j->fold->acts;
    return n->act == act && !has_happened(acts, n->need) &&
           (n->instead == ACT(NONE) || !has_happened(acts, n->instead)) &&
           (n->only_after == ACT(NONE) || has_happened(acts, n->only_after)) &&
           (n->by == ROLE(NONE) || (j->command != NULL && j->command->role == n->by)) &&
           (!n->only_if_used || sla_is_used(j->c->policy, n->need));
}

bool sla_is_ready(const struct judged *j, Callout__V1__Act act)
{
    for (size_t i = 0; i < NEEDS; i++)
        if (is_missing(j, &needs[i], act))
            return false;
    return true;
}

enum co_err sla_list_missing(const struct judged *j, struct sla_verdict *v)
{
    v->missing = co_arena_alloc(j->c->arena, NEEDS * sizeof(v->missing[0]));
    if (v->missing == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < NEEDS; i++)
        if (is_missing(j, &needs[i], j->command->act))
            v->missing[v->missing_count++] = needs[i].need;
    return CO_OK;
}
