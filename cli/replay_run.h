/* replay_run.h - plays a log of incidents into a suite, and counts what became of it.
 *
 * Time goes from moment to moment: to the next row of the log, the next act of a player or the next
 * thing that is due, on the mapping's grid. What is due comes first; then the requests are sent in
 * the order of their times, the next one when sla and dispatch have done with the one before.
 * Nothing happens to a case, and no moment ends, before everybody was told of what happened before.
 *
 * Why that gives the same journal but for the order of what has nothing to do with each other:
 * within a moment only one thing at a time makes sla and dispatch decide; and what becomes due in
 * dispatch (who is asked next) is never rounded to a moment in which sla has something due too.
 */
#pragma once

#include "cli.h"
#include "co_replay_plan.h"
#include "co_replay_tally.h"
#include "replay_suite.h"

struct replay {
    struct cli *cli;
    const Callout__V1__ReplayMapping *map;
    const struct co_replay_log *log;
    const struct co_replay_plan *plan;
    struct co_replay_tally *tally; /* takes every entry of the journal; not finished here */
    uint64_t tickets, commands;    /* sent, and answered as durable */
    int64_t from_us, until_us;     /* domain time at the begin and at the end */
};

/* Returns an exit code; what went wrong is said. */
CO_MUST_CHECK int replay_run(struct replay *r, struct replay_suite *suite);
