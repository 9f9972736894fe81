/* lateness.h - how late what happens by itself is announced: from when it was due, or, where its time came
 * with an input of this very turn, or with a raise in it, from then; to the commit. */
#pragma once

#include "sla.h"
#include "sla_case.h"

/* What one turn announces; zeroed at its beginning. Memory is the turn's. */
struct sla_lateness {
    int64_t *since_us;
    size_t count, cap;
};

/* A case in this turn, before anything is taken in. */
struct sla_lateness_case {
    Callout__V1__Event *const *announced; /* before this turn */
    size_t announced_count;
    int64_t seen_us;  /* looked at last */
    int64_t input_us; /* when the journal took the first input of this turn, or the turn itself brought one; 0: none */
    int64_t moved_us; /* when it changed by itself in this turn: a raise, an action; 0: not */
};

/* Notes an event that the turn announces; those that do not happen by themselves are none of it. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_lateness_note(struct sla_lateness *l, struct co_arena *arena, struct sla_lateness_case *c,
                                            const Callout__V1__Event *event);

/* The turn is committed at now_us, domain time. */
void sla_lateness_observe(struct sla_service *s, const struct sla_lateness *l, int64_t now_us);
