/* sla_ledger.h - where the time of a case went: who held it, from the report to its close or to
 * now. Pure.
 *
 * Every microsecond is in exactly one pair of hands. What counts first, where several hold it:
 *   1. held      the case waits for the decision whether it is taken on
 *   2. excluded  a declared exclusion is in force whose cause the policy lists
 * (PolicyPack.excluded)
 *   3. customer  a duty of the customer is open (waiting_customer; a step that is his alone while
 * no step of ours is open, or a clock stands because of it), he was asked to let somebody in and
 * has not answered, or it is restored and he has not signed
 *   4. vendor    a duty of the manufacturer is open (waiting_vendor), or the hardware is waited for
 * (hardware_fault)
 *   5. closed    nobody works: outside of the calendar of the promise that governs, where that
 * counts working time. It governs which is due first of the running ones shown to customers; where
 * it counts running time, or days, nights are ours
 *   6. who works on it: queue (nobody), remote line, expert, travel, on site. An act says so, see
 * the table in sla_ledger.c Inputs count at the time they happened, in whatever order they became
 * known; what is said to have happened before the case was taken on counts as of then.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_arena.h"
#include "co_err.h"
#include "sla_fold.h"

enum sla_holder {
    SLA_HOLDER_HELD,
    SLA_HOLDER_QUEUE,
    SLA_HOLDER_REMOTE,
    SLA_HOLDER_EXPERT,
    SLA_HOLDER_TRAVEL,
    SLA_HOLDER_ONSITE,
    SLA_HOLDER_CUSTOMER,
    SLA_HOLDER_VENDOR,
    SLA_HOLDER_CLOSED,
    SLA_HOLDER_EXCLUDED,
    SLA_HOLDERS
};

/* "held", "queue" ... */
const char *sla_holder_name(enum sla_holder holder);

struct sla_ledger_span {
    int64_t from_us;
    int64_t until_us;
    enum sla_holder holder;
};

struct sla_ledger {
    int64_t from_us;
    int64_t until_us;               /* never before from_us */
    int64_t length_us[SLA_HOLDERS]; /* add up to until_us - from_us */
    struct sla_ledger_span *spans;  /* from from_us to until_us without gaps; neighbours differ */
    size_t span_count;
};

/* Of an open or closed case: `fold` is sla_fold() of `in`. The spans live in `arena`. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_ledger(const struct sla_fold_input *in, const struct sla_fold *fold,
                                     struct co_arena *arena, struct sla_ledger *ret);

/* Of a case that is held, or was until it was cancelled. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_ledger_held(int64_t reported_us, int64_t until_us,
                                          struct co_arena *arena, struct sla_ledger *ret);
