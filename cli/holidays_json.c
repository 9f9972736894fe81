/* One year of holiday-cn (https://github.com/NateScarlet/holiday-cn): {"year": 2026, "papers":
 * [URL], "days": [{"name": "元旦", "date": "2026-01-01", "isOffDay": true}]}. */
#include <jansson.h>

#include "co_time.h"
#include "cli_files.h"
#include "holidays.h"

/* A notice may move days at the ends of the years beside its own. */
static bool is_near(int64_t day, int32_t year)
{
    int32_t found = co_date_of_days(day).year;
    return found >= year - 1 && found <= year + 1;
}

static void read_day(struct holidays *h, const char *path, size_t i, const json_t *json,
                     int32_t year)
{
    const char *where = cli_format(h->cli, "%s: days[%zu]", path, i);
    const char *date = json_string_value(json_object_get(json, "date"));
    const char *name = json_string_value(json_object_get(json, "name"));
    const json_t *off = json_object_get(json, "isOffDay");
    int64_t day = 0;
    if (date == NULL || co_date_parse(date, &day) != CO_OK)
        holidays_problem(h, where, "date \"%s\" is no day; allowed: \"2026-01-01\"",
                         date == NULL ? "" : date);
    else if (!is_near(day, year))
        holidays_problem(h, where, "date %s does not belong to the notice of %d", date, (int)year);
    else if (name == NULL || cli_clean(h->cli, name)[0] == '\0')
        holidays_problem(h, where, "the day has no name");
    else if (!json_is_boolean(off))
        holidays_problem(h, where, "isOffDay is missing; allowed: true, false");
    else
        holidays_add(h,
                     (struct holiday){ day, cli_clean(h->cli, name), !json_is_true(off), where });
}

static void read_papers(struct holidays *h, const json_t *papers, struct holiday_year *year)
{
    for (size_t i = 0; i < json_array_size(papers); i++) {
        const char *paper = json_string_value(json_array_get(papers, i));
        if (paper != NULL && year->papers < HOLIDAY_PAPERS_MAX)
            year->paper[year->papers++] = cli_clean(h->cli, paper);
    }
}

static void read_whole(struct holidays *h, const char *path, const json_t *json)
{
    json_int_t year = json_integer_value(json_object_get(json, "year"));
    const json_t *days = json_object_get(json, "days");
    if (year < CLI_YEAR_MIN || year > CLI_YEAR_MAX) {
        holidays_problem(h, path, "\"year\" is missing or out of range; allowed: %d to %d",
                         CLI_YEAR_MIN, CLI_YEAR_MAX);
        return;
    }
    if (!json_is_array(days)) {
        holidays_problem(h, path, "\"days\" is missing; this is no file of holiday-cn");
        return;
    }
    struct holiday_year *of = holidays_year(h, (int32_t)year);
    if (of == NULL)
        return;
    of->is_known = of->is_known || json_array_size(days) > 0;
    read_papers(h, json_object_get(json, "papers"), of);
    for (size_t i = 0; i < json_array_size(days); i++)
        read_day(h, path, i, json_array_get(days, i), (int32_t)year);
    h->name = h->name == NULL ? "cn" : h->name;
}

void holidays_read_json(struct holidays *h, const char *path, const char *text, size_t len)
{
    json_error_t error;
    json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        holidays_problem(h, cli_format(h->cli, "%s:%d", path, error.line), "no JSON: %s",
                         error.text);
    else
        read_whole(h, path, json);
    json_decref(json);
}
