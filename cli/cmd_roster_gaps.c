/* callout roster gaps: times at which nobody is on duty of an office, of those whom a policy pack
 * sends, or of those who hold a role. */
#include <jansson.h>
#include <string.h>

#include "cli_table.h"
#include "cmd_roster.h"
#include "co_time.h"
#include "co_holders.h"
#include "co_json.h"
#include "dispatch_choice.h"
#include "roster_look.h"
#include "roster_roles.h"

enum { GAPS_DAYS = 30, NEEDS_MAX = 256 };

/* Whom a search is about. */
struct need {
    const char *text;                      /* "anybody", "level 3, lecturer" */
    const char *of;                        /* the pack; "" */
    const Callout__V1__DispatchRule *rule; /* NULL: only what the options ask for */
    uint32_t severity;
};

struct gaps {
    struct roster_look look;
    struct need need[NEEDS_MAX];
    size_t needs;
    struct cli_table table;
    json_t *json;
    size_t rows;
};

static bool is_able(const struct gaps *g, const struct need *need, const Callout__V1__Engineer *e,
                    int64_t at_us)
{
    uint32_t level = 0;
    return roster_look_wants(&g->look, e, at_us) &&
           (need->rule == NULL || (dispatch_level_of(e, g->look.product, at_us, &level) &&
                                   level >= dispatch_min_skill(need->rule, need->severity) &&
                                   dispatch_is_qualified(need->rule, need->severity, e, at_us)));
}

/* ---- needs */

static const char *need_text(struct cli *cli, const Callout__V1__DispatchRule *rule,
                             uint32_t severity)
{
    uint32_t level = dispatch_min_skill(rule, severity);
    const char *text = level <= 1 ? "anybody" : cli_format(cli, "level %u", level);
    for (size_t i = 0; i < rule->n_skills; i++) {
        const Callout__V1__SkillNeed *s = rule->skills[i];
        bool holds = s->n_severities == 0;
        for (size_t k = 0; k < s->n_severities; k++)
            holds = holds || s->severities[k] == severity;
        if (holds)
            text = cli_format(cli, "%s, %s%s", text, s->skill,
                              s->level == 0 ? "" : cli_format(cli, " %u", s->level));
    }
    return text;
}

/* What the options ask for. */
static const char *wanted_text(const struct roster_look *k)
{
    const char *text = k->level > 1 ? cli_format(k->cli, "level %u", k->level) : "anybody";
    if (*k->skill != '\0')
        text = cli_format(k->cli, "%s, %s", text, k->skill);
    return *k->product == '\0' ? text : cli_format(k->cli, "%s, for %s", text, k->product);
}

/* The same need of several severities or packs is one. */
static void add_need(struct gaps *g, const struct need *need)
{
    for (size_t i = 0; i < g->needs; i++)
        if (strcmp(g->need[i].text, need->text) == 0)
            return;
    if (g->needs < NEEDS_MAX)
        g->need[g->needs++] = *need;
}

static void add_pack(struct gaps *g, const Callout__V1__PolicyPack *pack)
{
    for (size_t i = 0; pack->dispatch != NULL && i < pack->n_severities; i++) {
        uint32_t severity = pack->severities[i]->level;
        add_need(g, &(struct need){ need_text(g->look.cli, pack->dispatch, severity), pack->name,
                                    pack->dispatch, severity });
    }
}

/* ---- gaps */

/* A row of the table; `json` is what it says of whom. */
static void add_gap(struct gaps *g, const char *of, const char *who, json_t *json,
                    struct co_roster_gap gap)
{
    struct cli *cli = g->look.cli;
    bool lasts = gap.until_us >= g->look.until_us;
    g->rows++;
    if (cli->is_json) {
        (void)json_object_set_new(json, "from_us", json_integer(gap.from_us));
        (void)json_object_set_new(json, "until_us", json_integer(gap.until_us));
        (void)json_array_append(g->json, json);
    } else {
        CLI_TABLE_ADD(&g->table, of, who, cli_when(cli, gap.from_us),
                      lasts ? "" : cli_when(cli, gap.until_us),
                      lasts ? "to the end of what was asked"
                            : cli_length_between(cli, gap.from_us, gap.until_us));
    }
    json_decref(json);
}

static void add_row(struct gaps *g, const char *office, const struct need *need,
                    struct co_roster_gap gap)
{
    const char *who =
        *need->of == '\0' ? need->text : cli_format(g->look.cli, "%s (%s)", need->text, need->of);
    json_t *json =
        json_pack("{s:s, s:s, s:s}", "office", office, "who", need->text, "policy", need->of);
    add_gap(g, office, who, json, gap);
}

/* When the next qualification of anybody ends, after `us`. */
static int64_t next_change(const struct gaps *g, int64_t us)
{
    int64_t next_us = g->look.until_us;
    for (uint32_t i = 0; i < co_registry_count(g->look.registry, CO_KIND_ENGINEER); i++) {
        const Callout__V1__Engineer *e = roster_look_at(&g->look, i);
        for (size_t s = 0; s < e->n_skills; s++)
            if (e->skills[s]->until_us > us && e->skills[s]->until_us < next_us)
                next_us = e->skills[s]->until_us;
    }
    return next_us;
}

/* The keys of those of an office ("": all) who are able at `at_us`. */
static size_t people_of(const struct gaps *g, const char *office, const struct need *need,
                        int64_t at_us, const char **who)
{
    size_t n = 0;
    for (uint32_t i = 0; i < co_registry_count(g->look.registry, CO_KIND_ENGINEER); i++) {
        const Callout__V1__Engineer *e = roster_look_at(&g->look, i);
        if ((*office == '\0' || strcmp(office, e->office) == 0) && is_able(g, need, e, at_us))
            who[n++] = e->key;
    }
    return n;
}

/* Gaps that touch are one. */
static int find_gaps(struct gaps *g, const char *office, const struct need *need)
{
    uint32_t all = co_registry_count(g->look.registry, CO_KIND_ENGINEER);
    const char **who = co_arena_alloc(g->look.cli->arena, (all + 1) * sizeof(who[0]));
    struct co_roster_gap open = { 0, 0 }, gap;
    const char *where = *office == '\0' ? "all" : office;
    if (who == NULL)
        return cli_fail(g->look.cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    for (int64_t at_us = g->look.from_us; at_us < g->look.until_us;) {
        int64_t end_us = next_change(g, at_us);
        size_t count = people_of(g, office, need, at_us, who);
        while (co_rosters_gap(g->look.rosters, who, count, at_us, end_us, &gap)) {
            if (open.until_us != 0 && open.until_us != gap.from_us)
                add_row(g, where, need, open);
            open.from_us = open.until_us == gap.from_us ? open.from_us : gap.from_us;
            at_us = open.until_us = gap.until_us;
        }
        at_us = end_us;
    }
    if (open.until_us != 0)
        add_row(g, where, need, open);
    return CLI_OK;
}

static int find_in_offices(struct gaps *g, const struct need *need)
{
    int code = CLI_OK;
    uint32_t offices = co_registry_count(g->look.registry, CO_KIND_OFFICE);
    for (uint32_t i = 0; *g->look.office == '\0' && i < offices && code == CLI_OK; i++)
        code = find_gaps(g, co_registry_at(g->look.registry, CO_KIND_OFFICE, i)->key, need);
    return code;
}

/* Everybody, office by office and together; whom packs send, together. With --policy that pack,
 * office by office too. */
static int find_needs(struct gaps *g, const char *policy)
{
    const struct co_registry *r = g->look.registry;
    const Callout__V1__PolicyPack *pack = policy == NULL ? NULL : co_registry_policy(r, policy);
    if (policy != NULL && pack == NULL)
        return cli_fail(g->look.cli, CLI_NOT_FOUND, "there is no policy pack '%s'", policy);
    if (pack != NULL)
        add_pack(g, pack);
    else
        add_need(g, &(struct need){ .text = wanted_text(&g->look), .of = "" });
    for (uint32_t i = 0; pack == NULL && i < co_registry_count(r, CO_KIND_POLICY); i++)
        add_pack(g, co_registry_at(r, CO_KIND_POLICY, i)->message->policy);
    return CLI_OK;
}

static int find_all(struct gaps *g)
{
    struct cli *cli = g->look.cli;
    const char *policy = cli_value(cli, "policy");
    struct cli_progress progress = { .start_ms = 0 };
    int code = find_needs(g, policy);
    for (size_t i = 0; i < g->needs && code == CLI_OK; i++) {
        cli_progress_bar(cli, &progress, i, g->needs, "%s", g->need[i].text);
        if (i == 0 || policy != NULL)
            code = find_in_offices(g, &g->need[i]);
        if (code == CLI_OK)
            code = find_gaps(g, g->look.office, &g->need[i]);
    }
    cli_progress_end(cli, &progress);
    return code;
}

/* ---- roles */

static void add_role_gap(struct gaps *g, const struct roster_role *x, struct co_roster_gap gap)
{
    struct cli *cli = g->look.cli;
    const char *role = cli_role(cli, x->role), *names = "";
    json_t *holders = json_array();
    for (size_t i = 0; i < x->count; i++) {
        names = cli_format(cli, "%s%s%s", names, i == 0 ? "" : ", ", x->holders[i]->key);
        (void)json_array_append_new(holders, json_string(x->holders[i]->key));
    }
    json_t *json =
        json_pack("{s:s, s:s, s:o}", "role", role, "contract", x->of, "holders", holders);
    add_gap(g, *x->of == '\0' ? "desks" : x->of, cli_format(cli, "%s (%s)", role, names), json,
            gap);
}

static void find_role_gaps(void *arg, const struct roster_role *x)
{
    struct gaps *g = arg;
    struct co_roster_gap gap = { 0, g->look.from_us };
    struct co_holding held = { g->look.registry, g->look.rosters, x->holders, x->count };
    const char *wanted = cli_value(g->look.cli, "role");
    if (wanted != NULL && strcmp(wanted, cli_role(g->look.cli, x->role)) != 0)
        return;
    while (co_holders_gap(&held, gap.until_us, g->look.until_us, &gap))
        add_role_gap(g, x, gap);
}

static int find_in_roles(struct gaps *g)
{
    return roster_roles_each(g->look.cli, g->look.registry, g->look.from_us, g->look.until_us,
                             find_role_gaps, g);
}

/* Roles are looked at where nothing narrows the search to engineers, engineers where no role is
 * named. */
static int find_everything(struct gaps *g)
{
    struct cli *cli = g->look.cli;
    bool is_of_engineers = roster_look_is_of_engineers(&g->look) || cli_has(cli, "policy");
    bool is_of_role = cli_has(cli, "role");
    int role = 0;
    if (is_of_role &&
        co_json_enum_value(&callout__v1__role__descriptor, cli_value(cli, "role"), &role) != CO_OK)
        return cli_usage(cli,
                         "--role %s: allowed are customer, support, expert, director, pm, "
                         "vendor, desk and service_manager",
                         cli_value(cli, "role"));
    if (is_of_engineers && is_of_role)
        return cli_usage(cli, "--role goes without --office, --level, --product, --skill and "
                              "--policy: those are about engineers");
    int code = is_of_role ? CLI_OK : find_all(g);
    return code == CLI_OK && !is_of_engineers ? find_in_roles(g) : code;
}

static int print(struct gaps *g)
{
    struct cli *cli = g->look.cli;
    if (cli->is_json) {
        int status = json_dumpf(g->json, cli->out, JSON_INDENT(2));
        (void)fputc('\n', cli->out);
        return status == 0 ? CLI_OK : CLI_FAILED;
    }
    if (g->rows > 0)
        cli_table_print(&g->table, 0);
    else
        (void)fprintf(cli->out, "none: there is always somebody on duty, from %s to %s\n",
                      cli_when(cli, g->look.from_us), cli_when(cli, g->look.until_us));
    return CLI_OK;
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct gaps *g = arg;
    int code = roster_look_begin(&g->look, registry);
    if (code != CLI_OK)
        return code;
    cli_table_init(&g->table, g->look.cli, "of|who|nobody from|until|for");
    g->json = json_array();
    code = find_everything(g);
    code = code == CLI_OK ? print(g) : code;
    json_decref(g->json);
    co_rosters_free(g->look.rosters);
    return code == CLI_OK && g->rows > 0 ? CLI_FAILED : code;
}

int cmd_roster_gaps(struct cli *cli)
{
    struct gaps g = { .needs = 0 };
    int code = roster_look_read(cli, GAPS_DAYS, &g.look);
    return code == CLI_OK ? cli_registry_look(cli, 1, look, &g) : code;
}
