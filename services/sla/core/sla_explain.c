#include "sla_explain.h"

#include <string.h>

#define TARGET(name) CALLOUT__V1__TARGET_KIND__TARGET_##name

struct writer {
    const struct co_calendar *calendar;
    struct co_arena *arena;
    struct sla_account *account;
    size_t cap;
    enum co_err err;
};

static bool make_room(struct writer *w)
{
    struct sla_account *a = w->account;
    if (a->count < w->cap)
        return true;
    size_t grown = w->cap == 0 ? 32 : w->cap * 2;
    struct sla_segment *copy =
        a->count < SLA_SEGMENTS_MAX ? co_arena_alloc(w->arena, grown * sizeof(*copy)) : NULL;
    if (copy == NULL) {
        w->err = a->count < SLA_SEGMENTS_MAX ? CO_ENOMEM : CO_EINPUT;
        return false;
    }
    if (a->segments != NULL)
        memcpy(copy, a->segments, a->count * sizeof(*copy));
    a->segments = copy;
    w->cap = grown;
    return true;
}

/* Neighbours of one kind become one segment, except days, which are counted. */
static void put(struct writer *w, struct sla_segment s)
{
    struct sla_account *a = w->account;
    if (s.from_us >= s.until_us || w->err != CO_OK)
        return;
    struct sla_segment *last = a->count > 0 ? &a->segments[a->count - 1] : NULL;
    bool is_one = last != NULL && last->until_us == s.from_us && strcmp(last->why, s.why) == 0 &&
                  last->pause == s.pause && !(a->is_days && s.counts);
    if (is_one)
        last->until_us = s.until_us;
    else if (make_room(w))
        a->segments[a->count++] = s;
    if (s.counts && w->err == CO_OK)
        a->counted += a->is_days ? 1 : s.until_us - s.from_us;
}

static int64_t earlier(int64_t a_us, int64_t b_us)
{
    return a_us < b_us ? a_us : b_us;
}

/* The local day that holds `us`, and when it ends; false outside of the calendar. */
static bool day_at(const struct co_calendar *c, int64_t us, int64_t *ret_day, int64_t *ret_end_us)
{
    return c != NULL && co_calendar_day_of(c, us, ret_day) == CO_OK &&
           co_calendar_day_end_us(c, *ret_day, ret_end_us) == CO_OK;
}

static const char *name_of_day(const struct co_calendar *c, int64_t day)
{
    if (co_calendar_is_public_holiday(c, day))
        return "holiday";
    return co_calendar_is_working_day(c, day) ? "off_hours" : "weekend";
}

/* -- targets of time */

static void put_span(struct writer *w, int64_t from_us, int64_t until_us, bool counts,
                     const char *why)
{
    put(w, (struct sla_segment){ from_us, until_us, counts, why, NULL });
}

static void put_closed(struct writer *w, int64_t from_us, int64_t until_us)
{
    while (from_us < until_us && w->err == CO_OK) {
        int64_t day;
        int64_t end_us = until_us;
        const char *why = "off_hours";
        if (day_at(w->calendar, from_us, &day, &end_us))
            why = name_of_day(w->calendar, day);
        end_us = earlier(end_us, until_us);
        put_span(w, from_us, end_us, false, why);
        from_us = end_us;
    }
}

/* A span lies within one day. */
static void put_open(struct writer *w, int64_t from_us, int64_t until_us)
{
    int64_t day;
    bool is_makeup = from_us < until_us &&
                     co_calendar_day_of(w->calendar, from_us, &day) == CO_OK &&
                     co_calendar_is_makeup_day(w->calendar, day);
    put_span(w, from_us, until_us, true, is_makeup ? "makeup" : "working");
}

static void put_working(struct writer *w, int64_t from_us, int64_t until_us)
{
    while (from_us < until_us && w->err == CO_OK) {
        int64_t open_us;
        int64_t close_us;
        if (!co_calendar_next_span(w->calendar, from_us, &open_us, &close_us))
            open_us = close_us = until_us;
        open_us = earlier(open_us > from_us ? open_us : from_us, until_us);
        close_us = earlier(close_us, until_us);
        put_closed(w, from_us, open_us);
        put_open(w, open_us, close_us);
        from_us = close_us > from_us ? close_us : until_us;
    }
}

static void put_time(struct writer *w, const struct sla_goal *goal, int64_t from_us,
                     int64_t until_us)
{
    if (goal->kind == TARGET(WORKING))
        put_working(w, from_us, until_us);
    else
        put_span(w, from_us, until_us, true, "running");
}

static void explain_time(struct writer *w, const struct sla_goal *goal, int64_t start_us,
                         int64_t due_us, const struct sla_pauses *pauses)
{
    int64_t from_us = start_us;
    for (size_t i = 0; i < pauses->count && from_us < due_us; i++) {
        const struct sla_pause *p = &pauses->pause[i];
        put_time(w, goal, from_us, earlier(p->from_us, due_us));
        put(w, (struct sla_segment){ earlier(p->from_us, due_us), earlier(p->until_us, due_us),
                                     false, "paused", p });
        from_us = p->until_us;
    }
    put_time(w, goal, from_us, due_us);
}

/* -- targets of days */

/* Whether the day of the start is day 1 of N working days. */
static bool start_counts(const struct writer *w, const struct sla_goal *goal, int64_t start_us,
                         int64_t day)
{
    struct co_calendar_due first;
    int64_t first_day;
    return goal->kind == TARGET(NTH_WORKING_DAY) &&
           co_calendar_nth_working_day(w->calendar, start_us, sla_goal_nth_day(goal, 1), &first) ==
               CO_OK &&
           co_calendar_day_of(w->calendar, first.due_us - 1, &first_day) == CO_OK &&
           first_day == day;
}

struct day {
    int64_t day;
    int64_t end_us;
    bool is_start;
    bool is_last;
};

/* Whether it is one of the days that can be counted, whatever else comes in between. */
static bool may_count(const struct writer *w, const struct sla_goal *goal, int64_t start_us,
                      const struct day *d)
{
    if (d->is_start)
        return goal->kind == TARGET(NTH_WORKING_DAY) && start_counts(w, goal, start_us, d->day);
    return goal->kind == TARGET(PERIOD_DAYS) || co_calendar_is_working_day(w->calendar, d->day);
}

/* Of days as such only the last one moves on, from a public holiday. */
static bool is_moved_on(const struct writer *w, const struct sla_goal *goal, const struct day *d)
{
    return goal->kind == TARGET(PERIOD_DAYS) && !d->is_last &&
           w->account->counted == w->account->target - 1;
}

/* A day does not count while whose closing the clock stands: for which pause; NULL: it does. */
static const struct sla_pause *pause_of_day(const struct writer *w, const struct sla_goal *goal,
                                            const struct day *d, const struct sla_pauses *pauses)
{
    int64_t closing_us = d->end_us;
    if (goal->kind != TARGET(PERIOD_DAYS) &&
        co_calendar_closing_us(w->calendar, d->day, &closing_us) != CO_OK)
        return NULL;
    for (size_t i = 0; i < pauses->count && sla_pauses_stand_at(pauses, closing_us); i++)
        if (pauses->pause[i].from_us < closing_us && pauses->pause[i].until_us >= closing_us)
            return &pauses->pause[i];
    return NULL;
}

/* Days as such count whatever they are. */
static const char *name_of_counted(const struct writer *w, const struct sla_goal *goal,
                                   const struct day *d)
{
    bool is_makeup =
        goal->kind != TARGET(PERIOD_DAYS) && co_calendar_is_makeup_day(w->calendar, d->day);
    return is_makeup ? "makeup_day" : "day";
}

static const char *name_of_uncounted(const struct writer *w, const struct sla_goal *goal,
                                     const struct day *d)
{
    bool is_free = d->is_start && (goal->kind == TARGET(PERIOD_DAYS) ||
                                   co_calendar_is_working_day(w->calendar, d->day));
    return is_free ? "start_day" : name_of_day(w->calendar, d->day);
}

static struct sla_segment tell_day(const struct writer *w, const struct sla_goal *goal,
                                   int64_t start_us, const struct day *d,
                                   const struct sla_pauses *pauses)
{
    if (!may_count(w, goal, start_us, d))
        return (struct sla_segment){ .why = name_of_uncounted(w, goal, d) };
    const struct sla_pause *pause = pause_of_day(w, goal, d, pauses);
    if (pause != NULL)
        return (struct sla_segment){ .why = "paused_day", .pause = pause };
    if (is_moved_on(w, goal, d))
        return (struct sla_segment){ .why = name_of_day(w->calendar, d->day) };
    return (struct sla_segment){ .why = name_of_counted(w, goal, d), .counts = true };
}

static void explain_days(struct writer *w, const struct sla_goal *goal, int64_t start_us,
                         int64_t due_us, const struct sla_pauses *pauses)
{
    int64_t from_us = start_us;
    struct day d;
    while (from_us < due_us && w->err == CO_OK && day_at(w->calendar, from_us, &d.day, &d.end_us)) {
        d.is_start = from_us == start_us;
        d.is_last = d.end_us >= due_us;
        struct sla_segment s = tell_day(w, goal, start_us, &d, pauses);
        s.from_us = from_us;
        s.until_us = earlier(d.end_us, due_us);
        put(w, s);
        from_us = d.end_us;
    }
}

/* -- */

/* A pause that lasts is told as if it ended now, or with the clock; the due time moves along. */
static enum co_err end_pause(const struct sla_fold_input *in, struct sla_clock *clock,
                             struct co_arena *arena)
{
    struct sla_pauses *p = &clock->pauses;
    if (p->count == 0 || p->pause[p->count - 1].until_us != INT64_MAX || !clock->is_paused)
        return CO_OK;
    p->pause = co_arena_memdup(arena, p->pause, p->count * sizeof(p->pause[0]));
    if (p->pause == NULL)
        return CO_ENOMEM;
    p->pause[p->count - 1].until_us = clock->state == SLA_CLOCK_OPEN ? in->now_us : clock->ended_us;
    clock->due_us =
        sla_goal_due(&clock->goal, sla_calendars_of(&in->calendars, clock->milestone).calendar,
                     clock->start_us, p, clock->agreed_us);
    return CO_OK;
}

static const char *why_unknown(const struct sla_goal *goal)
{
    if (goal->kind == TARGET(ZONE))
        return "not_located";
    if (sla_goal_is_dated(goal) && goal->date_us == 0)
        return "not_dated";
    return goal->kind == TARGET(AGREED) ? "not_agreed" : "no_data";
}

static void explain_due(struct writer *w, const struct sla_clock *c)
{
    const struct sla_goal *goal = &c->goal;
    if (goal->kind == TARGET(AGREED)) {
        put_span(w, c->start_us, c->due_us, false, "agreed");
    } else if (sla_goal_is_dated(goal)) {
        put_span(w, c->start_us, c->due_us, false, "dated");
    } else if (sla_goal_is_time(goal)) {
        w->account->target = goal->amount;
        explain_time(w, goal, c->start_us, c->due_us, &c->pauses);
    } else {
        w->account->is_days = true;
        w->account->target = goal->kind == TARGET(NEXT_BUSINESS_DAY) ? 1 : goal->amount;
        explain_days(w, goal, c->start_us, c->due_us, &c->pauses);
    }
}

enum co_err sla_explain(const struct sla_fold_input *in, const struct sla_clock *clock,
                        struct co_arena *arena, struct sla_account *ret)
{
    struct sla_account account = { 0 };
    struct writer w = { .calendar = sla_calendars_of(&in->calendars, clock->milestone).calendar,
                        .arena = arena,
                        .account = &account };
    struct sla_clock c = *clock;
    int64_t end_us = c.state == SLA_CLOCK_OPEN ? in->now_us : c.ended_us;
    enum co_err err = end_pause(in, &c, arena);
    if (err != CO_OK)
        return err;
    account.due_us = c.due_us;
    account.is_same_day = c.goal.is_same_day;
    if (c.due_us == 0)
        put_span(&w, c.start_us, end_us, false, why_unknown(&c.goal));
    else
        explain_due(&w, &c);
    if (c.is_breached)
        put_span(&w, c.due_us > c.start_us ? c.due_us : c.start_us, end_us, false, "late");
    if (w.err == CO_OK)
        *ret = account;
    return w.err;
}
