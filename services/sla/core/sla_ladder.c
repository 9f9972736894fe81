/* Who is told after a breach, step by step. */
#include "sla_run.h"

enum { TIMES = 10 }; /* where the pack does not say how often */

static uint32_t times_of(const Callout__V1__Milestone *m)
{
    uint32_t times = m->ladder_times != 0 ? m->ladder_times : TIMES;
    return times < SLA_LADDER_TIMES_MAX ? times : SLA_LADDER_TIMES_MAX;
}

int64_t sla_ladder_after(const Callout__V1__Milestone *m, uint32_t step)
{
    if (step < m->n_ladder)
        return m->ladder[step]->after_us;
    int64_t again = (int64_t)step - (int64_t)m->n_ladder + 1;
    int64_t after_us;
    if (m->n_ladder == 0 || m->ladder_repeat_us <= 0 || again > times_of(m) ||
        __builtin_mul_overflow(again, m->ladder_repeat_us, &after_us) ||
        __builtin_add_overflow(after_us, m->ladder[m->n_ladder - 1]->after_us, &after_us))
        return INT64_MAX;
    return after_us;
}

static void set_next(struct sla_clock *clock)
{
    int64_t after_us = sla_ladder_after(clock->milestone, clock->step);
    if (after_us == INT64_MAX ||
        __builtin_add_overflow(clock->breached_us, after_us, &clock->next_us))
        clock->next_us = INT64_MAX;
}

void sla_ladder_begin(struct sla_run *run, struct sla_clock *clock)
{
    clock->breached_us = run->time_us;
    set_next(clock);
}

void sla_ladder_climb(struct sla_run *run, struct sla_clock *clock)
{
    clock->next_us = INT64_MAX;
    if (run->out->output_count >= SLA_LADDER_OUTPUTS_MAX)
        return;
    Callout__V1__Escalated *e =
        sla_run_emit(run, CALLOUT__V1__EVENT__BODY_ESCALATED, &callout__v1__escalated__descriptor);
    if (e == NULL)
        return;
    e->milestone = clock->milestone->name;
    e->generation = clock->generation;
    e->step = clock->step++;
    e->reached_us = run->time_us;
    e->due_us = clock->due_us;
    set_next(clock);
}

void sla_ladder_acknowledge(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    (void)input;
    for (size_t i = 0; i < run->slot_count; i++) {
        struct sla_clock *clock = run->slots[i].clock;
        if (sla_slot_is_open(&run->slots[i]) && clock->is_breached)
            clock->next_us = INT64_MAX;
    }
}
