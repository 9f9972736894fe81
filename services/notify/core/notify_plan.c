#include "notify_plan.h"

#include <inttypes.h>
#include <string.h>

#include "co_pack.h"
#include "co_text.h"
#include "notify_ahead.h"
#include "notify_alerts.h"
#include "notify_plan_booking.h"
#include "notify_plan_impl.h"
#include "notify_recall.h"
#include "notify_route.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name
#define ON(name) CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name
#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name

/* ---- the kinds of entries ---- */

static Callout__V1__NotifyClock *clock_of(const struct notify_case *c, const char *milestone)
{
    for (size_t i = 0; i < c->state->n_clocks; i++)
        if (strcmp(c->state->clocks[i]->milestone, milestone) == 0)
            return c->state->clocks[i];
    return NULL;
}

static int64_t due_of(const struct notify_case *c, const char *milestone)
{
    const Callout__V1__NotifyClock *clock = clock_of(c, milestone);
    return clock == NULL ? 0 : clock->due_us;
}

static bool is_internal(const struct notify_case *c, const char *milestone)
{
    const Callout__V1__Milestone *m =
        c->policy == NULL ? NULL : co_pack_milestone(c->policy, milestone);
    return m != NULL && m->internal;
}

struct notify_occasion notify_plan_occasion(const struct notify_case *c,
                                            const Callout__V1__Event *e, Callout__V1__NoticeOn on,
                                            const char *milestone, int64_t due_us)
{
    return (struct notify_occasion){ .event = e,
                                     .on = on,
                                     .milestone = milestone,
                                     .due_us = due_us,
                                     .is_internal = is_internal(c, milestone) };
}

static uint32_t tell(struct notify_case *c, const Callout__V1__Event *e, Callout__V1__NoticeOn on,
                     const char *milestone, int64_t due_us, const char *obligation)
{
    struct notify_occasion o = notify_plan_occasion(c, e, on, milestone, due_us);
    o.obligation = obligation;
    return obligation == NULL ? 0 : notify_tell_by_rules(c, &o);
}

/* The same, of something that was so at `reached_us`. */
static void tell_reached(struct notify_case *c, struct notify_occasion o, int64_t reached_us,
                         const char *obligation)
{
    o.obligation = obligation;
    o.reached_us = reached_us;
    if (obligation != NULL)
        (void)notify_tell_by_rules(c, &o);
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

/* A promise that moved replaces what was not told yet, and is told to everybody who was told the
 * time of before, also where no rule names him any more. While the clock stands, or nothing can be
 * said yet, there is nothing to tell; a time that is no longer known is taken back. */
static void replace_promise(struct notify_case *c, const Callout__V1__Event *e,
                            Callout__V1__NotifyClock *clock, const char *family,
                            const char *obligation)
{
    const Callout__V1__Promised *p = e->promised;
    struct notify_occasion o = notify_plan_occasion(c, e, ON(PROMISED), p->milestone, p->due_us);
    struct notify_recall r = { .what = family, .except = obligation, .milestone = p->milestone };
    const char *last = notify_case_text(c, "%s/r%" PRIu32, family, clock->told_revision);
    bool is_known = clock->told_revision != 0 && clock->told_us == p->due_us && last != NULL;
    if (is_known && notify_recall_stands(c, last))
        return;
    o.obligation = obligation;
    if (p->due_us == 0)
        o.what = "agreed_time";
    o.was_us = clock->told_revision != 0 ? clock->told_us : 0;
    notify_recall(c, e, &r);
    (void)notify_tell_by_rules(c, &o);
    notify_recall_tell_rest(c, &o, family);
    clock->told_revision = p->revision;
    clock->told_us = p->due_us;
    c->is_state_changed = true;
}

static void take_back_promise(struct notify_case *c, const Callout__V1__Event *e,
                              Callout__V1__NotifyClock *clock, const char *family)
{
    struct notify_recall r = { .what = family,
                               .milestone = clock->milestone,
                               .was_us = clock->told_us,
                               .is_corrected = true };
    notify_recall(c, e, &r);
    clock->told_revision = 0;
    clock->told_us = 0;
    c->is_state_changed = true;
}

static void plan_promised(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Promised *p = e->promised;
    Callout__V1__NotifyClock *clock = clock_of(c, p->milestone);
    const char *family = notify_case_text(c, "promised/%s/%" PRIu32, p->milestone, p->generation);
    const char *obligation = notify_case_text(c, "promised/%s/%" PRIu32 "/r%" PRIu32, p->milestone,
                                              p->generation, p->revision);
    bool is_agreed = p->basis != NULL && strcmp(p->basis->kind, "agreed") == 0;
    if (clock == NULL || family == NULL || obligation == NULL)
        return;
    if (p->is_paused)
        notify_recall_unsent(c, family, "no longer true");
    else if (p->due_us != 0 || is_agreed)
        replace_promise(c, e, clock, family, obligation);
    else if (p->revision > 1)
        take_back_promise(c, e, clock, family);
}

/* The project manager decides what becomes of it, whether a pack says so or not. */
static void plan_not_served(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__NotServed *n = e->not_served;
    struct notify_occasion o = notify_plan_occasion(c, e, ON(NOT_SERVED), n->milestone, 0);
    o.obligation = notify_case_text(c, "not_served/%s/%" PRIu32, n->milestone, n->generation);
    o.reached_us = n->asked_us;
    if (o.obligation != NULL && (notify_tell_by_rules(c, &o) & notify_tell_bit(ROLE(PM))) == 0)
        notify_tell_role(c, &o, ROLE(PM), NOTIFY_HOUSE_EXCLUDED);
}

static void plan_warned(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Warned *w = e->warned;
    tell_reached(c, notify_plan_occasion(c, e, ON(WARNED), w->milestone, w->due_us), w->reached_us,
                 notify_case_text(c, "warned/%s/%" PRIu32 "/%" PRIu32, w->milestone, w->generation,
                                  w->threshold));
}

static void plan_breached(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Breached *b = e->breached;
    tell_reached(c, notify_plan_occasion(c, e, ON(BREACHED), b->milestone, b->due_us), b->due_us,
                 notify_case_text(c, "breached/%s/%" PRIu32, b->milestone, b->generation));
}

static void plan_escalated(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Escalated *x = e->escalated;
    const Callout__V1__EscalationStep *step =
        c->policy == NULL ? NULL : co_pack_step(c->policy, x->milestone, x->step);
    struct notify_occasion o = notify_plan_occasion(c, e, ON(ESCALATED), x->milestone, x->due_us);
    o.obligation = notify_case_text(c, "escalated/%s/%" PRIu32 "/%" PRIu32, x->milestone,
                                    x->generation, x->step);
    o.reached_us = x->reached_us;
    o.step = x->step + 1;
    if (step != NULL && o.obligation != NULL)
        notify_tell_roles(c, &o, step->roles, step->n_roles, NOTIFY_HOUSE_ESCALATED);
}

static void plan_severity(struct notify_case *c, const Callout__V1__Event *e)
{
    (void)tell(c, e, ON(SEVERITY_CHANGED), "", 0,
               notify_case_text(c, "severity/%" PRIu32, e->severity_changed->ordinal));
}

static const Callout__V1__Action *action_of(const struct notify_case *c, const char *milestone,
                                            const char *trigger, uint32_t index)
{
    return c->policy == NULL ? NULL : co_pack_action(c->policy, milestone, trigger, index);
}

/* "told/restore/1/warning_2/0" of an action that tells roles, else "proposed/restore/1/breach/0".
 */
static const char *obligation_of_action(struct notify_case *c, const Callout__V1__Action *action,
                                        const char *milestone, uint32_t generation,
                                        const char *trigger, uint32_t index)
{
    bool is_tell = action != NULL && action->kind == CALLOUT__V1__ACTION_KIND__ACTION_TELL;
    char *words = notify_case_text(c, "%s", trigger);
    for (char *at = words; at != NULL && *at != '\0'; at++)
        if (*at == ' ')
            *at = '_';
    return words == NULL
               ? NULL
               : notify_case_text(c, "%s/%s/%" PRIu32 "/%s/%" PRIu32, is_tell ? "told" : "proposed",
                                  milestone, generation, words, index);
}

/* What is proposed, and what the pack wants told. Raises are told as changes of severity, acts and
 * starts by what follows from them. */
static void plan_acted(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Acted *a = e->acted;
    const Callout__V1__Action *action = action_of(c, a->milestone, a->trigger, a->index);
    struct notify_occasion o =
        notify_plan_occasion(c, e, ON(PROPOSED), a->milestone, due_of(c, a->milestone));
    o.obligation =
        obligation_of_action(c, action, a->milestone, a->generation, a->trigger, a->index);
    o.what = a->what;
    o.reached_us = a->acted_us;
    if (action == NULL || a->barred != NULL || o.obligation == NULL)
        return;
    if (action->kind == CALLOUT__V1__ACTION_KIND__ACTION_PROPOSE)
        (void)notify_tell_by_rules(c, &o);
    if (action->kind != CALLOUT__V1__ACTION_KIND__ACTION_TELL)
        return;
    o.on = ON(TOLD);
    notify_tell_roles(c, &o, action->roles, action->n_roles, NOTIFY_HOUSE_TOLD);
}

static void plan_met(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__NotifyClock *clock = clock_of(c, e->met->milestone);
    notify_ahead_met(c, e->met->milestone);
    if (clock != NULL && clock->is_arrival)
        notify_ahead_goes(c);
}

static void plan_closed(struct notify_case *c, const Callout__V1__Event *e)
{
    notify_ahead_closed(c);
    notify_alerts_close(c);
    (void)tell(c, e, ON(CLOSED), "", 0, "closed");
}

static void plan_offered(struct notify_case *c, const Callout__V1__Event *e)
{
    notify_ahead_goes(c);
    (void)tell(c, e, ON(OFFERED), "", e->offered->arrive_by_us,
               notify_case_text(c, "offered/%" PRIu64, e->offered->generation));
}

static void plan_offer_ended(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__OfferEnded *o = e->offer_ended;
    struct notify_recall r = { .what = notify_case_text(c, "offered/%" PRIu64, o->generation),
                               .milestone = "" };
    if (o->how == CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED) {
        if (r.what != NULL)
            notify_recall_unsent(c, r.what, "accepted meanwhile");
        return;
    }
    r.is_overtaken = o->how == CALLOUT__V1__OFFER_END__OFFER_END_OVERTAKEN;
    r.is_corrected = r.is_overtaken || o->how == CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN;
    r.only_slot = r.is_overtaken ? "engineer" : NULL;
    if (r.what != NULL)
        notify_recall(c, e, &r);
}

static void plan_assigned(struct notify_case *c, const Callout__V1__Event *e)
{
    notify_ahead_goes(c);
    (void)tell(c, e, ON(ASSIGNED), "", c->state->arrive_by_us,
               notify_case_text(c, "assigned/%" PRIu64, e->assigned->generation));
}

/* A visit that ends before anybody arrived is called off: by all means to whoever travels. */
static void plan_order_ended(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__OrderEnded *o = e->order_ended;
    struct notify_recall r = { .what = notify_case_text(c, "assigned/%" PRIu64, o->generation),
                               .milestone = "",
                               .is_corrected = true };
    r.only_slot = strcmp(o->how, "stopped") == 0 ? NULL : "engineer";
    notify_ahead_goes(c);
    if (r.what != NULL && !c->state->has_arrived)
        notify_recall(c, e, &r);
}

static void plan_nobody(struct notify_case *c, const Callout__V1__Event *e)
{
    struct notify_occasion o =
        notify_plan_occasion(c, e, ON(NOBODY_LEFT), "", c->state->arrive_by_us);
    o.what = e->nobody_left->missing;
    o.obligation = notify_case_text(c, "nobody_left/%" PRIu32, c->state->nobody_count);
    if (o.obligation != NULL)
        (void)notify_tell_by_rules(c, &o);
}

/* ---- the work order, and acts ---- */

static void plan_drafted(struct notify_case *c, const Callout__V1__Event *e)
{
    (void)tell(c, e, ON(DRAFTED), "", e->task_order_drafted->confirm_by_us,
               notify_case_text(c, "drafted/%" PRIu64, e->task_order_drafted->generation));
}

/* Nobody needs to be asked any more. */
static void plan_confirmed(struct notify_case *c, const Callout__V1__Event *e)
{
    struct notify_recall r = { .what = notify_case_text(c, "drafted/%" PRIu64,
                                                        e->task_order_confirmed->generation),
                               .milestone = "" };
    if (r.what != NULL)
        notify_recall(c, e, &r);
}

/* Said when nobody can be there in time; taken back when somebody can. */
static void plan_at_risk(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__ArrivalAtRisk *risk = e->arrival_at_risk;
    const char *obligation = notify_case_text(c, "at_risk/%" PRIu32, c->state->risk_count);
    struct notify_recall r = { .what = obligation,
                               .milestone = risk->milestone,
                               .due_us = risk->due_us,
                               .is_corrected = true };
    if (obligation == NULL)
        return;
    if (risk->is_over)
        notify_recall(c, e, &r);
    else
        (void)tell(c, e, ON(AT_RISK), risk->milestone, risk->due_us, obligation);
}

/* "handed_up", of ACT_HANDED_UP. */
static const char *act_name(struct notify_case *c, Callout__V1__Act act)
{
    const ProtobufCEnumValue *v =
        protobuf_c_enum_descriptor_get_value(&callout__v1__act__descriptor, (int)act);
    char *name = v != NULL ? (char *)(uintptr_t)notify_case_text(c, "%s", v->name + 4) : NULL;
    for (char *p = name; p != NULL && *p != '\0'; p++)
        *p = (char)(*p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
    return name;
}

/* A customer who was called back and is not content: somebody has to look after him. */
static bool is_dissatisfied(const Callout__V1__CommandApplied *a)
{
    enum { UNHAPPY = 2 }; /* of five */
    return a->act == CALLOUT__V1__ACT__ACT_CALLED_BACK &&
           (a->solved != CALLOUT__V1__SOLVED__SOLVED_YES ||
            (a->rating >= 1 && a->rating <= UNHAPPY));
}

static void plan_act(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__CommandApplied *a = e->command_applied;
    struct notify_occasion o = notify_plan_occasion(c, e, ON(ACT), "", 0);
    const char *name = act_name(c, a->act);
    notify_ahead_acted(c, e);
    if (a->act == CALLOUT__V1__ACT__ACT_ACKNOWLEDGED)
        notify_alerts_acknowledge(c);
    o.act = a->act;
    o.what = is_dissatisfied(a) ? "dissatisfied" : name;
    if (name != NULL)
        o.obligation = notify_case_text(c, "act/%s/%" PRIu64, name, a->command_id);
    if (o.obligation != NULL)
        (void)notify_tell_by_rules(c, &o);
}

/* The same, where steps of the pack made it happen. */
static void plan_act_made(struct notify_case *c, const Callout__V1__Event *e)
{
    const char *name = act_name(c, e->act_made->act);
    struct notify_occasion o = notify_plan_occasion(c, e, ON(ACT), "", 0);
    o.act = e->act_made->act;
    o.what = name;
    o.reached_us = e->act_made->made_us;
    if (name != NULL)
        o.obligation = notify_case_text(c, "made/%" PRIu32 "/%s", e->act_made->ordinal, name);
    if (o.obligation != NULL)
        (void)notify_tell_by_rules(c, &o);
}

/* The obligation that such an announcement had; NULL: nobody is told of that kind. */
static const char *obligation_of(struct notify_case *c, const Callout__V1__Withdrawn *w)
{
    switch ((int)w->kind) { /* a withdrawal names the kind by its number */
    case BODY(PROMISED):
        return notify_case_text(c, "promised/%s/%" PRIu32, w->milestone, w->generation);
    case BODY(NOT_SERVED):
        return notify_case_text(c, "not_served/%s/%" PRIu32, w->milestone, w->generation);
    case BODY(WARNED):
        return notify_case_text(c, "warned/%s/%" PRIu32 "/%" PRIu32, w->milestone, w->generation,
                                w->ordinal);
    case BODY(BREACHED):
        return notify_case_text(c, "breached/%s/%" PRIu32, w->milestone, w->generation);
    case BODY(CONSENT_CHANGED):
        return notify_plan_consent_family(c, w->ordinal);
    case BODY(SEVERITY_CHANGED):
        return notify_case_text(c, "severity/%" PRIu32, w->ordinal);
    case BODY(ACTED):
        return obligation_of_action(c, action_of(c, w->milestone, w->trigger, w->ordinal),
                                    w->milestone, w->generation, w->trigger, w->ordinal);
    case BODY(ESCALATED):
        return notify_case_text(c, "escalated/%s/%" PRIu32 "/%" PRIu32, w->milestone, w->generation,
                                w->ordinal);
    case BODY(STEP_OPENED):
        return notify_case_text(c, "step_opened/%s/%" PRIu32, w->milestone, w->generation);
    case BODY(STEP_HANDED_OVER):
        return notify_case_text(c, "step_handed_over/%s/%" PRIu32, w->milestone, w->generation);
    case BODY(STEP_DONE):
        return notify_case_text(c, "step_done/%s/%" PRIu32, w->milestone, w->generation);
    case BODY(ACT_MADE):
        return notify_case_text(c, "made/%" PRIu32, w->ordinal);
    case BODY(CASE_CLOSED):
        return "closed";
    default:
        return NULL;
    }
}

/* Something stands although its reason is gone: people look whether it is still needed. */
static void ask(struct notify_case *c, const Callout__V1__Event *e, const char *what)
{
    const Callout__V1__Withdrawn *w = e->withdrawn;
    const Callout__V1__Action *action =
        w->kind == BODY(ACTED) ? action_of(c, w->milestone, w->trigger, w->ordinal) : NULL;
    struct notify_occasion o = notify_plan_occasion(c, e, ON(WITHDRAWN), w->milestone, 0);
    o.obligation = notify_case_text(c, "ask/%s", what);
    o.what = action == NULL ? NULL : action->what;
    if (o.obligation != NULL)
        notify_recall_ask(c, &o, what);
}

static void plan_withdrawn(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Withdrawn *w = e->withdrawn;
    const char *what = obligation_of(c, w);
    Callout__V1__NotifyClock *clock = clock_of(c, w->milestone);
    bool is_this = clock != NULL && clock->generation == w->generation;
    if (w->kind == BODY(MET) && clock != NULL)
        notify_ahead_unmet(c, clock);
    if (what == NULL)
        return;
    if (w->stands && w->ask)
        ask(c, e, what);
    if (w->stands)
        return;
    if (w->kind == BODY(PROMISED) && is_this) {
        take_back_promise(c, e, clock, what);
        return;
    }
    const Callout__V1__Action *action =
        w->kind == BODY(ACTED) ? action_of(c, w->milestone, w->trigger, w->ordinal) : NULL;
    struct notify_recall r = { .what = what,
                               .milestone = w->milestone,
                               .action = action == NULL ? NULL : action->what,
                               .was_us = is_this ? clock->due_us : 0,
                               .due_us = c->coming != NULL ? c->coming->due_us : 0,
                               .is_corrected = true };
    if (w->kind == BODY(ESCALATED)) /* the steps of a ladder come back together */
        r.once =
            notify_case_text(c, "withdrawn/escalated/%s/%" PRIu32 "/", w->milestone, w->generation);
    notify_recall(c, e, &r);
    if (w->kind != BODY(PROMISED)) /* promises said again go on counting revisions */
        notify_case_note_gone(c, what);
}

static void plan_resend(struct notify_case *c, const Callout__V1__Event *e)
{
    notify_route_resend(c, e->notice_resend_asked);
}

static void plan_lot_low(struct notify_case *c, const Callout__V1__Event *e)
{
    (void)tell(c, e, ON(LOT_LOW), "", 0,
               notify_case_text(c, "lot_low/%" PRIu32, e->lot_low->ordinal));
}

static const struct {
    int kind;
    notify_plan_rule *plan;
} plans[] = {
    { BODY(CASE_OPENED), plan_opened },
    { BODY(CASE_HELD), plan_held },
    { BODY(PROMISED), plan_promised },
    { BODY(NOT_SERVED), plan_not_served },
    { BODY(WARNED), plan_warned },
    { BODY(BREACHED), plan_breached },
    { BODY(MET), plan_met },
    { BODY(ESCALATED), plan_escalated },
    { BODY(SEVERITY_CHANGED), plan_severity },
    { BODY(ACTED), plan_acted },
    { BODY(STEP_OPENED), notify_plan_step_opened },
    { BODY(STEP_HANDED_OVER), notify_plan_step_handed_over },
    { BODY(STEP_DONE), notify_plan_step_done },
    { BODY(WITHDRAWN), plan_withdrawn },
    { BODY(CASE_CLOSED), plan_closed },
    { BODY(OFFERED), plan_offered },
    { BODY(OFFER_ENDED), plan_offer_ended },
    { BODY(ASSIGNED), plan_assigned },
    { BODY(NOBODY_LEFT), plan_nobody },
    { BODY(ORDER_ENDED), plan_order_ended },
    { BODY(TASK_ORDER_DRAFTED), plan_drafted },
    { BODY(TASK_ORDER_CONFIRMED), plan_confirmed },
    { BODY(ARRIVAL_AT_RISK), plan_at_risk },
    { BODY(BOOKED), notify_plan_booked },
    { BODY(BOOKING_ENDED), notify_plan_booking_ended },
    { BODY(NOBODY_TO_BOOK), notify_plan_nobody_to_book },
    { BODY(CONSENT_CHANGED), notify_plan_consent },
    { BODY(LOT_LOW), plan_lot_low },
    { BODY(ACT_MADE), plan_act_made },
    { BODY(COMMAND_APPLIED), plan_act },
    { BODY(NOTICE_RESEND_ASKED), plan_resend },
};

void notify_plan(struct notify_case *c, const Callout__V1__Event *e)
{
    for (size_t i = 0; i < sizeof(plans) / sizeof(plans[0]); i++)
        if (plans[i].kind == (int)e->body_case)
            plans[i].plan(c, e);
}
