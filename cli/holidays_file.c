/* The `holidays:` document: written anew, or changed in place. */
#include "holidays.h"

#include <ctype.h>
#include <string.h>

#include "cli_files.h"
#include "co_assert.h"
#include "co_buf.h"
#include "co_time.h"
#include "co_yaml.h"

#define TEXT_LIMIT ((size_t)2 * CLI_FILE_BYTES)

/* -- reading back */

const char *holidays_name_of(struct cli *cli, const char *text)
{
    static const char key[] = "holidays:";
    const char *at = text;
    while (strncmp(at, key, strlen(key)) != 0) {
        at = strchr(at, '\n');
        if (at == NULL)
            return NULL;
        at++;
    }
    at += strlen(key);
    at += strspn(at, " \t'\"");
    char *name = cli_text(cli, at);
    name[strcspn(name, " \t\r\n'\"#")] = '\0';
    return name;
}

/* The loader gives sets of holidays only with a calendar that names them. */
static void load_with_calendar(struct co_yaml *y, const char *path, const char *text,
                               const char *name, const Callout__V1__Registry **ret)
{
    char calendar[256];
    int len = snprintf(calendar, sizeof(calendar),
                       "calendar: x\nzone: UTC\nutc_offset: Z\nweek: {}\n"
                       "makeup: [\"00:00-24:00\"]\nholidays: \"%.100s\"\n",
                       name);
    (void)co_yaml_load_text(y, path, text, strlen(text));
    (void)co_yaml_load_text(y, "calendar", calendar, (size_t)len);
    if (co_yaml_finish(y, ret) != CO_OK)
        *ret = NULL;
}

static void take_calendar(struct holidays *h, const char *path, const Callout__V1__Calendar *c)
{
    for (size_t i = 0; i < c->n_exceptions; i++)
        holidays_add(h, (struct holiday){ c->exceptions[i]->day,
                                          cli_text(h->cli, c->exceptions[i]->name),
                                          c->exceptions[i]->n_spans > 0, path });
    for (size_t i = 0; i < c->n_years; i++) {
        struct holiday_year *year = holidays_year(h, (int32_t)c->years[i]);
        if (year != NULL)
            year->is_known = true;
    }
    holidays_sort(h);
}

int holidays_load(struct cli *cli, const char *path, const char *text, struct holidays *ret)
{
    struct holidays h = { .cli = cli, .name = holidays_name_of(cli, text) };
    if (h.name == NULL || h.name[0] == '\0')
        return cli_fail(cli, CLI_REFUSED, "%s: holds no set of holidays (holidays: NAME)", path);
    struct co_yaml *y = co_yaml_new(NULL);
    const Callout__V1__Registry *registry = NULL;
    if (y == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    load_with_calendar(y, path, text, h.name, &registry);
    if (registry == NULL)
        cli_yaml_problems(cli, y);
    else
        for (size_t i = 0; i < registry->n_objects; i++)
            if (registry->objects[i]->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR)
                take_calendar(&h, path, registry->objects[i]->calendar);
    co_yaml_free(y);
    if (registry == NULL || h.problems > 0)
        return cli_fail(cli, CLI_REFUSED, "%s: is no good set of holidays", path);
    *ret = h;
    return CLI_OK;
}

/* -- one line */

/* As a YAML scalar within a mapping of one line. */
static const char *quote(struct cli *cli, const char *text)
{
    static const char *const words[] = { "true", "false", "null", "yes", "no", "on", "off", "~" };
    bool is_plain = strpbrk(text, ",[]{}#&*!|>'\"%@`:?\\") == NULL && text[0] != '-' &&
                    text[0] != '\0' && !isdigit((unsigned char)text[0]) && text[0] != '.' &&
                    text[0] != '+' && text[0] != '=';
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        is_plain = is_plain && strcasecmp(words[i], text) != 0;
    if (is_plain)
        return text;
    char *quoted = co_arena_alloc(cli->arena, 2 * strlen(text) + 3);
    co_assert(quoted != NULL);
    size_t n = 0;
    quoted[n++] = '"';
    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            quoted[n++] = '\\';
        quoted[n++] = *at;
    }
    quoted[n++] = '"';
    quoted[n] = '\0';
    return quoted;
}

static void write_day(struct cli *cli, struct co_buf *out, const struct holiday *d)
{
    char date[CO_DATE_TEXT];
    co_date_format(d->day, date);
    (void)co_buf_printf(out, "  - {date: \"%s\", name: %s, working: %s}", date, quote(cli, d->name),
                        d->is_working ? "true" : "false");
}

static void write_years(struct co_buf *out, const struct holidays *h)
{
    const char *comma = "";
    (void)co_buf_append_text(out, "years: [");
    for (size_t i = 0; i < h->years; i++)
        if (h->year[i].is_known) {
            (void)co_buf_printf(out, "%s%d", comma, (int)h->year[i].year);
            comma = ", ";
        }
    (void)co_buf_append_text(out, "]");
}

static const char *take_text(struct cli *cli, struct co_buf *out)
{
    const char *text = out->err == CO_OK ? cli_text(cli, co_buf_text(out)) : NULL;
    co_buf_done(out);
    co_assert(text != NULL); /* bounded by the limits of what is read */
    return text;
}

const char *holidays_write(struct cli *cli, const struct holidays *h, const char *sources)
{
    struct co_buf out;
    co_buf_init(&out, TEXT_LIMIT);
    (void)co_buf_printf(&out,
                        "# Public holidays and make-up workdays, from: %s.\n"
                        "# working: false is a day off whatever the weekday, working: true a "
                        "make-up workday. Only these days differ\n# from the week. A year not "
                        "listed under `years` is not known.\n",
                        sources);
    for (size_t i = 0; i < h->years; i++)
        for (size_t k = 0; k < h->year[i].papers; k++)
            (void)co_buf_printf(&out, "#   %d: %s\n", (int)h->year[i].year, h->year[i].paper[k]);
    (void)co_buf_printf(&out, "holidays: %s\n", h->name);
    write_years(&out, h);
    (void)co_buf_append_text(&out, "\ndays:\n");
    for (size_t i = 0; i < h->count; i++) {
        write_day(cli, &out, &h->day[i]);
        (void)co_buf_append_text(&out, "\n");
    }
    return take_text(cli, &out);
}

/* -- changing in place */

/* The end of a year may come from the notice of the year after it. */
static bool is_of_next_notice(const struct holidays *old, const struct holidays *h, int64_t day)
{
    struct co_date date = co_date_of_days(day);
    return date.month == 12 && holidays_knows(old, date.year + 1) &&
           !holidays_knows(h, date.year + 1);
}

/* What the document is to say in the end. */
static void join(const struct holidays *old, const struct holidays *h, struct holidays *ret)
{
    struct holidays all = { .cli = h->cli, .name = old->name };
    for (size_t i = 0; i < old->count; i++) {
        int64_t day = old->day[i].day;
        if (holidays_find(h, day) == NULL &&
            (!holidays_knows(h, co_date_of_days(day).year) || is_of_next_notice(old, h, day)))
            holidays_add(&all, old->day[i]);
    }
    for (size_t i = 0; i < h->count; i++)
        holidays_add(&all, h->day[i]);
    for (size_t i = 0; i < old->years + h->years; i++) {
        const struct holiday_year *y = i < old->years ? &old->year[i] : &h->year[i - old->years];
        struct holiday_year *known = y->is_known ? holidays_year(&all, y->year) : NULL;
        if (known != NULL)
            known->is_known = true;
    }
    holidays_sort(&all);
    *ret = all;
}

static bool is_same_day(const struct holiday *a, const struct holiday *b)
{
    return a->day == b->day && a->is_working == b->is_working && strcmp(a->name, b->name) == 0;
}

static bool is_same(const struct holidays *a, const struct holidays *b)
{
    co_assert(a->name != NULL && b->name != NULL);
    bool same = a->count == b->count && strcmp(a->name, b->name) == 0;
    for (size_t i = 0; same && i < a->count; i++)
        same = is_same_day(&a->day[i], &b->day[i]);
    for (size_t i = 0; same && i < a->years + b->years; i++) {
        int32_t year = i < a->years ? a->year[i].year : b->year[i - a->years].year;
        same = holidays_knows(a, year) == holidays_knows(b, year);
    }
    return same;
}

/* The day that a line of `len` bytes is about; false: it is about none. */
static bool day_of_line(const char *line, size_t len, int64_t *ret_day)
{
    static const char key[] = "date:";
    char text[CO_DATE_TEXT] = "";
    size_t at = 0;
    while (at < len && (line[at] == ' ' || line[at] == '-' || line[at] == '{'))
        at++;
    if (at == 0 || at + strlen(key) > len || memcmp(line + at, key, strlen(key)) != 0)
        return false;
    at += strlen(key);
    while (at < len && (line[at] == ' ' || line[at] == '"' || line[at] == '\''))
        at++;
    if (at + CO_DATE_TEXT - 1 > len)
        return false;
    memcpy(text, line + at, CO_DATE_TEXT - 1);
    return co_date_parse(text, ret_day) == CO_OK;
}

/* What stands after the closing brace: a comment stays with its line. */
static const char *rest_of_line(struct cli *cli, const char *line, size_t len, char end)
{
    size_t at = len;
    while (at > 0 && line[at - 1] != end)
        at--;
    char *rest = cli_text(cli, line + at);
    rest[len - at] = '\0';
    return at == 0 ? "" : rest;
}

struct change {
    struct cli *cli;
    const struct holidays *old, *all;
    const struct holidays *source; /* for its papers */
    const char *text;
    struct co_buf out;
    size_t written; /* days of `all` */
};

/* Writes the days of `all` before `day` that the document does not have. */
static void write_new_before(struct change *c, int64_t day)
{
    for (; c->written < c->all->count && c->all->day[c->written].day < day; c->written++) {
        const struct holiday *d = &c->all->day[c->written];
        if (holidays_find(c->old, d->day) != NULL)
            continue;
        write_day(c->cli, &c->out, d);
        (void)co_buf_append_text(&c->out, "\n");
    }
}

/* Announcements that the document does not name yet. */
static void write_papers(struct change *c)
{
    for (size_t i = 0; i < c->source->years; i++)
        for (size_t k = 0; k < c->source->year[i].papers; k++)
            if (strstr(c->text, c->source->year[i].paper[k]) == NULL)
                (void)co_buf_printf(&c->out, "#   %d: %s\n", (int)c->source->year[i].year,
                                    c->source->year[i].paper[k]);
}

static void write_line(struct change *c, const char *line, size_t len)
{
    int64_t day = 0;
    if (day_of_line(line, len, &day)) {
        const struct holiday *now = holidays_find(c->all, day);
        const struct holiday *before = holidays_find(c->old, day);
        write_new_before(c, day);
        if (now == NULL)
            return;
        if (before == NULL || !is_same_day(now, before)) {
            write_day(c->cli, &c->out, now);
            (void)co_buf_append_text(&c->out, rest_of_line(c->cli, line, len, '}'));
            (void)co_buf_append_text(&c->out, "\n");
            return;
        }
    } else if (len > 6 && memcmp(line, "years:", 6) == 0) {
        write_years(&c->out, c->all);
        (void)co_buf_append_text(&c->out, rest_of_line(c->cli, line, len, ']'));
        (void)co_buf_append_text(&c->out, "\n");
        return;
    } else if (len > 9 && memcmp(line, "holidays:", 9) == 0)
        write_papers(c);
    (void)co_buf_append(&c->out, line, len);
    (void)co_buf_append_text(&c->out, "\n");
}

/* Lines that are not about a day or the years stay as they are. */
static const char *rewrite(struct change *c)
{
    co_buf_init(&c->out, TEXT_LIMIT);
    for (const char *at = c->text; *at != '\0';) {
        size_t len = strcspn(at, "\n");
        write_line(c, at, len);
        at += len + (at[len] == '\n');
    }
    write_new_before(c, INT64_MAX);
    return take_text(c->cli, &c->out);
}

int holidays_merge(struct cli *cli, const struct holidays *h, const char *path, const char *text,
                   const char **ret_text)
{
    struct holidays old = { .count = 0 }, all = { .count = 0 }, written = { .count = 0 };
    int code = holidays_load(cli, path, text, &old);
    if (code != CLI_OK)
        return code;
    join(&old, h, &all);
    *ret_text = text;
    if (is_same(&old, &all))
        return CLI_OK;
    struct change change = { .cli = cli, .old = &old, .all = &all, .source = h, .text = text };
    const char *changed = rewrite(&change);
    if (holidays_load(cli, path, changed, &written) != CLI_OK || !is_same(&written, &all))
        return cli_fail(cli, CLI_REFUSED,
                        "%s: is written in a form that cannot be changed in place (one line per "
                        "day: - {date: ..., name: ..., working: ...}); nothing was changed: give "
                        "another --out",
                        path);
    *ret_text = changed;
    return CLI_OK;
}
