/* co_plan.h - which cases Callout opens by itself, and when: the dates of plans, the ends of
 * contracts, advisories.
 *
 * Pure. Times are microseconds since the Unix epoch, UTC; rules are followed in the local time of
 * the plan's calendar. A reading of the clock that is skipped or comes twice is taken as
 * co_offsets_us() says. What a date is known by is its local time as the rule has it: it stays
 * the same when the date is moved, so that a date opens one case however often it is moved.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/registry.pb-c.h"
#include "co_err.h"
#include "co_recur.h"
#include "co_time.h"

#define CO_PLAN_SOURCE "callout" /* of the tickets; no key of a client */
#define CO_PLAN_KEY 129          /* bytes of the key of a ticket */
#define CO_PLAN_LEAD_MAX_US (366 * CO_DAY_US)
#define CO_RENEWAL_LEAD_US (90 * CO_DAY_US) /* where the contract says nothing */

struct co_plan_date {
    int64_t rule_us;                     /* as the rule has it */
    int64_t at_us;                       /* when it takes place: moved, or the same */
    int64_t open_us;                     /* when its case is opened */
    const Callout__V1__PlanDate *change; /* skipped or moved; NULL: as the rule has it */
    char key[CO_PLAN_KEY];               /* "plan/KEY/2026-12-01T09:00" */
};

/* False ends the walk through the rule's dates. */
typedef bool co_plan_fn(void *arg, const struct co_plan_date *date);

/* Calls `each` with the dates that take place in [from_us, to_us): as the rule has them, rising and
 * with the skipped ones, then all those that were moved there. `end_us`: of the contract; none at
 * or after it, nor at or after the plan's own end. CO_EINPUT: the plan or its calendar is wrong,
 * which co_registry_check() tells; CO_ENOMEM. */
CO_MUST_CHECK enum co_err co_plan_dates(const Callout__V1__Plan *plan,
                                        const Callout__V1__Calendar *calendar, int64_t end_us,
                                        int64_t from_us, int64_t to_us, co_plan_fn *each,
                                        void *arg);

/* The end of a contract that is to be renewed: its key is "renewal/KEY/2026-12-31T16:00:00Z".
 * False: nobody is reminded of it. */
CO_MUST_CHECK bool co_plan_renewal(const Callout__V1__Contract *contract,
                                   struct co_plan_date *ret_date);

/* "advisory/KEY/CONTRACT": one case, whatever changes. */
void co_plan_advisory_key(const char *advisory, const char *contract,
                          char ret_key[static CO_PLAN_KEY]);

/* The case of an advisory for a contract that it concerns: when it was issued, or when the contract
 * begins, whichever is later. False: the contract is over by then. */
CO_MUST_CHECK bool co_plan_advisory(const Callout__V1__Advisory *advisory,
                                    const Callout__V1__Contract *contract,
                                    struct co_plan_date *ret_date);
