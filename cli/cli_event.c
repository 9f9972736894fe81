#include "cli_event.h"

#include <string.h>

#include "co_json.h"
#include "trace_way.h"

typedef const char *tell_of(struct cli *cli, const Callout__V1__Event *event);

const char *cli_plus(struct cli *cli, const char *lead, const char *text)
{
    return text[0] == '\0' ? "" : cli_format(cli, "%s%s", lead, text);
}

static const char *due(struct cli *cli, int64_t due_us)
{
    return due_us == 0 ? "no due time yet" : cli_format(cli, "due %s", cli_when(cli, due_us));
}

static const char *submitted(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__TicketSubmitted *t = e->ticket_submitted;
    return cli_format(cli, "customer %s%s%s%s%s%s", t->customer,
                      cli_plus(cli, ", contract ", t->contract), cli_plus(cli, ", site ", t->site),
                      cli_plus(cli, ", ", cli_join(cli, t->traits, t->n_traits)),
                      t->onsite ? ", on site" : "",
                      t->n_unknown > 0 ? ", with unknown references" : "");
}

static const char *received(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__CommandReceived *c = e->command_received;
    return cli_format(cli, "%s at %s%s%s%s%s%s%s", cli_act(cli, c->act),
                      cli_when(cli, c->occurred_us), cli_plus(cli, " by ", c->person),
                      cli_plus(cli, " as ", cli_role(cli, c->role)), cli_plus(cli, ": ", c->name),
                      cli_plus(cli, ": ", cli_when(cli, c->agreed_us)),
                      cli_plus(cli, ": ", cli_solved(c->solved)),
                      c->rating == 0 ? "" : cli_format(cli, ", engineer %u of 5", c->rating));
}

static const char *registry(struct cli *cli, const Callout__V1__Event *e)
{
    return cli_format(cli, "version %llu", (unsigned long long)e->registry_applied->version);
}

static const char *opened(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__CaseOpened *o = e->case_opened;
    return cli_format(cli, "severity %u%s%s", o->severity,
                      cli_plus(cli, " by ", cli_why(cli, o->severity_why)),
                      o->policy == NULL ? "" : cli_plus(cli, ", policy ", o->policy->key));
}

static const char *held(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__CaseHeld *h = e->case_held;
    return cli_format(cli, "%s%s%s%s", h->reason, cli_plus(cli, " ", h->value),
                      cli_plus(cli, ", for ", cli_role(cli, h->role)), "");
}

static const char *promised(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Promised *p = e->promised;
    return cli_format(cli, "%s/%u %s%s%s", p->milestone, p->generation, due(cli, p->due_us),
                      cli_plus(cli, ", ", cli_basis(cli, p->basis)),
                      p->is_paused ? ", paused" : "");
}

static const char *warned(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Warned *w = e->warned;
    return cli_format(cli, "%s/%u warning %u, %s", w->milestone, w->generation, w->threshold + 1,
                      due(cli, w->due_us));
}

static const char *breached(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Breached *b = e->breached;
    return cli_format(cli, "%s/%u was %s", b->milestone, b->generation, due(cli, b->due_us));
}

static const char *met(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Met *m = e->met;
    return cli_format(cli, "%s/%u at %s%s", m->milestone, m->generation, cli_when(cli, m->met_us),
                      m->late_us == 0
                          ? ""
                          : cli_plus(cli, ", late by ",
                                     cli_length_between(cli, m->met_us - m->late_us, m->met_us)));
}

static const char *stopped(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Stopped *s = e->stopped;
    return cli_format(cli, "%s/%u by %s", s->milestone, s->generation, cli_act(cli, s->by));
}

static const char *not_served(struct cli *cli, const Callout__V1__Event *e)
{
    return cli_format(cli, "%s/%u asked to an excluded area: %s", e->not_served->milestone,
                      e->not_served->generation, cli_area(cli, e->not_served));
}

static const char *severity(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__SeverityChanged *s = e->severity_changed;
    return cli_format(cli, "from %u to %u%s", s->from, s->to,
                      cli_plus(cli, " by ", cli_why(cli, s->why)));
}

static const char *acted(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Acted *a = e->acted;
    const char *what = a->what[0] != '\0' ? a->what : cli_act(cli, a->act);
    return cli_format(cli, "%s because of %s of %s/%u%s", what, a->trigger, a->milestone,
                      a->generation, cli_plus(cli, ", barred: ", cli_title(cli, a->barred, "")));
}

/* Of several of a kind. */
static const char *which(struct cli *cli, const Callout__V1__Withdrawn *w)
{
    const char *word = w->kind == CALLOUT__V1__EVENT__BODY_WARNED      ? "warning"
                       : w->kind == CALLOUT__V1__EVENT__BODY_ESCALATED ? "step"
                                                                       : NULL;
    if (w->kind == CALLOUT__V1__EVENT__BODY_ACTED)
        return cli_format(cli, ", %s", w->trigger);
    return word == NULL ? "" : cli_format(cli, ", %s %u", word, w->ordinal + 1);
}

static const char *withdrawn(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Withdrawn *w = e->withdrawn;
    const ProtobufCFieldDescriptor *kind =
        protobuf_c_message_descriptor_get_field(&callout__v1__event__descriptor, w->kind);
    const char *what = kind == NULL ? "?" : kind->name;
    if (w->milestone[0] != '\0')
        what = cli_format(cli, "%s %s/%u%s", what, w->milestone, w->generation, which(cli, w));
    return cli_format(cli, "%s%s%s", what, w->stands ? ", stands" : "",
                      w->ask ? ", please look" : "");
}

static const char *closed(struct cli *cli, const Callout__V1__Event *e)
{
    return cli_format(cli, "%s at %s", e->case_closed->how,
                      cli_when(cli, e->case_closed->closed_us));
}

static const char *escalated(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Escalated *x = e->escalated;
    return cli_format(cli, "%s/%u, step %u, due at %s", x->milestone, x->generation, x->step + 1,
                      cli_when(cli, x->due_us));
}

static const char *rebased(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Pin *pin = e->calendar_rebased->calendar;
    return cli_format(cli, "calendar %s as of registry version %llu", pin == NULL ? "?" : pin->key,
                      pin == NULL ? 0 : (unsigned long long)pin->since);
}

static const char *excluded(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Exclusion *x = e->excluded->exclusion;
    if (x == NULL)
        return "";
    if (e->excluded->withdrawn)
        return cli_format(cli, "%s taken back", x->key);
    return cli_format(cli, "%s (%s) from %s%s", x->key, x->cause, cli_when(cli, x->from_us),
                      x->until_us == 0 ? ""
                                       : cli_format(cli, " until %s", cli_when(cli, x->until_us)));
}

static const char *applied(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__CommandApplied *c = e->command_applied;
    return cli_format(
        cli, "%s%s", cli_act(cli, c->act),
        cli_plus(cli, ", to be reported too: ", cli_acts(cli, c->missing, c->n_missing)));
}

static const char *refused(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__CommandRefused *c = e->command_refused;
    return cli_format(cli, "%s: %s%s", cli_act(cli, c->act), c->reason,
                      cli_plus(cli, "; possible: ", cli_acts(cli, c->possible, c->n_possible)));
}

static const char *located(struct cli *cli, const Callout__V1__Event *e)
{
    return cli_distance(cli, e->site_located);
}

static const char *offered(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Offered *o = e->offered;
    return cli_format(cli, "%s, %s from %s, accept by %s", o->engineer, cli_km(cli, o->km),
                      o->office, cli_when(cli, o->accept_by_us));
}

static const char *offer_ended(struct cli *cli, const Callout__V1__Event *e)
{
    char how[CO_JSON_NAME];
    co_json_enum_name(&callout__v1__offer_end__descriptor, (int)e->offer_ended->how, how);
    return cli_format(cli, "%s %s", e->offer_ended->engineer, how);
}

static const char *assigned(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Assigned *a = e->assigned;
    return cli_format(cli, "%s goes%s%s", a->engineer,
                      a->by == CALLOUT__V1__ACT__ACT_NONE ? "" : ", without having been asked: ",
                      a->by == CALLOUT__V1__ACT__ACT_NONE ? "" : cli_act(cli, a->by));
}

static const char *nobody(struct cli *cli, const Callout__V1__Event *e)
{
    return cli_format(cli, "%u asked, %u eligible, missing: %s", e->nobody_left->asked,
                      e->nobody_left->eligible, e->nobody_left->missing);
}

static const char *order_ended(struct cli *cli, const Callout__V1__Event *e)
{
    return cli_format(cli, "%s free again: %s", e->order_ended->engineer, e->order_ended->how);
}

static const char *drafted(struct cli *cli, const Callout__V1__Event *e)
{
    return cli_format(cli, "task order drafted, confirm by %s",
                      cli_when(cli, e->task_order_drafted->confirm_by_us));
}

static const char *confirmed(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__TaskOrderConfirmed *t = e->task_order_confirmed;
    return cli_format(cli, "task order confirmed: %s%s", t->how, cli_plus(cli, " by ", t->person));
}

static const char *at_risk(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__ArrivalAtRisk *r = e->arrival_at_risk;
    if (r->is_over)
        return cli_format(cli, "%s can be met again", r->milestone);
    return cli_format(cli, "nobody can be there by %s, earliest %s, missing: %s",
                      cli_when(cli, r->due_us),
                      r->earliest_us == 0 ? "never" : cli_when(cli, r->earliest_us), r->missing);
}

static const char *planned(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__NoticePlanned *n = e->notice_planned;
    const char *when =
        n->not_before_us == 0 ? "" : cli_format(cli, ", at %s", cli_when(cli, n->not_before_us));
    return cli_format(cli, "%s to %s (%s) by %s%s%s", n->obligation, n->person, n->slot, n->channel,
                      cli_plus(cli, ", ", n->why_him), when);
}

static const char *settled(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__NoticeSettled *n = e->notice_settled;
    return cli_format(cli, "%s (%s) %s after %u tries%s", n->obligation, n->slot,
                      cli_notice_state(cli, n->state), n->attempts, cli_plus(cli, ": ", n->detail));
}

static const char *notice_name(struct cli *cli, const Callout__V1__NoticeName *n)
{
    return n == NULL ? "?" : cli_format(cli, "%s (%s)", n->obligation, n->slot);
}

static const char *resend_asked(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__NoticeResendAsked *r = e->notice_resend_asked;
    return cli_format(cli, "%s to be sent again, says %s%s", notice_name(cli, r->notice), r->source,
                      cli_plus(cli, " for ", r->person));
}

static const char *resent(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__NoticeResent *r = e->notice_resent;
    return cli_format(
        cli, "%s goes%s by %s%s%s%s", notice_name(cli, r->notice), cli_plus(cli, " to ", r->to),
        r->channel, strcmp(r->channel, r->before) == 0 ? " again" : "",
        cli_plus(cli, ", on demand of ", r->source), cli_plus(cli, ", after: ", r->why));
}

static tell_of *const tells[] = {
    [CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED] = submitted,
    [CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED] = received,
    [CALLOUT__V1__EVENT__BODY_REGISTRY_APPLIED] = registry,
    [CALLOUT__V1__EVENT__BODY_CASE_OPENED] = opened,
    [CALLOUT__V1__EVENT__BODY_CASE_HELD] = held,
    [CALLOUT__V1__EVENT__BODY_PROMISED] = promised,
    [CALLOUT__V1__EVENT__BODY_WARNED] = warned,
    [CALLOUT__V1__EVENT__BODY_BREACHED] = breached,
    [CALLOUT__V1__EVENT__BODY_MET] = met,
    [CALLOUT__V1__EVENT__BODY_STOPPED] = stopped,
    [CALLOUT__V1__EVENT__BODY_NOT_SERVED] = not_served,
    [CALLOUT__V1__EVENT__BODY_SEVERITY_CHANGED] = severity,
    [CALLOUT__V1__EVENT__BODY_ACTED] = acted,
    [CALLOUT__V1__EVENT__BODY_WITHDRAWN] = withdrawn,
    [CALLOUT__V1__EVENT__BODY_CASE_CLOSED] = closed,
    [CALLOUT__V1__EVENT__BODY_ESCALATED] = escalated,
    [CALLOUT__V1__EVENT__BODY_CALENDAR_REBASED] = rebased,
    [CALLOUT__V1__EVENT__BODY_EXCLUDED] = excluded,
    [CALLOUT__V1__EVENT__BODY_STEP_OPENED] = cli_event_step_opened,
    [CALLOUT__V1__EVENT__BODY_ACT_MADE] = cli_event_act_made,
    [CALLOUT__V1__EVENT__BODY_STEP_HANDED_OVER] = cli_event_step_handed_over,
    [CALLOUT__V1__EVENT__BODY_STEP_DONE] = cli_event_step_done,
    [CALLOUT__V1__EVENT__BODY_CONSENT_CHANGED] = cli_event_consent,
    [CALLOUT__V1__EVENT__BODY_SESSION_CHANGED] = cli_event_session,
    [CALLOUT__V1__EVENT__BODY_LOT_POSTED] = cli_event_posted,
    [CALLOUT__V1__EVENT__BODY_LOT_LOW] = cli_event_lot_low,
    [CALLOUT__V1__EVENT__BODY_BOOKED] = cli_event_booked,
    [CALLOUT__V1__EVENT__BODY_BOOKING_ENDED] = cli_event_booking_ended,
    [CALLOUT__V1__EVENT__BODY_NOBODY_TO_BOOK] = cli_event_nobody_to_book,
    [CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED] = applied,
    [CALLOUT__V1__EVENT__BODY_COMMAND_REFUSED] = refused,
    [CALLOUT__V1__EVENT__BODY_SITE_LOCATED] = located,
    [CALLOUT__V1__EVENT__BODY_OFFERED] = offered,
    [CALLOUT__V1__EVENT__BODY_OFFER_ENDED] = offer_ended,
    [CALLOUT__V1__EVENT__BODY_ASSIGNED] = assigned,
    [CALLOUT__V1__EVENT__BODY_NOBODY_LEFT] = nobody,
    [CALLOUT__V1__EVENT__BODY_ORDER_ENDED] = order_ended,
    [CALLOUT__V1__EVENT__BODY_TASK_ORDER_DRAFTED] = drafted,
    [CALLOUT__V1__EVENT__BODY_TASK_ORDER_CONFIRMED] = confirmed,
    [CALLOUT__V1__EVENT__BODY_ARRIVAL_AT_RISK] = at_risk,
    [CALLOUT__V1__EVENT__BODY_NOTICE_PLANNED] = planned,
    [CALLOUT__V1__EVENT__BODY_NOTICE_SETTLED] = settled,
    [CALLOUT__V1__EVENT__BODY_NOTICE_RESEND_ASKED] = resend_asked,
    [CALLOUT__V1__EVENT__BODY_NOTICE_RESENT] = resent,
};

const char *cli_event(struct cli *cli, const Callout__V1__Event *event, const char **ret_kind)
{
    size_t kind = event == NULL ? 0 : (size_t)event->body_case;
    if (kind >= sizeof(tells) / sizeof(tells[0]) || tells[kind] == NULL) {
        *ret_kind = "unknown to this release";
        return "";
    }
    *ret_kind =
        protobuf_c_message_descriptor_get_field(event->base.descriptor, (unsigned)kind)->name;
    return tells[kind](cli, event);
}

const char *cli_event_late(struct cli *cli, const Callout__V1__Event *event, int64_t at_us)
{
    int64_t due_us = event == NULL ? 0 : trace_way_due_us(event);
    if (due_us == 0 || at_us - due_us < CLI_LATE_US)
        return "";
    return cli_format(cli, ", announced %s", cli_left(cli, due_us, at_us));
}
