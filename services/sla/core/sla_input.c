#include "sla_input.h"

#include <math.h>
#include <stdbool.h>

#include "sla_events.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

static bool is_after(const Callout__V1__SlaInput *a, const Callout__V1__SlaInput *b)
{
    return a->occurred_us != b->occurred_us ? a->occurred_us > b->occurred_us : a->seq > b->seq;
}

/* Behind its equals: the inputs of one entry keep their order. */
static enum co_err insert(Callout__V1__SlaState *s, struct co_arena *arena,
                          Callout__V1__SlaInput *input)
{
    Callout__V1__SlaInput **list = co_arena_alloc(arena, (s->n_inputs + 1) * sizeof(list[0]));
    if (list == NULL)
        return CO_ENOMEM;
    size_t i = s->n_inputs;
    for (; i > 0 && is_after(s->inputs[i - 1], input); i--)
        list[i] = s->inputs[i - 1];
    list[i] = input;
    for (; i > 0; i--)
        list[i - 1] = s->inputs[i - 1];
    s->inputs = list;
    s->n_inputs++;
    return CO_OK;
}

/* NULL: no memory. */
static Callout__V1__SlaInput *add(Callout__V1__SlaState *state, struct co_arena *arena,
                                  uint64_t seq, int64_t occurred_us, Callout__V1__Act act)
{
    Callout__V1__SlaInput *input = sla_message_new(arena, &callout__v1__sla_input__descriptor);
    if (input == NULL)
        return NULL;
    input->occurred_us = occurred_us;
    input->seq = seq;
    input->act = act;
    return insert(state, arena, input) == CO_OK ? input : NULL;
}

enum co_err sla_input_opening(Callout__V1__SlaState *state, struct co_arena *arena, uint64_t seq,
                              int64_t at_us, const Callout__V1__TicketSubmitted *ticket)
{
    if (add(state, arena, seq, at_us, ACT(REPORTED)) == NULL ||
        add(state, arena, seq, at_us, ACT(ENTITLED)) == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < ticket->n_conditions; i++) {
        Callout__V1__SlaInput *set = add(state, arena, seq, at_us, ACT(CONDITION_SET));
        if (set == NULL)
            return CO_ENOMEM;
        set->name = ticket->conditions[i];
    }
    if (ticket->onsite && add(state, arena, seq, at_us, ACT(ONSITE_REQUESTED)) == NULL)
        return CO_ENOMEM;
    return CO_OK;
}

int64_t sla_input_approved_us(const Callout__V1__CommandReceived *approval,
                              const Callout__V1__TicketSubmitted *ticket)
{
    return approval->occurred_us > ticket->occurred_us ? approval->occurred_us
                                                       : ticket->occurred_us;
}

enum co_err sla_input_command(Callout__V1__SlaState *state, struct co_arena *arena, uint64_t seq,
                              const Callout__V1__CommandReceived *command)
{
    Callout__V1__SlaInput *input = add(state, arena, seq, command->occurred_us, command->act);
    if (input == NULL)
        return CO_ENOMEM;
    input->role = command->role;
    input->name = command->name;
    input->severity = command->severity;
    input->agreed_us = command->agreed_us;
    return CO_OK;
}

enum co_err sla_input_located(Callout__V1__SlaState *state, struct co_arena *arena, uint64_t seq,
                              const Callout__V1__SiteLocated *located)
{
    if (!isfinite(located->km) || located->km < 0)
        return CO_EINPUT;
    for (size_t i = 0; i < state->n_inputs; i++)
        if (state->inputs[i]->act == ACT(LOCATED))
            return CO_OK;
    Callout__V1__SlaInput *input = add(state, arena, seq, located->located_us, ACT(LOCATED));
    if (input == NULL)
        return CO_ENOMEM;
    input->km = located->km;
    return CO_OK;
}
