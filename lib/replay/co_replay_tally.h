/* co_replay_tally.h - what became of a replay, counted from the journal.
 *
 * Pure. Entries are taken in their order; what is counted does not depend on numbers of cases, on
 * real time, or on how entries of different cases lie between each other, so that two runs of the
 * same log count the same.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "co_err.h"

#define CO_REPLAY_SEVERITIES 10 /* 0: not known */

/* What became of clocks. met + missed + stopped + open = promised. */
struct co_replay_clocks {
    uint64_t promised;
    uint64_t met;
    uint64_t missed;  /* breached, or met too late */
    uint64_t stopped; /* ended in time without being met */
    uint64_t open;    /* still running, or waiting for a time to be agreed */
};

struct co_replay_by_milestone {
    const char *milestone;
    uint32_t severity; /* of the last promise */
    struct co_replay_clocks clocks;
};

struct co_replay_by_zone {
    const char *zone;
    uint32_t severity;
    double km_max; /* the farthest site among them */
    struct co_replay_clocks clocks;
};

struct co_replay_engineer {
    const char *key;
    uint64_t offers, accepted, declined, silent, withdrawn, overtaken;
    uint64_t visits; /* that ended, however */
    double km;       /* one way, of the accepted ones */
};

struct co_replay_notices {
    const char *channel;
    uint64_t state[CALLOUT__V1__NOTICE_STATE__NOTICE_GATHERED + 1];
};

struct co_replay_cases {
    uint64_t tickets, opened, held, held_still, closed;
    uint64_t raised, lowered; /* changes of severity */
    uint64_t nobody_left;
    uint64_t withdrawn; /* announcements taken back */
};

struct co_replay_commands {
    Callout__V1__Act act;
    uint64_t received, applied, refused;
};

struct co_replay_tally;

/* NULL: out of memory. */
struct co_replay_tally *co_replay_tally_new(void);
void co_replay_tally_free(struct co_replay_tally *tally); /* NULL is allowed */

/* CO_ENOMEM; CO_EFULL: more than it was made for. */
CO_MUST_CHECK enum co_err co_replay_tally_take(struct co_replay_tally *tally, uint64_t case_id,
                                               const Callout__V1__Event *event);

/* Closes the count: nothing is taken afterwards. CO_ENOMEM. */
CO_MUST_CHECK enum co_err co_replay_tally_finish(struct co_replay_tally *tally);

/* The counts, each list in the order of its keys; they live as long as the tally. */
const struct co_replay_cases *co_replay_tally_cases(const struct co_replay_tally *tally);
const uint64_t *co_replay_tally_severities(const struct co_replay_tally *tally); /* opened with */
const struct co_replay_by_milestone *co_replay_tally_milestones(const struct co_replay_tally *tally,
                                                                size_t *ret_n);
const struct co_replay_by_zone *co_replay_tally_zones(const struct co_replay_tally *tally,
                                                      size_t *ret_n);
const struct co_replay_engineer *co_replay_tally_engineers(const struct co_replay_tally *tally,
                                                           size_t *ret_n);
const struct co_replay_notices *co_replay_tally_notices(const struct co_replay_tally *tally,
                                                        size_t *ret_n);
const struct co_replay_commands *co_replay_tally_commands(const struct co_replay_tally *tally,
                                                          size_t *ret_n);
