/* act_consent.h - what `callout act` needs for remote access: a consent from its options. */
#pragma once

#include "cli.h"

/* Whether the act takes a consent, or is one of those about remote access. */
bool act_consent_takes(Callout__V1__Act act);

/* Fills command->consent where the act takes one; command->name is read already. CLI_USAGE: an
 * option is missing, wrong, or of another act. */
int act_consent_read(struct cli *cli, Callout__V1__Command *command);
