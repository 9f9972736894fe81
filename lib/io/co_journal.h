/* co_journal.h - entries of the journal on their way in and out.
 *
 * One lane per transaction: an outbox collects what one transaction appends to one lane. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "co_arena.h"
#include "co_batch.h"
#include "co_lane.h"
#include "co_pg.h"

/* An entry as the table has it; the body is a packed Event, borrowed. */
struct co_entry_raw {
    int64_t seq;
    int64_t at_us;
    int64_t case_id;
    int kind;
    struct co_bytes body;
};

/* An entry with its body unpacked. */
struct co_entry {
    int64_t seq;
    int64_t at_us;
    int64_t case_id;
    int kind;
    const Callout__V1__Event *event;
};

/* What one transaction appends. Memory is the arena's. */
struct co_outbox {
    struct co_arena *arena;
    struct co_entry_raw *item; /* seq and at_us are filled in by co_outbox_number() */
    size_t count;
    size_t cap;
};

void co_outbox_init(struct co_outbox *box, struct co_arena *arena);

/* Packs a copy of the event at the end. False: out of memory, nothing changed. */
CO_MUST_CHECK bool co_outbox_add(struct co_outbox *box, int64_t case_id, const Callout__V1__Event *event);

/* Adds the statement that numbers and appends all of it (count > 0), last before COMMIT. Its time is the database's, but not
 * before `not_before_us`, domain time (INT64_MAX: any). Returns the index of the statement. */
size_t co_outbox_append(const struct co_outbox *box, struct co_batch *batch, int lane, int64_t not_before_us);

/* Fills in numbers and time from the result of that statement. */
void co_outbox_number(struct co_outbox *box, const PGresult *res);

/* Unpacks a body into the arena's memory. NULL: not an Event, or over the arena's cap. */
Callout__V1__Event *co_event_unpack(struct co_arena *arena, struct co_bytes body);

/* The number of an event's kind: the field number of the member that is set; 0: none. */
int co_event_kind(const Callout__V1__Event *event);

/* Row `row` of a result with the columns seq, at, case_id, kind, body; the result owns the body. */
struct co_entry_raw co_entry_of_row(const PGresult *res, int row);
