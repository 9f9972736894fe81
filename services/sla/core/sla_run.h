/* sla_run.h - one run of the fold, shared by the files of the fold; nobody else includes it.
 *
 * Failures stick in run->err: whoever makes an output may go on without a check, the loop of
 * sla_fold() stops at the first one. Everything happens at run->time_us.
 */
#pragma once

#include "sla_fold.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

/* A start that came and waits for its guard: the clock will count from it. */
struct sla_wait {
    bool is_waiting;
    int64_t from_us;
    struct sla_pauses pauses;
};

/* A milestone in the life of a case. */
struct sla_slot {
    const Callout__V1__Milestone *milestone;
    struct sla_clock *clock; /* newest generation; NULL: none yet */
    Callout__V1__Act met_by; /* the act that ended it last; ACT_NONE: cancelled, or never ended */
    const char *met_by_step; /* with met_by ACT_STEP_DONE */
    Callout__V1__Act
        paused_by;          /* an act of its pause, and none of its resume since; ACT_NONE: no */
    bool is_asked;          /* consent_asked is of its pause, and a question waits */
    struct sla_reason held; /* what makes its clocks stand; one of possibly several reasons */
    struct sla_wait waits;
    bool is_armed;     /* its start came, and neither its stop nor its cancel since */
    bool is_suspended; /* an act of its suspend came, and neither restart nor stop since */
    bool is_cancelled; /* an act of its cancel came at least once */
    bool is_unserved;  /* since it is armed it was said that the area is excluded */
    uint32_t unserved; /* how often that was said */
};

struct sla_run {
    const struct sla_fold_input *in;
    struct co_arena *arena;
    struct sla_fold *out;
    struct sla_slot *slots; /* like policy->milestones */
    size_t slot_count;
    size_t output_cap;
    size_t clock_cap;
    size_t input_next;
    size_t standing_next;
    const char **exclusions; /* in force, by their begin */
    size_t exclusion_count;
    size_t exclusion_cap;
    size_t consent_cap;
    size_t session_cap;
    size_t wait_cap;
    size_t made_cap;
    uint32_t consent_ordinal; /* of the last ConsentChanged */
    uint32_t made_ordinal;    /* of the last ActMade */
    bool is_closing;
    bool is_finished; /* the finishing steps that are needed are complete */
    int64_t time_us;
    int64_t base_us; /* when the case was taken on */
    struct sla_terms terms;
    uint32_t judged;  /* severity by people: at the report, or set */
    uint32_t ordinal; /* of the last SeverityChanged */
    enum co_err err;
};

/* -- sla_out.c: memory and outputs */

/* Zeroed memory of the run; NULL after setting err. */
void *sla_run_alloc(struct sla_run *run, size_t size);
char *sla_run_text(struct sla_run *run, const char *text);

/* A message of that type, initialised. NULL after setting err. */
void *sla_run_message(struct sla_run *run, const ProtobufCMessageDescriptor *type);

/* `list` with room for one more, for arrays of pointers. NULL after setting err. */
void *sla_run_room(struct sla_run *run, void *list, size_t count, size_t *cap);

/* Appends an output of that kind and returns its body. NULL after setting err. */
void *sla_run_emit(struct sla_run *run, Callout__V1__Event__BodyCase kind,
                   const ProtobufCMessageDescriptor *type);
void sla_run_emit_acted(struct sla_run *run, Callout__V1__Acted *acted);

/* -- sla_clock.c: clocks of milestones */

bool sla_slot_is_open(const struct sla_slot *slot);
/* Arms the milestone and starts a clock where none is open, the level has a target and the guard
 * holds. */
void sla_slot_start(struct sla_run *run, struct sla_slot *slot);
void sla_slot_stop(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by); /* met */
void sla_slot_cancel(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by);
/* Ends the clock; a start only arms the milestone until sla_slot_restart(). */
void sla_slot_suspend(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by);
void sla_slot_restart(struct sla_run *run, struct sla_slot *slot);
/* Ends an open clock without disarming the milestone. */
void sla_clock_end(struct sla_run *run, struct sla_clock *clock, Callout__V1__Act by);
/* Computes due time, warnings and promise of an open clock anew. False: no level of it has a
 * target. */
bool sla_clock_update(struct sla_run *run, struct sla_slot *slot);
/* What is next in this clock has come. */
void sla_clock_fire(struct sla_run *run, struct sla_slot *slot);

/* -- sla_hold.c: why clocks stand */

void sla_slot_pause(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by);
void sla_slot_resume(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by);
/* No consent is waited for any more, and nobody said so. */
void sla_hold_unasked(struct sla_run *run, struct sla_slot *slot);
/* A condition that may hold its clocks changed. */
void sla_hold_update(struct sla_run *run, struct sla_slot *slot);
/* A clock with these pauses starts: it stands from the start where there is a reason. */
void sla_hold_begin(struct sla_run *run, struct sla_slot *slot, struct sla_pauses *pauses);
void sla_exclusion_begin(struct sla_run *run, const Callout__V1__SlaInput *input);
void sla_exclusion_end(struct sla_run *run, const Callout__V1__SlaInput *input);

/* -- sla_guard.c: whether a milestone is promised at all */

/* All of `only` hold and none of `unless`. */
bool sla_conditions_hold(const struct sla_run *run, char *const *only, size_t only_count,
                         char *const *unless, size_t unless_count);
bool sla_guard_holds(const struct sla_run *run, const struct sla_slot *slot);
/* Its start came and the level has no target there: says, once, that somebody was asked to an
 * excluded area. */
void sla_slot_not_served(struct sla_run *run, struct sla_slot *slot, const struct sla_goal *goal);
/* One of its conditions changed by that act. */
void sla_guard_update(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act by);

/* -- sla_ladder.c: steps after a breach */

void sla_ladder_begin(struct sla_run *run, struct sla_clock *clock);
void sla_ladder_climb(struct sla_run *run, struct sla_clock *clock);
void sla_ladder_acknowledge(struct sla_run *run, const Callout__V1__SlaInput *input);

/* -- sla_level.c: severity */

/* `by` stops clocks that lose their target; `restart` (or NULL) gets a new generation. */
struct sla_change {
    uint32_t to;
    const char *rule; /* of Why */
    char *what;
    Callout__V1__Act by;
    struct sla_slot *restart;
};
void sla_level_change(struct sla_run *run, struct sla_change change);
/* Why a raise may not be made, NULL: it may. In the arena or the pack. */
Callout__V1__Text *sla_level_barrier(struct sla_run *run, uint32_t to);
bool sla_level_is_waived(const struct sla_run *run);
bool sla_has_all_roles(const Callout__V1__Role *roles, size_t count, uint32_t mask);
uint32_t sla_role_bit(Callout__V1__Role role);

/* -- sla_act.c: what an act does */

void sla_act_happen(struct sla_run *run, const Callout__V1__SlaInput *input);
/* It happens now, by the policy itself. */
void sla_act_make(struct sla_run *run, Callout__V1__Act act);
/* Whether that act brings the time of an agreed target of the milestone. */
bool sla_act_agrees(const Callout__V1__Milestone *milestone, Callout__V1__Act act);
bool sla_condition_holds(const struct sla_run *run, const char *key);

/* -- sla_step.c: steps of the pack */

/* What an act does to steps, and what follows from that. */
void sla_steps_happen(struct sla_run *run, const Callout__V1__SlaInput *input);
/* It opens once what comes before is complete, unless it was open before. */
void sla_step_ask(struct sla_run *run, const char *key);
/* Whether the step is somebody's duty, so that what depends on it stands. */
bool sla_step_holds(const struct sla_run *run, const char *key);

/* -- sla_consent.c: remote access */

void sla_consent_ask(struct sla_run *run, const Callout__V1__SlaInput *input);
void sla_consent_give(struct sla_run *run, const Callout__V1__SlaInput *input);
void sla_consent_change(struct sla_run *run, const Callout__V1__SlaInput *input);
void sla_consent_withdraw(struct sla_run *run, const Callout__V1__SlaInput *input);
void sla_consent_fail(struct sla_run *run, const Callout__V1__SlaInput *input);
void sla_session_start(struct sla_run *run, const Callout__V1__SlaInput *input);
void sla_session_end(struct sla_run *run, const Callout__V1__SlaInput *input);
/* When the next one is over; INT64_MAX: none is in force or asked for. */
int64_t sla_consent_next_us(const struct sla_run *run);
void sla_consent_expire(struct sla_run *run); /* that one */
void sla_consent_close(struct sla_run *run);  /* the case is closed: nobody enters any more */

/* -- sla_action.c: what a pack wants done */

/* `threshold` of the newest clock was reached, which is its first warning or not. */
void sla_actions_warned(struct sla_run *run, struct sla_slot *slot, size_t threshold,
                        bool is_first);
void sla_actions_breached(struct sla_run *run, struct sla_slot *slot);
/* An action that stands although its reason is gone. */
void sla_action_stand(struct sla_run *run, Callout__V1__Acted *acted);
