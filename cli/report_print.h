/* report_print.h - a TimeReport for people, and as CSV. */
#pragma once

#include "callout/v1/audit.pb-c.h"
#include "cli.h"

int report_print_table(struct cli *cli, const Callout__V1__TimeReport *r);

/* One line per row, lengths in microseconds, under a header that does not change. */
int report_print_csv(struct cli *cli, const Callout__V1__TimeReport *r);

/* Of one case: whose it was, for how long, and when. */
int report_print_case(struct cli *cli, const Callout__V1__TimeReport *r);
