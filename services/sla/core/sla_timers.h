/* sla_timers.h - accounts for every timer of one case: armed = fired + cancelled + pending. Pure.
 *
 * A timer is a threshold of one generation of a milestone: a warning, the due time, or a step of
 * its ladder. What is armed, cancelled and pending is computed from the inputs; what has fired is
 * what the journal says was announced and not taken back; that a pending one will fire is what the
 * row of the case says. These come from different places, so where they agree nothing was lost.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "co_arena.h"
#include "co_err.h"
#include "sla_fold.h"

enum sla_timer_kind { SLA_TIMER_WARNING, SLA_TIMER_DUE, SLA_TIMER_STEP, SLA_TIMER_KINDS };

enum sla_timer_fault {
    SLA_TIMER_MISSING, /* its time is over, and it was not announced */
    SLA_TIMER_LOST,    /* pending, and the row of the case does not wake up in time for it */
    SLA_TIMER_TWICE,   /* announced, not taken back, and announced again */
    SLA_TIMER_EARLY,   /* announced before its time */
    SLA_TIMER_STRANGE, /* announced, and the inputs do not give it, or give another time */
    SLA_TIMER_FAULTS
};

struct sla_timer {
    enum sla_timer_kind kind;
    const char *milestone;
    uint32_t generation;
    uint32_t ordinal; /* threshold of a warning, step of a ladder; 0 of a due time */
    int64_t due_us;   /* when it is to fire */
};

struct sla_timer_difference {
    enum sla_timer_fault fault;
    struct sla_timer timer;
    int64_t at_us;   /* announced then; 0: not */
    int64_t wake_us; /* SLA_TIMER_LOST: when the row wakes up; INT64_MAX: never */
};

/* armed == fired + cancelled + pending where there is no difference. */
struct sla_timer_count {
    uint64_t armed, fired, cancelled, pending;
    uint64_t taken_back; /* announcements that were withdrawn; not part of the sum */
};

struct sla_timer_entry {
    int64_t at_us;
    const Callout__V1__Event *event;
};

struct sla_timer_case {
    const struct sla_fold *fold;           /* as of now_us */
    const struct sla_timer_entry *entries; /* of the case, all, as the journal has them */
    size_t count;
    int64_t wake_us; /* of the row; INT64_MAX: no row, or it never wakes up */
    int64_t now_us;
    int64_t grace_us; /* what became due so short a time ago may still be on its way */
};

/* `late_us`: from its time, or from when the input came that made it known, to the announcement;
 * 0 or more. `since_us`: from its time alone. */
struct sla_timer_ear {
    void (*fired)(void *arg, const struct sla_timer *timer, int64_t late_us, int64_t since_us);
    void (*differs)(void *arg, const struct sla_timer_difference *difference);
    void *arg;
};

const char *sla_timer_name(enum sla_timer_kind kind); /* "warning", "due time", "ladder step" */

/* Adds the timers of one case to `counts`. What the ear gets lives until it returns. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_timers_account(const struct sla_timer_case *in,
                                             struct co_arena *arena,
                                             const struct sla_timer_ear *ear,
                                             struct sla_timer_count counts[SLA_TIMER_KINDS]);
