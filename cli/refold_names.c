#include "refold_impl.h"

#include <string.h>

#include "co_pack.h"
#include "co_time.h"
#include "sla_events.h"
#include "sla_explain.h"

/* -- days */

static const Callout__V1__Milestone *find_milestone(const struct refold *r, const char *name)
{
    for (size_t i = 0; i < r->policy->n_milestones; i++)
        if (strcmp(r->policy->milestones[i]->name, name) == 0)
            return r->policy->milestones[i];
    return NULL;
}

/* The calendar that the clock counts with. */
static const struct refold_calendar *calendar_of(const struct refold *r,
                                                 const Callout__V1__ClockAccount *c)
{
    const Callout__V1__Milestone *m = find_milestone(r, c->milestone);
    if (m == NULL)
        return NULL;
    struct sla_named_calendar named = sla_calendars_of(&r->in.calendars, m);
    for (size_t i = 0; i < r->calendar_count && named.calendar != NULL; i++)
        if (r->calendars[i].compiled == named.calendar)
            return &r->calendars[i];
    return NULL;
}

/* They rise by day. */
static char *name_of_day(const Callout__V1__Calendar *calendar, int64_t day)
{
    static char none[] = "";
    size_t from = 0, until = calendar->n_exceptions;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        if (calendar->exceptions[middle]->day == day)
            return calendar->exceptions[middle]->name;
        if (calendar->exceptions[middle]->day < day)
            from = middle + 1;
        else
            until = middle;
    }
    return none;
}

static bool is_named(const Callout__V1__Segment *s)
{
    return strcmp(s->why, "holiday") == 0 || strcmp(s->why, "makeup") == 0 ||
           strcmp(s->why, "makeup_day") == 0;
}

struct cutter {
    struct refold *r;
    const struct refold_calendar *calendar;
    Callout__V1__Segment **list;
    size_t count;
    size_t cap;
};

static enum co_err append(struct cutter *c, Callout__V1__Segment *s)
{
    if (c->count == c->cap) {
        size_t grown = c->cap == 0 ? 32 : c->cap * 2;
        Callout__V1__Segment **list = grown <= (size_t)SLA_SEGMENTS_MAX * 4
                                          ? co_arena_alloc(c->r->arena, grown * sizeof(list[0]))
                                          : NULL;
        if (list == NULL)
            return CO_ENOMEM;
        if (c->count > 0)
            memcpy(list, c->list, c->count * sizeof(list[0]));
        c->list = list;
        c->cap = grown;
    }
    c->list[c->count++] = s;
    return CO_OK;
}

/* The days of `s` up to where the name changes; *ret_last is the last of them. */
static char *name_stretch(const struct cutter *c, int64_t first, int64_t last, int64_t *ret_last)
{
    char *name = name_of_day(c->calendar->text, first);
    *ret_last = first;
    while (*ret_last < last && strcmp(name_of_day(c->calendar->text, *ret_last + 1), name) == 0)
        *ret_last += 1;
    return name;
}

/* Ends `s` with `day` and returns the rest, a copy. NULL: no memory. */
static Callout__V1__Segment *cut(struct cutter *c, Callout__V1__Segment *s, int64_t day)
{
    char last[CO_DATE_TEXT], next[CO_DATE_TEXT];
    Callout__V1__Segment *rest = co_arena_memdup(c->r->arena, s, sizeof(*s));
    co_date_format(day, last);
    co_date_format(day + 1, next);
    s->last_day = co_arena_strdup(c->r->arena, last);
    if (rest == NULL || s->last_day == NULL ||
        (rest->first_day = co_arena_strdup(c->r->arena, next)) == NULL ||
        co_calendar_day_end_us(c->calendar->compiled, day, &s->until_us) != CO_OK)
        return NULL;
    rest->from_us = s->until_us;
    return rest;
}

static enum co_err name_segment(struct cutter *c, Callout__V1__Segment *s)
{
    int64_t first, last, end;
    if (!is_named(s) || co_date_parse(s->first_day, &first) != CO_OK ||
        co_date_parse(s->last_day, &last) != CO_OK)
        return append(c, s);
    for (;;) {
        s->name = name_stretch(c, first, last, &end);
        Callout__V1__Segment *rest = end < last ? cut(c, s, end) : NULL;
        if ((end < last && rest == NULL) || append(c, s) != CO_OK)
            return CO_ENOMEM;
        if (rest == NULL)
            return CO_OK;
        s = rest;
        first = end + 1;
    }
}

enum co_err refold_name_days(struct refold *r)
{
    for (size_t i = 0; i < r->explanation->n_clocks; i++) {
        Callout__V1__ClockAccount *a = r->explanation->clocks[i];
        struct cutter c = { .r = r, .calendar = calendar_of(r, a) };
        if (c.calendar == NULL)
            continue;
        for (size_t k = 0; k < a->n_segments; k++)
            if (name_segment(&c, a->segments[k]) != CO_OK)
                return CO_ENOMEM;
        a->segments = c.list;
        a->n_segments = c.count;
    }
    return CO_OK;
}

/* -- causes */

static const Callout__V1__Event *find_entry(const struct refold *r, uint64_t seq)
{
    for (size_t i = 0; i < r->entry_count; i++)
        if (r->entries[i].seq == seq)
            return r->entries[i].event;
    return NULL;
}

static Callout__V1__Text *title_of_condition(const struct refold *r, const char *key)
{
    for (size_t i = 0; i < r->policy->n_conditions; i++)
        if (strcmp(r->policy->conditions[i]->key, key) == 0)
            return r->policy->conditions[i]->title;
    return NULL;
}

static Callout__V1__Text *title_of_step(const struct refold *r, const char *key)
{
    const Callout__V1__Step *s = co_pack_duty(r->policy, key);
    return s == NULL ? NULL : s->title;
}

static Callout__V1__Text *title_of_exclusion(const struct refold *r, const char *key)
{
    const Callout__V1__SlaState *s = r->state;
    for (size_t i = 0; i < s->n_exclusions; i++)
        if (strcmp(s->exclusions[i]->key, key) == 0)
            return s->exclusions[i]->title;
    return NULL;
}

static void name_cause(const struct refold *r, Callout__V1__Cause *c)
{
    const Callout__V1__Event *e = c != NULL && c->seq != 0 ? find_entry(r, c->seq) : NULL;
    if (c == NULL)
        return;
    if (strcmp(c->kind, "condition") == 0)
        c->title = title_of_condition(r, c->key);
    else if (strcmp(c->kind, "exclusion") == 0)
        c->title = title_of_exclusion(r, c->key);
    else if (strcmp(c->kind, "step") == 0)
        c->title = title_of_step(r, c->key);
    if (e == NULL)
        return;
    if (e->body_case == CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED) {
        c->person = e->command_received->person;
        c->source = e->command_received->source;
    } else if (e->body_case == CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED) {
        c->source = e->ticket_submitted->source;
    }
}

static void name_causes_of(const struct refold *r, const Callout__V1__ClockAccount *a)
{
    for (size_t k = 0; k < a->n_segments; k++)
        name_cause(r, a->segments[k]->by);
    for (size_t k = 0; k < a->n_changes; k++)
        name_cause(r, a->changes[k]->by);
}

void refold_name_causes(struct refold *r)
{
    for (size_t i = 0; i < r->explanation->n_clocks; i++)
        name_causes_of(r, r->explanation->clocks[i]);
    for (size_t i = 0; i < r->entry_count && r->explanation->located == NULL; i++)
        if (r->entries[i].event->body_case == CALLOUT__V1__EVENT__BODY_SITE_LOCATED)
            r->explanation->located = r->entries[i].event->site_located;
}
