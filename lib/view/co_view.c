#include "co_view_fold.h"

#include <string.h>

#include "co_number.h"
#include "co_pack.h"

void *co_view_room(struct co_view_fold *f, void *list, size_t n)
{
    enum { FIRST = 4 };
    bool is_full = n == 0 || (n >= FIRST && (n & (n - 1)) == 0);
    if (!is_full)
        return list;
    size_t cap = n == 0 ? FIRST : n * 2;
    void *larger = co_arena_alloc(f->arena, cap * sizeof(void *));
    if (larger != NULL && n > 0)
        memcpy(larger, list, n * sizeof(void *));
    return larger;
}

static enum co_err submitted(struct co_view_fold *f, const struct co_view_entry *e)
{
    f->ticket = e->event->ticket_submitted;
    return CO_OK;
}

static enum co_err opened(struct co_view_fold *f, const struct co_view_entry *e)
{
    f->opened = e->event->case_opened;
    f->view->held = NULL;
    return co_view_open_wide(f);
}

static enum co_err held(struct co_view_fold *f, const struct co_view_entry *e)
{
    f->view->held = e->event->case_held;
    return CO_OK;
}

static enum co_err closed(struct co_view_fold *f, const struct co_view_entry *e)
{
    f->closed = e->event->case_closed;
    return CO_OK;
}

static enum co_err located(struct co_view_fold *f, const struct co_view_entry *e)
{
    f->view->located = e->event->site_located;
    return CO_OK;
}

static enum co_err not_served(struct co_view_fold *f, const struct co_view_entry *e)
{
    f->view->not_served = e->event->not_served;
    return CO_OK;
}

/* An ordinal said again replaces what it said before. */
static enum co_err severity_changed(struct co_view_fold *f, const struct co_view_entry *e)
{
    Callout__V1__CaseView *v = f->view;
    Callout__V1__SeverityChanged *change = e->event->severity_changed;
    size_t i = 0;
    while (i < v->n_severity_changes && v->severity_changes[i]->ordinal < change->ordinal)
        i++;
    if (i < v->n_severity_changes && v->severity_changes[i]->ordinal == change->ordinal) {
        v->severity_changes[i] = change;
        return CO_OK;
    }
    Callout__V1__SeverityChanged **list =
        co_view_room(f, v->severity_changes, v->n_severity_changes);
    if (list == NULL)
        return CO_ENOMEM;
    memmove(list + i + 1, list + i, (v->n_severity_changes - i) * sizeof(list[0]));
    list[i] = change;
    v->severity_changes = list;
    v->n_severity_changes++;
    return CO_OK;
}

static enum co_err acted(struct co_view_fold *f, const struct co_view_entry *e)
{
    Callout__V1__CaseView *v = f->view;
    Callout__V1__Acted **list = co_view_room(f, v->acted, v->n_acted);
    if (list == NULL)
        return CO_ENOMEM;
    list[v->n_acted++] = e->event->acted;
    v->acted = list;
    return CO_OK;
}

static bool is_named_action(const Callout__V1__Acted *a, const Callout__V1__Withdrawn *w)
{
    return a->generation == w->generation && a->index == w->ordinal &&
           strcmp(a->milestone, w->milestone) == 0 && strcmp(a->trigger, w->trigger) == 0;
}

static void take_back_action(Callout__V1__CaseView *v, const Callout__V1__Withdrawn *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < v->n_acted; i++)
        if (!is_named_action(v->acted[i], w))
            v->acted[kept++] = v->acted[i];
    v->n_acted = kept;
}

static void take_back_severity(Callout__V1__CaseView *v, const Callout__V1__Withdrawn *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < v->n_severity_changes; i++)
        if (v->severity_changes[i]->ordinal != w->ordinal)
            v->severity_changes[kept++] = v->severity_changes[i];
    v->n_severity_changes = kept;
}

static void take_back(struct co_view_fold *f, const Callout__V1__Withdrawn *w)
{
    switch (w->kind) {
    case CALLOUT__V1__EVENT__BODY_CASE_OPENED:
        f->opened = NULL;
        break;
    case CALLOUT__V1__EVENT__BODY_CASE_HELD:
        f->view->held = NULL;
        break;
    case CALLOUT__V1__EVENT__BODY_CASE_CLOSED:
        f->closed = NULL;
        break;
    case CALLOUT__V1__EVENT__BODY_SEVERITY_CHANGED:
        take_back_severity(f->view, w);
        break;
    case CALLOUT__V1__EVENT__BODY_NOT_SERVED:
        f->view->not_served = NULL;
        break;
    case CALLOUT__V1__EVENT__BODY_ACTED:
        take_back_action(f->view, w);
        break;
    case CALLOUT__V1__EVENT__BODY_STEP_OPENED:
    case CALLOUT__V1__EVENT__BODY_STEP_HANDED_OVER:
    case CALLOUT__V1__EVENT__BODY_STEP_DONE:
        co_view_withdraw_step(f, w);
        break;
    case CALLOUT__V1__EVENT__BODY_CONSENT_CHANGED:
        co_view_withdraw_consent(f, w);
        break;
    case CALLOUT__V1__EVENT__BODY_SESSION_CHANGED:
        co_view_withdraw_session(f, w);
        break;
    default:
        co_view_withdraw_from_clock(f, w);
    }
}

/* What stands is only marked: the withdrawal is listed, what it names stays where it is. */
static enum co_err withdrawn(struct co_view_fold *f, const struct co_view_entry *e)
{
    Callout__V1__CaseView *v = f->view;
    Callout__V1__Withdrawn **list = co_view_room(f, v->withdrawn, v->n_withdrawn);
    if (list == NULL)
        return CO_ENOMEM;
    list[v->n_withdrawn++] = e->event->withdrawn;
    v->withdrawn = list;
    if (!e->event->withdrawn->stands)
        take_back(f, e->event->withdrawn);
    return CO_OK;
}

static enum co_err lot_posted(struct co_view_fold *f, const struct co_view_entry *e)
{
    Callout__V1__CaseView *v = f->view;
    Callout__V1__LotPosted *p = e->event->lot_posted;
    Callout__V1__LotPosted **list = co_view_room(f, v->postings, v->n_postings);
    if (list == NULL)
        return CO_ENOMEM;
    list[v->n_postings++] = p;
    v->postings = list;
    if (strcmp(p->why, "covered") == 0)
        v->missing_minutes -= p->minutes;
    return CO_OK;
}

static enum co_err lot_low(struct co_view_fold *f, const struct co_view_entry *e)
{
    f->view->missing_minutes = e->event->lot_low->missing_minutes;
    return CO_OK;
}

static co_view_rule *const rules[] = {
    [CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED] = submitted,
    [CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED] = co_view_received,
    [CALLOUT__V1__EVENT__BODY_CASE_OPENED] = opened,
    [CALLOUT__V1__EVENT__BODY_CASE_HELD] = held,
    [CALLOUT__V1__EVENT__BODY_PROMISED] = co_view_promised,
    [CALLOUT__V1__EVENT__BODY_WARNED] = co_view_warned,
    [CALLOUT__V1__EVENT__BODY_BREACHED] = co_view_breached,
    [CALLOUT__V1__EVENT__BODY_MET] = co_view_met,
    [CALLOUT__V1__EVENT__BODY_STOPPED] = co_view_stopped,
    [CALLOUT__V1__EVENT__BODY_SEVERITY_CHANGED] = severity_changed,
    [CALLOUT__V1__EVENT__BODY_NOT_SERVED] = not_served,
    [CALLOUT__V1__EVENT__BODY_ACTED] = acted,
    [CALLOUT__V1__EVENT__BODY_WITHDRAWN] = withdrawn,
    [CALLOUT__V1__EVENT__BODY_CASE_CLOSED] = closed,
    [CALLOUT__V1__EVENT__BODY_ESCALATED] = co_view_escalated,
    [CALLOUT__V1__EVENT__BODY_CALENDAR_REBASED] = co_view_rebased,
    [CALLOUT__V1__EVENT__BODY_EXCLUDED] = co_view_excluded,
    [CALLOUT__V1__EVENT__BODY_STEP_OPENED] = co_view_step_moved,
    [CALLOUT__V1__EVENT__BODY_STEP_HANDED_OVER] = co_view_step_moved,
    [CALLOUT__V1__EVENT__BODY_STEP_DONE] = co_view_step_moved,
    [CALLOUT__V1__EVENT__BODY_CONSENT_CHANGED] = co_view_consent_changed,
    [CALLOUT__V1__EVENT__BODY_SESSION_CHANGED] = co_view_session_changed,
    [CALLOUT__V1__EVENT__BODY_LOT_POSTED] = lot_posted,
    [CALLOUT__V1__EVENT__BODY_LOT_LOW] = lot_low,
    [CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED] = co_view_applied,
    [CALLOUT__V1__EVENT__BODY_COMMAND_REFUSED] = co_view_refused,
    [CALLOUT__V1__EVENT__BODY_SITE_LOCATED] = located,
    [CALLOUT__V1__EVENT__BODY_OFFERED] = co_view_offered,
    [CALLOUT__V1__EVENT__BODY_OFFER_ENDED] = co_view_offer_ended,
    [CALLOUT__V1__EVENT__BODY_ASSIGNED] = co_view_assigned,
    [CALLOUT__V1__EVENT__BODY_NOBODY_LEFT] = co_view_nobody_left,
    [CALLOUT__V1__EVENT__BODY_ORDER_ENDED] = co_view_order_ended,
    [CALLOUT__V1__EVENT__BODY_TASK_ORDER_DRAFTED] = co_view_drafted,
    [CALLOUT__V1__EVENT__BODY_TASK_ORDER_CONFIRMED] = co_view_confirmed,
    [CALLOUT__V1__EVENT__BODY_ARRIVAL_AT_RISK] = co_view_at_risk,
    [CALLOUT__V1__EVENT__BODY_BOOKED] = co_view_booked,
    [CALLOUT__V1__EVENT__BODY_BOOKING_ENDED] = co_view_booking_ended,
    [CALLOUT__V1__EVENT__BODY_NOBODY_TO_BOOK] = co_view_nobody_to_book,
    [CALLOUT__V1__EVENT__BODY_NOTICE_PLANNED] = co_view_notice_planned,
    [CALLOUT__V1__EVENT__BODY_NOTICE_SETTLED] = co_view_notice_settled,
    [CALLOUT__V1__EVENT__BODY_NOTICE_RESEND_ASKED] = co_view_resend_asked,
    [CALLOUT__V1__EVENT__BODY_NOTICE_RESENT] = co_view_notice_resent,
};

static enum co_err fold_entry(struct co_view_fold *f, const struct co_view_entry *e)
{
    f->view->last_seq = (uint64_t)e->seq;
    size_t kind = (size_t)e->event->body_case;
    if (kind >= sizeof(rules) / sizeof(rules[0]) || rules[kind] == NULL)
        return CO_OK;
    return rules[kind](f, e);
}

static void conclude_ticket(Callout__V1__CaseView *v, const Callout__V1__TicketSubmitted *t)
{
    v->source = t->source;
    v->key = t->key;
    v->customer = t->customer;
    v->contract = t->contract;
    v->site = t->site;
    v->product = t->product;
    v->version = t->version;
    v->offering = t->offering;
    v->dated_us = t->dated_us;
    v->dated_until_us = t->dated_until_us;
    v->origin = t->origin;
    v->target = t->target;
    v->conditions = t->conditions;
    v->n_conditions = t->n_conditions;
    v->reported_us = t->occurred_us;
    v->n_unknown = t->n_unknown;
    v->unknown = t->unknown;
}

static void conclude_opened(Callout__V1__CaseView *v, const Callout__V1__CaseOpened *o)
{
    v->customer = o->customer;
    v->contract = o->contract;
    v->site = o->site;
    v->product = o->product;
    v->version = o->version;
    v->is_version_open = o->is_version_open;
    v->entitled = o->entitled;
    v->policy = o->policy;
    v->calendar = o->calendar;
    v->targets = o->targets;
    v->n_targets = o->n_targets;
    v->passed_over = o->passed_over;
    v->n_passed_over = o->n_passed_over;
    v->site_conditions = o->conditions;
    v->n_site_conditions = o->n_conditions;
    v->reported_us = o->reported_us;
    v->severity = o->severity;
    v->severity_why = o->severity_why;
    if (v->n_severity_changes == 0)
        return;
    const Callout__V1__SeverityChanged *last = v->severity_changes[v->n_severity_changes - 1];
    v->severity = last->to;
    v->severity_why = last->why;
}

static char *state_of(const struct co_view_fold *f)
{
    static char state_closed[] = "closed", state_open[] = "open", state_held[] = "held",
                state_submitted[] = "submitted", state_archived[] = "archived";
    if (f->closed != NULL)
        return f->is_archived ? state_archived : state_closed;
    if (f->opened != NULL)
        return state_open;
    return f->view->held != NULL ? state_held : state_submitted;
}

static enum co_err conclude(struct co_view_fold *f, int64_t case_id)
{
    Callout__V1__CaseView *v = f->view;
    if (f->ticket != NULL)
        conclude_ticket(v, f->ticket);
    if (f->opened != NULL)
        conclude_opened(v, f->opened);
    if (f->closed != NULL)
        v->closed_us = f->closed->closed_us;
    v->state = state_of(f);
    if (co_view_conclude_steps(f) != CO_OK)
        return CO_ENOMEM;
    co_view_conclude_hardware(v);
    co_view_conclude_date(f);
    v->case_id = (uint64_t)case_id;
    v->number = co_arena_alloc(f->arena, CO_NUMBER_TEXT);
    if (v->number == NULL)
        return CO_ENOMEM;
    v->number[0] = '\0';
    if (case_id > 0)
        co_number_format(case_id, v->number);
    enum co_err err = co_view_conclude_sessions(f);
    return err == CO_OK ? co_view_conclude_clocks(f) : err;
}

enum co_err co_view_fold(struct co_arena *arena, const struct co_view_entry *entries, size_t n,
                         Callout__V1__CaseView **ret_view)
{
    struct co_view_fold f = { .arena = arena,
                              .view = co_arena_alloc(arena, sizeof(Callout__V1__CaseView)) };
    if (f.view == NULL)
        return CO_ENOMEM;
    callout__v1__case_view__init(f.view);
    for (size_t i = 0; i < n; i++) {
        if (entries[i].case_id != entries[0].case_id)
            return CO_EINPUT;
        if (i > 0 && (uint64_t)entries[i].seq <= f.view->last_seq)
            continue;
        enum co_err err = fold_entry(&f, &entries[i]);
        if (err != CO_OK)
            return err;
    }
    enum co_err err = conclude(&f, n == 0 ? 0 : entries[0].case_id);
    if (err == CO_OK)
        *ret_view = f.view;
    return err;
}

/* The steps beyond the pack's list are the last one again. */
static void add_roles(const Callout__V1__ClockView *clock, const Callout__V1__PolicyPack *pack)
{
    for (size_t i = 0; i < clock->n_escalations; i++) {
        Callout__V1__EscalationView *x = clock->escalations[i];
        const Callout__V1__EscalationStep *step = co_pack_step(pack, clock->milestone, x->step);
        x->roles = step == NULL ? NULL : step->roles;
        x->n_roles = step == NULL ? 0 : step->n_roles;
    }
}

static enum co_err add_actions(struct co_arena *arena, Callout__V1__CaseView *v,
                               const Callout__V1__PolicyPack *pack)
{
    Callout__V1__ActionView **list = co_arena_alloc(arena, v->n_acted * sizeof(list[0]));
    Callout__V1__ActionView *views = co_arena_alloc(arena, v->n_acted * sizeof(*views));
    if (list == NULL || views == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < v->n_acted; i++) {
        const Callout__V1__Acted *a = v->acted[i];
        const Callout__V1__Action *action =
            co_pack_action(pack, a->milestone, a->trigger, a->index);
        callout__v1__action_view__init(&views[i]);
        if (action != NULL) {
            views[i].kind = action->kind;
            views[i].roles = action->roles;
            views[i].n_roles = action->n_roles;
        }
        list[i] = &views[i];
    }
    v->actions = list;
    v->n_actions = v->n_acted;
    return CO_OK;
}

enum co_err co_view_add_pack(struct co_arena *arena, Callout__V1__CaseView *view,
                             const Callout__V1__PolicyPack *pack)
{
    for (size_t i = 0; i < view->n_clocks; i++) {
        Callout__V1__ClockView *clock = view->clocks[i];
        const Callout__V1__Milestone *m = co_pack_milestone(pack, clock->milestone);
        clock->title = m == NULL ? NULL : m->title;
        add_roles(clock, pack);
    }
    for (size_t i = 0; i < pack->n_severities; i++)
        if (pack->severities[i]->level == view->severity)
            view->severity_name = pack->severities[i]->name;
    co_view_add_staff(view, pack);
    enum co_err err = pack->n_steps == 0 ? CO_OK : co_view_add_steps(arena, view, pack);
    return err != CO_OK || view->n_acted == 0 ? err : add_actions(arena, view, pack);
}
