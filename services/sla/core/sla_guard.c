/* Conditions under which a milestone is promised at all. */
#include <string.h>

#include "sla_run.h"

/* In the instant in which the case is taken on, what holds at its end: conditions of the report and
 * of the site are facts of the opening, in whatever order they are listed. */
static bool holds_at_opening(const struct sla_run *run, const char *key)
{
    bool holds = false;
    for (size_t i = 0; i < run->in->input_count; i++) {
        const Callout__V1__SlaInput *input = run->in->inputs[i];
        if (input->occurred_us > run->base_us)
            break;
        bool is_set = input->act == ACT(CONDITION_SET);
        if ((is_set || input->act == ACT(CONDITION_CLEARED)) && strcmp(input->name, key) == 0)
            holds = is_set;
    }
    return holds;
}

static bool holds(const struct sla_run *run, const char *key)
{
    return run->time_us == run->base_us ? holds_at_opening(run, key)
                                        : sla_condition_holds(run, key);
}

bool sla_conditions_hold(const struct sla_run *run, char *const *only, size_t only_count,
                         char *const *unless, size_t unless_count)
{
    for (size_t i = 0; i < only_count; i++)
        if (!holds(run, only[i]))
            return false;
    for (size_t i = 0; i < unless_count; i++)
        if (holds(run, unless[i]))
            return false;
    return true;
}

bool sla_guard_holds(const struct sla_run *run, const struct sla_slot *slot)
{
    const Callout__V1__Milestone *m = slot->milestone;
    return sla_conditions_hold(run, m->only_conditions, m->n_only_conditions, m->unless_conditions,
                               m->n_unless_conditions);
}

/* The clock ends; its start waits, with the times when it stood, until the guard holds again. */
static void put_off(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by)
{
    struct sla_clock *clock = slot->clock;
    const struct sla_pauses *p = &clock->pauses;
    struct sla_pauses copy = { .count = p->count, .cap = p->count };
    if (p->count > 0) {
        copy.pause = sla_run_alloc(run, p->count * sizeof(p->pause[0]));
        if (copy.pause == NULL)
            return;
        memcpy(copy.pause, p->pause, p->count * sizeof(p->pause[0]));
    }
    sla_clock_end(run, clock, by);
    slot->waits = (struct sla_wait){ true, clock->start_us, copy };
}

void sla_guard_update(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by)
{
    bool is_open = sla_slot_is_open(slot);
    if (sla_guard_holds(run, slot)) {
        if (slot->is_armed && !is_open)
            sla_slot_start(run, slot);
    } else if (is_open && !slot->clock->is_breached) {
        put_off(run, slot, by);
    }
}

void sla_slot_not_served(struct sla_run *run, struct sla_slot *slot, const struct sla_goal *goal)
{
    if (!slot->milestone->is_arrival || goal->region == NULL || slot->is_unserved ||
        !sla_guard_holds(run, slot))
        return;
    slot->is_unserved = true;
    Callout__V1__NotServed *n = sla_run_emit(run, CALLOUT__V1__EVENT__BODY_NOT_SERVED,
                                             &callout__v1__not_served__descriptor);
    if (n == NULL)
        return;
    n->milestone = slot->milestone->name;
    n->generation = ++slot->unserved;
    n->region = goal->region;
    n->zone = goal->zone;
    n->severity = goal->severity;
    n->asked_us = run->time_us;
}
