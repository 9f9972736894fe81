#include "report_service.h"

#include <stdlib.h>
#include <string.h>

#include "cli_registry.h"
#include "co_cli_sql.h"
#include "co_registry_calendar.h"
#include "co_time.h"

#define KINDS (HISTORY_INPUTS | HISTORY_CALLS | HISTORY_KIND(LOT_POSTED))

enum { FOUND_BYTES = 1024 * 1024 * 1024, MONTHS = 12, YEAR_MIN = 1970, YEAR_MAX = 9000 };

/* -- the month */

/* Months since the year 0: they can be compared and counted. */
static int64_t month_at(const struct report_service *r, int64_t us)
{
    int32_t offset_s = co_calendar_offset_s(r->calendar, us);
    struct co_date d = co_date_of_days(co_days_of_us(us, offset_s));
    return (int64_t)d.year * MONTHS + d.month - 1;
}

static int64_t begin_of(const struct report_service *r, int64_t month)
{
    struct co_date first = { (int32_t)(month / MONTHS), (int32_t)(month % MONTHS) + 1, 1 };
    return co_calendar_local_us(r->calendar, co_date_days(first), 0);
}

static const char *month_text(struct cli *cli, int64_t month)
{
    return cli_format(cli, "%04d-%02d", (int)(month / MONTHS), (int)(month % MONTHS) + 1);
}

static bool read_digits(const char *text, size_t n, int64_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *ret = *ret * 10 + (text[i] - '0');
    }
    return true;
}

/* "2026-11" */
static bool parse_month(const char *text, int64_t *ret)
{
    int64_t year, month;
    if (strlen(text) != 7 || text[4] != '-' || !read_digits(text, 4, &year) ||
        !read_digits(text + 5, 2, &month) || month < 1 || month > MONTHS || year < YEAR_MIN ||
        year > YEAR_MAX)
        return false;
    *ret = year * MONTHS + month - 1;
    return true;
}

/* From the month in which the contract begins to this one: cases may outlive the contract. */
static int read_month(struct report_service *r)
{
    struct cli *cli = r->history.cli;
    int64_t now_us = co_history_now_us(r->history.stored);
    int64_t first = month_at(r, r->contract->from_us), last = month_at(r, now_us);
    int64_t month = last - 1 < first ? first : last - 1;
    const char *text = cli_value(cli, "month");
    if (last < first)
        return cli_usage(cli, "the contract %s begins in %s: there is nothing to report yet",
                         r->contract->key, month_text(cli, first));
    if (text != NULL && (!parse_month(text, &month) || month < first || month > last))
        return cli_usage(cli, "--month %s: allowed is YYYY-MM, from %s, when %s begins, to %s",
                         text, month_text(cli, first), r->contract->key, month_text(cli, last));
    r->from_us = begin_of(r, month);
    r->until_us = begin_of(r, month + 1);
    r->end_us = now_us < r->until_us ? now_us : r->until_us;
    (void)snprintf(r->month, sizeof(r->month), "%s", month_text(cli, month));
    return CLI_OK;
}

/* -- the run */

static int show(struct report_service *r, const Callout__V1__ServiceReport *report)
{
    struct cli *cli = r->history.cli;
    const char *page = cli_value(cli, "html");
    int code = cli->is_json          ? cli_print_json(cli, &report->base, false)
               : page != NULL        ? report_service_html(r, report, page)
               : cli_has(cli, "csv") ? report_service_print_csv(cli, report)
                                     : report_service_print(r, report);
    if (report->unreadable > 0)
        return cli_fail(
            cli, CLI_FAILED,
            "%llu cases could not be computed and are left out: callout audit refold names them",
            (unsigned long long)report->unreadable);
    return code;
}

static bool make_found(struct report_service *r)
{
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++) {
        struct report_service_found *f = &r->found[i];
        f->arena = co_arena_new(FOUND_BYTES);
        f->lots = report_sum_new(1);
        f->calls = report_sum_new(0);
        if (f->arena == NULL || f->lots == NULL || f->calls == NULL)
            return false;
    }
    return true;
}

static void free_found(struct report_service *r)
{
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++) {
        report_sum_free(r->found[i].calls);
        report_sum_free(r->found[i].lots);
        co_arena_free(r->found[i].arena);
    }
}

static int run(struct report_service *r)
{
    struct cli *cli = r->history.cli;
    struct co_history_options options = { .kinds = KINDS,
                                          .rows = &co_cli_sql[co_cli_sql_report_titles],
                                          .each = report_service_case,
                                          .arg = r };
    Callout__V1__ServiceReport report;
    if (!make_found(r))
        return cli_fail(cli, CLI_FAILED, "out of memory");
    int code = history_run(&r->history, &options);
    if (code != CLI_OK)
        return code;
    enum co_err err = report_service_sum(r, &report);
    return err == CO_OK ? show(r, &report) : cli_fail(cli, CLI_FAILED, "%s", co_err_name(err));
}

static int compile(struct report_service *r)
{
    char problem[CO_CALENDAR_PROBLEM];
    const Callout__V1__Calendar *c = co_registry_calendar(r->registry, r->contract->calendar);
    if (c == NULL)
        return cli_fail(r->history.cli, CLI_FAILED, "the contract %s has no calendar",
                        r->contract->key);
    enum co_err err = co_registry_calendar_compile_all(c, &r->calendar, problem);
    if (err != CO_OK)
        return cli_fail(r->history.cli, CLI_FAILED, "the calendar %s: %s", c->key,
                        err == CO_EINPUT ? problem : co_err_name(err));
    return CLI_OK;
}

/* The registry in force says which contracts there are, what is declared, and who is who. */
static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct report_service *r = arg;
    struct cli *cli = r->history.cli;
    r->registry = registry;
    r->contract = co_registry_contract(registry, cli->args->word[1]);
    if (r->contract == NULL)
        return cli_fail_contract(cli, registry, cli->args->word[1]);
    int code = compile(r);
    if (code == CLI_OK)
        code = history_open(cli, &r->history);
    if (code == CLI_OK)
        code = read_month(r);
    return code == CLI_OK ? run(r) : code;
}

static int read_forms(struct cli *cli)
{
    if (cli->args->words != 2)
        return cli_usage(cli, "report service: the key of a CONTRACT is needed");
    if (cli_has(cli, "csv") + cli_has(cli, "html") + cli->is_json > 1)
        return cli_usage(cli, "one of --csv, --html and -o json");
    return CLI_OK;
}

int report_service(struct cli *cli)
{
    int code = read_forms(cli);
    struct report_service *r = code == CLI_OK ? calloc(1, sizeof(*r)) : NULL;
    if (code != CLI_OK)
        return code;
    if (r == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    r->history.cli = cli;
    code = cli_registry_look_at(cli, NULL, 0, look, r);
    free_found(r);
    history_close(&r->history);
    co_calendar_free(r->calendar);
    free(r);
    return code;
}
