#include "co_roster.h"

#include <stddef.h>

#define NEVER CO_ROSTER_NEVER
#define BACK_DAYS 2 /* a shift of the day before yesterday may last until today */

static bool is_of_week(const Callout__V1__ShiftRule *rule, int64_t day)
{
    for (size_t i = 0; i < rule->n_weekdays; i++)
        if (rule->weekdays[i] == (uint32_t)co_weekday_of_days(day) + 1)
            return true;
    return false;
}

static bool takes_place(const struct co_roster *r, const Callout__V1__ShiftRule *rule, int64_t day)
{
    if (day < rule->from_day || (rule->until_day != 0 && day > rule->until_day))
        return false;
    if (!rule->workdays)
        return is_of_week(rule, day);
    if (rule->n_weekdays == 0)
        return co_calendar_is_working_day(r->calendar, day);
    return co_calendar_is_makeup_day(r->calendar, day) ||
           (is_of_week(rule, day) && !co_calendar_is_public_holiday(r->calendar, day));
}

/* [from_us, until_us) */
struct shift {
    int64_t from_us, until_us;
};

static struct shift shift_of(const struct co_roster *r, const Callout__V1__ShiftRule *rule,
                             int64_t day)
{
    return (struct shift){ co_calendar_local_us(r->calendar, day, (int32_t)rule->from_min),
                           co_calendar_local_us(r->calendar, day, (int32_t)rule->until_min) };
}

static int64_t day_of(const struct co_roster *r, int64_t us)
{
    return co_days_of_us(us, co_calendar_offset_s(r->calendar, us));
}

/* The latest end of the shifts that hold at `us`; `us` where none does. */
static int64_t covered_until(const struct co_roster *r, int64_t us)
{
    if (r->roster->n_rules + r->roster->n_shifts == 0)
        return NEVER;
    int64_t until_us = us, today = day_of(r, us);
    for (size_t i = 0; i < r->roster->n_rules; i++)
        for (int64_t day = today - BACK_DAYS; day <= today; day++) {
            if (!takes_place(r, r->roster->rules[i], day))
                continue;
            struct shift shift = shift_of(r, r->roster->rules[i], day);
            if (shift.from_us <= us && shift.until_us > until_us)
                until_us = shift.until_us;
        }
    for (size_t i = 0; i < r->roster->n_shifts && r->roster->shifts[i]->from_us <= us; i++)
        if (r->roster->shifts[i]->until_us > until_us)
            until_us = r->roster->shifts[i]->until_us;
    return until_us;
}

/* The first begin of a shift in (us, limit_us]; NEVER: none. */
static int64_t next_begin(const struct co_roster *r, int64_t us, int64_t limit_us)
{
    int64_t begin_us = NEVER;
    for (size_t i = 0; i < r->roster->n_shifts; i++)
        if (r->roster->shifts[i]->from_us > us && r->roster->shifts[i]->from_us < begin_us)
            begin_us = r->roster->shifts[i]->from_us;
    int64_t last = day_of(r, begin_us < limit_us ? begin_us : limit_us);
    for (int64_t day = day_of(r, us); day <= last; day++)
        for (size_t i = 0; i < r->roster->n_rules; i++) {
            if (!takes_place(r, r->roster->rules[i], day))
                continue;
            int64_t from_us = shift_of(r, r->roster->rules[i], day).from_us;
            if (from_us > us && from_us < begin_us) {
                begin_us = from_us;
                last = day;
            }
        }
    return begin_us <= limit_us ? begin_us : NEVER;
}

/* The begin of the first absence from `us` on; NEVER: none. */
static int64_t first_absence_us(const struct co_roster *r, int64_t us)
{
    for (size_t i = 0; i < r->roster->n_absences; i++)
        if (r->roster->absences[i]->from_us >= us)
            return r->roster->absences[i]->from_us;
    return NEVER;
}

int64_t co_roster_until(const struct co_roster *r, int64_t us)
{
    int64_t absent_us = first_absence_us(r, us), limit_us = us + CO_ROSTER_AHEAD_US;
    int64_t stop_us = absent_us < limit_us ? absent_us : limit_us;
    if (!co_roster_is_on(r, us))
        return us;
    for (int64_t until_us = us;;) {
        int64_t more_us = covered_until(r, until_us);
        if (more_us == until_us || more_us >= stop_us)
            return more_us < stop_us ? more_us : stop_us;
        until_us = more_us;
    }
}

int64_t co_roster_from(const struct co_roster *r, int64_t us)
{
    int64_t limit_us = us + CO_ROSTER_AHEAD_US;
    while (us <= limit_us) {
        const Callout__V1__RosterSpan *away = co_roster_absence(r, us);
        if (away != NULL)
            us = away->until_us;
        else if (covered_until(r, us) > us)
            return us;
        else
            us = next_begin(r, us, limit_us);
    }
    return CO_ROSTER_NEVER;
}

bool co_roster_is_on(const struct co_roster *r, int64_t us)
{
    return co_roster_absence(r, us) == NULL && covered_until(r, us) > us;
}

const Callout__V1__RosterSpan *co_roster_absence(const struct co_roster *r, int64_t us)
{
    const Callout__V1__Roster *x = r->roster;
    for (size_t i = 0; i < x->n_absences && x->absences[i]->from_us <= us; i++)
        if (x->absences[i]->until_us > us)
            return x->absences[i];
    return NULL;
}

bool co_roster_is_in_shift(const struct co_roster *r, int64_t us)
{
    return covered_until(r, us) > us;
}

int64_t co_roster_change(const struct co_roster *r, int64_t us)
{
    const Callout__V1__RosterSpan *away = co_roster_absence(r, us);
    int64_t limit_us = us + CO_ROSTER_AHEAD_US, end_us = covered_until(r, us);
    int64_t absence_us = away != NULL ? away->until_us : first_absence_us(r, us + 1);
    int64_t shift_us = end_us > us ? end_us : next_begin(r, us, limit_us);
    int64_t change_us = absence_us < shift_us ? absence_us : shift_us;
    return change_us <= limit_us ? change_us : NEVER;
}
