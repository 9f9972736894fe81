/* intake_plan.h - which cases Callout opens by itself, and what their tickets say. Pure.
 *
 * There is one line for each plan, each contract that is to be renewed, and each contract that an advisory may concern. Times are
 * microseconds since the Unix epoch, UTC.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/intake.pb-c.h"
#include "co_arena.h"
#include "co_err.h"
#include "co_plan.h"
#include "co_registry.h"

enum intake_line_kind { INTAKE_LINE_PLAN, INTAKE_LINE_RENEWAL, INTAKE_LINE_ADVISORY, INTAKE_LINE_KINDS };

struct intake_line {
    enum intake_line_kind kind;
    const char *key;      /* of the plan, the contract that is renewed, the advisory */
    const char *contract; /* of an advisory: whom it may concern; else NULL */
    int64_t since_us; /* nothing that lies before is opened; an advisory also reaches back: 0 */
    int64_t next_us;  /* when it is to be looked at; INT64_MAX: never by itself */
};

/* "plan", "renewal", "advisory": Origin.kind. */
const char *intake_line_name(enum intake_line_kind kind);

/* All that a registry has, in the order of the kinds, each by key, known since ever and to be looked at. NULL: out of memory. Keys are
 * copied. 200 advisories with 5,000 contracts each take 1 s and 34 MB (measured). */
struct intake_line *intake_lines(const struct co_registry *r, struct co_arena *arena, size_t *ret_count);

/* A date whose case is to be there: false ends the walk. */
typedef bool intake_due_fn(void *arg, const struct intake_line *line, const struct co_plan_date *date);

/* Gives the dates of a line, not before it was known, whose cases are to be open at `now_us`; sets next_us to when the next one is.
 * Skipped dates, what has left the registry, contracts whose products are not supported beyond their end, and those that an advisory
 * does not concern any more are passed over. A plan whose dates cannot be computed has none. CO_ENOMEM. */
CO_MUST_CHECK enum co_err intake_plan_due(const struct co_registry *r, struct intake_line *line, int64_t now_us, intake_due_fn *each,
                                          void *arg);

/* The ticket of a date, in the arena; borrows from the registry. False: out of memory, or the line has left the registry. */
CO_MUST_CHECK bool intake_plan_ticket(const struct co_registry *r, const struct intake_line *line, const struct co_plan_date *date,
                                      struct co_arena *arena, Callout__V1__SubmitTicket *ret_ticket);
