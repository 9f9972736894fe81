#include "simulate_drafts.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_io_sql.h"
#include "co_registry_check.h"
#include "co_row.h"
#include "co_yaml.h"

enum { OBJECTS_MAX = 1000000 };

struct simulate_drafts {
    struct co_yaml *yaml;
    struct co_registry *registry;
    const struct co_object **object;
    struct history_drafts drafts;
};

void simulate_drafts_free(struct simulate_drafts *d)
{
    if (d == NULL)
        return;
    co_yaml_free(d->yaml);
    co_registry_free(d->registry);
    free(d->object);
    free(d);
}

const struct history_drafts *simulate_drafts_get(const struct simulate_drafts *d)
{
    return &d->drafts;
}

/* -- the registry in force */

static int read_registry(struct history *h, struct co_registry *registry)
{
    const char *values[] = { "0" };
    struct co_why why = { "" };
    PGresult *res = NULL;
    enum co_err err =
        co_history_query(h->stored, &co_io_sql[co_io_sql_read_registry], 1, values, &res, &why);
    if (err != CO_OK)
        return cli_fail(h->cli, cli_exit_of(err), "%s", why.text);
    for (int i = 0; err == CO_OK && i < PQntuples(res); i++) {
        struct co_bytes body = co_row_bytes(res, i, 5);
        if (!co_row_is_null(res, i, 1) && co_row_is_null(res, i, 4))
            err = co_registry_put(registry, body.data, body.len, (uint64_t)co_row_int8(res, i, 3));
    }
    PQclear(res);
    return err == CO_OK ? CLI_OK
                        : cli_fail(h->cli, CLI_FAILED, "the registry in force cannot be read: %s",
                                   co_err_name(err));
}

/* -- the files */

static bool load_files(struct cli *cli, struct co_yaml *yaml, const char *option)
{
    size_t n = 0;
    char **paths = cli_values(cli, option, &n);
    bool is_there = true;
    for (size_t i = 0; i < n; i++)
        is_there = co_yaml_load(yaml, paths[i]) != CO_EDOWN && is_there;
    return is_there;
}

static int read_files(struct cli *cli, struct co_yaml *yaml, const Callout__V1__Registry **ret)
{
    bool is_there = load_files(cli, yaml, "policy");
    is_there = load_files(cli, yaml, "calendar") && is_there;
    enum co_err err = co_yaml_finish(yaml, ret);
    if (err == CO_OK)
        return CLI_OK;
    cli_yaml_problems(cli, yaml);
    return cli_fail(cli,
                    !is_there          ? CLI_NOT_FOUND
                    : err == CO_EINPUT ? CLI_REFUSED
                                       : CLI_FAILED,
                    "nothing was computed: %zu problems in the files", co_yaml_problem_count(yaml));
}

static int put(struct cli *cli, struct simulate_drafts *d, const Callout__V1__Registry *files)
{
    for (size_t i = 0; i < files->n_objects; i++) {
        enum co_kind kind = (enum co_kind)files->objects[i]->object_case;
        const char *key = co_object_key_of(files->objects[i]);
        if (kind != CO_KIND_POLICY && kind != CO_KIND_CALENDAR)
            return cli_usage(cli, "%s %s: drafts are policy packs and calendars",
                             co_kind_name(kind), key);
        enum co_err err = co_registry_put_message(d->registry, files->objects[i],
                                                  co_registry_version(d->registry) + 1);
        if (err != CO_OK)
            return cli_fail(cli, cli_exit_of(err), "%s %s cannot be used: %s", co_kind_name(kind),
                            key, co_err_name(err));
        d->object[d->drafts.count++] = co_registry_get(d->registry, kind, key);
    }
    return d->drafts.count > 0 ? CLI_OK
                               : cli_usage(cli, "no policy pack and no calendar is in the files");
}

/* -- the check */

static bool is_same(const struct co_problem *a, const struct co_problem *b)
{
    return a->kind == b->kind && strcmp(a->key, b->key) == 0 && strcmp(a->path, b->path) == 0 &&
           strcmp(a->message, b->message) == 0;
}

static bool was_there(const struct co_problems *before, const struct co_problem *p)
{
    for (size_t i = 0; i < co_problems_count(before); i++)
        if (is_same(co_problems_at(before, i), p))
            return true;
    return false;
}

static void tell(struct cli *cli, const struct co_yaml *yaml, const struct co_problem *p)
{
    const char *file = "", *allowed = p->allowed[0] == '\0' ? "" : "; allowed: ";
    unsigned line = 0;
    if (co_yaml_where(yaml, p->kind, p->key, &file, &line))
        cli_note(cli, "%s:%u: %s: %s%s%s", file, line, p->path, p->message, allowed, p->allowed);
    else
        cli_note(cli, "%s %s, which is in force: %s: %s%s%s", co_kind_name(p->kind), p->key,
                 p->path, p->message, allowed, p->allowed);
}

/* What was wrong before the drafts came is not their fault. */
static int check(struct cli *cli, const struct simulate_drafts *d, const struct co_problems *before)
{
    struct co_problems *problems = co_registry_check(d->registry);
    size_t told = 0;
    if (problems == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    for (size_t i = 0; i < co_problems_count(problems); i++) {
        const struct co_problem *p = co_problems_at(problems, i);
        if (was_there(before, p))
            continue;
        tell(cli, d->yaml, p);
        told++;
    }
    co_problems_free(problems);
    return told == 0 ? CLI_OK
                     : cli_fail(cli, CLI_REFUSED,
                                "nothing was computed: %zu problems in the drafts", told);
}

static int fill(struct history *h, struct simulate_drafts *d)
{
    const Callout__V1__Registry *files = NULL;
    int code = read_files(h->cli, d->yaml, &files);
    if (code == CLI_OK)
        code = read_registry(h, d->registry);
    if (code != CLI_OK)
        return code;
    co_assert(files != NULL);
    struct co_problems *before = co_registry_check(d->registry);
    d->object = calloc(files->n_objects + 1, sizeof(d->object[0]));
    if (before == NULL || d->object == NULL)
        code = cli_fail(h->cli, CLI_FAILED, "out of memory");
    else
        code = put(h->cli, d, files);
    if (code == CLI_OK)
        code = check(h->cli, d, before);
    co_problems_free(before);
    d->drafts.registry = d->registry;
    d->drafts.object = d->object;
    return code;
}

int simulate_drafts_load(struct history *h, struct simulate_drafts **ret)
{
    struct simulate_drafts *d = calloc(1, sizeof(*d));
    if (d == NULL || (d->yaml = co_yaml_new(NULL)) == NULL ||
        (d->registry = co_registry_new(OBJECTS_MAX)) == NULL) {
        simulate_drafts_free(d);
        return cli_fail(h->cli, CLI_FAILED, "out of memory");
    }
    *ret = d;
    return fill(h, d);
}
