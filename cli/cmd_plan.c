/* callout plan list | show KEY: what Callout opens cases for by itself. */
#include <string.h>

#include "cli_registry.h"
#include "co_text.h"
#include "co_time.h"
#include "plan_rows.h"

enum { LIST_DAYS = 92, SHOW_DAYS = 366, BACK_DAYS = 92, NAMES_MAX = 1000 };

const struct cli_option cmd_plan_options[] = {
    { "until", 0, "TIME", "dates before this time [list: 92 days on, show: a year on]" },
    { NULL, 0, NULL, NULL },
};

static int read_until(struct plan_rows *rows, int64_t days, int64_t *ret_us)
{
    *ret_us = rows->now_us + days * CO_DAY_US;
    if (!cli_read_time(rows->cli, "until", ret_us))
        return CLI_USAGE;
    return *ret_us > rows->now_us
               ? CLI_OK
               : cli_usage(rows->cli, "--until: allowed is a time that is ahead");
}

static int list(struct plan_rows *rows)
{
    const struct co_registry *r = rows->registry;
    int64_t until_us = 0;
    int code = read_until(rows, LIST_DAYS, &until_us);
    for (uint32_t i = 0; code == CLI_OK && i < co_registry_count(r, CO_KIND_PLAN); i++)
        code = plan_rows_add(rows, co_registry_at(r, CO_KIND_PLAN, i)->message->plan, rows->now_us,
                             until_us);
    for (uint32_t i = 0; code == CLI_OK && i < co_registry_count(r, CO_KIND_CONTRACT); i++)
        plan_rows_add_renewal(rows, co_registry_at(r, CO_KIND_CONTRACT, i)->message->contract,
                              rows->now_us, until_us);
    if (code == CLI_OK)
        code = plan_rows_finish(rows);
    return code == CLI_OK ? plan_rows_print(rows, "nothing is planned until then") : code;
}

static int fail_key(struct plan_rows *rows, const char *key)
{
    const char *names[NAMES_MAX];
    uint32_t count = co_registry_count(rows->registry, CO_KIND_PLAN);
    size_t n = 0;
    for (; n < count && n < NAMES_MAX; n++)
        names[n] = co_registry_at(rows->registry, CO_KIND_PLAN, (uint32_t)n)->key;
    const char *nearest = co_text_nearest(key, names, n);
    return cli_fail(rows->cli, CLI_NOT_FOUND, "there is no plan '%s'%s%s%s", key,
                    nearest == NULL ? "" : "; did you mean '", nearest == NULL ? "" : nearest,
                    nearest == NULL ? "" : "'?");
}

static void print_head(struct cli *cli, const Callout__V1__Plan *p)
{
    FILE *out = cli->out;
    (void)fprintf(out, "%s  %s\n", p->key, cli_title(cli, p->title, ""));
    (void)fprintf(out, "  contract %s%s%s%s%s, policy %s\n", p->contract,
                  p->site[0] == '\0' ? "" : ", site ", p->site,
                  p->product[0] == '\0' ? "" : ", product ", p->product, p->policy);
    (void)fprintf(out, "  %s, from %s%s%s, local time of %s\n",
                  p->rrule[0] == '\0' ? "once" : p->rrule, cli_when(cli, p->from_us),
                  p->until_us == 0 ? "" : " until ", cli_when(cli, p->until_us), p->calendar);
    (void)fprintf(out, "  its cases are opened %s%s\n\n",
                  p->lead_us == 0 ? "at the date" : cli_length(cli, p->lead_us),
                  p->lead_us == 0 ? "" : " before");
}

static int show(struct plan_rows *rows)
{
    const char *key = rows->cli->args->word[1];
    const struct co_object *o = co_registry_get(rows->registry, CO_KIND_PLAN, key);
    int64_t until_us = 0;
    if (o == NULL)
        return fail_key(rows, key);
    int code = read_until(rows, SHOW_DAYS, &until_us);
    if (code == CLI_OK)
        code =
            plan_rows_add(rows, o->message->plan, rows->now_us - BACK_DAYS * CO_DAY_US, until_us);
    if (code == CLI_OK)
        code = plan_rows_finish(rows);
    if (code != CLI_OK)
        return code;
    if (!rows->cli->is_json)
        print_head(rows->cli, o->message->plan);
    return plan_rows_print(rows, "no dates until then");
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct plan_rows *rows = arg;
    rows->registry = registry;
    int code = cli_domain_now(rows->cli, &rows->now_us);
    if (code != CLI_OK)
        return code;
    return rows->cli->args->words > 1 ? show(rows) : list(rows);
}

int cmd_plan(struct cli *cli)
{
    struct plan_rows rows = { .cli = cli };
    const char *verb = cli->args->words > 0 ? cli->args->word[0] : "list";
    bool is_show = strcmp(verb, "show") == 0;
    if (!is_show && strcmp(verb, "list") != 0)
        return cli_usage(cli, "plan %s: allowed are list and show KEY", verb);
    if (is_show != (cli->args->words > 1))
        return cli_usage(cli, is_show ? "plan show: the KEY of a plan is needed"
                                      : "plan list takes no further words");
    return cli_registry_look_at(cli, NULL, 0, look, &rows);
}
