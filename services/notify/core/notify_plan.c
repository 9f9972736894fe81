#include "notify_plan.h"

#include <inttypes.h>
#include <string.h>

#include "notify_tell.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name
#define ON(name) CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name
#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name

/* ---- taking back ---- */

static void correct(struct notify_case *c, const Callout__V1__Event *e, const char *milestone,
                    const struct notify_notice *n)
{
    const Callout__V1__Person *person = co_registry_person(c->world->registry, n->person);
    struct notify_occasion o = { .event = e,
                                 .on = ON(WITHDRAWN),
                                 .milestone = milestone,
                                 .generation = n->generation,
                                 .told = n->subject };
    o.obligation = notify_case_text(c, "withdrawn/%s", n->obligation);
    if (o.obligation == NULL)
        return;
    if (person == NULL) { /* gone from the registry since: whoever stands in is told */
        notify_tell_role(c, &o, ROLE(PM), NOTIFY_HOUSE_CORRECTED);
        return;
    }
    notify_tell_correction(c, &o, n->slot, person);
}

/* What is taken back: obligations that are `what`, or begin with it and a "/". */
struct recall {
    const char *what;
    const char *except;    /* an obligation that stays; NULL: none */
    const char *only_slot; /* slots of this role are corrected; NULL: all */
    const char *milestone;
    bool is_corrected; /* whoever was told already is told that it no longer holds */
};

static bool is_under(const char *obligation, const char *what)
{
    size_t len = strlen(what);
    return strncmp(obligation, what, len) == 0 &&
           (obligation[len] == '\0' || obligation[len] == '/');
}

static void take_back(struct notify_case *c, const Callout__V1__Event *e, const struct recall *r)
{
    size_t count = c->count; /* corrections are added behind */
    for (size_t i = 0; i < count; i++) {
        struct notify_notice *n = c->notices[i];
        if (n->life.recalled || !is_under(n->obligation, r->what) ||
            (r->except != NULL && strcmp(n->obligation, r->except) == 0))
            continue;
        struct notify_happening h = { .input = NOTIFY_RECALL };
        unsigned effects = notify_case_happened(c, n, h, "no longer true");
        bool is_meant = r->only_slot == NULL || is_under(n->slot, r->only_slot);
        if ((effects & NOTIFY_CORRECT) != 0 && (effects & NOTIFY_UNCHANGED) == 0 &&
            r->is_corrected && is_meant)
            correct(c, e, r->milestone, n);
    }
}

/* ---- the kinds of entries ---- */

typedef void plan(struct notify_case *c, const Callout__V1__Event *e);

static int64_t due_of(const struct notify_case *c, const char *milestone)
{
    for (size_t i = 0; i < c->state->n_clocks; i++)
        if (strcmp(c->state->clocks[i]->milestone, milestone) == 0)
            return c->state->clocks[i]->due_us;
    return 0;
}

static bool is_internal(const struct notify_case *c, const char *milestone)
{
    for (size_t i = 0; c->policy != NULL && i < c->policy->n_milestones; i++)
        if (strcmp(c->policy->milestones[i]->name, milestone) == 0)
            return c->policy->milestones[i]->internal;
    return false;
}

static uint32_t tell(struct notify_case *c, const Callout__V1__Event *e, Callout__V1__NoticeOn on,
                     const char *milestone, int64_t due_us, const char *obligation)
{
    struct notify_occasion o = { .event = e,
                                 .on = on,
                                 .obligation = obligation,
                                 .milestone = milestone,
                                 .due_us = due_us,
                                 .is_internal = is_internal(c, milestone) };
    return obligation == NULL ? 0 : notify_tell_by_rules(c, &o);
}

static void plan_opened(struct notify_case *c, const Callout__V1__Event *e)
{
    (void)tell(c, e, ON(OPENED), "", 0, "opened");
}

/* Whoever decides about a held case is told, whether a pack says so or not. */
static void plan_held(struct notify_case *c, const Callout__V1__Event *e)
{
    const char *obligation = notify_case_text(c, "held/%" PRIu32, c->state->held_count);
    Callout__V1__Role role = e->case_held->role != ROLE(NONE) ? e->case_held->role : ROLE(DESK);
    uint32_t told = tell(c, e, ON(HELD), "", 0, obligation);
    struct notify_occasion o = {
        .event = e, .on = ON(HELD), .obligation = obligation, .milestone = ""
    };
    if (obligation != NULL && (told & notify_tell_bit(role)) == 0)
        notify_tell_role(c, &o, role, NOTIFY_HOUSE_HELD);
}

/* A promise that moved replaces what was not told yet. While the clock stands, or nothing can be
 * said yet, there is nothing to tell. */
static void plan_promised(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Promised *p = e->promised;
    const char *clock = notify_case_text(c, "promised/%s/%" PRIu32, p->milestone, p->generation);
    const char *obligation = notify_case_text(c, "promised/%s/%" PRIu32 "/r%" PRIu32, p->milestone,
                                              p->generation, p->revision);
    bool is_agreed = p->basis != NULL && strcmp(p->basis->kind, "agreed") == 0;
    struct recall r = { .what = clock, .except = obligation, .milestone = p->milestone };
    if (clock == NULL || obligation == NULL)
        return;
    if (p->revision > 1)
        take_back(c, e, &r);
    if (!p->is_paused && (p->due_us != 0 || is_agreed))
        (void)tell(c, e, ON(PROMISED), p->milestone, p->due_us, obligation);
}

static void plan_warned(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Warned *w = e->warned;
    (void)tell(c, e, ON(WARNED), w->milestone, w->due_us,
               notify_case_text(c, "warned/%s/%" PRIu32 "/%" PRIu32, w->milestone, w->generation,
                                w->threshold));
}

static void plan_breached(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Breached *b = e->breached;
    (void)tell(c, e, ON(BREACHED), b->milestone, b->due_us,
               notify_case_text(c, "breached/%s/%" PRIu32, b->milestone, b->generation));
}

static void plan_severity(struct notify_case *c, const Callout__V1__Event *e)
{
    (void)tell(c, e, ON(SEVERITY_CHANGED), "", 0,
               notify_case_text(c, "severity/%" PRIu32, e->severity_changed->ordinal));
}

/* Proposals only: raises are told as changes of severity, acts by what follows from them. */
static void plan_acted(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Acted *a = e->acted;
    if (a->act != CALLOUT__V1__ACT__ACT_NONE || a->what[0] == '\0' || a->barred != NULL ||
        strcmp(a->what, "raise") == 0)
        return;
    (void)tell(c, e, ON(PROPOSED), a->milestone, due_of(c, a->milestone),
               notify_case_text(c, "proposed/%s/%" PRIu32 "/%s/%" PRIu32, a->milestone,
                                a->generation, a->trigger, a->index));
}

static void plan_closed(struct notify_case *c, const Callout__V1__Event *e)
{
    (void)tell(c, e, ON(CLOSED), "", 0, "closed");
}

static void plan_offered(struct notify_case *c, const Callout__V1__Event *e)
{
    (void)tell(c, e, ON(OFFERED), "", e->offered->arrive_by_us,
               notify_case_text(c, "offered/%" PRIu64, e->offered->generation));
}

static void plan_offer_ended(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__OfferEnded *o = e->offer_ended;
    if (o->how == CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED)
        return;
    struct recall r = { .what = notify_case_text(c, "offered/%" PRIu64, o->generation),
                        .milestone = "" };
    r.is_corrected = o->how == CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN;
    if (r.what != NULL)
        take_back(c, e, &r);
}

static void plan_assigned(struct notify_case *c, const Callout__V1__Event *e)
{
    (void)tell(c, e, ON(ASSIGNED), "", c->state->arrive_by_us,
               notify_case_text(c, "assigned/%" PRIu64, e->assigned->generation));
}

/* A visit that ends before anybody arrived is called off: by all means to whoever travels. */
static void plan_order_ended(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__OrderEnded *o = e->order_ended;
    struct recall r = { .what = notify_case_text(c, "assigned/%" PRIu64, o->generation),
                        .milestone = "",
                        .is_corrected = true };
    r.only_slot = strcmp(o->how, "stopped") == 0 ? NULL : "engineer";
    if (r.what != NULL && !c->state->has_arrived)
        take_back(c, e, &r);
}

static void plan_nobody(struct notify_case *c, const Callout__V1__Event *e)
{
    (void)tell(c, e, ON(NOBODY_LEFT), "", c->state->arrive_by_us,
               notify_case_text(c, "nobody_left/%" PRIu32, c->state->nobody_count));
}

/* The obligation that such an announcement had; NULL: nobody is told of that kind. */
static const char *obligation_of(struct notify_case *c, const Callout__V1__Withdrawn *w)
{
    switch ((int)w->kind) { /* a withdrawal names the kind by its number */
    case BODY(PROMISED):
        return notify_case_text(c, "promised/%s/%" PRIu32, w->milestone, w->generation);
    case BODY(WARNED):
        return notify_case_text(c, "warned/%s/%" PRIu32 "/%" PRIu32, w->milestone, w->generation,
                                w->ordinal);
    case BODY(BREACHED):
        return notify_case_text(c, "breached/%s/%" PRIu32, w->milestone, w->generation);
    case BODY(SEVERITY_CHANGED):
        return notify_case_text(c, "severity/%" PRIu32, w->ordinal);
    case BODY(ACTED):
        return notify_case_text(c, "proposed/%s/%" PRIu32 "/%s/%" PRIu32, w->milestone,
                                w->generation, w->trigger, w->ordinal);
    case BODY(CASE_CLOSED):
        return "closed";
    default:
        return NULL;
    }
}

static void plan_withdrawn(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Withdrawn *w = e->withdrawn;
    const char *what = obligation_of(c, w);
    if (what == NULL)
        return;
    if (w->stands) {
        struct notify_occasion o = { .event = e, .on = ON(WITHDRAWN), .milestone = w->milestone };
        o.obligation = notify_case_text(c, "ask/%s", what);
        if (w->ask && o.obligation != NULL)
            notify_tell_role(c, &o, ROLE(PM), NOTIFY_HOUSE_ASK);
        return;
    }
    struct recall r = { .what = what, .milestone = w->milestone, .is_corrected = true };
    take_back(c, e, &r);
    if (w->kind != BODY(PROMISED)) /* promises said again go on counting revisions */
        notify_case_note_gone(c, what);
}

static const struct {
    int kind;
    plan *plan;
} plans[] = {
    { BODY(CASE_OPENED), plan_opened },
    { BODY(CASE_HELD), plan_held },
    { BODY(PROMISED), plan_promised },
    { BODY(WARNED), plan_warned },
    { BODY(BREACHED), plan_breached },
    { BODY(SEVERITY_CHANGED), plan_severity },
    { BODY(ACTED), plan_acted },
    { BODY(WITHDRAWN), plan_withdrawn },
    { BODY(CASE_CLOSED), plan_closed },
    { BODY(OFFERED), plan_offered },
    { BODY(OFFER_ENDED), plan_offer_ended },
    { BODY(ASSIGNED), plan_assigned },
    { BODY(NOBODY_LEFT), plan_nobody },
    { BODY(ORDER_ENDED), plan_order_ended },
};

void notify_plan(struct notify_case *c, const Callout__V1__Event *e)
{
    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++)
        if (plans[i].kind == (int)e->body_case)
            plans[i].plan(c, e);
}
