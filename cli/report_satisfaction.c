#include "report_satisfaction.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "history.h"
#include "report_by.h"
#include "report_calls.h"

typedef const char *key_rule(const Callout__V1__CaseView *v, const Callout__V1__CallView *c);

static const char *engineer(const Callout__V1__CaseView *v, const Callout__V1__CallView *c)
{
    (void)v;
    return c->engineer;
}

static const char *office(const Callout__V1__CaseView *v, const Callout__V1__CallView *c)
{
    (void)v;
    return c->office;
}

static const char *contract(const Callout__V1__CaseView *v, const Callout__V1__CallView *c)
{
    (void)c;
    return v->contract;
}

static const char *customer(const Callout__V1__CaseView *v, const Callout__V1__CallView *c)
{
    (void)c;
    return v->customer;
}

static const char *site(const Callout__V1__CaseView *v, const Callout__V1__CallView *c)
{
    (void)c;
    return v->site;
}

static const struct {
    const char *name;
    key_rule *key;
} keys[REPORT_BY_MAX] = { { "engineer", engineer },
                          { "office", office },
                          { "contract", contract },
                          { "customer", customer },
                          { "site", site } };

struct report {
    struct history history;
    int64_t from_us, until_us; /* when the customer was called */
    struct report_by by;
    struct report_sum *sums[CO_HISTORY_WORKERS_MAX];
    uint64_t unreadable[CO_HISTORY_WORKERS_MAX];
};

/* -- what was asked for */

static bool read_by(struct report *r, struct cli *cli)
{
    const char *names[REPORT_BY_MAX];
    for (size_t i = 0; i < REPORT_BY_MAX; i++)
        names[i] = keys[i].name;
    return report_by_read(cli, "engineer", names, &r->by);
}

static int read_options(struct report *r, struct cli *cli)
{
    r->from_us = INT64_MIN;
    r->until_us = INT64_MAX;
    r->history.cli = cli;
    if (!cli_read_time(cli, "from", &r->from_us) || !cli_read_time(cli, "to", &r->until_us) ||
        !read_by(r, cli))
        return CLI_USAGE;
    return r->from_us < r->until_us ? CLI_OK : cli_usage(cli, "--from is not before --to");
}

/* -- a case, on a worker's thread */

static enum co_err add(struct report *r, unsigned worker, const Callout__V1__CaseView *v,
                       const Callout__V1__CallView *c)
{
    const char *of[REPORT_BY_MAX] = { NULL };
    for (size_t i = 0; i < r->by.count; i++)
        of[i] = keys[r->by.key[i]].key(v, c);
    int64_t value[REPORT_VALUES];
    report_call_values(c, value);
    return report_sum_add(r->sums[worker], of, 1, value);
}

static enum co_err add_case(struct report *r, unsigned worker, const struct co_history_case *stored)
{
    Callout__V1__CaseView *v = NULL;
    enum co_err err = stored->problem != NULL ? CO_EINPUT : history_view(stored, &v);
    for (size_t i = 0; err == CO_OK && i < v->n_calls; i++)
        if (v->calls[i]->called_us >= r->from_us && v->calls[i]->called_us < r->until_us)
            err = add(r, worker, v, v->calls[i]);
    return err;
}

static enum co_err each(void *arg, unsigned worker, const struct co_history_case *stored)
{
    struct report *r = arg;
    enum co_err err = add_case(r, worker, stored);
    r->unreadable[worker] += err == CO_EINPUT;
    return err == CO_EINPUT ? CO_OK : err;
}

/* -- the message */

static void *list_of(struct cli *cli, size_t n)
{
    void *pointers = co_arena_alloc(cli->arena, (n + 1) * sizeof(void *));
    co_assert(pointers != NULL);
    return pointers;
}

static void put_rows(struct report *r, Callout__V1__SatisfactionReport *to,
                     struct report_row **rows, size_t n)
{
    struct cli *cli = r->history.cli;
    struct report_row all = { .cases = 0 };
    to->rows = list_of(cli, n);
    to->n_rows = n;
    for (size_t i = 0; i < n; i++) {
        to->rows[i] = report_call_row(cli, rows[i]);
        to->rows[i]->keys = rows[i]->keys;
        to->rows[i]->n_keys = r->by.count;
        all.cases += rows[i]->cases;
        for (size_t k = 0; k < REPORT_VALUES; k++)
            all.value[k] += rows[i]->value[k];
    }
    to->total = report_call_row(cli, &all);
    to->by = list_of(cli, r->by.count);
    for (; to->n_by < r->by.count; to->n_by++)
        to->by[to->n_by] = cli_text(cli, keys[r->by.key[to->n_by]].name);
}

static int sum(struct report *r, Callout__V1__SatisfactionReport *to)
{
    struct report_row **rows = NULL;
    size_t n = 0;
    enum co_err err = CO_OK;
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
        to->unreadable += r->unreadable[i];
    for (size_t i = 1; err == CO_OK && i < CO_HISTORY_WORKERS_MAX; i++)
        err = report_sum_join(r->sums[0], r->sums[i]);
    if (err == CO_OK)
        err = report_sum_rows(r->sums[0], &rows, &n);
    if (err != CO_OK)
        return cli_fail(r->history.cli, CLI_FAILED, "%s", co_err_name(err));
    put_rows(r, to, rows, n);
    to->now_us = co_history_now_us(r->history.stored);
    return CLI_OK;
}

static int show(struct cli *cli, const Callout__V1__SatisfactionReport *message)
{
    int code = cli->is_json          ? cli_print_json(cli, &message->base, false)
               : cli_has(cli, "csv") ? report_satisfaction_print_csv(cli, message)
                                     : report_satisfaction_print(cli, message);
    if (message->unreadable > 0)
        return cli_fail(cli, CLI_FAILED, "%llu cases cannot be read and are left out",
                        (unsigned long long)message->unreadable);
    return code;
}

static int report(struct report *r)
{
    struct co_history_options options = { .kinds = HISTORY_CALLS, .each = each, .arg = r };
    Callout__V1__SatisfactionReport message = CALLOUT__V1__SATISFACTION_REPORT__INIT;
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
        if ((r->sums[i] = report_sum_new(r->by.count)) == NULL)
            return cli_fail(r->history.cli, CLI_FAILED, "out of memory");
    int code = history_run(&r->history, &options);
    if (code == CLI_OK)
        code = sum(r, &message);
    return code == CLI_OK ? show(r->history.cli, &message) : code;
}

int report_satisfaction(struct cli *cli)
{
    struct report *r = calloc(1, sizeof(*r));
    if (r == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    int code = read_options(r, cli);
    if (code == CLI_OK)
        code = history_open(cli, &r->history);
    if (code == CLI_OK)
        code = report(r);
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
        report_sum_free(r->sums[i]);
    history_close(&r->history);
    free(r);
    return code;
}
