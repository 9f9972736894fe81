/* Events that come every week at the same hours become rules of the roster: for what is to come
 * without end, and with workdays where they mind public holidays. A day on which one does not take
 * place ends a rule, and the next begins after it. */
#include "co_assert.h"
#include "co_time.h"
#include "shifts.h"

enum { DAY_MIN = 1440, HOURS_MAX = 2880, WEEK = 7 };

/* Every week or every day, and nothing else is said. */
static bool is_plain(const struct ical_event *e)
{
    if (e->rules.count != 1)
        return false;
    struct icalrecurrencetype r = icalproperty_get_rrule(e->rules.item[0]);
    const short *const unused[] = { r.by_second,   r.by_minute,  r.by_hour,  r.by_month_day,
                                    r.by_year_day, r.by_week_no, r.by_month, r.by_set_pos };
    for (size_t i = 0; i < sizeof(unused) / sizeof(unused[0]); i++)
        if (unused[i][0] != ICAL_RECURRENCE_ARRAY_MAX)
            return false;
    return (r.freq == ICAL_WEEKLY_RECURRENCE || r.freq == ICAL_DAILY_RECURRENCE) && r.interval == 1;
}

static bool has_end(const struct ical_event *e)
{
    struct icalrecurrencetype r = icalproperty_get_rrule(e->rules.item[0]);
    return r.count != 0 || !icaltime_is_null_time(r.until);
}

/* Minutes of the local clock since 1970. */
static int64_t local_min(const struct shifts *k, int64_t us)
{
    return (us + co_calendar_offset_s(k->compiled, us) * CO_SECOND_US) / CO_MINUTE_US;
}

/* What all times have in common. */
struct pattern {
    int64_t first_day, last_day;
    uint32_t from_min, until_min;
    bool on[WEEK];
};

static bool is_of(const struct pattern *p, int64_t day)
{
    return p->on[co_weekday_of_days(day)];
}

/* False: the hours differ, or are too long for a rule. */
static bool find_pattern(const struct shifts *k, const struct shift_times *times, struct pattern *p)
{
    for (size_t i = 0; i < times->n; i++) {
        int64_t from = local_min(k, times->item[i].from_us);
        int64_t until = local_min(k, times->item[i].until_us);
        int64_t day = from / DAY_MIN;
        if (i == 0)
            *p = (struct pattern){ .first_day = day,
                                   .from_min = (uint32_t)(from % DAY_MIN),
                                   .until_min = (uint32_t)(until - day * DAY_MIN) };
        if (times->item[i].from_us % CO_MINUTE_US != 0 || until - day * DAY_MIN > HOURS_MAX ||
            from % DAY_MIN != p->from_min || until - day * DAY_MIN != p->until_min ||
            (i > 0 && day == p->last_day))
            return false;
        p->last_day = day;
        p->on[co_weekday_of_days(day)] = true;
    }
    return times->n > 0;
}

/* Where days of the pattern are mostly missing it is none. */
static bool is_dense(const struct pattern *p, size_t times)
{
    size_t days = 0;
    for (int64_t day = p->first_day; day <= p->last_day; day++)
        days += is_of(p, day) ? 1 : 0;
    return days - times <= times / 2;
}

static void add_rule(struct shifts *k, struct shift_person *who, const struct pattern *p,
                     enum shift_kind kind, int64_t from_day, int64_t until_day)
{
    enum { RULES_AT_ONCE = 8 };
    Callout__V1__ShiftRule *x = co_arena_alloc(k->cli->arena, sizeof(*x));
    uint32_t *weekdays = co_arena_alloc(k->cli->arena, WEEK * sizeof(*weekdays));
    co_assert(x != NULL && weekdays != NULL);
    callout__v1__shift_rule__init(x);
    x->weekdays = weekdays;
    for (uint32_t i = 0; i < WEEK; i++)
        if (p->on[i])
            weekdays[x->n_weekdays++] = i + 1;
    x->workdays = kind == SHIFT_WORKDAY;
    x->from_min = p->from_min;
    x->until_min = p->until_min;
    x->from_day = (int32_t)from_day;
    x->until_day = (int32_t)until_day;
    if (who->rules == who->cap) {
        size_t cap = who->cap + RULES_AT_ONCE + who->cap / 2;
        Callout__V1__ShiftRule **larger = co_arena_alloc(k->cli->arena, cap * sizeof(larger[0]));
        co_assert(larger != NULL);
        for (size_t i = 0; i < who->rules; i++)
            larger[i] = who->rule[i];
        who->rule = larger;
        who->cap = cap;
    }
    who->rule[who->rules++] = x;
}

static bool has_day(const struct pattern *p, int64_t from_day, int64_t until_day)
{
    for (int64_t day = from_day; day <= until_day && day < from_day + WEEK; day++)
        if (is_of(p, day))
            return true;
    return false;
}

bool shifts_add_rules(struct shifts *k, const struct ical_event *e, const struct shift_times *times,
                      const bool *is_his, struct shift_person *who)
{
    struct pattern p;
    enum shift_kind kind = ((const struct shift_event *)e->own)->kind;
    if (!is_plain(e) || !find_pattern(k, times, &p) || !is_dense(&p, times->n))
        return false;
    int64_t start_day =
        local_min(k, k->from_us) / DAY_MIN - 1; /* a night shift lasts until today */
    int64_t from_day = p.first_day > start_day ? p.first_day : start_day;
    size_t at = 0;
    for (int64_t day = from_day; day <= p.last_day; day++) {
        while (at < times->n && local_min(k, times->item[at].from_us) / DAY_MIN < day)
            at++;
        bool takes_place =
            at < times->n && local_min(k, times->item[at].from_us) / DAY_MIN == day && is_his[at];
        if (!is_of(&p, day) || takes_place)
            continue;
        if (has_day(&p, from_day, day - 1))
            add_rule(k, who, &p, kind, from_day, day - 1);
        from_day = day + 1;
    }
    bool ends = has_end(e);
    if (!ends || has_day(&p, from_day, p.last_day))
        add_rule(k, who, &p, kind, from_day, ends ? p.last_day : 0);
    return true;
}
