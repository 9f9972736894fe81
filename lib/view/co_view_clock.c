#include "co_view_fold.h"

#include <string.h>
#include <strings.h>

static struct co_view_clock *find_clock(const struct co_view_fold *f, const char *milestone,
                                        uint32_t generation)
{
    for (size_t i = f->n_clocks; i > 0; i--) {
        struct co_view_clock *c = f->clocks[i - 1];
        if (c->view->generation == generation && strcmp(c->view->milestone, milestone) == 0)
            return c;
    }
    return NULL;
}

static struct co_view_clock *add_clock(struct co_view_fold *f, char *milestone, uint32_t generation)
{
    struct co_view_clock **list = co_view_room(f, f->clocks, f->n_clocks);
    struct co_view_clock *c = co_arena_alloc(f->arena, sizeof(*c));
    Callout__V1__ClockView *view = co_arena_alloc(f->arena, sizeof(*view));
    if (list == NULL || c == NULL || view == NULL)
        return NULL;
    callout__v1__clock_view__init(view);
    view->milestone = milestone;
    view->generation = generation;
    *c = (struct co_view_clock){ .view = view };
    list[f->n_clocks++] = c;
    f->clocks = list;
    return c;
}

static struct co_view_clock *get_clock(struct co_view_fold *f, char *milestone, uint32_t generation)
{
    struct co_view_clock *c = find_clock(f, milestone, generation);
    return c != NULL ? c : add_clock(f, milestone, generation);
}

enum co_err co_view_promised(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__Promised *p = e->event->promised;
    struct co_view_clock *c = get_clock(f, p->milestone, p->generation);
    if (c == NULL)
        return CO_ENOMEM;
    if (c->is_promised && p->revision <= c->view->revision)
        return CO_OK;
    c->is_promised = true;
    c->is_paused = p->is_paused;
    c->view->revision = p->revision;
    c->view->start_us = p->start_us;
    c->view->due_us = p->due_us;
    c->view->basis = p->basis;
    c->view->internal = p->internal;
    return CO_OK;
}

/* Said again it replaces what was said before. */
static enum co_err put_warning(struct co_view_fold *f, Callout__V1__ClockView *v,
                               const Callout__V1__Warned *w, int64_t at_us)
{
    size_t at = 0;
    while (at < v->n_warnings && v->warnings[at]->threshold < w->threshold)
        at++;
    if (at == v->n_warnings || v->warnings[at]->threshold != w->threshold) {
        Callout__V1__WarningView **list = co_view_room(f, v->warnings, v->n_warnings);
        Callout__V1__WarningView *added = co_arena_alloc(f->arena, sizeof(*added));
        if (list == NULL || added == NULL)
            return CO_ENOMEM;
        callout__v1__warning_view__init(added);
        memmove(list + at + 1, list + at, (v->n_warnings++ - at) * sizeof(list[0]));
        list[at] = added;
        v->warnings = list;
    }
    v->warnings[at]->threshold = w->threshold;
    v->warnings[at]->reached_us = w->reached_us;
    v->warnings[at]->announced_us = at_us;
    return CO_OK;
}

static void take_back_warning(Callout__V1__ClockView *v, uint32_t threshold)
{
    size_t kept = 0;
    for (size_t i = 0; i < v->n_warnings; i++)
        if (v->warnings[i]->threshold != threshold)
            v->warnings[kept++] = v->warnings[i];
    v->n_warnings = kept;
}

static enum co_err put_step(struct co_view_fold *f, Callout__V1__ClockView *v,
                            const Callout__V1__Escalated *x, int64_t at_us)
{
    size_t at = 0;
    while (at < v->n_escalations && v->escalations[at]->step < x->step)
        at++;
    if (at == v->n_escalations || v->escalations[at]->step != x->step) {
        Callout__V1__EscalationView **list = co_view_room(f, v->escalations, v->n_escalations);
        Callout__V1__EscalationView *added = co_arena_alloc(f->arena, sizeof(*added));
        if (list == NULL || added == NULL)
            return CO_ENOMEM;
        callout__v1__escalation_view__init(added);
        memmove(list + at + 1, list + at, (v->n_escalations++ - at) * sizeof(list[0]));
        list[at] = added;
        v->escalations = list;
    }
    v->escalations[at]->step = x->step;
    v->escalations[at]->reached_us = x->reached_us;
    v->escalations[at]->announced_us = at_us;
    return CO_OK;
}

static void take_back_step(Callout__V1__ClockView *v, uint32_t step)
{
    size_t kept = 0;
    for (size_t i = 0; i < v->n_escalations; i++)
        if (v->escalations[i]->step != step)
            v->escalations[kept++] = v->escalations[i];
    v->n_escalations = kept;
}

enum co_err co_view_escalated(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__Escalated *x = e->event->escalated;
    struct co_view_clock *c = get_clock(f, x->milestone, x->generation);
    return c == NULL ? CO_ENOMEM : put_step(f, c->view, x, e->at_us);
}

enum co_err co_view_warned(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__Warned *w = e->event->warned;
    struct co_view_clock *c = get_clock(f, w->milestone, w->generation);
    return c == NULL ? CO_ENOMEM : put_warning(f, c->view, w, e->at_us);
}

enum co_err co_view_breached(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__Breached *b = e->event->breached;
    struct co_view_clock *c = get_clock(f, b->milestone, b->generation);
    if (c == NULL)
        return CO_ENOMEM;
    c->is_breached = true;
    c->view->breach_announced_us = e->at_us;
    return CO_OK;
}

enum co_err co_view_met(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__Met *m = e->event->met;
    struct co_view_clock *c = get_clock(f, m->milestone, m->generation);
    if (c == NULL)
        return CO_ENOMEM;
    c->is_met = true;
    c->view->end_us = m->met_us;
    c->view->late_us = m->late_us;
    return CO_OK;
}

enum co_err co_view_stopped(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__Stopped *s = e->event->stopped;
    struct co_view_clock *c = get_clock(f, s->milestone, s->generation);
    if (c == NULL)
        return CO_ENOMEM;
    c->is_stopped = true;
    c->view->end_us = s->stopped_us;
    return CO_OK;
}

static void forget_end(struct co_view_clock *c)
{
    c->view->end_us = 0;
    c->view->late_us = 0;
}

void co_view_withdraw_from_clock(struct co_view_fold *f, const Callout__V1__Withdrawn *w)
{
    struct co_view_clock *c = find_clock(f, w->milestone, w->generation);
    if (c == NULL)
        return;
    switch (w->kind) {
    case CALLOUT__V1__EVENT__BODY_PROMISED:
        c->is_promised = false;
        break;
    case CALLOUT__V1__EVENT__BODY_WARNED:
        take_back_warning(c->view, w->ordinal);
        break;
    case CALLOUT__V1__EVENT__BODY_ESCALATED:
        take_back_step(c->view, w->ordinal);
        break;
    case CALLOUT__V1__EVENT__BODY_BREACHED:
        c->is_breached = false;
        c->view->breach_announced_us = 0;
        break;
    case CALLOUT__V1__EVENT__BODY_MET:
        c->is_met = false;
        forget_end(c);
        break;
    case CALLOUT__V1__EVENT__BODY_STOPPED:
        c->is_stopped = false;
        forget_end(c);
        break;
    default:
        break;
    }
}

static char *clock_state(const struct co_view_clock *c)
{
    static char met[] = "met", late[] = "late", breached[] = "breached", stopped[] = "stopped",
                open[] = "open", paused[] = "paused", running[] = "running";
    if (c->is_met)
        return c->view->late_us > 0 ? late : met;
    if (c->is_breached)
        return breached;
    if (c->is_stopped)
        return stopped;
    if (c->view->due_us == 0)
        return open;
    return c->is_paused ? paused : running;
}

/* A late clock that a raise started anew has ended, although nothing says so; 0: it goes on. */
static int64_t replaced_us(const struct co_view_fold *f, const struct co_view_clock *c)
{
    const struct co_view_clock *next = find_clock(f, c->view->milestone, c->view->generation + 1);
    return next != NULL && next->is_promised ? next->view->start_us : 0;
}

/* Is that the name a basis has for this kind: "running" for TARGET_RUNNING? */
static bool is_kind(Callout__V1__TargetKind kind, const char *name)
{
    const ProtobufCEnumValue *value =
        protobuf_c_enum_descriptor_get_value(&callout__v1__target_kind__descriptor, (int)kind);
    return value != NULL && strcasecmp(value->name + strlen("TARGET_"), name) == 0;
}

static bool is_of_contract(const Callout__V1__CaseOpened *o, const Callout__V1__ClockView *v)
{
    for (size_t i = 0; v->basis != NULL && i < o->n_targets; i++) {
        const Callout__V1__Target *t = o->targets[i]->target;
        if (t != NULL && strcmp(o->targets[i]->milestone, v->milestone) == 0 &&
            t->amount == v->basis->amount && is_kind(t->kind, v->basis->kind))
            return true;
    }
    return false;
}

enum co_err co_view_conclude_clocks(struct co_view_fold *f)
{
    Callout__V1__CaseView *v = f->view;
    v->clocks = co_arena_alloc(f->arena, f->n_clocks * sizeof(v->clocks[0]));
    if (v->clocks == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < f->n_clocks; i++) {
        struct co_view_clock *c = f->clocks[i];
        if (!c->is_promised)
            continue;
        c->view->state = clock_state(c);
        if (c->is_breached && c->view->end_us == 0)
            c->view->end_us = replaced_us(f, c);
        c->view->warned = (uint32_t)c->view->n_warnings;
        c->view->from_contract = f->opened != NULL && is_of_contract(f->opened, c->view);
        v->clocks[v->n_clocks++] = c->view;
    }
    return CO_OK;
}
