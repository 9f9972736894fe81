/* callout calendar show: which days are worked and how long, from the registry in force or from
 * files. */
#include <jansson.h>
#include <string.h>

#include "calendar_days.h"
#include "cli_table.h"
#include "cmd_calendar.h"
#include "co_assert.h"
#include "co_pbarena.h"
#include "co_registry_calendar.h"
#include "co_text.h"
#include "co_yaml.h"

enum { CALENDARS_MAX = 1000 };

struct calendars {
    const Callout__V1__Calendar *item[CALENDARS_MAX];
    size_t count;
};

static void add(struct calendars *c, const Callout__V1__RegistryObject *object)
{
    if (object != NULL && object->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR &&
        c->count < CALENDARS_MAX)
        c->item[c->count++] = object->calendar;
}

/* A copy that outlives the page, or the loader. */
static Callout__V1__RegistryObject *copy(struct cli *cli, const Callout__V1__RegistryObject *object)
{
    ProtobufCAllocator allocator = co_pbarena(cli->arena);
    size_t size = callout__v1__registry_object__get_packed_size(object);
    uint8_t *packed = co_arena_alloc(cli->arena, size + 1);
    if (packed == NULL)
        return NULL;
    (void)callout__v1__registry_object__pack(object, packed);
    return callout__v1__registry_object__unpack(&allocator, size, packed);
}

static int from_files(struct cli *cli, struct calendars *ret)
{
    size_t n = 0;
    char **paths = cli_values(cli, "file", &n);
    struct co_yaml *y = co_yaml_new(NULL);
    const Callout__V1__Registry *registry = NULL;
    bool is_there = true;
    if (y == NULL)
        return CLI_FAILED;
    for (size_t i = 0; i < n; i++)
        is_there = co_yaml_load(y, paths[i]) != CO_EDOWN && is_there;
    int code = CLI_OK;
    if (co_yaml_finish(y, &registry) != CO_OK) {
        cli_yaml_problems(cli, y);
        code = cli_fail(cli, is_there ? CLI_REFUSED : CLI_NOT_FOUND, "%zu problems in the files",
                        co_yaml_problem_count(y));
    } else
        for (size_t i = 0; i < registry->n_objects; i++)
            add(ret, copy(cli, registry->objects[i]));
    co_yaml_free(y);
    return code;
}

static int from_intake(struct cli *cli, struct calendars *ret)
{
    struct cli_cursor cursor = { .len = 0 };
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    query.what = CALLOUT__V1__WHAT__WHAT_REGISTRY;
    query.kind = cli_text(cli, "calendar");
    query.limit = 100;
    for (bool is_end = false; !is_end;) {
        Callout__V1__QueryResult *page = NULL;
        int code = cli_query(cli, &query, &page);
        if (code != CLI_OK)
            return code;
        for (size_t i = 0; i < page->n_objects; i++)
            add(ret, copy(cli, page->objects[i]));
        is_end = page->n_objects == 0 || !cli_cursor_move(&cursor, &query, page);
    }
    return CLI_OK;
}

static const char *years_text(struct cli *cli, const Callout__V1__Calendar *c)
{
    const char *all = "";
    if (c->n_years == 0 && c->n_exceptions == 0)
        return "no holidays";
    for (size_t i = 0; i < c->n_years; i++)
        all = cli_format(cli, "%s%s%u", all, i == 0 ? "" : ", ", c->years[i]);
    return all[0] == '\0' ? "none" : all;
}

static int list(struct cli *cli, const struct calendars *c)
{
    struct cli_table t;
    if (cli->is_json) {
        json_t *all = json_array();
        for (size_t i = 0; i < c->count; i++) {
            json_t *years = json_array();
            for (size_t k = 0; k < c->item[i]->n_years; k++)
                (void)json_array_append_new(years, json_integer(c->item[i]->years[k]));
            (void)json_array_append_new(all,
                                        json_pack("{s:s, s:s, s:o}", "calendar", c->item[i]->key,
                                                  "zone", c->item[i]->zone, "known_years", years));
        }
        int status = json_dumpf(all, cli->out, JSON_INDENT(2));
        json_decref(all);
        (void)fputc('\n', cli->out);
        return status == 0 ? CLI_OK : CLI_FAILED;
    }
    cli_table_init(&t, cli, "calendar|zone|>days of its own|holidays known of");
    for (size_t i = 0; i < c->count; i++)
        CLI_TABLE_ADD(&t, c->item[i]->key, c->item[i]->zone,
                      cli_format(cli, "%zu", c->item[i]->n_exceptions),
                      years_text(cli, c->item[i]));
    cli_table_print(&t, 0);
    if (c->count == 0)
        cli_note(cli, "there are no calendars; apply some with: callout apply -f DIR");
    return CLI_OK;
}

static const Callout__V1__Calendar *find(const struct calendars *c, const char *key)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->item[i]->key, key) == 0)
            return c->item[i];
    return NULL;
}

static int not_found(struct cli *cli, const struct calendars *c, const char *key)
{
    const char *names[CALENDARS_MAX];
    for (size_t i = 0; i < c->count; i++)
        names[i] = c->item[i]->key;
    const char *nearest = co_text_nearest(key, names, c->count);
    return cli_fail(cli, CLI_NOT_FOUND, "there is no calendar '%s'%s%s%s", key,
                    nearest == NULL ? "; callout calendar show lists them" : "; did you mean '",
                    nearest == NULL ? "" : nearest, nearest == NULL ? "" : "'?");
}

static json_t *json_of_day(const struct calendar_shown *s, const struct calendar_day *d)
{
    static const char *const kinds[CALENDAR_DAY_KINDS] = { "working", "makeup", "free", "holiday" };
    char date[CO_DATE_TEXT];
    json_t *hours = json_array();
    co_date_format(d->day, date);
    for (size_t i = 0; i < d->hours_count; i++)
        (void)json_array_append_new(hours, json_string(d->hours[i]));
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:I, s:b}", "date", date, "weekday",
                     calendar_weekday(d->day), "kind", kinds[d->kind], "name", d->name, "hours",
                     hours, "working_us", (json_int_t)d->working_us, "known",
                     co_calendar_has_data(s->calendar, co_date_of_days(d->day).year));
}

static int print_json(struct cli *cli, const struct calendar_shown *s)
{
    struct calendar_sum sum = calendar_sum_of(cli, s, s->period.first, s->period.last);
    json_t *days = json_array();
    json_t *unknown = json_array();
    int32_t last = co_date_of_days(s->period.last).year;
    for (int64_t day = s->period.first; day <= s->period.last; day++) {
        struct calendar_day d = calendar_day_of(cli, s, day);
        (void)json_array_append_new(days, json_of_day(s, &d));
    }
    for (int32_t year = co_date_of_days(s->period.first).year; year <= last; year++)
        if (!co_calendar_has_data(s->calendar, year))
            (void)json_array_append_new(unknown, json_integer(year));
    json_t *all = json_pack("{s:s, s:s, s:i, s:i, s:i, s:I, s:o, s:o}", "calendar", s->text->key,
                            "zone", s->text->zone, "working_days", (int)sum.working, "makeup_days",
                            (int)sum.makeup, "holidays", (int)sum.holidays, "working_us",
                            (json_int_t)sum.working_us, "unknown_years", unknown, "days", days);
    int status = all == NULL ? -1 : json_dumpf(all, cli->out, JSON_INDENT(2));
    json_decref(all);
    (void)fputc('\n', cli->out);
    return status == 0 ? CLI_OK : cli_fail(cli, CLI_FAILED, "the answer cannot be written");
}

/* The month that it is there now. */
static struct calendar_period this_month(const Callout__V1__Calendar *c)
{
    struct co_offset_change change[CO_CALENDAR_CHANGES_MAX];
    struct co_offsets offsets = { change, (uint32_t)c->n_transitions };
    struct calendar_period period = { CALENDAR_MONTH, 0, 0 };
    char text[CO_DATE_TEXT];
    int64_t now_us = cli_now_us();
    for (size_t i = 0; i < c->n_transitions; i++)
        change[i] =
            (struct co_offset_change){ c->transitions[i]->from_us, c->transitions[i]->offset_s };
    co_date_format(co_days_of_us(now_us, co_offsets_at(&offsets, now_us)), text);
    text[strlen("2026-10")] = '\0';
    bool is_month = calendar_period_parse(text, &period);
    co_assert(is_month);
    return period;
}

static int show(struct cli *cli, const Callout__V1__Calendar *c,
                const struct calendar_period *period)
{
    struct calendar_shown s = { .text = c };
    char problem[CO_CALENDAR_PROBLEM] = "";
    if (c->n_transitions == 0 || c->n_transitions > CO_CALENDAR_CHANGES_MAX)
        return cli_fail(cli, CLI_REFUSED, "calendar %s: the offset from UTC is missing", c->key);
    s.period = period != NULL ? *period : this_month(c);
    enum co_err err =
        co_registry_calendar_compile(c, co_date_of_days(s.period.first).year - 1,
                                     co_date_of_days(s.period.last).year + 1, &s.calendar, problem);
    if (err != CO_OK)
        return cli_fail(cli, cli_exit_of(err), "calendar %s: %s", c->key,
                        problem[0] == '\0' ? co_err_name(err) : problem);
    int code = CLI_OK;
    if (cli->is_json)
        code = print_json(cli, &s);
    else
        calendar_print(cli, &s);
    co_calendar_free(s.calendar);
    return code;
}

int cmd_calendar_show(struct cli *cli)
{
    const struct cli_args *a = cli->args;
    struct calendars *all = co_arena_alloc(cli->arena, sizeof(*all));
    struct calendar_period period;
    const char *key = NULL;
    bool has_period = false;
    if (a->words > 3 || all == NULL)
        return cli_usage(cli, "callout calendar show [CALENDAR] [2026 | 2026-10 | 2026-10-01]");
    all->count = 0;
    if (a->words > 1 && calendar_period_parse(a->word[a->words - 1], &period))
        has_period = true;
    if (a->words - has_period > 2)
        return cli_usage(cli, "%s: allowed: 2026, 2026-10, 2026-10-01", a->word[2]);
    if (a->words - has_period == 2)
        key = a->word[1];
    int code = cli_has(cli, "file") ? from_files(cli, all) : from_intake(cli, all);
    if (code != CLI_OK)
        return code;
    if (key == NULL && all->count == 1)
        return show(cli, all->item[0], has_period ? &period : NULL);
    if (key == NULL && has_period && all->count > 1)
        cli_note(cli, "which of them: callout calendar show CALENDAR %s", a->word[a->words - 1]);
    if (key == NULL)
        return list(cli, all);
    const Callout__V1__Calendar *c = find(all, key);
    return c == NULL ? not_found(cli, all, key) : show(cli, c, has_period ? &period : NULL);
}
