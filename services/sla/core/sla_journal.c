#include "sla_journal.h"

#include <stdbool.h>
#include <string.h>

#include "sla_case.h"
#include "sla_diff.h"
#include "sla_input.h"
#include "sla_verdict.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

struct reader {
    struct co_arena *arena;
    const struct sla_journal_entry *entries;
    size_t at; /* the entry being read */
    Callout__V1__SlaState *state;
    const Callout__V1__TicketSubmitted *ticket;
    uint64_t ticket_seq;
    bool was_held;
};

typedef enum co_err read_rule(struct reader *r, const struct sla_journal_entry *e);

static enum co_err submitted(struct reader *r, const struct sla_journal_entry *e)
{
    if (r->ticket != NULL)
        return CO_OK;
    r->ticket = e->event->ticket_submitted;
    r->ticket_seq = e->seq;
    return CO_OK;
}

static enum co_err held(struct reader *r, const struct sla_journal_entry *e)
{
    (void)e;
    r->was_held = true;
    return CO_OK;
}

/* A held case is taken on by the approval whose answer follows. */
static enum co_err opened(struct reader *r, const struct sla_journal_entry *e)
{
    if (r->ticket == NULL || r->state->opened != NULL)
        return CO_EINPUT;
    r->state->opened = e->event->case_opened;
    return r->was_held ? CO_OK
                       : sla_input_opening(r->state, r->arena, r->ticket_seq,
                                           r->ticket->occurred_us, r->ticket, r->state->opened);
}

static const struct sla_journal_entry *find_command(const struct reader *r, uint64_t command_id)
{
    for (size_t i = r->at; i > 0; i--) {
        const Callout__V1__Event *e = r->entries[i - 1].event;
        if (e->body_case == BODY(COMMAND_RECEIVED) && e->command_received->command_id == command_id)
            return &r->entries[i - 1];
    }
    return NULL;
}

static enum co_err applied(struct reader *r, const struct sla_journal_entry *e)
{
    const Callout__V1__CommandApplied *a = e->event->command_applied;
    const struct sla_journal_entry *received = find_command(r, a->command_id);
    if (received == NULL)
        return CO_EINPUT;
    const Callout__V1__CommandReceived *command = received->event->command_received;
    if (command->act == CALLOUT__V1__ACT__ACT_APPROVE && r->ticket != NULL &&
        r->state->opened != NULL)
        return sla_input_opening(r->state, r->arena, received->seq,
                                 sla_input_approved_us(command, r->ticket), r->ticket,
                                 r->state->opened);
    if (!sla_verdict_owns(command->act) || !sla_verdict_is_input(command->act))
        return CO_OK;
    return sla_input_command(r->state, r->arena, received->seq, command);
}

static enum co_err located(struct reader *r, const struct sla_journal_entry *e)
{
    return sla_input_located(r->state, r->arena, e->seq, e->event->site_located);
}

static enum co_err rebased(struct reader *r, const struct sla_journal_entry *e)
{
    r->state->rebased = e->event->calendar_rebased;
    r->state->registry_seen = r->state->rebased->registry_version;
    return CO_OK;
}

static enum co_err excluded(struct reader *r, const struct sla_journal_entry *e)
{
    const Callout__V1__Excluded *x = e->event->excluded;
    if (x->exclusion == NULL)
        return CO_EINPUT;
    r->state->registry_seen = x->registry_version;
    return sla_input_exclusion(r->state, r->arena, x->exclusion, x->withdrawn);
}

static bool is_named(const Callout__V1__Acted *a, const Callout__V1__Withdrawn *w)
{
    return a->index == w->ordinal && a->generation == w->generation &&
           strcmp(a->milestone, w->milestone) == 0 && strcmp(a->trigger, w->trigger) == 0;
}

static enum co_err withdrawn(struct reader *r, const struct sla_journal_entry *e)
{
    const Callout__V1__Withdrawn *w = e->event->withdrawn;
    if (w->kind != BODY(ACTED) || !w->stands)
        return CO_OK;
    for (size_t i = r->at; i > 0; i--) {
        Callout__V1__Event *was = r->entries[i - 1].event;
        if (was->body_case == BODY(ACTED) && is_named(was->acted, w))
            return sla_diff_stand(r->state, was->acted, r->arena);
    }
    return CO_EINPUT;
}

static const struct {
    Callout__V1__Event__BodyCase kind;
    read_rule *read;
} rules[] = {
    { BODY(TICKET_SUBMITTED), submitted }, { BODY(CASE_HELD), held },
    { BODY(CASE_OPENED), opened },         { BODY(COMMAND_APPLIED), applied },
    { BODY(SITE_LOCATED), located },       { BODY(CALENDAR_REBASED), rebased },
    { BODY(EXCLUDED), excluded },          { BODY(WITHDRAWN), withdrawn },
};

static enum co_err read_entry(struct reader *r, const struct sla_journal_entry *e)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (rules[i].kind == e->event->body_case)
            return rules[i].read(r, e);
    return CO_OK;
}

enum co_err sla_journal_state(struct co_arena *arena, const struct sla_journal_entry *entries,
                              size_t count, Callout__V1__SlaState **ret)
{
    struct reader r = { .arena = arena, .entries = entries };
    enum co_err err = sla_state_new(arena, &r.state);
    for (; err == CO_OK && r.at < count; r.at++)
        err = read_entry(&r, &entries[r.at]);
    if (err == CO_OK)
        *ret = r.state;
    return err;
}
