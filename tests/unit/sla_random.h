/* sla_random.h - random cases for the tests of the sla core: a pack with everything in it, and what
 * happens and when it becomes known, made from a seed. */
#pragma once

#include "co_rand.h"
#include "sla_case.h"
#include "sla_world.h"

enum {
    RANDOM_INPUTS_MAX = 30,
    RANDOM_WIDES_MAX = 8,
    RANDOM_KEYS = 2,  /* of exclusions */
    RANDOM_END = 8000 /* minutes; by then all is known */
};

/* What becomes known about many cases at once: an exclusion as it is said then, or a calendar. */
struct random_wide {
    Callout__V1__Exclusion exclusion;
    bool is_withdrawn;
    bool is_rebase;
    int64_t arrives_us;
};

struct random_history {
    uint64_t seed;
    struct co_rand rand;
    Callout__V1__SlaInput inputs[RANDOM_INPUTS_MAX];
    Callout__V1__Consent consents[RANDOM_INPUTS_MAX]; /* of the inputs */
    int64_t arrives_us[RANDOM_INPUTS_MAX];            /* never before it happened */
    size_t count;
    struct random_wide wides[RANDOM_WIDES_MAX]; /* of one key in the order of their arrival */
    size_t wide_count;
    uint32_t stated;
    int64_t approved_us; /* 0: open from the report on */
};

/* What of it is known: the latest under each key. */
struct random_known {
    Callout__V1__Exclusion *exclusions[RANDOM_KEYS];
    size_t count;
    bool is_rebased;
    uint64_t version;
};

/* Every kind of target, warning, action, guard, pause and ladder; actions of breaches are withdrawn
 * as `how` says. */
void random_pack(struct world *w, Callout__V1__OnWithdrawn how);
void random_history(struct random_history *h, uint64_t seed);
uint64_t random_pick(struct random_history *h, uint64_t bound);

void random_learn(struct random_known *known, struct random_wide *x);
/* The case takes in what is known. Events go to *ret. */
void random_catch_up(struct sla_case *c, struct world *w, struct random_known *known,
                     struct sla_events *ret);

/* The case as it is opened, at T0 or by approval: taken with these sequence numbers below 10. What
 * it said goes into *ret. */
struct sla_case random_case(const struct world *w, struct random_history *h, struct co_arena *arena,
                            struct co_arena *scratch, struct sla_events *ret);
Callout__V1__TicketSubmitted *random_ticket(const struct random_history *h, struct co_arena *arena);
Callout__V1__CommandReceived *random_approval(const struct random_history *h,
                                              struct co_arena *arena);
