#include "sla_step.h"

#include <string.h>

#include "sla_lists.h"
#include "sla_run.h"

size_t sla_step_find(const Callout__V1__PolicyPack *policy, const char *key)
{
    size_t i = 0;
    while (i < policy->n_steps && strcmp(policy->steps[i]->key, key) != 0)
        i++;
    return i;
}

/* Packs whose steps wait for each other in circles are refused; `depth` ends them all the same. */
static bool is_in_the_way(struct sla_steps steps, size_t i, size_t depth)
{
    const Callout__V1__PolicyPack *p = steps.policy;
    if (steps.step[i].stage == SLA_STAGE_COMPLETE || depth > p->n_steps)
        return false;
    if (steps.step[i].is_needed)
        return true;
    for (size_t k = 0; k < p->steps[i]->n_after; k++) {
        size_t before = sla_step_find(p, p->steps[i]->after[k]);
        if (before < p->n_steps && is_in_the_way(steps, before, depth + 1))
            return true;
    }
    return false;
}

bool sla_step_is_out_of_the_way(struct sla_steps steps, size_t i)
{
    return !is_in_the_way(steps, i, 0);
}

static size_t mark_before(struct sla_steps steps, size_t i, bool *in_the_way, size_t depth)
{
    const Callout__V1__PolicyPack *p = steps.policy;
    size_t count = 0;
    for (size_t k = 0; k < p->steps[i]->n_after && depth <= p->n_steps; k++) {
        size_t before = sla_step_find(p, p->steps[i]->after[k]);
        if (before == p->n_steps || in_the_way[before] ||
            steps.step[before].stage == SLA_STAGE_COMPLETE)
            continue;
        if (!steps.step[before].is_needed) {
            count += mark_before(steps, before, in_the_way, depth + 1);
            continue;
        }
        in_the_way[before] = true;
        count++;
    }
    return count;
}

size_t sla_step_before(struct sla_steps steps, size_t i, bool *in_the_way)
{
    return mark_before(steps, i, in_the_way, 0);
}

bool sla_step_is_owed(const struct sla_step *step)
{
    return step->is_needed && (step->stage == SLA_STAGE_OPEN || step->stage == SLA_STAGE_DONE);
}

/* -- in outputs */

struct moved {
    const char *step; /* NULL: the output is not about a step */
    int64_t at_us;
};

static struct moved moved_by(const Callout__V1__Event *output)
{
    switch ((uint32_t)output->body_case) { /* few of many kinds */
    case CALLOUT__V1__EVENT__BODY_STEP_OPENED:
        return (struct moved){ output->step_opened->step, output->step_opened->opened_us };
    case CALLOUT__V1__EVENT__BODY_STEP_HANDED_OVER:
        return (struct moved){ output->step_handed_over->step,
                               output->step_handed_over->handed_over_us };
    case CALLOUT__V1__EVENT__BODY_STEP_DONE:
        return (struct moved){ output->step_done->step, output->step_done->done_us };
    default:
        return (struct moved){ NULL, 0 };
    }
}

int64_t sla_step_moved_us(const Callout__V1__Event *output)
{
    return moved_by(output).at_us;
}

struct sla_turn sla_step_turn(const struct sla_fold *fold, const Callout__V1__Step *s,
                              int64_t at_us)
{
    struct sla_turn turn = { NULL, 0 };
    for (size_t i = 0; i < fold->output_count; i++) {
        struct moved m = moved_by(fold->outputs[i]);
        if (m.step == NULL || m.at_us > at_us || strcmp(m.step, s->key) != 0)
            continue;
        if (fold->outputs[i]->body_case == CALLOUT__V1__EVENT__BODY_STEP_OPENED)
            turn = (struct sla_turn){ s->responsible, s->n_responsible };
        else if (fold->outputs[i]->body_case == CALLOUT__V1__EVENT__BODY_STEP_HANDED_OVER)
            turn = (struct sla_turn){ s->accepted_by, s->n_accepted_by };
        else
            turn = (struct sla_turn){ NULL, 0 };
    }
    return turn;
}

static struct sla_steps steps_of(const struct sla_run *run)
{
    return (struct sla_steps){ run->in->policy, run->out->steps };
}

static const Callout__V1__Step *step_at(const struct sla_run *run, size_t i)
{
    return run->in->policy->steps[i];
}

/* -- what a completed or opened step means for milestones */

static void tell_milestones(struct sla_run *run, const char *key)
{
    for (size_t i = 0; i < run->slot_count; i++) {
        struct sla_slot *slot = &run->slots[i];
        const Callout__V1__Milestone *m = slot->milestone;
        if (sla_has_text(m->stop_steps, m->n_stop_steps, key))
            sla_slot_stop(run, slot, ACT(STEP_DONE));
        if (sla_has_text(m->cancel_steps, m->n_cancel_steps, key))
            sla_slot_cancel(run, slot, ACT(STEP_DONE));
        if (sla_has_text(m->start_steps, m->n_start_steps, key))
            sla_slot_start(run, slot);
    }
}

/* What its completion had met goes on. */
static void untell_milestones(struct sla_run *run, const char *key)
{
    for (size_t i = 0; i < run->slot_count; i++) {
        struct sla_slot *slot = &run->slots[i];
        const Callout__V1__Milestone *m = slot->milestone;
        if (sla_has_text(m->stop_steps, m->n_stop_steps, key) && !slot->is_armed &&
            slot->met_by == ACT(STEP_DONE))
            sla_slot_start(run, slot);
    }
}

static void update_holds(struct sla_run *run)
{
    for (size_t i = 0; i < run->slot_count; i++)
        if (run->slots[i].milestone->n_pause_steps > 0)
            sla_hold_update(run, &run->slots[i]);
}

/* -- opening */

static void open_step(struct sla_run *run, size_t i, Callout__V1__Act by)
{
    struct sla_step *step = &run->out->steps[i];
    step->stage = SLA_STAGE_OPEN;
    step->accepted = 0;
    step->generation++;
    step->opened_us = run->time_us;
    step->document = NULL;
    Callout__V1__StepOpened *o = sla_run_emit(run, CALLOUT__V1__EVENT__BODY_STEP_OPENED,
                                              &callout__v1__step_opened__descriptor);
    if (o == NULL)
        return;
    o->step = step_at(run, i)->key;
    o->generation = step->generation;
    o->opened_us = run->time_us;
    o->by = by;
}

static bool may_open(const struct sla_run *run, size_t i)
{
    const Callout__V1__Step *s = step_at(run, i);
    if (s->n_open > 0 && !run->out->steps[i].is_asked)
        return false;
    for (size_t k = 0; k < s->n_after; k++) {
        size_t before = sla_step_find(run->in->policy, s->after[k]);
        if (before < run->in->policy->n_steps && !sla_step_is_out_of_the_way(steps_of(run), before))
            return false;
    }
    return true;
}

static void judge_needs(struct sla_run *run)
{
    for (size_t i = 0; i < run->in->policy->n_steps; i++) {
        const Callout__V1__Step *s = step_at(run, i);
        run->out->steps[i].is_needed =
            sla_conditions_hold(run, s->only_conditions, s->n_only_conditions, s->unless_conditions,
                                s->n_unless_conditions);
    }
}

/* Opens what has become somebody's duty. */
static void open_ready(struct sla_run *run, Callout__V1__Act by)
{
    for (size_t i = 0; i < run->in->policy->n_steps; i++) {
        const struct sla_step *step = &run->out->steps[i];
        if (step->stage == SLA_STAGE_CLOSED && step->is_needed && may_open(run, i))
            open_step(run, i, by);
    }
    update_holds(run);
}

/* -- doing */

static bool is_finishing(const struct sla_run *run, size_t i)
{
    const Callout__V1__PolicyPack *p = run->in->policy;
    return sla_has_text(p->finish_steps, p->n_finish_steps, step_at(run, i)->key);
}

static bool is_finished(const struct sla_run *run)
{
    const Callout__V1__PolicyPack *p = run->in->policy;
    for (size_t k = 0; k < p->n_finish_steps; k++) {
        size_t i = sla_step_find(p, p->finish_steps[k]);
        if (i < p->n_steps && !sla_step_is_out_of_the_way(steps_of(run), i))
            return false;
    }
    return p->n_finish_steps > 0;
}

static void complete(struct sla_run *run, size_t i, const char *how)
{
    struct sla_step *step = &run->out->steps[i];
    step->stage = SLA_STAGE_COMPLETE;
    Callout__V1__StepDone *d =
        sla_run_emit(run, CALLOUT__V1__EVENT__BODY_STEP_DONE, &callout__v1__step_done__descriptor);
    if (d == NULL)
        return;
    d->step = step_at(run, i)->key;
    d->generation = step->generation;
    d->done_us = run->time_us;
    d->how = sla_run_text(run, how);
    d->document = step->document;
    tell_milestones(run, step_at(run, i)->key);
    open_ready(run, ACT(STEP_DONE));
    if (is_finishing(run, i) && is_finished(run) && !run->out->is_restored)
        sla_act_make(run, ACT(RESTORED));
}

static void hand_over(struct sla_run *run, size_t i)
{
    struct sla_step *step = &run->out->steps[i];
    step->stage = SLA_STAGE_DONE;
    Callout__V1__StepHandedOver *h = sla_run_emit(run, CALLOUT__V1__EVENT__BODY_STEP_HANDED_OVER,
                                                  &callout__v1__step_handed_over__descriptor);
    if (h == NULL)
        return;
    h->step = step_at(run, i)->key;
    h->generation = step->generation;
    h->handed_over_us = run->time_us;
    h->document = step->document;
}

static void done(struct sla_run *run, size_t i, const Callout__V1__SlaInput *input)
{
    struct sla_step *step = &run->out->steps[i];
    if (step->stage == SLA_STAGE_DONE || step->stage == SLA_STAGE_COMPLETE)
        return;
    if (step->stage == SLA_STAGE_CLOSED)
        open_step(run, i, input->act);
    step->document = input->document;
    if (step_at(run, i)->n_accepted_by == 0)
        complete(run, i, "done");
    else
        hand_over(run, i);
}

static void accepted(struct sla_run *run, size_t i, const Callout__V1__SlaInput *input)
{
    struct sla_step *step = &run->out->steps[i];
    const Callout__V1__Step *s = step_at(run, i);
    if (step->stage != SLA_STAGE_DONE ||
        !sla_has_role(s->accepted_by, s->n_accepted_by, input->role))
        return;
    step->accepted |= sla_role_bit(input->role);
    if (sla_has_all_roles(s->accepted_by, s->n_accepted_by, step->accepted))
        complete(run, i, "accepted");
}

static void returned(struct sla_run *run, size_t i, const Callout__V1__SlaInput *input)
{
    const struct sla_step *step = &run->out->steps[i];
    if (step->stage != SLA_STAGE_DONE && step->stage != SLA_STAGE_COMPLETE)
        return;
    bool relapses = is_finishing(run, i) && run->out->is_restored;
    open_step(run, i, input->act);
    untell_milestones(run, step_at(run, i)->key);
    if (relapses)
        sla_act_make(run, ACT(RELAPSED));
    update_holds(run);
}

static void skipped(struct sla_run *run, size_t i, const Callout__V1__SlaInput *input)
{
    struct sla_step *step = &run->out->steps[i];
    if (step->stage == SLA_STAGE_COMPLETE)
        return;
    if (step->stage == SLA_STAGE_CLOSED)
        open_step(run, i, input->act);
    step->document = NULL;
    complete(run, i, "skipped");
}

static void asked(struct sla_run *run, size_t i, const Callout__V1__SlaInput *input)
{
    (void)input;
    run->out->steps[i].is_asked = true; /* opens with the others */
}

typedef void step_rule(struct sla_run *run, size_t i, const Callout__V1__SlaInput *input);

static const struct {
    Callout__V1__Act act;
    step_rule *rule;
} rows[] = {
    { ACT(STEP_OPENED), asked },      { ACT(STEP_DONE), done },
    { ACT(STEP_ACCEPTED), accepted }, { ACT(STEP_RETURNED), returned },
    { ACT(STEP_SKIPPED), skipped },
};

static void apply(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    size_t i = sla_step_find(run->in->policy, input->name);
    if (i == run->in->policy->n_steps)
        return;
    for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
        if (rows[k].act == input->act)
            rows[k].rule(run, i, input);
}

static bool is_of_steps(Callout__V1__Act act)
{
    for (size_t k = 0; k < sizeof(rows) / sizeof(rows[0]); k++)
        if (rows[k].act == act)
            return true;
    return false;
}

void sla_steps_happen(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    size_t count = run->in->policy->n_steps;
    if (count == 0)
        return;
    judge_needs(run);
    for (size_t i = 0; i < count; i++) {
        const Callout__V1__Step *s = step_at(run, i);
        if (sla_has_act(s->open, s->n_open, input->act) && input->act != ACT(STEP_OPENED))
            run->out->steps[i].is_asked = true;
    }
    if (is_of_steps(input->act))
        apply(run, input);
    for (size_t i = 0; i < count && !run->out->is_closed; i++) {
        const Callout__V1__Step *s = step_at(run, i);
        if (run->out->steps[i].is_needed && sla_has_act(s->done_by, s->n_done_by, input->act))
            done(run, i, input);
    }
    if (!run->out->is_closed)
        open_ready(run, input->act);
}

bool sla_step_holds(const struct sla_run *run, const char *key)
{
    size_t i = sla_step_find(run->in->policy, key);
    return i < run->in->policy->n_steps && sla_step_is_owed(&run->out->steps[i]);
}

void sla_step_ask(struct sla_run *run, const char *key)
{
    size_t i = sla_step_find(run->in->policy, key);
    if (i == run->in->policy->n_steps)
        return;
    run->out->steps[i].is_asked = true;
    open_ready(run, ACT(STEP_OPENED));
}
