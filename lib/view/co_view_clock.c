#include "co_view_fold.h"

#include <string.h>

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

static uint64_t threshold_bit(uint32_t threshold)
{
    return UINT64_C(1) << (threshold < 63 ? threshold : 63);
}

enum co_err co_view_warned(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__Warned *w = e->event->warned;
    struct co_view_clock *c = get_clock(f, w->milestone, w->generation);
    if (c == NULL)
        return CO_ENOMEM;
    c->warned |= threshold_bit(w->threshold);
    return CO_OK;
}

enum co_err co_view_breached(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__Breached *b = e->event->breached;
    struct co_view_clock *c = get_clock(f, b->milestone, b->generation);
    if (c == NULL)
        return CO_ENOMEM;
    c->is_breached = true;
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
        c->warned &= ~threshold_bit(w->ordinal);
        break;
    case CALLOUT__V1__EVENT__BODY_BREACHED:
        c->is_breached = false;
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
        c->view->warned = (uint32_t)__builtin_popcountll(c->warned);
        v->clocks[v->n_clocks++] = c->view;
    }
    return CO_OK;
}
