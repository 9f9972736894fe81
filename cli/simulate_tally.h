/* simulate_tally.h - counts what became of promises, as recorded and under a draft, by contract and
 * severity. Pure.
 *
 * A promise is counted once for each case and milestone, however often its clock started: missed
 * when one of its clocks was late; else met when one was met; else open when one still runs. What
 * was stopped without a verdict counts nowhere.
 */
#pragma once

#include <stdbool.h>

#include "callout/v1/audit.pb-c.h"
#include "co_arena.h"
#include "co_err.h"
#include "sla_fold.h"

/* What a fold says, under its pack. */
struct simulate_side {
    const Callout__V1__PolicyPack *policy;
    const struct sla_fold *fold;
};

struct simulate_tally;

/* `with_internal`: limits for ourselves are counted too. NULL: out of memory. */
struct simulate_tally *simulate_tally_new(bool with_internal);
void simulate_tally_free(struct simulate_tally *t); /* NULL is allowed */

/* Counts a case that was opened at `severity`. `scratch` is used. CO_ENOMEM. */
CO_MUST_CHECK enum co_err simulate_tally_add(struct simulate_tally *t, struct co_arena *scratch,
                                             const Callout__V1__CaseOpened *opened,
                                             struct simulate_side recorded,
                                             struct simulate_side draft);

/* Adds all of `from`. CO_ENOMEM. */
CO_MUST_CHECK enum co_err simulate_tally_join(struct simulate_tally *t,
                                              const struct simulate_tally *from);

/* Sets rows, in the order of contract and severity, and total; they live as long as the tally.
 * CO_ENOMEM. */
CO_MUST_CHECK enum co_err simulate_tally_report(struct simulate_tally *t,
                                                Callout__V1__SimulateReport *ret);
