/* Why clocks stand: pauses by acts, conditions, steps, exclusions. */
#include <string.h>

#include "sla_names.h"
#include "sla_run.h"

static char *name_of_act(struct sla_run *run, Callout__V1__Act act)
{
    char name[SLA_NAME_TEXT];
    sla_name_of_act(act, name);
    return sla_run_text(run, name);
}

/* -- which reason governs */

static size_t find_exclusion(const struct sla_run *run, const char *key)
{
    size_t i = 0;
    while (i < run->exclusion_count && strcmp(run->exclusions[i], key) != 0)
        i++;
    return i;
}

static char consent_asked[] = "consent_asked";

static bool holds_on(const struct sla_run *run, const struct sla_slot *slot)
{
    const struct sla_reason *r = &slot->held;
    if (r->why == NULL)
        return false;
    if (strcmp(r->why, "act") == 0)
        return strcmp(r->name, consent_asked) == 0 ? slot->is_asked : slot->paused_by != ACT(NONE);
    if (strcmp(r->why, "condition") == 0)
        return sla_condition_holds(run, r->name);
    if (strcmp(r->why, "step") == 0)
        return sla_step_holds(run, r->name);
    return find_exclusion(run, r->name) < run->exclusion_count;
}

static struct sla_reason find_reason(struct sla_run *run, const struct sla_slot *slot)
{
    const Callout__V1__Milestone *m = slot->milestone;
    if (slot->paused_by != ACT(NONE))
        return (struct sla_reason){ "act", name_of_act(run, slot->paused_by) };
    if (slot->is_asked)
        return (struct sla_reason){ "act", consent_asked };
    for (size_t i = 0; i < m->n_pause_conditions; i++)
        if (sla_condition_holds(run, m->pause_conditions[i]))
            return (struct sla_reason){ "condition", m->pause_conditions[i] };
    for (size_t i = 0; i < m->n_pause_steps; i++)
        if (sla_step_holds(run, m->pause_steps[i]))
            return (struct sla_reason){ "step", m->pause_steps[i] };
    if (run->exclusion_count > 0)
        return (struct sla_reason){ "exclusion", run->exclusions[0] };
    return (struct sla_reason){ NULL, NULL };
}

/* -- pieces */

static void begin_piece(struct sla_run *run, struct sla_pauses *p, struct sla_reason reason)
{
    if (p->count == p->cap) {
        size_t grown = p->cap == 0 ? 4 : p->cap * 2;
        struct sla_pause *copy = sla_run_alloc(run, grown * sizeof(*copy));
        if (copy == NULL)
            return;
        if (p->count > 0)
            memcpy(copy, p->pause, p->count * sizeof(*copy));
        p->pause = copy;
        p->cap = grown;
    }
    p->pause[p->count++] = (struct sla_pause){ run->time_us, INT64_MAX, reason };
}

/* One that ends as it begins never was. */
static void end_piece(const struct sla_run *run, struct sla_pauses *p)
{
    if (p->count == 0)
        return;
    struct sla_pause *last = &p->pause[p->count - 1];
    if (last->from_us == run->time_us)
        p->count--;
    else
        last->until_us = run->time_us;
}

void sla_hold_begin(struct sla_run *run, struct sla_slot *slot, struct sla_pauses *pauses)
{
    if (slot->held.why != NULL)
        begin_piece(run, pauses, slot->held);
}

/* Where it is kept when the slot stands: a clock that is late does not care. */
static struct sla_pauses *find_pauses(struct sla_slot *slot)
{
    if (sla_slot_is_open(slot))
        return slot->clock->is_breached ? NULL : &slot->clock->pauses;
    return slot->waits.is_waiting ? &slot->waits.pauses : NULL;
}

void sla_hold_update(struct sla_run *run, struct sla_slot *slot)
{
    if (holds_on(run, slot))
        return;
    struct sla_reason was = slot->held;
    slot->held = find_reason(run, slot);
    struct sla_pauses *pauses = find_pauses(slot);
    if (pauses == NULL || (was.why == NULL && slot->held.why == NULL))
        return;
    if (was.why != NULL)
        end_piece(run, pauses);
    sla_hold_begin(run, slot, pauses);
    if (sla_slot_is_open(slot))
        (void)sla_clock_update(run, slot);
}

/* -- acts */

/* A question to the customer stands for itself: its answer lets go on only what it made stand. */
void sla_slot_pause(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by)
{
    if (by == ACT(CONSENT_ASKED))
        slot->is_asked = true;
    else if (slot->paused_by == ACT(NONE))
        slot->paused_by = by;
    sla_hold_update(run, slot);
}

static bool is_consent(Callout__V1__Act act)
{
    return act >= ACT(CONSENT_ASKED) && act <= ACT(CONSENT_SILENT);
}

void sla_slot_resume(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by)
{
    if (is_consent(by)) /* the last answer, sla_hold_unasked() */
        return;
    slot->paused_by = ACT(NONE);
    sla_hold_update(run, slot);
}

void sla_hold_unasked(struct sla_run *run, struct sla_slot *slot)
{
    slot->is_asked = false;
    sla_hold_update(run, slot);
}

/* -- exclusions */

static bool is_excluded_cause(const struct sla_run *run, const char *cause)
{
    const Callout__V1__PolicyPack *p = run->in->policy;
    for (size_t i = 0; i < p->n_excluded; i++)
        if (strcmp(p->excluded[i]->key, cause) == 0)
            return true;
    return false;
}

static void update_all(struct sla_run *run)
{
    for (size_t i = 0; i < run->slot_count; i++)
        sla_hold_update(run, &run->slots[i]);
}

void sla_exclusion_begin(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    if (!is_excluded_cause(run, input->cause) ||
        find_exclusion(run, input->name) < run->exclusion_count)
        return;
    const char **list =
        sla_run_room(run, run->exclusions, run->exclusion_count, &run->exclusion_cap);
    if (list == NULL)
        return;
    run->exclusions = list;
    list[run->exclusion_count++] = input->name;
    update_all(run);
}

void sla_exclusion_end(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    size_t i = find_exclusion(run, input->name);
    if (i == run->exclusion_count)
        return;
    run->exclusion_count--;
    for (; i < run->exclusion_count; i++)
        run->exclusions[i] = run->exclusions[i + 1];
    update_all(run);
}
