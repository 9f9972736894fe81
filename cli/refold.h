/* refold.h - a case computed anew from its journal entries and the texts of its versions.
 *
 * Pure: nobody is asked. In three steps, because the entries say which versions are needed:
 *   1. refold_read() makes the state of the case and lists the pins;
 *   2. the caller puts in the texts: `policy`, and `text` of each calendar;
 *   3. refold_run() folds the case as of now_us and accounts for each clock.
 * Everything but the compiled calendars is the arena's, or borrowed from the entries and texts,
 * which outlive it. What the texts say must have been checked (co_registry_check.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/explain.pb-c.h"
#include "callout/v1/registry.pb-c.h"
#include "co_arena.h"
#include "co_err.h"
#include "sla_fold.h"
#include "sla_journal.h"

#define REFOLD_CALENDARS_MAX 64
#define REFOLD_PROBLEM 256

struct refold_calendar {
    Callout__V1__Pin *pin;
    const Callout__V1__Calendar *text; /* NULL until it is given */
    struct co_calendar *compiled;      /* owned */
};

struct refold {
    struct co_arena *arena;
    const struct sla_journal_entry *entries; /* all of the case, rising by seq */
    const int64_t *taken_us; /* when the journal took each of them; only for certificates */
    size_t entry_count;
    int64_t now_us;
    Callout__V1__SlaState *state; /* `opened` is NULL where the case is held, or not yet taken */
    const Callout__V1__PolicyPack *policy;
    struct refold_calendar calendars[REFOLD_CALENDARS_MAX]; /* in force, each once */
    size_t calendar_count;
    struct sla_fold_input in;
    struct sla_fold fold;
    Callout__V1__Explanation *explanation; /* number is left to the caller */
    char problem[REFOLD_PROBLEM];          /* why it failed, a sentence without its full stop */
};

/* {0} with arena, entries and now_us is where it begins. Nothing to be computed (`opened` NULL) is
 * no failure. CO_EINPUT, CO_ENOMEM: see `problem`. */
CO_MUST_CHECK enum co_err refold_read(struct refold *r);
CO_MUST_CHECK enum co_err refold_run(struct refold *r);

/* Frees what is owned; may be called at any step, and twice. */
void refold_done(struct refold *r);

/* Whether an event is about this clock. */
bool refold_is_of(const Callout__V1__Event *e, const Callout__V1__ClockAccount *c);
