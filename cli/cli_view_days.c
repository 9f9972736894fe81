/* Man-days: what a case took of which lot. */
#include "cli_view.h"

#include <stdlib.h>
#include <string.h>

#include "cli_table.h"

enum { HOUR = 60, HALF = 30 };

const char *cli_man_hours(struct cli *cli, int64_t minutes)
{
    const char *sign = minutes < 0 ? "-" : "";
    long long all = llabs((long long)minutes), hours = all / HOUR, rest = all % HOUR;
    if (rest == 0)
        return cli_format(cli, "%s%lld h", sign, hours);
    if (rest == HALF)
        return cli_format(cli, "%s%lld.5 h", sign, hours);
    return cli_format(cli, "%s%lld h %lld min", sign, hours, rest);
}

void cli_man_days_add(const Callout__V1__LotPosted *posted, int64_t *reserved, int64_t *used)
{
    static const struct {
        const char *kind;
        int reserved, used;
    } rows[] = {
        { "reserve", 1, 0 }, { "release", -1, 0 }, { "settle", -1, 1 }, { "restore", 1, -1 }
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(posted->kind, rows[i].kind) == 0) {
            *reserved += rows[i].reserved * posted->minutes;
            *used += rows[i].used * posted->minutes;
        }
}

struct sums {
    int64_t reserved, used;
};

static struct sums sums_of(const Callout__V1__CaseView *v, const char *lot)
{
    struct sums s = { 0, 0 };
    for (size_t i = 0; i < v->n_postings; i++)
        if (strcmp(v->postings[i]->lot, lot) == 0)
            cli_man_days_add(v->postings[i], &s.reserved, &s.used);
    return s;
}

static bool is_first_of_lot(const Callout__V1__CaseView *v, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(v->postings[i]->lot, v->postings[at]->lot) == 0)
            return false;
    return true;
}

void cli_view_days(struct cli *cli, const Callout__V1__CaseView *v)
{
    if (v->n_postings == 0 && v->missing_minutes == 0)
        return;
    cli_view_heading(cli, "Man-days");
    struct cli_table t;
    cli_table_init(&t, cli, "lot|>reserved|>used");
    for (size_t i = 0; i < v->n_postings; i++) {
        if (!is_first_of_lot(v, i))
            continue;
        struct sums s = sums_of(v, v->postings[i]->lot);
        CLI_TABLE_ADD(&t, v->postings[i]->lot, cli_man_hours(cli, s.reserved),
                      cli_man_hours(cli, s.used));
    }
    if (v->n_postings > 0)
        cli_table_print(&t, CLI_VIEW_INDENT);
    if (v->missing_minutes > 0)
        (void)fprintf(cli->out, "  missing: %s, no lot of the contract has so much left\n",
                      cli_man_hours(cli, v->missing_minutes));
}
