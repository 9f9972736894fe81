/* All clocks of a case as one message. */
#include "co_time.h"
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

/* The zone table that the governing target was looked up in; "": none. */
static char *table_of(const struct sla_clock *c)
{
    static char none[] = "";
    for (size_t i = 0; i < c->milestone->n_targets; i++) {
        const Callout__V1__Target *t = c->milestone->targets[i];
        if (t->severity == c->goal.severity && t->kind == CALLOUT__V1__TARGET_KIND__TARGET_ZONE)
            return t->table;
    }
    return none;
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

/* `calendar` NULL: it is not used. */
static enum co_err put_segments(const struct sla_account *account,
                                const struct co_calendar *calendar, struct co_arena *arena,
                                Callout__V1__ClockAccount *to)
{
    to->segments = co_arena_alloc(arena, (account->count + 1) * sizeof(to->segments[0]));
    if (to->segments == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < account->count; i++) {
        const struct sla_segment *s = &account->segments[i];
        Callout__V1__Segment *segment = sla_message_new(arena, &callout__v1__segment__descriptor);
        char *why = co_arena_strdup(arena, s->why);
        char *first_day = day_at(calendar, s->from_us, arena);
        char *last_day = day_at(calendar, s->until_us - 1, arena);
        if (segment == NULL || why == NULL || first_day == NULL || last_day == NULL)
            return CO_ENOMEM;
        segment->first_day = first_day;
        segment->last_day = last_day;
        segment->from_us = s->from_us;
        segment->until_us = s->until_us;
        segment->counts = s->counts;
        segment->why = why;
        to->segments[to->n_segments++] = segment;
    }
    to->target = account->target;
    to->counted = account->counted;
    to->is_days = account->is_days;
    return CO_OK;
}

static enum co_err explain_clock(const struct sla_fold_input *in, const struct sla_clock *c,
                                 struct co_arena *arena, Callout__V1__ClockAccount **ret)
{
    struct sla_account account;
    Callout__V1__ClockAccount *a = sla_message_new(arena, &callout__v1__clock_account__descriptor);
    char *state = co_arena_strdup(arena, state_of(c));
    if (a == NULL || state == NULL)
        return CO_ENOMEM;
    enum co_err err = sla_explain(in, c, arena, &account);
    if (err == CO_OK)
        err = put_segments(&account,
                           sla_goal_uses_calendar(&c->goal)
                               ? sla_calendars_of(&in->calendars, c->milestone).calendar
                               : NULL,
                           arena, a);
    if (err != CO_OK)
        return err;
    a->milestone = c->milestone->name;
    a->generation = c->generation;
    a->title = c->milestone->title;
    a->state = state;
    a->internal = c->milestone->internal;
    a->start_us = c->start_us;
    a->due_us = account.count > 0 ? account.segments[account.count - 1].until_us : c->due_us;
    a->end_us = c->state == SLA_CLOCK_OPEN ? 0 : c->ended_us;
    a->severity = c->goal.severity;
    a->table = table_of(c);
    a->basis = c->promise != NULL ? c->promise->basis : NULL;
    *ret = a;
    return CO_OK;
}

static void put_versions(const struct sla_fold_input *in, const struct sla_fold *fold,
                         Callout__V1__Explanation *e)
{
    e->as_of_us = in->now_us;
    e->engine = in->opened->engine;
    e->registry_version = in->opened->registry_version;
    e->terms = in->opened->terms;
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
        enum co_err err = explain_clock(in, fold->clocks[i], arena, &e->clocks[e->n_clocks]);
        if (err != CO_OK)
            return err;
        e->n_clocks++;
    }
    put_versions(in, fold, e);
    *ret = e;
    return CO_OK;
}
