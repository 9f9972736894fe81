#include "sla_diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sla_action.h"
#include "sla_same.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

/* -- names of outputs: a Withdrawn without its verdict */

struct name {
    char *milestone;
    char *trigger;
    uint32_t generation;
    uint32_t ordinal;
    Callout__V1__Event__BodyCase kind;
};

static struct name name_of(const Callout__V1__Event *e)
{
    struct name n = { .kind = e->body_case };
    switch ((uint32_t)e->body_case) {
    case BODY(PROMISED):
        n.milestone = e->promised->milestone;
        n.generation = e->promised->generation;
        break;
    case BODY(NOT_SERVED):
        n.milestone = e->not_served->milestone;
        n.generation = e->not_served->generation;
        break;
    case BODY(WARNED):
        n.milestone = e->warned->milestone;
        n.generation = e->warned->generation;
        n.ordinal = e->warned->threshold;
        break;
    case BODY(BREACHED):
        n.milestone = e->breached->milestone;
        n.generation = e->breached->generation;
        break;
    case BODY(MET):
        n.milestone = e->met->milestone;
        n.generation = e->met->generation;
        break;
    case BODY(STOPPED):
        n.milestone = e->stopped->milestone;
        n.generation = e->stopped->generation;
        break;
    case BODY(ESCALATED):
        n.milestone = e->escalated->milestone;
        n.generation = e->escalated->generation;
        n.ordinal = e->escalated->step;
        break;
    case BODY(STEP_OPENED):
        n.milestone = e->step_opened->step;
        n.generation = e->step_opened->generation;
        break;
    case BODY(ACT_MADE):
        n.ordinal = e->act_made->ordinal;
        break;
    case BODY(STEP_HANDED_OVER):
        n.milestone = e->step_handed_over->step;
        n.generation = e->step_handed_over->generation;
        break;
    case BODY(STEP_DONE):
        n.milestone = e->step_done->step;
        n.generation = e->step_done->generation;
        break;
    case BODY(SEVERITY_CHANGED):
        n.ordinal = e->severity_changed->ordinal;
        break;
    case BODY(CONSENT_CHANGED):
        n.ordinal = e->consent_changed->ordinal;
        break;
    case BODY(SESSION_CHANGED):
        n.ordinal = e->session_changed->ordinal;
        n.generation = e->session_changed->is_over ? 2 : 1;
        break;
    case BODY(ACTED):
        n.milestone = e->acted->milestone;
        n.generation = e->acted->generation;
        n.ordinal = e->acted->index;
        n.trigger = e->acted->trigger;
        break;
    default: /* CaseClosed: there is only one */
        break;
    }
    return n;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool is_same_name(const struct name *a, const struct name *b)
{
    return a->kind == b->kind && a->generation == b->generation && a->ordinal == b->ordinal &&
           is_same_text(a->milestone, b->milestone) && is_same_text(a->trigger, b->trigger);
}

/* Lists are mostly alike: the place of the last find is tried first. NULL: not there. */
static Callout__V1__Event *find(Callout__V1__Event *const *list, size_t count,
                                const struct name *name, size_t *hint)
{
    for (size_t k = 0; k < count; k++) {
        size_t i = (*hint + k) % count;
        if (list[i]->body_case != name->kind)
            continue;
        struct name other = name_of(list[i]);
        if (!is_same_name(name, &other))
            continue;
        *hint = i + 1;
        return list[i];
    }
    return NULL;
}

static const ProtobufCMessage *body_of(const Callout__V1__Event *e)
{
    return &e->promised->base; /* every member of the union is a pointer to a message */
}

/* -- withdrawals */

static enum co_err withdraw(const struct name *name, struct co_arena *arena, struct sla_events *ret,
                            Callout__V1__OnWithdrawn how)
{
    Callout__V1__Withdrawn *w =
        sla_events_new(ret, arena, BODY(WITHDRAWN), &callout__v1__withdrawn__descriptor);
    if (w == NULL)
        return CO_ENOMEM;
    w->kind = (uint32_t)name->kind;
    if (name->milestone != NULL)
        w->milestone = name->milestone;
    if (name->trigger != NULL)
        w->trigger = name->trigger;
    w->generation = name->generation;
    w->ordinal = name->ordinal;
    w->stands = how != CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_UNDO;
    w->ask = how == CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_ASK;
    return CO_OK;
}

static bool is_moved(const Callout__V1__Event *was, const Callout__V1__Event *is)
{
    return was->body_case != BODY(PROMISED) && !sla_same(body_of(was), body_of(is));
}

static size_t find_promise(const Callout__V1__SlaState *state, const Callout__V1__Promised *p)
{
    size_t i = 0;
    while (i < state->n_withdrawn && (state->withdrawn[i]->generation != p->generation ||
                                      strcmp(state->withdrawn[i]->milestone, p->milestone) != 0))
        i++;
    return i;
}

struct diff {
    Callout__V1__SlaState *state;
    struct co_arena *arena;
    struct sla_events *ret;
    Callout__V1__Promised **withdrawn; /* room for all that can be withdrawn */
    size_t withdrawn_count;
};

static enum co_err withdraw_gone(struct diff *d, Callout__V1__Event *const *outputs,
                                 size_t output_count)
{
    size_t hint = 0;
    enum co_err err = CO_OK;
    for (size_t i = 0; i < d->state->n_announced && err == CO_OK; i++) {
        Callout__V1__Event *was = d->state->announced[i];
        struct name name = name_of(was);
        const Callout__V1__Event *is = find(outputs, output_count, &name, &hint);
        if (is != NULL && !is_moved(was, is))
            continue;
        err = withdraw(&name, d->arena, d->ret, CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_UNDO);
        if (is == NULL && was->body_case == BODY(PROMISED))
            d->withdrawn[d->withdrawn_count++] = was->promised;
    }
    return err;
}

/* -- news */

/* Sets the revision of a promise; whether it has to be said. `was` may be NULL. */
static bool revise(const struct diff *d, Callout__V1__Promised *p, const Callout__V1__Event *was)
{
    if (was != NULL) {
        p->revision = was->promised->revision;
        if (sla_same(&was->promised->base, &p->base))
            return false;
        p->revision++;
        return true;
    }
    size_t i = find_promise(d->state, p);
    p->revision = i < d->state->n_withdrawn ? d->state->withdrawn[i]->revision + 1 : 1;
    return true;
}

static enum co_err say_news(struct diff *d, Callout__V1__Event **outputs, size_t output_count)
{
    size_t hint = 0;
    enum co_err err = CO_OK;
    for (size_t i = 0; i < output_count && err == CO_OK; i++) {
        struct name name = name_of(outputs[i]);
        const Callout__V1__Event *was =
            find(d->state->announced, d->state->n_announced, &name, &hint);
        bool is_news = name.kind == BODY(PROMISED) ? revise(d, outputs[i]->promised, was)
                                                   : was == NULL || is_moved(was, outputs[i]);
        if (is_news)
            err = sla_events_add(d->ret, d->arena, outputs[i]);
    }
    return err;
}

static bool is_output(Callout__V1__Event *const *outputs, size_t count,
                      const Callout__V1__Promised *p)
{
    for (size_t i = 0; i < count; i++)
        if (outputs[i]->body_case == BODY(PROMISED) &&
            outputs[i]->promised->generation == p->generation &&
            strcmp(outputs[i]->promised->milestone, p->milestone) == 0)
            return true;
    return false;
}

/* Promises that are back leave the list of those withdrawn. */
static void forget_returned(struct diff *d, Callout__V1__Event *const *outputs, size_t count)
{
    for (size_t i = 0; i < d->state->n_withdrawn; i++)
        if (!is_output(outputs, count, d->state->withdrawn[i]))
            d->withdrawn[d->withdrawn_count++] = d->state->withdrawn[i];
}

enum co_err sla_diff(Callout__V1__SlaState *state, Callout__V1__Event **outputs,
                     size_t output_count, struct co_arena *arena, struct sla_events *ret)
{
    struct diff d = { .state = state, .arena = arena, .ret = ret };
    size_t room = state->n_announced + state->n_withdrawn;
    d.withdrawn = co_arena_alloc(arena, room * sizeof(d.withdrawn[0]));
    if (d.withdrawn == NULL)
        return CO_ENOMEM;
    enum co_err err = withdraw_gone(&d, outputs, output_count);
    if (err == CO_OK)
        err = say_news(&d, outputs, output_count);
    if (err != CO_OK)
        return err;
    forget_returned(&d, outputs, output_count);
    state->withdrawn = d.withdrawn;
    state->n_withdrawn = d.withdrawn_count;
    state->announced = outputs;
    state->n_announced = output_count;
    return CO_OK;
}

/* -- actions that stand */

static bool is_standing(const Callout__V1__SlaState *state, const Callout__V1__Acted *a)
{
    for (size_t i = 0; i < state->n_standing; i++) {
        const Callout__V1__Acted *s = state->standing[i];
        if (s->index == a->index && s->generation == a->generation &&
            strcmp(s->milestone, a->milestone) == 0 && strcmp(s->trigger, a->trigger) == 0)
            return true;
    }
    return false;
}

enum co_err sla_diff_stand(Callout__V1__SlaState *state, Callout__V1__Acted *acted,
                           struct co_arena *arena)
{
    Callout__V1__Acted **list = co_arena_alloc(arena, (state->n_standing + 1) * sizeof(list[0]));
    if (list == NULL)
        return CO_ENOMEM;
    size_t at = 0;
    while (at < state->n_standing && state->standing[at]->acted_us <= acted->acted_us)
        at++;
    for (size_t i = 0; i < at; i++)
        list[i] = state->standing[i];
    for (size_t i = at; i < state->n_standing; i++)
        list[i + 1] = state->standing[i];
    list[at] = acted;
    state->standing = list;
    state->n_standing++;
    return CO_OK;
}

/* The reason of `was` is gone: not computed, or only later, or barred now. */
static bool has_lost_reason(const Callout__V1__Acted *was, const Callout__V1__Event *is)
{
    return is == NULL || is->acted->acted_us > was->acted_us ||
           (is->acted->barred != NULL && was->barred == NULL);
}

enum co_err sla_diff_standing(Callout__V1__SlaState *state, const Callout__V1__PolicyPack *policy,
                              Callout__V1__Event *const *outputs, size_t output_count,
                              struct co_arena *arena, struct sla_events *ret, size_t *ret_count)
{
    size_t hint = 0;
    size_t count = 0;
    for (size_t i = 0; i < state->n_announced; i++) {
        Callout__V1__Event *was = state->announced[i];
        if (was->body_case != BODY(ACTED) || was->acted->barred != NULL ||
            is_standing(state, was->acted))
            continue;
        const Callout__V1__Action *action = sla_action_find(policy, was->acted);
        if (action == NULL || action->on_withdrawn == CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_UNDO)
            continue;
        struct name name = name_of(was);
        if (!has_lost_reason(was->acted, find(outputs, output_count, &name, &hint)))
            continue;
        enum co_err err = sla_diff_stand(state, was->acted, arena);
        if (err == CO_OK)
            err = withdraw(&name, arena, ret, action->on_withdrawn);
        if (err != CO_OK)
            return err;
        count++;
    }
    *ret_count = count;
    return CO_OK;
}
