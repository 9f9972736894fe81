/* notify_plan.h - who must be told what because of an entry of the journal, and what told before
 * must be taken back.
 *
 * Pure. The policy pack's rules say on what, to which roles and in which words; for each role the
 * first rule that fits holds. An obligation names the reason for ever: "breached/response/1",
 * "promised/arrival/1/r2", "offered/3", "withdrawn/breached/response/1". Where nobody can be found
 * or reached, a notice that failed stands there for people to see; none is dropped.
 */
#pragma once

#include "notify_case.h"

/* To be called after notify_case_learn() with the same entry. */
void notify_plan(struct notify_case *c, const Callout__V1__Event *e);

/* Kinds of entries that matter to notices, as bits 1 << kind. */
#define NOTIFY_PLAN_KINDS                                                                          \
    (NOTIFY_KIND(CASE_OPENED) | NOTIFY_KIND(CASE_HELD) | NOTIFY_KIND(PROMISED) |                   \
     NOTIFY_KIND(WARNED) | NOTIFY_KIND(BREACHED) | NOTIFY_KIND(MET) |                              \
     NOTIFY_KIND(SEVERITY_CHANGED) | NOTIFY_KIND(ACTED) | NOTIFY_KIND(WITHDRAWN) |                 \
     NOTIFY_KIND(CASE_CLOSED) | NOTIFY_KIND(SITE_LOCATED) | NOTIFY_KIND(OFFERED) |                 \
     NOTIFY_KIND(OFFER_ENDED) | NOTIFY_KIND(ASSIGNED) | NOTIFY_KIND(NOBODY_LEFT) |                 \
     NOTIFY_KIND(ORDER_ENDED) | NOTIFY_KIND(ESCALATED) | NOTIFY_KIND(TASK_ORDER_DRAFTED) |         \
     NOTIFY_KIND(TASK_ORDER_CONFIRMED) | NOTIFY_KIND(ARRIVAL_AT_RISK) |                            \
     NOTIFY_KIND(COMMAND_APPLIED) | NOTIFY_KIND(NOT_SERVED) | NOTIFY_KIND(STEP_OPENED) |           \
     NOTIFY_KIND(STEP_HANDED_OVER) | NOTIFY_KIND(STEP_DONE) | NOTIFY_KIND(NOTICE_RESEND_ASKED) |   \
     NOTIFY_KIND(CONSENT_CHANGED) | NOTIFY_KIND(LOT_LOW) | NOTIFY_KIND(ACT_MADE) |                 \
     NOTIFY_KIND(BOOKED) | NOTIFY_KIND(BOOKING_ENDED) | NOTIFY_KIND(NOBODY_TO_BOOK))
#define NOTIFY_KIND(name) (UINT64_C(1) << CALLOUT__V1__EVENT__BODY_##name)
