/* callout advisory list | show KEY: which contracts advisories reached, and what became of it. */
#include <jansson.h>
#include <string.h>

#include "advisory_rows.h"
#include "cli_registry.h"
#include "cli_table.h"
#include "co_text.h"

enum { NAMES_MAX = 1000 };

static const Callout__V1__Advisory *advisory_at(const struct advisory_rows *rows, uint32_t i)
{
    return co_registry_at(rows->registry, CO_KIND_ADVISORY, i)->message->advisory;
}

static size_t count_state(const struct advisory_rows *rows, const char *state)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++)
        count += strcmp(rows->row[i].state, state) == 0;
    return count;
}

static size_t count_ahead(const struct advisory_rows *rows)
{
    return count_state(rows, "ahead") + count_state(rows, "due");
}

static const char *versions_of(struct cli *cli, const Callout__V1__Advisory *a)
{
    return a->n_versions == 0 ? "all" : cli_join(cli, a->versions, a->n_versions);
}

/* ---- list ---- */

static json_t *json_of(const struct advisory_rows *rows)
{
    const Callout__V1__Advisory *a = rows->advisory;
    json_t *versions = json_array();
    for (size_t i = 0; i < a->n_versions; i++)
        (void)json_array_append_new(versions, json_string(a->versions[i]));
    json_int_t reached = (json_int_t)count_state(rows, "opened");
    json_int_t ahead = (json_int_t)count_ahead(rows);
    return json_pack("{s:s, s:s, s:s, s:o, s:i, s:s, s:I, s:I, s:I}", "key", a->key, "title",
                     cli_title(rows->cli, a->title, a->key), "product", a->product, "versions",
                     versions, "severity", (int)a->severity, "policy", a->policy, "issued_us",
                     (json_int_t)a->issued_us, "reached", reached, "ahead", ahead);
}

static void add_line(struct advisory_rows *rows, struct cli_table *table)
{
    struct cli *cli = rows->cli;
    const Callout__V1__Advisory *a = rows->advisory;
    CLI_TABLE_ADD(table, a->key, a->product, versions_of(cli, a),
                  cli_format(cli, "%u", a->severity), a->policy, cli_when(cli, a->issued_us),
                  cli_format(cli, "%zu", count_state(rows, "opened")),
                  cli_format(cli, "%zu", count_ahead(rows)), cli_title(cli, a->title, ""));
}

static int list(struct advisory_rows *rows)
{
    struct cli *cli = rows->cli;
    struct cli_table table;
    json_t *all = json_array();
    uint32_t count = co_registry_count(rows->registry, CO_KIND_ADVISORY);
    int code = CLI_OK;
    cli_table_init(&table, cli, "key|product|versions|level|policy|issued|>reached|>ahead|title");
    for (uint32_t i = 0; code == CLI_OK && i < count; i++) {
        rows->advisory = advisory_at(rows, i);
        code = advisory_rows_find(rows);
        if (code == CLI_OK && cli->is_json)
            (void)json_array_append_new(all, json_of(rows));
        else if (code == CLI_OK)
            add_line(rows, &table);
    }
    if (code == CLI_OK && cli->is_json)
        code = json_dumpf(all, cli->out, JSON_INDENT(2)) == 0 && fputc('\n', cli->out) != EOF
                   ? CLI_OK
                   : CLI_FAILED;
    else if (code == CLI_OK && count == 0)
        (void)fprintf(cli->out, "there are no advisories\n");
    else if (code == CLI_OK)
        cli_table_print(&table, 0);
    json_decref(all);
    return code;
}

/* ---- show ---- */

static int fail_key(struct advisory_rows *rows, const char *key)
{
    const char *names[NAMES_MAX];
    uint32_t count = co_registry_count(rows->registry, CO_KIND_ADVISORY);
    size_t n = 0;
    for (; n < count && n < NAMES_MAX; n++)
        names[n] = advisory_at(rows, (uint32_t)n)->key;
    const char *nearest = co_text_nearest(key, names, n);
    return cli_fail(rows->cli, CLI_NOT_FOUND, "there is no advisory '%s'%s%s%s", key,
                    nearest == NULL ? "" : "; did you mean '", nearest == NULL ? "" : nearest,
                    nearest == NULL ? "" : "'?");
}

static void print_line(struct cli *cli, const char *what, const char *text)
{
    if (text[0] != '\0')
        (void)fprintf(cli->out, "  %s %s\n", what, text);
}

static void print_head(struct cli *cli, const Callout__V1__Advisory *a)
{
    (void)fprintf(cli->out, "%s  %s\n", a->key, cli_title(cli, a->title, ""));
    (void)fprintf(cli->out, "  product %s, versions %s; level %u of policy %s\n", a->product,
                  versions_of(cli, a), a->severity, a->policy);
    print_line(cli, "issued", cli_when(cli, a->issued_us));
    print_line(cli, "fix plan:", cli_title(cli, a->fix_plan, ""));
    print_line(cli, "workaround:", cli_title(cli, a->workaround, ""));
    print_line(cli, "references:", cli_join(cli, a->references, a->n_references));
    (void)fputc('\n', cli->out);
}

static int show(struct advisory_rows *rows)
{
    const char *key = rows->cli->args->word[1];
    const struct co_object *o = co_registry_get(rows->registry, CO_KIND_ADVISORY, key);
    if (o == NULL)
        return fail_key(rows, key);
    rows->advisory = o->message->advisory;
    int code = advisory_rows_find(rows);
    if (code == CLI_OK)
        code = advisory_rows_follow(rows);
    if (code == CLI_OK && !rows->cli->is_json)
        print_head(rows->cli, rows->advisory);
    return code == CLI_OK ? advisory_rows_print(rows) : code;
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct advisory_rows *rows = arg;
    rows->registry = registry;
    int code = cli_domain_now(rows->cli, &rows->now_us);
    if (code != CLI_OK)
        return code;
    return rows->cli->args->words > 1 ? show(rows) : list(rows);
}

int cmd_advisory(struct cli *cli)
{
    struct advisory_rows rows = { .cli = cli };
    const char *verb = cli->args->words > 0 ? cli->args->word[0] : "list";
    bool is_show = strcmp(verb, "show") == 0;
    if (!is_show && strcmp(verb, "list") != 0)
        return cli_usage(cli, "advisory %s: allowed are list and show KEY", verb);
    if (is_show != (cli->args->words > 1))
        return cli_usage(cli, is_show ? "advisory show: the KEY of an advisory is needed"
                                      : "advisory list takes no further words");
    return cli_registry_look_at(cli, NULL, 0, look, &rows);
}
