#include "sla_cause.h"

#include <stdbool.h>
#include <string.h>

#include "sla_events.h"
#include "sla_lists.h"
#include "sla_names.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

/* Nothing happens before the case is taken on. */
static int64_t base_us(const struct sla_fold_input *in)
{
    for (size_t i = 0; i < in->input_count; i++)
        if (in->inputs[i]->act == ACT(ENTITLED))
            return in->inputs[i]->occurred_us;
    return in->opened->reported_us;
}

static int64_t happens_us(const struct sla_fold_input *in, const Callout__V1__SlaInput *input)
{
    int64_t from_us = base_us(in);
    return input->occurred_us > from_us ? input->occurred_us : from_us;
}

static Callout__V1__Cause *make(struct co_arena *arena, const char *kind,
                                const Callout__V1__SlaInput *input)
{
    Callout__V1__Cause *c = sla_message_new(arena, &callout__v1__cause__descriptor);
    char *text = co_arena_strdup(arena, kind);
    if (c == NULL || text == NULL)
        return NULL;
    c->kind = text;
    if (input == NULL)
        return c;
    c->act = input->act;
    c->role = input->role;
    c->key = input->name;
    c->occurred_us = input->occurred_us;
    c->seq = input->seq;
    return c;
}

static bool is_called(Callout__V1__Act act, const char *name)
{
    char text[SLA_NAME_TEXT];
    sla_name_of_act(act, text);
    return strcmp(text, name) == 0;
}

/* The act of that name that made the milestone stand at `at_us`: the first since it went on last.
 */
static const Callout__V1__SlaInput *find_pausing(const struct sla_fold_input *in,
                                                 const Callout__V1__Milestone *m, int64_t at_us,
                                                 const char *name)
{
    const Callout__V1__SlaInput *found = NULL;
    for (size_t i = 0; i < in->input_count && happens_us(in, in->inputs[i]) <= at_us; i++) {
        const Callout__V1__SlaInput *input = in->inputs[i];
        if (found == NULL && sla_has_act(m->pause, m->n_pause, input->act) &&
            is_called(input->act, name))
            found = input;
        if (sla_has_act(m->resume, m->n_resume, input->act))
            found = NULL;
    }
    return found;
}

/* An act that the policy itself made happen. */
static Callout__V1__Act find_acted(const struct sla_fold *fold, const Callout__V1__Milestone *m,
                                   int64_t at_us)
{
    Callout__V1__Act act = ACT(NONE);
    for (size_t i = 0; i < fold->output_count; i++) {
        const Callout__V1__Event *e = fold->outputs[i];
        if (e->body_case == CALLOUT__V1__EVENT__BODY_ACTED && e->acted->acted_us <= at_us &&
            sla_has_act(m->pause, m->n_pause, e->acted->act))
            act = e->acted->act;
    }
    return act;
}

static Callout__V1__Cause *of_act(const struct sla_fold_input *in, const struct sla_fold *fold,
                                  const struct sla_clock *clock, const struct sla_pause *pause,
                                  struct co_arena *arena)
{
    const Callout__V1__SlaInput *input =
        find_pausing(in, clock->milestone, pause->from_us, pause->reason.name);
    Callout__V1__Cause *c = make(arena, "act", input);
    if (c != NULL && input == NULL)
        c->act = find_acted(fold, clock->milestone, pause->from_us);
    return c;
}

/* The last input of that act and name until then. */
static Callout__V1__Cause *of_name(const struct sla_fold_input *in, Callout__V1__Act act,
                                   const struct sla_pause *pause, struct co_arena *arena)
{
    const Callout__V1__SlaInput *found = NULL;
    for (size_t i = 0; i < in->input_count && happens_us(in, in->inputs[i]) <= pause->from_us; i++)
        if (in->inputs[i]->act == act && strcmp(in->inputs[i]->name, pause->reason.name) == 0)
            found = in->inputs[i];
    Callout__V1__Cause *c = make(arena, pause->reason.why, found);
    char *key = co_arena_strdup(arena, pause->reason.name);
    if (c == NULL || key == NULL)
        return NULL;
    c->key = key;
    if (found != NULL)
        c->cause = found->cause;
    return c;
}

/* What opened the step: an act of the pack's, or what completed the one before. */
static Callout__V1__Cause *of_step(const struct sla_fold_input *in, const struct sla_fold *fold,
                                   const struct sla_pause *pause, struct co_arena *arena)
{
    const Callout__V1__StepOpened *opened = NULL;
    const Callout__V1__SlaInput *found = NULL;
    for (size_t i = 0; i < fold->output_count; i++) {
        const Callout__V1__Event *e = fold->outputs[i];
        if (e->body_case == CALLOUT__V1__EVENT__BODY_STEP_OPENED &&
            e->step_opened->opened_us <= pause->from_us &&
            strcmp(e->step_opened->step, pause->reason.name) == 0)
            opened = e->step_opened;
    }
    for (size_t i = 0; opened != NULL && i < in->input_count; i++)
        if (in->inputs[i]->act == opened->by && happens_us(in, in->inputs[i]) == opened->opened_us)
            found = in->inputs[i];
    Callout__V1__Cause *c = make(arena, "step", found);
    char *key = co_arena_strdup(arena, pause->reason.name);
    if (c == NULL || key == NULL)
        return NULL;
    c->key = key;
    return c;
}

Callout__V1__Cause *sla_cause_of_pause(const struct sla_fold_input *in, const struct sla_fold *fold,
                                       const struct sla_clock *clock, const struct sla_pause *pause,
                                       struct co_arena *arena)
{
    if (strcmp(pause->reason.why, "condition") == 0)
        return of_name(in, ACT(CONDITION_SET), pause, arena);
    if (strcmp(pause->reason.why, "exclusion") == 0)
        return of_name(in, ACT(EXCLUDED), pause, arena);
    if (strcmp(pause->reason.why, "step") == 0)
        return of_step(in, fold, pause, arena);
    return of_act(in, fold, clock, pause, arena);
}

/* Waived is when the last of those who must has said so. */
static Callout__V1__Act act_of(const char *rule)
{
    if (strcmp(rule, "set") == 0)
        return ACT(SET_SEVERITY);
    return strcmp(rule, "waived") == 0 ? ACT(WAIVE) : ACT(NONE);
}

enum co_err sla_cause_of_change(const struct sla_fold_input *in,
                                const Callout__V1__SeverityChanged *change, struct co_arena *arena,
                                Callout__V1__Cause **ret)
{
    Callout__V1__Act act = change->why != NULL ? act_of(change->why->rule) : ACT(NONE);
    const Callout__V1__SlaInput *found = NULL;
    for (size_t i = 0; i < in->input_count && act != ACT(NONE); i++) {
        const Callout__V1__SlaInput *input = in->inputs[i];
        bool is_it = input->act == act && happens_us(in, input) == change->changed_us &&
                     (act != ACT(SET_SEVERITY) || input->severity == change->to);
        if (is_it)
            found = input;
    }
    *ret = NULL;
    if (found != NULL && (*ret = make(arena, "act", found)) == NULL)
        return CO_ENOMEM;
    return CO_OK;
}
