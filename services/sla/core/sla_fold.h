/* sla_fold.h - a case is what its inputs make of it: fold(inputs, versions, now).
 *
 * Pure: no clock, no I/O, no logging, no globals. The same arguments give the same result, in the
 * same order, whenever and in whatever order the inputs became known. Times are microseconds since
 * the Unix epoch, UTC.
 *
 * What happens by itself (a warning, a due time, what an action does) is computed, not remembered:
 * the fold walks through time up to now_us. Within one instant the order is
 *   0. consents to remote access whose time is over: their end is exclusive;
 *   1. inputs, in the order of `seq`: what happens exactly at its due time is in time;
 *   2. due times, warnings and steps of ladders, in the order of the pack's milestones; a due time
 * swallows the warnings of its clock that fall on the same instant;
 *   3. actions that stand although their reason was withdrawn (`standing`).
 * So everything later than a due time finds the breach there. A due time that moves into the past
 * (a raise to a shorter target) is breached at the instant that moved it.
 *
 * Rules, beyond those in policy.proto and DOMAIN section 9:
 *   - Nothing happens before the case is taken on (ACT_ENTITLED): what is said to have happened
 *     earlier counts as of then. Inputs later than now_us are not yet looked at.
 *   - ACT_LOCATED holds from the start, whenever it became known. Without it a clock with a zone
 *     target is announced to nobody; one that was announced before loses its due time.
 *   - One act is tried on each milestone in the order stop, cancel, suspend, pause, resume,
 *     restart, start.
 *   - A clock stands while an act of its pause is in force, or one of its pause conditions holds,
 *     or an exclusion whose cause the pack lists; it goes on when the last of them ends. Of several
 *     the one that came first is said to hold it, then what is left of acts, conditions (as the
 *     pack lists them), exclusions (by their begin). A clock that starts meanwhile stands from its
 *     start; an exclusion from before the case counts from the start of the case.
 *   - An armed milestone whose guard (only_conditions, unless_conditions) does not hold waits. When
 *     the guard comes to hold the clock counts from its start all the same, with the pauses since
 *     and the level of now: what is due already is breached at that instant. When it ceases to hold
 *     a clock that is not late stops and waits again. In the instant in which the case is taken on,
 *     a guard looks at what holds at the end of it.
 *   - What a pause does to a target is said in sla_target.h; an agreed time never moves.
 *   - A breached clock goes on until it is met, stopped or started anew, but its due time is
 *     frozen: neither severity nor pause nor agreement nor another date moves it.
 *   - From the instant of a breach the steps of its ladder are said, until the clock ends or
 *     ACT_ACKNOWLEDGED comes, which silences all clocks that are late then. Nothing makes a ladder
 *     stand.
 *   - At a threshold the actions of the first warning come first, then those of the threshold.
 *     Starting a milestone that runs, or is late, changes nothing.
 *   - Lowered to a level without a target, a running clock is stopped. It, and what was never
 *     started for want of a target, starts when a level with a target is reached, unless the
 *     milestone's stop or cancel came before.
 *   - The time of an agreed target comes with the acts that the milestone lists (agree), else with
 *     ACT_AGREE; said again, the last one by its own time holds. One that comes with the start
 *     holds too, where the milestone lists it.
 *   - A dated target counts from the date that the case has then. ACT_RESCHEDULE moves the date,
 * and with it the due times of clocks that run; warnings that were given stay.
 *   - A suspended milestone runs no clock, however often it is started; its restart starts the one
 *     that was asked for. Its stop ends the suspension too.
 *   - Signatures count for the restoration they followed; waivers hold until the fault is back.
 *     Waived after a raise: back to the level at the report or of the last ACT_SET_SEVERITY.
 *   - ACT_RELAPSED starts anew what ACT_RESTORED had met and nothing has cancelled since. Without
 *     a restoration before, it does nothing.
 *   - A consent is what was said last under its key: asked for, given (by the key alone: as it was
 *     asked for), changed, withdrawn. One that was not asked for is not refused, one that was not
 *     given neither changed nor withdrawn: that does nothing. It ends by itself; a question
 *     whose time is over was not answered.
 *   - A session ends by itself when its consent is withdrawn, is over, or no longer covers its
 *     person and its systems. Known to have begun without such a consent, it ends as it begins; by
 *     one that was never given it does not begin.
 *   - While a consent is waited for, clocks that consent_asked makes stand go on standing, whatever
 *     else of their resume comes; an answer lets go on only what the question made stand.
 *   - Closing ends consents and sessions, and stops every open clock; what is said to have happened
 * later changes nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "callout/v1/policy.pb-c.h"
#include "callout/v1/sla_state.pb-c.h"
#include "co_arena.h"
#include "co_err.h"
#include "sla_calendars.h"
#include "sla_step.h"
#include "sla_target.h"

#define SLA_ENGINE_VERSION 1u
#define SLA_LEVELS_MAX 32u           /* severities of a pack */
#define SLA_LADDER_TIMES_MAX 100u    /* the last step of a ladder again, whatever the pack says */
#define SLA_LADDER_OUTPUTS_MAX 1024u /* no step is said once a case has so many outputs */
#define SLA_OUTPUTS_MAX 4096u        /* of one case; a pack that goes round in circles ends here */

struct sla_fold_input {
    const Callout__V1__PolicyPack *policy;
    struct sla_calendars calendars;
    const Callout__V1__CaseOpened *opened;
    Callout__V1__SlaInput *const *inputs; /* sorted by (occurred_us, seq) */
    size_t input_count;
    Callout__V1__Acted *const *standing; /* sorted by acted_us */
    size_t standing_count;
    int64_t now_us;
};

enum sla_clock_state {
    SLA_CLOCK_OPEN,     /* runs, stands, or is late and not yet met */
    SLA_CLOCK_MET,      /* in time or late */
    SLA_CLOCK_STOPPED,  /* cancelled, closed, or no longer promised */
    SLA_CLOCK_REPLACED, /* a raise started the next generation */
    SLA_CLOCK_STATES
};

/* Another level's target began to govern a clock. */
struct sla_move {
    int64_t at_us;
    uint32_t ordinal; /* of the SeverityChanged */
    uint32_t from, to;
    int64_t due_before_us, due_after_us; /* 0: not known */
};

/* One generation of one milestone. */
struct sla_clock {
    const Callout__V1__Milestone *milestone;
    uint32_t generation;
    enum sla_clock_state state;
    bool is_paused;
    bool is_breached;
    uint32_t step;       /* of its ladder, the next one */
    int64_t breached_us; /* with is_breached: when; never before it was due */
    int64_t start_us;
    int64_t due_us;   /* 0: not known */
    int64_t ended_us; /* unless open */
    int64_t agreed_us;
    uint32_t levels;      /* bit level - 1: the earliest target of these levels governs */
    struct sla_goal goal; /* the one that governs */
    struct sla_pauses pauses;
    int64_t *warn_us;               /* one per warning of the milestone; INT64_MAX: never */
    uint64_t warned;                /* bit per warning */
    int64_t next_us;                /* what happens next by itself; INT64_MAX: nothing */
    Callout__V1__Promised *promise; /* NULL: not announced */
    struct sla_move *moves;         /* in the order of time */
    size_t move_count;
};

/* Consent to remote access of one key. */
struct sla_consent {
    const char *key;
    Callout__V1__Consent *asked; /* waits for the customer's answer; NULL: nothing does */
    Callout__V1__Consent *given; /* in force, from its from_us on; NULL: none is */
    Callout__V1__Consent *terms; /* what the last change was about; NULL: nothing was ever said */
    const char *state;           /* of the last ConsentChanged; NULL: nothing was ever said */
    const char *person;          /* who said it */
    uint32_t question;           /* ordinal of what was asked for last; 0: nothing was */
    int64_t changed_us;
    bool was_given; /* at least once */
};

/* Somebody is, or was, in by a consent. */
struct sla_session {
    uint32_t ordinal;
    const char *consent; /* key */
    const char *person;
    char **systems;
    size_t system_count;
    bool is_over;
};

/* An act that the pack made happen. */
struct sla_made_act {
    Callout__V1__Act act;
    int64_t at_us;
};

/* The customer owes an answer to whether somebody may enter. */
struct sla_wait_span {
    int64_t from_us;
    int64_t until_us; /* INT64_MAX: goes on */
};

struct sla_fold {
    Callout__V1__Event **outputs; /* in the order of time */
    size_t output_count;
    struct sla_clock **clocks; /* every generation, in the order of their start */
    size_t clock_count;
    const struct sla_clock *next_promise; /* running, shown to customers, due first; or NULL */
    bool *conditions;                     /* like policy->conditions */
    struct sla_step *steps;               /* like policy->steps */
    struct sla_consent **consents;        /* in the order in which they were first heard of */
    size_t consent_count;
    struct sla_session **sessions; /* in the order of their start */
    size_t session_count;
    struct sla_made_act **made; /* in the order of time */
    size_t made_count;
    struct sla_wait_span **waits; /* for consent, in the order of time, apart from one another */
    size_t wait_count;
    int64_t next_us;   /* when the case has to be looked at again; INT64_MAX: never by itself */
    int64_t closed_us; /* with is_closed */
    uint64_t acts;     /* bit per Act that has happened; those of a visit, since the last that was
                          handed up */
    uint32_t severity;
    uint32_t waived_roles; /* bit per Role */
    uint32_t signed_roles;
    bool is_closed;
    bool is_restored;
    bool awaits_agreement; /* some open clock has a target that ACT_AGREE brings the time of */
    int64_t proposed_us;   /* the time proposed last; 0: none, or answered */
    Callout__V1__Role proposed_by;
    struct sla_date date; /* when what it is about takes place, as last said */
    int64_t answered_us;  /* when a proposed time was last taken or rejected, or one agreed; 0:
                             never */
};

/* Folds. The result lives in `arena` and borrows strings from the arguments: it is good as long as
 * all of them live. Revisions of Promised are 1. CO_ENOMEM: the arena is exhausted. CO_EINPUT: the
 * pack makes more than SLA_OUTPUTS_MAX outputs. *ret is untouched on failure. */
CO_MUST_CHECK enum co_err sla_fold(const struct sla_fold_input *in, struct co_arena *arena,
                                   struct sla_fold *ret);

/* NULL: nobody ever heard of it. */
const struct sla_consent *sla_consent_find(const struct sla_fold *fold, const char *key);
/* The open session of that person by that consent; NULL: none. */
struct sla_session *sla_session_find(const struct sla_fold *fold, const char *key,
                                     const char *person);
bool sla_consent_names(const Callout__V1__Consent *c, const char *person);
/* The first of the systems that it does not let into; NULL: it does into all. */
const char *sla_consent_lacks(const Callout__V1__Consent *c, char *const *systems, size_t count);
bool sla_consent_is_waited_for(const struct sla_fold *fold);

/* When a step of a ladder is said after the breach; INT64_MAX: there is no such step. Beyond the
 * list the last one comes again. */
int64_t sla_ladder_after(const Callout__V1__Milestone *m, uint32_t step);
