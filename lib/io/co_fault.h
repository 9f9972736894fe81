/* co_fault.h - faults on purpose, for tests: die here, lose this message.
 *
 * Off unless the environment has CALLOUT_FAULT. It holds rules, separated by commas:
 *
 *     POINT:ACTION[:WHEN]     before_commit:kill:3,publish:drop:0.5
 *
 * POINT is a name of the table in co_fault.c: an unknown one is an error, so that a test cannot
 * pass because of a typing mistake. ACTION is kill (SIGKILL to ourselves), stop (SIGSTOP), or, for
 * messages only, drop, double, hold (send it after the next one). WHEN is a whole number N >= 1
 * (only the N-th time this rule's point is passed) or a probability with a decimal point
 * (0.0..1.0, each time); without it: each time. Of several rules for a point the first that
 * applies counts.
 *
 * CALLOUT_FAULT_SEED (a number, 0 when missing) makes a run repeatable. One thread only.
 */
#pragma once

#include <stdint.h>

#include "co_err.h"
#include "co_why.h"

struct co_fault;

enum co_fault_message {
    CO_FAULT_PASS,
    CO_FAULT_DROP,   /* do as if it had been sent */
    CO_FAULT_DOUBLE, /* send it twice */
    CO_FAULT_HOLD,   /* keep it and send it after the next one */
    CO_FAULT_MESSAGES
};

/* Reads the rules. `*ret_fault` is NULL, which every function takes as "off", when `rules` is NULL
 * or empty. The caller frees it. CO_EINPUT: a rule that cannot be read; `why` says which. */
CO_MUST_CHECK enum co_err co_fault_new(const char *rules, uint64_t seed,
                                       struct co_fault **ret_fault, struct co_why *why);

/* The same, from CALLOUT_FAULT and CALLOUT_FAULT_SEED. */
CO_MUST_CHECK enum co_err co_fault_from_environment(struct co_fault **ret_fault,
                                                    struct co_why *why);

/* NULL is allowed. */
void co_fault_free(struct co_fault *f);

/* The program passes `point`: may not return. An unknown point is our bug (only seen when on). */
void co_fault_point(struct co_fault *f, const char *point);

/* A message is about to go out at `point`: what to do with it. kill and stop work here too. */
enum co_fault_message co_fault_message(struct co_fault *f, const char *point);
