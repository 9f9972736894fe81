/* Acts of steps, and the steps that stand in the way of other decisions. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sla_lists.h"
#include "sla_names.h"
#include "sla_step.h"
#include "sla_verdict_impl.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

enum { SENTENCE_MAX = 512 };

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

static void add_roles(struct text *t, const Callout__V1__Role *roles, size_t count,
                      uint32_t but_roles)
{
    bool is_first = true;
    for (size_t i = 0; i < count; i++) {
        char name[SLA_NAME_TEXT];
        if ((unsigned)roles[i] < 32 && (but_roles >> (unsigned)roles[i] & 1) != 0)
            continue;
        sla_name_of_role(roles[i], name);
        add(t, "%s%s", is_first ? "" : " or ", name);
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

/* The step that the command names; the pack has it. */
static size_t place_of(const struct judged *j)
{
    return sla_step_find(j->c->policy, j->command->name);
}

static const Callout__V1__Step *step_of(const struct judged *j)
{
    return j->c->policy->steps[place_of(j)];
}

static const struct sla_step *state_of(const struct judged *j)
{
    return &j->fold->steps[place_of(j)];
}

static const char *wrong_role(const struct judged *j, const char *does,
                              const Callout__V1__Role *roles, size_t count)
{
    struct text t = { .len = 0 };
    if (sla_has_role(roles, count, j->command->role))
        return NULL;
    add(&t, "Only ");
    add_roles(&t, roles, count, 0);
    add(&t, " %s the step %s.", does, step_of(j)->key);
    return sla_say(j, "%s", t.bytes);
}

static const char *says(const struct judged *j, const char *what)
{
    struct text t = { .len = 0 };
    add(&t, "The step %s %s.", step_of(j)->key, what);
    return sla_say(j, "%s", t.bytes);
}

/* -- one rule for each act */

static const char *may_open(const struct judged *j)
{
    const Callout__V1__CaseOpened *opened = j->c->state->opened;
    int64_t end_us = opened == NULL ? 0 : opened->community_until_us;
    if (step_of(j)->while_community && end_us != 0 && j->command->occurred_us >= end_us)
        return says(j, "is not offered: the community has ended this version of the product");
    if (state_of(j)->stage != SLA_STAGE_CLOSED)
        return says(j, state_of(j)->stage == SLA_STAGE_OPEN ? "is open already"
                                                            : "is done already: return it");
    return step_of(j)->n_open == 0 ? says(j, "opens by itself") : NULL;
}

static const char *what_comes_before(const struct judged *j)
{
    const Callout__V1__Step *s = step_of(j);
    struct text t = { .len = 0 };
    size_t count = 0;
    add(&t, "The step %s waits for ", s->key);
    bool *waits = co_arena_alloc(j->c->arena, j->c->policy->n_steps * sizeof(*waits));
    if (waits == NULL)
        return "The step waits for others.";
    memset(waits, 0, j->c->policy->n_steps * sizeof(*waits));
    struct sla_steps steps = { j->c->policy, j->fold->steps };
    if (sla_step_before(steps, place_of(j), waits) == 0)
        return NULL;
    for (size_t i = 0; i < j->c->policy->n_steps; i++) {
        if (!waits[i])
            continue;
        add(&t, "%s", count++ == 0 ? "" : ", ");
        add_owed(&t, j->c->policy->steps[i], &j->fold->steps[i]);
    }
    add(&t, ".");
    return sla_say(j, "%s", t.bytes);
}

static const char *may_be_done(const struct judged *j)
{
    const Callout__V1__Step *s = step_of(j);
    const Callout__V1__Document *d = j->command->document;
    const char *why = wrong_role(j, "may do", s->responsible, s->n_responsible);
    if (why != NULL)
        return why;
    if (!state_of(j)->is_needed)
        return says(j, "is not needed in this case");
    if (state_of(j)->stage == SLA_STAGE_DONE || state_of(j)->stage == SLA_STAGE_COMPLETE)
        return says(j, "is done already");
    if (s->document && (d == NULL || d->version[0] == '\0' || d->sha256.len == 0))
        return says(j, "is a deliverable: say name, version and hash of the document");
    return what_comes_before(j);
}

static const char *may_be_accepted(const struct judged *j)
{
    const Callout__V1__Step *s = step_of(j);
    if (s->n_accepted_by == 0)
        return says(j, "needs nobody to accept it");
    const char *why = wrong_role(j, "may accept", s->accepted_by, s->n_accepted_by);
    if (why != NULL)
        return why;
    if (state_of(j)->stage != SLA_STAGE_DONE)
        return says(j, state_of(j)->stage == SLA_STAGE_COMPLETE ? "is accepted already"
                                                                : "is not done yet");
    return (state_of(j)->accepted >> (unsigned)j->command->role & 1) != 0
               ? says(j, "was accepted in this role already")
               : NULL;
}

static const char *may_be_returned(const struct judged *j)
{
    const Callout__V1__Step *s = step_of(j);
    if (state_of(j)->stage != SLA_STAGE_DONE && state_of(j)->stage != SLA_STAGE_COMPLETE)
        return says(j, "is not done, so there is nothing to return");
    return sla_has_role(s->responsible, s->n_responsible, j->command->role)
               ? NULL
               : wrong_role(j, "may return", s->n_accepted_by > 0 ? s->accepted_by : s->responsible,
                            s->n_accepted_by > 0 ? s->n_accepted_by : s->n_responsible);
}

static const char *may_be_skipped(const struct judged *j)
{
    const Callout__V1__Step *s = step_of(j);
    if (s->n_may_skip == 0)
        return says(j, "cannot be left out");
    const char *why = wrong_role(j, "may leave out", s->may_skip, s->n_may_skip);
    if (why == NULL && state_of(j)->stage == SLA_STAGE_COMPLETE)
        why = says(j, "is complete already");
    return why;
}

static const struct {
    Callout__V1__Act act;
    check_rule *rule;
} rows[] = {
    { ACT(STEP_OPENED), may_open },          { ACT(STEP_DONE), may_be_done },
    { ACT(STEP_ACCEPTED), may_be_accepted }, { ACT(STEP_RETURNED), may_be_returned },
    { ACT(STEP_SKIPPED), may_be_skipped },
};

static const char *unknown_step(const struct judged *j)
{
    struct text t = { .len = 0 };
    add(&t, "The policy has no step of this name; it has ");
    for (size_t i = 0; i < j->c->policy->n_steps; i++)
        add(&t, "%s%s", i == 0 ? "" : ", ", j->c->policy->steps[i]->key);
    add(&t, ".");
    return sla_say(j, "%s", t.bytes);
}

const char *sla_may_step(const struct judged *j)
{
    if (j->c->policy->n_steps == 0)
        return "The policy has no steps.";
    if (j->command == NULL)
        return NULL;
    if (place_of(j) == j->c->policy->n_steps)
        return unknown_step(j);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].act == j->command->act)
            return rows[i].rule(j);
    return NULL;
}

const char *sla_blocked_by_steps(const struct judged *j, Callout__V1__Act act)
{
    const Callout__V1__PolicyPack *p = j->c->policy;
    struct text t = { .len = 0 };
    size_t count = 0;
    add(&t, "First these steps have to be complete: ");
    for (size_t i = 0; i < p->n_steps; i++) {
        const Callout__V1__Step *s = p->steps[i];
        const struct sla_step *state = &j->fold->steps[i];
        if (!sla_has_act(s->blocks, s->n_blocks, act) || !state->is_needed ||
            state->stage == SLA_STAGE_COMPLETE)
            continue;
        add(&t, "%s", count++ == 0 ? "" : ", ");
        add_owed(&t, s, state);
    }
    add(&t, ".");
    return count == 0 ? NULL : sla_say(j, "%s", t.bytes);
}
