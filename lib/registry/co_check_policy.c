/* A policy pack as a whole: levels, conditions, bars, dispatch. */
#include <string.h>

#include "co_check.h"
#include "co_time.h"

#define WEIGHT_MAX_US (30 * CO_DAY_US)
#define CONFIRM_MAX_US (7 * CO_DAY_US)
#define LEVELS_MAX 9
#define AT_ONCE_MAX 8 /* as DISPATCH_AT_ONCE_MAX */

void check_severities(struct co_check *c, const char *field, const Callout__V1__PolicyPack *x,
                      const uint32_t *severities, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, field, i);
        check_range(c, "", severities[i], 1, (double)x->n_severities);
        check_pop(c, mark);
    }
}

void check_conditions(struct co_check *c, const char *field, const Callout__V1__PolicyPack *x,
                      char *const *names, size_t count)
{
    const char *known[CO_CHECK_NAMES];
    size_t n = 0;
    for (; n < x->n_conditions && n < CO_CHECK_NAMES; n++)
        known[n] = x->conditions[n]->key;
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, field, i);
        check_word(c, "", names[i], known, n);
        check_pop(c, mark);
    }
}

/* Whether the trait stands before place (level, i) of the pack. */
static bool is_said_before(const Callout__V1__PolicyPack *x, size_t level, size_t i,
                           const char *key)
{
    for (size_t l = 0; l <= level; l++)
        for (size_t t = 0; t < x->severities[l]->n_traits && !(l == level && t == i); t++)
            if (strcmp(x->severities[l]->traits[t]->key, key) == 0)
                return true;
    return false;
}

static void check_level(struct co_check *c, const Callout__V1__PolicyPack *x, size_t i)
{
    const Callout__V1__SeverityLevel *s = x->severities[i];
    size_t mark = check_push_index(c, "severities", i);
    if (s->level != i + 1)
        check_say(c, "level", "1 first, then 2, without gaps", "level %u stands at place %zu",
                  s->level, i + 1);
    check_text(c, "name", s->name);
    for (size_t t = 0; t < s->n_traits; t++) {
        size_t inner = check_push_index(c, "traits", t);
        check_name(c, "key", s->traits[t]->key);
        check_text(c, "title", s->traits[t]->title);
        if (is_said_before(x, i, t, s->traits[t]->key))
            check_say(c, "key", "each trait once", "\"%.64s\" stands before", s->traits[t]->key);
        check_pop(c, inner);
    }
    check_pop(c, mark);
}

/* A list of keys with titles, each once. */
static void check_declared(struct co_check *c, const char *field, const char *allowed,
                           Callout__V1__Condition *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, field, i);
        check_name(c, "key", list[i]->key);
        check_text(c, "title", list[i]->title);
        for (size_t j = 0; j < i; j++)
            if (strcmp(list[j]->key, list[i]->key) == 0)
                check_say(c, "key", allowed, "stands before");
        check_pop(c, mark);
    }
    if (count > CO_CHECK_NAMES)
        check_say(c, field, "at most 256", "there are too many");
}

/* A trait that says how bad a fault is cannot say too that it is not covered. */
static void check_held_traits(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    check_declared(c, "held_traits", "each trait once", x->held_traits, x->n_held_traits);
    for (size_t i = 0; i < x->n_held_traits; i++) {
        const char *key = x->held_traits[i]->key;
        size_t mark = check_push_index(c, "held_traits", i);
        if (x->n_severities > 0 && is_said_before(x, x->n_severities - 1, SIZE_MAX, key))
            check_say(c, "key", "a name of its own", "\"%.64s\" is a trait of a level", key);
        for (size_t j = 0; j < x->n_conditions; j++)
            if (strcmp(x->conditions[j]->key, key) == 0)
                check_say(c, "key", "a name of its own", "\"%.64s\" is a condition", key);
        check_pop(c, mark);
    }
}

static void check_bars(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    for (size_t i = 0; i < x->n_bars; i++) {
        const Callout__V1__Bar *b = x->bars[i];
        size_t mark = check_push_index(c, "bars", i);
        check_range(c, "from", b->from, 2, (double)x->n_severities);
        if (b->to < 1 || b->to >= b->from)
            check_say(c, "to", "a level worse than \"from\"", "%u is not worse than %u", b->to,
                      b->from);
        if (b->n_conditions == 0)
            check_say(c, "conditions", "conditions of the pack", "at least one is needed");
        check_conditions(c, "conditions", x, b->conditions, b->n_conditions);
        check_text(c, "title", b->title);
        check_pop(c, mark);
    }
}

static void check_weight(struct co_check *c, const char *field, int64_t us)
{
    if (us < 0 || us > WEIGHT_MAX_US)
        check_say(c, field, "a length of journey, up to 30d", "is out of range");
}

static void check_needs(struct co_check *c, const Callout__V1__PolicyPack *x,
                        const Callout__V1__DispatchRule *d)
{
    for (size_t i = 0; i < d->n_skills; i++) {
        size_t mark = check_push_index(c, "skills", i);
        check_key(c, "skill", d->skills[i]->skill);
        check_range(c, "level", d->skills[i]->level, 0, 3);
        check_severities(c, "severities", x, d->skills[i]->severities, d->skills[i]->n_severities);
        check_pop(c, mark);
    }
}

/* Who is asked, and when. */
static void check_choice(struct co_check *c, const Callout__V1__PolicyPack *x,
                         const Callout__V1__DispatchRule *d)
{
    check_weight(c, "fit", d->fit_us);
    check_weight(c, "load", d->load_us);
    check_weight(c, "fairness", d->fairness_us);
    if (d->n_confirm_us > x->n_severities)
        check_say(c, "confirm", "one for each level", "there are more than levels");
    for (size_t i = 0; i < d->n_confirm_us; i++)
        if (d->confirm_us[i] < 0 || d->confirm_us[i] > CONFIRM_MAX_US)
            check_say(c, "confirm", "up to 7d, or left out", "is out of range");
    for (size_t i = 0; i < d->n_circles_km; i++)
        if (d->circles_km[i] <= (i > 0 ? d->circles_km[i - 1] : 0))
            check_say(c, "circles_km", "rising, from 1", "%u is not farther than the circle before",
                      d->circles_km[i]);
    if (d->n_at_once > x->n_severities)
        check_say(c, "at_once", "one for each level", "there are more than levels");
    for (size_t i = 0; i < d->n_at_once; i++) {
        check_range(c, "at_once", d->at_once[i], 0, AT_ONCE_MAX);
        if (d->at_once[i] > d->offers)
            check_say(c, "at_once", "up to \"offers\"", "%u is more than are asked in all",
                      d->at_once[i]);
    }
    check_needs(c, x, d);
}

static void check_dispatch(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    const Callout__V1__DispatchRule *d = x->dispatch;
    if (d == NULL) {
        for (size_t i = 0; i < x->n_milestones; i++)
            if (x->milestones[i]->is_arrival)
                check_say(c, "dispatch", "offer, offer_min, preparation, speed_kmh ...",
                          "is needed by the milestone of arrival");
        return;
    }
    size_t mark = check_push(c, "dispatch");
    check_range(c, "speed_kmh", d->speed_kmh, 1, 1000);
    check_range(c, "offers", d->offers, 1, 100);
    if (d->offer_us <= 0 || d->offer_us > CO_DAY_US)
        check_say(c, "offer", "up to 24h", "is no length of an offer");
    if (d->offer_min_us <= 0 || d->offer_min_us > d->offer_us)
        check_say(c, "offer_min", "up to \"offer\"", "is no shortest length of an offer");
    if (d->preparation_us < 0 || d->preparation_us > CO_DAY_US)
        check_say(c, "preparation", "up to 24h", "is out of range");
    if (d->travel_fixed_us < 0 || d->travel_fixed_us > CO_DAY_US)
        check_say(c, "travel_fixed", "up to 24h", "is out of range");
    if (d->n_min_skill > x->n_severities)
        check_say(c, "min_skill", "one for each level", "there are more than levels");
    for (size_t i = 0; i < d->n_min_skill; i++)
        check_range(c, "min_skill", d->min_skill[i], 0, 3);
    check_choice(c, x, d);
    check_pop(c, mark);
}

void check_policy(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    check_text(c, "title", x->title);
    if (x->n_severities == 0 || x->n_severities > LEVELS_MAX)
        check_say(c, "severities", "1 to 9 levels", "there are %zu", x->n_severities);
    for (size_t i = 0; i < x->n_severities; i++)
        check_level(c, x, i);
    check_range(c, "default_severity", x->default_severity, 1, (double)x->n_severities);
    check_declared(c, "conditions", "each condition once", x->conditions, x->n_conditions);
    check_declared(c, "excluded", "each cause once", x->excluded, x->n_excluded);
    check_held_traits(c, x);
    check_pack_steps(c, x);
    check_staff(c, x);
    check_milestones(c, x);
    check_zones(c, x);
    check_bars(c, x);
    check_notices(c, x);
    check_dispatch(c, x);
    check_sessions(c, x);
    check_roles(c, "waivers", x->waivers, x->n_waivers);
    check_roles(c, "signers", x->signers, x->n_signers);
    check_roles(c, "archivers", x->archivers, x->n_archivers);
}
