/* notify_plan_impl.h - what the files that plan notices share; nobody else includes it. */
#pragma once

#include "notify_case.h"
#include "notify_tell.h"

struct notify_occasion notify_plan_occasion(const struct notify_case *c,
                                            const Callout__V1__Event *e, Callout__V1__NoticeOn on,
                                            const char *milestone, int64_t due_us);

typedef void notify_plan_rule(struct notify_case *c, const Callout__V1__Event *e);

/* -- notify_plan_step.c */

notify_plan_rule notify_plan_step_opened, notify_plan_step_handed_over, notify_plan_step_done;

/* -- notify_plan_consent.c */

notify_plan_rule notify_plan_consent;

/* "consent/3": of the third change of the case; then the state, and the key, by which an answer
 * finds it. NULL: no memory. */
const char *notify_plan_consent_family(struct notify_case *c, uint32_t ordinal);
