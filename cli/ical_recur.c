#include <string.h>

#include "ical.h"

/* A rule is followed so far and no further: "every second" never ends. */
enum { OCCURRENCES_MAX = 200 * 1000 };

bool ical_is_same(struct icaltimetype a, struct icaltimetype b)
{
    if (a.is_date || b.is_date)
        return icaltime_compare_date_only(a, b) == 0;
    return icaltime_compare(a, b) == 0;
}

const struct ical_event *ical_override(const struct ical *s, const struct ical_event *e,
                                       struct icaltimetype t)
{
    size_t low = 0, high = s->overrides;
    if (!icaltime_is_null_time(e->replaces))
        return NULL;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (strcmp(s->override[mid]->uid, e->uid) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    for (; low < s->overrides && strcmp(s->override[low]->uid, e->uid) == 0; low++)
        if (ical_is_same(s->override[low]->replaces, t))
            return s->override[low];
    return NULL;
}

/* Where starts go. */
struct taking {
    struct ical *s;
    const struct ical_event *e;
    ical_each *each;
    void *arg;
};

/* Unless EXDATE takes it out. */
static void give(const struct taking *k, struct icaltimetype t)
{
    struct icaltimetype out;
    for (size_t i = 0; i < k->e->out.count; i++)
        if (ical_time_of(k->s, k->e, k->e->out.item[i], &out) && ical_is_same(out, t))
            return;
    k->each(k->arg, k->e, t);
}

void ical_each_named(struct ical *s, const struct ical_event *e, ical_each *each, void *arg)
{
    struct taking k = { s, e, each, arg };
    struct icaltimetype t;
    if (e->is_cancelled)
        return;
    if (e->rules.count == 0)
        give(&k, e->start);
    for (size_t i = 0; i < e->more.count; i++)
        if (ical_time_of(s, e, e->more.item[i], &t))
            give(&k, t);
}

/* One rule; the iterator is the caller's. */
static void follow(const struct taking *k, icalrecur_iterator *iterator, int32_t first,
                   int32_t last)
{
    for (int i = 0; i < OCCURRENCES_MAX; i++) {
        struct icaltimetype t = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(t) || t.year > last)
            return;
        if (t.year >= first && !ical_is_same(t, k->e->start))
            give(k, t);
    }
    ical_problem(k->s, k->e->where, "RRULE: more than %d times by the end of %d", OCCURRENCES_MAX,
                 (int)last);
}

void ical_each_recurring(struct ical *s, const struct ical_event *e, int32_t first, int32_t last,
                         ical_each *each, void *arg)
{
    struct taking k = { s, e, each, arg };
    if (e->is_cancelled || e->rules.count == 0)
        return;
    if (e->start.year >= first && e->start.year <= last) /* counts, whatever the rules say */
        give(&k, e->start);
    for (size_t i = 0; i < e->rules.count; i++) {
        icalproperty *rule = e->rules.item[i];
        icalrecur_iterator *iterator =
            icalrecur_iterator_new(icalproperty_get_rrule(rule), e->start);
        if (iterator == NULL)
            ical_problem(s, e->where, "RRULE: this rule cannot be followed: %s",
                         icalproperty_get_value_as_string(rule));
        else
            follow(&k, iterator, first, last);
        icalrecur_iterator_free(iterator);
    }
}
