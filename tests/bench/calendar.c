/* What a question to a compiled calendar costs, how long it takes to compile one, and what it
 * takes: office hours with holidays, and three spans a day with summer time, over the years that a
 * case may touch. Aim: adding working time under a microsecond. */
#include <malloc.h>
#include <stdio.h>
#include <time.h>

#include "co_assert.h"
#include "co_calendar.h"
#include "co_rand.h"

enum {
    ROUNDS = 2000000,
    COMPILATIONS = 50,
    STARTS = 4096,
    FIRST_YEAR = 2020,
    LAST_YEAR = 2038,
    CHANGES = 40
};

static int64_t start_at[STARTS];
static int64_t end_at[STARTS];
static int64_t sum; /* of all answers: none can be left out */

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void add_working(const struct co_calendar *c, int i)
{
    struct co_calendar_due due = { 0, false };
    enum co_err err =
        co_calendar_add_working(c, start_at[i % STARTS], (1 + i % 200) * CO_HOUR_US, &due);
    sum += due.due_us + (err == CO_OK);
}

static void nth_working_day(const struct co_calendar *c, int i)
{
    struct co_calendar_due due = { 0, false };
    struct co_nth_day rule = { .n = 1 + i % 5, .cutoff_minute = CO_CALENDAR_NO_CUTOFF };
    enum co_err err = co_calendar_nth_working_day(c, start_at[i % STARTS], rule, &due);
    sum += due.due_us + (err == CO_OK);
}

static void working_between(const struct co_calendar *c, int i)
{
    int64_t us = 0;
    enum co_err err = co_calendar_working_between(c, start_at[i % STARTS], end_at[i % STARTS], &us);
    sum += us + (err == CO_OK);
}

static void period_days(const struct co_calendar *c, int i)
{
    struct co_calendar_due due = { 0, false };
    enum co_err err = co_calendar_period_days(c, start_at[i % STARTS], 1 + i % 5, &due);
    sum += due.due_us + (err == CO_OK);
}

static const struct {
    const char *name;
    void (*ask)(const struct co_calendar *c, int i);
} questions[] = {
    { "add_working", add_working },
    { "nth_working_day", nth_working_day },
    { "working_between", working_between },
    { "period_days", period_days },
};

/* On the heap, large blocks too. */
static size_t heap_bytes(void)
{
    struct mallinfo2 m = mallinfo2();
    return m.uordblks + m.hblkhd;
}

static struct co_calendar *compile(const struct co_calendar_spec *spec)
{
    char problem[CO_CALENDAR_PROBLEM];
    struct co_calendar *c = NULL;
    enum co_err err = co_calendar_compile(spec, &c, problem);
    co_assert(err == CO_OK);
    return c;
}

static void measure(const char *name, const struct co_calendar_spec *spec)
{
    size_t before = heap_bytes();
    struct co_calendar *c = compile(spec);
    size_t bytes = heap_bytes() - before;
    double begin_ns = now_ns();
    for (int i = 0; i < COMPILATIONS; i++)
        co_calendar_free(compile(spec));
    printf("%s: %d years, compiled in %.2f ms, %zu bytes\n", name, LAST_YEAR - FIRST_YEAR + 1,
           (now_ns() - begin_ns) / COMPILATIONS / 1e6, bytes);
    for (size_t q = 0; q < sizeof(questions) / sizeof(questions[0]); q++) {
        begin_ns = now_ns();
        for (int i = 0; i < ROUNDS; i++)
            questions[q].ask(c, i);
        printf("  %-16s %6.1f ns\n", questions[q].name, (now_ns() - begin_ns) / ROUNDS);
    }
    co_calendar_free(c);
}

/* Random moments of the middle years. */
static void choose_starts(void)
{
    struct co_rand r;
    int64_t from = co_date_days((struct co_date){ FIRST_YEAR + 2, 1, 1 });
    int64_t until = co_date_days((struct co_date){ LAST_YEAR - 2, 1, 1 });
    co_rand_init(&r, 1);
    for (int i = 0; i < STARTS; i++) {
        start_at[i] = (from + (int64_t)co_rand_below(&r, (uint64_t)(until - from))) * CO_DAY_US +
                      (int64_t)co_rand_below(&r, (uint64_t)CO_DAY_US);
        end_at[i] = start_at[i] + (int64_t)co_rand_below(&r, 60 * (uint64_t)CO_DAY_US);
    }
}

int main(void)
{
    static const struct co_span office[] = { { 540, 1080 } };
    static const struct co_span shifts[] = { { 0, 360 }, { 480, 720 }, { 780, 1440 } };
    static struct co_day_exception exception[30 * (LAST_YEAR - FIRST_YEAR + 1)];
    static struct co_offset_change change[CHANGES] = { { 0, 3600 } };
    struct co_calendar_spec spec = { .offsets = { change, 1 },
                                     .exception = exception,
                                     .has_holiday_set = true,
                                     .first_year = FIRST_YEAR,
                                     .last_year = LAST_YEAR };
    choose_starts();
    for (int32_t year = FIRST_YEAR; year <= LAST_YEAR; year++)
        for (int32_t k = 0; k < 30; k++)
            exception[spec.exception_count++] = (struct co_day_exception){
                co_date_days((struct co_date){ year, 1 + k % 10, 1 + k }), { NULL, 0 }, true
            };
    for (int i = CO_MONDAY; i <= CO_FRIDAY; i++)
        spec.week[i] = (struct co_day_spans){ office, 1 };
    measure("office hours", &spec);

    for (uint32_t k = 1; k < CHANGES; k++) {
        int32_t year = FIRST_YEAR + (int32_t)(k - 1) / 2;
        int64_t day = co_date_days((struct co_date){ year, k % 2 == 1 ? 3 : 10, 28 });
        change[k] =
            (struct co_offset_change){ day * CO_DAY_US + CO_HOUR_US, k % 2 == 1 ? 7200 : 3600 };
    }
    spec.offsets.count = CHANGES;
    for (int i = 0; i < CO_WEEKDAYS; i++)
        spec.week[i] = (struct co_day_spans){ shifts, 3 };
    measure("three shifts with summer time", &spec);
    return sum == 0;
}
