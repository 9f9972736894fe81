/* callout people: what engineers do now. */
#include <jansson.h>
#include <string.h>

#include "cli_claims.h"
#include "cli_registry.h"
#include "cli_table.h"
#include "co_rosters.h"

const struct cli_option cmd_people_options[] = {
    { "office", 0, "KEY", "only the people of this office [all]" },
    { NULL, 0, NULL, NULL },
};

struct people {
    struct cli *cli;
    int64_t now_us;
    const char *office;
    struct cli_claims claims;
    struct co_rosters *rosters;
    struct cli_table table;
    json_t *json;
};

static void add_row(struct people *p, const Callout__V1__Engineer *e, const char *what,
                    const char *number, int64_t since_us)
{
    if (p->cli->is_json)
        (void)json_array_append_new(p->json, json_pack("{s:s, s:s, s:i, s:s, s:s, s:I}", "engineer",
                                                       e->key, "office", e->office, "level",
                                                       (int)e->skill, "state", what, "number",
                                                       number, "since_us", (json_int_t)since_us));
    else
        CLI_TABLE_ADD(&p->table, e->key, e->office, cli_format(p->cli, "%u", e->skill), what,
                      number, cli_when(p->cli, since_us));
}

static const char *idle(const struct people *p, const Callout__V1__Engineer *e)
{
    int64_t from_us = co_rosters_from(p->rosters, e->key, p->now_us);
    if (from_us <= p->now_us)
        return "free";
    return from_us == CO_ROSTER_NEVER
               ? "off duty"
               : cli_format(p->cli, "off duty until %s", cli_when(p->cli, from_us));
}

static void add(struct people *p, const Callout__V1__Engineer *e)
{
    Callout__V1__ClaimRow *const *held;
    size_t count = cli_claims_of(&p->claims, e->key, &held);
    if (count == 0)
        add_row(p, e, idle(p, e), "", 0);
    for (size_t i = 0; i < count; i++)
        add_row(p, e, held[i]->state, held[i]->number, held[i]->since_us);
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct people *p = arg;
    uint32_t count = co_registry_count(registry, CO_KIND_ENGINEER);
    if (*p->office != '\0' && co_registry_office(registry, p->office) == NULL)
        return cli_fail(p->cli, CLI_NOT_FOUND, "there is no office '%s'", p->office);
    if (co_rosters_new(registry, &p->rosters) != CO_OK)
        return cli_fail(p->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    for (uint32_t i = 0; i < count; i++) {
        const Callout__V1__Engineer *e =
            co_registry_at(registry, CO_KIND_ENGINEER, i)->message->engineer;
        if (*p->office == '\0' || strcmp(p->office, e->office) == 0)
            add(p, e);
    }
    int status = 0;
    if (p->cli->is_json) {
        status = json_dumpf(p->json, p->cli->out, JSON_INDENT(2));
        (void)fputc('\n', p->cli->out);
    } else if (count > 0) {
        cli_table_print(&p->table, 0);
    } else {
        (void)fprintf(p->cli->out,
                      "there are no engineers; apply some with: callout apply -f DIR\n");
    }
    co_rosters_free(p->rosters);
    return status == 0 ? CLI_OK : CLI_FAILED;
}

int cmd_people(struct cli *cli)
{
    struct people p = { .cli = cli, .office = cli_value_or(cli, "office", "") };
    int code = cli_domain_now(cli, &p.now_us);
    if (code == CLI_OK)
        code = cli_claims_fetch(cli, &p.claims);
    if (code != CLI_OK)
        return code;
    p.json = json_array();
    cli_table_init(&p.table, cli, "engineer|office|>level|state|case|since");
    code = cli_registry_look(cli, 0, look, &p);
    json_decref(p.json);
    return code;
}
