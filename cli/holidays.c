#include "holidays.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_text.h"
#include "co_time.h"

void holidays_problem(struct holidays *h, const char *where, const char *format, ...)
{
    enum { SHOWN = 50 };
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (h->problems++ < SHOWN)
        cli_note(h->cli, "%s: %s", where, text);
}

/* Makes room for one more day. */
static bool make_room(struct holidays *h)
{
    if (h->count < h->cap)
        return true;
    size_t cap = h->cap == 0 ? 256 : h->cap * 2;
    struct holiday *larger =
        h->count >= HOLIDAYS_MAX ? NULL : co_arena_alloc(h->cli->arena, cap * sizeof(larger[0]));
    if (larger == NULL)
        return false;
    if (h->count > 0)
        memcpy(larger, h->day, h->count * sizeof(larger[0]));
    h->day = larger;
    h->cap = cap;
    return true;
}

void holidays_add(struct holidays *h, struct holiday day)
{
    if (make_room(h))
        h->day[h->count++] = day;
    else
        holidays_problem(h, day.where, "more than %d days", HOLIDAYS_MAX);
}

struct holiday_year *holidays_year(struct holidays *h, int32_t year)
{
    for (size_t i = 0; i < h->years; i++)
        if (h->year[i].year == year)
            return &h->year[i];
    if (h->years == HOLIDAYS_YEARS_MAX) {
        holidays_problem(h, "years", "more than %d of them", HOLIDAYS_YEARS_MAX);
        return NULL;
    }
    h->year[h->years] = (struct holiday_year){ .year = year };
    return &h->year[h->years++];
}

bool holidays_knows(const struct holidays *h, int32_t year)
{
    for (size_t i = 0; i < h->years; i++)
        if (h->year[i].year == year)
            return h->year[i].is_known;
    return false;
}

const struct holiday *holidays_find(const struct holidays *h, int64_t day)
{
    size_t low = 0;
    size_t high = h->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (h->day[mid].day < day)
            low = mid + 1;
        else
            high = mid;
    }
    return low < h->count && h->day[low].day == day ? &h->day[low] : NULL;
}

/* Equal days in the order of their places, so that the answer does not depend on sorting. */
static int by_day(const void *a, const void *b)
{
    const struct holiday *x = a;
    const struct holiday *y = b;
    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    int c = strcmp(x->where, y->where);
    return c != 0 ? c : strcmp(x->name, y->name);
}

static int by_year(const void *a, const void *b)
{
    const struct holiday_year *x = a;
    const struct holiday_year *y = b;
    return (x->year > y->year) - (x->year < y->year);
}

/* `b` says something about the day that `a` has been told about. */
static void join(struct holidays *h, struct holiday *a, const struct holiday *b)
{
    char date[CO_DATE_TEXT];
    co_date_format(a->day, date);
    if (a->is_working != b->is_working)
        holidays_problem(h, b->where, "%s is %s here (%s) and %s at %s (%s)", date,
                         b->is_working ? "a make-up workday" : "off", b->name,
                         a->is_working ? "a make-up workday" : "off", a->where, a->name);
    else if (strstr(a->name, b->name) == NULL)
        a->name = cli_format(h->cli, "%s / %s", a->name, b->name);
}

void holidays_sort(struct holidays *h)
{
    size_t kept = 0;
    if (h->count > 0)
        qsort(h->day, h->count, sizeof(h->day[0]), by_day);
    qsort(h->year, h->years, sizeof(h->year[0]), by_year);
    for (size_t i = 0; i < h->count; i++) {
        if (kept > 0 && h->day[kept - 1].day == h->day[i].day)
            join(h, &h->day[kept - 1], &h->day[i]);
        else
            h->day[kept++] = h->day[i];
    }
    h->count = kept;
}
