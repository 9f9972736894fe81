/* Milestones, targets and zone tables of a pack. */
#include <string.h>

#include "co_check.h"
#include "co_time.h"

#define WARNINGS_MAX 63
#define DAYS_MAX 366
#define TARGET(name) CALLOUT__V1__TARGET_KIND__TARGET_##name
#define ACT(name) CALLOUT__V1__ACT__ACT_##name
#define ACTION(name) CALLOUT__V1__ACTION_KIND__ACTION_##name

static const Callout__V1__ZoneTable *find_zones(const Callout__V1__PolicyPack *x, const char *name)
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
    const Callout__V1__ZoneTable *z = find_zones(x, t->table);
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
    if (is_time && (t->amount < CO_SECOND_US || t->amount > DAYS_MAX * CO_DAY_US))
        check_say(c, "amount", "1s to 366d", "is no length of time to promise");
    else if (is_days)
        check_range(c, "amount", (double)t->amount, 1, DAYS_MAX);
}

void check_targets(struct co_check *c, const Callout__V1__PolicyPack *x,
                   Callout__V1__Target *const *targets, size_t count, bool is_ring)
{
    for (size_t i = 0; i < count; i++) {
        const Callout__V1__Target *t = targets[i];
        size_t mark = check_push_index(c, "targets", i);
        check_range(c, "severity", t->severity, 1, (double)x->n_severities);
        if (has_severity(targets, i, t->severity))
            check_say(c, "severity", "each level once", "level %u stands before", t->severity);
        if (protobuf_c_enum_descriptor_get_value(&callout__v1__target_kind__descriptor,
                                                 (int)t->kind) == NULL)
            check_say(c, "kind", "", "%d has no meaning here", (int)t->kind);
        check_amount(c, t);
        if (t->kind == TARGET(ZONE) && is_ring)
            check_say(c, "kind", "a time, days or agreed", "a ring cannot name another table");
        else if (t->kind == TARGET(ZONE))
            check_table(c, x, t);
        check_pop(c, mark);
    }
}

static void check_rings(struct co_check *c, const Callout__V1__PolicyPack *x,
                        const Callout__V1__ZoneTable *z)
{
    if (z->n_rings == 0)
        check_say(c, "rings", "", "at least one is needed");
    for (size_t r = 0; r < z->n_rings; r++) {
        const Callout__V1__Ring *ring = z->rings[r];
        bool is_last = r + 1 == z->n_rings;
        size_t mark = check_push_index(c, "rings", r);
        if (ring->name[0] == '\0')
            check_say(c, "name", "", "is needed");
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

void check_zones(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    for (size_t i = 0; i < x->n_zones; i++) {
        size_t mark = check_push_index(c, "zones", i);
        check_name(c, "name", x->zones[i]->name);
        if (find_zones(x, x->zones[i]->name) != x->zones[i])
            check_say(c, "name", "each table once", "\"%.64s\" stands before", x->zones[i]->name);
        check_rings(c, x, x->zones[i]);
        check_pop(c, mark);
    }
}

/* Acts that no clock ever sees: of an offer, of a held case, and what is no more than a remark. */
static bool is_unseen(Callout__V1__Act act)
{
    static const Callout__V1__Act unseen[] = { ACT(ACCEPT), ACT(DECLINE), ACT(APPROVE), ACT(NOTE),
                                               ACT(CLOSED) };
    for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
        if (unseen[i] == act)
            return true;
    return false;
}

static void check_acts(struct co_check *c, const char *field, const Callout__V1__Act *acts,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, field, i);
        check_enum(c, "", &callout__v1__act__descriptor, (int)acts[i]);
        if (is_unseen(acts[i]))
            check_say(c, "", "entitled, contacted, onsite_requested, arrived, restored ...",
                      "is an act that no clock sees");
        check_pop(c, mark);
    }
}

/* What may happen by itself: facts that need nothing but their name. */
static bool can_happen(Callout__V1__Act act)
{
    return act > ACT(REPORTED) && act <= ACT(RELAPSED) && act != ACT(NOTE) &&
           act != ACT(CONDITION_SET) && act != ACT(CONDITION_CLEARED);
}

static void check_warnings(struct co_check *c, const Callout__V1__Milestone *m)
{
    if (m->n_warnings > WARNINGS_MAX)
        check_say(c, "warnings", "at most 63", "there are %zu", m->n_warnings);
    for (size_t i = 0; i < m->n_warnings; i++) {
        const Callout__V1__Threshold *t = m->warnings[i];
        const Callout__V1__Threshold *before = i == 0 ? NULL : m->warnings[i - 1];
        size_t mark = check_push_index(c, "warnings", i);
        if ((t->percent != 0) == (t->before_us != 0))
            check_say(c, "", "80%, 15m before", "is a share or a time, and one of them");
        else if (t->percent != 0)
            check_range(c, "percent", t->percent, 1, 99);
        else if (t->before_us < 0 || t->before_us > DAYS_MAX * CO_DAY_US)
            check_say(c, "before", "1s to 366d", "is no length of time");
        if (before != NULL &&
            ((t->percent != 0 && t->percent <= before->percent) ||
             (t->before_us > 0 && before->before_us > 0 && t->before_us >= before->before_us)))
            check_say(c, "", "in the order in which they are reached",
                      "is reached before the one that stands before it");
        check_pop(c, mark);
    }
}

static void check_act_made(struct co_check *c, Callout__V1__Act act)
{
    check_enum(c, "act", &callout__v1__act__descriptor, (int)act);
    if (act != ACT(NONE) && !can_happen(act))
        check_say(c, "act", "onsite_requested, remote_gave_up ...", "cannot happen by itself");
}

static void check_action(struct co_check *c, const Callout__V1__PolicyPack *x,
                         const Callout__V1__Action *a)
{
    char *condition = a->unless_condition;
    check_enum(c, "kind", &callout__v1__action_kind__descriptor, (int)a->kind);
    if (a->kind == ACTION(ACT))
        check_act_made(c, a->act);
    else if (a->act != CALLOUT__V1__ACT__ACT_NONE)
        check_say(c, "act", "kind: act", "belongs to another kind of action");
    if (a->kind == ACTION(RAISE_TO))
        check_range(c, "level", a->level, 1, (double)x->n_severities);
    else if (a->level != 0)
        check_say(c, "level", "kind: raise_to", "belongs to another kind of action");
    if (a->kind == ACTION(PROPOSE))
        check_name(c, "what", a->what);
    else if (a->what[0] != '\0')
        check_say(c, "what", "kind: propose", "belongs to another kind of action");
    check_severities(c, "severities", x, a->severities, a->n_severities);
    if (condition[0] != '\0')
        check_conditions(c, "unless_condition", x, &condition, 1);
}

static void check_actions(struct co_check *c, const char *field, const Callout__V1__PolicyPack *x,
                          Callout__V1__Action *const *actions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, field, i);
        check_action(c, x, actions[i]);
        check_pop(c, mark);
    }
}

/* How the clock begins and ends. */
static void check_course(struct co_check *c, const Callout__V1__PolicyPack *x,
                         const Callout__V1__Milestone *m)
{
    check_acts(c, "start", m->start, m->n_start);
    check_acts(c, "start_unless_cancelled", m->start_unless_cancelled, m->n_start_unless_cancelled);
    check_acts(c, "stop", m->stop, m->n_stop);
    check_acts(c, "cancel", m->cancel, m->n_cancel);
    check_acts(c, "pause", m->pause, m->n_pause);
    check_acts(c, "resume", m->resume, m->n_resume);
    check_acts(c, "suspend", m->suspend, m->n_suspend);
    check_acts(c, "restart", m->restart, m->n_restart);
    check_conditions(c, "start_conditions", x, m->start_conditions, m->n_start_conditions);
    check_conditions(c, "cancel_conditions", x, m->cancel_conditions, m->n_cancel_conditions);
    if (m->n_start + m->n_start_unless_cancelled + m->n_start_conditions == 0)
        check_say(c, "start", "acts, or start_conditions", "nothing starts this clock");
    if (m->n_stop + m->n_cancel + m->n_cancel_conditions == 0)
        check_say(c, "stop", "acts, or cancel_conditions", "nothing ends this clock");
    if (m->n_start_unless_cancelled > 0 && m->n_cancel == 0)
        check_say(c, "start_unless_cancelled", "acts in \"cancel\"", "nothing cancels this clock");
    if (m->n_pause > 0 && m->n_resume == 0)
        check_say(c, "resume", "acts", "what stands must be able to go on");
    if ((m->n_suspend > 0) != (m->n_restart > 0))
        check_say(c, m->n_suspend > 0 ? "restart" : "suspend", "acts",
                  "\"suspend\" and \"restart\" belong together");
}

/* An agreed time never moves. */
static void check_pausable(struct co_check *c, const Callout__V1__Milestone *m)
{
    size_t agreed = 0;
    for (size_t i = 0; i < m->n_targets; i++)
        agreed += m->targets[i]->kind == TARGET(AGREED) ? 1 : 0;
    if (m->n_pause + m->n_pause_conditions > 0 && agreed > 0 && agreed == m->n_targets)
        check_say(c, m->n_pause > 0 ? "pause" : "pause_conditions", "with another target",
                  "an agreed time does not stand still");
}

/* Whether a target of the milestone, or of a ring it sends to, is of that kind. */
static bool has_kind(const Callout__V1__PolicyPack *x, const Callout__V1__Milestone *m,
                     Callout__V1__TargetKind kind)
{
    for (size_t i = 0; i < m->n_targets; i++) {
        const Callout__V1__Target *t = m->targets[i];
        const Callout__V1__ZoneTable *z = t->kind == TARGET(ZONE) ? find_zones(x, t->table) : NULL;
        if (t->kind == kind)
            return true;
        for (size_t r = 0; z != NULL && r < z->n_rings; r++)
            for (size_t k = 0; k < z->rings[r]->n_targets; k++)
                if (z->rings[r]->targets[k]->kind == kind)
                    return true;
    }
    return false;
}

static void check_counting(struct co_check *c, const Callout__V1__PolicyPack *x,
                           const Callout__V1__Milestone *m)
{
    check_range(c, "cutoff_minute", m->cutoff_minute, 0, 1440);
    if ((m->cutoff_minute != 0 || m->from_next_day) && !has_kind(x, m, TARGET(NTH_WORKING_DAY)))
        check_say(c, m->from_next_day ? "from_next_day" : "cutoff_minute", "with working day N",
                  "nothing here counts to the N-th working day");
    if (m->same_day && !has_kind(x, m, TARGET(RUNNING)))
        check_say(c, "same_day", "with running time", "no running time is promised here");
    if (m->same_day && m->n_pause > 0)
        check_say(c, "same_day", "without pauses", "a clock that stands has no day to end in");
}

void check_milestones(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    size_t arrivals = 0;
    for (size_t i = 0; i < x->n_milestones; i++) {
        const Callout__V1__Milestone *m = x->milestones[i];
        size_t mark = check_push_index(c, "milestones", i);
        check_name(c, "name", m->name);
        for (size_t j = 0; j < i; j++)
            if (strcmp(x->milestones[j]->name, m->name) == 0)
                check_say(c, "name", "each milestone once", "\"%.64s\" stands before", m->name);
        check_text(c, "title", m->title);
        check_course(c, x, m);
        check_targets(c, x, m->targets, m->n_targets, false);
        check_pausable(c, m);
        check_counting(c, x, m);
        check_warnings(c, m);
        check_actions(c, "on_warning", x, m->on_warning, m->n_on_warning);
        check_actions(c, "on_breach", x, m->on_breach, m->n_on_breach);
        arrivals += m->is_arrival ? 1 : 0;
        if (m->is_arrival && arrivals > 1)
            check_say(c, "is_arrival", "one milestone", "another one is the arrival already");
        check_pop(c, mark);
    }
}
