/* callout roster show|gaps: who is on duty when, and when nobody is. */
#include <jansson.h>
#include <string.h>

#include "cli_registry.h"
#include "cli_table.h"
#include "co_rosters.h"
#include "co_time.h"

const struct cli_option cmd_roster_options[] = {
    { "from", 0, "DATE", "the first day that is looked at [now]" },
    { "days", 0, "N", "how many days [show: 7, gaps: 30]" },
    { "office", 0, "KEY", "only the people of this office [all]" },
    { "engineer", 0, "KEY", "show: only this engineer [all]" },
    { "level", 0, "N", "only people of at least this level: 1 engineer, 2 senior, 3 expert [1]" },
    { "keys", 0, "DIR", "where public_key_file of clients is looked for [where our own key is]" },
    { NULL, 0, NULL, NULL },
};

enum { SHOW_DAYS = 7, GAPS_DAYS = 30, DAYS_MAX = 366, LEVEL_MAX = 3 };

struct look {
    struct cli *cli;
    bool is_gaps;
    int64_t from_us, until_us;
    uint32_t level;
    const char *office, *engineer; /* "": all */
    const struct co_registry *registry;
    struct co_rosters *rosters;
    struct cli_table table;
    json_t *json;
    size_t rows;
};

static const Callout__V1__Engineer *engineer_at(const struct look *k, uint32_t i)
{
    return co_registry_at(k->registry, CO_KIND_ENGINEER, i)->message->engineer;
}

static bool is_asked_for(const struct look *k, const Callout__V1__Engineer *e, const char *office)
{
    return (*office == '\0' || strcmp(office, e->office) == 0) && e->skill >= k->level &&
           (*k->engineer == '\0' || strcmp(k->engineer, e->key) == 0);
}

static const char *offset_time(struct cli *cli, const struct co_roster *roster, int64_t us)
{
    return cli_when_at(cli, us, co_calendar_offset_s(roster->calendar, us));
}

/* ---- who is on duty */

static void add_duty(struct look *k, const Callout__V1__Engineer *e, const struct co_roster *r,
                     int64_t from_us, int64_t until_us)
{
    k->rows++;
    if (k->cli->is_json)
        (void)json_array_append_new(
            k->json, json_pack("{s:s, s:s, s:i, s:I, s:I}", "engineer", e->key, "office", e->office,
                               "level", (int)e->skill, "from_us", (json_int_t)from_us, "until_us",
                               (json_int_t)until_us));
    else
        CLI_TABLE_ADD(&k->table, e->key, e->office, cli_format(k->cli, "%u", e->skill),
                      r != NULL ? offset_time(k->cli, r, from_us) : "always",
                      r != NULL ? offset_time(k->cli, r, until_us) : "",
                      r != NULL ? cli_length(k->cli, until_us - from_us) : "");
}

static void add_absences(struct look *k, const Callout__V1__Engineer *e, const struct co_roster *r)
{
    for (size_t i = 0; !k->cli->is_json && i < r->roster->n_absences; i++) {
        const Callout__V1__RosterSpan *x = r->roster->absences[i];
        if (x->until_us > k->from_us && x->from_us < k->until_us)
            CLI_TABLE_ADD(&k->table, e->key, e->office, cli_format(k->cli, "%u", e->skill),
                          offset_time(k->cli, r, x->from_us), offset_time(k->cli, r, x->until_us),
                          cli_format(k->cli, "away%s%s", x->why[0] != '\0' ? ": " : "", x->why));
    }
}

static void show_engineer(struct look *k, const Callout__V1__Engineer *e)
{
    struct co_roster r;
    if (!co_rosters_of(k->rosters, e->key, &r)) {
        add_duty(k, e, NULL, k->from_us, k->until_us);
        return;
    }
    for (int64_t at_us = co_roster_from(&r, k->from_us); at_us < k->until_us;) {
        int64_t end_us = co_roster_until(&r, at_us);
        add_duty(k, e, &r, at_us, end_us < k->until_us ? end_us : k->until_us);
        at_us = co_roster_from(&r, end_us);
    }
    add_absences(k, e, &r);
}

/* ---- when nobody is */

static void add_gap(struct look *k, const char *office, int64_t from_us, int64_t until_us)
{
    bool lasts = until_us >= k->until_us;
    k->rows++;
    if (k->cli->is_json)
        (void)json_array_append_new(
            k->json, json_pack("{s:s, s:I, s:I}", "office", office, "from_us", (json_int_t)from_us,
                               "until_us", (json_int_t)(lasts ? k->until_us : until_us)));
    else
        CLI_TABLE_ADD(
            &k->table, office, cli_when(k->cli, from_us), lasts ? "" : cli_when(k->cli, until_us),
            lasts ? "to the end of what was asked" : cli_length(k->cli, until_us - from_us));
}

/* The people asked for, of one office or ("") of all; NULL: out of memory, said. */
static const char **people_of(const struct look *k, const char *office, size_t *ret_count)
{
    uint32_t all = co_registry_count(k->registry, CO_KIND_ENGINEER);
    const char **who = co_arena_alloc(k->cli->arena, (all + 1) * sizeof(who[0]));
    *ret_count = 0;
    for (uint32_t i = 0; who != NULL && i < all; i++)
        if (is_asked_for(k, engineer_at(k, i), office))
            who[(*ret_count)++] = engineer_at(k, i)->key;
    if (who == NULL)
        (void)cli_fail(k->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    return who;
}

static int find_gaps(struct look *k, const char *office)
{
    size_t count = 0;
    const char **who = people_of(k, office, &count);
    struct co_roster_gap gap = { .until_us = k->from_us };
    if (who == NULL)
        return CLI_FAILED;
    while (co_rosters_gap(k->rosters, who, count, gap.until_us, k->until_us, &gap))
        add_gap(k, *office != '\0' ? office : "all", gap.from_us, gap.until_us);
    return CLI_OK;
}

static int find_all_gaps(struct look *k)
{
    int code = CLI_OK;
    uint32_t offices = *k->office == '\0' ? co_registry_count(k->registry, CO_KIND_OFFICE) : 0;
    for (uint32_t i = 0; i < offices && code == CLI_OK; i++)
        code = find_gaps(k, co_registry_at(k->registry, CO_KIND_OFFICE, i)->key);
    return code == CLI_OK ? find_gaps(k, k->office) : code;
}

/* ---- */

static int print(struct look *k)
{
    if (k->cli->is_json) {
        int status = json_dumpf(k->json, k->cli->out, JSON_INDENT(2));
        (void)fputc('\n', k->cli->out);
        return status == 0 ? CLI_OK : CLI_FAILED;
    }
    if (k->rows > 0)
        cli_table_print(&k->table, 0);
    else if (k->is_gaps)
        (void)fprintf(k->cli->out, "somebody is on duty at every office all the time\n");
    else
        (void)fprintf(k->cli->out, "nobody is on duty in these days\n");
    return CLI_OK;
}

static int check_keys(const struct look *k)
{
    if (*k->office != '\0' && co_registry_office(k->registry, k->office) == NULL)
        return cli_fail(k->cli, CLI_NOT_FOUND, "there is no office '%s'", k->office);
    if (*k->engineer != '\0' && co_registry_engineer(k->registry, k->engineer) == NULL)
        return cli_fail(k->cli, CLI_NOT_FOUND, "there is no engineer '%s'", k->engineer);
    return CLI_OK;
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct look *k = arg;
    k->registry = registry;
    int code = check_keys(k);
    if (code != CLI_OK)
        return code;
    if (co_rosters_new(registry, &k->rosters) != CO_OK)
        return cli_fail(k->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    cli_table_init(&k->table, k->cli,
                   k->is_gaps ? "office|nobody from|until|for"
                              : "engineer|office|>level|on duty from|until|for");
    k->json = json_array();
    if (k->is_gaps)
        code = find_all_gaps(k);
    for (uint32_t i = 0; !k->is_gaps && i < co_registry_count(registry, CO_KIND_ENGINEER); i++)
        if (is_asked_for(k, engineer_at(k, i), k->office))
            show_engineer(k, engineer_at(k, i));
    code = code == CLI_OK ? print(k) : code;
    json_decref(k->json);
    co_rosters_free(k->rosters);
    return code == CLI_OK && k->is_gaps && k->rows > 0 ? CLI_FAILED : code;
}

int cmd_roster(struct cli *cli)
{
    const char *verb = cli->args->word[0];
    struct look k = { .cli = cli, .level = 1, .is_gaps = strcmp(verb, "gaps") == 0 };
    if (!k.is_gaps && strcmp(verb, "show") != 0)
        return cli_usage(cli, "roster %s: allowed are show and gaps", verb);
    if (k.is_gaps && cli_has(cli, "engineer"))
        return cli_usage(cli, "callout roster gaps takes no --engineer");
    k.office = cli_value_or(cli, "office", "");
    k.engineer = cli_value_or(cli, "engineer", "");
    if (!cli_read_count(cli, "level", LEVEL_MAX, &k.level))
        return CLI_USAGE;
    int code =
        cli_read_days(cli, k.is_gaps ? GAPS_DAYS : SHOW_DAYS, DAYS_MAX, &k.from_us, &k.until_us);
    return code == CLI_OK ? cli_registry_look(cli, 1, look, &k) : code;
}
