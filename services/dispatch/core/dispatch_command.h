/* dispatch_command.h - what the acts of people mean for a work order: whether they come from its
 * engineer, and why not.
 *
 * Pure. For the files of this core. Errors stick in the order, see dispatch_order.h.
 */
#pragma once

#include "dispatch_order.h"

/* Takes in a command that the journal took at `at_us`; one that does not concern work orders, or is
 * none of our business, changes nothing. */
void dispatch_command(struct dispatch_order *o, const Callout__V1__CommandReceived *command,
                      int64_t at_us, struct dispatch_reporter reporter);
