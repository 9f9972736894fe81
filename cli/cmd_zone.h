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

/* --datum [wgs84]. False: said what is allowed. */
CO_MUST_CHECK bool cmd_zone_datum(struct cli *cli, Callout__V1__Datum *ret_datum);

/* "; did you mean 'beijing'?" with the key of that kind nearest to `key`, or "". */
const char *cmd_zone_nearest(struct cli *cli, const struct co_registry *registry, enum co_kind kind,
                             const char *key);

/* The figures of an office; where it has none, those that dispatch has by default. */
struct co_road_estimate cmd_zone_road(const Callout__V1__Office *office);
