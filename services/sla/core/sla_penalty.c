#include "sla_penalty.h"

#include <string.h>

#include "co_time.h"

static bool fits(const Callout__V1__Penalty *p, const struct sla_clock *clock)
{
    bool is_level = p->n_severities == 0;
    for (size_t i = 0; i < p->n_severities; i++)
        is_level = is_level || p->severities[i] == clock->goal.severity;
    return is_level &&
           (p->milestone[0] == '\0' || strcmp(p->milestone, clock->milestone->name) == 0);
}

static const Callout__V1__Penalty *find_rule(const Callout__V1__Liability *l,
                                             const struct sla_clock *clock)
{
    for (size_t i = 0; i < l->n_penalties; i++)
        if (fits(l->penalties[i], clock))
            return l->penalties[i];
    return NULL;
}

static bool is_excluded(const Callout__V1__Liability *l, const Callout__V1__Exclusion *x)
{
    for (size_t i = 0; i < l->n_excluded; i++)
        if (strcmp(l->excluded[i], x->cause) == 0)
            return true;
    return false;
}

static int64_t end_of(const Callout__V1__Exclusion *x)
{
    return x->until_us == 0 ? INT64_MAX : x->until_us;
}

/* The end of all that hangs together from at_us on: at_us where nothing is in force. */
static int64_t covered_until(const Callout__V1__Liability *l, struct sla_declared d, int64_t at_us)
{
    int64_t until_us = at_us;
    for (bool moves = true; moves;) {
        moves = false;
        for (size_t i = 0; i < d.count; i++) {
            const Callout__V1__Exclusion *x = d.exclusion[i];
            if (is_excluded(l, x) && x->from_us <= until_us && end_of(x) > until_us) {
                until_us = end_of(x);
                moves = true;
            }
        }
    }
    return until_us;
}

/* When the next one begins after at_us. */
static int64_t next_begin(const Callout__V1__Liability *l, struct sla_declared d, int64_t at_us,
                          int64_t otherwise_us)
{
    int64_t next_us = otherwise_us;
    for (size_t i = 0; i < d.count; i++) {
        const Callout__V1__Exclusion *x = d.exclusion[i];
        if (is_excluded(l, x) && x->from_us > at_us && end_of(x) > x->from_us &&
            x->from_us < next_us)
            next_us = x->from_us;
    }
    return next_us;
}

int64_t sla_penalty_excluded_us(const Callout__V1__Liability *l, struct sla_declared d,
                                int64_t from_us, int64_t until_us)
{
    int64_t sum_us = 0;
    for (int64_t at_us = from_us; at_us < until_us;) {
        int64_t end_us = covered_until(l, d, at_us);
        end_us = end_us < until_us ? end_us : until_us;
        sum_us += end_us - at_us;
        at_us = next_begin(l, d, end_us, until_us);
    }
    return sum_us;
}

bool sla_penalty_of(const Callout__V1__Liability *liability, const struct sla_clock *clock,
                    struct sla_declared declared, int64_t now_us, struct sla_penalty *ret)
{
    if (!clock->is_breached || clock->milestone->internal)
        return false;
    struct sla_penalty p = { .rule = find_rule(liability, clock),
                             .goes_on = clock->state == SLA_CLOCK_OPEN };
    if (p.rule == NULL)
        return false;
    int64_t from_us = clock->due_us + p.rule->grace_us;
    p.until_us = p.goes_on ? now_us : clock->ended_us;
    if (from_us < p.until_us) {
        p.excluded_us = sla_penalty_excluded_us(liability, declared, from_us, p.until_us);
        p.late_us = p.until_us - from_us - p.excluded_us;
    }
    if (p.late_us > 0) {
        p.hours = (p.late_us + CO_HOUR_US - 1) / CO_HOUR_US;
        p.cents = p.rule->per_case_cents + p.hours * p.rule->per_hour_cents;
    }
    if (p.rule->cap_cents != 0 && p.cents > p.rule->cap_cents)
        p.cents = p.rule->cap_cents;
    *ret = p;
    return true;
}

int64_t sla_penalty_cap(const Callout__V1__Contract *terms)
{
    if (terms->liability != NULL && terms->liability->cap_cents != 0)
        return terms->liability->cap_cents;
    return terms->price != NULL ? terms->price->cents : 0;
}
