#include <string.h>

#include "co_time.h"
#include "holidays_ical.h"

/* A rule is followed so far and no further: "every second" never ends. */
enum { DAY_S = 24 * 3600, OCCURRENCES_MAX = 200 * 1000 };

static bool is_same(struct icaltimetype a, struct icaltimetype b)
{
    if (a.is_date || b.is_date)
        return icaltime_compare_date_only(a, b) == 0;
    return icaltime_compare(a, b) == 0;
}

/* Taken out by EXDATE, or moved by another event of the same UID. */
static bool is_excluded(struct ical_source *s, const struct ical_event *e, struct icaltimetype t)
{
    struct icaltimetype out;
    for (size_t i = 0; i < e->out.count; i++)
        if (ical_time_of(s, e, e->out.item[i], &out) && is_same(out, t))
            return true;
    for (size_t i = 0; i < s->events && icaltime_is_null_time(e->replaces); i++)
        if (&s->event[i] != e && !icaltime_is_null_time(s->event[i].replaces) &&
            strcmp(s->event[i].uid, e->uid) == 0 && is_same(s->event[i].replaces, t))
            return true;
    return false;
}

static bool make_room(struct ical_source *s)
{
    if (s->spans < s->cap)
        return true;
    size_t cap = s->cap == 0 ? 256 : s->cap * 2;
    struct ical_span *larger =
        s->spans >= HOLIDAYS_MAX ? NULL : co_arena_alloc(s->h->cli->arena, cap * sizeof(larger[0]));
    if (larger == NULL)
        return false;
    if (s->spans > 0)
        memcpy(larger, s->span, s->spans * sizeof(larger[0]));
    s->span = larger;
    s->cap = cap;
    return true;
}

/* The whole local days from `t` on; first > last: none. */
static void find_days(const struct ical_source *s, const struct ical_event *e,
                      struct icaltimetype t, struct ical_span *ret)
{
    struct icaltimetype end = t;
    icaltime_adjust(&end, (int)(e->length_s / DAY_S), 0, 0, (int)(e->length_s % DAY_S));
    if (s->zone != NULL && t.zone != NULL && !t.is_date) {
        t = icaltime_convert_to_zone(t, s->zone);
        end = icaltime_convert_to_zone(end, s->zone);
    }
    ret->event = e;
    ret->first_day = (ical_local_s(t) + DAY_S - 1) / DAY_S;
    ret->last_day = ical_local_s(end) / DAY_S - 1;
}

static void add(struct ical_source *s, const struct ical_event *e, struct icaltimetype t)
{
    struct ical_span span;
    if (is_excluded(s, e, t))
        return;
    find_days(s, e, t, &span);
    if (span.first_day > span.last_day)
        s->h->passed_over++;
    else if (make_room(s))
        s->span[s->spans++] = span;
    else
        holidays_problem(s->h, e->where, "more than %d days", HOLIDAYS_MAX);
}

void ical_add_named(struct ical_source *s, const struct ical_event *e)
{
    struct icaltimetype t;
    if (e->is_cancelled)
        return;
    if (e->rules.count == 0)
        add(s, e, e->start);
    for (size_t i = 0; i < e->more.count; i++)
        if (ical_time_of(s, e, e->more.item[i], &t))
            add(s, e, t);
}

/* One rule; the iterator is the caller's. */
static void follow(struct ical_source *s, const struct ical_event *e, icalrecur_iterator *iterator,
                   int32_t first, int32_t last)
{
    for (int i = 0; i < OCCURRENCES_MAX; i++) {
        struct icaltimetype t = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(t) || t.year > last)
            return;
        if (t.year >= first && !is_same(t, e->start))
            add(s, e, t);
    }
    holidays_problem(s->h, e->where, "RRULE: more than %d times by the end of %d", OCCURRENCES_MAX,
                     (int)last);
}

void ical_add_recurring(struct ical_source *s, const struct ical_event *e, int32_t first,
                        int32_t last)
{
    if (e->is_cancelled || e->rules.count == 0)
        return;
    if (e->start.year >= first && e->start.year <= last) /* counts, whatever the rules say */
        add(s, e, e->start);
    for (size_t i = 0; i < e->rules.count; i++) {
        icalproperty *rule = e->rules.item[i];
        icalrecur_iterator *iterator =
            icalrecur_iterator_new(icalproperty_get_rrule(rule), e->start);
        if (iterator == NULL)
            holidays_problem(s->h, e->where, "RRULE: this rule cannot be followed: %s",
                             icalproperty_get_value_as_string(rule));
        else
            follow(s, e, iterator, first, last);
        icalrecur_iterator_free(iterator);
    }
}
