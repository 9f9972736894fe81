/* All clocks of a case as one message. */
#include "co_time.h"
#include "sla_cause.h"
#include "sla_events.h"
#include "sla_explain.h"

static const char *state_of(const struct sla_clock *c)
{
    static const char *const ended[SLA_CLOCK_STATES] = {
        [SLA_CLOCK_MET] = "met", [SLA_CLOCK_STOPPED] = "stopped", [SLA_CLOCK_REPLACED] = "replaced"
    };
    if (c->is_breached)
        return c->state == SLA_CLOCK_MET ? "late" : "breached";
    if (c->state != SLA_CLOCK_OPEN)
        return ended[c->state];
    if (c->due_us == 0)
        return "open";
    return c->is_paused ? "paused" : "running";
}

/* NULL: no memory. "" outside of the calendar. */
static char *day_at(const struct co_calendar *calendar, int64_t us, struct co_arena *arena)
{
    char text[CO_DATE_TEXT] = "";
    int64_t day;
    if (calendar != NULL && co_calendar_day_of(calendar, us, &day) == CO_OK)
        co_date_format(day, text);
    return co_arena_strdup(arena, text);
}

struct teller {
    const struct sla_fold_input *in;
    const struct sla_fold *fold;
    const struct sla_clock *clock;
    const struct co_calendar *calendar; /* NULL: the clock does not use it */
    struct co_arena *arena;
};

/* NULL: no memory. */
static Callout__V1__Segment *make_segment(const struct teller *t, const struct sla_segment *s)
{
    Callout__V1__Segment *segment = sla_message_new(t->arena, &callout__v1__segment__descriptor);
    char *why = co_arena_strdup(t->arena, s->why);
    char *first_day = day_at(t->calendar, s->from_us, t->arena);
    char *last_day = day_at(t->calendar, s->until_us - 1, t->arena);
    if (segment == NULL || why == NULL || first_day == NULL || last_day == NULL)
        return NULL;
    segment->first_day = first_day;
    segment->last_day = last_day;
    segment->from_us = s->from_us;
    segment->until_us = s->until_us;
    segment->counts = s->counts;
    segment->why = why;
    if (s->pause == NULL)
        return segment;
    segment->by = sla_cause_of_pause(t->in, t->fold, t->clock, s->pause, t->arena);
    return segment->by != NULL ? segment : NULL;
}

static enum co_err put_segments(const struct teller *t, const struct sla_account *account,
                                Callout__V1__ClockAccount *to)
{
    to->segments = co_arena_alloc(t->arena, (account->count + 1) * sizeof(to->segments[0]));
    if (to->segments == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < account->count; i++) {
        to->segments[i] = make_segment(t, &account->segments[i]);
        if (to->segments[i] == NULL)
            return CO_ENOMEM;
        to->n_segments++;
    }
    to->due_us = account->due_us;
    to->target = account->target;
    to->counted = account->counted;
    to->is_days = account->is_days;
    to->same_day = account->is_same_day;
    return CO_OK;
}

/* -- changes of the level */

static const Callout__V1__SeverityChanged *find_change(const struct sla_fold *fold,
                                                       uint32_t ordinal)
{
    for (size_t i = 0; i < fold->output_count; i++) {
        const Callout__V1__Event *e = fold->outputs[i];
        if (e->body_case == CALLOUT__V1__EVENT__BODY_SEVERITY_CHANGED &&
            e->severity_changed->ordinal == ordinal)
            return e->severity_changed;
    }
    return NULL;
}

static enum co_err put_change(const struct teller *t, const struct sla_move *move,
                              Callout__V1__ClockAccount *to)
{
    Callout__V1__TargetChange *c =
        sla_message_new(t->arena, &callout__v1__target_change__descriptor);
    const Callout__V1__SeverityChanged *change = find_change(t->fold, move->ordinal);
    if (c == NULL)
        return CO_ENOMEM;
    c->at_us = move->at_us;
    c->ordinal = move->ordinal;
    c->from = move->from;
    c->to = move->to;
    c->due_before_us = move->due_before_us;
    c->due_after_us = move->due_after_us;
    to->changes[to->n_changes++] = c;
    if (change == NULL)
        return CO_OK;
    c->why = change->why;
    return sla_cause_of_change(t->in, change, t->arena, &c->by);
}

static enum co_err put_changes(const struct teller *t, Callout__V1__ClockAccount *to)
{
    enum co_err err = CO_OK;
    size_t count = t->clock->move_count;
    to->changes = co_arena_alloc(t->arena, (count + 1) * sizeof(to->changes[0]));
    if (to->changes == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < count && err == CO_OK; i++)
        err = put_change(t, &t->clock->moves[i], to);
    return err;
}

/* -- years without data */

static bool year_at(const struct co_calendar *calendar, int64_t us, int32_t *ret_year)
{
    int64_t day;
    if (co_calendar_day_of(calendar, us, &day) != CO_OK)
        return false;
    *ret_year = co_date_of_days(day).year;
    return true;
}

/* Those from start to due; where the due time is not known for want of data, the first one. */
static enum co_err put_years(const struct teller *t, Callout__V1__ClockAccount *to)
{
    int32_t first, last;
    if (t->calendar == NULL || !year_at(t->calendar, to->start_us, &first))
        return CO_OK;
    bool is_known = to->due_us != 0 && year_at(t->calendar, to->due_us - 1, &last);
    if (!is_known)
        last = first + CO_CALENDAR_YEARS_MAX;
    to->years_unknown =
        co_arena_alloc(t->arena, (size_t)(last - first + 2) * sizeof(to->years_unknown[0]));
    if (to->years_unknown == NULL)
        return CO_ENOMEM;
    for (int32_t year = first; year <= last; year++)
        if (!co_calendar_has_data(t->calendar, year) && (is_known || to->n_years_unknown == 0))
            to->years_unknown[to->n_years_unknown++] = (uint32_t)year;
    return CO_OK;
}

/* -- */

static enum co_err explain_clock(const struct teller *t, Callout__V1__ClockAccount **ret)
{
    const struct sla_clock *c = t->clock;
    struct sla_account account;
    Callout__V1__ClockAccount *a =
        sla_message_new(t->arena, &callout__v1__clock_account__descriptor);
    char *state = co_arena_strdup(t->arena, state_of(c));
    if (a == NULL || state == NULL)
        return CO_ENOMEM;
    a->start_us = c->start_us;
    enum co_err err = sla_explain(t->in, c, t->arena, &account);
    if (err == CO_OK)
        err = put_segments(t, &account, a);
    if (err == CO_OK)
        err = put_changes(t, a);
    if (err == CO_OK)
        err = put_years(t, a);
    if (err != CO_OK)
        return err;
    a->milestone = c->milestone->name;
    a->generation = c->generation;
    a->title = c->milestone->title;
    a->state = state;
    a->internal = c->milestone->internal;
    a->end_us = c->state == SLA_CLOCK_OPEN ? 0 : c->ended_us;
    a->severity = c->goal.severity;
    if (c->goal.table != NULL)
        a->table = c->goal.table;
    a->from_contract = c->goal.from_contract;
    a->basis = c->promise != NULL ? c->promise->basis : NULL;
    *ret = a;
    return CO_OK;
}

static void put_not_served(const struct sla_fold *fold, Callout__V1__Explanation *e)
{
    for (size_t i = 0; i < fold->output_count; i++)
        if (fold->outputs[i]->body_case == CALLOUT__V1__EVENT__BODY_NOT_SERVED)
            e->not_served = fold->outputs[i]->not_served;
}

static void put_versions(const struct sla_fold_input *in, const struct sla_fold *fold,
                         Callout__V1__Explanation *e)
{
    e->as_of_us = in->now_us;
    e->engine = in->opened->engine;
    e->registry_version = in->opened->registry_version;
    e->terms = in->opened->terms;
    e->entitled = in->opened->entitled;
    e->policy = in->opened->policy;
    e->calendar = in->opened->calendar;
    e->severity = fold->severity;
    if (in->policy->source != NULL)
        e->source = in->policy->source;
}

enum co_err sla_explain_case(const struct sla_fold_input *in, const struct sla_fold *fold,
                             struct co_arena *arena, Callout__V1__Explanation **ret)
{
    Callout__V1__Explanation *e = sla_message_new(arena, &callout__v1__explanation__descriptor);
    if (e == NULL)
        return CO_ENOMEM;
    e->clocks = co_arena_alloc(arena, (fold->clock_count + 1) * sizeof(e->clocks[0]));
    if (e->clocks == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < fold->clock_count; i++) {
        struct teller t = { .in = in, .fold = fold, .clock = fold->clocks[i], .arena = arena };
        if (sla_goal_uses_calendar(&t.clock->goal))
            t.calendar = sla_calendars_of(&in->calendars, t.clock->milestone).calendar;
        enum co_err err = explain_clock(&t, &e->clocks[e->n_clocks]);
        if (err != CO_OK)
            return err;
        e->n_clocks++;
    }
    put_versions(in, fold, e);
    put_not_served(fold, e);
    *ret = e;
    return CO_OK;
}
