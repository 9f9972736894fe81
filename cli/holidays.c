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

const char *holidays_clean(struct cli *cli, const char *text)
{
    enum { CHARS = 100 };
    size_t n = 0;
    size_t chars = 0;
    char *clean = cli_text(cli, text);
    for (const char *at = clean + strspn(clean, " \t\r\n"); *at != '\0' && chars < CHARS; chars++) {
        uint32_t c = 0;
        size_t len = co_text_next(at, &c);
        if (c < 0x20 || c == 0x7f)
            clean[n++] = ' ';
        else {
            memmove(clean + n, at, len);
            n += len;
        }
        at += len;
    }
    while (n > 0 && clean[n - 1] == ' ')
        n--;
    clean[n] = '\0';
    return clean;
}

int holidays_read_file(struct cli *cli, const char *path, char **ret_text, size_t *ret_len)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return cli_fail(cli, CLI_NOT_FOUND, "%s: %s", path, strerror(errno));
    char *text = co_arena_alloc(cli->arena, (size_t)HOLIDAYS_FILE_BYTES + 2);
    size_t len = text == NULL ? 0 : fread(text, 1, (size_t)HOLIDAYS_FILE_BYTES + 1, f);
    bool is_bad = text == NULL || ferror(f) != 0;
    (void)fclose(f);
    if (is_bad)
        return cli_fail(cli, CLI_NOT_FOUND, "%s: cannot be read: %s", path, strerror(errno));
    if (len > HOLIDAYS_FILE_BYTES)
        return cli_fail(cli, CLI_REFUSED, "%s: longer than %d MiB", path,
                        HOLIDAYS_FILE_BYTES / 1024 / 1024);
    if (!co_text_is_valid(text, len))
        return cli_fail(cli, CLI_REFUSED, "%s: is not a text in UTF-8", path);
    text[len] = '\0';
    *ret_text = text;
    *ret_len = len;
    return CLI_OK;
}
