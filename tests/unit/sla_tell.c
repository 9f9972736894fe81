/* Events of a case as text, one per line. */
#include "co_assert.h"
#include "co_buf.h"
#include "sla_world.h"

/* Minutes since T0, or "?" for an unknown time; microseconds behind where they are not whole. */
static void put_time(struct co_buf *b, int64_t us)
{
    if (us == 0) {
        co_buf_append_text(b, "?");
        return;
    }
    int64_t rest_us = (us - T0) % MINUTE;
    co_buf_printf(b, "%lld", (long long)((us - T0) / MINUTE));
    if (rest_us != 0)
        co_buf_printf(b, "%+lldus", (long long)rest_us);
}

static void put_promised(struct co_buf *b, const Callout__V1__Promised *p)
{
    co_buf_printf(b, "promised %s/%u level %u from ", p->milestone, p->generation, p->severity);
    put_time(b, p->start_us);
    co_buf_append_text(b, " due ");
    put_time(b, p->due_us);
    if (p->revision != 1)
        co_buf_printf(b, " revision %u", p->revision);
    if (p->basis->zone[0] != '\0')
        co_buf_printf(b, " in %s", p->basis->zone);
    if (p->is_paused)
        co_buf_append_text(b, " paused");
    if (p->basis->beyond_data)
        co_buf_append_text(b, " beyond data");
}

static void put_not_served(struct co_buf *b, const Callout__V1__NotServed *x)
{
    co_buf_printf(b, "not served %s/%u level %u from ", x->milestone, x->generation, x->severity);
    put_time(b, x->asked_us);
    co_buf_printf(b, " in %s (%s)", x->zone, x->region);
}

static void put_warned(struct co_buf *b, const Callout__V1__Warned *x)
{
    co_buf_printf(b, "warned %s/%u #%u at ", x->milestone, x->generation, x->threshold);
    put_time(b, x->reached_us);
}

static void put_breached(struct co_buf *b, const Callout__V1__Breached *x)
{
    co_buf_printf(b, "breached %s/%u level %u due ", x->milestone, x->generation, x->severity);
    put_time(b, x->due_us);
}

static void put_met(struct co_buf *b, const Callout__V1__Met *x)
{
    co_buf_printf(b, "met %s/%u at ", x->milestone, x->generation);
    put_time(b, x->met_us);
    if (x->late_us != 0)
        co_buf_printf(b, " late %lld", (long long)(x->late_us / MINUTE));
}

static void put_stopped(struct co_buf *b, const Callout__V1__Stopped *x)
{
    co_buf_printf(b, "stopped %s/%u at ", x->milestone, x->generation);
    put_time(b, x->stopped_us);
}

static void put_severity(struct co_buf *b, const Callout__V1__SeverityChanged *x)
{
    co_buf_printf(b, "severity #%u %u>%u at ", x->ordinal, x->from, x->to);
    put_time(b, x->changed_us);
    co_buf_printf(b, " %s%s%s", x->why->rule, x->why->what[0] != '\0' ? " " : "", x->why->what);
}

static void put_acted(struct co_buf *b, const Callout__V1__Acted *x)
{
    co_buf_printf(b, "acted %s/%u %s #%u at ", x->milestone, x->generation, x->trigger, x->index);
    put_time(b, x->acted_us);
    if (x->act != ACT(NONE))
        co_buf_printf(b, " act %d", (int)x->act);
    if (x->what[0] != '\0')
        co_buf_printf(b, " %s", x->what);
    if (x->barred != NULL)
        co_buf_printf(b, " barred: %s", x->barred->en);
}

static void put_withdrawn(struct co_buf *b, const Callout__V1__Withdrawn *x)
{
    co_buf_printf(b, "withdrawn %u %s/%u", x->kind, x->milestone, x->generation);
    if (x->trigger[0] != '\0')
        co_buf_printf(b, " %s", x->trigger);
    if (x->ordinal != 0)
        co_buf_printf(b, " #%u", x->ordinal);
    co_buf_append_text(b, x->stands ? x->ask ? " stands, ask" : " stands" : "");
}

static void put_escalated(struct co_buf *b, const Callout__V1__Escalated *x)
{
    co_buf_printf(b, "escalated %s/%u #%u at ", x->milestone, x->generation, x->step);
    put_time(b, x->reached_us);
}

static void put_excluded(struct co_buf *b, const Callout__V1__Excluded *x)
{
    co_buf_printf(b, "excluded %s from ", x->exclusion->key);
    put_time(b, x->exclusion->from_us);
    co_buf_append_text(b, " until ");
    put_time(b, x->exclusion->until_us);
    co_buf_append_text(b, x->withdrawn ? " withdrawn" : "");
}

static void put_rebased(struct co_buf *b, const Callout__V1__CalendarRebased *x)
{
    co_buf_printf(b, "rebased %s@%llu", x->calendar->key, (unsigned long long)x->calendar->since);
}

static void put_closed(struct co_buf *b, const Callout__V1__CaseClosed *x)
{
    co_buf_printf(b, "closed %s at ", x->how);
    put_time(b, x->closed_us);
}

static void put_opened_step(struct co_buf *b, const Callout__V1__StepOpened *x)
{
    co_buf_printf(b, "open %s/%u at ", x->step, x->generation);
    put_time(b, x->opened_us);
}

static void put_done_step(struct co_buf *b, const Callout__V1__StepDone *x)
{
    co_buf_printf(b, "%s %s/%u at ", x->how, x->step, x->generation);
    put_time(b, x->done_us);
    if (x->document != NULL)
        co_buf_printf(b, " %s", x->document->version);
}

static void put_act_made(struct co_buf *b, const Callout__V1__ActMade *x)
{
    co_buf_append_text(b, x->act == CALLOUT__V1__ACT__ACT_RESTORED ? "restored at "
                                                                   : "relapsed at ");
    put_time(b, x->made_us);
}

static void put_handed_over_step(struct co_buf *b, const Callout__V1__StepHandedOver *x)
{
    co_buf_printf(b, "handed over %s/%u at ", x->step, x->generation);
    put_time(b, x->handed_over_us);
    if (x->document != NULL)
        co_buf_printf(b, " %s", x->document->version);
}

static void put_list(struct co_buf *b, char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        co_buf_printf(b, "%s%s", i == 0 ? " " : ",", list[i]);
}

static void put_consent(struct co_buf *b, const Callout__V1__ConsentChanged *x)
{
    const Callout__V1__Consent *k = x->consent;
    co_buf_printf(b, "consent #%u %s %s by %s at ", x->ordinal, k->key, x->state, x->person);
    put_time(b, x->changed_us);
    co_buf_append_text(b, ":");
    put_list(b, k->systems, k->n_systems);
    co_buf_append_text(b, k->n_persons > 0 ? " for" : "");
    put_list(b, k->persons, k->n_persons);
    co_buf_append_text(b, " from ");
    put_time(b, k->from_us);
    co_buf_append_text(b, " until ");
    put_time(b, k->until_us);
}

static void put_session(struct co_buf *b, const Callout__V1__SessionChanged *x)
{
    co_buf_printf(b, "session #%u %s by %s %s at ", x->ordinal, x->person, x->consent,
                  x->is_over ? x->why : "begins");
    put_time(b, x->at_us);
}

static void put_event(struct co_buf *b, const Callout__V1__Event *e)
{
    if (e->body_case == BODY(PROMISED))
        put_promised(b, e->promised);
    else if (e->body_case == BODY(NOT_SERVED))
        put_not_served(b, e->not_served);
    else if (e->body_case == BODY(WARNED))
        put_warned(b, e->warned);
    else if (e->body_case == BODY(BREACHED))
        put_breached(b, e->breached);
    else if (e->body_case == BODY(MET))
        put_met(b, e->met);
    else if (e->body_case == BODY(STOPPED))
        put_stopped(b, e->stopped);
    else if (e->body_case == BODY(SEVERITY_CHANGED))
        put_severity(b, e->severity_changed);
    else if (e->body_case == BODY(STEP_OPENED))
        put_opened_step(b, e->step_opened);
    else if (e->body_case == BODY(ACT_MADE))
        put_act_made(b, e->act_made);
    else if (e->body_case == BODY(STEP_HANDED_OVER))
        put_handed_over_step(b, e->step_handed_over);
    else if (e->body_case == BODY(STEP_DONE))
        put_done_step(b, e->step_done);
    else if (e->body_case == BODY(ACTED))
        put_acted(b, e->acted);
    else if (e->body_case == BODY(WITHDRAWN))
        put_withdrawn(b, e->withdrawn);
    else if (e->body_case == BODY(ESCALATED))
        put_escalated(b, e->escalated);
    else if (e->body_case == BODY(EXCLUDED))
        put_excluded(b, e->excluded);
    else if (e->body_case == BODY(CALENDAR_REBASED))
        put_rebased(b, e->calendar_rebased);
    else if (e->body_case == BODY(CONSENT_CHANGED))
        put_consent(b, e->consent_changed);
    else if (e->body_case == BODY(SESSION_CHANGED))
        put_session(b, e->session_changed);
    else if (e->body_case == BODY(CASE_CLOSED))
        put_closed(b, e->case_closed);
    else
        co_buf_printf(b, "event %d", (int)e->body_case);
    co_buf_append_text(b, "\n");
}

const char *world_tell(struct world *w, Callout__V1__Event *const *events, size_t count)
{
    struct co_buf b;
    co_buf_init(&b, (size_t)4 * 1024 * 1024);
    for (size_t i = 0; i < count; i++)
        put_event(&b, events[i]);
    co_assert(b.err == CO_OK);
    const char *text = world_text(w, co_buf_text(&b));
    co_buf_done(&b);
    return text;
}
