#include "co_calendar_impl.h"

#include "co_assert.h"

enum { DAY_MINUTES = 1440 };

static bool is_inside(const struct co_calendar *c, int64_t us)
{
    return us >= c->day[0].start_us && us < c->day[c->days].start_us;
}

/* The last day that begins at or before `us`, which is inside. Days have 24 h but for jumps of the
 * clock, so the first guess is off by one at most. */
static uint32_t day_at(const struct co_calendar *c, int64_t us)
{
    int64_t guess = (us - c->day[0].start_us) / CO_DAY_US;
    uint32_t i = guess < c->days ? (uint32_t)guess : c->days - 1;
    while (i > 0 && c->day[i].start_us > us)
        i--;
    while (i + 1 < c->days && c->day[i + 1].start_us <= us)
        i++;
    return i;
}

/* The first span that ends after `us`; c->works when there is none. */
static uint32_t work_after(const struct co_calendar *c, int64_t us)
{
    if (us < c->day[0].start_us)
        return 0;
    if (!is_inside(c, us))
        return c->works;
    uint32_t i = c->day[day_at(c, us)].first_work;
    while (i < c->works && c->work[i].to_us <= us)
        i++;
    return i;
}

/* Working time from the beginning of the range to `us`. */
static int64_t worked_by(const struct co_calendar *c, int64_t us)
{
    const struct work *w = &c->work[work_after(c, us)];
    return w->before_us + (us > w->from_us ? us - w->from_us : 0);
}

/* The span in which the sum of working time reaches `sum_us` (> 0, not more than there is). */
static const struct work *work_reaching(const struct co_calendar *c, int64_t sum_us)
{
    uint32_t low = 0;
    uint32_t high = c->works;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (c->work[mid].before_us < sum_us)
            low = mid;
        else
            high = mid;
    }
    return &c->work[low];
}

static const struct day *find_working_day(const struct co_calendar *c, int64_t day)
{
    return co_calendar_is_working_day(c, day) ? &c->day[day - c->first_day] : NULL;
}

/* The last span of a working day. */
static const struct work *last_work(const struct co_calendar *c, const struct day *day)
{
    return &c->work[day[1].first_work - 1];
}

static bool lacks_data(const struct co_calendar *c, uint32_t from_day, uint32_t to_day)
{
    int32_t from_year = co_date_of_days(c->first_day + from_day).year;
    int32_t to_year = co_date_of_days(c->first_day + to_day).year;
    for (int32_t year = from_year; year <= to_year; year++) {
        if (!co_calendar_has_data(c, year))
            return true;
    }
    return false;
}

void co_calendar_range(const struct co_calendar *c, int64_t *ret_from_us, int64_t *ret_to_us)
{
    *ret_from_us = c->day[0].start_us;
    *ret_to_us = c->day[c->days].start_us;
}

bool co_calendar_has_data(const struct co_calendar *c, int32_t year)
{
    return year >= c->first_year && year < c->first_year + c->years &&
           c->has_data[year - c->first_year];
}

int32_t co_calendar_offset_s(const struct co_calendar *c, int64_t us)
{
    return co_offsets_at(&c->offsets, us);
}

int64_t co_calendar_local_us(const struct co_calendar *c, int64_t day, int32_t minute)
{
    co_assert(minute >= 0 && minute <= 2 * DAY_MINUTES);
    bool is_next = minute > DAY_MINUTES;
    return co_offsets_us(&c->offsets, is_next ? day + 1 : day,
                         is_next ? minute - DAY_MINUTES : minute);
}

enum co_err co_calendar_day_of(const struct co_calendar *c, int64_t us, int64_t *ret_day)
{
    if (!is_inside(c, us))
        return CO_EINPUT;
    *ret_day = c->first_day + day_at(c, us);
    return CO_OK;
}

static bool is_compiled(const struct co_calendar *c, int64_t day)
{
    return day >= c->first_day && day < c->first_day + c->days;
}

enum co_err co_calendar_day_end_us(const struct co_calendar *c, int64_t day, int64_t *ret_us)
{
    if (!is_compiled(c, day))
        return CO_EINPUT;
    *ret_us = c->day[day - c->first_day + 1].start_us;
    return CO_OK;
}

bool co_calendar_is_working_day(const struct co_calendar *c, int64_t day)
{
    if (!is_compiled(c, day))
        return false;
    const struct day *d = &c->day[day - c->first_day];
    return d[1].rank > d[0].rank;
}

bool co_calendar_is_public_holiday(const struct co_calendar *c, int64_t day)
{
    return is_compiled(c, day) && c->day[day - c->first_day].is_public_holiday;
}

bool co_calendar_is_makeup_day(const struct co_calendar *c, int64_t day)
{
    return is_compiled(c, day) && c->day[day - c->first_day].is_makeup;
}

enum co_err co_calendar_opening_us(const struct co_calendar *c, int64_t day, int64_t *ret_us)
{
    const struct day *d = find_working_day(c, day);
    if (d == NULL)
        return CO_EINPUT;
    *ret_us = c->work[d->first_work].from_us;
    return CO_OK;
}

enum co_err co_calendar_closing_us(const struct co_calendar *c, int64_t day, int64_t *ret_us)
{
    const struct day *d = find_working_day(c, day);
    if (d == NULL)
        return CO_EINPUT;
    *ret_us = last_work(c, d)->to_us;
    return CO_OK;
}

bool co_calendar_next_span(const struct co_calendar *c, int64_t us, int64_t *ret_from_us,
                           int64_t *ret_to_us)
{
    uint32_t i = work_after(c, us);
    if (i == c->works)
        return false;
    *ret_from_us = c->work[i].from_us;
    *ret_to_us = c->work[i].to_us;
    return true;
}

enum co_err co_calendar_working_between(const struct co_calendar *c, int64_t from_us, int64_t to_us,
                                        int64_t *ret_amount_us)
{
    if (!is_inside(c, from_us) || !is_inside(c, to_us))
        return CO_EINPUT;
    *ret_amount_us = worked_by(c, to_us) - worked_by(c, from_us);
    return CO_OK;
}

enum co_err co_calendar_add_working(const struct co_calendar *c, int64_t start_us,
                                    int64_t amount_us, struct co_calendar_due *ret_due)
{
    co_assert(amount_us >= 0);
    if (!is_inside(c, start_us))
        return CO_EINPUT;
    int64_t due_us = start_us;
    if (amount_us > 0) {
        int64_t worked_us = worked_by(c, start_us);
        if (amount_us > c->work[c->works].before_us - worked_us)
            return CO_EINPUT;
        const struct work *w = work_reaching(c, worked_us + amount_us);
        due_us = w->from_us + (worked_us + amount_us - w->before_us);
    }
    /* A span that ends at 24:00 belongs to the day it closes. */
    int64_t last_us = amount_us > 0 ? due_us - 1 : due_us;
    *ret_due =
        (struct co_calendar_due){ due_us, lacks_data(c, day_at(c, start_us), day_at(c, last_us)) };
    return CO_OK;
}

/* The closing of the working day with that rank, for a count that began on `from_day`. */
static enum co_err due_at_closing(const struct co_calendar *c, uint32_t from_day, int64_t rank,
                                  struct co_calendar_due *ret_due)
{
    if (rank >= c->day[c->days].rank)
        return CO_EINPUT;
    uint32_t i = c->working[rank];
    *ret_due =
        (struct co_calendar_due){ last_work(c, &c->day[i])->to_us, lacks_data(c, from_day, i) };
    return CO_OK;
}

enum co_err co_calendar_nth_working_day(const struct co_calendar *c, int64_t start_us,
                                        struct co_nth_day rule, struct co_calendar_due *ret_due)
{
    co_assert(rule.n >= 1 && rule.cutoff_minute >= CO_CALENDAR_NO_CUTOFF &&
              rule.cutoff_minute <= 1440);
    if (!is_inside(c, start_us))
        return CO_EINPUT;
    uint32_t i = day_at(c, start_us);
    const struct day *d = &c->day[i];
    bool is_working = d[1].rank > d[0].rank;
    int64_t first_rank = d->rank; /* this day if it is a working day, else the next one that is */
    if (is_working && rule.cutoff_minute != CO_CALENDAR_NO_CUTOFF &&
        start_us >= co_offsets_us(&c->offsets, c->first_day + i, rule.cutoff_minute))
        first_rank++;
    if (is_working && rule.is_counted_from_next)
        first_rank++;
    return due_at_closing(c, i, first_rank + rule.n - 1, ret_due);
}

enum co_err co_calendar_period_working_days(const struct co_calendar *c, int64_t start_us,
                                            int32_t n, struct co_calendar_due *ret_due)
{
    co_assert(n >= 1);
    if (!is_inside(c, start_us))
        return CO_EINPUT;
    uint32_t i = day_at(c, start_us);
    return due_at_closing(c, i, (int64_t)c->day[i + 1].rank + n - 1, ret_due);
}

enum co_err co_calendar_period_days(const struct co_calendar *c, int64_t start_us, int32_t n,
                                    struct co_calendar_due *ret_due)
{
    co_assert(n >= 1);
    if (!is_inside(c, start_us))
        return CO_EINPUT;
    uint32_t from_day = day_at(c, start_us);
    uint64_t last_day = (uint64_t)from_day + (uint32_t)n;
    while (last_day < c->days && c->day[last_day].is_public_holiday)
        last_day++;
    if (last_day >= c->days)
        return CO_EINPUT;
    *ret_due = (struct co_calendar_due){ c->day[last_day + 1].start_us,
                                         lacks_data(c, from_day, (uint32_t)last_day) };
    return CO_OK;
}

enum co_err co_calendar_next_business_day(const struct co_calendar *c, int64_t start_us,
                                          struct co_calendar_due *ret_due)
{
    return co_calendar_period_working_days(c, start_us, 1, ret_due);
}
