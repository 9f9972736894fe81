/* callout audit refold: every case folded anew from the journal and compared with what was
 * announced and stored. */
#include "cmd_audit.h"

#include <stdlib.h>
#include <string.h>

#include "audit_cursors.h"
#include "audit_refold.h"
#include "cli_table.h"
#include "co_assert.h"
#include "co_cli_sql.h"
#include "co_number.h"
#include "co_pbarena.h"
#include "co_row.h"

enum { TOLD_MAX = 1000, TOLD_BYTES = 64 * 1024 * 1024 };

/* What one thread has found. */
struct found {
    struct co_arena *arena; /* of the differences that are told; made with the first */
    Callout__V1__RefoldDifference *told[TOLD_MAX];
    size_t told_count;
    uint64_t cases, outputs, behind, parked, unreadable, differences;
};

struct refold {
    struct history *history;
    struct audit_cursors cursors;
    struct found found[CO_HISTORY_WORKERS_MAX];
};

/* -- a case, on a worker's thread */

/* Beyond what is kept they are counted. */
static enum co_err keep(void *arg, const Callout__V1__RefoldDifference *d)
{
    struct found *f = arg;
    f->differences++;
    f->unreadable += strcmp(d->what, "unreadable") == 0;
    if (f->told_count == TOLD_MAX)
        return CO_OK;
    if (f->arena == NULL && (f->arena = co_arena_new(TOLD_BYTES)) == NULL)
        return CO_ENOMEM;
    size_t len = callout__v1__refold_difference__get_packed_size(d);
    uint8_t *bytes = co_arena_alloc(f->arena, len + 1);
    if (bytes == NULL)
        return CO_OK;
    ProtobufCAllocator allocator = co_pbarena(f->arena);
    (void)callout__v1__refold_difference__pack(d, bytes);
    f->told[f->told_count] = callout__v1__refold_difference__unpack(&allocator, len, bytes);
    f->told_count += f->told[f->told_count] != NULL;
    return CO_OK;
}

static enum co_err each(void *arg, unsigned worker, const struct co_history_case *c)
{
    struct refold *all = arg;
    struct found *f = &all->found[worker];
    bool is_parked = false;
    uint64_t taken = audit_taken(&all->cursors, c, &is_parked);
    struct refold_case r = { .history = all->history,
                             .stored = c,
                             .now_us = co_history_now_us(all->history->stored),
                             .taken = taken,
                             .differs = keep,
                             .arg = f };
    enum co_err err = refold_case(&r);
    f->cases += r.is_compared;
    f->outputs += r.outputs;
    f->parked += is_parked;
    f->behind += r.is_behind && !is_parked;
    return err;
}

/* -- after */

static int by_number(const void *a, const void *b)
{
    const Callout__V1__RefoldDifference *x = *(Callout__V1__RefoldDifference *const *)a;
    const Callout__V1__RefoldDifference *y = *(Callout__V1__RefoldDifference *const *)b;
    return co_number_order(x->number, y->number);
}

static void sum(struct refold *all, Callout__V1__RefoldReport *report)
{
    size_t n = 0;
    report->differences = co_arena_alloc(all->history->cli->arena,
                                         CO_HISTORY_WORKERS_MAX * TOLD_MAX * sizeof(void *));
    co_assert(report->differences != NULL);
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++) {
        const struct found *f = &all->found[i];
        report->cases += f->cases;
        report->outputs += f->outputs;
        report->behind += f->behind;
        report->parked += f->parked;
        report->unreadable += f->unreadable;
        report->difference_count += f->differences;
        for (size_t k = 0; k < f->told_count; k++)
            report->differences[n++] = f->told[k];
    }
    if (n > 0)
        qsort(report->differences, n, sizeof(report->differences[0]), by_number);
    report->n_differences = n < TOLD_MAX ? n : TOLD_MAX;
    report->now_us = co_history_now_us(all->history->stored);
}

static const char *event(struct cli *cli, const Callout__V1__Event *e)
{
    const char *kind = "";
    const char *text = e == NULL ? "" : cli_event(cli, e, &kind);
    return e == NULL ? "-" : cli_format(cli, "%s %s", kind, text);
}

static void show_differences(struct cli *cli, const Callout__V1__RefoldReport *r)
{
    struct cli_table t;
    cli_table_init(&t, cli, "number|what|announced|computed|detail");
    for (size_t i = 0; i < r->n_differences; i++) {
        const Callout__V1__RefoldDifference *d = r->differences[i];
        bool has_event = d->announced != NULL || d->computed != NULL;
        CLI_TABLE_ADD(&t, d->number, d->what, has_event ? event(cli, d->announced) : "",
                      has_event ? event(cli, d->computed) : "", d->detail);
    }
    if (r->n_differences > 0)
        cli_table_print(&t, 0);
    if (r->difference_count > r->n_differences)
        (void)fprintf(cli->out, "... and %llu more\n",
                      (unsigned long long)(r->difference_count - r->n_differences));
}

static int show(struct cli *cli, const Callout__V1__RefoldReport *r)
{
    if (cli->is_json) {
        int code = cli_print_json(cli, &r->base, false);
        return code == CLI_OK && r->difference_count > 0 ? CLI_FAILED : code;
    }
    show_differences(cli, r);
    (void)fprintf(cli->out,
                  "%llu cases folded anew, %llu announced outputs compared: %llu differences\n",
                  (unsigned long long)r->cases, (unsigned long long)r->outputs,
                  (unsigned long long)r->difference_count);
    if (r->behind > 0)
        (void)fprintf(cli->out,
                      "%llu cases have something due or waiting that sla has not come to yet\n",
                      (unsigned long long)r->behind);
    if (r->parked > 0)
        (void)fprintf(
            cli->out,
            "%llu cases are parked for sla: compared as far as they came (callout parked)\n",
            (unsigned long long)r->parked);
    return r->difference_count > 0 ? CLI_FAILED : CLI_OK;
}

static int refold(struct refold *all)
{
    struct co_history_options options = {
        .kinds = HISTORY_ALL, .rows = &co_cli_sql[co_cli_sql_refold_rows], .each = each, .arg = all
    };
    int code = audit_cursors_read(all->history, &all->cursors);
    if (code == CLI_OK)
        code = history_run(all->history, &options);
    if (code != CLI_OK)
        return code;
    Callout__V1__RefoldReport report = CALLOUT__V1__REFOLD_REPORT__INIT;
    sum(all, &report);
    return show(all->history->cli, &report);
}

int cmd_audit_refold(struct cli *cli)
{
    struct history h;
    int code = history_open(cli, &h);
    struct refold *all = code == CLI_OK ? calloc(1, sizeof(*all)) : NULL;
    if (all != NULL) {
        all->history = &h;
        code = refold(all);
        for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
            co_arena_free(all->found[i].arena);
        free(all);
    } else if (code == CLI_OK) {
        code = cli_fail(cli, CLI_FAILED, "out of memory");
    }
    history_close(&h);
    return code;
}
