/* Calendars and holiday sets: documents of their own form.
 *
 *     calendar: KEY            holidays: NAME
 *     zone: Asia/Shanghai      years: [2026]
 *     utc_offset: "+08:00"     days:
 *     transitions: [...]         - {date: "2026-01-01", name: 元旦, working: false}
 *     week: {mon: [...]}
 *     makeup: ["09:00-18:00"]
 *     holidays: NAME
 *     exceptions: [{date: ..., name: ..., hours: [...]}]     years: [2026]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_calendar.h"
#include "co_time.h"
#include "co_yaml_impl.h"

static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
static const char *const calendar_keys[] = { "calendar",    "zone",       "utc_offset",
                                             "transitions", "week",       "makeup",
                                             "holidays",    "exceptions", "years" };
static const char *const holidays_keys[] = { "holidays", "years", "days" };
static const char *const transition_keys[] = { "at", "offset" };
static const char *const exception_keys[] = { "date", "name", "hours" };
static const char *const day_keys[] = { "date", "name", "working" };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* The value of a key, NULL when it is not there. */
static yaml_node_t *value_of(const struct co_yaml_pair *pairs, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i].key, key) == 0)
            return pairs[i].value;
    return NULL;
}

static void check_keys(struct co_yaml_source *s, const struct co_yaml_pair *pairs, size_t count,
                       const char *const *known, size_t known_count)
{
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        while (k < known_count && strcmp(known[k], pairs[i].key) != 0)
            k++;
        size_t mark = co_yaml_push(s, pairs[i].key);
        if (k == known_count)
            co_yaml_unknown(s, pairs[i].key_node, pairs[i].key, known, known_count);
        co_yaml_pop(s, mark);
    }
}

static size_t list_len(struct co_yaml_source *s, const yaml_node_t *n)
{
    if (n == NULL || co_yaml_is_empty(n))
        return 0;
    if (n->type == YAML_SEQUENCE_NODE)
        return (size_t)(n->data.sequence.items.top - n->data.sequence.items.start);
    co_yaml_complain(s, n, "a list: [a, b], or lines that begin with \"- \"",
                     "no list stands here");
    return 0;
}

static yaml_node_t *list_item(struct co_yaml_source *s, const yaml_node_t *n, size_t i)
{
    return co_yaml_node(s, n->data.sequence.items.start[i]);
}

static char *read_text(struct co_yaml_source *s, const yaml_node_t *n)
{
    static char nothing[] = "";
    const char *text = n == NULL || co_yaml_is_empty(n) ? "" : co_yaml_scalar(s, n);
    char *copy = text == NULL ? NULL : co_yaml_strdup(s->y, text);
    return copy == NULL ? nothing : copy;
}

static void read_spans(struct co_yaml_source *s, const yaml_node_t *n, size_t *ret_count,
                       Callout__V1__Span ***ret_spans)
{
    size_t count = list_len(s, n);
    Callout__V1__Span **spans = co_yaml_alloc(s->y, (count + 1) * sizeof(*spans));
    for (size_t i = 0; spans != NULL && i < count; i++) {
        struct co_span span = { 0, 0 };
        size_t mark = co_yaml_push_index(s, i);
        const yaml_node_t *item = list_item(s, n, i);
        const char *text = co_yaml_scalar(s, item);
        if (text != NULL && co_span_parse(text, &span) != CO_OK)
            co_yaml_complain(s, item, "from-to, for example \"09:00-18:00\"", "\"%.64s\" is none",
                             text);
        spans[i] = co_yaml_alloc(s->y, sizeof(**spans));
        co_yaml_pop(s, mark);
        if (spans[i] == NULL)
            return;
        callout__v1__span__init(spans[i]);
        spans[i]->from_min = (uint32_t)span.from_minute;
        spans[i]->until_min = (uint32_t)span.to_minute;
    }
    *ret_spans = count == 0 ? NULL : spans;
    *ret_count = spans == NULL ? 0 : count;
}

static void read_week(struct co_yaml_source *s, const yaml_node_t *n, Callout__V1__Calendar *c)
{
    size_t count = 0;
    size_t mark = co_yaml_push(s, "week");
    const struct co_yaml_pair *pairs = n == NULL ? NULL : co_yaml_pairs(s, n, &count);
    if (n == NULL)
        co_yaml_complain_at(s->y, s->file, 1, "week", "mon: [\"09:00-18:00\"] ... sun: []",
                            "a calendar needs its week");
    check_keys(s, pairs, count, weekdays, COUNT(weekdays));
    c->week = co_yaml_alloc(s->y, COUNT(weekdays) * sizeof(*c->week));
    for (size_t d = 0; c->week != NULL && d < COUNT(weekdays); d++) {
        Callout__V1__WorkDay *day = co_yaml_alloc(s->y, sizeof(*day));
        c->week[d] = day;
        if (day == NULL)
            return;
        c->n_week = d + 1;
        callout__v1__work_day__init(day);
        size_t inner = co_yaml_push(s, weekdays[d]);
        read_spans(s, value_of(pairs, count, weekdays[d]), &day->n_spans, &day->spans);
        co_yaml_pop(s, inner);
    }
    co_yaml_pop(s, mark);
}

static int32_t read_offset(struct co_yaml_source *s, const yaml_node_t *n)
{
    int32_t offset_s = 0;
    const char *text = n == NULL ? NULL : co_yaml_scalar(s, n);
    if (n == NULL || (text != NULL && co_offset_parse(text, &offset_s) != CO_OK))
        co_yaml_complain(s, n, "\"+08:00\", \"-03:30\", \"Z\"", "an offset from UTC is needed");
    return offset_s;
}

static void add_transition(struct co_yaml_source *s, Callout__V1__Calendar *c, int64_t from_us,
                           int32_t offset_s)
{
    Callout__V1__Transition *t = co_yaml_alloc(s->y, sizeof(*t));
    if (t == NULL)
        return;
    callout__v1__transition__init(t);
    t->from_us = from_us;
    t->offset_s = offset_s;
    c->transitions[c->n_transitions++] = t;
}

static void read_transition(struct co_yaml_source *s, const yaml_node_t *n,
                            Callout__V1__Calendar *c)
{
    size_t count = 0;
    int64_t at_us = 0;
    const struct co_yaml_pair *pairs = co_yaml_pairs(s, n, &count);
    check_keys(s, pairs, count, transition_keys, COUNT(transition_keys));
    const yaml_node_t *at = value_of(pairs, count, "at");
    const char *text = at == NULL ? NULL : co_yaml_scalar(s, at);
    if (text == NULL || co_time_parse(text, &at_us, NULL) != CO_OK)
        co_yaml_complain(s, at == NULL ? n : at, "at: RFC 3339", "a transition needs its time");
    add_transition(s, c, at_us, read_offset(s, value_of(pairs, count, "offset")));
}

static void read_transitions(struct co_yaml_source *s, const struct co_yaml_pair *pairs,
                             size_t count, Callout__V1__Calendar *c)
{
    const yaml_node_t *n = value_of(pairs, count, "transitions");
    size_t more = list_len(s, n);
    c->transitions = co_yaml_alloc(s->y, (more + 1) * sizeof(*c->transitions));
    if (c->transitions == NULL)
        return;
    size_t mark = co_yaml_push(s, "utc_offset");
    add_transition(s, c, 0, read_offset(s, value_of(pairs, count, "utc_offset")));
    co_yaml_pop(s, mark);
    mark = co_yaml_push(s, "transitions");
    for (size_t i = 0; i < more; i++) {
        size_t inner = co_yaml_push_index(s, i);
        read_transition(s, list_item(s, n, i), c);
        co_yaml_pop(s, inner);
    }
    co_yaml_pop(s, mark);
}

static void read_years(struct co_yaml_source *s, const yaml_node_t *n, size_t *ret_count,
                       uint32_t **ret_years)
{
    size_t mark = co_yaml_push(s, "years");
    size_t count = list_len(s, n);
    uint32_t *years = co_yaml_alloc(s->y, (count + 1) * sizeof(*years));
    for (size_t i = 0; years != NULL && i < count; i++) {
        const yaml_node_t *item = list_item(s, n, i);
        const char *text = co_yaml_scalar(s, item);
        if (text != NULL)
            co_yaml_read_unsigned(s, item, text, &years[i]);
    }
    co_yaml_pop(s, mark);
    *ret_years = count == 0 ? NULL : years;
    *ret_count = years == NULL ? 0 : count;
}

static Callout__V1__DayException *read_day(struct co_yaml_source *s, const yaml_node_t *n,
                                           const struct co_yaml_pair *pairs, size_t count)
{
    int64_t day = 0;
    Callout__V1__DayException *e = co_yaml_alloc(s->y, sizeof(*e));
    const yaml_node_t *date = value_of(pairs, count, "date");
    const char *text = date == NULL ? NULL : co_yaml_scalar(s, date);
    if (text == NULL || co_date_parse(text, &day) != CO_OK)
        co_yaml_complain(s, date == NULL ? n : date, "date: \"2026-01-01\"",
                         "a day needs its date");
    if (e == NULL)
        return NULL;
    callout__v1__day_exception__init(e);
    e->day = (int32_t)day;
    e->name = read_text(s, value_of(pairs, count, "name"));
    return e;
}

static void read_exceptions(struct co_yaml_source *s, const yaml_node_t *n,
                            Callout__V1__Calendar *c)
{
    size_t mark = co_yaml_push(s, "exceptions");
    size_t len = list_len(s, n);
    c->exceptions = co_yaml_alloc(s->y, (len + 1) * sizeof(*c->exceptions));
    for (size_t i = 0; c->exceptions != NULL && i < len; i++) {
        size_t count = 0;
        size_t inner = co_yaml_push_index(s, i);
        const yaml_node_t *item = list_item(s, n, i);
        const struct co_yaml_pair *pairs = co_yaml_pairs(s, item, &count);
        check_keys(s, pairs, count, exception_keys, COUNT(exception_keys));
        Callout__V1__DayException *e = read_day(s, item, pairs, count);
        if (e == NULL)
            return;
        read_spans(s, value_of(pairs, count, "hours"), &e->n_spans, &e->spans);
        c->exceptions[c->n_exceptions++] = e;
        co_yaml_pop(s, inner);
    }
    co_yaml_pop(s, mark);
}

void co_yaml_read_calendar(struct co_yaml_source *s, const struct co_yaml_pair *pairs, size_t count)
{
    ProtobufCMessage *body = NULL;
    Callout__V1__RegistryObject *message = co_yaml_wrap(s->y, CO_KIND_CALENDAR, &body);
    struct co_yaml_object *o = NULL;
    if (message == NULL)
        return;
    co_yaml_add_object(s, pairs[0].key_node, message, &o);
    if (o == NULL)
        return;
    Callout__V1__Calendar *c = (void *)body;
    check_keys(s, pairs, count, calendar_keys, COUNT(calendar_keys));
    c->key = read_text(s, value_of(pairs, count, "calendar"));
    c->zone = read_text(s, value_of(pairs, count, "zone"));
    read_transitions(s, pairs, count, c);
    read_week(s, value_of(pairs, count, "week"), c);
    read_exceptions(s, value_of(pairs, count, "exceptions"), c);
    read_years(s, value_of(pairs, count, "years"), &c->n_years, &c->years);
    const yaml_node_t *makeup = value_of(pairs, count, "makeup");
    const yaml_node_t *holidays = value_of(pairs, count, "holidays");
    size_t mark = co_yaml_push(s, "makeup");
    read_spans(s, makeup, &o->makeup.n_spans, &o->makeup.spans);
    co_yaml_pop(s, mark);
    if (holidays != NULL) {
        o->holidays = read_text(s, holidays);
        o->holidays_line = co_yaml_line(holidays);
    }
}

static void read_holiday(struct co_yaml_source *s, const yaml_node_t *n, struct co_yaml_holidays *h)
{
    size_t count = 0;
    const struct co_yaml_pair *pairs = co_yaml_pairs(s, n, &count);
    check_keys(s, pairs, count, day_keys, COUNT(day_keys));
    const yaml_node_t *working = value_of(pairs, count, "working");
    const char *text = working == NULL ? "" : co_yaml_scalar(s, working);
    bool is_working = text != NULL && strcmp(text, "true") == 0;
    if (text != NULL && !is_working && strcmp(text, "false") != 0)
        co_yaml_complain(s, working == NULL ? n : working, "working: true, working: false",
                         "a day needs to say whether people work");
    Callout__V1__DayException *e = read_day(s, n, pairs, count);
    if (e == NULL)
        return;
    h->is_working[h->days.len] = is_working;
    co_yaml_list_add(s->y, &h->days, e);
}

void co_yaml_read_holidays(struct co_yaml_source *s, const struct co_yaml_pair *pairs, size_t count)
{
    struct co_yaml_holidays *h = co_yaml_alloc(s->y, sizeof(*h));
    const yaml_node_t *days = value_of(pairs, count, "days");
    size_t len = list_len(s, days);
    if (h == NULL || !co_yaml_list_add(s->y, &s->y->holidays, h))
        return;
    check_keys(s, pairs, count, holidays_keys, COUNT(holidays_keys));
    h->name = read_text(s, value_of(pairs, count, "holidays"));
    h->file = s->file;
    h->is_working = co_yaml_alloc(s->y, (len + 1) * sizeof(bool));
    read_years(s, value_of(pairs, count, "years"), &h->n_years, &h->years);
    size_t mark = co_yaml_push(s, "days");
    for (size_t i = 0; h->is_working != NULL && i < len; i++) {
        size_t inner = co_yaml_push_index(s, i);
        read_holiday(s, list_item(s, days, i), h);
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
        e->n_spans = h->is_working[i] ? o->makeup.n_spans : 0;
        e->spans = h->is_working[i] ? o->makeup.spans : NULL;
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
    if (o->makeup.n_spans == 0)
        for (size_t i = 0; i < h->days.len; i++)
            if (h->is_working[i]) {
                co_yaml_complain_at(y, o->file, o->line, "makeup", "makeup: [\"09:00-18:00\"]",
                                    "the holidays have make-up workdays, which need hours");
                break;
            }
    if (c->n_years == 0) {
        c->n_years = h->n_years;
        c->years = h->years;
    }
    join_days(y, o, h);
}
