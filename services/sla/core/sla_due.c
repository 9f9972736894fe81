/* When a target is due: time that is counted, and days that close. */
#include "sla_target.h"

#define TARGET(name) CALLOUT__V1__TARGET_KIND__TARGET_##name

/* The closing of the n-th day that counts, whatever stands. */
typedef enum co_err day_rule(const struct co_calendar *c, const struct sla_goal *goal,
                             int64_t start_us, int32_t n, struct co_calendar_due *ret_due);

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
                                   int64_t start_us, int32_t n, struct co_calendar_due *ret_due)
{
    return co_calendar_nth_working_day(c, start_us, sla_goal_nth_day(goal, n), ret_due);
}

static enum co_err period_working_days(const struct co_calendar *c, const struct sla_goal *goal,
                                       int64_t start_us, int32_t n, struct co_calendar_due *ret_due)
{
    (void)goal;
    return co_calendar_period_working_days(c, start_us, n, ret_due);
}

static enum co_err period_days(const struct co_calendar *c, const struct sla_goal *goal,
                               int64_t start_us, int32_t n, struct co_calendar_due *ret_due)
{
    (void)goal;
    return co_calendar_period_days(c, start_us, n, ret_due);
}

struct kind_row {
    const char *name;
    bool is_pausable;
    bool is_time;  /* counted in microseconds */
    day_rule *due; /* counted in days that close */
};

static const struct kind_row kinds[] = {
    [TARGET(NONE)] = { "", false, false, NULL },
    [TARGET(RUNNING)] = { "running", true, true, NULL },
    [TARGET(WORKING)] = { "working", true, true, NULL },
    [TARGET(NTH_WORKING_DAY)] = { "nth_working_day", true, false, nth_working_day },
    [TARGET(PERIOD_WORKING_DAYS)] = { "period_working_days", true, false, period_working_days },
    [TARGET(PERIOD_DAYS)] = { "period_days", true, false, period_days },
    [TARGET(NEXT_BUSINESS_DAY)] = { "next_business_day", true, false, period_working_days },
    [TARGET(ZONE)] = { "", false, false, NULL },
    [TARGET(AGREED)] = { "agreed", false, false, NULL },
    [TARGET(DATED)] = { "dated", false, false, NULL },
    [TARGET(DATED_END)] = { "dated", false, false, NULL },
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

bool sla_goal_is_time(const struct sla_goal *goal)
{
    return row_of(goal)->is_time;
}

bool sla_goal_is_dated(const struct sla_goal *goal)
{
    return goal->kind == TARGET(DATED) || goal->kind == TARGET(DATED_END);
}

static bool has_day_limit(const struct sla_goal *goal)
{
    return goal->kind == TARGET(RUNNING) && goal->rules != NULL && goal->rules->same_day;
}

bool sla_goal_uses_calendar(const struct sla_goal *goal)
{
    return goal->kind == TARGET(WORKING) || row_of(goal)->due != NULL || has_day_limit(goal);
}

/* -- pauses */

bool sla_pauses_stand_at(const struct sla_pauses *pauses, int64_t us)
{
    for (size_t i = 0; i < pauses->count && pauses->pause[i].from_us < us; i++)
        if (us <= pauses->pause[i].until_us && pauses->pause[i].until_us != INT64_MAX)
            return true;
    return false;
}

static int64_t earlier(int64_t a_us, int64_t b_us)
{
    return a_us < b_us ? a_us : b_us;
}

static int64_t stood_until(const struct sla_pauses *pauses, int64_t us)
{
    int64_t sum_us = 0;
    for (size_t i = 0; i < pauses->count && pauses->pause[i].from_us < us; i++)
        if (pauses->pause[i].until_us != INT64_MAX)
            sum_us += earlier(pauses->pause[i].until_us, us) - pauses->pause[i].from_us;
    return sum_us;
}

/* -- time */

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

/* -- days */

/* A day that closes while the clock stands does not count. */
static enum co_err due_in_working_days(const struct sla_goal *goal, const struct co_calendar *c,
                                       int64_t start_us, int32_t n, const struct sla_pauses *pauses,
                                       struct co_calendar_due *ret_due)
{
    int32_t left = n;
    for (int32_t i = 1; i < INT32_MAX; i++) {
        enum co_err err = row_of(goal)->due(c, goal, start_us, i, ret_due);
        if (err != CO_OK || (!sla_pauses_stand_at(pauses, ret_due->due_us) && --left == 0))
            return err;
    }
    return CO_EINPUT;
}

/* Days as such; only the last one is moved on from a public holiday. */
static enum co_err due_in_days(const struct co_calendar *c, int64_t start_us, int32_t n,
                               const struct sla_pauses *pauses, struct co_calendar_due *ret_due)
{
    int64_t start_day;
    int64_t end_us;
    int32_t left = n;
    enum co_err err = co_calendar_day_of(c, start_us, &start_day);
    for (int32_t i = 1; err == CO_OK && i < INT32_MAX; i++) {
        err = co_calendar_day_end_us(c, start_day + i, &end_us);
        if (err != CO_OK || sla_pauses_stand_at(pauses, end_us))
            continue;
        if (left > 1)
            left--;
        else if (!co_calendar_is_public_holiday(c, start_day + i))
            return co_calendar_period_days(c, start_us, i, ret_due);
    }
    return CO_EINPUT;
}

static bool has_stood(const struct sla_pauses *pauses)
{
    return pauses->count > 0 && pauses->pause[0].until_us != INT64_MAX;
}

static enum co_err count_days(const struct sla_goal *goal, const struct co_calendar *c,
                              int64_t start_us, const struct sla_pauses *pauses,
                              struct co_calendar_due *ret_due)
{
    int64_t n = goal->kind == TARGET(NEXT_BUSINESS_DAY) ? 1 : goal->amount;
    if (c == NULL || n < 1 || n > INT32_MAX)
        return CO_EINPUT;
    if (!has_stood(pauses))
        return row_of(goal)->due(c, goal, start_us, (int32_t)n, ret_due);
    if (goal->kind == TARGET(PERIOD_DAYS))
        return due_in_days(c, start_us, (int32_t)n, pauses, ret_due);
    return due_in_working_days(goal, c, start_us, (int32_t)n, pauses, ret_due);
}

static int64_t due_by_days(struct sla_goal *goal, const struct co_calendar *calendar,
                           int64_t start_us, const struct sla_pauses *pauses)
{
    struct co_calendar_due due;
    bool is_known = count_days(goal, calendar, start_us, pauses, &due) == CO_OK;
    goal->lacks_data = !is_known || due.lacks_data;
    return is_known ? due.due_us : 0;
}

/* The end of the day of the start; of a later one while the clock stands then. */
static enum co_err end_of_day(const struct co_calendar *calendar, int64_t start_us,
                              const struct sla_pauses *pauses, int64_t *ret_us)
{
    int64_t day;
    if (calendar == NULL)
        return CO_EINPUT;
    enum co_err err = co_calendar_day_of(calendar, start_us, &day);
    do {
        if (err == CO_OK)
            err = co_calendar_day_end_us(calendar, day++, ret_us);
    } while (err == CO_OK && sla_pauses_stand_at(pauses, *ret_us));
    return err;
}

/* The same day: its end, where that comes first. */
static int64_t limit_to_day(struct sla_goal *goal, const struct co_calendar *calendar,
                            int64_t start_us, const struct sla_pauses *pauses, int64_t due_us)
{
    int64_t end_us;
    if (due_us == 0 || !has_day_limit(goal))
        return due_us;
    if (end_of_day(calendar, start_us, pauses, &end_us) != CO_OK) {
        goal->lacks_data = true;
        return due_us;
    }
    goal->is_same_day = end_us < due_us;
    return goal->is_same_day ? end_us : due_us;
}

/* -- */

static int64_t due_by_date(struct sla_goal *goal)
{
    int64_t due_us = 0;
    if (goal->date_us != 0)
        goal->lacks_data = __builtin_add_overflow(goal->date_us, goal->amount, &due_us);
    return goal->lacks_data ? 0 : due_us;
}

int64_t sla_goal_due(struct sla_goal *goal, const struct co_calendar *calendar, int64_t start_us,
                     const struct sla_pauses *pauses, int64_t agreed_us)
{
    goal->lacks_data = false;
    goal->is_same_day = false;
    if (goal->kind == TARGET(AGREED))
        return agreed_us;
    if (sla_goal_is_dated(goal))
        return due_by_date(goal);
    if (sla_goal_is_time(goal))
        return limit_to_day(goal, calendar, start_us, pauses,
                            add_between(goal, calendar, start_us, goal->amount, pauses));
    return row_of(goal)->due != NULL ? due_by_days(goal, calendar, start_us, pauses) : 0;
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
    struct sla_goal way = *goal;
    if (due_us == 0)
        return 0;
    if (goal->kind == TARGET(AGREED) || sla_goal_is_dated(goal))
        return start_us + part_of(due_us - start_us, percent);
    int64_t amount = goal->amount;
    if (!sla_goal_is_time(goal) || goal->is_same_day) {
        way.kind = TARGET(RUNNING);
        amount = due_us - start_us - stood_until(pauses, due_us);
    }
    return add_between(&way, calendar, start_us, part_of(amount, percent), pauses);
}
