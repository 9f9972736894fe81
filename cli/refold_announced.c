#include "refold_announced.h"

#include <string.h>

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

struct name {
    uint32_t kind;
    uint32_t generation;
    uint32_t ordinal;
    const char *milestone;
    const char *trigger;
};

typedef void name_rule(const Callout__V1__Event *e, struct name *ret);

#define NAME(function, member)                                                                     \
    static void function(const Callout__V1__Event *e, struct name *ret)                            \
    {                                                                                              \
        ret->milestone = e->member->milestone;                                                     \
        ret->generation = e->member->generation;                                                   \
    }
#define NAME_WITH(function, member, field)                                                         \
    static void function(const Callout__V1__Event *e, struct name *ret)                            \
    {                                                                                              \
        ret->milestone = e->member->milestone;                                                     \
        ret->generation = e->member->generation;                                                   \
        ret->ordinal = e->member->field;                                                           \
    }
NAME(promised, promised)
NAME(breached, breached)
NAME(met, met)
NAME(stopped, stopped)
NAME(not_served, not_served)
NAME_WITH(warned, warned, threshold)
NAME_WITH(escalated, escalated, step)
NAME_WITH(acted_on, acted, index)

static void step_opened(const Callout__V1__Event *e, struct name *ret)
{
    ret->milestone = e->step_opened->step;
    ret->generation = e->step_opened->generation;
}

static void act_made(const Callout__V1__Event *e, struct name *ret)
{
    ret->ordinal = e->act_made->ordinal;
}

static void step_handed_over(const Callout__V1__Event *e, struct name *ret)
{
    ret->milestone = e->step_handed_over->step;
    ret->generation = e->step_handed_over->generation;
}

static void step_done(const Callout__V1__Event *e, struct name *ret)
{
    ret->milestone = e->step_done->step;
    ret->generation = e->step_done->generation;
}

static void acted(const Callout__V1__Event *e, struct name *ret)
{
    acted_on(e, ret);
    ret->trigger = e->acted->trigger;
}

static void severity_changed(const Callout__V1__Event *e, struct name *ret)
{
    ret->ordinal = e->severity_changed->ordinal;
}

static void consent_changed(const Callout__V1__Event *e, struct name *ret)
{
    ret->ordinal = e->consent_changed->ordinal;
}

static void session_changed(const Callout__V1__Event *e, struct name *ret)
{
    ret->ordinal = e->session_changed->ordinal;
    ret->generation = e->session_changed->is_over ? 2 : 1;
}

static void withdrawn(const Callout__V1__Event *e, struct name *ret)
{
    const Callout__V1__Withdrawn *w = e->withdrawn;
    *ret = (struct name){ w->kind, w->generation, w->ordinal, w->milestone, w->trigger };
}

static void closed(const Callout__V1__Event *e, struct name *ret)
{
    (void)e;
    (void)ret; /* there is only one */
}

static const struct {
    Callout__V1__Event__BodyCase kind;
    name_rule *name;
} rules[] = {
    { BODY(PROMISED), promised },
    { BODY(WARNED), warned },
    { BODY(BREACHED), breached },
    { BODY(MET), met },
    { BODY(STOPPED), stopped },
    { BODY(SEVERITY_CHANGED), severity_changed },
    { BODY(ACTED), acted },
    { BODY(CASE_CLOSED), closed },
    { BODY(ESCALATED), escalated },
    { BODY(WITHDRAWN), withdrawn },
    { BODY(NOT_SERVED), not_served },
    { BODY(CONSENT_CHANGED), consent_changed },
    { BODY(SESSION_CHANGED), session_changed },
    { BODY(STEP_OPENED), step_opened },
    { BODY(ACT_MADE), act_made },
    { BODY(STEP_HANDED_OVER), step_handed_over },
    { BODY(STEP_DONE), step_done },
};

/* False: it is no output of the fold. */
static bool name_of(const Callout__V1__Event *e, struct name *ret)
{
    *ret = (struct name){ .kind = (uint32_t)e->body_case, .milestone = "", .trigger = "" };
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (rules[i].kind == e->body_case) {
            rules[i].name(e, ret);
            return true;
        }
    return false;
}

static bool is_same(const struct name *a, const struct name *b)
{
    return a->kind == b->kind && a->generation == b->generation && a->ordinal == b->ordinal &&
           strcmp(a->milestone, b->milestone) == 0 && strcmp(a->trigger, b->trigger) == 0;
}

bool refold_is_same_name(const Callout__V1__Event *a, const Callout__V1__Event *b)
{
    struct name x, y;
    return name_of(a, &x) && name_of(b, &y) && is_same(&x, &y);
}

/* The list being made, each output with its name. */
struct list {
    struct refold_announced *to;
    struct name *name;
};

/* `to->count`: not there. What is named now was mostly said a moment ago. */
static size_t find(const struct list *l, const struct name *name)
{
    for (size_t i = l->to->count; i > 0; i--)
        if (is_same(&l->name[i - 1], name))
            return i - 1;
    return l->to->count;
}

static void take_back(struct list *l, size_t at)
{
    struct refold_announced *to = l->to;
    if (to->event[at]->body_case == BODY(PROMISED))
        to->withdrawn[to->withdrawn_count++] = to->event[at]->promised;
    for (size_t i = at + 1; i < to->count; i++) {
        to->event[i - 1] = to->event[i];
        l->name[i - 1] = l->name[i];
    }
    to->count--;
}

static void forget_returned(struct refold_announced *to, const Callout__V1__Promised *p)
{
    for (size_t i = 0; i < to->withdrawn_count; i++)
        if (to->withdrawn[i]->generation == p->generation &&
            strcmp(to->withdrawn[i]->milestone, p->milestone) == 0)
            to->withdrawn[i] = to->withdrawn[--to->withdrawn_count];
}

/* A promise is said again when its due time moves; nothing else is said twice. What stands although
 * its reason was withdrawn is still announced. */
static void take(struct list *l, Callout__V1__Event *e, const struct name *name)
{
    struct refold_announced *to = l->to;
    size_t at = find(l, name);
    bool is_there = at < to->count;
    if (e->body_case == BODY(WITHDRAWN)) {
        if (!is_there)
            to->wrong = e;
        else if (!e->withdrawn->stands)
            take_back(l, at);
        return;
    }
    if (is_there && e->body_case != BODY(PROMISED))
        to->wrong = e;
    to->event[at] = e;
    l->name[at] = *name;
    to->count += !is_there;
    if (e->body_case == BODY(PROMISED))
        forget_returned(to, e->promised);
}

enum co_err refold_announced(const struct co_history_case *c, struct refold_announced *ret)
{
    *ret = (struct refold_announced){ 0 };
    struct list l = { .to = ret };
    ret->event = co_arena_alloc(c->arena, (c->count + 1) * sizeof(ret->event[0]));
    ret->withdrawn = co_arena_alloc(c->arena, (c->count + 1) * sizeof(ret->withdrawn[0]));
    l.name = co_arena_alloc(c->arena, (c->count + 1) * sizeof(l.name[0]));
    if (ret->event == NULL || ret->withdrawn == NULL || l.name == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < c->count; i++) {
        struct name name;
        if (name_of(c->entries[i].event, &name))
            take(&l, c->entries[i].event, &name);
    }
    return CO_OK;
}
