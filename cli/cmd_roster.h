/* cmd_roster.h - the verbs of callout roster, one file each. */
#pragma once

#include "cli.h"

int cmd_roster_show(struct cli *cli);
int cmd_roster_gaps(struct cli *cli);
int cmd_roster_import(struct cli *cli);
