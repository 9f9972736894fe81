/* callout calendar import FILE...: holidays and make-up workdays of others, as a `holidays:`
 * document. Nobody is asked. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_files.h"
#include "cli_table.h"
#include "cmd_calendar.h"
#include "co_time.h"
#include "holidays.h"

/* "2026" or "2025-2027". */
static bool parse_years(const char *text, struct holidays_rules *r)
{
    char *end = NULL;
    long first = strtol(text, &end, 10);
    bool is_good = end - text == 4;
    long last = first;
    if (is_good && *end == '-') {
        const char *rest = end + 1;
        last = strtol(rest, &end, 10);
        is_good = end - rest == 4;
    }
    if (!is_good || *end != '\0' || first < CLI_YEAR_MIN || last > CLI_YEAR_MAX || first > last ||
        last - first >= HOLIDAYS_YEARS_MAX)
        return false;
    r->has_years = true;
    r->first_year = (int32_t)first;
    r->last_year = (int32_t)last;
    return true;
}

static int read_rules(struct cli *cli, struct holidays_rules *r)
{
    const char *years = cli_value(cli, "years");
    if (years != NULL && !parse_years(years, r))
        return cli_usage(cli, "--years %s: allowed: 2026, 2025-2027; at most %d years", years,
                         HOLIDAYS_YEARS_MAX);
    r->zone = cli_value(cli, "zone");
    r->only = cli_values(cli, "only", &r->only_count);
    r->makeup = cli_values(cli, "makeup", &r->makeup_count);
    r->this_year = co_date_of_days(co_days_of_us(cli_now_us(), 0)).year;
    return CLI_OK;
}

/* What a file is, its first letters say. */
static int read_source(struct cli *cli, const struct holidays_rules *rules, const char *path,
                       struct holidays *h)
{
    char *text = NULL;
    size_t len = 0;
    int code = cli_read_file(cli, path, CLI_FILE_BYTES, &text, &len);
    if (code != CLI_OK)
        return code;
    const char *begin = text + (strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);
    begin += strspn(begin, " \t\r\n");
    if (*begin == '{')
        holidays_read_json(h, path, begin, len - (size_t)(begin - text));
    else if (strncasecmp(begin, "BEGIN:VCALENDAR", strlen("BEGIN:VCALENDAR")) == 0)
        holidays_read_ical(h, rules, path, begin, len - (size_t)(begin - text));
    else
        return cli_fail(cli, CLI_REFUSED,
                        "%s:1: is neither a year of holiday-cn (JSON) nor iCalendar "
                        "(BEGIN:VCALENDAR)",
                        path);
    return CLI_OK;
}

/* --years for files of one year each, too. */
static void keep_years(const struct holidays_rules *r, struct holidays *h)
{
    size_t kept = 0;
    for (size_t i = 0; r->has_years && i < h->years; i++)
        if (h->year[i].year >= r->first_year && h->year[i].year <= r->last_year)
            h->year[kept++] = h->year[i];
    h->years = r->has_years ? kept : h->years;
    kept = 0;
    for (size_t i = 0; r->has_years && i < h->count; i++) {
        int32_t year = co_date_of_days(h->day[i].day).year;
        bool is_beside = year == r->first_year - 1 || year == r->last_year + 1;
        if ((year >= r->first_year && year <= r->last_year) || is_beside)
            h->day[kept++] = h->day[i];
    }
    h->count = r->has_years ? kept : h->count;
}

static int read_all(struct cli *cli, const struct holidays_rules *rules, struct holidays *h)
{
    int code = CLI_OK;
    for (size_t i = 1; i < cli->args->words; i++) {
        int one = read_source(cli, rules, cli->args->word[i], h);
        code = code == CLI_OK ? one : code;
    }
    holidays_sort(h);
    if (code != CLI_OK)
        return code;
    if (h->problems > 0)
        return cli_fail(cli, CLI_REFUSED, "nothing was written: %zu problems in the files",
                        h->problems);
    keep_years(rules, h);
    return CLI_OK;
}

/* -- the file */

static bool is_name(const char *name)
{
    return name[0] != '\0' && strlen(name) <= 64 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(name);
}

enum outcome { WRITTEN, CHANGED, UNCHANGED, NOTHING };

static int change_file(struct cli *cli, struct holidays *h, const char *path,
                       enum outcome *ret_outcome)
{
    char *text = NULL;
    size_t len = 0;
    const char *changed = NULL;
    int code = cli_read_file(cli, path, CLI_FILE_BYTES, &text, &len);
    if (code != CLI_OK)
        return code;
    const char *name = holidays_name_of(cli, text);
    const char *wanted = cli_value(cli, "name");
    if (name != NULL && wanted != NULL && strcmp(name, wanted) != 0)
        return cli_fail(cli, CLI_CONFLICT, "%s holds the set \"%s\", not \"%s\"", path, name,
                        wanted);
    code = holidays_merge(cli, h, path, text, &changed);
    if (code != CLI_OK)
        return code;
    h->name = name;
    *ret_outcome = changed == text ? UNCHANGED : CHANGED;
    return changed == text ? CLI_OK : cli_replace_file(cli, path, changed);
}

/* A set without a year would mean that there are no holidays at all. */
static int write_out(struct cli *cli, struct holidays *h, enum outcome *ret_outcome)
{
    const char *path = cli_value(cli, "out");
    h->name = cli_value_or(cli, "name", h->name == NULL ? "holidays" : h->name);
    *ret_outcome = NOTHING;
    if (!is_name(h->name))
        return cli_usage(cli, "--name %s: allowed: 1 to 64 of a-z 0-9 . _ -", h->name);
    if (h->count == 0)
        return CLI_OK;
    if (path != NULL && access(path, F_OK) == 0)
        return change_file(cli, h, path, ret_outcome);
    const char *text = holidays_write(cli, h, cli_file_names(cli, 1));
    *ret_outcome = WRITTEN;
    if (path != NULL)
        return cli_replace_file(cli, path, text);
    if (!cli->is_json)
        (void)fputs(text, cli->out);
    return CLI_OK;
}

/* -- what was read */

struct sum {
    size_t off, makeup;
};

static struct sum sum_of(const struct holidays *h, int32_t year)
{
    struct sum sum = { 0 };
    for (size_t i = 0; i < h->count; i++)
        if (co_date_of_days(h->day[i].day).year == year)
            (*(h->day[i].is_working ? &sum.makeup : &sum.off))++;
    return sum;
}

static void say_years(struct cli *cli, const struct holidays *h)
{
    for (size_t i = 0; i < h->years; i++) {
        struct sum sum = sum_of(h, h->year[i].year);
        if (h->year[i].is_known)
            cli_note(cli, "%d: %zu days off, %zu make-up workdays", (int)h->year[i].year, sum.off,
                     sum.makeup);
        else
            cli_note(cli, "%d: nothing said yet; the year stays unknown", (int)h->year[i].year);
    }
    if (h->passed_over > 0)
        cli_note(cli, "%zu events are no whole days off and were passed over", h->passed_over);
}

static void say_outcome(struct cli *cli, const struct holidays *h, enum outcome outcome)
{
    static const char *const texts[] = { "written", "changed", "already says this", "" };
    const char *path = cli_value(cli, "out");
    if (outcome == NOTHING)
        cli_note(cli, "no days: nothing was written");
    else if (path != NULL)
        cli_note(cli, "%s: %s (holidays: %s)", path, texts[outcome], h->name);
}

static int print_json(struct cli *cli, const struct holidays *h, enum outcome outcome)
{
    static const char *const texts[] = { "written", "changed", "unchanged", "nothing" };
    json_t *years = json_array();
    json_t *days = json_array();
    for (size_t i = 0; i < h->years; i++) {
        struct sum sum = sum_of(h, h->year[i].year);
        (void)json_array_append_new(
            years, json_pack("{s:i, s:b, s:i, s:i}", "year", (int)h->year[i].year, "known",
                             h->year[i].is_known, "off", (int)sum.off, "makeup", (int)sum.makeup));
    }
    for (size_t i = 0; i < h->count; i++) {
        char date[CO_DATE_TEXT];
        co_date_format(h->day[i].day, date);
        (void)json_array_append_new(days,
                                    json_pack("{s:s, s:s, s:b}", "date", date, "name",
                                              h->day[i].name, "working", h->day[i].is_working));
    }
    json_t *all = json_pack("{s:s, s:s, s:i, s:o, s:o}", "name", h->name, "outcome", texts[outcome],
                            "passed_over", (int)h->passed_over, "years", years, "days", days);
    int status = all == NULL ? -1 : json_dumpf(all, cli->out, JSON_INDENT(2));
    json_decref(all);
    (void)fputc('\n', cli->out);
    return status == 0 ? CLI_OK : cli_fail(cli, CLI_FAILED, "the answer cannot be written");
}

int cmd_calendar_import(struct cli *cli)
{
    struct holidays_rules rules = { 0 };
    struct holidays h = { .cli = cli };
    enum outcome outcome = NOTHING;
    if (cli->args->words < 2)
        return cli_usage(cli, "which files: callout calendar import FILE...");
    int code = read_rules(cli, &rules);
    if (code == CLI_OK)
        code = read_all(cli, &rules, &h);
    if (code == CLI_OK)
        code = write_out(cli, &h, &outcome);
    if (code != CLI_OK)
        return code;
    if (cli->is_json)
        return print_json(cli, &h, outcome);
    say_years(cli, &h);
    say_outcome(cli, &h, outcome);
    return CLI_OK;
}
