/* intake_answer.h - what a code answers, and the command that this is. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "callout/v1/intake.pb-c.h"
#include "co_answer.h"

/* A notice that may be answered; its texts are borrowed. */
struct intake_answerable {
    const char *obligation, *slot, *person;
    uint32_t generation;
    const uint8_t *secret; /* CO_ANSWER_SECRET bytes */
    uint32_t answers;
    int64_t answer_by_us;
    bool recalled;
};

/* The act that the mark stands for; ACT_NONE: it is none of this notice's. */
Callout__V1__Act intake_answer_act(const struct intake_answerable *n, int64_t case_id,
                                   const char mark[static CO_ANSWER_MARK + 1]);

/* What is kept as used: an offer that was accepted is not declined by its other code, and the other way round. */
void intake_answer_used(const struct intake_answerable *n, int64_t case_id, Callout__V1__Act act,
                        char ret_mark[static CO_ANSWER_MARK + 1]);

/* Why it cannot be answered any more, at that time: a sentence; NULL: it can. */
const char *intake_answer_over(const struct intake_answerable *n, int64_t now_us);

/* Fills act, person, role and offer of the command in; its texts are borrowed. */
void intake_answer_command(const struct intake_answerable *n, Callout__V1__Act act,
                           Callout__V1__Command *command);
