/* What the entries of the journal mean for a work order. */
#include <string.h>

#include "dispatch_booking.h"
#include "dispatch_command.h"
#include "dispatch_mandays.h"
#include "dispatch_offers.h"

/* Copies `text` over *field where it says something else. */
static void set_text(struct dispatch_order *o, char **field, const char *text)
{
    if (strcmp(*field, text) == 0)
        return;
    *field = dispatch_order_keep(o, text);
    o->is_changed = true;
}

static bool is_placed(const struct dispatch_order *o)
{
    return o->state->located != NULL;
}

static void on_ticket(struct dispatch_order *o, const Callout__V1__TicketSubmitted *ticket)
{
    Callout__V1__DispatchState *state = o->state;
    set_text(o, &state->customer, ticket->customer);
    set_text(o, &state->contract, ticket->contract);
    set_text(o, &state->site, ticket->site);
    set_text(o, &state->product, ticket->product);
    if (ticket->position != NULL && state->position == NULL) {
        state->position = dispatch_order_alloc(o, sizeof(*state->position));
        if (state->position == NULL)
            return;
        callout__v1__position__init(state->position);
        state->position->latitude = ticket->position->latitude;
        state->position->longitude = ticket->position->longitude;
        state->position->datum = ticket->position->datum;
    }
    o->is_changed = true;
    o->locate = !is_placed(o);
}

static void on_opened(struct dispatch_order *o, const Callout__V1__CaseOpened *opened)
{
    Callout__V1__DispatchState *state = o->state;
    set_text(o, &state->customer, opened->customer);
    set_text(o, &state->contract, opened->contract);
    set_text(o, &state->site, opened->site);
    set_text(o, &state->product, opened->product);
    if (opened->policy != NULL) {
        state->policy = dispatch_order_alloc(o, sizeof(*state->policy));
        if (state->policy == NULL)
            return;
        callout__v1__pin__init(state->policy);
        state->policy->key = dispatch_order_keep(o, opened->policy->key);
        state->policy->since = opened->policy->since;
    }
    state->severity = opened->severity;
    o->is_changed = true;
    o->locate = !is_placed(o);
    if (opened->man_days[0] == '\0' || state->man_days != NULL)
        return;
    state->man_days = dispatch_order_alloc(o, sizeof(*state->man_days));
    if (state->man_days == NULL)
        return;
    callout__v1__man_days__init(state->man_days);
    state->man_days->kind = dispatch_order_keep(o, opened->man_days);
}

static bool is_active(const struct dispatch_order *o)
{
    return o->state->order != CALLOUT__V1__ORDER_STATE__ORDER_NONE &&
           o->state->order != CALLOUT__V1__ORDER_STATE__ORDER_ENDED;
}

/* Another level may let more engineers be asked at the same time. */
static void set_severity(struct dispatch_order *o, uint32_t severity, int64_t at_us)
{
    if (o->state->severity == severity)
        return;
    o->state->severity = severity;
    o->is_changed = true;
    if (o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_OFFERED)
        dispatch_offers_want_more(o, at_us);
}

static void on_severity(struct dispatch_order *o, const Callout__V1__SeverityChanged *changed,
                        int64_t at_us)
{
    if (is_active(o)) /* else a promise will say it again when somebody must go */
        set_severity(o, changed->to, at_us);
}

static Callout__V1__ArrivalPromise *find_promise(const struct dispatch_order *o,
                                                 const char *milestone)
{
    for (size_t i = 0; i < o->state->n_promises; i++)
        if (strcmp(o->state->promises[i]->milestone, milestone) == 0)
            return o->state->promises[i];
    return NULL;
}

static Callout__V1__ArrivalPromise *add_promise(struct dispatch_order *o, const char *milestone)
{
    Callout__V1__DispatchState *state = o->state;
    Callout__V1__ArrivalPromise *promise = dispatch_order_alloc(o, sizeof(*promise));
    Callout__V1__ArrivalPromise **grown =
        dispatch_order_alloc(o, (state->n_promises + 1) * sizeof(*grown));
    if (promise == NULL || grown == NULL)
        return NULL;
    callout__v1__arrival_promise__init(promise);
    promise->milestone = dispatch_order_keep(o, milestone);
    if (state->n_promises > 0)
        memcpy(grown, state->promises, state->n_promises * sizeof(*grown));
    grown[state->n_promises++] = promise;
    state->promises = grown;
    return promise;
}

/* What a promise means beside what was promised before (`known` may be NULL). DISPATCH_EVENTS:
 * nothing, it was said before. */
static enum dispatch_event meaning(const Callout__V1__ArrivalPromise *known,
                                   const Callout__V1__Promised *promised)
{
    if (known == NULL)
        return DISPATCH_ON_WANTED;
    if (promised->generation > known->generation)
        return known->is_met ? DISPATCH_ON_AGAIN : DISPATCH_ON_WANTED;
    if (promised->generation < known->generation || promised->revision <= known->revision)
        return DISPATCH_EVENTS;
    return DISPATCH_ON_CHANGED;
}

/* Another time by which to be there: who was found unable may be able now. Nobody is sent for it.
 */
static void on_bound(struct dispatch_order *o, int64_t at_us)
{
    if (is_active(o))
        dispatch_order_move(o, DISPATCH_ON_CHANGED, at_us, NULL);
}

static void on_promised(struct dispatch_order *o, const Callout__V1__Promised *promised,
                        int64_t at_us)
{
    if (!promised->is_arrival && !promised->bounds_arrival)
        return;
    Callout__V1__ArrivalPromise *promise = find_promise(o, promised->milestone);
    enum dispatch_event event = meaning(promise, promised);
    if (event == DISPATCH_EVENTS)
        return;
    if (promise == NULL && (promise = add_promise(o, promised->milestone)) == NULL)
        return;
    if (event != DISPATCH_ON_CHANGED)
        promise->is_over = promise->is_met = false;
    promise->generation = promised->generation;
    promise->revision = promised->revision;
    promise->due_us = promised->due_us;
    promise->is_bound = !promised->is_arrival;
    o->is_changed = true;
    if (promise->is_bound) {
        on_bound(o, at_us);
        return;
    }
    set_severity(o, promised->severity, at_us);
    dispatch_order_move(o, event, at_us, NULL);
}

static bool is_any_open(const struct dispatch_order *o)
{
    for (size_t i = 0; i < o->state->n_promises; i++)
        if (!o->state->promises[i]->is_over && !o->state->promises[i]->is_bound)
            return true;
    return false;
}

/* The clock of an arrival ended; `event` follows with the last of them. */
static void on_over(struct dispatch_order *o, const char *milestone, uint32_t generation,
                    enum dispatch_event event, int64_t at_us)
{
    Callout__V1__ArrivalPromise *promise = find_promise(o, milestone);
    if (promise == NULL || promise->generation != generation || promise->is_over)
        return;
    promise->is_over = true;
    promise->is_met = event == DISPATCH_ON_MET;
    o->is_changed = true;
    if (promise->is_bound)
        on_bound(o, at_us);
    else if (!is_any_open(o))
        dispatch_order_move(o, event, at_us, NULL);
}

/* The end of an arrival's clock is taken back: it is still wanted. */
static void on_reopened(struct dispatch_order *o, const char *milestone, uint32_t generation,
                        int64_t at_us)
{
    Callout__V1__ArrivalPromise *promise = find_promise(o, milestone);
    if (promise == NULL || promise->generation != generation || !promise->is_over)
        return;
    promise->is_over = promise->is_met = false;
    o->is_changed = true;
    if (promise->is_bound)
        on_bound(o, at_us);
    else
        dispatch_order_move(o, DISPATCH_ON_WANTED, at_us, NULL);
}

static void set_closed(struct dispatch_order *o, bool is_closed)
{
    o->is_changed = o->is_changed || o->state->is_closed != is_closed;
    o->state->is_closed = is_closed;
}

static void on_withdrawn(struct dispatch_order *o, const Callout__V1__Withdrawn *withdrawn,
                         int64_t at_us)
{
    if (withdrawn->kind == CALLOUT__V1__EVENT__BODY_PROMISED)
        on_over(o, withdrawn->milestone, withdrawn->generation, DISPATCH_ON_UNWANTED, at_us);
    if (withdrawn->kind == CALLOUT__V1__EVENT__BODY_MET ||
        withdrawn->kind == CALLOUT__V1__EVENT__BODY_STOPPED)
        on_reopened(o, withdrawn->milestone, withdrawn->generation, at_us);
    if (withdrawn->kind == CALLOUT__V1__EVENT__BODY_CASE_CLOSED)
        set_closed(o, withdrawn->stands);
}

/* What ran out before `now_us` takes effect at the time it did; an offer is given `grace_us` more.
 */
static void run_out(struct dispatch_order *o, int64_t now_us, int64_t grace_us)
{
    const Callout__V1__DispatchState *state = o->state;
    const Callout__V1__OfferMade *offer;
    while ((offer = dispatch_offers_over(o, now_us - grace_us)) != NULL) {
        int64_t by_us = offer->accept_by_us;
        dispatch_offers_turn_to(o, offer);
        dispatch_order_move(o, DISPATCH_ON_SILENT, by_us, NULL);
    }
    if (state->more_us != 0 && now_us >= state->more_us)
        dispatch_offers_want_more(o, now_us);
    if (state->order == CALLOUT__V1__ORDER_STATE__ORDER_DRAFTED && now_us >= state->next_us)
        dispatch_order_move(o, DISPATCH_ON_CONFIRM_TIME, state->next_us, NULL);
    if (state->order == CALLOUT__V1__ORDER_STATE__ORDER_NOBODY && state->next_us != 0 &&
        now_us >= state->next_us)
        dispatch_order_move(o, DISPATCH_ON_RETRY, state->next_us, NULL);
}

static void on_entry(struct dispatch_order *o, const Callout__V1__Event *event, int64_t at_us,
                     struct dispatch_reporter reporter)
{
    switch ((int)event->body_case) {
    case CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED:
        on_ticket(o, event->ticket_submitted);
        break;
    case CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED:
        if (!dispatch_mandays_command(o, event->command_received, at_us))
            dispatch_command(o, event->command_received, at_us, reporter);
        break;
    case CALLOUT__V1__EVENT__BODY_CASE_OPENED:
        on_opened(o, event->case_opened);
        break;
    case CALLOUT__V1__EVENT__BODY_PROMISED:
        on_promised(o, event->promised, at_us);
        break;
    case CALLOUT__V1__EVENT__BODY_MET:
        on_over(o, event->met->milestone, event->met->generation, DISPATCH_ON_MET, at_us);
        break;
    case CALLOUT__V1__EVENT__BODY_STOPPED:
        on_over(o, event->stopped->milestone, event->stopped->generation, DISPATCH_ON_UNWANTED,
                at_us);
        break;
    case CALLOUT__V1__EVENT__BODY_SEVERITY_CHANGED:
        on_severity(o, event->severity_changed, at_us);
        break;
    case CALLOUT__V1__EVENT__BODY_WITHDRAWN:
        on_withdrawn(o, event->withdrawn, at_us);
        break;
    case CALLOUT__V1__EVENT__BODY_CASE_CLOSED:
        set_closed(o, true);
        dispatch_order_move(o, DISPATCH_ON_CLOSED, at_us, NULL);
        break;
    case CALLOUT__V1__EVENT__BODY_ACT_MADE:
        if (event->act_made->act == CALLOUT__V1__ACT__ACT_RESTORED)
            dispatch_order_move(o, DISPATCH_ON_RESTORED, at_us, NULL);
        break;
    case CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED:
        if (event->command_applied->act == CALLOUT__V1__ACT__ACT_APPROVE)
            o->locate = !is_placed(o);
        break;
    default:
        break;
    }
}

void dispatch_order_entry(struct dispatch_order *o, const Callout__V1__Event *event, int64_t at_us,
                          struct dispatch_reporter reporter)
{
    if (o->err != CO_OK)
        return;
    run_out(o, at_us, 0);
    if (event->body_case == CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED &&
        o->state->traceparent[0] == '\0')
        set_text(o, &o->state->traceparent, event->traceparent);
    o->trace = event->traceparent[0] != '\0' ? event->traceparent : o->state->traceparent;
    on_entry(o, event, at_us, reporter);
    dispatch_booking_entry(o, event, at_us);
    dispatch_mandays_note_visit(o);
}

void dispatch_order_due(struct dispatch_order *o, int64_t now_us)
{
    if (o->err != CO_OK)
        return;
    o->trace = o->state->traceparent;
    run_out(o, now_us, DISPATCH_GRACE_US);
    o->locate =
        o->locate || (!is_placed(o) && o->state->order != CALLOUT__V1__ORDER_STATE__ORDER_ENDED);
}

void dispatch_order_woken(struct dispatch_order *o, int64_t now_us)
{
    if (o->err != CO_OK)
        return;
    if (is_placed(o) && o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_NOBODY)
        dispatch_order_move(o, DISPATCH_ON_RETRY, now_us, NULL);
    if (o->state->more_us != 0)
        dispatch_offers_want_more(o, now_us);
}

void dispatch_order_located(struct dispatch_order *o, const struct dispatch_distance *distance,
                            int64_t at_us)
{
    o->locate = false;
    if (o->err != CO_OK || is_placed(o))
        return;
    Callout__V1__SiteLocated *located = dispatch_order_alloc(o, sizeof(*located));
    Callout__V1__Event *event = dispatch_order_announce(o);
    if (located == NULL || event == NULL)
        return;
    callout__v1__site_located__init(located);
    located->office = dispatch_order_keep(o, distance->office);
    located->km = distance->km;
    located->source = dispatch_order_keep(o, distance->source);
    located->straight_km = distance->straight_km;
    located->estimate_km = distance->estimate_km;
    located->road_km = distance->road_km;
    located->road_us = distance->road_us;
    located->road_missing = dispatch_order_keep(o, distance->road_missing);
    located->located_us = at_us;
    event->body_case = CALLOUT__V1__EVENT__BODY_SITE_LOCATED;
    event->site_located = located;
    o->state->located = located;
    o->is_changed = true;
    dispatch_order_move(o, DISPATCH_ON_LOCATED, at_us, NULL);
}
