/* cmd_zone.h - the verbs of callout zone, one file each. */
#pragma once

#include "cli_registry.h"
#include "co_zone.h"

int cmd_zone_fit(struct cli *cli);
int cmd_zone_test(struct cli *cli);

/* The table named by --table [journey] of the pack named by --policy (NULL: of any pack that has
 * one of that name), and that pack. NULL after saying what there is. */
const Callout__V1__ZoneTable *cmd_zone_table(struct cli *cli, const struct co_registry *registry,
                                             const char **ret_pack);
