/* report_calls.h - sums of what customers said when they were called back. */
#pragma once

#include "callout/v1/audit.pb-c.h"
#include "cli.h"
#include "report_sum.h"

/* One call, for report_sum_add(). */
void report_call_values(const Callout__V1__CallView *c, int64_t ret[static REPORT_VALUES]);

/* A row of such sums, without keys. */
Callout__V1__SatisfactionRow *report_call_row(struct cli *cli, const struct report_row *sum);

/* The mean rating, "4.50"; "": nobody was rated. */
const char *report_call_mean(struct cli *cli, const Callout__V1__SatisfactionRow *row);
