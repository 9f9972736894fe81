#include "sla_wide.h"

#include <string.h>

#include "sla_input.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

/* -- calendars */

static bool is_same_pin(const Callout__V1__Pin *a, const Callout__V1__Pin *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->since == b->since && strcmp(a->key, b->key) == 0;
}

static bool has_pin(Callout__V1__Pin *const *list, size_t count, const Callout__V1__Pin *pin)
{
    for (size_t i = 0; i < count; i++)
        if (is_same_pin(list[i], pin))
            return true;
    return false;
}

/* In any order; each key stands once. */
static bool are_same_pins(const Callout__V1__CalendarRebased *a,
                          const Callout__V1__CalendarRebased *b)
{
    if (!is_same_pin(a->calendar, b->calendar) ||
        !is_same_pin(a->contract_calendar, b->contract_calendar) ||
        a->n_calendars != b->n_calendars)
        return false;
    for (size_t i = 0; i < a->n_calendars; i++)
        if (!has_pin(b->calendars, b->n_calendars, a->calendars[i]))
            return false;
    return true;
}

static bool counts_with(const Callout__V1__SlaState *state,
                        const Callout__V1__CalendarRebased *pins)
{
    if (state->rebased != NULL)
        return are_same_pins(state->rebased, pins);
    Callout__V1__CalendarRebased first = CALLOUT__V1__CALENDAR_REBASED__INIT;
    first.calendar = state->opened->calendar;
    first.contract_calendar = state->opened->contract_calendar;
    first.calendars = state->opened->calendars;
    first.n_calendars = state->opened->n_calendars;
    return are_same_pins(&first, pins);
}

static enum co_err rebase(struct sla_case *c, const struct sla_wide *wide, struct sla_events *ret)
{
    Callout__V1__CalendarRebased *r = sla_events_new(ret, c->arena, BODY(CALENDAR_REBASED),
                                                     &callout__v1__calendar_rebased__descriptor);
    if (r == NULL)
        return CO_ENOMEM;
    r->calendar = wide->calendars->calendar;
    r->contract_calendar = wide->calendars->contract_calendar;
    r->calendars = wide->calendars->calendars;
    r->n_calendars = wide->calendars->n_calendars;
    r->registry_version = wide->registry_version;
    c->state->rebased = r;
    return CO_OK;
}

/* -- exclusions */

struct news {
    struct sla_case *c;
    const struct sla_wide *wide;
    int64_t ended_us; /* INT64_MAX: open */
    struct sla_events *ret;
};

static bool is_listed(const Callout__V1__PolicyPack *policy, const Callout__V1__Exclusion *x)
{
    for (size_t i = 0; i < policy->n_excluded; i++)
        if (strcmp(policy->excluded[i]->key, x->cause) == 0)
            return true;
    return false;
}

bool sla_wide_is_over(const Callout__V1__Exclusion *x, int64_t reported_us)
{
    return x->until_us != 0 && x->until_us <= reported_us;
}

/* Whether it may move a clock of the case. NULL: none is there. */
static bool concerns(const struct news *n, const Callout__V1__Exclusion *x)
{
    return x != NULL && is_listed(n->c->policy, x) && x->from_us <= n->ended_us &&
           !sla_wide_is_over(x, n->c->state->opened->reported_us);
}

static bool is_same_title(const Callout__V1__Text *a, const Callout__V1__Text *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return strcmp(a->zh, b->zh) == 0 && strcmp(a->en, b->en) == 0;
}

static bool is_same(const Callout__V1__Exclusion *a, const Callout__V1__Exclusion *b)
{
    return a != NULL && a->from_us == b->from_us && a->until_us == b->until_us &&
           strcmp(a->cause, b->cause) == 0 && is_same_title(a->title, b->title);
}

static enum co_err say(const struct news *n, Callout__V1__Exclusion *x, bool is_withdrawn)
{
    Callout__V1__Excluded *e =
        sla_events_new(n->ret, n->c->arena, BODY(EXCLUDED), &callout__v1__excluded__descriptor);
    if (e == NULL)
        return CO_ENOMEM;
    e->exclusion = x;
    e->withdrawn = is_withdrawn;
    e->registry_version = n->wide->registry_version;
    return sla_input_exclusion(n->c->state, n->c->arena, x, is_withdrawn);
}

static enum co_err declare(const struct news *n)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; err == CO_OK && i < n->wide->exclusion_count; i++) {
        Callout__V1__Exclusion *x = n->wide->exclusions[i];
        const Callout__V1__Exclusion *was = sla_input_find_exclusion(n->c->state, x->key);
        if (!is_same(was, x) && (concerns(n, x) || concerns(n, was)))
            err = say(n, x, false);
    }
    return err;
}

static bool is_declared(const struct sla_wide *wide, const char *key)
{
    for (size_t i = 0; i < wide->exclusion_count; i++)
        if (strcmp(wide->exclusions[i]->key, key) == 0)
            return true;
    return false;
}

static enum co_err take_back(const struct news *n)
{
    Callout__V1__Exclusion *const *held = n->c->state->exclusions; /* each say() makes a new list */
    size_t count = n->c->state->n_exclusions;
    enum co_err err = CO_OK;
    for (size_t i = 0; err == CO_OK && i < count; i++)
        if (!is_declared(n->wide, held[i]->key) && concerns(n, held[i]))
            err = say(n, held[i], true);
    return err;
}

/* -- */

bool sla_case_has_ended(const struct sla_case *c)
{
    for (size_t i = c->state->n_announced; i > 0; i--)
        if (c->state->announced[i - 1]->body_case == BODY(CASE_CLOSED))
            return true;
    return false;
}

/* The end as the inputs have it now: since it was announced they may have undone or moved it. */
static enum co_err find_end(const struct sla_case *c, int64_t *ret_us)
{
    struct sla_fold f = { .is_closed = false };
    enum co_err err = CO_OK;
    if (sla_case_has_ended(c)) {
        co_arena_reset(c->scratch);
        err = sla_case_fold(c, c->scratch, sla_case_now_us(c), &f);
    }
    *ret_us = f.is_closed ? f.closed_us : INT64_MAX;
    return err;
}

enum co_err sla_case_catch_up(struct sla_case *c, const struct sla_wide *wide,
                              struct sla_events *ret)
{
    if (sla_case_is_held(c))
        return CO_OK;
    struct news n = { .c = c, .wide = wide, .ret = ret };
    enum co_err err = find_end(c, &n.ended_us);
    if (err == CO_OK && n.ended_us == INT64_MAX && wide->calendars != NULL &&
        !counts_with(c->state, wide->calendars))
        err = rebase(c, wide, ret);
    if (err == CO_OK)
        err = declare(&n);
    if (err == CO_OK)
        err = take_back(&n);
    if (err == CO_OK)
        c->state->registry_seen = wide->registry_version;
    return err;
}
