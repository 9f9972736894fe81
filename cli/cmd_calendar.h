/* cmd_calendar.h - the verbs of callout calendar, one file each. */
#pragma once

#include "cli.h"

int cmd_calendar_import(struct cli *cli);
int cmd_calendar_show(struct cli *cli);
