/* callout roster import FILE...: shifts and absences of iCalendar files as a `rosters:` document.
 */
#include <string.h>
#include <unistd.h>

#include "cli_files.h"
#include "cli_registry.h"
#include "cmd_roster.h"
#include "co_text.h"
#include "co_time.h"
#include "shifts.h"

enum { DAYS_DEFAULT = 366, OUT_BYTES = 64 * 1024 * 1024 };

static const char head[] = "# Rosters, made by callout roster import"; /* of what may be replaced */

/* ---- options */

/* The calendar that all rosters have, or the only one there is; NULL: neither. */
static const char *usual_calendar(const struct co_registry *r)
{
    const char *key = NULL;
    for (uint32_t i = 0; i < co_registry_count(r, CO_KIND_ROSTER); i++) {
        const char *of = co_registry_at(r, CO_KIND_ROSTER, i)->message->roster->calendar;
        if (key != NULL && strcmp(key, of) != 0)
            return NULL;
        key = of;
    }
    if (key == NULL && co_registry_count(r, CO_KIND_CALENDAR) == 1)
        key = co_registry_at(r, CO_KIND_CALENDAR, 0)->key;
    return key;
}

static int find_calendar(struct shifts *k)
{
    const struct co_registry *r = k->registry;
    const char *keys = "";
    uint32_t count = co_registry_count(r, CO_KIND_CALENDAR);
    for (uint32_t i = 0; i < count && strlen(keys) < 200; i++)
        keys = cli_format(k->cli, "%s%s%s", keys, i == 0 ? "" : ", ",
                          co_registry_at(r, CO_KIND_CALENDAR, i)->key);
    const char *key = cli_value(k->cli, "calendar");
    if (key == NULL)
        key = usual_calendar(r);
    if (key == NULL)
        return cli_usage(k->cli, "--calendar is needed: whose local time and holidays; there %s",
                         count == 0 ? "is none" : cli_format(k->cli, "are %s", keys));
    k->calendar = co_registry_calendar(r, key);
    if (k->calendar == NULL)
        return cli_fail(k->cli, CLI_NOT_FOUND, "there is no calendar '%s'; there are: %s", key,
                        keys);
    return CLI_OK;
}

/* A day as its midnight where the calendar is. */
static int read_day(struct shifts *k, const char *option, int64_t otherwise_us, int64_t *ret_us)
{
    int64_t day = 0;
    const char *text = cli_value(k->cli, option);
    *ret_us = otherwise_us;
    if (text == NULL)
        return CLI_OK;
    if (co_date_parse(text, &day) != CO_OK)
        return cli_usage(k->cli, "--%s %s: a day is written 2026-10-01", option, text);
    *ret_us = co_calendar_local_us(k->compiled, day, 0);
    return CLI_OK;
}

static int read_span(struct shifts *k)
{
    int64_t now_us = cli_now_us();
    int64_t today = co_days_of_us(now_us, co_calendar_offset_s(k->compiled, now_us));
    int code = read_day(k, "from", co_calendar_local_us(k->compiled, today, 0), &k->from_us);
    if (code == CLI_OK)
        code = read_day(k, "until", k->from_us + DAYS_DEFAULT * CO_DAY_US, &k->until_us);
    if (code == CLI_OK && k->until_us <= k->from_us)
        return cli_usage(k->cli, "--until %s: must be later than --from",
                         cli_value(k->cli, "until"));
    return code;
}

/* ---- output */

static int write_out(struct cli *cli, const char *text, const char **ret_outcome)
{
    const char *path = cli_value(cli, "out");
    char *old = NULL;
    size_t len = 0;
    *ret_outcome = "written";
    if (path == NULL)
        return fputs(text, cli->out) >= 0 ? CLI_OK : CLI_FAILED;
    if (access(path, F_OK) == 0) {
        int code = cli_read_file(cli, path, OUT_BYTES, &old, &len);
        if (code != CLI_OK)
            return code;
        if (strncmp(old, head, strlen(head)) != 0)
            return cli_fail(cli, CLI_CONFLICT,
                            "%s holds something else: only what an import wrote is replaced", path);
        *ret_outcome = strcmp(old, text) == 0 ? "already says this" : "changed";
        if (strcmp(old, text) == 0)
            return CLI_OK;
    }
    return cli_replace_file(cli, path, text);
}

static void say_sums(struct shifts *k, const Callout__V1__Registry *r)
{
    size_t rules = 0, shifts = 0, absences = 0;
    for (size_t i = 0; i < r->n_objects; i++) {
        const Callout__V1__Roster *x = r->objects[i]->roster;
        rules += x->n_rules;
        shifts += x->n_shifts;
        absences += x->n_absences;
        if (x->n_rules + x->n_shifts == 0)
            cli_note(k->cli, "%s has no shift in that time: he would never be on duty", x->key);
    }
    cli_note(k->cli,
             "%zu events: %zu people, %zu weekly rules, %zu single shifts, %zu absences, "
             "%zu swaps",
             k->events, r->n_objects, rules, shifts, absences, k->swaps);
}

static int write_rosters(struct shifts *k, const Callout__V1__Registry *r)
{
    struct cli *cli = k->cli;
    const char *outcome = "", *path = cli_value(cli, "out");
    struct co_buf out;
    if (cli->is_json)
        return cli_print_json(cli, &r->base, false);
    if (r->n_objects == 0) {
        cli_note(cli, "nothing of anybody: nothing was written");
        return CLI_OK;
    }
    co_buf_init(&out, OUT_BYTES);
    (void)co_buf_printf(&out, "%s from %s; the next one writes this file anew.\n", head,
                        cli_file_names(cli, 1));
    int code = co_yaml_write(r, CO_KIND_ROSTER, NULL, &out) == CO_OK
                   ? write_out(cli, co_buf_text(&out), &outcome)
                   : cli_fail(cli, CLI_FAILED, "the rosters are too large to be written");
    co_buf_done(&out);
    if (code == CLI_OK && path != NULL)
        cli_note(cli, "%s: %s", path, outcome);
    return code;
}

static int import(struct shifts *k)
{
    size_t maps = 0;
    char **map = cli_values(k->cli, "map", &maps);
    Callout__V1__Registry rosters;
    int code = shifts_init(k, map, maps);
    if (code == CLI_OK)
        code = read_span(k);
    for (size_t i = 1; i < k->cli->args->words && code == CLI_OK; i++)
        code = shifts_read(k, k->cli->args->word[i]);
    if (code == CLI_OK)
        code = shifts_rosters(k, &rosters);
    if (code == CLI_OK)
        code = write_rosters(k, &rosters);
    if (code != CLI_OK)
        return code;
    say_sums(k, &rosters);
    if (k->problems == 0)
        return CLI_OK;
    return cli_fail(k->cli, CLI_FAILED, "%zu events could not be taken; the others were",
                    k->problems);
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct shifts *k = arg;
    k->registry = registry;
    if (co_registry_count(registry, CO_KIND_PERSON) == 0)
        return cli_fail(k->cli, CLI_NOT_FOUND, "there are no persons in the registry");
    int code = find_calendar(k);
    if (code == CLI_OK)
        code = import(k);
    shifts_done(k);
    return code;
}

int cmd_roster_import(struct cli *cli)
{
    struct shifts k = { .cli = cli };
    size_t files = 0;
    char **file = cli_values(cli, "file", &files);
    if (cli->args->words < 2)
        return cli_usage(cli, "which files: callout roster import FILE...");
    return cli_registry_look_at(cli, file, files, look, &k);
}
