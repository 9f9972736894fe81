#include "sla_run.h"

#include <string.h>

uint32_t sla_role_bit(Callout__V1__Role role)
{
    return (unsigned)role < 32 ? UINT32_C(1) << (unsigned)role : 0;
}

bool sla_has_all_roles(const Callout__V1__Role *roles, size_t count, uint32_t mask)
{
    for (size_t i = 0; i < count; i++)
        if ((mask & sla_role_bit(roles[i])) == 0)
            return false;
    return count > 0;
}

bool sla_level_is_waived(const struct sla_run *run)
{
    const Callout__V1__PolicyPack *p = run->in->policy;
    return sla_has_all_roles(p->waivers, p->n_waivers, run->out->waived_roles);
}

static bool holds(const struct sla_run *run, const Callout__V1__Bar *bar)
{
    for (size_t i = 0; i < bar->n_conditions; i++)
        if (!sla_condition_holds(run, bar->conditions[i]))
            return false;
    return bar->n_conditions > 0;
}

static Callout__V1__Text *make_text(struct sla_run *run, const char *zh, const char *en)
{
    Callout__V1__Text *text = sla_run_message(run, &callout__v1__text__descriptor);
    if (text != NULL) {
        text->zh = sla_run_text(run, zh);
        text->en = sla_run_text(run, en);
    }
    return text;
}

/* A raise over several levels passes the bars of every step within it. */
Callout__V1__Text *sla_level_barrier(struct sla_run *run, uint32_t to)
{
    const Callout__V1__PolicyPack *p = run->in->policy;
    for (size_t i = 0; i < p->n_bars; i++) {
        Callout__V1__Bar *bar = p->bars[i];
        if (bar->from > run->out->severity || bar->to < to || !holds(run, bar))
            continue;
        return bar->title != NULL ? bar->title : make_text(run, "不满足升级条件", "barred");
    }
    if (sla_level_is_waived(run))
        return make_text(run, "各方已同意不升级", "waived by all who may waive");
    return NULL;
}

static void announce(struct sla_run *run, const struct sla_change *change)
{
    Callout__V1__SeverityChanged *s = sla_run_emit(run, CALLOUT__V1__EVENT__BODY_SEVERITY_CHANGED,
                                                   &callout__v1__severity_changed__descriptor);
    Callout__V1__Why *why = sla_run_message(run, &callout__v1__why__descriptor);
    if (s == NULL || why == NULL)
        return;
    why->rule = sla_run_text(run, change->rule);
    if (change->what != NULL)
        why->what = change->what;
    if (run->in->policy->source != NULL)
        why->source = run->in->policy->source;
    s->ordinal = ++run->ordinal;
    s->from = run->out->severity;
    s->to = change->to;
    s->changed_us = run->time_us;
    s->why = why;
}

/* For whoever explains the clock: its due time, and whose it is, before and after. */
static void note_move(struct sla_run *run, struct sla_clock *clock, struct sla_move move)
{
    move.to = clock->goal.severity;
    move.due_after_us = clock->due_us;
    if (move.from == move.to && move.due_before_us == move.due_after_us)
        return;
    struct sla_move *list = sla_run_alloc(run, (clock->move_count + 1) * sizeof(*list));
    if (list == NULL)
        return;
    if (clock->move_count > 0)
        memcpy(list, clock->moves, clock->move_count * sizeof(*list));
    list[clock->move_count++] = move;
    clock->moves = list;
}

static void move_clock(struct sla_run *run, struct sla_slot *slot, const struct sla_change *change,
                       bool is_raise)
{
    struct sla_clock *clock = slot->clock;
    uint32_t bit = UINT32_C(1) << (change->to - 1);
    if (clock->is_breached)
        return;
    struct sla_move move = { .at_us = run->time_us,
                             .ordinal = run->ordinal,
                             .from = clock->goal.severity,
                             .due_before_us = clock->due_us };
    clock->levels = is_raise ? clock->levels | bit : bit;
    if (sla_clock_update(run, slot))
        note_move(run, clock, move);
    else
        sla_clock_end(run, clock, change->by);
}

/* A clock that a raise starts anew: a breach tells how the old one ended; where it was not yet
 * late, it stops. */
static void replace(struct sla_run *run, struct sla_slot *slot)
{
    if (!sla_slot_is_open(slot))
        return;
    if (!slot->clock->is_breached)
        sla_clock_end(run, slot->clock, ACT(NONE));
    slot->clock->state = SLA_CLOCK_REPLACED;
    slot->clock->ended_us = run->time_us;
    slot->clock->next_us = INT64_MAX;
}

void sla_level_change(struct sla_run *run, struct sla_change change)
{
    bool is_raise = change.to < run->out->severity;
    announce(run, &change);
    run->out->severity = change.to;
    for (size_t i = 0; i < run->slot_count; i++) {
        struct sla_slot *slot = &run->slots[i];
        if (slot == change.restart)
            replace(run, slot);
        bool was_open = sla_slot_is_open(slot);
        if (was_open)
            move_clock(run, slot, &change, is_raise);
        else if (slot->is_armed)
            sla_slot_start(run, slot);
    }
}
