/* callout policy check: what will go wrong under policy packs, before it does. */
#include <string.h>

#include "callout/v1/policy_check.pb-c.h"
#include "cli_registry.h"
#include "co_duty.h"
#include "co_policycheck.h"
#include "co_registry_check.h"
#include "co_time.h"

const struct cli_option cmd_policy_options[] = {
    { "from", 0, "DATE", "the first day that is looked at [today]" },
    { "days", 0, "N", "how many days [400]" },
    { "policy", 0, "NAME", "only this pack, and the contracts under it [all]" },
    { "keys", 0, "DIR", "where public_key_file of clients is looked for [where our own key is]" },
    { NULL, 0, NULL, NULL },
};

enum { DAYS_DEFAULT = 400, DAYS_MAX = 3660 };

struct look {
    struct cli *cli;
    struct co_yaml *yaml; /* NULL: the registry in force */
    const struct co_registry *registry;
    int64_t from_us;
    int64_t until_us;
};

/* Where that was loaded from: "file:line: ", "" for the registry in force. */
static void find_place(const struct look *k, enum co_kind kind, const char *key, const char *path,
                       const char **ret_file, unsigned *ret_line)
{
    *ret_file = "";
    *ret_line = 0;
    if (k->yaml == NULL)
        return;
    bool is_found = kind == CO_KIND_POLICY
                        ? co_yaml_where_in_policy(k->yaml, key, path, ret_file, ret_line)
                        : co_yaml_where(k->yaml, kind, key, ret_file, ret_line);
    if (!is_found)
        *ret_file = "";
}

static const char *place_text(const struct look *k, enum co_kind kind, const char *key,
                              const char *path)
{
    const char *file = "";
    unsigned line = 0;
    find_place(k, kind, key, path, &file, &line);
    return cli_format(k->cli, "%s%s%s %s%s%s", file,
                      file[0] == '\0' ? "" : cli_format(k->cli, ":%u: ", line), co_kind_name(kind),
                      key, path[0] == '\0' ? "" : " ", path);
}

/* What cannot be applied is not looked at further. */
static int check_registry(const struct look *k)
{
    struct co_problems *problems = co_registry_check(k->registry);
    if (problems == NULL)
        return cli_fail(k->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    size_t wrong = 0, outside = 0;
    for (size_t i = 0; i < co_problems_count(problems); i++) {
        const struct co_problem *x = co_problems_at(problems, i);
        outside += x->is_reference ? 1 : 0;
        wrong += x->is_reference ? 0 : 1;
        if (!x->is_reference)
            cli_note(k->cli, "%s: %s%s%s", place_text(k, x->kind, x->key, x->path), x->message,
                     x->allowed[0] == '\0' ? "" : "; allowed: ", x->allowed);
    }
    co_problems_free(problems);
    if (wrong > 0)
        return cli_fail(k->cli, CLI_REFUSED, "this cannot be applied: %zu problems", wrong);
    if (outside > 0)
        cli_note(k->cli,
                 "%zu references lead to what was not given: whoever or whatever they name counts "
                 "as missing",
                 outside);
    return CLI_OK;
}

/* ---- findings */

static void fill_finding(const struct look *k, const struct co_finding *f,
                         Callout__V1__PolicyFinding *to)
{
    const char *file = "";
    callout__v1__policy_finding__init(to);
    find_place(k, f->kind, f->key, f->path, &file, &to->line);
    to->level = cli_text(k->cli, f->level == CO_FINDING_ERROR ? "error" : "warning");
    to->check = cli_text(k->cli, f->check);
    to->kind = cli_text(k->cli, co_kind_name(f->kind));
    to->key = cli_text(k->cli, f->key);
    to->path = cli_text(k->cli, f->path);
    to->message = cli_text(k->cli, f->message);
    to->example_us = f->example_us;
    to->file = cli_text(k->cli, file);
}

static int print_json(const struct look *k, const struct co_findings *found, uint32_t packs)
{
    size_t n = co_findings_count(found), errors = co_findings_errors(found);
    Callout__V1__PolicyCheck report = CALLOUT__V1__POLICY_CHECK__INIT;
    Callout__V1__PolicyFinding *items = co_arena_alloc(k->cli->arena, (n + 1) * sizeof(*items));
    report.findings = co_arena_alloc(k->cli->arena, (n + 1) * sizeof(report.findings[0]));
    if (items == NULL || report.findings == NULL)
        return cli_fail(k->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    for (size_t i = 0; i < n; i++) {
        fill_finding(k, co_findings_at(found, i), &items[i]);
        report.findings[i] = &items[i];
    }
    report.n_findings = n;
    report.from_us = k->from_us;
    report.until_us = k->until_us;
    report.packs = packs;
    report.errors = (uint32_t)errors;
    report.warnings = (uint32_t)(n - errors);
    return cli_print_json(k->cli, &report.base, false);
}

static void print_text(const struct look *k, const struct co_findings *found, uint32_t packs)
{
    struct cli *cli = k->cli;
    size_t n = co_findings_count(found), errors = co_findings_errors(found);
    for (size_t i = 0; i < n; i++) {
        const struct co_finding *f = co_findings_at(found, i);
        (void)fprintf(cli->out, "%s: %s [%s]\n  %s\n  for example %s\n",
                      place_text(k, f->kind, f->key, f->path),
                      f->level == CO_FINDING_ERROR ? "error" : "warning", f->check, f->message,
                      cli_when(cli, f->example_us));
    }
    (void)fprintf(cli->out, "%u packs from %s to %s: %zu errors, %zu warnings\n", packs,
                  cli_when(cli, k->from_us), cli_when(cli, k->until_us), errors, n - errors);
}

/* NULL: out of memory. */
static struct co_findings *check_packs(const struct look *k, const char *policy)
{
    struct co_rosters *rosters = NULL;
    if (co_rosters_new(k->registry, &rosters) != CO_OK)
        return NULL;
    struct co_duty duty = { .registry = k->registry, .rosters = rosters };
    struct co_coverage coverage = co_duty_coverage(&duty);
    struct co_findings *found = co_policycheck(&(struct co_policycheck_ask){
        .registry = k->registry,
        .from_us = k->from_us,
        .until_us = k->until_us,
        .policy = policy,
        .coverage = &coverage,
    });
    co_rosters_free(rosters);
    return found;
}

static int look(const struct look *k)
{
    struct cli *cli = k->cli;
    const char *policy = cli_value(cli, "policy");
    int code = check_registry(k);
    if (code != CLI_OK)
        return code;
    if (policy != NULL && co_registry_policy(k->registry, policy) == NULL)
        return cli_fail(cli, CLI_NOT_FOUND, "there is no policy pack %s", policy);
    uint32_t packs = policy != NULL ? 1 : co_registry_count(k->registry, CO_KIND_POLICY);
    if (packs == 0)
        return cli_fail(cli, CLI_NOT_FOUND, "there is no policy pack here");
    struct co_findings *found = check_packs(k, policy);
    if (found == NULL)
        return cli_fail(cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    if (cli->is_json)
        code = print_json(k, found, packs);
    else
        print_text(k, found, packs);
    if (code == CLI_OK && co_findings_errors(found) > 0)
        code = CLI_FAILED;
    co_findings_free(found);
    return code;
}

static int look_at(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    struct look *k = arg;
    k->registry = registry;
    k->yaml = yaml;
    return look(k);
}

int cmd_policy(struct cli *cli)
{
    struct look k = { .cli = cli };
    if (strcmp(cli->args->word[0], "check") != 0)
        return cli_usage(cli, "policy %s: allowed is check", cli->args->word[0]);
    int code = cli_read_days(cli, DAYS_DEFAULT, DAYS_MAX, &k.from_us, &k.until_us);
    return code == CLI_OK ? cli_registry_look(cli, 1, look_at, &k) : code;
}
