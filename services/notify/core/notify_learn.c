/* What entries say about a case: who, where, how severe, what is promised. */
#include "notify_case.h"

#include <string.h>

#include "co_text.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

/* Adds a fresh message of that kind to an array of pointers in a message. NULL: out of memory. */
static void *add_message(struct notify_case *c, void *array_p, size_t *count,
                         const ProtobufCMessageDescriptor *kind)
{
    void **old; /* what the array's pointer is, whatever it points to */
    memcpy(&old, array_p, sizeof(old));
    void **bigger = notify_case_alloc(c, (*count + 1) * sizeof(void *));
    ProtobufCMessage *message = bigger == NULL ? NULL : notify_case_alloc(c, kind->sizeof_message);
    if (message == NULL)
        return NULL;
    if (*count > 0)
        memcpy(bigger, old, *count * sizeof(void *));
    protobuf_c_message_init(kind, message);
    bigger[(*count)++] = message;
    memcpy(array_p, &bigger, sizeof(bigger));
    return message;
}

uint32_t notify_case_times_gone(const struct notify_case *c, const char *obligation)
{
    for (size_t i = 0; i < c->state->n_gone; i++)
        if (strcmp(c->state->gone[i]->obligation, obligation) == 0)
            return c->state->gone[i]->times;
    return 0;
}

void notify_case_note_gone(struct notify_case *c, const char *obligation)
{
    Callout__V1__NotifyCase *s = c->state;
    c->is_state_changed = true;
    for (size_t i = 0; i < s->n_gone; i++)
        if (strcmp(s->gone[i]->obligation, obligation) == 0) {
            s->gone[i]->times++;
            return;
        }
    Callout__V1__NotifyGone *gone =
        add_message(c, &s->gone, &s->n_gone, &callout__v1__notify_gone__descriptor);
    char *copy = notify_case_text(c, "%s", obligation);
    if (gone == NULL || copy == NULL)
        return;
    gone->obligation = copy;
    gone->times = 1;
}

uint32_t notify_case_severity(const struct notify_case *c)
{
    const Callout__V1__NotifyCase *s = c->state;
    return s->n_severities > 0 ? s->severities[s->n_severities - 1]->to : s->severity;
}

enum notify_needs notify_case_needs(const Callout__V1__Event *e)
{
    switch ((int)e->body_case) { /* some of many kinds */
    case BODY(PROMISED):
        return e->promised->revision > 1 ? NOTIFY_NEEDS_ALL : NOTIFY_NEEDS_NONE;
    case BODY(ARRIVAL_AT_RISK):
        return e->arrival_at_risk->is_over ? NOTIFY_NEEDS_ALL : NOTIFY_NEEDS_NONE;
    case BODY(COMMAND_APPLIED):
        return co_answer_bit(e->command_applied->act) != 0 || e->command_applied->person[0] != '\0'
                   ? NOTIFY_NEEDS_ALL
                   : NOTIFY_NEEDS_UNSETTLED;
    case BODY(CASE_CLOSED):
    case BODY(WITHDRAWN):
    case BODY(OFFER_ENDED):
    case BODY(ORDER_ENDED):
    case BODY(BOOKING_ENDED):
    case BODY(TASK_ORDER_CONFIRMED):
    case BODY(NOTICE_RESEND_ASKED):
        return NOTIFY_NEEDS_ALL;
    case BODY(CONSENT_CHANGED):
    case BODY(MET):
    case BODY(OFFERED):
    case BODY(ASSIGNED):
        return NOTIFY_NEEDS_UNSETTLED;
    default:
        return NOTIFY_NEEDS_NONE;
    }
}

/* ---- one function per kind of entry; true: the state changed ---- */

typedef bool learn(struct notify_case *c, const Callout__V1__Event *e);

static Callout__V1__Pin *copy_pin(struct notify_case *c, const Callout__V1__Pin *pin)
{
    Callout__V1__Pin *copy = pin == NULL ? NULL : notify_case_alloc(c, sizeof(*copy));
    if (copy != NULL)
        *copy = *pin;
    return copy;
}

static bool learn_opened(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__CaseOpened *o = e->case_opened;
    c->state->customer = o->customer;
    c->state->contract = o->contract;
    c->state->site = o->site;
    c->state->policy = copy_pin(c, o->policy);
    c->state->calendar = copy_pin(c, o->calendar);
    c->state->severity = o->severity;
    if (o->origin != NULL && strcmp(o->origin->kind, "advisory") == 0)
        c->state->advisory = o->origin->key;
    return true;
}

static bool learn_held(struct notify_case *c, const Callout__V1__Event *e)
{
    if (e->case_held->contract[0] != '\0')
        c->state->contract = e->case_held->contract;
    c->state->held_count++;
    return true;
}

/* The earliest of the arrival's time and those that bound it; 0 where no arrival has one. */
static int64_t arrive_by(const Callout__V1__NotifyCase *s)
{
    int64_t arrival_us = 0;
    int64_t bound_us = INT64_MAX;
    for (size_t i = 0; i < s->n_clocks; i++) {
        const Callout__V1__NotifyClock *clock = s->clocks[i];
        if (clock->is_arrival)
            arrival_us = clock->due_us;
        else if (clock->bounds_arrival && clock->due_us != 0 && clock->due_us < bound_us)
            bound_us = clock->due_us;
    }
    return bound_us < arrival_us ? bound_us : arrival_us;
}

static bool learn_promised(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Promised *p = e->promised;
    Callout__V1__NotifyCase *s = c->state;
    Callout__V1__NotifyClock *clock = NULL;
    for (size_t i = 0; i < s->n_clocks; i++)
        if (strcmp(s->clocks[i]->milestone, p->milestone) == 0)
            clock = s->clocks[i];
    if (clock == NULL)
        clock = add_message(c, &s->clocks, &s->n_clocks, &callout__v1__notify_clock__descriptor);
    if (clock == NULL)
        return true;
    if (clock->generation != p->generation) {
        clock->told_revision = 0;
        clock->told_us = 0;
    }
    clock->milestone = p->milestone;
    clock->generation = p->generation;
    clock->due_us = p->due_us;
    clock->is_arrival = p->is_arrival;
    clock->bounds_arrival = p->bounds_arrival;
    if (p->is_arrival || p->bounds_arrival)
        s->arrive_by_us = arrive_by(s);
    return true;
}

static Callout__V1__NotifyClock *clock_of(const struct notify_case *c, const char *milestone)
{
    for (size_t i = 0; i < c->state->n_clocks; i++)
        if (strcmp(c->state->clocks[i]->milestone, milestone) == 0)
            return c->state->clocks[i];
    return NULL;
}

static bool learn_met(struct notify_case *c, const Callout__V1__Event *e)
{
    Callout__V1__NotifyClock *clock = clock_of(c, e->met->milestone);
    if (clock == NULL)
        return false;
    clock->met_us = c->world->now_us;
    clock->met_act_us = c->state->last_act_us;
    c->state->has_arrived = c->state->has_arrived || clock->is_arrival;
    return true;
}

static bool learn_severity(struct notify_case *c, const Callout__V1__Event *e)
{
    Callout__V1__NotifySeverity *s = add_message(c, &c->state->severities, &c->state->n_severities,
                                                 &callout__v1__notify_severity__descriptor);
    if (s != NULL) {
        s->ordinal = e->severity_changed->ordinal;
        s->to = e->severity_changed->to;
    }
    return true;
}

static bool learn_withdrawn(struct notify_case *c, const Callout__V1__Event *e)
{
    Callout__V1__NotifyCase *s = c->state;
    size_t kept = 0;
    if (e->withdrawn->kind == BODY(MET)) {
        const Callout__V1__NotifyClock *clock = clock_of(c, e->withdrawn->milestone);
        c->state->has_arrived = c->state->has_arrived && (clock == NULL || !clock->is_arrival);
        return clock != NULL && clock->is_arrival;
    }
    if (e->withdrawn->kind != BODY(SEVERITY_CHANGED))
        return false;
    for (size_t i = 0; i < s->n_severities; i++)
        if (s->severities[i]->ordinal != e->withdrawn->ordinal)
            s->severities[kept++] = s->severities[i];
    bool is_changed = kept != s->n_severities;
    s->n_severities = kept;
    return is_changed;
}

static bool learn_located(struct notify_case *c, const Callout__V1__Event *e)
{
    c->state->office = e->site_located->office;
    c->state->km = e->site_located->km;
    return true;
}

static void speak_of(struct notify_case *c, const Callout__V1__NotifyOffer *offer)
{
    c->state->engineer = offer->engineer;
    c->state->office = offer->office;
    c->state->km = offer->km;
}

static bool learn_offered(struct notify_case *c, const Callout__V1__Event *e)
{
    Callout__V1__NotifyOffer *offer = add_message(c, &c->state->offers, &c->state->n_offers,
                                                  &callout__v1__notify_offer__descriptor);
    if (offer == NULL)
        return true;
    offer->generation = e->offered->generation;
    offer->engineer = e->offered->engineer;
    offer->office = e->offered->office;
    offer->km = e->offered->km;
    speak_of(c, offer);
    if (e->offered->arrive_by_us != 0)
        c->state->arrive_by_us = e->offered->arrive_by_us;
    c->state->has_arrived = false;
    return true;
}

/* Who accepted is the engineer; where it was he who is not asked any more, it is the newest of the
 * others. */
static bool learn_offer_ended(struct notify_case *c, const Callout__V1__Event *e)
{
    Callout__V1__NotifyCase *s = c->state;
    bool is_accepted = e->offer_ended->how == CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED;
    size_t kept = 0;
    for (size_t i = 0; i < s->n_offers; i++) {
        if (s->offers[i]->generation != e->offer_ended->generation)
            s->offers[kept++] = s->offers[i];
        else if (is_accepted)
            speak_of(c, s->offers[i]);
    }
    s->n_offers = kept;
    if (is_accepted || strcmp(s->engineer, e->offer_ended->engineer) != 0)
        return true;
    if (kept > 0)
        speak_of(c, s->offers[kept - 1]);
    else
        s->engineer = notify_case_lend("");
    return true;
}

static bool learn_assigned(struct notify_case *c, const Callout__V1__Event *e)
{
    c->state->engineer = e->assigned->engineer;
    return true;
}

static bool learn_nobody(struct notify_case *c, const Callout__V1__Event *e)
{
    (void)e;
    c->state->nobody_count++;
    return true;
}

static bool learn_at_risk(struct notify_case *c, const Callout__V1__Event *e)
{
    c->state->risk_count += !e->arrival_at_risk->is_over;
    return !e->arrival_at_risk->is_over;
}

static bool learn_order_ended(struct notify_case *c, const Callout__V1__Event *e)
{
    (void)e;
    c->state->engineer = notify_case_lend("");
    return true;
}

static bool learn_booked(struct notify_case *c, const Callout__V1__Event *e)
{
    static const char people[] = "engineer/";
    const Callout__V1__Booked *b = e->booked;
    if (!co_text_begins(b->resource, people))
        return false;
    Callout__V1__NotifyBooked *one = add_message(c, &c->state->booked, &c->state->n_booked,
                                                 &callout__v1__notify_booked__descriptor);
    if (one == NULL)
        return true;
    one->slot = b->slot;
    one->generation = b->generation;
    one->engineer = b->resource + sizeof(people) - 1;
    return true;
}

/* Whoever was there until the end stays the one who was there. */
static bool learn_booking_ended(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__BookingEnded *ended = e->booking_ended;
    Callout__V1__NotifyCase *s = c->state;
    size_t kept = 0, count = s->n_booked;
    if (strcmp(ended->how, "done") == 0)
        return false;
    for (size_t i = 0; i < count; i++)
        if (s->booked[i]->generation != ended->generation ||
            strcmp(s->booked[i]->slot, ended->slot) != 0)
            s->booked[kept++] = s->booked[i];
    s->n_booked = kept;
    return kept != count;
}

static const struct {
    int kind;
    learn *learn;
} lessons[] = {
    { BODY(CASE_OPENED), learn_opened },          { BODY(CASE_HELD), learn_held },
    { BODY(PROMISED), learn_promised },           { BODY(MET), learn_met },
    { BODY(SEVERITY_CHANGED), learn_severity },   { BODY(WITHDRAWN), learn_withdrawn },
    { BODY(SITE_LOCATED), learn_located },        { BODY(OFFERED), learn_offered },
    { BODY(OFFER_ENDED), learn_offer_ended },     { BODY(ASSIGNED), learn_assigned },
    { BODY(NOBODY_LEFT), learn_nobody },          { BODY(ORDER_ENDED), learn_order_ended },
    { BODY(ARRIVAL_AT_RISK), learn_at_risk },     { BODY(BOOKED), learn_booked },
    { BODY(BOOKING_ENDED), learn_booking_ended },
};

void notify_case_learn(struct notify_case *c, const Callout__V1__Event *e)
{
    for (size_t i = 0; i < sizeof(lessons) / sizeof(lessons[0]); i++)
        if (lessons[i].kind == (int)e->body_case && lessons[i].learn(c, e))
            c->is_state_changed = true;
}
