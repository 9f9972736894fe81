/* sla_step.h - steps of a case, as the fold leaves them. Pure.
 *
 * A step of the pack is needed while its conditions say so. It comes open when one of its `open`
 * acts has come (without any: by itself) and all steps before it (`after`) are complete; it is then
 * the duty of who is responsible. It is done by ACT_STEP_DONE or one of its `done_by` acts,
 * complete when all of `accepted_by` have accepted it. ACT_STEP_RETURNED opens it anew, as the next
 * generation; a finishing step that is returned makes the case relapse. Facts win: what is done
 * before it was open has been opened then. A step that is not needed does not stand in the way of
 * those after it, but what comes before it does.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "callout/v1/policy.pb-c.h"

enum sla_stage {
    SLA_STAGE_CLOSED, /* never opened */
    SLA_STAGE_OPEN,
    SLA_STAGE_DONE, /* waits to be accepted */
    SLA_STAGE_COMPLETE
};

struct sla_step {
    enum sla_stage stage;
    bool is_needed;
    bool is_asked;     /* one of its `open` acts has come */
    uint32_t accepted; /* bit per Role */
    uint32_t generation;
    int64_t opened_us;
    Callout__V1__Document *document; /* handed over last; NULL: none */
};

/* The place of the step in the pack; n_steps: it has none of that key. */
size_t sla_step_find(const Callout__V1__PolicyPack *policy, const char *key);

/* Steps of a case: `step` is like policy->steps. */
struct sla_steps {
    const Callout__V1__PolicyPack *policy;
    const struct sla_step *step;
};

/* Whether that one stands in nobody's way: complete, or not needed and nothing before it in the way
 * either. */
bool sla_step_is_out_of_the_way(struct sla_steps steps, size_t i);

/* Those that are in the way of that one, as bits of `in_the_way` (n_steps of them, all false
 * before). How many. */
size_t sla_step_before(struct sla_steps steps, size_t i, bool *in_the_way);

struct sla_fold;

/* Whose turn a step was. */
struct sla_turn {
    const Callout__V1__Role *roles; /* NULL: nobody's */
    size_t count;
};

/* At that time: to do it, or to accept it. */
struct sla_turn sla_step_turn(const struct sla_fold *fold, const Callout__V1__Step *step,
                              int64_t at_us);

/* When the output moved a step; 0: it is not about one. */
int64_t sla_step_moved_us(const Callout__V1__Event *output);

/* Whether it is somebody's duty now. */
bool sla_step_is_owed(const struct sla_step *step);
