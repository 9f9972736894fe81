#include "sla_target.h"

#include <string.h>

#include "co_zone.h"

#define TARGET(name) CALLOUT__V1__TARGET_KIND__TARGET_##name

static const Callout__V1__Target *find_target(Callout__V1__Target *const *list, size_t count,
                                              uint32_t severity)
{
    for (size_t i = 0; i < count; i++)
        if (list[i]->severity == severity)
            return list[i];
    return NULL;
}

static const Callout__V1__ZoneTable *find_table(const Callout__V1__PolicyPack *policy,
                                                const char *name)
{
    for (size_t i = 0; i < policy->n_zones; i++)
        if (strcmp(policy->zones[i]->name, name) == 0)
            return policy->zones[i];
    return NULL;
}

static const Callout__V1__Ring *find_ring(const Callout__V1__ZoneTable *table, double km)
{
    int64_t whole_km = co_zone_whole_km(km, table->truncate ? CO_ZONE_TRUNCATE : CO_ZONE_ROUND);
    for (size_t i = 0; i < table->n_rings; i++)
        if (table->rings[i]->upto_km == 0 || whole_km <= table->rings[i]->upto_km)
            return table->rings[i];
    return NULL;
}

static bool has_any(const Callout__V1__ZoneTable *table, uint32_t severity)
{
    for (size_t i = 0; i < table->n_rings; i++)
        if (find_target(table->rings[i]->targets, table->rings[i]->n_targets, severity) != NULL)
            return true;
    return false;
}

static struct sla_goal find_in_table(const Callout__V1__ZoneTable *table, uint32_t severity,
                                     const double *km)
{
    struct sla_goal goal = { .kind = TARGET(NONE), .severity = severity };
    if (table == NULL)
        return goal;
    if (km == NULL) {
        if (has_any(table, severity))
            goal.kind = TARGET(ZONE);
        return goal;
    }
    const Callout__V1__Ring *ring = find_ring(table, *km);
    if (ring == NULL)
        return goal;
    const Callout__V1__Target *t = find_target(ring->targets, ring->n_targets, severity);
    if (t == NULL || t->kind == TARGET(ZONE))
        return goal;
    goal.kind = t->kind;
    goal.amount = t->amount;
    goal.zone = ring->name;
    return goal;
}

struct sla_goal sla_goal_find(const Callout__V1__PolicyPack *policy,
                              const Callout__V1__Milestone *milestone, uint32_t severity,
                              const double *km)
{
    const Callout__V1__Target *t = find_target(milestone->targets, milestone->n_targets, severity);
    struct sla_goal goal = { .kind = TARGET(NONE), .severity = severity };
    if (t == NULL)
        return goal;
    if (t->kind == TARGET(ZONE))
        goal = find_in_table(find_table(policy, t->table), severity, km);
    else
        goal = (struct sla_goal){ .kind = t->kind, .amount = t->amount, .severity = severity };
    goal.rules = milestone;
    return goal;
}

/* The due time of an unpausable kind; the amount is 1 .. INT32_MAX where it is looked at. */
typedef enum co_err due_rule(const struct co_calendar *c, const struct sla_goal *goal,
                             int64_t start_us, struct co_calendar_due *ret_due);

struct co_nth_day sla_goal_nth_day(const struct sla_goal *goal, int32_t n)
{
    const Callout__V1__Milestone *m = goal->rules;
    bool has_cutoff = m != NULL && m->cutoff_minute > 0 && m->cutoff_minute <= 1440;
    return (struct co_nth_day){ .n = n,
                                .cutoff_minute =
                                    has_cutoff ? (int32_t)m->cutoff_minute : CO_CALENDAR_NO_CUTOFF,
                                .is_counted_from_next = m != NULL && m->from_next_day };
}

static enum co_err nth_working_day(const struct co_calendar *c, const struct sla_goal *goal,
                                   int64_t start_us, struct co_calendar_due *ret_due)
{
    return co_calendar_nth_working_day(c, start_us, sla_goal_nth_day(goal, (int32_t)goal->amount),
                                       ret_due);
}

static enum co_err period_working_days(const struct co_calendar *c, const struct sla_goal *goal,
                                       int64_t start_us, struct co_calendar_due *ret_due)
{
    return co_calendar_period_working_days(c, start_us, (int32_t)goal->amount, ret_due);
}

static enum co_err period_days(const struct co_calendar *c, const struct sla_goal *goal,
                               int64_t start_us, struct co_calendar_due *ret_due)
{
    return co_calendar_period_days(c, start_us, (int32_t)goal->amount, ret_due);
}

static enum co_err next_business_day(const struct co_calendar *c, const struct sla_goal *goal,
                                     int64_t start_us, struct co_calendar_due *ret_due)
{
    (void)goal;
    return co_calendar_next_business_day(c, start_us, ret_due);
}

struct kind_row {
    const char *name;
    bool is_pausable;
    due_rule *due; /* NULL: counted in microseconds, or agreed */
};

static const struct kind_row kinds[] = {
    [TARGET(NONE)] = { "", false, NULL },
    [TARGET(RUNNING)] = { "running", true, NULL },
    [TARGET(WORKING)] = { "working", true, NULL },
    [TARGET(NTH_WORKING_DAY)] = { "nth_working_day", false, nth_working_day },
    [TARGET(PERIOD_WORKING_DAYS)] = { "period_working_days", false, period_working_days },
    [TARGET(PERIOD_DAYS)] = { "period_days", false, period_days },
    [TARGET(NEXT_BUSINESS_DAY)] = { "next_business_day", false, next_business_day },
    [TARGET(ZONE)] = { "", false, NULL },
    [TARGET(AGREED)] = { "agreed", false, NULL },
};

static const struct kind_row *row_of(const struct sla_goal *goal)
{
    size_t kind = (size_t)goal->kind;
    return &kinds[kind < sizeof(kinds) / sizeof(kinds[0]) ? kind : 0];
}

const char *sla_goal_name(const struct sla_goal *goal)
{
    return row_of(goal)->name;
}

bool sla_goal_is_pausable(const struct sla_goal *goal)
{
    return row_of(goal)->is_pausable;
}

static bool has_day_limit(const struct sla_goal *goal)
{
    return goal->kind == TARGET(RUNNING) && goal->rules != NULL && goal->rules->same_day;
}

bool sla_goal_uses_calendar(const struct sla_goal *goal)
{
    return goal->kind == TARGET(WORKING) || row_of(goal)->due != NULL || has_day_limit(goal);
}

int64_t sla_goal_counted(const struct sla_goal *goal, const struct co_calendar *calendar,
                         int64_t from_us, int64_t to_us)
{
    if (goal->kind != TARGET(WORKING))
        return to_us - from_us;
    int64_t counted_us;
    if (calendar == NULL ||
        co_calendar_working_between(calendar, from_us, to_us, &counted_us) != CO_OK)
        return 0;
    return counted_us;
}

static int64_t add(struct sla_goal *goal, const struct co_calendar *calendar, int64_t from_us,
                   int64_t amount_us)
{
    struct co_calendar_due due = { .due_us = 0 };
    if (goal->kind == TARGET(WORKING)) {
        if (calendar == NULL || amount_us < 0 ||
            co_calendar_add_working(calendar, from_us, amount_us, &due) != CO_OK)
            due = (struct co_calendar_due){ .due_us = 0, .lacks_data = true };
    } else if (__builtin_add_overflow(from_us, amount_us, &due.due_us)) {
        due = (struct co_calendar_due){ .due_us = 0, .lacks_data = true };
    }
    goal->lacks_data = due.lacks_data;
    return due.due_us;
}

/* Goes through the times when the clock did not stand until `amount_us` is used up. */
static int64_t add_between(struct sla_goal *goal, const struct co_calendar *calendar,
                           int64_t start_us, int64_t amount_us, const struct sla_pauses *pauses)
{
    int64_t from_us = start_us;
    int64_t left_us = amount_us;
    for (size_t i = 0; i < pauses->count; i++) {
        const struct sla_pause *p = &pauses->pause[i];
        int64_t had_us = sla_goal_counted(goal, calendar, from_us, p->from_us);
        if (left_us <= had_us)
            break;
        left_us -= had_us;
        from_us = p->until_us == INT64_MAX ? p->from_us : p->until_us;
    }
    return add(goal, calendar, from_us, left_us);
}

static int64_t due_by_days(struct sla_goal *goal, const struct co_calendar *calendar,
                           int64_t start_us)
{
    struct co_calendar_due due;
    bool needs_count = goal->kind != TARGET(NEXT_BUSINESS_DAY);
    bool is_known = calendar != NULL &&
                    (!needs_count || (goal->amount >= 1 && goal->amount <= INT32_MAX)) &&
                    row_of(goal)->due(calendar, goal, start_us, &due) == CO_OK;
    goal->lacks_data = !is_known || due.lacks_data;
    return is_known ? due.due_us : 0;
}

/* The same day: its end, where that comes first. */
static int64_t limit_to_day(struct sla_goal *goal, const struct co_calendar *calendar,
                            int64_t start_us, int64_t due_us)
{
    int64_t day;
    int64_t end_us;
    if (due_us == 0 || !has_day_limit(goal))
        return due_us;
    if (calendar == NULL || co_calendar_day_of(calendar, start_us, &day) != CO_OK ||
        co_calendar_day_end_us(calendar, day, &end_us) != CO_OK) {
        goal->lacks_data = true;
        return due_us;
    }
    goal->is_same_day = end_us < due_us;
    return goal->is_same_day ? end_us : due_us;
}

int64_t sla_goal_due(struct sla_goal *goal, const struct co_calendar *calendar, int64_t start_us,
                     const struct sla_pauses *pauses, int64_t agreed_us)
{
    goal->lacks_data = false;
    goal->is_same_day = false;
    if (goal->kind == TARGET(AGREED))
        return agreed_us;
    if (row_of(goal)->is_pausable)
        return limit_to_day(goal, calendar, start_us,
                            add_between(goal, calendar, start_us, goal->amount, pauses));
    return row_of(goal)->due != NULL ? due_by_days(goal, calendar, start_us) : 0;
}

/* Without overflow and with the rest. */
static int64_t part_of(int64_t amount, uint32_t percent)
{
    return amount / 100 * percent + amount % 100 * percent / 100;
}

int64_t sla_goal_part(const struct sla_goal *goal, const struct co_calendar *calendar,
                      int64_t start_us, const struct sla_pauses *pauses, int64_t due_us,
                      uint32_t percent)
{
    struct sla_goal copy = *goal;
    if (due_us == 0)
        return 0;
    if (row_of(goal)->is_pausable && !goal->is_same_day)
        return add_between(&copy, calendar, start_us, part_of(goal->amount, percent), pauses);
    return start_us + part_of(due_us - start_us, percent);
}
