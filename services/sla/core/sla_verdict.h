/* sla_verdict.h - may this command be applied to this case? Pure.
 *
 * Facts are applied whenever they come, and say which predecessors were never reported; only a
 * fact that is said to have happened after the end of the case, or names something that the pack
 * lacks, is refused. Decisions are judged by everything known now, and those that the fold weighs
 * by their own time (sign, agree, remote access) also by what was so then. A refusal says what is
 * possible now.
 */
#pragma once

#include "callout/v1/event.pb-c.h"
#include "sla_case.h"

struct sla_verdict {
    const char *reason; /* a sentence; NULL: applied */
    Callout__V1__Act *possible;
    size_t possible_count; /* with a reason */
    Callout__V1__Act *missing;
    size_t missing_count; /* without */
    bool is_input;        /* it changes clocks: the fold has to know */
};

/* Whether sla answers this act at all. */
bool sla_verdict_owns(Callout__V1__Act act);

/* Whether this act, once applied, is an input of the fold. A note is none; an approval opens. */
bool sla_verdict_is_input(Callout__V1__Act act);

/* Whether who says so matters, by the registry. */
bool sla_verdict_asks_who(Callout__V1__Act act);

/* The lists are in c->arena. `unopened` says why an approval cannot open the case, NULL: it can;
 * `who` is looked at for acts about remote access.
 * CO_ENOMEM, CO_EINPUT as sla_fold(). */
CO_MUST_CHECK enum co_err sla_verdict_of(const struct sla_case *c,
                                         const Callout__V1__CommandReceived *command,
                                         const char *unopened, const struct sla_who *who,
                                         struct sla_verdict *ret);
