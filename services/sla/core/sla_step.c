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

/* What is not complete and needed before `i`, through steps that are not needed; each step is
 * looked at once. `seen` has room for all. Returns how many are marked in `in_the_way`. */
static size_t mark_before(struct sla_steps steps, size_t i, bool *seen, bool *in_the_way)
{
    const Callout__V1__PolicyPack *p = steps.policy;
    size_t count = 0;
    for (size_t k = 0; k < p->steps[i]->n_after; k++) {
        size_t before = sla_step_find(p, p->steps[i]->after[k]);
        if (before == p->n_steps || seen[before] || steps.step[before].stage == SLA_STAGE_COMPLETE)
            continue;
        seen[before] = true;
        if (!steps.step[before].is_needed) {
            count += mark_before(steps, before, seen, in_the_way);
            continue;
        }
        in_the_way[before] = true;
        count++;
    }
    return count;
}

size_t sla_step_before(struct sla_steps steps, size_t i, bool *in_the_way)
{
    bool seen[SLA_STEPS_MAX] = { false };
    return mark_before(steps, i, seen, in_the_way);
}

bool sla_step_is_out_of_the_way(struct sla_steps steps, size_t i)
{
    bool in_the_way[SLA_STEPS_MAX] = { false };
    const struct sla_step *step = &steps.step[i];
    if (step->stage == SLA_STAGE_COMPLETE)
        return true;
    return !step->is_needed && sla_step_before(steps, i, in_the_way) == 0;
}

/* -- whose turn it was */

static enum sla_turn_kind turn_now(const struct sla_step *step)
{
    if (!step->is_needed)
        return SLA_TURN_NOBODY;
    return step->stage == SLA_STAGE_OPEN   ? SLA_TURN_DO
           : step->stage == SLA_STAGE_DONE ? SLA_TURN_ACCEPT
                                           : SLA_TURN_NOBODY;
}

static void note_turn(struct sla_run *run, struct sla_step *step, enum sla_turn_kind kind)
{
    struct sla_turn_span *last = step->turn_count == 0 ? NULL : &step->turns[step->turn_count - 1];
    if (kind == (last == NULL ? SLA_TURN_NOBODY : last->kind))
        return;
    if (step->turns == NULL || step->turn_count == step->turn_cap) {
        size_t cap = step->turn_cap == 0 ? 4 : 2 * step->turn_cap;
        struct sla_turn_span *grown = sla_run_alloc(run, cap * sizeof(*grown));
        if (grown == NULL)
            return;
        if (step->turns != NULL)
            memcpy(grown, step->turns, step->turn_count * sizeof(*grown));
        step->turns = grown;
        step->turn_cap = cap;
    }
    step->turns[step->turn_count++] = (struct sla_turn_span){ run->time_us, kind };
}

static void note_turns(struct sla_run *run)
{
    for (size_t i = 0; i < run->in->policy->n_steps; i++) {
        struct sla_step *step = &run->out->steps[i];
        note_turn(run, step, run->out->is_closed ? SLA_TURN_NOBODY : turn_now(step));
    }
}

struct sla_turn sla_step_turn(const struct sla_fold *fold, const Callout__V1__PolicyPack *policy,
                              size_t i, int64_t at_us)
{
    const struct sla_step *step = &fold->steps[i];
    const Callout__V1__Step *s = policy->steps[i];
    enum sla_turn_kind kind = SLA_TURN_NOBODY;
    for (size_t k = 0; k < step->turn_count && step->turns[k].from_us <= at_us; k++)
        kind = step->turns[k].kind;
    if (kind == SLA_TURN_DO)
        return (struct sla_turn){ s->responsible, s->n_responsible };
    return kind == SLA_TURN_ACCEPT ? (struct sla_turn){ s->accepted_by, s->n_accepted_by }
                                   : (struct sla_turn){ NULL, 0 };
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
        if (sla_has_text(m->stop_steps, m->n_stop_steps, key) && slot->is_armed) {
            sla_slot_stop(run, slot, ACT(STEP_DONE));
            slot->met_by_step = key;
        }
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
            slot->met_by == ACT(STEP_DONE) && strcmp(slot->met_by_step, key) == 0)
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
    step->moved_us = run->time_us;
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

/* Said, as whoever sends people and tells them does not fold. */
static void make(struct sla_run *run, Callout__V1__Act act)
{
    Callout__V1__ActMade *made =
        sla_run_emit(run, CALLOUT__V1__EVENT__BODY_ACT_MADE, &callout__v1__act_made__descriptor);
    if (made == NULL)
        return;
    made->ordinal = ++run->made_ordinal;
    made->act = act;
    made->made_us = run->time_us;
    sla_act_make(run, act);
}

/* One at least is complete, and none that is needed, or comes before one, is in the way. */
static bool is_finished(const struct sla_run *run)
{
    const Callout__V1__PolicyPack *p = run->in->policy;
    bool is_any = false;
    for (size_t k = 0; k < p->n_finish_steps; k++) {
        size_t i = sla_step_find(p, p->finish_steps[k]);
        if (i == p->n_steps)
            continue;
        if (!sla_step_is_out_of_the_way(steps_of(run), i))
            return false;
        is_any = is_any || run->out->steps[i].stage == SLA_STAGE_COMPLETE;
    }
    return is_any;
}

/* Whatever made it so: a step that was completed, or one that is not needed any more. Once. */
static void finish(struct sla_run *run)
{
    bool was_finished = run->is_finished;
    run->is_finished = is_finished(run);
    if (run->is_finished && !was_finished && !run->out->is_restored)
        make(run, ACT(RESTORED));
}

static void complete(struct sla_run *run, size_t i, const char *how)
{
    struct sla_step *step = &run->out->steps[i];
    step->stage = SLA_STAGE_COMPLETE;
    step->moved_us = run->time_us;
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
}

static void hand_over(struct sla_run *run, size_t i)
{
    struct sla_step *step = &run->out->steps[i];
    step->stage = SLA_STAGE_DONE;
    step->moved_us = run->time_us;
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
    step->moved_us = run->time_us;
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
        make(run, ACT(RELAPSED));
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
    note_turns(run);
    if (!run->out->is_closed)
        finish(run);
}

/* Whoever else must accept: while it is the other side's turn to look at it. */
static bool waits_for_others(const struct sla_step *step, const Callout__V1__Step *s)
{
    static const Callout__V1__Role others[] = { CALLOUT__V1__ROLE__ROLE_CUSTOMER,
                                                CALLOUT__V1__ROLE__ROLE_VENDOR };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (sla_has_role(s->accepted_by, s->n_accepted_by, others[i]) &&
            (step->accepted & sla_role_bit(others[i])) == 0)
            return true;
    return false;
}

bool sla_step_holds(const struct sla_run *run, const char *key)
{
    size_t i = sla_step_find(run->in->policy, key);
    if (i == run->in->policy->n_steps || !run->out->steps[i].is_needed)
        return false;
    const struct sla_step *step = &run->out->steps[i];
    return step->stage == SLA_STAGE_OPEN ||
           (step->stage == SLA_STAGE_DONE && waits_for_others(step, step_at(run, i)));
}

void sla_step_ask(struct sla_run *run, const char *key)
{
    size_t i = sla_step_find(run->in->policy, key);
    if (i == run->in->policy->n_steps)
        return;
    run->out->steps[i].is_asked = true;
    open_ready(run, ACT(STEP_OPENED));
    note_turns(run);
}
