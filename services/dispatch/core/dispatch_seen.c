#include "dispatch_seen.h"

#include <stdlib.h>

static char *lend(const char *text)
{
    return (char *)(uintptr_t)text;
}

/* What came of it in this turn: an offer, or that nobody can be asked. NULL: nothing. */
static const Callout__V1__Event *outcome_of(const struct dispatch_order *o)
{
    for (size_t i = o->event_count; i > 0; i--) {
        const Callout__V1__Event *e = o->events[i - 1];
        if (e->body_case == CALLOUT__V1__EVENT__BODY_OFFERED ||
            e->body_case == CALLOUT__V1__EVENT__BODY_NOBODY_LEFT)
            return e;
    }
    return NULL;
}

static bool came_to_a_choice(const struct dispatch_seen *seen)
{
    return seen->pool->count == 0 || seen->whys[0] != DISPATCH_WHYS;
}

static int by_miss(const void *a, const void *b)
{
    return dispatch_miss_compare(a, b);
}

static Callout__V1__PassedOver *passed_over(struct dispatch_order *o, const struct dispatch_miss *m)
{
    const struct dispatch_candidate *c = m->candidate;
    Callout__V1__PassedOver *p = dispatch_order_alloc(o, sizeof(*p));
    if (p == NULL)
        return NULL;
    callout__v1__passed_over__init(p);
    p->engineer = lend(c->engineer);
    p->office = lend(c->office);
    p->km = c->km;
    p->travel_us = c->travel_us;
    p->skill = c->skill;
    p->why = lend(dispatch_why_name(m->why));
    if (m->why == DISPATCH_DAY_FULL)
        p->per_day = c->per_day;
    if (m->why == DISPATCH_OFF_DUTY && c->free_from_us != DISPATCH_NEVER_ON_DUTY)
        p->free_from_us = c->free_from_us;
    if (m->why == DISPATCH_BUSY)
        p->held_by = (uint64_t)c->held_by;
    if (m->why == DISPATCH_BOOKED)
        p->held_by = (uint64_t)c->booked_by;
    return p;
}

static void put_others(struct dispatch_order *o, Callout__V1__Choice *choice,
                       const struct dispatch_miss *misses, size_t count)
{
    choice->others = dispatch_order_alloc(o, (count + 1) * sizeof(*choice->others));
    for (size_t i = 0; o->err == CO_OK && i < count; i++)
        if ((choice->others[i] = passed_over(o, &misses[i])) != NULL)
            choice->n_others++;
}

static void put_rest(struct dispatch_order *o, Callout__V1__Choice *choice,
                     const struct dispatch_miss *misses, size_t count)
{
    uint64_t counts[DISPATCH_WHYS] = { 0 };
    for (size_t i = 0; i < count; i++)
        counts[misses[i].why]++;
    choice->rest = dispatch_order_alloc(o, DISPATCH_WHYS * sizeof(*choice->rest));
    for (enum dispatch_why why = 0; o->err == CO_OK && why < DISPATCH_WHYS; why++) {
        Callout__V1__PassedOverCount *row =
            counts[why] == 0 ? NULL : dispatch_order_alloc(o, sizeof(*row));
        if (row == NULL)
            continue;
        callout__v1__passed_over_count__init(row);
        row->why = lend(dispatch_why_name(why));
        row->count = counts[why];
        choice->rest[choice->n_rest++] = row;
    }
}

/* Everybody but whom it was offered to. */
static void put_misses(struct dispatch_order *o, Callout__V1__Choice *choice,
                       const struct dispatch_seen *seen)
{
    size_t count = 0;
    struct dispatch_miss *misses =
        dispatch_order_alloc(o, (seen->pool->count + 1) * sizeof(*misses));
    if (misses == NULL)
        return;
    for (size_t i = 0; i < seen->pool->count; i++)
        if (seen->whys[i] != DISPATCH_PICKED)
            misses[count++] = (struct dispatch_miss){ &seen->pool->candidates[i], seen->whys[i] };
    if (count > 0)
        qsort(misses, count, sizeof(*misses), by_miss);
    size_t kept = count < DISPATCH_SEEN_OTHERS ? count : DISPATCH_SEEN_OTHERS;
    put_others(o, choice, misses, kept);
    put_rest(o, choice, misses + kept, count - kept);
}

Callout__V1__Choice *dispatch_seen_make(struct dispatch_order *o, const struct dispatch_seen *seen)
{
    const Callout__V1__Event *outcome = outcome_of(o);
    if (outcome == NULL || !came_to_a_choice(seen))
        return NULL;
    Callout__V1__Choice *choice = dispatch_order_alloc(o, sizeof(*choice));
    if (choice == NULL)
        return NULL;
    callout__v1__choice__init(choice);
    choice->at_us = seen->need.now_us;
    choice->generation = o->state->newest;
    choice->deadline_us = seen->need.deadline_us;
    choice->severity = o->state->severity;
    choice->min_skill = seen->need.min_skill;
    choice->registry_version = seen->registry_version;
    if (outcome->body_case == CALLOUT__V1__EVENT__BODY_OFFERED) {
        choice->engineer = outcome->offered->engineer;
        choice->generation = outcome->offered->generation;
    } else {
        choice->missing = outcome->nobody_left->missing;
    }
    put_misses(o, choice, seen);
    return o->err == CO_OK ? choice : NULL;
}
