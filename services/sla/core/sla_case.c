#include "sla_case.h"

#include <string.h>

#include "co_assert.h"
#include "sla_diff.h"
#include "sla_input.h"
#include "sla_severity.h"
#include "sla_verdict.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name
#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

/* -- the state column */

enum co_err sla_state_new(struct co_arena *arena, Callout__V1__SlaState **ret)
{
    Callout__V1__SlaState *state = sla_message_new(arena, &callout__v1__sla_state__descriptor);
    if (state == NULL)
        return CO_ENOMEM;
    *ret = state;
    return CO_OK;
}

struct counted_arena {
    struct co_arena *arena;
    bool has_failed;
};

static void *take(void *data, size_t size)
{
    struct counted_arena *a = data;
    void *p = co_arena_alloc(a->arena, size);
    a->has_failed = a->has_failed || p == NULL;
    return p;
}

static void leave(void *data, void *p)
{
    (void)data;
    (void)p;
}

enum co_err sla_state_unpack(struct co_arena *arena, const uint8_t *bytes, size_t len,
                             Callout__V1__SlaState **ret)
{
    struct counted_arena a = { arena, false };
    ProtobufCAllocator allocator = { take, leave, &a };
    Callout__V1__SlaState *state = callout__v1__sla_state__unpack(&allocator, len, bytes);
    if (state == NULL)
        return a.has_failed ? CO_ENOMEM : CO_EINPUT;
    *ret = state;
    return CO_OK;
}

bool sla_case_is_held(const struct sla_case *c)
{
    return c->state->opened == NULL;
}

bool sla_case_is_known(const struct sla_case *c)
{
    return c->state->opened != NULL || c->state->ticket != NULL;
}

int64_t sla_case_now_us(const struct sla_case *c)
{
    return c->now_us > c->state->seen_us ? c->now_us : c->state->seen_us;
}

/* -- inputs */

static bool has_seq(const struct sla_case *c, uint64_t seq)
{
    for (size_t i = 0; i < c->state->n_inputs; i++)
        if (c->state->inputs[i]->seq == seq)
            return true;
    return false;
}

/* -- opening and holding */

static enum co_err add_event(struct sla_case *c, Callout__V1__Event__BodyCase kind, void *body,
                             struct sla_events *ret)
{
    Callout__V1__Event *event = sla_message_new(c->arena, &callout__v1__event__descriptor);
    if (event == NULL)
        return CO_ENOMEM;
    event->body_case = kind;
    event->promised = body; /* every member of the union is a pointer to a message */
    return sla_events_add(ret, c->arena, event);
}

static enum co_err judge_severity(const struct sla_case *c,
                                  const Callout__V1__TicketSubmitted *ticket,
                                  Callout__V1__CaseOpened *opened)
{
    struct sla_severity s =
        sla_severity_of(c->policy, ticket->traits, ticket->n_traits, ticket->stated_severity);
    Callout__V1__Why *why = sla_message_new(c->arena, &callout__v1__why__descriptor);
    char *rule = co_arena_strdup(c->arena, s.rule);
    if (why == NULL || rule == NULL)
        return CO_ENOMEM;
    why->rule = rule;
    if (s.what != NULL)
        why->what = s.what;
    why->source = c->policy->source;
    opened->severity = s.level;
    opened->severity_why = why;
    return CO_OK;
}

static bool is_among(Callout__V1__Condition *const *list, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i]->key, key) == 0)
            return true;
    return false;
}

/* Of the case, or a cause for which it was held before somebody took it on. */
static bool is_word_of(const Callout__V1__PolicyPack *p, bool is_trait, const char *key)
{
    bool is_known =
        is_trait ? sla_severity_has_trait(p, key) : is_among(p->conditions, p->n_conditions, key);
    return is_known || is_among(p->held_traits, p->n_held_traits, key);
}

/* What the sender said in words that the pack lacks: it has no effect, and he should see that. */
static enum co_err list_passed_over(const struct sla_case *c,
                                    const Callout__V1__TicketSubmitted *ticket,
                                    Callout__V1__CaseOpened *opened)
{
    size_t most = ticket->n_traits + ticket->n_conditions;
    opened->passed_over = co_arena_alloc(c->arena, (most + 1) * sizeof(opened->passed_over[0]));
    if (opened->passed_over == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < ticket->n_traits; i++)
        if (!is_word_of(c->policy, true, ticket->traits[i]))
            opened->passed_over[opened->n_passed_over++] = ticket->traits[i];
    for (size_t i = 0; i < ticket->n_conditions; i++)
        if (!is_word_of(c->policy, false, ticket->conditions[i]))
            opened->passed_over[opened->n_passed_over++] = ticket->conditions[i];
    return CO_OK;
}

static enum co_err open_case(struct sla_case *c, uint64_t seq, int64_t at_us,
                             const Callout__V1__TicketSubmitted *ticket,
                             Callout__V1__CaseOpened *opened, struct sla_events *ret)
{
    co_assert(c->policy != NULL && c->policy->n_severities > 0 && opened != NULL);
    opened->engine = SLA_ENGINE_VERSION;
    opened->reported_us = ticket->occurred_us;
    enum co_err err = judge_severity(c, ticket, opened);
    if (err == CO_OK)
        err = list_passed_over(c, ticket, opened);
    if (err == CO_OK)
        err = sla_input_opening(c->state, c->arena, seq, at_us, ticket, opened);
    if (err == CO_OK)
        err = add_event(c, BODY(CASE_OPENED), opened, ret);
    c->state->opened = opened;
    c->state->ticket = NULL;
    return err;
}

enum co_err sla_case_submitted(struct sla_case *c, uint64_t seq,
                               Callout__V1__TicketSubmitted *ticket, struct sla_admission admission,
                               struct sla_events *ret)
{
    if (sla_case_is_known(c))
        return CO_OK;
    if (admission.opened != NULL)
        return open_case(c, seq, ticket->occurred_us, ticket, admission.opened, ret);
    co_assert(admission.held != NULL);
    c->state->ticket = ticket;
    return add_event(c, BODY(CASE_HELD), admission.held, ret);
}

/* -- commands */

static enum co_err refuse(struct sla_case *c, const Callout__V1__CommandReceived *command,
                          const struct sla_verdict *verdict, struct sla_events *ret)
{
    Callout__V1__CommandRefused *r = sla_events_new(ret, c->arena, BODY(COMMAND_REFUSED),
                                                    &callout__v1__command_refused__descriptor);
    char *reason = co_arena_strdup(c->arena, verdict->reason);
    if (r == NULL || reason == NULL)
        return CO_ENOMEM;
    r->command_id = command->command_id;
    r->act = command->act;
    r->reason = reason;
    r->possible = verdict->possible;
    r->n_possible = verdict->possible_count;
    return CO_OK;
}

static enum co_err confirm(struct sla_case *c, const Callout__V1__CommandReceived *command,
                           const struct sla_verdict *verdict, struct sla_events *ret)
{
    Callout__V1__CommandApplied *a = sla_events_new(ret, c->arena, BODY(COMMAND_APPLIED),
                                                    &callout__v1__command_applied__descriptor);
    if (a == NULL)
        return CO_ENOMEM;
    a->command_id = command->command_id;
    a->act = command->act;
    a->person = command->person;
    a->solved = command->solved;
    a->rating = command->rating;
    a->missing = verdict->missing;
    a->n_missing = verdict->missing_count;
    return CO_OK;
}

static enum co_err approve(struct sla_case *c, uint64_t seq,
                           const Callout__V1__CommandReceived *command,
                           Callout__V1__CaseOpened *opened, struct sla_events *ret)
{
    const Callout__V1__TicketSubmitted *ticket = c->state->ticket;
    return open_case(c, seq, sla_input_approved_us(command, ticket), ticket, opened, ret);
}

enum co_err sla_case_command(struct sla_case *c, uint64_t seq,
                             const Callout__V1__CommandReceived *command,
                             struct sla_admission admission, struct sla_events *ret)
{
    if (!sla_case_is_known(c))
        return CO_EINPUT;
    if (!sla_verdict_owns(command->act) || has_seq(c, seq))
        return CO_OK;
    struct sla_verdict verdict;
    const char *unopened = NULL;
    if (admission.opened == NULL)
        unopened = admission.refusal != NULL ? admission.refusal
                                             : "No contract is known under which to open it.";
    enum co_err err = sla_verdict_of(c, command, unopened, &admission.who, &verdict);
    if (err != CO_OK)
        return err;
    if (verdict.reason != NULL)
        return refuse(c, command, &verdict, ret);
    if (command->act == ACT(APPROVE))
        err = approve(c, seq, command, admission.opened, ret);
    else if (verdict.is_input)
        err = sla_input_command(c->state, c->arena, seq, command);
    return err == CO_OK ? confirm(c, command, &verdict, ret) : err;
}

enum co_err sla_case_located(struct sla_case *c, uint64_t seq,
                             const Callout__V1__SiteLocated *located)
{
    return sla_input_located(c->state, c->arena, seq, located);
}

/* -- advancing */

enum co_err sla_case_fold(const struct sla_case *c, struct co_arena *arena, int64_t now_us,
                          struct sla_fold *ret_fold)
{
    struct sla_fold_input in = { .policy = c->policy,
                                 .calendars = c->calendars,
                                 .opened = c->state->opened,
                                 .inputs = c->state->inputs,
                                 .input_count = c->state->n_inputs,
                                 .standing = c->state->standing,
                                 .standing_count = c->state->n_standing,
                                 .now_us = now_us };
    return sla_fold(&in, arena, ret_fold);
}

/* Nothing happens to a held case by itself; it can be cancelled. */
static enum co_err fold_held(const struct sla_case *c, struct sla_fold *ret_fold)
{
    struct sla_fold f = { .next_us = INT64_MAX };
    struct sla_events outputs = { 0 };
    for (size_t i = 0; i < c->state->n_inputs && !f.is_closed; i++) {
        const Callout__V1__SlaInput *input = c->state->inputs[i];
        f.is_closed = input->act == ACT(CANCEL);
        f.closed_us = input->occurred_us;
    }
    if (f.is_closed && f.closed_us > sla_case_now_us(c)) {
        f.next_us = f.closed_us;
        f.is_closed = false;
    }
    if (f.is_closed) {
        Callout__V1__CaseClosed *closed = sla_events_new(&outputs, c->arena, BODY(CASE_CLOSED),
                                                         &callout__v1__case_closed__descriptor);
        char *how = co_arena_strdup(c->arena, "cancelled");
        if (closed == NULL || how == NULL)
            return CO_ENOMEM;
        closed->how = how;
        closed->closed_us = f.closed_us;
    } else {
        f.closed_us = 0;
    }
    f.outputs = outputs.event;
    f.output_count = outputs.count;
    *ret_fold = f;
    return CO_OK;
}

/* Folds until no action loses its reason any more. Each round keeps at least one for good. */
static enum co_err fold_open(struct sla_case *c, struct sla_events *ret, struct sla_fold *ret_fold)
{
    for (;;) {
        size_t standing = 0;
        enum co_err err = sla_case_fold(c, c->arena, sla_case_now_us(c), ret_fold);
        if (err == CO_OK)
            err = sla_diff_standing(c->state, c->policy, ret_fold->outputs, ret_fold->output_count,
                                    c->arena, ret, &standing);
        if (err != CO_OK || standing == 0)
            return err;
    }
}

enum co_err sla_case_advance(struct sla_case *c, struct sla_events *ret, struct sla_fold *ret_fold)
{
    if (!sla_case_is_known(c))
        return CO_EINPUT;
    enum co_err err = sla_case_is_held(c) ? fold_held(c, ret_fold) : fold_open(c, ret, ret_fold);
    if (err != CO_OK)
        return err;
    c->state->seen_us = sla_case_now_us(c);
    return sla_diff(c->state, ret_fold->outputs, ret_fold->output_count, c->arena, ret);
}
