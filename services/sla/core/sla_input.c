#include "sla_input.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "sla_events.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

/* Exclusions have no place in the lane: in one instant they begin before others end, by key. */
static bool is_after(const Callout__V1__SlaInput *a, const Callout__V1__SlaInput *b)
{
    if (a->occurred_us != b->occurred_us)
        return a->occurred_us > b->occurred_us;
    if (a->seq != b->seq || a->seq != 0)
        return a->seq > b->seq;
    return a->act != b->act ? a->act > b->act : strcmp(a->name, b->name) > 0;
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
static Callout__V1__SlaInput *make(struct co_arena *arena, uint64_t seq, int64_t occurred_us,
                                   Callout__V1__Act act)
{
    Callout__V1__SlaInput *input = sla_message_new(arena, &callout__v1__sla_input__descriptor);
    if (input == NULL)
        return NULL;
    input->occurred_us = occurred_us;
    input->seq = seq;
    input->act = act;
    return input;
}

/* NULL: no memory. */
static Callout__V1__SlaInput *add(Callout__V1__SlaState *state, struct co_arena *arena,
                                  uint64_t seq, int64_t occurred_us, Callout__V1__Act act)
{
    Callout__V1__SlaInput *input = make(arena, seq, occurred_us, act);
    return input != NULL && insert(state, arena, input) == CO_OK ? input : NULL;
}

/* -- the opening */

static enum co_err add_conditions(Callout__V1__SlaState *state, struct co_arena *arena,
                                  uint64_t seq, int64_t at_us, char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Callout__V1__SlaInput *set = add(state, arena, seq, at_us, ACT(CONDITION_SET));
        if (set == NULL)
            return CO_ENOMEM;
        set->name = names[i];
    }
    return CO_OK;
}

enum co_err sla_input_opening(Callout__V1__SlaState *state, struct co_arena *arena, uint64_t seq,
                              int64_t at_us, const Callout__V1__TicketSubmitted *ticket,
                              const Callout__V1__CaseOpened *opened)
{
    if (add(state, arena, seq, at_us, ACT(REPORTED)) == NULL ||
        add(state, arena, seq, at_us, ACT(ENTITLED)) == NULL)
        return CO_ENOMEM;
    enum co_err err =
        add_conditions(state, arena, seq, at_us, ticket->conditions, ticket->n_conditions);
    if (err == CO_OK)
        err = add_conditions(state, arena, seq, at_us, opened->conditions, opened->n_conditions);
    if (err == CO_OK && ticket->onsite &&
        add(state, arena, seq, at_us, ACT(ONSITE_REQUESTED)) == NULL)
        err = CO_ENOMEM;
    for (size_t i = 0; err == CO_OK && i < opened->n_exclusions; i++)
        err = sla_input_exclusion(state, arena, opened->exclusions[i], false);
    return err;
}

int64_t sla_input_approved_us(const Callout__V1__CommandReceived *approval,
                              const Callout__V1__TicketSubmitted *ticket)
{
    return approval->occurred_us > ticket->occurred_us ? approval->occurred_us
                                                       : ticket->occurred_us;
}

static bool keeps_person(Callout__V1__Act act)
{
    return act >= ACT(CONSENT_ASKED) && act <= ACT(SESSION_ENDED);
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
    input->document = command->document;
    if (keeps_person(command->act))
        input->person = command->person;
    input->consent = command->consent;
    input->from_us = command->from_us;
    input->until_us = command->until_us;
    return CO_OK;
}

/* -- exclusions */

const Callout__V1__Exclusion *sla_input_find_exclusion(const Callout__V1__SlaState *state,
                                                       const char *key)
{
    for (size_t i = 0; i < state->n_exclusions; i++)
        if (strcmp(state->exclusions[i]->key, key) == 0)
            return state->exclusions[i];
    return NULL;
}

static bool is_of(const Callout__V1__SlaInput *input, const char *key)
{
    return (input->act == ACT(EXCLUDED) || input->act == ACT(EXCLUSION_ENDED)) &&
           strcmp(input->name, key) == 0;
}

static enum co_err forget(Callout__V1__SlaState *s, struct co_arena *arena, const char *key)
{
    Callout__V1__SlaInput **inputs = co_arena_alloc(arena, (s->n_inputs + 1) * sizeof(inputs[0]));
    Callout__V1__Exclusion **held = co_arena_alloc(arena, (s->n_exclusions + 1) * sizeof(held[0]));
    size_t input_count = 0;
    size_t held_count = 0;
    if (inputs == NULL || held == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < s->n_inputs; i++)
        if (!is_of(s->inputs[i], key))
            inputs[input_count++] = s->inputs[i];
    for (size_t i = 0; i < s->n_exclusions; i++)
        if (strcmp(s->exclusions[i]->key, key) != 0)
            held[held_count++] = s->exclusions[i];
    s->inputs = inputs;
    s->n_inputs = input_count;
    s->exclusions = held;
    s->n_exclusions = held_count;
    return CO_OK;
}

static enum co_err keep(Callout__V1__SlaState *s, struct co_arena *arena,
                        Callout__V1__Exclusion *exclusion)
{
    Callout__V1__Exclusion **list = co_arena_alloc(arena, (s->n_exclusions + 1) * sizeof(list[0]));
    if (list == NULL)
        return CO_ENOMEM;
    size_t i = s->n_exclusions;
    for (; i > 0 && strcmp(s->exclusions[i - 1]->key, exclusion->key) > 0; i--)
        list[i] = s->exclusions[i - 1];
    list[i] = exclusion;
    for (; i > 0; i--)
        list[i - 1] = s->exclusions[i - 1];
    s->exclusions = list;
    s->n_exclusions++;
    return CO_OK;
}

static enum co_err add_edge(Callout__V1__SlaState *state, struct co_arena *arena,
                            const Callout__V1__Exclusion *x, int64_t at_us, Callout__V1__Act act)
{
    Callout__V1__SlaInput *input = make(arena, 0, at_us, act);
    if (input == NULL)
        return CO_ENOMEM;
    input->name = x->key;
    input->cause = x->cause;
    return insert(state, arena, input);
}

enum co_err sla_input_exclusion(Callout__V1__SlaState *state, struct co_arena *arena,
                                Callout__V1__Exclusion *exclusion, bool is_withdrawn)
{
    enum co_err err = CO_OK;
    if (sla_input_find_exclusion(state, exclusion->key) != NULL)
        err = forget(state, arena, exclusion->key);
    if (err != CO_OK || is_withdrawn)
        return err;
    err = keep(state, arena, exclusion);
    bool is_empty = exclusion->until_us != 0 && exclusion->until_us <= exclusion->from_us;
    if (err == CO_OK && !is_empty)
        err = add_edge(state, arena, exclusion, exclusion->from_us, ACT(EXCLUDED));
    if (err == CO_OK && !is_empty && exclusion->until_us != 0)
        err = add_edge(state, arena, exclusion, exclusion->until_us, ACT(EXCLUSION_ENDED));
    return err;
}

/* -- the distance */

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
    input->is_stated = strcmp(located->source, "contract") == 0;
    return CO_OK;
}
