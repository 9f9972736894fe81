/* callout roster show: who is on duty when, and who is away. */
#include <jansson.h>
#include <string.h>

#include "cli_table.h"
#include "cmd_roster.h"
#include "co_time.h"
#include "roster_look.h"

enum { SHOW_DAYS = 7 };

struct show {
    struct roster_look look;
    struct cli_table table;
    json_t *json;
    size_t rows;
};

static const char *skills_of(struct cli *cli, const Callout__V1__Engineer *e, int64_t at_us)
{
    const char *all = "";
    for (size_t i = 0; i < e->n_skills; i++) {
        const Callout__V1__Skill *s = e->skills[i];
        if (s->until_us != 0 && s->until_us <= at_us)
            continue;
        all = cli_format(cli, "%s%s%s", all, *all == '\0' ? "" : ", ", s->key);
        all = s->level > 0 ? cli_format(cli, "%s %u", all, s->level) : all;
    }
    return all;
}

/* `away` NULL: on duty. `r` NULL: always. */
static void add_row(struct show *x, const Callout__V1__Engineer *e, const struct co_roster *r,
                    int64_t from_us, int64_t until_us, const char *away)
{
    struct cli *cli = x->look.cli;
    const char *skills = skills_of(cli, e, from_us);
    const char *length = cli_length_between(cli, from_us, until_us);
    x->rows++;
    if (cli->is_json) {
        json_t *row = json_pack("{s:s, s:s, s:i, s:s, s:s, s:I, s:I}", "engineer", e->key, "office",
                                e->office, "level", (int)e->skill, "skills", skills, "state",
                                away == NULL ? "on_duty" : "away", "from_us", (json_int_t)from_us,
                                "until_us", (json_int_t)until_us);
        if (away != NULL)
            (void)json_object_set_new(row, "why", json_string(away));
        (void)json_array_append_new(x->json, row);
        return;
    }
    int32_t offset_s = r == NULL ? 0 : co_calendar_offset_s(r->calendar, from_us);
    int32_t end_offset_s = r == NULL ? 0 : co_calendar_offset_s(r->calendar, until_us);
    const char *what =
        away == NULL ? length : cli_format(cli, "away%s%s", *away != '\0' ? ": " : "", away);
    CLI_TABLE_ADD(&x->table, e->key, e->office, cli_format(cli, "%u", e->skill), skills,
                  r != NULL ? cli_when_at(cli, from_us, offset_s) : "always",
                  r != NULL ? cli_when_at(cli, until_us, end_offset_s) : "", r != NULL ? what : "");
}

static void show_engineer(struct show *x, const Callout__V1__Engineer *e)
{
    const struct roster_look *k = &x->look;
    struct co_roster r;
    if (!co_rosters_of(k->rosters, e->key, &r)) {
        add_row(x, e, NULL, k->from_us, k->until_us, NULL);
        return;
    }
    for (int64_t at_us = co_roster_from(&r, k->from_us); at_us < k->until_us;) {
        int64_t end_us = co_roster_until(&r, at_us);
        add_row(x, e, &r, at_us, end_us < k->until_us ? end_us : k->until_us, NULL);
        at_us = co_roster_from(&r, end_us);
    }
    for (size_t i = 0; i < r.roster->n_absences; i++) {
        const Callout__V1__RosterSpan *s = r.roster->absences[i];
        if (s->until_us > k->from_us && s->from_us < k->until_us)
            add_row(x, e, &r, s->from_us, s->until_us, s->why);
    }
}

static int print(struct show *x)
{
    struct cli *cli = x->look.cli;
    if (cli->is_json) {
        int status = json_dumpf(x->json, cli->out, JSON_INDENT(2));
        (void)fputc('\n', cli->out);
        return status == 0 ? CLI_OK : CLI_FAILED;
    }
    if (x->rows > 0)
        cli_table_print(&x->table, 0);
    else
        (void)fprintf(cli->out, "nobody is on duty in these days\n");
    return CLI_OK;
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct show *x = arg;
    int code = roster_look_begin(&x->look, registry);
    if (code != CLI_OK)
        return code;
    cli_table_init(&x->table, x->look.cli,
                   "engineer|office|>level|qualifications|on duty from|until|for");
    x->json = json_array();
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_ENGINEER); i++)
        if (roster_look_wants(&x->look, roster_look_at(&x->look, i), x->look.from_us))
            show_engineer(x, roster_look_at(&x->look, i));
    code = print(x);
    json_decref(x->json);
    co_rosters_free(x->look.rosters);
    return code;
}

int cmd_roster_show(struct cli *cli)
{
    struct show x = { .rows = 0 };
    int code = roster_look_read(cli, SHOW_DAYS, &x.look);
    return code == CLI_OK ? cli_registry_look(cli, 1, look, &x) : code;
}
