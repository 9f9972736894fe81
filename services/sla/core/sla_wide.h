/* sla_wide.h - what concerns many cases at once reaches one of them: calendars in force from now
 * on, and exclusions declared, changed or taken back. Pure.
 *
 * The shell says how things stand now; what is said here is the difference to what the state has
 * taken in, so saying it again changes nothing. The journal gives the same state (sla_journal.h).
 *   - Calendars are compared by their pins. A rebased case counts with the new ones from its
 *     beginning; a closed one is never rebased.
 *   - Exclusions count where the policy lists their cause; others are passed over. Which regions
 *     they are declared for is settled by the shell. In a closed case only those count that
 *     begin no later than its end. What was over when the case was reported moves none of its
 *     clocks and is passed over, too: cases do not carry along the history of their region.
 *   - Whether a case is closed, and since when, is asked of its inputs as they are now. A late one
 *     may have opened it again, and then it takes in what it passed over: after the entries of a
 *     turn a case that has ended is asked once more, whether or not the registry moved since
 *     registry_seen. One that has not ended has nothing to take in until the registry moves.
 * The state says what it has taken in: `rebased` (absent: the pins of `opened`), `exclusions`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sla_case.h"

struct sla_wide {
    uint64_t registry_version;                     /* everything below is as of this one */
    const Callout__V1__CalendarRebased *calendars; /* pins in force now for this case; its
                                                      registry_version is not looked at. NULL: as
                                                      they are */
    Callout__V1__Exclusion *const *exclusions;     /* declared for the case's regions now, of any
                                                      cause, each key once */
    size_t exclusion_count;
};

/* It ended no later than the report of the case. */
bool sla_wide_is_over(const Callout__V1__Exclusion *x, int64_t reported_us);

/* The end of the case is announced. Its inputs may say otherwise by now. */
bool sla_case_has_ended(const struct sla_case *c);

/* Appends CalendarRebased and Excluded as far as there is news, takes it into c->state and sets
 * registry_seen. After a rebase c->calendars has to be that of state->rebased before the case is
 * folded. Before or after the entries of a turn, but before sla_case_advance(). Nothing happens to
 * a held case, which is opened under what holds then. What is taken in borrows from `wide`.
 * CO_ENOMEM: state and events are to be thrown away. */
CO_MUST_CHECK enum co_err sla_case_catch_up(struct sla_case *c, const struct sla_wide *wide,
                                            struct sla_events *ret);
