#include "sla_fold.h"

#include "co_assert.h"
#include "sla_run.h"

static const Callout__V1__SlaInput *find_input(const struct sla_fold_input *in,
                                               Callout__V1__Act act)
{
    for (size_t i = 0; i < in->input_count; i++)
        if (in->inputs[i]->act == act)
            return in->inputs[i];
    return NULL;
}

static void prepare(struct sla_run *run)
{
    const struct sla_fold_input *in = run->in;
    const Callout__V1__PolicyPack *policy = in->policy;
    run->slot_count = policy->n_milestones;
    run->slots = sla_run_alloc(run, run->slot_count * sizeof(*run->slots));
    run->out->conditions = sla_run_alloc(run, policy->n_conditions * sizeof(bool));
    if (policy->n_steps > SLA_STEPS_MAX)
        run->err = CO_EINPUT;
    run->out->steps = sla_run_alloc(run, policy->n_steps * sizeof(*run->out->steps));
    if (run->err != CO_OK)
        return;
    for (size_t i = 0; i < run->slot_count; i++)
        run->slots[i].milestone = policy->milestones[i];
    uint32_t severity = in->opened->severity;
    run->out->severity = severity >= 1 && severity <= SLA_LEVELS_MAX ? severity : 1;
    run->judged = run->out->severity;
    const Callout__V1__SlaInput *located = find_input(in, ACT(LOCATED));
    run->terms = (struct sla_terms){
        .policy = in->policy,
        .opened = in->opened,
        .place = { .regions = in->opened->regions,
                   .region_count = in->opened->n_regions,
                   .km = located != NULL ? &located->km : NULL,
                   .is_stated = located != NULL && located->is_stated },
        .date = { in->opened->dated_us, in->opened->dated_until_us },
    };
    const Callout__V1__SlaInput *entitled = find_input(in, ACT(ENTITLED));
    run->base_us = entitled != NULL ? entitled->occurred_us : in->opened->reported_us;
    run->time_us = run->base_us;
    run->out->next_us = INT64_MAX;
}

/* The report and its acceptance come before everything else. */
static bool is_opening(const Callout__V1__SlaInput *input)
{
    return input->act == ACT(REPORTED) || input->act == ACT(ENTITLED);
}

static void open_case(struct sla_run *run)
{
    for (size_t i = 0; i < run->in->input_count && run->err == CO_OK; i++)
        if (is_opening(run->in->inputs[i]))
            sla_act_happen(run, run->in->inputs[i]);
}

static int64_t later(int64_t a_us, int64_t b_us)
{
    return a_us > b_us ? a_us : b_us;
}

static int64_t input_us(struct sla_run *run)
{
    const struct sla_fold_input *in = run->in;
    while (run->input_next < in->input_count && is_opening(in->inputs[run->input_next]))
        run->input_next++;
    if (run->input_next == in->input_count)
        return INT64_MAX;
    return later(in->inputs[run->input_next]->occurred_us, run->time_us);
}

/* The clock in which something happens next; never before now in the run. */
static struct sla_slot *next_slot(struct sla_run *run, int64_t *ret_us)
{
    struct sla_slot *next = NULL;
    *ret_us = INT64_MAX;
    for (size_t i = 0; i < run->slot_count; i++) {
        struct sla_slot *slot = &run->slots[i];
        if (!sla_slot_is_open(slot) || slot->clock->next_us == INT64_MAX)
            continue;
        int64_t at_us = later(slot->clock->next_us, run->time_us);
        if (next != NULL && at_us >= *ret_us)
            continue;
        next = slot;
        *ret_us = at_us;
    }
    return next;
}

static int64_t standing_us(const struct sla_run *run)
{
    if (run->standing_next == run->in->standing_count)
        return INT64_MAX;
    return later(run->in->standing[run->standing_next]->acted_us, run->time_us);
}

/* One thing that happens at or before now; false when there is none. */
static bool step(struct sla_run *run)
{
    int64_t slot_us;
    int64_t in_us = input_us(run);
    struct sla_slot *slot = next_slot(run, &slot_us);
    int64_t stand_us = standing_us(run);
    int64_t consent_us = later(sla_consent_next_us(run), run->time_us);
    int64_t at_us = in_us < slot_us ? in_us : slot_us;
    at_us = stand_us < at_us ? stand_us : at_us;
    at_us = consent_us < at_us ? consent_us : at_us;
    if (at_us > run->in->now_us) {
        run->out->next_us = at_us;
        return false;
    }
    run->time_us = at_us;
    if (consent_us == at_us)
        sla_consent_expire(run);
    else if (in_us == at_us)
        sla_act_happen(run, run->in->inputs[run->input_next++]);
    else if (slot_us == at_us)
        sla_clock_fire(run, slot);
    else
        sla_action_stand(run, run->in->standing[run->standing_next++]);
    return true;
}

static void summarise(struct sla_run *run)
{
    struct sla_fold *out = run->out;
    for (size_t i = 0; i < out->clock_count; i++) {
        const struct sla_clock *c = out->clocks[i];
        if (c->state != SLA_CLOCK_OPEN)
            continue;
        if (c->is_breached)
            continue;
        if (c->goal.kind == CALLOUT__V1__TARGET_KIND__TARGET_AGREED &&
            sla_act_agrees(c->milestone, ACT(AGREE)))
            out->awaits_agreement = true;
        if (c->milestone->internal || c->is_paused || c->due_us == 0)
            continue;
        if (out->next_promise == NULL || c->due_us < out->next_promise->due_us)
            out->next_promise = c;
    }
}

static void pass_time(struct sla_run *run)
{
    if (run->base_us > run->in->now_us) {
        run->out->next_us = run->base_us;
        return;
    }
    open_case(run);
    while (run->err == CO_OK && !run->out->is_closed && step(run)) {
    }
    /* what stands also stands in a closed case, without effect */
    while (run->err == CO_OK && run->out->is_closed && standing_us(run) <= run->in->now_us)
        sla_action_stand(run, run->in->standing[run->standing_next++]);
}

enum co_err sla_fold(const struct sla_fold_input *in, struct co_arena *arena, struct sla_fold *ret)
{
    co_assert(in->policy != NULL && in->opened != NULL);
    struct sla_fold out = { .next_us = INT64_MAX };
    struct sla_run run = { .in = in, .arena = arena, .out = &out };
    prepare(&run);
    if (run.err == CO_OK)
        pass_time(&run);
    if (run.err != CO_OK)
        return run.err;
    summarise(&run);
    out.date = run.terms.date;
    *ret = out;
    return CO_OK;
}
