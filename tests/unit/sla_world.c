#include "sla_world.h"

#include <stdio.h>
#include <string.h>

#include "co_assert.h"
#include "sla_events.h"
#include "sla_input.h"

static const struct co_span work = { 9 * 60, 18 * 60 };
static const struct co_offset_change beijing = { 0, 8 * 3600 };

static struct co_calendar *make_calendar(bool is_later)
{
    static const struct co_span short_day = { 9 * 60, 15 * 60 };
    static const struct co_day_exception holiday = { 20515, { NULL, 0 }, true };
    struct co_calendar_spec spec = { .offsets = { &beijing, 1 },
                                     .exception = &holiday,
                                     .exception_count = is_later ? 1 : 0,
                                     .first_year = 2025,
                                     .last_year = 2027 };
    for (int i = CO_MONDAY; i <= CO_FRIDAY; i++)
        spec.week[i] = (struct co_day_spans){ &work, 1 };
    if (is_later)
        spec.week[CO_WEDNESDAY].span = &short_day;
    struct co_calendar *calendar = NULL;
    char problem[CO_CALENDAR_PROBLEM];
    enum co_err err = co_calendar_compile(&spec, &calendar, problem);
    co_assert(err == CO_OK);
    return calendar;
}

static void *alloc(struct world *w, size_t size)
{
    void *p = co_arena_alloc(w->arena, size);
    co_assert(p != NULL);
    memset(p, 0, size);
    return p;
}

void *world_message(struct world *w, const ProtobufCMessageDescriptor *type)
{
    void *message = alloc(w, type->sizeof_message);
    type->message_init(message);
    return message;
}

char *world_text(struct world *w, const char *text)
{
    char *copy = co_arena_strdup(w->arena, text);
    co_assert(copy != NULL);
    return copy;
}

/* A copy of `list` with one more item of `size` bytes behind. */
static void *grow(struct world *w, const void *list, size_t count, const void *item, size_t size)
{
    char *copy = alloc(w, (count + 1) * size);
    if (count > 0)
        memcpy(copy, list, count * size);
    memcpy(copy + count * size, item, size);
    return copy;
}

#define PUSH(w, message, field, item)                                                              \
    ((message)->field =                                                                            \
         grow(w, (message)->field, (message)->n_##field, &(item), sizeof((message)->field[0])),    \
     (message)->n_##field++)

void world_init(struct world *w)
{
    *w = (struct world){ .arena = co_arena_new((size_t)256 * 1024 * 1024),
                         .calendar = make_calendar(false) };
    co_assert(w->arena != NULL);
    w->pack = world_message(w, &callout__v1__policy_pack__descriptor);
    w->pack->name = world_text(w, "pack");
    w->pack->source = world_text(w, "the document");
    w->pack->default_severity = 4;
    for (uint32_t level = 1; level <= 4; level++) {
        Callout__V1__SeverityLevel *l = world_message(w, &callout__v1__severity_level__descriptor);
        l->level = level;
        PUSH(w, w->pack, severities, l);
    }
    w->opened = world_message(w, &callout__v1__case_opened__descriptor);
    w->opened->calendar = world_message(w, &callout__v1__pin__descriptor);
    w->opened->calendar->key = world_text(w, "cn");
    w->opened->engine = SLA_ENGINE_VERSION;
}

void world_done(struct world *w)
{
    co_calendar_free(w->calendar);
    co_calendar_free(w->later);
    co_arena_free(w->arena);
}

Callout__V1__CalendarRebased *world_later(struct world *w, struct co_arena *arena)
{
    Callout__V1__CalendarRebased *pins =
        sla_message_new(arena, &callout__v1__calendar_rebased__descriptor);
    co_assert(pins != NULL);
    pins->calendar = sla_message_new(arena, &callout__v1__pin__descriptor);
    co_assert(pins->calendar != NULL);
    pins->calendar->key = w->opened->calendar->key;
    pins->calendar->since = 7;
    if (w->later == NULL)
        w->later = make_calendar(true);
    return pins;
}

/* -- the pack */

Callout__V1__Milestone *world_milestone(struct world *w, const char *name, Callout__V1__Act start,
                                        Callout__V1__Act stop)
{
    Callout__V1__Milestone *m = world_message(w, &callout__v1__milestone__descriptor);
    m->name = world_text(w, name);
    if (start != ACT(NONE))
        PUSH(w, m, start, start);
    if (stop != ACT(NONE))
        PUSH(w, m, stop, stop);
    PUSH(w, w->pack, milestones, m);
    return m;
}

Callout__V1__Step *world_step(struct world *w, const char *key, Callout__V1__Role responsible,
                              const char *after)
{
    Callout__V1__Step *s = world_message(w, &callout__v1__step__descriptor);
    s->key = world_text(w, key);
    PUSH(w, s, responsible, responsible);
    if (after != NULL) {
        char *name = world_text(w, after);
        PUSH(w, s, after, name);
    }
    PUSH(w, w->pack, steps, s);
    return s;
}

void world_accepted_by(struct world *w, Callout__V1__Step *s, Callout__V1__Role role)
{
    PUSH(w, s, accepted_by, role);
}

void world_opened_by(struct world *w, Callout__V1__Step *s, Callout__V1__Act act)
{
    PUSH(w, s, open, act);
}

void world_done_by(struct world *w, Callout__V1__Step *s, Callout__V1__Act act)
{
    PUSH(w, s, done_by, act);
}

void world_needed_only(struct world *w, Callout__V1__Step *s, const char *condition)
{
    char *name = world_text(w, condition);
    PUSH(w, s, only_conditions, name);
}

void world_finishes(struct world *w, const char *step)
{
    char *name = world_text(w, step);
    PUSH(w, w->pack, finish_steps, name);
}

void world_start_step(struct world *w, Callout__V1__Milestone *m, const char *step)
{
    char *name = world_text(w, step);
    PUSH(w, m, start_steps, name);
}

void world_stop_step(struct world *w, Callout__V1__Milestone *m, const char *step)
{
    char *name = world_text(w, step);
    PUSH(w, m, stop_steps, name);
}

void world_pause_step(struct world *w, Callout__V1__Milestone *m, const char *step)
{
    char *name = world_text(w, step);
    PUSH(w, m, pause_steps, name);
}

void world_start(struct world *w, Callout__V1__Milestone *m, Callout__V1__Act act)
{
    PUSH(w, m, start, act);
}

void world_start_unless_cancelled(struct world *w, Callout__V1__Milestone *m, Callout__V1__Act a)
{
    PUSH(w, m, start_unless_cancelled, a);
}

void world_cancel(struct world *w, Callout__V1__Milestone *m, Callout__V1__Act act)
{
    PUSH(w, m, cancel, act);
}

void world_pause(struct world *w, Callout__V1__Milestone *m, Callout__V1__Act pause,
                 Callout__V1__Act resume)
{
    PUSH(w, m, pause, pause);
    PUSH(w, m, resume, resume);
}

void world_suspend(struct world *w, Callout__V1__Milestone *m, Callout__V1__Act suspend,
                   Callout__V1__Act restart)
{
    PUSH(w, m, suspend, suspend);
    PUSH(w, m, restart, restart);
}

void world_by_condition(struct world *w, Callout__V1__Milestone *m, const char *condition)
{
    char *key = world_text(w, condition);
    PUSH(w, m, start_conditions, key);
    PUSH(w, m, cancel_conditions, key);
}

static Callout__V1__Target *make_target(struct world *w, uint32_t severity,
                                        Callout__V1__TargetKind kind, int64_t amount)
{
    Callout__V1__Target *t = world_message(w, &callout__v1__target__descriptor);
    t->severity = severity;
    t->kind = kind;
    t->amount = amount;
    return t;
}

void world_target(struct world *w, Callout__V1__Milestone *m, uint32_t severity,
                  Callout__V1__TargetKind kind, int64_t amount)
{
    Callout__V1__Target *t = make_target(w, severity, kind, amount);
    t->table = world_text(w, kind == TARGET(ZONE) ? "rings" : "");
    PUSH(w, m, targets, t);
}

void world_from_contract(struct world *w, Callout__V1__Milestone *m, uint32_t severity,
                         Callout__V1__TargetKind kind, int64_t amount)
{
    world_target(w, m, severity, kind, amount);
    m->targets[m->n_targets - 1]->from_contract = true;
}

void world_figure(struct world *w, const char *milestone, uint32_t severity,
                  Callout__V1__TargetKind kind, int64_t amount)
{
    Callout__V1__ContractTarget *figure =
        world_message(w, &callout__v1__contract_target__descriptor);
    figure->milestone = world_text(w, milestone);
    figure->target = make_target(w, severity, kind, amount);
    figure->target->table = world_text(w, kind == TARGET(ZONE) ? "rings" : "");
    PUSH(w, w->opened, targets, figure);
}

void world_agree(struct world *w, Callout__V1__Milestone *m, Callout__V1__Act act)
{
    PUSH(w, m, agree, act);
}

void world_minutes(struct world *w, Callout__V1__Milestone *m, int64_t a, int64_t b, int64_t c,
                   int64_t d)
{
    const int64_t minutes[] = { a, b, c, d };
    for (uint32_t i = 0; i < 4; i++)
        if (minutes[i] != 0)
            world_target(w, m, i + 1, TARGET(RUNNING), minutes[i] * MINUTE);
}

void world_warn(struct world *w, Callout__V1__Milestone *m, uint32_t percent, int64_t before_us)
{
    Callout__V1__Threshold *t = world_message(w, &callout__v1__threshold__descriptor);
    t->percent = percent;
    t->before_us = before_us;
    PUSH(w, m, warnings, t);
}

static Callout__V1__Action *make_action(struct world *w, Callout__V1__ActionKind kind)
{
    Callout__V1__Action *a = world_message(w, &callout__v1__action__descriptor);
    a->kind = kind;
    return a;
}

Callout__V1__Action *world_on_breach(struct world *w, Callout__V1__Milestone *m,
                                     Callout__V1__ActionKind kind)
{
    Callout__V1__Action *a = make_action(w, kind);
    PUSH(w, m, on_breach, a);
    return a;
}

Callout__V1__Action *world_on_warning(struct world *w, Callout__V1__Milestone *m,
                                      Callout__V1__ActionKind kind)
{
    Callout__V1__Action *a = make_action(w, kind);
    PUSH(w, m, on_warning, a);
    return a;
}

Callout__V1__Action *world_at_warning(struct world *w, Callout__V1__Milestone *m,
                                      Callout__V1__ActionKind kind)
{
    Callout__V1__Action *a = make_action(w, kind);
    PUSH(w, m->warnings[m->n_warnings - 1], actions, a);
    return a;
}

void world_only_at(struct world *w, Callout__V1__Action *a, uint32_t severity)
{
    PUSH(w, a, severities, severity);
}

void world_ladder(struct world *w, Callout__V1__Milestone *m, int64_t after_us)
{
    Callout__V1__EscalationStep *step = world_message(w, &callout__v1__escalation_step__descriptor);
    step->after_us = after_us;
    PUSH(w, m, ladder, step);
}

void world_condition(struct world *w, const char *key)
{
    Callout__V1__Condition *c = world_message(w, &callout__v1__condition__descriptor);
    c->key = world_text(w, key);
    PUSH(w, w->pack, conditions, c);
}

void world_excluded(struct world *w, const char *cause)
{
    Callout__V1__Condition *c = world_message(w, &callout__v1__condition__descriptor);
    c->key = world_text(w, cause);
    PUSH(w, w->pack, excluded, c);
}

void world_only(struct world *w, Callout__V1__Milestone *m, const char *condition)
{
    char *key = world_text(w, condition);
    PUSH(w, m, only_conditions, key);
}

void world_unless(struct world *w, Callout__V1__Milestone *m, const char *condition)
{
    char *key = world_text(w, condition);
    PUSH(w, m, unless_conditions, key);
}

void world_pause_by(struct world *w, Callout__V1__Milestone *m, const char *condition)
{
    char *key = world_text(w, condition);
    PUSH(w, m, pause_conditions, key);
}

void world_bar(struct world *w, uint32_t from, uint32_t to, const char *a, const char *b)
{
    Callout__V1__Bar *bar = world_message(w, &callout__v1__bar__descriptor);
    char *first = world_text(w, a);
    char *second = b != NULL ? world_text(w, b) : NULL;
    bar->from = from;
    bar->to = to;
    PUSH(w, bar, conditions, first);
    if (second != NULL)
        PUSH(w, bar, conditions, second);
    bar->title = world_message(w, &callout__v1__text__descriptor);
    bar->title->en = world_text(w, "a way round");
    PUSH(w, w->pack, bars, bar);
}

void world_signer(struct world *w, Callout__V1__Role role)
{
    PUSH(w, w->pack, signers, role);
}

void world_waiver(struct world *w, Callout__V1__Role role)
{
    PUSH(w, w->pack, waivers, role);
}

static void add_ring(struct world *w, Callout__V1__ZoneTable *table, uint32_t upto_km,
                     const char *name, int64_t a, int64_t b)
{
    Callout__V1__Ring *ring = world_message(w, &callout__v1__ring__descriptor);
    ring->name = world_text(w, name);
    ring->upto_km = upto_km;
    Callout__V1__TargetKind kind = a > 0 ? TARGET(RUNNING) : TARGET(AGREED);
    Callout__V1__Target *first = make_target(w, 1, kind, a * MINUTE);
    Callout__V1__Target *second = make_target(w, 2, kind, b * MINUTE);
    PUSH(w, ring, targets, first);
    PUSH(w, ring, targets, second);
    PUSH(w, table, rings, ring);
}

void world_zones(struct world *w)
{
    Callout__V1__ZoneTable *table = world_message(w, &callout__v1__zone_table__descriptor);
    table->name = world_text(w, "rings");
    add_ring(w, table, 40, "zone 1", 120, 180);
    add_ring(w, table, 80, "zone 2", 240, 300);
    add_ring(w, table, 0, "beyond", 0, 0);
    PUSH(w, w->pack, zones, table);
}

Callout__V1__Milestone *world_arrival(struct world *w)
{
    world_zones(w);
    Callout__V1__Milestone *m = world_milestone(w, "arrival", ACT(ONSITE_REQUESTED), ACT(ARRIVED));
    world_target(w, m, 1, TARGET(ZONE), 0);
    world_target(w, m, 2, TARGET(ZONE), 0);
    m->is_arrival = true;
    return m;
}

/* -- the case */

Callout__V1__SlaInput *world_input(struct world *w, int64_t minute, Callout__V1__Act act)
{
    co_assert(w->input_count < sizeof(w->inputs) / sizeof(w->inputs[0]));
    Callout__V1__SlaInput *input = world_message(w, &callout__v1__sla_input__descriptor);
    input->occurred_us = T0 + minute * MINUTE;
    input->seq = ++w->seq;
    input->act = act;
    size_t i = w->input_count++;
    for (; i > 0 && w->inputs[i - 1]->occurred_us > input->occurred_us; i--)
        w->inputs[i] = w->inputs[i - 1];
    w->inputs[i] = input;
    return input;
}

void world_open(struct world *w, uint32_t severity)
{
    w->opened->severity = severity;
    w->opened->reported_us = T0;
    world_input(w, 0, ACT(REPORTED));
    world_input(w, 0, ACT(ENTITLED));
}

Callout__V1__SlaInput *world_set(struct world *w, int64_t minute, const char *condition)
{
    Callout__V1__SlaInput *input = world_input(w, minute, ACT(CONDITION_SET));
    input->name = world_text(w, condition);
    return input;
}

Callout__V1__SlaInput *world_clear(struct world *w, int64_t minute, const char *condition)
{
    Callout__V1__SlaInput *input = world_input(w, minute, ACT(CONDITION_CLEARED));
    input->name = world_text(w, condition);
    return input;
}

Callout__V1__SlaInput *world_step_act(struct world *w, int64_t minute, Callout__V1__Act act,
                                      const char *step, Callout__V1__Role role)
{
    Callout__V1__SlaInput *input = world_input(w, minute, act);
    input->name = world_text(w, step);
    input->role = role;
    return input;
}

Callout__V1__SlaInput *world_by(struct world *w, int64_t minute, Callout__V1__Act act,
                                Callout__V1__Role role)
{
    Callout__V1__SlaInput *input = world_input(w, minute, act);
    input->role = role;
    return input;
}

void world_level(struct world *w, int64_t minute, uint32_t severity)
{
    world_input(w, minute, ACT(SET_SEVERITY))->severity = severity;
}

Callout__V1__Exclusion *world_exclusion(struct world *w, const char *key, const char *cause,
                                        int64_t from, int64_t until)
{
    Callout__V1__Exclusion *x = world_message(w, &callout__v1__exclusion__descriptor);
    x->key = world_text(w, key);
    x->cause = world_text(w, cause);
    x->from_us = T0 + from * MINUTE;
    x->until_us = until != 0 ? T0 + until * MINUTE : 0;
    return x;
}

static void take_exclusion(struct world *w, Callout__V1__Exclusion *x, bool is_withdrawn)
{
    Callout__V1__SlaState s = CALLOUT__V1__SLA_STATE__INIT;
    s.inputs = w->inputs;
    s.n_inputs = w->input_count;
    s.exclusions = w->exclusions;
    s.n_exclusions = w->exclusion_count;
    enum co_err err = sla_input_exclusion(&s, w->arena, x, is_withdrawn);
    co_assert(err == CO_OK && s.n_inputs <= sizeof(w->inputs) / sizeof(w->inputs[0]));
    if (s.inputs != w->inputs)
        memcpy(w->inputs, s.inputs, s.n_inputs * sizeof(w->inputs[0]));
    w->input_count = s.n_inputs;
    w->exclusions = s.exclusions;
    w->exclusion_count = s.n_exclusions;
}

void world_declare(struct world *w, Callout__V1__Exclusion *exclusion)
{
    take_exclusion(w, exclusion, false);
}

void world_take_back(struct world *w, Callout__V1__Exclusion *exclusion)
{
    take_exclusion(w, exclusion, true);
}

void world_locate(struct world *w, int64_t minute, double km)
{
    world_input(w, minute, ACT(LOCATED))->km = km;
}

struct sla_fold_input world_fold_input(struct world *w, int64_t minute)
{
    return (struct sla_fold_input){ .policy = w->pack,
                                    .calendars = world_calendars(w),
                                    .opened = w->opened,
                                    .inputs = w->inputs,
                                    .input_count = w->input_count,
                                    .now_us = T0 + minute * MINUTE };
}

const char *world_story(struct world *w, int64_t minute)
{
    struct sla_fold_input in = world_fold_input(w, minute);
    enum co_err err = sla_fold(&in, w->arena, &w->fold);
    co_assert(err == CO_OK);
    return world_tell(w, w->fold.outputs, w->fold.output_count);
}
