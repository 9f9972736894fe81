#include "report_print.h"

#include "cli_table.h"
#include "co_time.h"
#include "report_sum.h"

enum { KEYS_MAX = REPORT_BY_MAX };

static const char *count(struct cli *cli, uint64_t n)
{
    return cli_format(cli, "%llu", (unsigned long long)n);
}

static void shares_of(const Callout__V1__TimeRow *row, uint32_t ret_thousandths[static SLA_HOLDERS])
{
    int64_t length_us[SLA_HOLDERS] = { 0 };
    for (size_t i = 0; i < row->n_parts && i < SLA_HOLDERS; i++)
        length_us[i] = row->parts[i]->length_us;
    report_shares(length_us, ret_thousandths);
}

/* Nobody adds up microseconds in his head: whole units; the shares are exact. */
static const char *length(struct cli *cli, int64_t us, int64_t unit_us)
{
    return cli_length(cli, us / unit_us * unit_us);
}

static const char *share(struct cli *cli, uint32_t thousandths)
{
    return cli_format(cli, "%u.%u %%", thousandths / 10, thousandths % 10);
}

static void add_row(struct cli_table *t, const Callout__V1__TimeReport *r,
                    const Callout__V1__TimeRow *row)
{
    struct cli *cli = t->cli;
    const char *texts[CLI_TABLE_COLUMNS] = { "all" };
    uint32_t thousandths[SLA_HOLDERS];
    size_t n = r->n_by;
    for (size_t i = 0; i < row->n_keys && i < n; i++)
        texts[i] = row->keys[i][0] != '\0' ? row->keys[i] : "-";
    shares_of(row, thousandths);
    texts[n++] = count(cli, row->cases);
    texts[n++] = length(cli, row->elapsed_us, CO_MINUTE_US);
    for (size_t i = 0; i < row->n_parts && i < SLA_HOLDERS; i++)
        texts[n++] = row->parts[i]->length_us > 0 ? share(cli, thousandths[i]) : "";
    cli_table_add(t, texts);
}

/* "contract|month|>cases|>elapsed|>held|>queue..." */
static const char *titles(struct cli *cli, const Callout__V1__TimeReport *r)
{
    const char *text = "";
    for (size_t i = 0; i < r->n_by; i++)
        text = cli_format(cli, "%s%s|", text, r->by[i]);
    text = cli_format(cli, "%s>cases|>elapsed", text);
    for (size_t i = 0; i < r->total->n_parts; i++)
        text = cli_format(cli, "%s|>%s", text, r->total->parts[i]->holder);
    return text;
}

int report_print_table(struct cli *cli, const Callout__V1__TimeReport *r)
{
    if (r->total->cases == 0) {
        cli_note(cli, "no case was reported in this time");
        return CLI_OK;
    }
    struct cli_table t;
    cli_table_init(&t, cli, titles(cli, r));
    for (size_t i = 0; i < r->n_rows; i++)
        add_row(&t, r, r->rows[i]);
    if (r->n_by > 0)
        add_row(&t, r, r->total);
    cli_table_print(&t, 0);
    return CLI_OK;
}

int report_print_csv(struct cli *cli, const Callout__V1__TimeReport *r)
{
    for (size_t i = 0; i < r->n_by; i++)
        (void)fprintf(cli->out, "%s,", r->by[i]);
    (void)fputs("cases,elapsed_us", cli->out);
    for (size_t i = 0; i < r->total->n_parts; i++)
        (void)fprintf(cli->out, ",%s_us", r->total->parts[i]->holder);
    (void)fputc('\n', cli->out);
    for (size_t i = 0; i < r->n_rows; i++) {
        const Callout__V1__TimeRow *row = r->rows[i];
        for (size_t k = 0; k < row->n_keys;
             k++) /* without commas and quotes: keys of the registry */
            (void)fprintf(cli->out, "%s,", row->keys[k]);
        (void)fprintf(cli->out, "%llu,%lld", (unsigned long long)row->cases,
                      (long long)row->elapsed_us);
        for (size_t k = 0; k < row->n_parts; k++)
            (void)fprintf(cli->out, ",%lld", (long long)row->parts[k]->length_us);
        (void)fputc('\n', cli->out);
    }
    return fflush(cli->out) == 0 ? CLI_OK
                                 : cli_fail(cli, CLI_FAILED, "the answer cannot be written");
}

int report_print_case(struct cli *cli, const Callout__V1__TimeReport *r)
{
    const Callout__V1__TimeRow *row = r->rows[0];
    uint32_t thousandths[SLA_HOLDERS];
    struct cli_table parts, spans;
    shares_of(row, thousandths);
    (void)fprintf(cli->out, "%s: %s\n", row->number, length(cli, row->elapsed_us, CO_SECOND_US));
    cli_table_init(&parts, cli, "held by|>length|>share");
    for (size_t i = 0; i < row->n_parts && i < SLA_HOLDERS; i++)
        if (row->parts[i]->length_us > 0)
            CLI_TABLE_ADD(&parts, row->parts[i]->holder,
                          length(cli, row->parts[i]->length_us, CO_SECOND_US),
                          share(cli, thousandths[i]));
    cli_table_print(&parts, 0);
    cli_table_init(&spans, cli, "from|until|held by|>length");
    for (size_t i = 0; i < row->n_spans; i++) {
        const Callout__V1__TimeSpan *s = row->spans[i];
        CLI_TABLE_ADD(&spans, cli_when(cli, s->from_us), cli_when(cli, s->until_us), s->holder,
                      length(cli, s->until_us - s->from_us, CO_SECOND_US));
    }
    (void)fputc('\n', cli->out);
    cli_table_print(&spans, 0);
    return CLI_OK;
}
