#include "report_calls.h"

#include "co_assert.h"

/* What is summed up of calls. */
enum value { SOLVED, PARTLY, UNSOLVED, RATED, STARS, UNHAPPY, VALUES };

enum { UNHAPPY_MAX = 2 /* of five */ };

void report_call_values(const Callout__V1__CallView *c, int64_t ret[static REPORT_VALUES])
{
    for (size_t i = VALUES; i < REPORT_VALUES; i++)
        ret[i] = 0;
    ret[SOLVED] = c->solved == CALLOUT__V1__SOLVED__SOLVED_YES;
    ret[PARTLY] = c->solved == CALLOUT__V1__SOLVED__SOLVED_PARTLY;
    ret[UNSOLVED] = c->solved == CALLOUT__V1__SOLVED__SOLVED_NO;
    ret[RATED] = c->rating > 0;
    ret[STARS] = c->rating;
    ret[UNHAPPY] = c->rating > 0 && c->rating <= UNHAPPY_MAX;
}

Callout__V1__SatisfactionRow *report_call_row(struct cli *cli, const struct report_row *sum)
{
    Callout__V1__SatisfactionRow *row = co_arena_alloc(cli->arena, sizeof(*row));
    co_assert(row != NULL); /* rows are few */
    callout__v1__satisfaction_row__init(row);
    row->calls = sum->cases;
    row->solved = (uint64_t)sum->value[SOLVED];
    row->partly = (uint64_t)sum->value[PARTLY];
    row->unsolved = (uint64_t)sum->value[UNSOLVED];
    row->rated = (uint64_t)sum->value[RATED];
    row->stars = (uint64_t)sum->value[STARS];
    row->unhappy = (uint64_t)sum->value[UNHAPPY];
    return row;
}

const char *report_call_mean(struct cli *cli, const Callout__V1__SatisfactionRow *row)
{
    return row->rated == 0 ? "" : cli_format(cli, "%.2f", (double)row->stars / (double)row->rated);
}
