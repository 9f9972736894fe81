/* Calendars: documents of their own form.
 *
 *     calendar: KEY
 *     zone: Asia/Shanghai
 *     utc_offset: "+08:00"
 *     transitions: [...]
 *     week: {mon: [...]}
 *     weeks: [{from: "2027-01-01", week: {mon: [...]}, makeup: [...]}]
 *     makeup: ["09:00-18:00"]
 *     holidays: NAME
 *     exceptions: [{date: ..., name: ..., hours: [...]}]
 *     years: [2026]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_calendar.h"
#include "co_time.h"
#include "co_yaml_impl.h"

static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };
static const char *const calendar_keys[] = { "calendar",   "zone",  "utc_offset", "transitions",
                                             "week",       "weeks", "makeup",     "holidays",
                                             "exceptions", "years" };
static const char *const weeks_keys[] = { "from", "week", "makeup" };
static const char *const transition_keys[] = { "at", "offset" };
static const char *const exception_keys[] = { "date", "name", "hours" };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* The value of a key, NULL when it is not there. */
yaml_node_t *co_yaml_value_of(const struct co_yaml_pair *pairs, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(pairs[i].key, key) == 0)
            return pairs[i].value;
    return NULL;
}

void co_yaml_check_keys(struct co_yaml_source *s, const struct co_yaml_pair *pairs, size_t count,
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

size_t co_yaml_list_len(struct co_yaml_source *s, const yaml_node_t *n)
{
    if (n == NULL || co_yaml_is_empty(n))
        return 0;
    if (n->type == YAML_SEQUENCE_NODE)
        return (size_t)(n->data.sequence.items.top - n->data.sequence.items.start);
    co_yaml_complain(s, n, "a list: [a, b], or lines that begin with \"- \"",
                     "no list stands here");
    return 0;
}

yaml_node_t *co_yaml_list_item(struct co_yaml_source *s, const yaml_node_t *n, size_t i)
{
    return co_yaml_node(s, n->data.sequence.items.start[i]);
}

char *co_yaml_read_text(struct co_yaml_source *s, const yaml_node_t *n)
{
    static char nothing[] = "";
    const char *text = n == NULL || co_yaml_is_empty(n) ? "" : co_yaml_scalar(s, n);
    char *copy = text == NULL ? NULL : co_yaml_strdup(s->y, text);
    return copy == NULL ? nothing : copy;
}

void co_yaml_read_spans(struct co_yaml_source *s, const yaml_node_t *n, size_t *ret_count,
                        Callout__V1__Span ***ret_spans)
{
    size_t count = co_yaml_list_len(s, n);
    Callout__V1__Span **spans = co_yaml_alloc(s->y, (count + 1) * sizeof(*spans));
    for (size_t i = 0; spans != NULL && i < count; i++) {
        struct co_span span = { 0, 0 };
        size_t mark = co_yaml_push_index(s, i);
        const yaml_node_t *item = co_yaml_list_item(s, n, i);
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

/* A week is needed; `n` NULL: `line` says where it is missed. */
static void read_week(struct co_yaml_source *s, const yaml_node_t *n, unsigned line,
                      size_t *ret_count, Callout__V1__WorkDay ***ret_week)
{
    size_t count = 0;
    size_t mark = co_yaml_push(s, "week");
    const struct co_yaml_pair *pairs = n == NULL ? NULL : co_yaml_pairs(s, n, &count);
    if (n == NULL)
        co_yaml_complain_at(s->y, s->file, line, s->path, "mon: [\"09:00-18:00\"] ... sun: []",
                            "a calendar needs its week");
    co_yaml_check_keys(s, pairs, count, weekdays, COUNT(weekdays));
    Callout__V1__WorkDay **week = co_yaml_alloc(s->y, COUNT(weekdays) * sizeof(*week));
    *ret_week = week;
    for (size_t d = 0; week != NULL && d < COUNT(weekdays); d++) {
        Callout__V1__WorkDay *day = co_yaml_alloc(s->y, sizeof(*day));
        week[d] = day;
        if (day == NULL)
            return;
        *ret_count = d + 1;
        callout__v1__work_day__init(day);
        size_t inner = co_yaml_push(s, weekdays[d]);
        co_yaml_read_spans(s, co_yaml_value_of(pairs, count, weekdays[d]), &day->n_spans,
                           &day->spans);
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
    co_yaml_check_keys(s, pairs, count, transition_keys, COUNT(transition_keys));
    const yaml_node_t *at = co_yaml_value_of(pairs, count, "at");
    const char *text = at == NULL ? NULL : co_yaml_scalar(s, at);
    if (text == NULL || co_time_parse(text, &at_us, NULL) != CO_OK)
        co_yaml_complain(s, at == NULL ? n : at, "at: RFC 3339", "a transition needs its time");
    add_transition(s, c, at_us, read_offset(s, co_yaml_value_of(pairs, count, "offset")));
}

static void read_transitions(struct co_yaml_source *s, const struct co_yaml_pair *pairs,
                             size_t count, Callout__V1__Calendar *c)
{
    const yaml_node_t *n = co_yaml_value_of(pairs, count, "transitions");
    size_t more = co_yaml_list_len(s, n);
    c->transitions = co_yaml_alloc(s->y, (more + 1) * sizeof(*c->transitions));
    if (c->transitions == NULL)
        return;
    size_t mark = co_yaml_push(s, "utc_offset");
    add_transition(s, c, 0, read_offset(s, co_yaml_value_of(pairs, count, "utc_offset")));
    co_yaml_pop(s, mark);
    mark = co_yaml_push(s, "transitions");
    for (size_t i = 0; i < more; i++) {
        size_t inner = co_yaml_push_index(s, i);
        read_transition(s, co_yaml_list_item(s, n, i), c);
        co_yaml_pop(s, inner);
    }
    co_yaml_pop(s, mark);
}

void co_yaml_read_years(struct co_yaml_source *s, const yaml_node_t *n, size_t *ret_count,
                        uint32_t **ret_years)
{
    size_t mark = co_yaml_push(s, "years");
    size_t count = co_yaml_list_len(s, n);
    uint32_t *years = co_yaml_alloc(s->y, (count + 1) * sizeof(*years));
    for (size_t i = 0; years != NULL && i < count; i++) {
        const yaml_node_t *item = co_yaml_list_item(s, n, i);
        const char *text = co_yaml_scalar(s, item);
        if (text != NULL)
            co_yaml_read_unsigned(s, item, text, &years[i]);
    }
    co_yaml_pop(s, mark);
    *ret_years = count == 0 ? NULL : years;
    *ret_count = years == NULL ? 0 : count;
}

/* CO_EINPUT said: there is none, or it is no date. */
static int64_t read_date(struct co_yaml_source *s, const yaml_node_t *n, const yaml_node_t *date,
                         const char *allowed, const char *message)
{
    int64_t day = 0;
    const char *text = date == NULL ? NULL : co_yaml_scalar(s, date);
    if (text == NULL || co_date_parse(text, &day) != CO_OK)
        co_yaml_complain(s, date == NULL ? n : date, allowed, "%s", message);
    return day;
}

Callout__V1__DayException *co_yaml_read_day(struct co_yaml_source *s, const yaml_node_t *n,
                                            const struct co_yaml_pair *pairs, size_t count)
{
    Callout__V1__DayException *e = co_yaml_alloc(s->y, sizeof(*e));
    int64_t day = read_date(s, n, co_yaml_value_of(pairs, count, "date"), "date: \"2026-01-01\"",
                            "a day needs its date");
    if (e == NULL)
        return NULL;
    callout__v1__day_exception__init(e);
    e->day = (int32_t)day;
    e->name = co_yaml_read_text(s, co_yaml_value_of(pairs, count, "name"));
    return e;
}

/* The hours of make-up workdays, which belong to the file only. */
static void read_makeup(struct co_yaml_source *s, const yaml_node_t *n,
                        Callout__V1__DayException *ret_makeup)
{
    size_t mark = co_yaml_push(s, "makeup");
    co_yaml_read_spans(s, n, &ret_makeup->n_spans, &ret_makeup->spans);
    co_yaml_pop(s, mark);
}

/* One of the later weeks. What it does not say of make-up workdays stays as before. */
static void read_week_from(struct co_yaml_source *s, const yaml_node_t *n,
                           const Callout__V1__DayException *makeup_before, Callout__V1__WeekFrom *w,
                           Callout__V1__DayException *makeup)
{
    size_t count = 0;
    const struct co_yaml_pair *pairs = co_yaml_pairs(s, n, &count);
    co_yaml_check_keys(s, pairs, count, weeks_keys, COUNT(weeks_keys));
    callout__v1__week_from__init(w);
    w->from_day = (int32_t)read_date(s, n, co_yaml_value_of(pairs, count, "from"),
                                     "from: \"2027-01-01\"", "a later week needs its first day");
    read_week(s, co_yaml_value_of(pairs, count, "week"), co_yaml_line(n), &w->n_week, &w->week);
    const yaml_node_t *hours = co_yaml_value_of(pairs, count, "makeup");
    *makeup = *makeup_before;
    if (hours != NULL)
        read_makeup(s, hours, makeup);
}

static void read_weeks(struct co_yaml_source *s, const yaml_node_t *n, Callout__V1__Calendar *c,
                       struct co_yaml_object *o)
{
    size_t mark = co_yaml_push(s, "weeks");
    size_t len = co_yaml_list_len(s, n);
    c->weeks = co_yaml_alloc(s->y, (len + 1) * sizeof(*c->weeks));
    o->later_makeup = co_yaml_alloc(s->y, (len + 1) * sizeof(*o->later_makeup));
    for (size_t i = 0; c->weeks != NULL && o->later_makeup != NULL && i < len; i++) {
        size_t inner = co_yaml_push_index(s, i);
        Callout__V1__WeekFrom *w = co_yaml_alloc(s->y, sizeof(*w));
        if (w == NULL)
            return;
        read_week_from(s, co_yaml_list_item(s, n, i), i == 0 ? &o->makeup : &o->later_makeup[i - 1],
                       w, &o->later_makeup[i]);
        c->weeks[c->n_weeks++] = w;
        co_yaml_pop(s, inner);
    }
    co_yaml_pop(s, mark);
}

static void read_exceptions(struct co_yaml_source *s, const yaml_node_t *n,
                            Callout__V1__Calendar *c)
{
    size_t mark = co_yaml_push(s, "exceptions");
    size_t len = co_yaml_list_len(s, n);
    c->exceptions = co_yaml_alloc(s->y, (len + 1) * sizeof(*c->exceptions));
    for (size_t i = 0; c->exceptions != NULL && i < len; i++) {
        size_t count = 0;
        size_t inner = co_yaml_push_index(s, i);
        const yaml_node_t *item = co_yaml_list_item(s, n, i);
        const struct co_yaml_pair *pairs = co_yaml_pairs(s, item, &count);
        co_yaml_check_keys(s, pairs, count, exception_keys, COUNT(exception_keys));
        Callout__V1__DayException *e = co_yaml_read_day(s, item, pairs, count);
        if (e == NULL)
            return;
        co_yaml_read_spans(s, co_yaml_value_of(pairs, count, "hours"), &e->n_spans, &e->spans);
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
    co_yaml_check_keys(s, pairs, count, calendar_keys, COUNT(calendar_keys));
    c->key = co_yaml_read_text(s, co_yaml_value_of(pairs, count, "calendar"));
    c->zone = co_yaml_read_text(s, co_yaml_value_of(pairs, count, "zone"));
    read_transitions(s, pairs, count, c);
    read_week(s, co_yaml_value_of(pairs, count, "week"), 1, &c->n_week, &c->week);
    read_makeup(s, co_yaml_value_of(pairs, count, "makeup"), &o->makeup);
    read_weeks(s, co_yaml_value_of(pairs, count, "weeks"), c, o);
    read_exceptions(s, co_yaml_value_of(pairs, count, "exceptions"), c);
    co_yaml_read_years(s, co_yaml_value_of(pairs, count, "years"), &c->n_years, &c->years);
    const yaml_node_t *holidays = co_yaml_value_of(pairs, count, "holidays");
    if (holidays != NULL) {
        o->holidays = co_yaml_read_text(s, holidays);
        o->holidays_line = co_yaml_line(holidays);
    }
}
