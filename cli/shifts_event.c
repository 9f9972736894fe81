/* Puts what an event says into the rosters of its people: rules where it comes every week, else
 * single spans. An override with other people is a swap. */
#include <stdlib.h>
#include <string.h>

#include "cli_files.h"
#include "co_assert.h"
#include "co_time.h"
#include "shifts.h"

static struct shift_event *own_of(const struct ical_event *e)
{
    return e->own;
}

/* ---- times */

/* A time of the local clock where the calendar is, for times without a zone and for whole days. */
static int64_t local_us(const struct shifts *k, int64_t local_s)
{
    int64_t day = local_s / ICAL_DAY_S, rest_s = local_s % ICAL_DAY_S;
    return co_calendar_local_us(k->compiled, day, (int32_t)(rest_s / 60)) +
           rest_s % 60 * CO_SECOND_US;
}

static int64_t zoned_us(struct icaltimetype t)
{
    return (int64_t)icaltime_as_timet_with_zone(t, t.zone) * CO_SECOND_US;
}

static struct shift_time time_at(const struct shifts *k, const struct ical_event *e,
                                 struct icaltimetype t)
{
    int64_t local_s = ical_local_s(t);
    struct icaltimetype end = t;
    if (t.zone == NULL || t.is_date)
        return (struct shift_time){ local_us(k, local_s), local_us(k, local_s + e->length_s),
                                    NULL };
    icaltime_adjust(&end, (int)(e->length_s / ICAL_DAY_S), 0, 0, (int)(e->length_s % ICAL_DAY_S));
    return (struct shift_time){ zoned_us(t), zoned_us(end), NULL };
}

struct collecting {
    struct shifts *k;
    struct shift_times times;
};

static void collect(void *arg, const struct ical_event *e, struct icaltimetype t)
{
    struct collecting *c = arg;
    struct shift_times *to = &c->times;
    if (to->n == to->cap) {
        size_t cap = to->cap == 0 ? 64 : to->cap * 2;
        struct shift_time *larger = co_arena_alloc(c->k->cli->arena, cap * sizeof(larger[0]));
        co_assert(larger != NULL);
        if (to->n > 0)
            memcpy(larger, to->item, to->n * sizeof(larger[0]));
        to->item = larger;
        to->cap = cap;
    }
    to->item[to->n] = time_at(c->k, e, t);
    to->item[to->n++].override = ical_override(&c->k->ical, e, t);
}

static int by_time(const void *a, const void *b)
{
    const struct shift_time *x = a, *y = b;
    return (x->from_us > y->from_us) - (x->from_us < y->from_us);
}

/* ---- spans */

static bool is_within(const struct shifts *k, const struct shift_time *t)
{
    return t->until_us > k->from_us && t->from_us < k->until_us;
}

/* A shift on workdays falls out on a public holiday. */
static bool falls_out(const struct shifts *k, enum shift_kind kind, const struct shift_time *t)
{
    int64_t day = co_days_of_us(t->from_us, co_calendar_offset_s(k->compiled, t->from_us));
    return kind == SHIFT_WORKDAY && co_calendar_is_public_holiday(k->compiled, day);
}

static void add_span(struct shifts *k, struct shift_person *who, enum shift_kind kind,
                     const struct shift_time *t, const char *why)
{
    bool is_absence = kind == SHIFT_ABSENCE;
    k->has_absences = k->has_absences || is_absence;
    if (!is_within(k, t))
        k->beyond++;
    else if (!falls_out(k, kind, t))
        shifts_add_span(k, is_absence ? &who->absences : &who->shifts, t->from_us, t->until_us,
                        why);
}

/* ---- overrides */

/* Whom and what an override does not say is as in its event. */
static void settle(const struct ical_event *e, const struct ical_event *override)
{
    struct shift_event *o = own_of(override);
    if (!o->is_naming) {
        o->who = own_of(e)->who;
        o->count = own_of(e)->count;
    }
    if (o->kind == SHIFT_UNSAID)
        o->kind = own_of(e)->kind;
}

/* Does it take place for him as the event says? */
static bool is_kept(const struct shifts *k, const struct ical_event *e, const struct shift_time *t,
                    const struct shift_person *who)
{
    if (t->override == NULL)
        return true;
    const struct shift_event *o = own_of(t->override);
    struct shift_time now = time_at(k, t->override, t->override->start);
    return !t->override->is_cancelled && shifts_has(o, who) && o->kind == own_of(e)->kind &&
           now.from_us == t->from_us && now.until_us == t->until_us;
}

/* What the override gives to its people, and takes from those of the event. */
static void place_override(struct shifts *k, const struct ical_event *e, const struct shift_time *t)
{
    struct shift_event *o = own_of(t->override), *was = own_of(e);
    const char *lost_by = shifts_others(k, was, o), *taken_by = shifts_others(k, o, was);
    struct shift_time now = time_at(k, t->override, t->override->start);
    if (o->is_placed || t->override->is_cancelled)
        return;
    o->is_placed = true;
    k->swaps += *lost_by != '\0' && *taken_by != '\0' ? 1 : 0;
    for (size_t i = 0; i < o->count; i++) {
        bool is_new = !shifts_has(was, o->who[i]);
        const char *why =
            is_new && *lost_by != '\0' ? cli_format(k->cli, "swap with %s", lost_by) : o->why;
        if (is_new || !is_kept(k, e, t, o->who[i]))
            add_span(k, o->who[i], o->kind, &now, *why != '\0' || is_new ? why : "moved");
    }
    for (size_t i = 0; i < was->count && was->kind != SHIFT_ABSENCE; i++)
        if (!shifts_has(o, was->who[i]) && is_within(k, t))
            shifts_add_span(k, &was->who[i]->lost, t->from_us, t->until_us,
                            *taken_by == '\0' ? "taken over"
                                              : cli_format(k->cli, "swap with %s", taken_by));
}

void shifts_place_override(struct shifts *k, const struct ical_event *e)
{
    struct shift_event *o = own_of(e);
    struct shift_time now = time_at(k, e, e->start);
    for (size_t i = 0; !o->is_placed && !e->is_cancelled && i < o->count; i++)
        add_span(k, o->who[i], o->kind, &now, o->why);
}

/* ---- events */

static void place_times(struct shifts *k, const struct ical_event *e, struct shift_times *times,
                        bool recurs)
{
    struct shift_event *own = own_of(e);
    bool *is_his = co_arena_alloc(k->cli->arena, times->n + 1);
    co_assert(is_his != NULL);
    if (times->n > 0)
        qsort(times->item, times->n, sizeof(times->item[0]), by_time);
    for (size_t i = 0; i < times->n; i++)
        if (times->item[i].override != NULL) {
            settle(e, times->item[i].override);
            place_override(k, e, &times->item[i]);
        }
    for (size_t p = 0; p < own->count; p++) {
        for (size_t i = 0; i < times->n; i++)
            is_his[i] = is_kept(k, e, &times->item[i], own->who[p]);
        if (recurs && own->kind != SHIFT_ABSENCE &&
            shifts_add_rules(k, e, times, is_his, own->who[p]))
            continue;
        for (size_t i = 0; i < times->n; i++)
            if (is_his[i] && (!recurs || is_within(k, &times->item[i])))
                add_span(k, own->who[p], own->kind, &times->item[i], own->why);
    }
}

static int32_t year_of(int64_t us)
{
    return co_date_of_days(co_days_of_us(us, 0)).year;
}

/* A rule without end is followed for a year at least, so that what comes every week is seen as such
 * in summer and winter. */
static int32_t last_year(const struct shifts *k, const struct ical_event *e)
{
    int32_t next = year_of(k->from_us) + 1, last = year_of(k->until_us);
    last = last > next ? last : next;
    for (size_t i = 0; i < e->rules.count; i++) {
        struct icalrecurrencetype r = icalproperty_get_rrule(e->rules.item[i]);
        if (r.count == 0 && icaltime_is_null_time(r.until))
            return last;
    }
    return CLI_YEAR_MAX;
}

void shifts_place(struct shifts *k, const struct ical_event *e)
{
    struct shift_event *own = own_of(e);
    struct collecting named = { .k = k }, more = { .k = k };
    int32_t first_year = year_of(k->from_us - e->length_s * CO_SECOND_US - 2 * CO_DAY_US);
    if (own->kind == SHIFT_UNSAID)
        own->kind = SHIFT_DUTY;
    for (size_t i = 0; i < own->count; i++)
        own->who[i]->has_duty = own->who[i]->has_duty || own->kind != SHIFT_ABSENCE;
    ical_each_named(&k->ical, e, collect, &named);
    place_times(k, e, &named.times, false);
    ical_each_recurring(&k->ical, e, first_year, last_year(k, e), collect, &more);
    if (more.times.n > 0)
        place_times(k, e, &more.times, true);
}
