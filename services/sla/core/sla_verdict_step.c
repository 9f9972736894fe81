#include "sla_verdict_step.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

enum { SENTENCE_MAX = 512 };

struct asked {
    const Callout__V1__PolicyPack *policy;
    const Callout__V1__CaseOpened *opened;
    const struct sla_fold *fold;
    const Callout__V1__CommandReceived *command;
    struct co_arena *arena;
    size_t at; /* the step */
};

/* -- words */

struct text {
    char bytes[SENTENCE_MAX];
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(t->bytes + t->len, sizeof(t->bytes) - t->len, format, args);
    va_end(args);
    if (len > 0)
        t->len =
            t->len + (size_t)len < sizeof(t->bytes) ? t->len + (size_t)len : sizeof(t->bytes) - 1;
}

static const char *keep(const struct text *t, struct co_arena *arena)
{
    const char *copy = co_arena_strdup(arena, t->bytes);
    return copy != NULL ? copy : "The step stands in the way.";
}

static void add_roles(struct text *t, const Callout__V1__Role *roles, size_t count,
                      uint32_t but_roles)
{
    bool is_first = true;
    for (size_t i = 0; i < count; i++) {
        const ProtobufCEnumValue *v =
            protobuf_c_enum_descriptor_get_value(&callout__v1__role__descriptor, (int)roles[i]);
        if (v == NULL || ((unsigned)roles[i] < 32 && (but_roles >> (unsigned)roles[i] & 1) != 0))
            continue;
        add(t, "%s", is_first ? "" : " or ");
        for (const char *p = v->name + strlen("ROLE_"); *p != '\0'; p++)
            add(t, "%c", *p >= 'A' && *p <= 'Z' ? *p - 'A' + 'a' : *p);
        is_first = false;
    }
}

/* "scope (service_manager)", or, done and not accepted, "report (to be accepted by customer)". */
static void add_owed(struct text *t, const Callout__V1__Step *s, const struct sla_step *step)
{
    bool waits = step->stage == SLA_STAGE_DONE;
    add(t, "%s (%s", s->key, waits ? "to be accepted by " : "");
    if (waits)
        add_roles(t, s->accepted_by, s->n_accepted_by, step->accepted);
    else
        add_roles(t, s->responsible, s->n_responsible, 0);
    add(t, ")");
}

static bool is_role_of(const Callout__V1__Role *roles, size_t count, Callout__V1__Role role)
{
    for (size_t i = 0; i < count; i++)
        if (roles[i] == role)
            return true;
    return false;
}

static const Callout__V1__Step *step_of(const struct asked *a)
{
    return a->policy->steps[a->at];
}

static const struct sla_step *state_of(const struct asked *a)
{
    return &a->fold->steps[a->at];
}

static const char *wrong_role(const struct asked *a, const char *does,
                              const Callout__V1__Role *roles, size_t count)
{
    struct text t = { .len = 0 };
    if (is_role_of(roles, count, a->command->role))
        return NULL;
    add(&t, "Only ");
    add_roles(&t, roles, count, 0);
    add(&t, " %s the step %s.", does, step_of(a)->key);
    return keep(&t, a->arena);
}

static const char *says(const struct asked *a, const char *what)
{
    struct text t = { .len = 0 };
    add(&t, "The step %s %s.", step_of(a)->key, what);
    return keep(&t, a->arena);
}

/* -- one rule for each act */

typedef const char *step_rule(const struct asked *a);

static const char *may_open(const struct asked *a)
{
    int64_t end_us = a->opened == NULL ? 0 : a->opened->community_until_us;
    if (step_of(a)->while_community && end_us != 0 && a->command->occurred_us >= end_us)
        return says(a, "is not offered: the community has ended this version of the product");
    if (state_of(a)->stage != SLA_STAGE_CLOSED)
        return says(a, state_of(a)->stage == SLA_STAGE_OPEN ? "is open already"
                                                            : "is done already: return it");
    return step_of(a)->n_open == 0 ? says(a, "opens by itself") : NULL;
}

static const char *what_comes_before(const struct asked *a)
{
    const Callout__V1__Step *s = step_of(a);
    struct text t = { .len = 0 };
    size_t count = 0;
    add(&t, "The step %s waits for ", s->key);
    bool *waits = co_arena_alloc(a->arena, a->policy->n_steps * sizeof(*waits));
    if (waits == NULL)
        return "The step waits for others.";
    memset(waits, 0, a->policy->n_steps * sizeof(*waits));
    struct sla_steps steps = { a->policy, a->fold->steps };
    if (sla_step_before(steps, a->at, waits) == 0)
        return NULL;
    for (size_t i = 0; i < a->policy->n_steps; i++) {
        if (!waits[i])
            continue;
        add(&t, "%s", count++ == 0 ? "" : ", ");
        add_owed(&t, a->policy->steps[i], &a->fold->steps[i]);
    }
    add(&t, ".");
    return keep(&t, a->arena);
}

static const char *may_be_done(const struct asked *a)
{
    const Callout__V1__Step *s = step_of(a);
    const Callout__V1__Document *d = a->command->document;
    const char *why = wrong_role(a, "may do", s->responsible, s->n_responsible);
    if (why != NULL)
        return why;
    if (!state_of(a)->is_needed)
        return says(a, "is not needed in this case");
    if (state_of(a)->stage == SLA_STAGE_DONE || state_of(a)->stage == SLA_STAGE_COMPLETE)
        return says(a, "is done already");
    if (s->document && (d == NULL || d->version[0] == '\0' || d->sha256.len == 0))
        return says(a, "is a deliverable: say name, version and hash of the document");
    return what_comes_before(a);
}

static const char *may_be_accepted(const struct asked *a)
{
    const Callout__V1__Step *s = step_of(a);
    if (s->n_accepted_by == 0)
        return says(a, "needs nobody to accept it");
    const char *why = wrong_role(a, "may accept", s->accepted_by, s->n_accepted_by);
    if (why != NULL)
        return why;
    if (state_of(a)->stage != SLA_STAGE_DONE)
        return says(a, state_of(a)->stage == SLA_STAGE_COMPLETE ? "is accepted already"
                                                                : "is not done yet");
    return (state_of(a)->accepted >> (unsigned)a->command->role & 1) != 0
               ? says(a, "was accepted in this role already")
               : NULL;
}

static const char *may_be_returned(const struct asked *a)
{
    const Callout__V1__Step *s = step_of(a);
    if (state_of(a)->stage != SLA_STAGE_DONE && state_of(a)->stage != SLA_STAGE_COMPLETE)
        return says(a, "is not done, so there is nothing to return");
    return is_role_of(s->responsible, s->n_responsible, a->command->role)
               ? NULL
               : wrong_role(a, "may return", s->n_accepted_by > 0 ? s->accepted_by : s->responsible,
                            s->n_accepted_by > 0 ? s->n_accepted_by : s->n_responsible);
}

static const char *may_be_skipped(const struct asked *a)
{
    const Callout__V1__Step *s = step_of(a);
    if (s->n_may_skip == 0)
        return says(a, "cannot be left out");
    const char *why = wrong_role(a, "may leave out", s->may_skip, s->n_may_skip);
    if (why == NULL && state_of(a)->stage == SLA_STAGE_COMPLETE)
        why = says(a, "is complete already");
    return why;
}

static const struct {
    Callout__V1__Act act;
    step_rule *rule;
} rows[] = {
    { ACT(STEP_OPENED), may_open },          { ACT(STEP_DONE), may_be_done },
    { ACT(STEP_ACCEPTED), may_be_accepted }, { ACT(STEP_RETURNED), may_be_returned },
    { ACT(STEP_SKIPPED), may_be_skipped },
};

static const char *unknown_step(const struct asked *a)
{
    struct text t = { .len = 0 };
    add(&t, "The policy has no step of this name; it has ");
    for (size_t i = 0; i < a->policy->n_steps; i++)
        add(&t, "%s%s", i == 0 ? "" : ", ", a->policy->steps[i]->key);
    add(&t, ".");
    return keep(&t, a->arena);
}

const char *sla_verdict_step(const Callout__V1__PolicyPack *policy, const struct sla_fold *fold,
                             const Callout__V1__CaseOpened *opened,
                             const Callout__V1__CommandReceived *command, Callout__V1__Act act,
                             struct co_arena *arena)
{
    if (policy->n_steps == 0)
        return "The policy has no steps.";
    if (command == NULL)
        return NULL;
    struct asked a = { policy, opened, fold, command, arena, sla_step_find(policy, command->name) };
    if (a.at == policy->n_steps)
        return unknown_step(&a);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].act == act)
            return rows[i].rule(&a);
    return NULL;
}

const char *sla_verdict_blocked(const Callout__V1__PolicyPack *policy, const struct sla_fold *fold,
                                Callout__V1__Act act, struct co_arena *arena)
{
    struct text t = { .len = 0 };
    size_t count = 0;
    add(&t, "First these steps have to be complete: ");
    for (size_t i = 0; i < policy->n_steps; i++) {
        const Callout__V1__Step *s = policy->steps[i];
        bool blocks = false;
        for (size_t k = 0; k < s->n_blocks; k++)
            blocks = blocks || s->blocks[k] == act;
        if (!blocks || !fold->steps[i].is_needed || fold->steps[i].stage == SLA_STAGE_COMPLETE)
            continue;
        add(&t, "%s", count++ == 0 ? "" : ", ");
        add_owed(&t, s, &fold->steps[i]);
    }
    add(&t, ".");
    return count == 0 ? NULL : keep(&t, arena);
}
