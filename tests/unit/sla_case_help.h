/* sla_case_help.h - one case at hand, for the tests of sla_case: a ticket, commands, looks in
 * virtual time. */
#pragma once

#include <string.h>

#include "check_main.h"
#include "sla_case.h"
#include "sla_wide.h"
#include "sla_world.h"

static struct world w;
static struct sla_case c;
static Callout__V1__TicketSubmitted *ticket;
static uint64_t seq;

static inline void begin(void)
{
    world_init(&w);
    seq = 0;
    Callout__V1__SlaState *state;
    ck_assert_int_eq(sla_state_new(w.arena, &state), CO_OK);
    c = (struct sla_case){ .arena = w.arena,
                           .scratch = co_arena_new((size_t)16 * 1024 * 1024),
                           .state = state,
                           .policy = w.pack,
                           .calendars = world_calendars(&w),
                           .now_us = T0 };
    ticket = world_message(&w, &callout__v1__ticket_submitted__descriptor);
    ticket->occurred_us = T0;
    ticket->stated_severity = 2;
}

static inline void end(void)
{
    co_arena_free(c.scratch);
    world_done(&w);
}

static inline const char *tell(const struct sla_events *events)
{
    return world_tell(&w, events->event, events->count);
}

static inline void submit(void)
{
    struct sla_events events = { 0 };
    struct sla_admission a = { .opened = w.opened };
    ck_assert_int_eq(sla_case_submitted(&c, ++seq, ticket, a, &events), CO_OK);
    ck_assert_uint_eq(events.count, 1);
    ck_assert_int_eq(events.event[0]->body_case, BODY(CASE_OPENED));
}

static inline void hold(void)
{
    struct sla_events events = { 0 };
    struct sla_admission a = { .held = world_message(&w, &callout__v1__case_held__descriptor) };
    c.policy = NULL;
    ck_assert_int_eq(sla_case_submitted(&c, ++seq, ticket, a, &events), CO_OK);
    ck_assert_uint_eq(events.count, 1);
    ck_assert_int_eq(events.event[0]->body_case, BODY(CASE_HELD));
}

static inline Callout__V1__CommandReceived *command(int64_t minute, Callout__V1__Act act)
{
    Callout__V1__CommandReceived *m = world_message(&w, &callout__v1__command_received__descriptor);
    m->act = act;
    m->occurred_us = T0 + minute * MINUTE;
    m->command_id = seq + 1000;
    return m;
}

/* The answer; NULL: none. */
static inline const Callout__V1__Event *send(const Callout__V1__CommandReceived *m)
{
    struct sla_events events = { 0 };
    struct sla_admission none = { 0 };
    ck_assert_int_eq(sla_case_command(&c, ++seq, m, none, &events), CO_OK);
    ck_assert_uint_le(events.count, 1);
    return events.count == 1 ? events.event[0] : NULL;
}

static inline const Callout__V1__CommandApplied *apply(const Callout__V1__CommandReceived *m)
{
    const Callout__V1__Event *e = send(m);
    ck_assert_ptr_nonnull(e);
    if (e->body_case == BODY(COMMAND_REFUSED))
        ck_abort_msg("refused: %s", e->command_refused->reason);
    ck_assert_int_eq(e->body_case, BODY(COMMAND_APPLIED));
    ck_assert_uint_eq(e->command_applied->command_id, m->command_id);
    return e->command_applied;
}

static inline const Callout__V1__CommandRefused *refuse(const Callout__V1__CommandReceived *m)
{
    const Callout__V1__Event *e = send(m);
    ck_assert_ptr_nonnull(e);
    ck_assert_int_eq(e->body_case, BODY(COMMAND_REFUSED));
    ck_assert_uint_eq(e->command_refused->command_id, m->command_id);
    ck_assert_int_eq(e->command_refused->act, m->act);
    return e->command_refused;
}

static inline bool lists(const Callout__V1__Act *list, size_t count, Callout__V1__Act act)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == act)
            return true;
    return false;
}

static struct sla_fold fold;

static inline const char *advance(int64_t minute)
{
    struct sla_events events = { 0 };
    c.now_us = T0 + minute * MINUTE;
    ck_assert_int_eq(sla_case_advance(&c, &events, &fold), CO_OK);
    return tell(&events);
}

static inline Callout__V1__Milestone *response(void)
{
    Callout__V1__Milestone *m = world_milestone(&w, "response", ACT(REPORTED), ACT(CONTACTED));
    world_minutes(&w, m, 30, 30, 60, 240);
    return m;
}
