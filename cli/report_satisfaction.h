/* report_satisfaction.h - callout report satisfaction: what customers said when they were called
 * back, summed up by engineer, office, contract ... */
#pragma once

#include "callout/v1/audit.pb-c.h"
#include "cli.h"

/* Reads the stored journal. Returns the exit code. */
int report_satisfaction(struct cli *cli);

/* For people, and as CSV under a header that does not change. Return the exit code. */
int report_satisfaction_print(struct cli *cli, const Callout__V1__SatisfactionReport *r);
int report_satisfaction_print_csv(struct cli *cli, const Callout__V1__SatisfactionReport *r);
