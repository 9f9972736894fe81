#include "sla_run.h"

bool sla_slot_is_open(const struct sla_slot *slot)
{
    return slot->clock != NULL && slot->clock->state == SLA_CLOCK_OPEN;
}

/* -- which target governs */

enum rank {
    RANK_NONE,  /* no promise */
    RANK_DARK,  /* depends on where the site is */
    RANK_UNDUE, /* promised, but when is not known */
    RANK_DUE
};

struct choice {
    struct sla_goal goal;
    int64_t due_us;
    enum rank rank;
};

static enum rank rank_of(const struct sla_goal *goal, int64_t due_us)
{
    if (goal->kind == CALLOUT__V1__TARGET_KIND__TARGET_NONE)
        return RANK_NONE;
    if (goal->kind == CALLOUT__V1__TARGET_KIND__TARGET_ZONE)
        return RANK_DARK;
    return due_us == 0 ? RANK_UNDUE : RANK_DUE;
}

static const struct co_calendar *calendar_of(const struct sla_run *run,
                                             const struct sla_clock *clock)
{
    return sla_calendars_of(&run->in->calendars, clock->milestone).calendar;
}

/* Of all levels in the running the earliest due time; among equals that of the mildest level, so
 * that a raise that moves nothing says nothing. */
static struct choice choose(const struct sla_run *run, const struct sla_clock *clock)
{
    struct choice best = { .rank = RANK_NONE };
    for (uint32_t level = SLA_LEVELS_MAX; level >= 1; level--) {
        if ((clock->levels >> (level - 1) & 1) == 0)
            continue;
        struct choice c = { .goal = sla_goal_find(&run->terms, clock->milestone, level) };
        c.due_us = sla_goal_due(&c.goal, calendar_of(run, clock), clock->start_us, &clock->pauses,
                                clock->agreed_us);
        c.rank = rank_of(&c.goal, c.due_us);
        if (c.rank > best.rank || (c.rank == RANK_DUE && c.due_us < best.due_us))
            best = c;
    }
    return best;
}

/* -- warnings */

static int64_t warn_time(const struct sla_run *run, const struct sla_clock *clock,
                         const Callout__V1__Threshold *t)
{
    if (clock->due_us == 0)
        return INT64_MAX;
    int64_t at_us = t->before_us > 0
                        ? clock->due_us - t->before_us
                        : sla_goal_part(&clock->goal, calendar_of(run, clock), clock->start_us,
                                        &clock->pauses, clock->due_us, t->percent);
    return at_us > clock->start_us && at_us < clock->due_us ? at_us : INT64_MAX;
}

static size_t warning_count(const struct sla_clock *clock)
{
    return clock->milestone->n_warnings < 64 ? clock->milestone->n_warnings : 64;
}

/* The earliest warning not yet given; the count of warnings when there is none. */
static size_t next_warning(const struct sla_clock *clock)
{
    size_t count = warning_count(clock);
    size_t next = count;
    for (size_t i = 0; i < count; i++) {
        bool waits = (clock->warned >> i & 1) == 0 && clock->warn_us[i] != INT64_MAX;
        if (waits && (next == count || clock->warn_us[i] < clock->warn_us[next]))
            next = i;
    }
    return next;
}

static void set_next(struct sla_clock *clock)
{
    clock->next_us = INT64_MAX;
    if (clock->state != SLA_CLOCK_OPEN || clock->is_breached || clock->is_paused ||
        clock->due_us == 0)
        return;
    size_t warning = next_warning(clock);
    clock->next_us = warning < warning_count(clock) ? clock->warn_us[warning] : clock->due_us;
}

/* -- the promise */

static Callout__V1__TargetBasis *make_basis(struct sla_run *run, const struct sla_clock *clock)
{
    Callout__V1__TargetBasis *b = sla_run_message(run, &callout__v1__target_basis__descriptor);
    if (b == NULL)
        return NULL;
    b->kind = sla_run_text(run, sla_goal_name(&clock->goal));
    b->amount = clock->goal.amount;
    b->beyond_data = clock->goal.lacks_data;
    b->same_day = clock->goal.is_same_day;
    if (clock->goal.zone != NULL) {
        b->zone = clock->goal.zone;
        b->km = run->terms.place.km != NULL ? *run->terms.place.km : 0;
    }
    if (clock->goal.region != NULL)
        b->region = clock->goal.region;
    if (clock->goal.other_zone != NULL)
        b->other_zone = clock->goal.other_zone;
    b->borderline = clock->goal.other_zone != NULL;
    if (sla_goal_uses_calendar(&clock->goal))
        b->calendar =
            sla_run_text(run, sla_calendars_of(&run->in->calendars, clock->milestone).key);
    return b;
}

static void say(struct sla_run *run, struct sla_clock *clock)
{
    Callout__V1__Promised *p = clock->promise;
    if (p == NULL) {
        p = sla_run_emit(run, CALLOUT__V1__EVENT__BODY_PROMISED,
                         &callout__v1__promised__descriptor);
        if (p == NULL)
            return;
        clock->promise = p;
    }
    p->milestone = clock->milestone->name;
    p->generation = clock->generation;
    p->revision = 1;
    p->start_us = clock->start_us;
    p->due_us = clock->due_us;
    p->severity = clock->goal.severity;
    p->basis = make_basis(run, clock);
    p->internal = clock->milestone->internal;
    p->is_arrival = clock->milestone->is_arrival;
    p->bounds_arrival = clock->milestone->bounds_arrival;
    p->is_paused = clock->is_paused;
}

bool sla_clock_update(struct sla_run *run, struct sla_slot *slot)
{
    struct sla_clock *clock = slot->clock;
    struct choice c = choose(run, clock);
    if (c.rank == RANK_NONE)
        return false;
    clock->goal = c.goal;
    clock->due_us = c.due_us;
    clock->is_paused =
        slot->held.why != NULL && c.rank == RANK_DUE && sla_goal_is_pausable(&clock->goal);
    for (size_t i = 0; i < warning_count(clock); i++)
        clock->warn_us[i] = warn_time(run, clock, clock->milestone->warnings[i]);
    set_next(clock);
    if (c.rank > RANK_DARK || clock->promise != NULL)
        say(run, clock);
    return true;
}

/* -- life */

static struct sla_clock *new_clock(struct sla_run *run, struct sla_slot *slot)
{
    struct sla_fold *out = run->out;
    struct sla_clock **list = sla_run_room(run, out->clocks, out->clock_count, &run->clock_cap);
    struct sla_clock *clock = sla_run_alloc(run, sizeof(*clock));
    int64_t *warn_us = sla_run_alloc(run, slot->milestone->n_warnings * sizeof(*warn_us));
    if (list == NULL || clock == NULL || warn_us == NULL)
        return NULL;
    out->clocks = list;
    list[out->clock_count++] = clock;
    *clock = (struct sla_clock){
        .milestone = slot->milestone,
        .generation = slot->clock != NULL ? slot->clock->generation + 1 : 1,
        .start_us = slot->waits.from_us,
        .pauses = slot->waits.pauses,
        .levels = UINT32_C(1) << (out->severity - 1),
        .warn_us = warn_us,
        .next_us = INT64_MAX,
    };
    return clock;
}

/* From now on, unless it waits already. */
static void wait_for_guard(struct sla_run *run, struct sla_slot *slot)
{
    if (slot->waits.is_waiting)
        return;
    slot->waits = (struct sla_wait){ .is_waiting = true, .from_us = run->time_us };
    sla_hold_begin(run, slot, &slot->waits.pauses);
}

void sla_slot_start(struct sla_run *run, struct sla_slot *slot)
{
    slot->is_armed = true;
    if (sla_slot_is_open(slot) || slot->is_suspended)
        return;
    struct sla_goal goal = sla_goal_find(&run->terms, slot->milestone, run->out->severity);
    if (goal.kind == CALLOUT__V1__TARGET_KIND__TARGET_NONE) {
        slot->waits.is_waiting = false;
        sla_slot_not_served(run, slot, &goal);
        return;
    }
    wait_for_guard(run, slot);
    if (!sla_guard_holds(run, slot))
        return;
    struct sla_clock *clock = new_clock(run, slot);
    if (clock == NULL)
        return;
    slot->clock = clock;
    slot->waits.is_waiting = false;
    (void)sla_clock_update(run, slot);
}

static void close_clock(struct sla_run *run, struct sla_clock *clock, enum sla_clock_state state)
{
    clock->state = state;
    clock->ended_us = run->time_us;
    clock->next_us = INT64_MAX;
}

static void meet(struct sla_run *run, struct sla_clock *clock)
{
    close_clock(run, clock, SLA_CLOCK_MET);
    Callout__V1__Met *met =
        sla_run_emit(run, CALLOUT__V1__EVENT__BODY_MET, &callout__v1__met__descriptor);
    if (met == NULL)
        return;
    met->milestone = clock->milestone->name;
    met->generation = clock->generation;
    met->met_us = run->time_us;
    met->late_us = clock->is_breached ? run->time_us - clock->due_us : 0;
}

void sla_slot_stop(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by)
{
    slot->is_suspended = false;
    if (!slot->is_armed)
        return;
    slot->is_armed = false;
    slot->is_unserved = false;
    slot->waits.is_waiting = false;
    slot->met_by = by;
    if (sla_slot_is_open(slot))
        meet(run, slot->clock);
}

void sla_clock_end(struct sla_run *run, struct sla_clock *clock, Callout__V1__Act by)
{
    close_clock(run, clock, SLA_CLOCK_STOPPED);
    if (clock->promise == NULL)
        return;
    Callout__V1__Stopped *stopped =
        sla_run_emit(run, CALLOUT__V1__EVENT__BODY_STOPPED, &callout__v1__stopped__descriptor);
    if (stopped == NULL)
        return;
    stopped->milestone = clock->milestone->name;
    stopped->generation = clock->generation;
    stopped->stopped_us = run->time_us;
    stopped->by = by;
}

void sla_slot_cancel(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by)
{
    slot->met_by = ACT(NONE);
    if (!slot->is_armed)
        return;
    slot->is_armed = false;
    slot->is_unserved = false;
    slot->waits.is_waiting = false;
    if (sla_slot_is_open(slot))
        sla_clock_end(run, slot->clock, by);
}

void sla_slot_suspend(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by)
{
    slot->is_suspended = true;
    slot->waits.is_waiting = false;
    if (sla_slot_is_open(slot))
        sla_clock_end(run, slot->clock, by);
}

void sla_slot_restart(struct sla_run *run, struct sla_slot *slot)
{
    if (!slot->is_suspended)
        return;
    slot->is_suspended = false;
    if (slot->is_armed)
        sla_slot_start(run, slot);
}

/* -- by itself */

static void breach(struct sla_run *run, struct sla_slot *slot)
{
    struct sla_clock *clock = slot->clock;
    clock->is_breached = true;
    sla_ladder_begin(run, clock);
    Callout__V1__Breached *b =
        sla_run_emit(run, CALLOUT__V1__EVENT__BODY_BREACHED, &callout__v1__breached__descriptor);
    if (b == NULL)
        return;
    b->milestone = clock->milestone->name;
    b->generation = clock->generation;
    b->due_us = clock->due_us;
    b->severity = run->out->severity;
    sla_actions_breached(run, slot);
}

static void warn(struct sla_run *run, struct sla_slot *slot, size_t threshold)
{
    struct sla_clock *clock = slot->clock;
    bool is_first = clock->warned == 0;
    clock->warned |= UINT64_C(1) << threshold;
    set_next(clock);
    Callout__V1__Warned *w =
        sla_run_emit(run, CALLOUT__V1__EVENT__BODY_WARNED, &callout__v1__warned__descriptor);
    if (w == NULL)
        return;
    w->milestone = clock->milestone->name;
    w->generation = clock->generation;
    w->threshold = (uint32_t)threshold;
    w->reached_us = run->time_us;
    w->due_us = clock->due_us;
    sla_actions_warned(run, slot, threshold, is_first);
}

void sla_clock_fire(struct sla_run *run, struct sla_slot *slot)
{
    if (slot->clock->is_breached)
        sla_ladder_climb(run, slot->clock);
    else if (slot->clock->due_us <= run->time_us)
        breach(run, slot);
    else
        warn(run, slot, next_warning(slot->clock));
}
