/* co_replay_plan.h - what a log of incidents does to the suite: each ticket and each act, with its
 * time.
 *
 * Pure; everything is known beforehand, as nothing that the suite says changes the log. Once an
 * incident is signed or cancelled its later rows do nothing.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_replay_log.h"

/* One request. */
struct co_replay_step {
    int64_t at_us;
    uint32_t incident;
    Callout__V1__Act act; /* ACT_REPORTED: the ticket itself */
    Callout__V1__Role role;
    uint64_t generation; /* accept, decline */
    const char *person;  /* who did it; NULL: nobody in particular */
    const char *name;    /* approve: the contract; or NULL */
    int64_t agreed_us;   /* agree: the time of arrival; else 0 */
};

struct co_replay_plan {
    struct co_replay_step *step; /* in the order of the log's rows */
    size_t steps;
    size_t rows_after_closing; /* rows that came when the incident was over */
    size_t rows_without_act;
};

/* CO_ENOMEM. To be freed also then. */
CO_MUST_CHECK enum co_err co_replay_plan_make(struct co_replay_plan *ret_plan,
                                              const Callout__V1__ReplayMapping *map,
                                              const struct co_replay_log *log);
void co_replay_plan_free(struct co_replay_plan *plan);

/* Where an incident happens: by its country, in turn by a hash of its key and the seed. NULL: the
 * mapping has no place for it. */
const Callout__V1__ReplaySite *co_replay_site(const Callout__V1__ReplayMapping *map,
                                              const struct co_replay_incident *incident);

/* The severity that its impact stands for; 0: the mapping does not say. */
uint32_t co_replay_severity(const Callout__V1__ReplayMapping *map,
                            const struct co_replay_incident *incident);

/* The mapping's title with its words put in, cut to `cap` bytes. */
void co_replay_title(const Callout__V1__ReplayMapping *map,
                     const struct co_replay_incident *incident, char *to, size_t cap);

/* A number drawn for one purpose: the same for the same seed, incident and purpose. */
uint64_t co_replay_draw(const Callout__V1__ReplayMapping *map,
                        const struct co_replay_incident *incident, const char *purpose,
                        uint64_t generation);

/* What of the mapping cannot be worked with; NULL: nothing. A sentence without its full stop. */
const char *co_replay_mapping_problem(const Callout__V1__ReplayMapping *map);
