/* cmd_audit.h - the audits, one function each; the word after `callout audit` says which. */
#pragma once

#include "cli.h"

int cmd_audit_refold(struct cli *cli);
int cmd_audit_timers(struct cli *cli);
