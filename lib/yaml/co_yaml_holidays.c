/* Sets of holidays, and what they make of the calendars that name them.
 *
 *     holidays: NAME
 *     years: [2026]
 *     days:
 *       - {date: "2026-01-01", name: 元旦, working: false}
 */
#include <stdlib.h>
#include <string.h>

#include "co_yaml_impl.h"

static const char *const holidays_keys[] = { "holidays", "years", "days" };
static const char *const day_keys[] = { "date", "name", "working" };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void read_holiday(struct co_yaml_source *s, const yaml_node_t *n, struct co_yaml_holidays *h)
{
    size_t count = 0;
    const struct co_yaml_pair *pairs = co_yaml_pairs(s, n, &count);
    co_yaml_check_keys(s, pairs, count, day_keys, COUNT(day_keys));
    const yaml_node_t *working = co_yaml_value_of(pairs, count, "working");
    const char *text = working == NULL ? "" : co_yaml_scalar(s, working);
    bool is_working = text != NULL && strcmp(text, "true") == 0;
    if (text != NULL && !is_working && strcmp(text, "false") != 0)
        co_yaml_complain(s, working == NULL ? n : working, "working: true, working: false",
                         "a day needs to say whether people work");
    Callout__V1__DayException *e = co_yaml_read_day(s, n, pairs, count);
    if (e == NULL)
        return;
    h->is_working[h->days.len] = is_working;
    co_yaml_list_add(s->y, &h->days, e);
}

void co_yaml_read_holidays(struct co_yaml_source *s, const struct co_yaml_pair *pairs, size_t count)
{
    struct co_yaml_holidays *h = co_yaml_alloc(s->y, sizeof(*h));
    const yaml_node_t *days = co_yaml_value_of(pairs, count, "days");
    size_t len = co_yaml_list_len(s, days);
    if (h == NULL || !co_yaml_list_add(s->y, &s->y->holidays, h))
        return;
    co_yaml_check_keys(s, pairs, count, holidays_keys, COUNT(holidays_keys));
    h->name = co_yaml_read_text(s, co_yaml_value_of(pairs, count, "holidays"));
    h->file = s->file;
    h->is_working = co_yaml_alloc(s->y, (len + 1) * sizeof(bool));
    co_yaml_read_years(s, co_yaml_value_of(pairs, count, "years"), &h->n_years, &h->years);
    size_t mark = co_yaml_push(s, "days");
    for (size_t i = 0; h->is_working != NULL && i < len; i++) {
        size_t inner = co_yaml_push_index(s, i);
        read_holiday(s, co_yaml_list_item(s, days, i), h);
        co_yaml_pop(s, inner);
    }
    co_yaml_pop(s, mark);
}

static const struct co_yaml_holidays *find_holidays(const struct co_yaml *y, const char *name)
{
    for (size_t i = 0; i < y->holidays.len; i++) {
        const struct co_yaml_holidays *h = y->holidays.item[i];
        if (strcmp(h->name, name) == 0)
            return h;
    }
    return NULL;
}

static int by_day(const void *a, const void *b)
{
    Callout__V1__DayException *const *x = a;
    Callout__V1__DayException *const *y = b;
    return ((*x)->day > (*y)->day) - ((*x)->day < (*y)->day);
}

static bool has_day(const Callout__V1__Calendar *c, size_t own, int32_t day)
{
    for (size_t i = 0; i < own; i++)
        if (c->exceptions[i]->day == day)
            return true;
    return false;
}

/* The hours of a make-up workday on `day`, by the week that holds then. */
static const Callout__V1__DayException *makeup_on(const struct co_yaml_object *o, int32_t day)
{
    const Callout__V1__Calendar *c = o->message->calendar;
    const Callout__V1__DayException *makeup = &o->makeup;
    for (size_t i = 0; i < c->n_weeks && c->weeks[i]->from_day <= day; i++)
        makeup = &o->later_makeup[i];
    return makeup;
}

static bool lacks_makeup_hours(const struct co_yaml_object *o, const struct co_yaml_holidays *h)
{
    for (size_t i = 0; i < h->days.len; i++) {
        const Callout__V1__DayException *e = h->days.item[i];
        if (h->is_working[i] && makeup_on(o, e->day)->n_spans == 0)
            return true;
    }
    return false;
}

/* The calendar's own exceptions win over the set's days. */
static void join_days(struct co_yaml *y, struct co_yaml_object *o, const struct co_yaml_holidays *h)
{
    Callout__V1__Calendar *c = o->message->calendar;
    size_t own = c->n_exceptions;
    Callout__V1__DayException **all = co_yaml_alloc(y, (own + h->days.len + 1) * sizeof(*all));
    if (all == NULL)
        return;
    if (own > 0)
        memcpy(all, c->exceptions, own * sizeof(*all));
    c->exceptions = all;
    for (size_t i = 0; i < h->days.len; i++) {
        Callout__V1__DayException *e = co_yaml_alloc(y, sizeof(*e));
        if (e == NULL)
            return;
        *e = *(Callout__V1__DayException *)h->days.item[i];
        if (has_day(c, own, e->day))
            continue;
        const Callout__V1__DayException *makeup = makeup_on(o, e->day);
        e->n_spans = h->is_working[i] ? makeup->n_spans : 0;
        e->spans = h->is_working[i] ? makeup->spans : NULL;
        c->exceptions[c->n_exceptions++] = e;
    }
    qsort(c->exceptions, c->n_exceptions, sizeof(*all), by_day);
}

void co_yaml_join_holidays(struct co_yaml *y, struct co_yaml_object *o)
{
    Callout__V1__Calendar *c = o->message->calendar;
    const struct co_yaml_holidays *h = find_holidays(y, o->holidays);
    if (h == NULL) {
        co_yaml_complain_at(y, o->file, o->holidays_line, "holidays",
                            "the name of a set that is loaded too (holidays: NAME)",
                            "no set of holidays is called \"%.64s\"", o->holidays);
        return;
    }
    if (lacks_makeup_hours(o, h))
        co_yaml_complain_at(y, o->file, o->line, "makeup", "makeup: [\"09:00-18:00\"]",
                            "the holidays have make-up workdays, which need hours");
    if (c->n_years == 0) {
        c->n_years = h->n_years;
        c->years = h->years;
    }
    join_days(y, o, h);
}
