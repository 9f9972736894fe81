/* trace_way.h - the way of one case through the services, from its journal entries: who wrote what, how long after what.
 *
 * Pure. Times are those the journal has: of the decision, domain time.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "co_trace.h"

struct trace_step {
    int64_t at_us;
    const Callout__V1__Event *event; /* borrowed */
    const char *service;             /* who wrote it */
    const char *kind;                /* "promised" */
    int64_t since_first_us, since_before_us;
    size_t cause;       /* index of the entry that it follows from, as far as that can be told; its own: none */
    int64_t lag_us;     /* from the entry it follows from; of what happens by itself, from its time; 0: of none */
    int64_t due_us;     /* of what happens by itself: its time; else 0 */
    char trace[CO_TRACE_ID_TEXT]; /* "": it belongs to none */
};

/* When what happens by itself was to happen; 0: this is nothing of the kind. */
int64_t trace_way_due_us(const Callout__V1__Event *event);

/* Fills in all but at_us and event of the steps of one case, in the order of its journal. */
void trace_way_find(struct trace_step *steps, size_t n);
