/* Milestones of a pack: how their clocks begin, stand and end. */
#include <string.h>

#include "co_check.h"

#define TARGET(name) CALLOUT__V1__TARGET_KIND__TARGET_##name
#define ACT(name) CALLOUT__V1__ACT__ACT_##name

/* Acts that no clock ever sees: of an offer, of a held case, and what is no more than a remark. */
static bool is_unseen(Callout__V1__Act act)
{
    static const Callout__V1__Act unseen[] = { ACT(ACCEPT),         ACT(DECLINE), ACT(APPROVE),
                                               ACT(NOTE),           ACT(CLOSED),  ACT(EXCLUDED),
                                               ACT(EXCLUSION_ENDED) };
    for (size_t i = 0; i < sizeof(unseen) / sizeof(unseen[0]); i++)
        if (unseen[i] == act)
            return true;
    return false;
}

void check_acts(struct co_check *c, const char *field, const Callout__V1__Act *acts, size_t count)
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

/* Whether a target of the milestone, or of a ring it sends to, is of that kind. */
static bool has_kind(const Callout__V1__PolicyPack *x, const Callout__V1__Milestone *m,
                     Callout__V1__TargetKind kind)
{
    for (size_t i = 0; i < m->n_targets; i++) {
        const Callout__V1__Target *t = m->targets[i];
        const Callout__V1__ZoneTable *z =
            t->kind == TARGET(ZONE) ? check_find_zones(x, t->table) : NULL;
        if (t->kind == kind)
            return true;
        for (size_t r = 0; z != NULL && r < z->n_rings; r++)
            for (size_t k = 0; k < z->rings[r]->n_targets; k++)
                if (z->rings[r]->targets[k]->kind == kind)
                    return true;
        for (size_t r = 0; z != NULL && r < z->n_regions; r++)
            for (size_t k = 0; k < z->regions[r]->n_targets; k++)
                if (z->regions[r]->targets[k]->kind == kind)
                    return true;
    }
    return false;
}

/* Conditions under which it is promised, or stands. */
static void check_guards(struct co_check *c, const Callout__V1__PolicyPack *x,
                         const Callout__V1__Milestone *m)
{
    check_conditions(c, "only_conditions", x, m->only_conditions, m->n_only_conditions);
    check_conditions(c, "unless_conditions", x, m->unless_conditions, m->n_unless_conditions);
    check_conditions(c, "pause_conditions", x, m->pause_conditions, m->n_pause_conditions);
    for (size_t i = 0; i < m->n_unless_conditions; i++)
        for (size_t j = 0; j < m->n_only_conditions; j++)
            if (strcmp(m->unless_conditions[i], m->only_conditions[j]) == 0) {
                size_t mark = check_push_index(c, "unless_conditions", i);
                check_say(c, "", "a condition that \"only_conditions\" does not name",
                          "\"%.64s\" would have to hold and not to hold", m->unless_conditions[i]);
                check_pop(c, mark);
            }
}

/* Acts that bring a time with them. */
static void check_agree(struct co_check *c, const Callout__V1__PolicyPack *x,
                        const Callout__V1__Milestone *m)
{
    bool is_open = has_kind(x, m, TARGET(AGREED));
    for (size_t i = 0; i < m->n_agree; i++) {
        size_t mark = check_push_index(c, "agree", i);
        if (m->agree[i] != ACT(AGREE) && m->agree[i] != ACT(HARDWARE_EXPECTED))
            check_say(c, "", "agree, hardware_expected", "is an act that brings no time");
        check_pop(c, mark);
    }
    for (size_t i = 0; i < m->n_targets; i++)
        is_open = is_open || m->targets[i]->from_contract;
    if (m->n_agree > 0 && !is_open)
        check_say(c, "agree", "with a target that is agreed", "nothing here is to be agreed");
}

static void check_calendar_of(struct co_check *c, const char *calendar)
{
    if (strcmp(calendar, "site") != 0 && strcmp(calendar, "contract") != 0)
        check_ref(c, "calendar", CO_KIND_CALENDAR, calendar, false);
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
    check_step_names(c, "start_steps", x, m->start_steps, m->n_start_steps);
    check_step_names(c, "stop_steps", x, m->stop_steps, m->n_stop_steps);
    check_step_names(c, "cancel_steps", x, m->cancel_steps, m->n_cancel_steps);
    check_step_names(c, "pause_steps", x, m->pause_steps, m->n_pause_steps);
    check_guards(c, x, m);
    check_agree(c, x, m);
    check_calendar_of(c, m->calendar);
    if (m->n_start + m->n_start_unless_cancelled + m->n_start_conditions + m->n_start_steps == 0)
        check_say(c, "start", "acts, or start_conditions", "nothing starts this clock");
    if (m->n_stop + m->n_cancel + m->n_cancel_conditions + m->n_stop_steps + m->n_cancel_steps == 0)
        check_say(c, "stop", "acts, or cancel_conditions", "nothing ends this clock");
    if (m->n_start_unless_cancelled > 0 && m->n_cancel == 0)
        check_say(c, "start_unless_cancelled", "acts in \"cancel\"", "nothing cancels this clock");
    if (m->n_pause > 0 && m->n_resume == 0)
        check_say(c, "resume", "acts", "what stands must be able to go on");
    if ((m->n_suspend > 0) != (m->n_restart > 0))
        check_say(c, m->n_suspend > 0 ? "restart" : "suspend", "acts",
                  "\"suspend\" and \"restart\" belong together");
}

/* An agreed time never moves, a dated one only with its date. */
static void check_pausable(struct co_check *c, const Callout__V1__Milestone *m)
{
    size_t fixed = 0;
    for (size_t i = 0; i < m->n_targets; i++)
        fixed += m->targets[i]->kind == TARGET(AGREED) || m->targets[i]->kind == TARGET(DATED) ||
                         m->targets[i]->kind == TARGET(DATED_END)
                     ? 1
                     : 0;
    if (m->n_pause + m->n_pause_conditions + m->n_pause_steps > 0 && fixed > 0 &&
        fixed == m->n_targets)
        check_say(c, m->n_pause > 0 ? "pause" : "pause_conditions", "with another target",
                  "an agreed time, or a date, does not stand still");
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
    if (m->same_day && m->n_pause + m->n_pause_conditions + m->n_pause_steps > 0)
        check_say(c, "same_day", "without pauses", "a clock that stands has no day to end in");
}

size_t check_milestone_names(const Callout__V1__PolicyPack *x,
                             const char *names[static CO_CHECK_NAMES])
{
    size_t n = 0;
    for (; n < x->n_milestones && n < CO_CHECK_NAMES; n++)
        names[n] = x->milestones[n]->name;
    return n;
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
        check_warnings(c, x, m);
        check_actions(c, "on_warning", x, m, m->on_warning, m->n_on_warning);
        check_actions(c, "on_breach", x, m, m->on_breach, m->n_on_breach);
        check_ladder(c, x, m);
        arrivals += m->is_arrival ? 1 : 0;
        if (m->is_arrival && arrivals > 1)
            check_say(c, "is_arrival", "one milestone", "another one is the arrival already");
        if (m->is_arrival && m->bounds_arrival)
            check_say(c, "bounds_arrival", "a milestone that is not the arrival itself",
                      "the arrival bounds itself");
        check_pop(c, mark);
    }
}
