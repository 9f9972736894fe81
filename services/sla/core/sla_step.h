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
    bool is_skipped;   /* complete because it was agreed not to be needed */
    uint32_t accepted; /* bit per Role */
    uint32_t generation;
    int64_t opened_us;
    int64_t done_us;
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

/* Whether it was somebody's duty then. */
bool sla_step_was_open(const struct sla_fold *fold, const char *key, int64_t at_us);

/* When the output opened or completed a step; 0: it did not. */
int64_t sla_step_moved_us(const Callout__V1__Event *output);

/* Whether it is somebody's duty now. */
bool sla_step_is_owed(const struct sla_step *step);
