/* Steps of the policy pack: what was announced of them, what people said of them, and, with the
 * pack at hand, what they wait for. */
#include "co_view_fold.h"

#include <string.h>

#include "co_pack.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

static Callout__V1__StepView *find(const Callout__V1__CaseView *v, const char *step)
{
    for (size_t i = 0; i < v->n_steps; i++)
        if (strcmp(v->steps[i]->step, step) == 0)
            return v->steps[i];
    return NULL;
}

/* NULL: no memory. */
static Callout__V1__StepView *get(struct co_arena *arena, Callout__V1__CaseView *v, char *step)
{
    static char waiting[] = "waiting";
    Callout__V1__StepView *view = find(v, step);
    if (view != NULL)
        return view;
    Callout__V1__StepView **list = co_arena_alloc(arena, (v->n_steps + 1) * sizeof(list[0]));
    view = co_arena_alloc(arena, sizeof(*view));
    if (list == NULL || view == NULL)
        return NULL;
    callout__v1__step_view__init(view);
    view->step = step;
    view->state = waiting;
    if (v->n_steps > 0)
        memcpy(list, v->steps, v->n_steps * sizeof(list[0]));
    list[v->n_steps++] = view;
    v->steps = list;
    return view;
}

/* -- what was announced. The events of the case are kept; one that is taken back leaves. */

enum co_err co_view_step_moved(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__Event **list = co_view_room(f, f->step_events, f->n_step_events);
    if (list == NULL)
        return CO_ENOMEM;
    list[f->n_step_events++] = e->event;
    f->step_events = list;
    return CO_OK;
}

static bool is_named(const Callout__V1__Event *e, const Callout__V1__Withdrawn *w)
{
    if ((uint32_t)e->body_case != w->kind)
        return false;
    switch ((int)e->body_case) { /* only these are kept */
    case CALLOUT__V1__EVENT__BODY_STEP_OPENED:
        return e->step_opened->generation == w->generation &&
               strcmp(e->step_opened->step, w->milestone) == 0;
    case CALLOUT__V1__EVENT__BODY_STEP_HANDED_OVER:
        return e->step_handed_over->generation == w->generation &&
               strcmp(e->step_handed_over->step, w->milestone) == 0;
    default:
        return e->step_done->generation == w->generation &&
               strcmp(e->step_done->step, w->milestone) == 0;
    }
}

void co_view_withdraw_step(struct co_view_fold *f, const Callout__V1__Withdrawn *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->n_step_events; i++)
        if (!is_named(f->step_events[i], w))
            f->step_events[kept++] = f->step_events[i];
    f->n_step_events = kept;
}

static enum co_err conclude_opened(struct co_view_fold *f, const Callout__V1__StepOpened *o)
{
    static char open[] = "open";
    Callout__V1__StepView *s = get(f->arena, f->view, o->step);
    if (s == NULL)
        return CO_ENOMEM;
    if (o->generation <= s->generation)
        return CO_OK;
    s->generation = o->generation;
    s->state = open;
    s->opened_us = o->opened_us;
    s->done_us = 0;
    s->document = NULL;
    return CO_OK;
}

static enum co_err conclude_handed_over(struct co_view_fold *f,
                                        const Callout__V1__StepHandedOver *h)
{
    static char done[] = "done";
    Callout__V1__StepView *s = get(f->arena, f->view, h->step);
    if (s == NULL)
        return CO_ENOMEM;
    if (h->generation < s->generation)
        return CO_OK;
    s->generation = h->generation;
    s->state = done;
    s->done_us = h->handed_over_us;
    s->document = h->document;
    return CO_OK;
}

static enum co_err conclude_done(struct co_view_fold *f, const Callout__V1__StepDone *d)
{
    static char complete[] = "complete", skipped[] = "skipped";
    Callout__V1__StepView *s = get(f->arena, f->view, d->step);
    if (s == NULL)
        return CO_ENOMEM;
    if (d->generation < s->generation)
        return CO_OK;
    s->generation = d->generation;
    s->state = strcmp(d->how, "skipped") == 0 ? skipped : complete;
    s->done_us = d->done_us;
    s->document = d->document;
    return CO_OK;
}

/* -- what people said: who did it, and who has accepted it so far */

enum co_err co_view_step_act(struct co_view_fold *f, const Callout__V1__CommandReceived *c)
{
    const Callout__V1__CommandReceived **list =
        co_view_room(f, f->step_commands, f->n_step_commands);
    if (list == NULL)
        return CO_ENOMEM;
    list[f->n_step_commands++] = c;
    f->step_commands = list;
    return CO_OK;
}

static enum co_err accept(struct co_view_fold *f, Callout__V1__StepView *s, Callout__V1__Role role)
{
    Callout__V1__Role *list = co_arena_alloc(f->arena, (s->n_accepted + 1) * sizeof(list[0]));
    if (list == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < s->n_accepted; i++)
        list[i] = s->accepted[i];
    list[s->n_accepted++] = role;
    s->accepted = list;
    return CO_OK;
}

static enum co_err conclude_said(struct co_view_fold *f, const Callout__V1__CommandReceived *c)
{
    Callout__V1__StepView *s = find(f->view, c->name);
    if (s == NULL || c->occurred_us < s->opened_us)
        return CO_OK;
    if (c->act == ACT(STEP_ACCEPTED))
        return accept(f, s, c->role);
    if (c->act == ACT(STEP_DONE))
        s->person = c->person;
    return CO_OK;
}

/* Openings first, then what became of them: whatever order they were announced in. */
static enum co_err conclude_events(struct co_view_fold *f, Callout__V1__Event__BodyCase kind)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; i < f->n_step_events && err == CO_OK; i++) {
        const Callout__V1__Event *e = f->step_events[i];
        if (e->body_case != kind)
            continue;
        if (kind == CALLOUT__V1__EVENT__BODY_STEP_OPENED)
            err = conclude_opened(f, e->step_opened);
        else if (kind == CALLOUT__V1__EVENT__BODY_STEP_HANDED_OVER)
            err = conclude_handed_over(f, e->step_handed_over);
        else
            err = conclude_done(f, e->step_done);
    }
    return err;
}

enum co_err co_view_conclude_steps(struct co_view_fold *f)
{
    static const Callout__V1__Event__BodyCase order[] = {
        CALLOUT__V1__EVENT__BODY_STEP_OPENED,
        CALLOUT__V1__EVENT__BODY_STEP_HANDED_OVER,
        CALLOUT__V1__EVENT__BODY_STEP_DONE,
    };
    enum co_err err = CO_OK;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]) && err == CO_OK; i++)
        err = conclude_events(f, order[i]);
    for (size_t i = 0; i < f->n_step_commands && err == CO_OK; i++)
        err = conclude_said(f, f->step_commands[i]);
    return err;
}

/* -- with the pack */

static bool is_listed(char *const *list, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], key) == 0)
            return true;
    return false;
}

/* As the case stands now. */
static bool holds(const Callout__V1__CaseView *v, const char *condition)
{
    bool is_held = is_listed(v->conditions, v->n_conditions, condition) ||
                   is_listed(v->site_conditions, v->n_site_conditions, condition);
    for (size_t i = 0; i < v->n_history; i++) {
        const Callout__V1__HistoryRow *h = v->history[i];
        bool is_set = h->act == ACT(CONDITION_SET);
        if ((is_set || h->act == ACT(CONDITION_CLEARED)) && strcmp(h->outcome, "applied") == 0 &&
            strcmp(h->name, condition) == 0)
            is_held = is_set;
    }
    return is_held;
}

static bool is_needed(const Callout__V1__CaseView *v, const Callout__V1__Step *s)
{
    for (size_t i = 0; i < s->n_only_conditions; i++)
        if (!holds(v, s->only_conditions[i]))
            return false;
    for (size_t i = 0; i < s->n_unless_conditions; i++)
        if (holds(v, s->unless_conditions[i]))
            return false;
    return true;
}

struct waits {
    const Callout__V1__CaseView *view;
    const Callout__V1__PolicyPack *pack;
    char **name; /* room for all steps of the pack */
    size_t count;
};

/* Those before it that are not complete; before one that is not needed, those before that. */
static void add_waits(struct waits *w, const Callout__V1__Step *s, size_t depth)
{
    for (size_t i = 0; i < s->n_after && depth <= w->pack->n_steps; i++) {
        const Callout__V1__Step *before = co_pack_duty(w->pack, s->after[i]);
        const Callout__V1__StepView *view = find(w->view, s->after[i]);
        bool is_complete = view != NULL && (strcmp(view->state, "complete") == 0 ||
                                            strcmp(view->state, "skipped") == 0);
        if (before == NULL || is_complete || is_listed(w->name, w->count, before->key))
            continue;
        if (is_needed(w->view, before))
            w->name[w->count++] = before->key;
        else
            add_waits(w, before, depth + 1);
    }
}

static bool opens(const Callout__V1__Step *s, const Callout__V1__HistoryRow *h)
{
    for (size_t i = 0; i < s->n_open; i++)
        if (s->open[i] == h->act)
            return h->act != ACT(STEP_OPENED) || strcmp(h->name, s->key) == 0;
    return false;
}

/* By an act, or by an action of the pack; it may still wait for others. */
static bool is_asked(const Callout__V1__CaseView *v, const Callout__V1__PolicyPack *pack,
                     const Callout__V1__Step *s)
{
    for (size_t i = 0; i < v->n_history; i++)
        if (opens(s, v->history[i]) && strcmp(v->history[i]->outcome, "refused") != 0)
            return true;
    for (size_t i = 0; i < v->n_acted; i++) {
        const Callout__V1__Acted *a = v->acted[i];
        const Callout__V1__Action *action =
            co_pack_action(pack, a->milestone, a->trigger, a->index);
        if (action != NULL && action->kind == CALLOUT__V1__ACTION_KIND__ACTION_STEP &&
            strcmp(action->step, s->key) == 0)
            return true;
    }
    return false;
}

static enum co_err describe(struct co_arena *arena, const Callout__V1__CaseView *v,
                            const Callout__V1__PolicyPack *pack, const Callout__V1__Step *s,
                            Callout__V1__StepView *view)
{
    static char not_needed[] = "not_needed", on_request[] = "on_request";
    struct waits waits = { v, pack, co_arena_alloc(arena, pack->n_steps * sizeof(char *)), 0 };
    if (waits.name == NULL)
        return CO_ENOMEM;
    view->title = s->title;
    view->responsible = s->responsible;
    view->n_responsible = s->n_responsible;
    view->support = s->support;
    view->n_support = s->n_support;
    view->accepts = s->accepted_by;
    view->n_accepts = s->n_accepted_by;
    view->phase = s->phase;
    bool is_over = strcmp(view->state, "complete") == 0 || strcmp(view->state, "skipped") == 0;
    if (!is_over && !is_needed(v, s))
        view->state = not_needed;
    else if (!is_over && s->n_open > 0 && view->generation == 0 && !is_asked(v, pack, s))
        view->state = on_request;
    else if (!is_over)
        add_waits(&waits, s, 0);
    view->waits_for = waits.name;
    view->n_waits_for = waits.count;
    return CO_OK;
}

enum co_err co_view_add_steps(struct co_arena *arena, Callout__V1__CaseView *v,
                              const Callout__V1__PolicyPack *pack)
{
    Callout__V1__StepView **list = co_arena_alloc(arena, pack->n_steps * sizeof(list[0]));
    enum co_err err = list == NULL ? CO_ENOMEM : CO_OK;
    for (size_t i = 0; i < pack->n_steps && err == CO_OK; i++) {
        list[i] = get(arena, v, pack->steps[i]->key);
        err = list[i] == NULL ? CO_ENOMEM : CO_OK;
    }
    for (size_t i = 0; i < pack->n_steps && err == CO_OK; i++)
        err = describe(arena, v, pack, pack->steps[i], list[i]);
    if (err == CO_OK) {
        v->steps = list;
        v->n_steps = pack->n_steps;
    }
    return err;
}
