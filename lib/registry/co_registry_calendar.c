#include "co_registry_calendar.h"

#include <stdio.h>
#include <stdlib.h>

enum { YEAR_MIN = 1970, YEAR_MAX = 9900 };

/* Working memory of one compilation: everything the spec points at. */
struct parts {
    struct co_span *span; /* of the weeks, then of the exceptions */
    size_t span_count;
    struct co_week_from *later;
    struct co_offset_change *change;
    struct co_day_exception *exception;
    int32_t *year;
};

static size_t count_spans(const Callout__V1__Calendar *c)
{
    size_t count = 0;
    for (size_t i = 0; i < c->n_week; i++)
        count += c->week[i]->n_spans;
    for (size_t k = 0; k < c->n_weeks; k++)
        for (size_t i = 0; i < c->weeks[k]->n_week; i++)
            count += c->weeks[k]->week[i]->n_spans;
    for (size_t i = 0; i < c->n_exceptions; i++)
        count += c->exceptions[i]->n_spans;
    return count;
}

/* Minutes above INT32_MAX would become negative, which is refused too. */
static struct co_day_spans copy_spans(struct parts *p, Callout__V1__Span *const *spans, size_t n)
{
    struct co_day_spans day = { &p->span[p->span_count], (uint32_t)n };
    for (size_t i = 0; i < n; i++)
        p->span[p->span_count++] =
            (struct co_span){ (int32_t)spans[i]->from_min, (int32_t)spans[i]->until_min };
    return day;
}

static void fill(struct parts *p, const Callout__V1__Calendar *c, struct co_calendar_spec *spec)
{
    for (size_t i = 0; i < CO_WEEKDAYS; i++)
        spec->week[i] = copy_spans(p, c->week[i]->spans, c->week[i]->n_spans);
    for (size_t k = 0; k < c->n_weeks; k++) {
        p->later[k].from_day = c->weeks[k]->from_day;
        for (size_t i = 0; i < CO_WEEKDAYS; i++)
            p->later[k].week[i] =
                copy_spans(p, c->weeks[k]->week[i]->spans, c->weeks[k]->week[i]->n_spans);
    }
    for (size_t i = 0; i < c->n_exceptions; i++) {
        const Callout__V1__DayException *e = c->exceptions[i];
        p->exception[i] = (struct co_day_exception){ e->day, copy_spans(p, e->spans, e->n_spans),
                                                     e->n_spans == 0 };
    }
    for (size_t i = 0; i < c->n_transitions; i++)
        p->change[i] =
            (struct co_offset_change){ c->transitions[i]->from_us, c->transitions[i]->offset_s };
    for (size_t i = 0; i < c->n_years; i++)
        p->year[i] = (int32_t)c->years[i];
    spec->offsets = (struct co_offsets){ p->change, (uint32_t)c->n_transitions };
    spec->later = p->later;
    spec->later_count = (uint32_t)c->n_weeks;
    spec->exception = p->exception;
    spec->exception_count = (uint32_t)c->n_exceptions;
    spec->has_holiday_set = c->n_years > 0 || c->n_exceptions > 0;
    spec->known_year = p->year;
    spec->known_year_count = (uint32_t)c->n_years;
}

/* What the compiler cannot see or would have to be given memory for. */
static const char *refusal(const Callout__V1__Calendar *c)
{
    if (c->n_week != CO_WEEKDAYS)
        return "the week must have seven days";
    if (c->n_weeks > CO_CALENDAR_WEEKS_MAX)
        return "there are too many weeks";
    for (size_t k = 0; k < c->n_weeks; k++)
        if (c->weeks[k]->n_week != CO_WEEKDAYS)
            return "each of the weeks must have seven days";
    if (c->n_transitions == 0)
        return "the offset from UTC is missing";
    if (c->n_exceptions > CO_CALENDAR_EXCEPTIONS_MAX || c->n_years > CO_CALENDAR_EXCEPTIONS_MAX ||
        c->n_transitions > CO_CALENDAR_CHANGES_MAX)
        return "there are too many days, years or changes of the offset";
    return NULL;
}

enum co_err co_registry_calendar_compile(const Callout__V1__Calendar *c, int32_t first_year,
                                         int32_t last_year, struct co_calendar **ret_calendar,
                                         char problem[static CO_CALENDAR_PROBLEM])
{
    const char *why = refusal(c);
    problem[0] = '\0';
    if (why != NULL) {
        snprintf(problem, CO_CALENDAR_PROBLEM, "%s", why);
        return CO_EINPUT;
    }
    struct parts p = {
        .span = calloc(count_spans(c) + 1, sizeof(*p.span)),
        .later = calloc(c->n_weeks + 1, sizeof(*p.later)),
        .change = calloc(c->n_transitions, sizeof(*p.change)),
        .exception = calloc(c->n_exceptions + 1, sizeof(*p.exception)),
        .year = calloc(c->n_years + 1, sizeof(*p.year)),
    };
    enum co_err err = CO_ENOMEM;
    if (p.span != NULL && p.later != NULL && p.change != NULL && p.exception != NULL &&
        p.year != NULL) {
        struct co_calendar_spec spec = { .first_year = first_year, .last_year = last_year };
        fill(&p, c, &spec);
        err = co_calendar_compile(&spec, ret_calendar, problem);
    }
    free(p.span);
    free(p.later);
    free(p.change);
    free(p.exception);
    free(p.year);
    return err;
}

enum co_err co_registry_calendar_compile_all(const Callout__V1__Calendar *c,
                                             struct co_calendar **ret_calendar,
                                             char problem[static CO_CALENDAR_PROBLEM])
{
    enum { BEFORE = 3, AFTER = 12, FIRST = 2000, LAST = FIRST + CO_CALENDAR_YEARS_MAX - 1 };
    if (c->n_years == 0)
        return co_registry_calendar_compile(c, FIRST, LAST, ret_calendar, problem);
    uint32_t first = UINT32_MAX;
    uint32_t last = 0;
    for (size_t i = 0; i < c->n_years; i++) {
        first = c->years[i] < first ? c->years[i] : first;
        last = c->years[i] > last ? c->years[i] : last;
    }
    if (first < YEAR_MIN || last > YEAR_MAX) {
        snprintf(problem, CO_CALENDAR_PROBLEM, "years lie within %d to %d", YEAR_MIN, YEAR_MAX);
        return CO_EINPUT;
    }
    return co_registry_calendar_compile(c, (int32_t)first - BEFORE, (int32_t)last + AFTER,
                                        ret_calendar, problem);
}
