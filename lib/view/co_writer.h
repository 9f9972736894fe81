/* co_writer.h - which service writes what into the journal. Pure. */
#pragma once

#include "callout/v1/event.pb-c.h"

/* The service that answers a command of this act: "sla", "dispatch" or "notify". */
const char *co_writer_of_act(Callout__V1__Act act);

/* The service that wrote an entry; "" for a kind that this version does not know. */
const char *co_writer_of(const Callout__V1__Event *event);
