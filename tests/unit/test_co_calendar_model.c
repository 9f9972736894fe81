/* Random calendars against a model that walks through a year minute by minute. */
#include "co_calendar.h"

#include "check_main.h"
#include "co_rand.h"

enum { MINUTES = 366 * 1440 + 600, CHANGES = 5, WEEKS = 4, DAYS = 366, QUERIES = 400 };

struct plan {
    struct co_calendar_spec spec;
    struct co_offset_change change[CHANGES];
    struct co_span span[WEEKS][CO_WEEKDAYS][4]; /* of the week, and of those later on */
    struct co_week_from later[WEEKS - 1];
    struct co_span other[4];
    struct co_day_exception exception[DAYS];
};

static int64_t worked_min[MINUTES + 1]; /* minutes of work before each minute of the year */
static int64_t day_of_min[MINUTES];

static uint32_t random_spans(struct co_rand *r, struct co_span span[4])
{
    uint32_t count = (uint32_t)co_rand_below(r, 5);
    int32_t last = 0;
    for (uint32_t i = 0; i < count; i++) {
        span[i].from_minute = last + (int32_t)co_rand_below(r, 180);
        span[i].to_minute = span[i].from_minute + 1 + (int32_t)co_rand_below(r, 180);
        last = span[i].to_minute;
    }
    return count;
}

static void random_week(struct co_rand *r, struct co_span span[CO_WEEKDAYS][4],
                        struct co_day_spans week[CO_WEEKDAYS])
{
    for (int i = 0; i < CO_WEEKDAYS; i++)
        week[i] = (struct co_day_spans){ span[i], random_spans(r, span[i]) };
}

static void make_plan(struct co_rand *r, struct plan *p)
{
    int64_t year_us = co_date_days((struct co_date){ 2024, 1, 1 }) * CO_DAY_US;
    *p = (struct plan){ .spec = { .first_year = 2024, .last_year = 2024 } };
    p->spec.offsets = (struct co_offsets){ p->change, 1 + (uint32_t)co_rand_below(r, CHANGES) };
    for (uint32_t i = 0; i < p->spec.offsets.count; i++) {
        p->change[i].from_us = year_us + (i * 60 + (int64_t)co_rand_below(r, 50)) * CO_DAY_US +
                               (int64_t)co_rand_below(r, 1440) * CO_MINUTE_US;
        p->change[i].offset_s = (int32_t)co_rand_between(r, -4, 4) * 1800 + 8 * 3600;
    }
    random_week(r, p->span[0], p->spec.week);
    p->spec.later = p->later;
    p->spec.later_count = (uint32_t)co_rand_below(r, WEEKS);
    for (uint32_t k = 0; k < p->spec.later_count; k++) {
        p->later[k].from_day = year_us / CO_DAY_US + k * 100 + (int64_t)co_rand_below(r, 100);
        random_week(r, p->span[k + 1], p->later[k].week);
    }
    uint32_t other = random_spans(r, p->other);
    p->spec.exception = p->exception;
    for (int64_t d = 0; d < DAYS; d++) {
        bool is_holiday = co_rand_below(r, 2) == 0;
        if (co_rand_below(r, 10) == 0)
            p->exception[p->spec.exception_count++] = (struct co_day_exception){
                year_us / CO_DAY_US + d, { p->other, is_holiday ? 0 : other }, is_holiday
            };
    }
}

static bool is_work(const struct plan *p, int64_t local_min)
{
    int64_t day = local_min / 1440;
    struct co_day_spans hours = p->spec.week[co_weekday_of_days(day)];
    for (uint32_t k = 0; k < p->spec.later_count; k++) {
        if (p->later[k].from_day <= day)
            hours = p->later[k].week[co_weekday_of_days(day)];
    }
    for (uint32_t i = 0; i < p->spec.exception_count; i++) {
        if (p->exception[i].day == day)
            hours = p->exception[i].hours;
    }
    for (uint32_t i = 0; i < hours.count; i++) {
        if (local_min % 1440 >= hours.span[i].from_minute &&
            local_min % 1440 < hours.span[i].to_minute)
            return true;
    }
    return false;
}

/* While the clock repeats what it has shown already it counts as standing still. */
static int walk(const struct plan *p, int64_t from_us, int64_t to_us)
{
    int minutes = (int)((to_us - from_us) / CO_MINUTE_US);
    int64_t shown = 0;
    for (int i = 0; i < minutes; i++) {
        int64_t us = from_us + i * CO_MINUTE_US;
        int64_t local_min = us / CO_MINUTE_US + co_offsets_at(&p->spec.offsets, us) / 60;
        shown = local_min > shown ? local_min : shown;
        day_of_min[i] = shown / 1440;
        worked_min[i + 1] = worked_min[i] + is_work(p, shown);
    }
    return minutes;
}

static int first_reaching(int minutes, int64_t sum_min)
{
    int low = 0;
    while (low < minutes) {
        int mid = (low + minutes) / 2;
        if (worked_min[mid] >= sum_min)
            minutes = mid;
        else
            low = mid + 1;
    }
    return low;
}

/* The end of the last minute of work on the n-th working day after `from`, or -1. */
static int64_t nth_closing(int minutes, int from, int n)
{
    int64_t closing = -1;
    int64_t day = day_of_min[from];
    int seen = 0;
    for (int i = from; i < minutes; i++) {
        if (day_of_min[i] == day_of_min[from] || worked_min[i + 1] == worked_min[i])
            continue;
        seen += day_of_min[i] != day;
        day = day_of_min[i];
        if (seen > n)
            break;
        if (seen == n)
            closing = i + 1;
    }
    return closing;
}

static void ask(struct co_rand *r, const struct co_calendar *c, int64_t from_us, int minutes)
{
    int a = (int)co_rand_below(r, (uint64_t)minutes);
    int b = (int)co_rand_below(r, (uint64_t)minutes);
    int64_t a_us = from_us + a * CO_MINUTE_US;
    int64_t amount_us = -1;
    if (co_calendar_working_between(c, a_us, from_us + b * CO_MINUTE_US, &amount_us) != CO_OK ||
        amount_us != (worked_min[b] - worked_min[a]) * CO_MINUTE_US)
        ck_abort_msg("working time between minutes %d and %d", a, b);

    int64_t amount_min = 1 + (int64_t)co_rand_below(r, 5000);
    struct co_calendar_due due = { -1, false };
    enum co_err err = co_calendar_add_working(c, a_us, amount_min * CO_MINUTE_US, &due);
    bool fits = worked_min[a] + amount_min <= worked_min[minutes];
    int want = fits ? first_reaching(minutes, worked_min[a] + amount_min) : -1;
    if (err != (fits ? CO_OK : CO_EINPUT) || (fits && due.due_us != from_us + want * CO_MINUTE_US))
        ck_abort_msg("%lld minutes after minute %d", (long long)amount_min, a);

    int64_t day = 0;
    if (co_calendar_day_of(c, a_us, &day) != CO_OK || day != day_of_min[a])
        ck_abort_msg("day of minute %d", a);
    int n = 1 + (int)co_rand_below(r, 30);
    int64_t closing = nth_closing(minutes, a, n);
    err = co_calendar_period_working_days(c, a_us, n, &due);
    if (err != (closing < 0 ? CO_EINPUT : CO_OK) ||
        (closing >= 0 && due.due_us != from_us + closing * CO_MINUTE_US))
        ck_abort_msg("working day %d after minute %d", n, a);
}

static void compare(uint64_t seed)
{
    struct co_rand r;
    co_rand_init(&r, seed);
    static struct plan plan;
    make_plan(&r, &plan);
    struct co_calendar *c = NULL;
    char problem[CO_CALENDAR_PROBLEM];
    ck_assert_msg(co_calendar_compile(&plan.spec, &c, problem) == CO_OK, "%s", problem);
    int64_t from_us = 0;
    int64_t to_us = 0;
    co_calendar_range(c, &from_us, &to_us);
    ck_assert_int_le((to_us - from_us) / CO_MINUTE_US, MINUTES);
    int minutes = walk(&plan, from_us, to_us);
    for (int i = 0; i < QUERIES; i++)
        ask(&r, c, from_us, minutes);
    co_calendar_free(c);
}

START_TEST(random_calendars_agree_with_walking_minute_by_minute)
{
    for (uint64_t seed = 0; seed < 20; seed++)
        compare(seed);
}
END_TEST

CHECK_MAIN("co_calendar_model", random_calendars_agree_with_walking_minute_by_minute)
