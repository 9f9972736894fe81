#include "sla_action.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sla_run.h"

/* The actions of one trigger of a milestone. */
struct list {
    Callout__V1__Action *const *action;
    size_t count;
};

static struct list of_breach(const Callout__V1__Milestone *m)
{
    return (struct list){ m->on_breach, m->n_on_breach };
}

static struct list of_warning(const Callout__V1__Milestone *m)
{
    return (struct list){ m->on_warning, m->n_on_warning };
}

static struct list of_threshold(const Callout__V1__Milestone *m, size_t threshold)
{
    if (threshold >= m->n_warnings)
        return (struct list){ NULL, 0 };
    return (struct list){ m->warnings[threshold]->actions, m->warnings[threshold]->n_actions };
}

#define WARNING "warning"
#define OWN "warning " /* a number follows, from 1 */

static struct list find_list(const Callout__V1__Milestone *m, const char *trigger)
{
    if (strcmp(trigger, "breach") == 0)
        return of_breach(m);
    if (strcmp(trigger, WARNING) == 0)
        return of_warning(m);
    if (strncmp(trigger, OWN, strlen(OWN)) != 0)
        return (struct list){ NULL, 0 };
    return of_threshold(m, strtoul(trigger + strlen(OWN), NULL, 10) - 1);
}

/* Why.rule of a raise. */
static const char *rule_of(const char *trigger)
{
    return strncmp(trigger, WARNING, strlen(WARNING)) == 0 ? WARNING : "breach";
}

static const Callout__V1__Action *pick(const Callout__V1__Milestone *m,
                                       const Callout__V1__Acted *acted)
{
    struct list list = find_list(m, acted->trigger);
    return acted->index < list.count ? list.action[acted->index] : NULL;
}

const Callout__V1__Action *sla_action_find(const Callout__V1__PolicyPack *policy,
                                           const Callout__V1__Acted *acted)
{
    for (size_t i = 0; i < policy->n_milestones; i++)
        if (strcmp(policy->milestones[i]->name, acted->milestone) == 0)
            return pick(policy->milestones[i], acted);
    return NULL;
}

struct occasion {
    struct sla_slot *slot;
    const char *trigger; /* "warning", "warning 1" ..., "breach" */
    uint32_t generation;
    uint32_t severity; /* before any action of this occasion */
};

static bool is_wanted(const struct sla_run *run, const Callout__V1__Action *a, uint32_t severity)
{
    if (a->unless_condition[0] != '\0' && sla_condition_holds(run, a->unless_condition))
        return false;
    for (size_t i = 0; i < a->n_severities; i++)
        if (a->severities[i] == severity)
            return true;
    return a->n_severities == 0;
}

static bool is_named(const struct occasion *o, uint32_t index, const Callout__V1__Acted *a)
{
    return a->index == index && a->generation == o->generation &&
           strcmp(a->milestone, o->slot->milestone->name) == 0 &&
           strcmp(a->trigger, o->trigger) == 0;
}

/* One that stands was done already. */
static bool is_done(const struct sla_run *run, const struct occasion *o, uint32_t index)
{
    if (run->in->standing_count == 0)
        return false;
    for (size_t i = 0; i < run->out->output_count; i++) {
        const Callout__V1__Event *e = run->out->outputs[i];
        if (e->body_case == CALLOUT__V1__EVENT__BODY_ACTED && is_named(o, index, e->acted))
            return true;
    }
    return false;
}

/* It stands, and is about to be done at this very instant. */
static bool is_standing(const struct sla_run *run, const struct occasion *o, uint32_t index)
{
    for (size_t i = run->standing_next; i < run->in->standing_count; i++)
        if (run->in->standing[i]->acted_us <= run->time_us &&
            is_named(o, index, run->in->standing[i]))
            return true;
    return false;
}

static Callout__V1__Acted *say(struct sla_run *run, const struct occasion *o, uint32_t index)
{
    Callout__V1__Acted *a =
        sla_run_emit(run, CALLOUT__V1__EVENT__BODY_ACTED, &callout__v1__acted__descriptor);
    if (a == NULL)
        return NULL;
    a->milestone = o->slot->milestone->name;
    a->generation = o->generation;
    a->trigger = sla_run_text(run, o->trigger);
    a->index = index;
    a->acted_us = run->time_us;
    return a;
}

static void raise_level(struct sla_run *run, const struct occasion *o, uint32_t index, uint32_t to,
                        struct sla_slot *restart)
{
    if (to < 1 || to >= run->out->severity)
        return;
    Callout__V1__Text *barrier = sla_level_barrier(run, to);
    if (barrier != NULL && is_standing(run, o, index))
        return;
    Callout__V1__Acted *a = say(run, o, index);
    if (a == NULL)
        return;
    a->what = sla_run_text(run, "raise");
    a->barred = barrier;
    if (a->barred != NULL || run->err != CO_OK)
        return;
    sla_level_change(run, (struct sla_change){ .to = to,
                                               .rule = rule_of(o->trigger),
                                               .what = o->slot->milestone->name,
                                               .restart = restart });
}

static struct sla_slot *find_slot(struct sla_run *run, const char *milestone)
{
    for (size_t i = 0; i < run->slot_count; i++)
        if (strcmp(run->slots[i].milestone->name, milestone) == 0)
            return &run->slots[i];
    return NULL;
}

static void start_milestone(struct sla_run *run, const struct occasion *o, uint32_t index,
                            const char *milestone)
{
    struct sla_slot *slot = find_slot(run, milestone);
    Callout__V1__Acted *a = slot != NULL ? say(run, o, index) : NULL;
    if (a == NULL)
        return;
    a->what = slot->milestone->name;
    sla_slot_start(run, slot);
}

static void ask_for_step(struct sla_run *run, const struct occasion *o, uint32_t index, char *step)
{
    Callout__V1__Acted *a = say(run, o, index);
    if (a == NULL)
        return;
    a->what = step;
    sla_step_ask(run, step);
}

static void perform(struct sla_run *run, const struct occasion *o, uint32_t index,
                    const Callout__V1__Action *action)
{
    Callout__V1__Acted *a;
    switch (action->kind) {
    case CALLOUT__V1__ACTION_KIND__ACTION_RAISE:
        raise_level(run, o, index, run->out->severity - 1, o->slot);
        break;
    case CALLOUT__V1__ACTION_KIND__ACTION_RAISE_TO:
        raise_level(run, o, index, action->level, NULL);
        break;
    case CALLOUT__V1__ACTION_KIND__ACTION_ACT:
        a = say(run, o, index);
        if (a == NULL)
            break;
        a->act = action->act;
        sla_act_make(run, action->act);
        break;
    case CALLOUT__V1__ACTION_KIND__ACTION_PROPOSE:
    case CALLOUT__V1__ACTION_KIND__ACTION_TELL:
        a = say(run, o, index);
        if (a != NULL)
            a->what = action->what;
        break;
    case CALLOUT__V1__ACTION_KIND__ACTION_START:
        start_milestone(run, o, index, action->milestone);
        break;
    case CALLOUT__V1__ACTION_KIND__ACTION_STEP:
        ask_for_step(run, o, index, action->step);
        break;
    case CALLOUT__V1__ACTION_KIND__ACTION_NONE:
    case _CALLOUT__V1__ACTION_KIND_IS_INT_SIZE:
    default:
        break;
    }
}

static void perform_all(struct sla_run *run, const struct occasion *o, struct list list)
{
    for (size_t i = 0; i < list.count && run->err == CO_OK && !run->out->is_closed; i++)
        if (is_wanted(run, list.action[i], o->severity) && !is_done(run, o, (uint32_t)i))
            perform(run, o, (uint32_t)i, list.action[i]);
}

void sla_actions_warned(struct sla_run *run, struct sla_slot *slot, size_t threshold, bool is_first)
{
    char own[sizeof(OWN) + 20];
    struct occasion o = { slot, WARNING, slot->clock->generation, run->out->severity };
    if (is_first)
        perform_all(run, &o, of_warning(slot->milestone));
    struct list list = of_threshold(slot->milestone, threshold);
    if (list.count == 0)
        return;
    (void)snprintf(own, sizeof(own), OWN "%zu", threshold + 1);
    o.trigger = own;
    perform_all(run, &o, list);
}

void sla_actions_breached(struct sla_run *run, struct sla_slot *slot)
{
    struct occasion o = { slot, "breach", slot->clock->generation, run->out->severity };
    perform_all(run, &o, of_breach(slot->milestone));
}

/* -- actions that stand */

/* A raise that stands moves the severity, but starts no clock anew: its breach is gone. */
static void stand_raised(struct sla_run *run, const Callout__V1__Acted *acted,
                         const struct sla_slot *slot, uint32_t to)
{
    if (acted->barred != NULL || to < 1 || to >= run->out->severity)
        return;
    sla_level_change(run, (struct sla_change){ .to = to,
                                               .rule = rule_of(acted->trigger),
                                               .what = slot->milestone->name });
}

void sla_action_stand(struct sla_run *run, Callout__V1__Acted *acted)
{
    struct sla_slot *slot = find_slot(run, acted->milestone);
    const Callout__V1__Action *action = sla_action_find(run->in->policy, acted);
    struct occasion o = { slot, acted->trigger, acted->generation, 0 };
    if (slot != NULL && is_done(run, &o, acted->index))
        return;
    sla_run_emit_acted(run, acted);
    if (slot == NULL || action == NULL || run->out->is_closed || run->err != CO_OK)
        return;
    if (action->kind == CALLOUT__V1__ACTION_KIND__ACTION_RAISE)
        stand_raised(run, acted, slot, run->out->severity - 1);
    else if (action->kind == CALLOUT__V1__ACTION_KIND__ACTION_RAISE_TO)
        stand_raised(run, acted, slot, action->level);
    else if (action->kind == CALLOUT__V1__ACTION_KIND__ACTION_ACT)
        sla_act_make(run, action->act);
    else if (action->kind == CALLOUT__V1__ACTION_KIND__ACTION_START &&
             find_slot(run, action->milestone) != NULL)
        sla_slot_start(run, find_slot(run, action->milestone));
    else if (action->kind == CALLOUT__V1__ACTION_KIND__ACTION_STEP)
        sla_step_ask(run, action->step);
}
