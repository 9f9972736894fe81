/* audit_timers.h - what the files of callout audit timers share. */
#pragma once

#include "callout/v1/audit.pb-c.h"
#include "cli.h"

/* Prints the report. Returns the exit code: CLI_FAILED where something differs. */
int audit_timers_show(struct cli *cli, const Callout__V1__TimersReport *r);
