/* co_yaml_target.h - the short texts for targets and thresholds, both ways. No YAML in here.
 *
 *     30m                  running time           working 8h          working time
 *     working day 2        the 2nd working day    5 working days      a period after the start day
 *     2 days               a period of days       next business day
 *     zone journey         by a zone table        agreed, none
 *     at date              when what the case is about takes place, or begins
 *     7 days before date   so long before that    2h after end        so long after its end
 *     contract             the contract's figure, no promise where it has none
 *     contract else 30m    the contract's figure, this where it has none
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/policy.pb-c.h"

#define CO_YAML_TARGETS                                                                            \
    "30m, working 8h, working day 2, 5 working days, 2 days, next business day, zone NAME, "       \
    "agreed, none, at date, 7 days before date, 2h after end, contract, contract else 30m"
#define CO_YAML_THRESHOLDS                                                                         \
    "a share of the way (80%), or a time before the end (15m before, 30 days before)"

/* Sets everything of *ret_target but severity and table. False: none of these. *ret_name points
 * into `text`, NULL where the kind has no name. */
bool co_yaml_target_parse(const char *text, Callout__V1__Target *ret_target, const char **ret_name);

/* False: the message says more than the short text can. */
bool co_yaml_target_format(const Callout__V1__Target *t, char *buf, size_t size);

bool co_yaml_threshold_parse(const char *text, Callout__V1__Threshold *ret_threshold);
bool co_yaml_threshold_format(const Callout__V1__Threshold *t, char *buf, size_t size);
