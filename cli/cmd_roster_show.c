/* callout roster show: who is on duty when, and who is away. */
#include <jansson.h>
#include <string.h>

#include "cli_table.h"
#include "cmd_roster.h"
#include "co_time.h"
#include "roster_look.h"
#include "roster_roles.h"

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

/* Somebody as a row shows him. */
struct subject {
    const char *key;
    const Callout__V1__Engineer *engineer; /* NULL: he is none */
    const char *abilities;                 /* qualifications, else roles */
};

static json_t *json_of(const struct subject *p)
{
    const Callout__V1__Engineer *e = p->engineer;
    return e == NULL ? json_pack("{s:s, s:s}", "person", p->key, "roles", p->abilities)
                     : json_pack("{s:s, s:s, s:i, s:s}", "engineer", e->key, "office", e->office,
                                 "level", (int)e->skill, "skills", p->abilities);
}

/* `away` NULL: on duty. `r` NULL: always. */
static void add_row(struct show *x, const struct subject *p, const struct co_roster *r,
                    struct co_roster_gap span, const char *away)
{
    struct cli *cli = x->look.cli;
    const char *length = cli_length_between(cli, span.from_us, span.until_us);
    x->rows++;
    if (cli->is_json) {
        json_t *row = json_of(p);
        (void)json_object_set_new(row, "state", json_string(away == NULL ? "on_duty" : "away"));
        (void)json_object_set_new(row, "from_us", json_integer(span.from_us));
        (void)json_object_set_new(row, "until_us", json_integer(span.until_us));
        if (away != NULL)
            (void)json_object_set_new(row, "why", json_string(away));
        (void)json_array_append_new(x->json, row);
        return;
    }
    int32_t offset_s = r == NULL ? 0 : co_calendar_offset_s(r->calendar, span.from_us);
    int32_t end_offset_s = r == NULL ? 0 : co_calendar_offset_s(r->calendar, span.until_us);
    const char *what =
        away == NULL ? length : cli_format(cli, "away%s%s", *away != '\0' ? ": " : "", away);
    CLI_TABLE_ADD(&x->table, p->key, p->engineer == NULL ? "" : p->engineer->office,
                  p->engineer == NULL ? "" : cli_format(cli, "%u", p->engineer->skill),
                  p->abilities, r != NULL ? cli_when_at(cli, span.from_us, offset_s) : "always",
                  r != NULL ? cli_when_at(cli, span.until_us, end_offset_s) : "",
                  r != NULL ? what : "");
}

/* Of an engineer: with what he is qualified for at that time. */
static struct subject subject_at(struct show *x, const struct subject *p, int64_t us)
{
    struct subject at = *p;
    if (p->engineer != NULL)
        at.abilities = skills_of(x->look.cli, p->engineer, us);
    return at;
}

static void show_person(struct show *x, const struct subject *p)
{
    const struct roster_look *k = &x->look;
    struct co_roster r;
    struct subject at = subject_at(x, p, k->from_us);
    if (!co_rosters_of(k->rosters, p->key, &r)) {
        add_row(x, &at, NULL, (struct co_roster_gap){ k->from_us, k->until_us }, NULL);
        return;
    }
    for (int64_t at_us = co_roster_from(&r, k->from_us); at_us < k->until_us;) {
        int64_t end_us = co_roster_until(&r, at_us);
        int64_t shown_us = end_us < k->until_us ? end_us : k->until_us;
        at = subject_at(x, p, at_us);
        add_row(x, &at, &r, (struct co_roster_gap){ at_us, shown_us }, NULL);
        at_us = co_roster_from(&r, end_us);
    }
    for (size_t i = 0; i < r.roster->n_absences; i++) {
        const Callout__V1__RosterSpan *s = r.roster->absences[i];
        at = subject_at(x, p, s->from_us);
        if (s->until_us > k->from_us && s->from_us < k->until_us)
            add_row(x, &at, &r, (struct co_roster_gap){ s->from_us, s->until_us }, s->why);
    }
}

/* Who is no engineer and has a roster, or was asked for. */
static void show_others(struct show *x)
{
    const struct co_registry *r = x->look.registry;
    const char *only = x->look.person;
    for (uint32_t i = 0; i < co_registry_count(r, CO_KIND_PERSON); i++) {
        const char *key = co_registry_at(r, CO_KIND_PERSON, i)->key;
        struct co_roster roster;
        bool is_meant =
            *only == '\0' ? co_rosters_of(x->look.rosters, key, &roster) : strcmp(only, key) == 0;
        if (!is_meant || co_registry_engineer(r, key) != NULL)
            continue;
        struct subject p = { key, NULL, roster_roles_of(x->look.cli, r, key) };
        show_person(x, &p);
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
                   "person|office|>level|qualifications, roles|on duty from|until|for");
    x->json = json_array();
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_ENGINEER); i++) {
        const Callout__V1__Engineer *e = roster_look_at(&x->look, i);
        struct subject p = { e->key, e, "" };
        if (roster_look_wants(&x->look, e, x->look.from_us))
            show_person(x, &p);
    }
    if (!roster_look_is_of_engineers(&x->look))
        show_others(x);
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
