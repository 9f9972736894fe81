/* iCalendar files with holidays: days off and make-up workdays from all-day events, and from those
 * with a time that take whole days. */
#include <string.h>

#include "co_time.h"
#include "holidays.h"
#include "ical.h"

/* What is kept with an event. */
struct day_off {
    const char *name;
    enum holiday_mark mark;
};

/* Days that an event takes. */
struct span {
    const struct ical_event *event;
    int64_t first_day, last_day;
};

struct source {
    struct ical ical;
    struct holidays *h;
    const struct holidays_rules *rules;
    icaltimezone *zone; /* of the local days; NULL: each event's own */
    struct span *span;
    size_t spans, cap;
};

static const struct day_off *day_of(const struct ical_event *e)
{
    return e->own;
}

/* Everything that may say what kind of day it is: categories, description, and Apple's word. */
static const char *marks_of(const struct ical *s, const struct ical_event *e)
{
    struct cli *cli = s->cli;
    const char *all = ical_text_of(s, e, ICAL_DESCRIPTION_PROPERTY);
    for (icalproperty *p = ical_find(e, ICAL_CATEGORIES_PROPERTY); p != NULL;
         p = icalcomponent_get_next_property(e->component, ICAL_CATEGORIES_PROPERTY))
        all = cli_format(cli, "%s\n%s", all, icalproperty_get_value_as_string(p));
    for (icalproperty *p = ical_find(e, ICAL_X_PROPERTY); p != NULL;
         p = icalcomponent_get_next_property(e->component, ICAL_X_PROPERTY))
        if (strcmp(icalproperty_get_x_name(p), "X-APPLE-SPECIAL-DAY") == 0)
            all = cli_format(cli, "%s\n%s", all, icalproperty_get_value_as_string(p));
    return all;
}

/* False: not a day that concerns anybody here. */
static bool classify(struct source *k, const struct ical_event *e, struct day_off *d)
{
    const struct holidays_rules *r = k->rules;
    const char *summary = ical_text_of(&k->ical, e, ICAL_SUMMARY_PROPERTY);
    const char *marks = marks_of(&k->ical, e);
    d->mark = holidays_mark(r, k->h->cli, summary, &d->name);
    if (r->only_count > 0 && !holidays_has_any(summary, r->only, r->only_count) &&
        !holidays_has_any(marks, r->only, r->only_count))
        return false;
    if (strstr(marks, "WORK-HOLIDAY") != NULL)
        d->mark = HOLIDAY_OFF_AMONG_OTHERS;
    if (strstr(marks, "ALTERNATE-WORKDAY") != NULL ||
        holidays_has_any(marks, r->makeup, r->makeup_count))
        d->mark = HOLIDAY_MAKEUP;
    if (d->name[0] == '\0')
        d->name = d->mark == HOLIDAY_MAKEUP ? "make-up workday" : "holiday";
    return true;
}

static bool take(void *arg, struct ical *s, struct ical_event *e)
{
    struct source *k = arg;
    struct day_off *d = co_arena_alloc(s->cli->arena, sizeof(*d));
    if (d != NULL && classify(k, e, d)) {
        e->own = d;
        return true;
    }
    k->h->passed_over++;
    return false;
}

static void tell(void *arg, const char *where, const char *text)
{
    struct source *k = arg;
    holidays_problem(k->h, where, "%s", text);
}

static bool make_room(struct source *s)
{
    if (s->spans < s->cap)
        return true;
    size_t cap = s->cap == 0 ? 256 : s->cap * 2;
    struct span *larger =
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
static void find_days(const struct source *s, const struct ical_event *e, struct icaltimetype t,
                      struct span *ret)
{
    struct icaltimetype end = t;
    icaltime_adjust(&end, (int)(e->length_s / ICAL_DAY_S), 0, 0, (int)(e->length_s % ICAL_DAY_S));
    if (s->zone != NULL && t.zone != NULL && !t.is_date) {
        t = icaltime_convert_to_zone(t, s->zone);
        end = icaltime_convert_to_zone(end, s->zone);
    }
    ret->event = e;
    ret->first_day = (ical_local_s(t) + ICAL_DAY_S - 1) / ICAL_DAY_S;
    ret->last_day = ical_local_s(end) / ICAL_DAY_S - 1;
}

static void add(void *arg, const struct ical_event *e, struct icaltimetype t)
{
    struct source *s = arg;
    struct span span;
    if (ical_override(&s->ical, e, t) != NULL)
        return;
    find_days(s, e, t, &span);
    if (span.first_day > span.last_day)
        s->h->passed_over++;
    else if (make_room(s))
        s->span[s->spans++] = span;
    else
        holidays_problem(s->h, e->where, "more than %d days", HOLIDAYS_MAX);
}

/* Where days off are marked, the unmarked ones are no days off. */
static void drop_unmarked(struct source *s)
{
    bool has_marks = false;
    for (size_t i = 0; i < s->ical.events; i++)
        has_marks = has_marks || day_of(&s->ical.event[i])->mark == HOLIDAY_OFF_AMONG_OTHERS;
    size_t kept = 0;
    for (size_t i = 0; i < s->ical.events; i++) {
        if (has_marks && day_of(&s->ical.event[i])->mark == HOLIDAY_UNMARKED)
            s->h->passed_over++;
        else
            s->ical.event[kept++] = s->ical.event[i];
    }
    s->ical.events = kept;
}

static int32_t year_of(int64_t day)
{
    return co_date_of_days(day).year;
}

/* The years that days lie in whole, between the ends of the file: a span over New Year alone does
 * not tell of either. False: none. */
static bool found_years(const struct source *s, int32_t *ret_first, int32_t *ret_last)
{
    bool has_any = false;
    for (size_t i = 0; i < s->spans; i++) {
        int32_t year = year_of(s->span[i].first_day);
        if (year != year_of(s->span[i].last_day))
            continue;
        *ret_first = !has_any || year < *ret_first ? year : *ret_first;
        *ret_last = !has_any || year > *ret_last ? year : *ret_last;
        has_any = true;
    }
    return has_any;
}

/* Which years are asked for. */
static bool choose_years(const struct source *s, int32_t *ret_first, int32_t *ret_last)
{
    enum { AHEAD = 2 };
    const struct holidays_rules *r = s->rules;
    bool recurs = false;
    int32_t first = r->this_year, last = r->this_year;
    for (size_t i = 0; i < s->ical.events; i++)
        recurs = recurs || s->ical.event[i].rules.count > 0;
    bool has_any = found_years(s, &first, &last);
    if (recurs) {
        first = first < r->this_year ? first : r->this_year;
        last = (last > r->this_year ? last : r->this_year) + AHEAD;
    }
    *ret_first = r->has_years ? r->first_year : first;
    *ret_last = r->has_years ? r->last_year : last;
    return has_any || recurs || r->has_years;
}

static void take_span(struct source *s, const struct span *span, int32_t first, int32_t last)
{
    int32_t from = year_of(span->first_day);
    int32_t until = year_of(span->last_day);
    if (until < first || from > last)
        return;
    for (int32_t year = from; year <= until; year++) {
        bool is_told = year >= first && year <= last && (s->rules->has_years || from == until);
        struct holiday_year *y = is_told ? holidays_year(s->h, year) : NULL;
        if (y != NULL)
            y->is_known = true;
    }
    for (int64_t day = span->first_day; day <= span->last_day; day++)
        holidays_add(s->h, (struct holiday){ day, day_of(span->event)->name,
                                             day_of(span->event)->mark == HOLIDAY_MAKEUP,
                                             span->event->where });
}

static void read_source(struct source *s)
{
    int32_t first = 0, last = 0;
    drop_unmarked(s);
    ical_index(&s->ical);
    for (size_t i = 0; i < s->ical.events; i++)
        ical_each_named(&s->ical, &s->ical.event[i], add, s);
    if (!choose_years(s, &first, &last))
        return;
    for (size_t i = 0; i < s->ical.events; i++)
        ical_each_recurring(&s->ical, &s->ical.event[i], first, last, add, s);
    for (int32_t year = first; year <= last; year++)
        (void)holidays_year(s->h, year);
    for (size_t i = 0; i < s->spans; i++)
        take_span(s, &s->span[i], first, last);
}

void holidays_read_ical(struct holidays *h, const struct holidays_rules *rules, const char *path,
                        const char *text, size_t len)
{
    struct source s = {
        .ical = { .cli = h->cli,
                  .path = path,
                  .length_max_s = (int64_t)HOLIDAYS_MAX * ICAL_DAY_S,
                  .problem = tell,
                  .take = take },
        .h = h,
        .rules = rules,
        .zone = rules->zone == NULL ? NULL : icaltimezone_get_builtin_timezone(rules->zone),
    };
    s.ical.arg = &s;
    if (rules->zone != NULL && s.zone == NULL)
        holidays_problem(h, "--zone", "\"%s\" is not known here; allowed: Asia/Shanghai ...",
                         rules->zone);
    else if (ical_open(&s.ical, text, len))
        read_source(&s);
    ical_close(&s.ical);
}
