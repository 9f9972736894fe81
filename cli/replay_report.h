/* replay_report.h - what a replay ended with, for programs and for people. */
#pragma once

#include "replay_run.h"

/* The report of a replay that has ended; in the arena of the command. Finishes the tally. NULL: out
 * of memory. */
Callout__V1__ReplayReport *replay_report(struct replay *r, const struct replay_there *there);

/* What went in is what is there. */
bool replay_report_is_whole(const Callout__V1__ReplayReport *report);

void replay_report_print(struct cli *cli, const Callout__V1__ReplayReport *report);
