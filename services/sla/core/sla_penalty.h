/* sla_penalty.h - what a broken promise costs under the liability of a contract. Pure.
 *
 * Of a clock that is late, shown to customers, the first Penalty that fits holds: its milestone
 * ("": any) and the severity whose target governed the clock. It is late from its due time and the
 * grace of the rule until it ended, however it did, or until now. Time in which an exclusion of a
 * cause in Liability.excluded was in force does not count, whether or not it made the clock stand.
 * What is left costs per_case_cents once and per_hour_cents for each hour begun, no more than the
 * rule's own cap_cents. Amounts are hundredths of the currency of the contract's price.
 *
 * The cap of the contract holds over all its cases: sla_penalty_cap().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/registry.pb-c.h"
#include "sla_fold.h"

/* What was declared where the case is, of any cause, in any order. */
struct sla_declared {
    Callout__V1__Exclusion *const *exclusion;
    size_t count;
};

struct sla_penalty {
    const Callout__V1__Penalty *rule;
    int64_t until_us; /* the end of the clock, or now */
    int64_t late_us;  /* that counts: after grace, without what is excluded; 0: nothing is owed */
    int64_t excluded_us; /* left out of it */
    int64_t hours;       /* begun */
    int64_t cents;
    bool goes_on; /* the clock has not ended: so far */
};

/* False: nothing applies: the clock is not late, is not shown, or no rule fits. A clock that has
 * ended does so no later than now_us. */
bool sla_penalty_of(const Callout__V1__Liability *liability, const struct sla_clock *clock,
                    struct sla_declared declared, int64_t now_us, struct sla_penalty *ret);

/* The part of [from_us, until_us) in which some of them was in force whose cause is listed. */
int64_t sla_penalty_excluded_us(const Callout__V1__Liability *liability,
                                struct sla_declared declared, int64_t from_us, int64_t until_us);

/* At most so much in one service period: cap_cents, else the price. */
int64_t sla_penalty_cap(const Callout__V1__Contract *terms);
