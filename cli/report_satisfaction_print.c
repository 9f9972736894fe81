#include "report_satisfaction.h"

#include "cli_csv.h"
#include "cli_table.h"
#include "report_calls.h"

static const char *count(struct cli *cli, uint64_t n)
{
    return n == 0 ? "" : cli_format(cli, "%llu", (unsigned long long)n);
}

static void add_row(struct cli_table *t, const Callout__V1__SatisfactionReport *r,
                    const Callout__V1__SatisfactionRow *row)
{
    struct cli *cli = t->cli;
    const char *texts[CLI_TABLE_COLUMNS] = { "all" };
    size_t n = r->n_by;
    for (size_t i = 0; i < row->n_keys && i < n; i++)
        texts[i] = row->keys[i][0] != '\0' ? row->keys[i] : "-";
    texts[n++] = count(cli, row->calls);
    texts[n++] = count(cli, row->solved);
    texts[n++] = count(cli, row->partly);
    texts[n++] = count(cli, row->unsolved);
    texts[n++] = count(cli, row->rated);
    texts[n++] = report_call_mean(cli, row);
    texts[n++] = count(cli, row->unhappy);
    cli_table_add(t, texts);
}

int report_satisfaction_print(struct cli *cli, const Callout__V1__SatisfactionReport *r)
{
    if (r->total->calls == 0) {
        cli_note(cli, "no customer was called back in this time");
        return CLI_OK;
    }
    const char *titles = "";
    for (size_t i = 0; i < r->n_by; i++)
        titles = cli_format(cli, "%s%s|", titles, r->by[i]);
    struct cli_table t;
    cli_table_init(&t, cli,
                   cli_format(cli, "%s>calls|>solved|>partly|>not|>rated|>of 5|>unhappy", titles));
    for (size_t i = 0; i < r->n_rows; i++)
        add_row(&t, r, r->rows[i]);
    add_row(&t, r, r->total);
    cli_table_print(&t, 0);
    return CLI_OK;
}

int report_satisfaction_print_csv(struct cli *cli, const Callout__V1__SatisfactionReport *r)
{
    for (size_t i = 0; i < r->n_by; i++)
        (void)fprintf(cli->out, "%s,", r->by[i]);
    (void)fputs("calls,solved,partly,unsolved,rated,stars,unhappy\n", cli->out);
    for (size_t i = 0; i < r->n_rows; i++) {
        const Callout__V1__SatisfactionRow *row = r->rows[i];
        const uint64_t values[] = { row->calls, row->solved, row->partly, row->unsolved,
                                    row->rated, row->stars,  row->unhappy };
        for (size_t k = 0; k < row->n_keys; k++) {
            cli_csv_text(cli->out, row->keys[k]);
            (void)fputc(',', cli->out);
        }
        for (size_t k = 0; k < sizeof(values) / sizeof(values[0]); k++)
            (void)fprintf(cli->out, "%s%llu", k == 0 ? "" : ",", (unsigned long long)values[k]);
        (void)fputc('\n', cli->out);
    }
    return fflush(cli->out) == 0 ? CLI_OK
                                 : cli_fail(cli, CLI_FAILED, "the answer cannot be written");
}
