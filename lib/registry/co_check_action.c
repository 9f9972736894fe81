/* What follows from warnings and breaches: actions, ladders, and whether somebody is told of them.
 */
#include <string.h>

#include "co_check.h"
#include "co_pack.h"
#include "co_time.h"

#define WARNINGS_MAX 63
#define STEPS_MAX 63
#define REPEATS_MAX 100
#define DAYS_MAX 366
#define ACT(name) CALLOUT__V1__ACT__ACT_##name
#define ACTION(name) CALLOUT__V1__ACTION_KIND__ACTION_##name
#define NOTICE(name) CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name

/* What may happen by itself: facts that need nothing but their name. */
static bool can_happen(Callout__V1__Act act)
{
    return act > ACT(REPORTED) && act <= ACT(RELAPSED) && act != ACT(NOTE) &&
           act != ACT(CONDITION_SET) && act != ACT(CONDITION_CLEARED);
}

static void check_act_made(struct co_check *c, Callout__V1__Act act)
{
    check_enum(c, "act", &callout__v1__act__descriptor, (int)act);
    if (act != ACT(NONE) && !can_happen(act))
        check_say(c, "act", "onsite_requested, remote_gave_up ...", "cannot happen by itself");
}

/* What an action or a step of a ladder wants somebody to be told of. */
struct telling {
    Callout__V1__NoticeOn on;
    const Callout__V1__Milestone *milestone;
    Callout__V1__Role role;
    const char *what;
    const uint32_t *severities; /* none: all that the milestone has a target for */
    size_t n_severities;
};

static bool is_listed(const uint32_t *list, size_t count, uint32_t level)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == level)
            return true;
    return count == 0;
}

static bool fits(const Callout__V1__NoticeRule *r, const struct telling *t, uint32_t level)
{
    if (r->on != t->on || !is_listed(r->severities, r->n_severities, level))
        return false;
    if (r->milestone[0] != '\0' && strcmp(r->milestone, t->milestone->name) != 0)
        return false;
    if (r->what[0] != '\0' && strcmp(r->what, t->what) != 0)
        return false;
    for (size_t i = 0; i < r->n_roles; i++)
        if (r->roles[i] == t->role)
            return true;
    return false;
}

static bool is_promised(const Callout__V1__Milestone *m, uint32_t level)
{
    for (size_t i = 0; i < m->n_targets; i++)
        if (m->targets[i]->severity == level)
            return m->targets[i]->kind != CALLOUT__V1__TARGET_KIND__TARGET_NONE ||
                   m->targets[i]->from_contract;
    return false;
}

/* Somebody who is to be told needs a notice that says it. */
static void check_told(struct co_check *c, const Callout__V1__PolicyPack *x,
                       const struct telling *t)
{
    char name[CO_CHECK_ENUM_NAME];
    check_enum_name(&callout__v1__role__descriptor, (int)t->role, name);
    for (uint32_t level = 1; level <= x->n_severities; level++) {
        bool is_said =
            !is_listed(t->severities, t->n_severities, level) || !is_promised(t->milestone, level);
        for (size_t i = 0; !is_said && i < x->n_notices; i++)
            is_said = fits(x->notices[i], t, level);
        if (is_said)
            continue;
        if (t->on == NOTICE(TOLD))
            check_say(c, "roles", "a rule of \"notices\" with on: told",
                      "no notice tells \"%s\" of \"%.64s\" at level %u", name, t->what, level);
        else
            check_say(c, "roles", "a rule of \"notices\" with on: escalated",
                      "no notice tells \"%s\" of an escalation at level %u", name, level);
        return;
    }
}

static void check_started(struct co_check *c, const Callout__V1__PolicyPack *x,
                          const Callout__V1__Milestone *m, const char *milestone)
{
    const char *names[CO_CHECK_NAMES];
    size_t count = check_milestone_names(x, names);
    bool is_known = check_word(c, "milestone", milestone, names, count);
    if (is_known && strcmp(milestone, m->name) == 0)
        check_say(c, "milestone", "another milestone", "this one runs already");
}

/* A step that opens by itself need not be asked for. */
static void check_asked(struct co_check *c, const Callout__V1__PolicyPack *x, const char *key)
{
    const Callout__V1__Step *s = co_pack_duty(x, key);
    check_step_name(c, "step", x, key);
    if (s != NULL && s->n_open == 0)
        check_say(c, "step", "a step with \"open\"", "\"%.64s\" opens by itself", key);
}

static void check_action(struct co_check *c, const Callout__V1__PolicyPack *x,
                         const Callout__V1__Milestone *m, const Callout__V1__Action *a)
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
    if (a->kind == ACTION(PROPOSE) || a->kind == ACTION(TELL))
        check_name(c, "what", a->what);
    else if (a->what[0] != '\0')
        check_say(c, "what", "kind: propose, kind: tell", "belongs to another kind of action");
    if (a->kind == ACTION(TELL))
        check_some_roles(c, a->roles, a->n_roles);
    else if (a->n_roles > 0)
        check_say(c, "roles", "kind: tell", "belongs to another kind of action");
    if (a->kind == ACTION(START))
        check_started(c, x, m, a->milestone);
    else if (a->milestone[0] != '\0')
        check_say(c, "milestone", "kind: start", "belongs to another kind of action");
    if (a->kind == ACTION(STEP))
        check_asked(c, x, a->step);
    else if (a->step[0] != '\0')
        check_say(c, "step", "kind: step", "belongs to another kind of action");
    check_severities(c, "severities", x, a->severities, a->n_severities);
    if (condition[0] != '\0')
        check_conditions(c, "unless_condition", x, &condition, 1);
    if (a->kind == ACTION(TELL))
        for (size_t i = 0; i < a->n_roles; i++) {
            struct telling t = { NOTICE(TOLD),   m, a->roles[i], a->what, a->severities,
                                 a->n_severities };
            check_told(c, x, &t);
        }
}

void check_actions(struct co_check *c, const char *field, const Callout__V1__PolicyPack *x,
                   const Callout__V1__Milestone *m, Callout__V1__Action *const *actions,
                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, field, i);
        check_action(c, x, m, actions[i]);
        check_pop(c, mark);
    }
}

void check_warnings(struct co_check *c, const Callout__V1__PolicyPack *x,
                    const Callout__V1__Milestone *m)
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
        check_actions(c, "actions", x, m, t->actions, t->n_actions);
        check_pop(c, mark);
    }
}

void check_steps(struct co_check *c, const char *field, Callout__V1__EscalationStep *const *steps,
                 size_t count, const char *since)
{
    if (count > STEPS_MAX)
        check_say(c, field, "at most 63 steps", "there are %zu", count);
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, field, i);
        if (steps[i]->after_us < 0 || steps[i]->after_us > DAYS_MAX * CO_DAY_US)
            check_say(c, "after", "0s to 366d", "is no length of time after %s", since);
        else if (i > 0 && steps[i]->after_us <= steps[i - 1]->after_us)
            check_say(c, "after", "later than the step before", "the steps do not rise");
        check_pop(c, mark);
    }
}

void check_ladder(struct co_check *c, const Callout__V1__PolicyPack *x,
                  const Callout__V1__Milestone *m)
{
    const int64_t longest_us = DAYS_MAX * CO_DAY_US;
    check_steps(c, "ladder", m->ladder, m->n_ladder, "the breach");
    for (size_t i = 0; i < m->n_ladder; i++) {
        const Callout__V1__EscalationStep *step = m->ladder[i];
        size_t mark = check_push_index(c, "ladder", i);
        check_some_roles(c, step->roles, step->n_roles);
        for (size_t k = 0; k < step->n_roles; k++) {
            struct telling t = { NOTICE(ESCALATED), m, step->roles[k], "", NULL, 0 };
            check_told(c, x, &t);
        }
        check_pop(c, mark);
    }
    if (m->ladder_repeat_us != 0 && m->n_ladder == 0)
        check_say(c, "ladder_repeat", "with \"ladder\"", "there is no step to repeat");
    else if (m->ladder_repeat_us != 0 &&
             (m->ladder_repeat_us < CO_MINUTE_US || m->ladder_repeat_us > longest_us))
        check_say(c, "ladder_repeat", "1m to 366d", "is no pace to repeat at");
    if (m->ladder_times != 0 && m->ladder_repeat_us == 0)
        check_say(c, "ladder_times", "with \"ladder_repeat\"", "nothing is repeated");
    check_range(c, "ladder_times", m->ladder_times, 0, REPEATS_MAX);
}
