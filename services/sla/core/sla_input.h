/* sla_input.h - what of the journal becomes an input of a case. Pure.
 *
 * The functions add to state->inputs, which stay sorted by (occurred_us, seq); inputs of one entry
 * keep their order. Exclusions have seq 0, whenever they became known: in one instant they come
 * first, those that begin before those that end, by key. Memory is the arena's; texts are borrowed
 * from the entries. After CO_ENOMEM the state is to be thrown away.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "callout/v1/sla_state.pb-c.h"
#include "co_arena.h"
#include "co_err.h"

/* The report, taken on at `at_us`, with the conditions and wishes it came with, those that hold for
 * the site, and the exclusions declared so far. `seq`: the entry that opened the case, ticket or
 * approval. */
CO_MUST_CHECK enum co_err sla_input_opening(Callout__V1__SlaState *state, struct co_arena *arena,
                                            uint64_t seq, int64_t at_us,
                                            const Callout__V1__TicketSubmitted *ticket,
                                            const Callout__V1__CaseOpened *opened);

/* When a held case is taken on: at its approval, never before its report. */
int64_t sla_input_approved_us(const Callout__V1__CommandReceived *approval,
                              const Callout__V1__TicketSubmitted *ticket);

/* A command that was applied and changes clocks. */
CO_MUST_CHECK enum co_err sla_input_command(Callout__V1__SlaState *state, struct co_arena *arena,
                                            uint64_t seq,
                                            const Callout__V1__CommandReceived *command);

/* An exclusion that concerns the case: what was said under its key before is forgotten. Withdrawn,
 * nothing takes its place. One that ends when it begins, or before, has no effect. */
CO_MUST_CHECK enum co_err sla_input_exclusion(Callout__V1__SlaState *state, struct co_arena *arena,
                                              Callout__V1__Exclusion *exclusion, bool is_withdrawn);

/* The one of that key that is taken in; NULL: none. */
const Callout__V1__Exclusion *sla_input_find_exclusion(const Callout__V1__SlaState *state,
                                                       const char *key);

/* How far the site is. The first one holds. CO_EINPUT: not a distance. */
CO_MUST_CHECK enum co_err sla_input_located(Callout__V1__SlaState *state, struct co_arena *arena,
                                            uint64_t seq, const Callout__V1__SiteLocated *located);
