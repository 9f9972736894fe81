#include "dispatch_order.h"

#include <string.h>

#include "co_assert.h"
#include "dispatch_booking.h"
#include "dispatch_offers.h"

void *dispatch_order_grow(struct dispatch_order *o, void *items, size_t count, size_t *cap,
                          size_t size)
{
    if (count < *cap)
        return items;
    size_t more = *cap == 0 ? 4 : *cap * 2;
    void *grown = dispatch_order_alloc(o, more * size);
    if (grown == NULL)
        return NULL;
    if (count > 0)
        memcpy(grown, items, count * size);
    *cap = more;
    return grown;
}

void *dispatch_order_alloc(struct dispatch_order *o, size_t size)
{
    void *p = co_arena_alloc(o->arena, size);
    if (p == NULL)
        o->err = CO_ENOMEM;
    else
        memset(p, 0, size);
    return p;
}

/* What protobuf-c takes for a text that is not given. */
static char *no_text(void)
{
    Callout__V1__Pin pin;
    callout__v1__pin__init(&pin);
    return pin.key;
}

char *dispatch_order_keep(struct dispatch_order *o, const char *text)
{
    char *copy = co_arena_strdup(o->arena, text);
    if (copy != NULL)
        return copy;
    o->err = CO_ENOMEM;
    return no_text();
}

/* Adds what was not kept while only one offer could be open. */
static void complete(Callout__V1__DispatchState *state)
{
    if (state->newest < state->generation)
        state->newest = state->generation;
    for (size_t i = 0; i < state->n_offers; i++)
        if (state->offers[i]->generation == state->generation &&
            state->offers[i]->accept_by_us == 0)
            state->offers[i]->accept_by_us = state->accept_by_us;
}

void dispatch_order_init(struct dispatch_order *o, struct co_arena *arena,
                         Callout__V1__DispatchState *state)
{
    *o = (struct dispatch_order){ .arena = arena, .state = state, .is_new = state == NULL };
    if (state != NULL) {
        complete(state);
        return;
    }
    o->state = dispatch_order_alloc(o, sizeof(*o->state));
    if (o->state != NULL)
        callout__v1__dispatch_state__init(o->state);
}

Callout__V1__Event *dispatch_order_announce(struct dispatch_order *o)
{
    Callout__V1__Event **grown =
        dispatch_order_grow(o, o->events, o->event_count, &o->event_cap, sizeof(*o->events));
    Callout__V1__Event *event = dispatch_order_alloc(o, sizeof(*event));
    if (grown == NULL || event == NULL)
        return NULL;
    callout__v1__event__init(event);
    if (o->trace != NULL)
        event->traceparent = o->trace;
    o->events = grown;
    o->events[o->event_count++] = event;
    return event;
}

/* Announces a body of that type: `var` points to the new, initialised body, or is NULL. */
#define ANNOUNCE(o, var, type, init, MEMBER, member)                                               \
    type *var = dispatch_order_alloc(o, sizeof(*var));                                             \
    if (var != NULL) {                                                                             \
        init(var);                                                                                 \
        Callout__V1__Event *event_ = dispatch_order_announce(o);                                   \
        if (event_ != NULL) {                                                                      \
            event_->body_case = CALLOUT__V1__EVENT__BODY_##MEMBER;                                 \
            event_->member = var;                                                                  \
        }                                                                                          \
    }                                                                                              \
    if (var == NULL)                                                                               \
    return

/* `by`: what he did without having been asked. */
static void announce_assigned(struct dispatch_order *o, Callout__V1__Act by, int64_t at_us)
{
    ANNOUNCE(o, assigned, Callout__V1__Assigned, callout__v1__assigned__init, ASSIGNED, assigned);
    assigned->generation = o->state->generation;
    assigned->engineer = o->state->engineer;
    assigned->assigned_us = at_us;
    assigned->by = by;
}

static void announce_end(struct dispatch_order *o, const char *how, const char *reason,
                         int64_t at_us)
{
    ANNOUNCE(o, ended, Callout__V1__OrderEnded, callout__v1__order_ended__init, ORDER_ENDED,
             order_ended);
    ended->generation = o->state->generation;
    ended->engineer = o->state->engineer;
    ended->how = dispatch_order_keep(o, how);
    ended->ended_us = at_us;
    ended->reason = dispatch_order_keep(o, reason);
}

/* By whom: somebody, nobody in time, or an engineer who went all the same. */
static void announce_confirmed(struct dispatch_order *o, const struct dispatch_cause *cause,
                               bool is_overtaken, int64_t at_us)
{
    ANNOUNCE(o, confirmed, Callout__V1__TaskOrderConfirmed, callout__v1__task_order_confirmed__init,
             TASK_ORDER_CONFIRMED, task_order_confirmed);
    confirmed->generation = o->state->task_orders;
    confirmed->how = dispatch_order_keep(o, is_overtaken    ? "overtaken"
                                            : cause != NULL ? "confirmed"
                                                            : "time");
    confirmed->confirmed_us = at_us;
    if (cause != NULL)
        confirmed->person = dispatch_order_keep(o, cause->command->person);
}

void dispatch_order_draft(struct dispatch_order *o, int64_t confirm_by_us, int64_t at_us)
{
    dispatch_order_move(o, DISPATCH_ON_DRAFT, at_us, NULL);
    o->state->task_orders++;
    o->state->next_us = confirm_by_us;
    ANNOUNCE(o, drafted, Callout__V1__TaskOrderDrafted, callout__v1__task_order_drafted__init,
             TASK_ORDER_DRAFTED, task_order_drafted);
    drafted->generation = o->state->task_orders;
    drafted->confirm_by_us = confirm_by_us;
    drafted->drafted_us = at_us;
}

static void announce_applied(struct dispatch_order *o, const Callout__V1__CommandReceived *command)
{
    ANNOUNCE(o, applied, Callout__V1__CommandApplied, callout__v1__command_applied__init,
             COMMAND_APPLIED, command_applied);
    applied->command_id = command->command_id;
    applied->act = command->act;
    applied->person = dispatch_order_keep(o, command->person);
}

enum { POSSIBLE_MAX = 12 };

/* Acts that make sla promise an arrival, and so bring a visit: the first, or one more. */
static size_t add_visit_acts(const struct dispatch_order *o, Callout__V1__Act *acts, size_t count)
{
    enum dispatch_state state = (enum dispatch_state)o->state->order;
    bool is_over = state == DISPATCH_NONE || state == DISPATCH_ENDED;
    if (o->state->is_closed)
        return count;
    if (is_over)
        acts[count++] = CALLOUT__V1__ACT__ACT_ONSITE_REQUESTED;
    if (state == DISPATCH_ENDED || state == DISPATCH_ARRIVED)
        acts[count++] = CALLOUT__V1__ACT__ACT_HANDED_UP;
    return count;
}

/* Which acts would change the order as it stands. */
static size_t possible_acts(const struct dispatch_order *o, bool is_other, Callout__V1__Act *acts)
{
    enum dispatch_state state = (enum dispatch_state)o->state->order;
    static const struct {
        Callout__V1__Act act;
        enum dispatch_event event;
        bool is_own; /* only the engineer of the order may */
    } rows[] = {
        { CALLOUT__V1__ACT__ACT_ACCEPT, DISPATCH_ON_ACCEPT, true },
        { CALLOUT__V1__ACT__ACT_DECLINE, DISPATCH_ON_DECLINE, true },
        { CALLOUT__V1__ACT__ACT_UNDERWAY, DISPATCH_ON_UNDERWAY, true },
        { CALLOUT__V1__ACT__ACT_UNDERWAY, DISPATCH_ON_UNDERWAY_OTHER, false },
        { CALLOUT__V1__ACT__ACT_ARRIVED, DISPATCH_ON_REACHED, true },
        { CALLOUT__V1__ACT__ACT_ARRIVED, DISPATCH_ON_REACHED_OTHER, false },
        { CALLOUT__V1__ACT__ACT_RESTORED, DISPATCH_ON_RESTORED, false },
        { CALLOUT__V1__ACT__ACT_CONFIRM_ORDER, DISPATCH_ON_CONFIRM, false },
        { CALLOUT__V1__ACT__ACT_NAME_ENGINEER, DISPATCH_ON_NAME, false },
        { CALLOUT__V1__ACT__ACT_RECALL, DISPATCH_ON_RECALL, false },
    };
    size_t count = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct dispatch_move *move = dispatch_move(state, rows[i].event);
        bool is_allowed = move->next != state || (move->effects & DISPATCH_APPLY) != 0;
        bool is_said = count > 0 && acts[count - 1] == rows[i].act;
        if (is_allowed && !is_said && !(is_other && rows[i].is_own))
            acts[count++] = rows[i].act;
    }
    return add_visit_acts(o, acts, count);
}

static void announce_refused(struct dispatch_order *o, const struct dispatch_cause *cause,
                             const char *why)
{
    co_assert(cause != NULL);
    ANNOUNCE(o, refused, Callout__V1__CommandRefused, callout__v1__command_refused__init,
             COMMAND_REFUSED, command_refused);
    refused->command_id = cause->command->command_id;
    refused->act = cause->command->act;
    refused->reason = dispatch_order_keep(o, cause->refusal != NULL ? cause->refusal : why);
    refused->possible = dispatch_order_alloc(o, POSSIBLE_MAX * sizeof(*refused->possible));
    if (refused->possible != NULL)
        refused->n_possible = possible_acts(o, cause->is_other, refused->possible);
}

const Callout__V1__OfferMade *dispatch_order_offer_to(const struct dispatch_order *o,
                                                      const char *engineer)
{
    for (size_t i = 0; i < o->state->n_offers; i++)
        if (strcmp(o->state->offers[i]->engineer, engineer) == 0)
            return o->state->offers[i];
    return NULL;
}

static uint32_t own_skill(const struct dispatch_order *o)
{
    const Callout__V1__OfferMade *offer = dispatch_order_offer_to(o, o->state->engineer);
    return offer != NULL ? offer->skill : 0;
}

static void release(struct dispatch_order *o)
{
    dispatch_offers_give_back(o, o->state->generation);
    o->state->engineer = no_text();
    o->state->accept_by_us = 0;
}

static void take(struct dispatch_order *o, const struct dispatch_cause *cause, int64_t at_us)
{
    co_assert(cause != NULL);
    o->state->generation = ++o->state->newest;
    o->state->engineer = dispatch_order_keep(o, cause->command->person);
    dispatch_offers_remember(o, cause->reporter.skill, CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED);
    announce_assigned(o, cause->command->act, at_us);
    o->claim = (struct dispatch_claim){
        .engineer = o->state->engineer,
        .generation = o->state->generation,
        .capacity = cause->reporter.capacity,
        .is_firm = true,
    };
}

/* Another round for the same visit has the same to say; another visit has not. */
static void start_round(struct dispatch_order *o)
{
    if (o->state->order != CALLOUT__V1__ORDER_STATE__ORDER_NOBODY)
        o->state->told = no_text();
    o->state->round++;
    o->state->asked = 0;
    o->state->circle = 0;
    dispatch_order_look_anew(o);
}

void dispatch_order_look_anew(struct dispatch_order *o)
{
    o->state->window = 0;
    o->state->duty_us = o->state->there_us = 0;
    o->state->is_any_busy = false;
}

/* He goes no more: whoever gives a visit back, or did not solve it, is not asked again for it, and
 * who was taken off it not in the round that begins with it. */
static void dismiss(struct dispatch_order *o, const struct dispatch_move *move, int64_t at_us,
                    const struct dispatch_cause *cause)
{
    bool is_recalled = (move->effects & DISPATCH_REST) != 0;
    bool has_reason =
        is_recalled && cause != NULL && cause->command->act == CALLOUT__V1__ACT__ACT_RECALL;
    announce_end(o, move->how, has_reason ? cause->command->name : "", at_us);
    if ((move->effects & DISPATCH_HIGHER) != 0) {
        o->state->wanted_skill = own_skill(o) + 1;
        dispatch_offers_remember(o, own_skill(o), CALLOUT__V1__OFFER_END__OFFER_END_UNSOLVED);
    }
    if ((move->effects & DISPATCH_BAR) != 0)
        dispatch_offers_remember(o, own_skill(o), CALLOUT__V1__OFFER_END__OFFER_END_DECLINED);
    if (!is_recalled)
        return;
    o->state->round++;
    dispatch_offers_remember(o, own_skill(o), CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN);
    o->state->round--;
}

/* A visit begins anew: its task order is another one. */
static bool begins(const struct dispatch_order *o, const struct dispatch_move *move)
{
    return move->next == DISPATCH_SEEKING &&
           (o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_NONE ||
            o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_ENDED ||
            o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_ARRIVED);
}

static void lead(struct dispatch_order *o, const struct dispatch_move *move, int64_t at_us,
                 const struct dispatch_cause *cause)
{
    if (begins(o, move)) {
        o->state->is_confirmed = false;
        o->state->named = no_text();
    }
    if ((move->effects & DISPATCH_CONFIRMED) != 0) {
        announce_confirmed(o, cause, (move->effects & DISPATCH_TAKE) != 0, at_us);
        o->state->is_confirmed = true;
    }
    if ((move->effects & DISPATCH_NAMED) != 0) {
        co_assert(cause != NULL);
        o->state->named = dispatch_order_keep(o, cause->command->name);
    }
}

/* Where the order stands after that. */
static void stand(struct dispatch_order *o, enum dispatch_state next, int64_t at_us)
{
    o->state->order = (Callout__V1__OrderState)next;
    o->state->next_us = next == DISPATCH_SEEKING ? at_us : 0;
    o->state->asks_more = false;
    o->state->more_us = 0;
    o->is_changed = true;
}

/* What changes the order itself, in this sequence. */
static void change(struct dispatch_order *o, const struct dispatch_move *move, int64_t at_us,
                   const struct dispatch_cause *cause)
{
    lead(o, move, at_us, cause);
    dispatch_offers_end(o, move->effects, at_us);
    if ((move->effects & DISPATCH_ASSIGN) != 0) {
        announce_assigned(o, CALLOUT__V1__ACT__ACT_NONE, at_us);
        o->state->accept_by_us = 0;
    }
    if ((move->effects & DISPATCH_FREE) != 0)
        dismiss(o, move, at_us, cause);
    if ((move->effects & DISPATCH_RELEASE) != 0)
        release(o);
    if ((move->effects & DISPATCH_TAKE) != 0)
        take(o, cause, at_us);
    if ((move->effects & DISPATCH_START) != 0)
        start_round(o);
    if (dispatch_offers_count(o) == 0) {
        stand(o, move->next, at_us);
        return;
    }
    dispatch_offers_turn_to(o, dispatch_offers_get(o, 0)); /* others are asked, and one more */
    dispatch_offers_want_more(o, at_us);
}

void dispatch_order_move(struct dispatch_order *o, enum dispatch_event event, int64_t at_us,
                         const struct dispatch_cause *cause)
{
    enum dispatch_state state = (enum dispatch_state)o->state->order;
    const struct dispatch_move *move = dispatch_move(state, event);
    if (move->next != state || (move->effects & DISPATCH_NAMED) != 0)
        change(o, move, at_us, cause);
    if ((move->effects & DISPATCH_APPLY) != 0) {
        co_assert(cause != NULL);
        announce_applied(o, cause->command);
    }
    if ((move->effects & DISPATCH_REFUSE) != 0)
        announce_refused(o, cause, move->why);
}

/* 0 is no time. */
static int64_t earlier(int64_t a_us, int64_t b_us)
{
    return a_us == 0 || (b_us != 0 && b_us < a_us) ? b_us : a_us;
}

int64_t dispatch_order_wake_us(const struct dispatch_order *o)
{
    const Callout__V1__ManDays *days = o->state->man_days;
    int64_t next_us = earlier(o->state->next_us, o->state->road_until_us);
    next_us = earlier(next_us, dispatch_booking_wake_us(o));
    return earlier(next_us, days == NULL ? 0 : days->retry_us);
}

int64_t dispatch_order_deadline_us(const struct dispatch_order *o)
{
    int64_t deadline_us = 0;
    for (size_t i = 0; i < o->state->n_promises; i++) {
        const Callout__V1__ArrivalPromise *p = o->state->promises[i];
        if (!p->is_over && p->due_us != 0 && (deadline_us == 0 || p->due_us < deadline_us))
            deadline_us = p->due_us;
    }
    return deadline_us;
}

void dispatch_order_apply(struct dispatch_order *o, const struct dispatch_cause *cause)
{
    announce_applied(o, cause->command);
}

void dispatch_order_refuse(struct dispatch_order *o, const struct dispatch_cause *cause)
{
    announce_refused(o, cause, cause->refusal);
}
