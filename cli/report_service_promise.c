/* The promises of one case of a service report: what became of them, why, and what it costs. */
#include <string.h>

#include "report_service_look.h"
#include "sla_events.h"

enum { HELD_MAX = 3 /* of those who held a case while a promise was missed */ };

/* -- parts of the message */

void *look_list(struct report_look *k, size_t n)
{
    return co_arena_alloc(k->arena, (n + 1) * sizeof(void *));
}

Callout__V1__TimePart *look_part(struct report_look *k, enum sla_holder holder, int64_t length_us)
{
    Callout__V1__TimePart *p = sla_message_new(k->arena, &callout__v1__time_part__descriptor);
    if (p == NULL || (p->holder = co_arena_strdup(k->arena, sla_holder_name(holder))) == NULL)
        return NULL;
    p->length_us = length_us;
    return p;
}

void look_lengths(const struct report_look *k, int64_t from_us, int64_t until_us,
                  int64_t ret[static SLA_HOLDERS])
{
    for (size_t i = 0; i < k->ledger.span_count; i++) {
        const struct sla_ledger_span *s = &k->ledger.spans[i];
        int64_t length_us = look_earlier(s->until_us, until_us) - look_later(s->from_us, from_us);
        ret[s->holder] += look_later(length_us, 0);
    }
}

/* Who held it the longest between start and due. */
static bool put_held(struct report_look *k, const struct sla_clock *clock,
                     Callout__V1__ServicePromise *to)
{
    int64_t length_us[SLA_HOLDERS] = { 0 };
    look_lengths(k, clock->start_us, clock->due_us, length_us);
    if ((to->held = look_list(k, HELD_MAX)) == NULL)
        return false;
    for (; to->n_held < HELD_MAX; to->n_held++) {
        size_t most = 0;
        for (size_t i = 1; i < SLA_HOLDERS; i++)
            most = length_us[i] > length_us[most] ? i : most;
        if (length_us[most] == 0)
            return true;
        to->held[to->n_held] = look_part(k, (enum sla_holder)most, length_us[most]);
        if (to->held[to->n_held] == NULL)
            return false;
        length_us[most] = 0;
    }
    return true;
}

static bool stops(const struct report_look *k, const char *cause)
{
    for (size_t i = 0; i < k->c.policy->n_excluded; i++)
        if (strcmp(k->c.policy->excluded[i]->key, cause) == 0)
            return true;
    return false;
}

static bool is_excluded(const struct report_look *k, const char *cause)
{
    const Callout__V1__Liability *l = k->terms->liability;
    for (size_t i = 0; l != NULL && i < l->n_excluded; i++)
        if (strcmp(l->excluded[i], cause) == 0)
            return true;
    return false;
}

static bool put_exclusions(struct report_look *k, const struct sla_clock *clock, int64_t end_us,
                           Callout__V1__ServicePromise *to)
{
    if ((to->exclusions = look_list(k, k->declared.count)) == NULL)
        return false;
    for (size_t i = 0; i < k->declared.count; i++) {
        const Callout__V1__Exclusion *x = k->declared.exclusion[i];
        int64_t until_us = x->until_us == 0 ? end_us : look_earlier(x->until_us, end_us);
        int64_t length_us = until_us - look_later(x->from_us, clock->start_us);
        if (length_us <= 0)
            continue;
        Callout__V1__ServiceExclusion *e =
            sla_message_new(k->arena, &callout__v1__service_exclusion__descriptor);
        if (e == NULL)
            return false;
        e->key = x->key;
        e->title = x->title;
        e->cause = x->cause;
        e->from_us = x->from_us;
        e->until_us = x->until_us;
        e->length_us = length_us;
        e->stops = stops(k, x->cause);
        e->excluded = is_excluded(k, x->cause);
        to->exclusions[to->n_exclusions++] = e;
    }
    return true;
}

/* -- promises */

/* NULL: nothing that is counted became of it. */
static char *state_of(const struct sla_clock *clock)
{
    static char met[] = "met", missed[] = "missed", overdue[] = "overdue", running[] = "running";
    if (clock->is_breached)
        return clock->state == SLA_CLOCK_OPEN ? overdue : missed;
    if (clock->state == SLA_CLOCK_MET)
        return met;
    return clock->state == SLA_CLOCK_OPEN && clock->promise != NULL ? running : NULL;
}

static void count(Callout__V1__ServiceCase *to, const char *state)
{
    to->met += strcmp(state, "met") == 0;
    to->missed += strcmp(state, "missed") == 0;
    to->overdue += strcmp(state, "overdue") == 0;
    to->running += strcmp(state, "running") == 0;
}

static Callout__V1__ServicePromise *promise_of(struct report_look *k, const struct sla_clock *clock,
                                               char *state)
{
    Callout__V1__ServicePromise *p =
        sla_message_new(k->arena, &callout__v1__service_promise__descriptor);
    bool is_open = clock->state == SLA_CLOCK_OPEN;
    int64_t end_us = is_open ? k->r->end_us : clock->ended_us;
    if (p == NULL)
        return NULL;
    p->milestone = clock->milestone->name;
    p->title = clock->milestone->title;
    p->generation = clock->generation;
    p->severity = clock->goal.severity;
    p->state = state;
    p->start_us = clock->start_us;
    p->due_us = clock->due_us;
    p->end_us = is_open ? 0 : clock->ended_us;
    if (!clock->is_breached)
        return p;
    p->late_us = end_us - clock->due_us;
    return put_held(k, clock, p) && put_exclusions(k, clock, end_us, p) ? p : NULL;
}

static bool put_penalty(struct report_look *k, size_t ordinal, const struct sla_penalty *penalty,
                        Callout__V1__ServicePromise *promise)
{
    struct report_service_owed *owed = &k->owed[k->owed_count];
    *owed = (struct report_service_owed){ .ended_us = penalty->until_us,
                                          .goes_on = penalty->goes_on,
                                          .case_id = k->stored->case_id,
                                          .ordinal = (uint32_t)ordinal,
                                          .cents = penalty->cents,
                                          .cap_cents = sla_penalty_cap(k->terms),
                                          .period_us = k->terms->from_us };
    k->said[k->owed_count++] = promise == NULL ? SIZE_MAX : k->to->n_promises;
    if (promise == NULL)
        return true;
    Callout__V1__ServicePenalty *p =
        sla_message_new(k->arena, &callout__v1__service_penalty__descriptor);
    if (p == NULL)
        return false;
    p->late_us = penalty->late_us;
    p->excluded_us = penalty->excluded_us;
    p->hours = penalty->hours;
    p->cents = penalty->cents;
    p->so_far = penalty->goes_on;
    promise->penalty = p;
    return true;
}

static bool put_clock(struct report_look *k, size_t ordinal)
{
    const struct sla_clock *clock = k->fold.clocks[ordinal];
    char *state = clock->milestone->internal ? NULL : state_of(clock);
    bool is_before = clock->state != SLA_CLOCK_OPEN && clock->ended_us < k->r->from_us;
    Callout__V1__ServicePromise *promise = NULL;
    struct sla_penalty penalty;
    if (state == NULL)
        return true;
    if (k->to != NULL && !is_before && (promise = promise_of(k, clock, state)) == NULL)
        return false;
    if (k->terms->liability != NULL &&
        sla_penalty_of(k->terms->liability, clock, k->declared, k->r->end_us, &penalty) &&
        !put_penalty(k, ordinal, &penalty, promise))
        return false;
    if (promise == NULL)
        return true;
    count(k->to, state);
    k->to->promises[k->to->n_promises++] = promise;
    return true;
}

bool look_promises(struct report_look *k)
{
    size_t n = k->fold.clock_count;
    k->owed = co_arena_alloc(k->arena, (n + 1) * sizeof(k->owed[0]));
    k->said = co_arena_alloc(k->arena, (n + 1) * sizeof(k->said[0]));
    if (k->owed == NULL || k->said == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!put_clock(k, i))
            return false;
    return true;
}
