/* sla_verdict_impl.h - what the files that judge commands share; nobody else includes it. */
#pragma once

#include "sla_verdict.h"

/* What a command is judged by. */
struct judged {
    const struct sla_case *c;
    const struct sla_fold *fold;                 /* known now */
    const struct sla_fold *then;                 /* at the command's time */
    const Callout__V1__CommandReceived *command; /* NULL: would any of its kind be possible? */
    const char *unopened;                        /* why an approval cannot open the case */
    const struct sla_who *who;                   /* who says so */
};

/* NULL: may be; else a sentence that lives as long as the case's arena. */
typedef const char *check_rule(const struct judged *j);

/* A sentence in the case's arena. */
__attribute__((format(printf, 2, 3))) const char *sla_say(const struct judged *j,
                                                          const char *format, ...);

/* -- sla_verdict_step.c */

check_rule sla_may_step;
/* NULL: no step of the pack has to be complete before that decision. */
const char *sla_blocked_by_steps(const struct judged *j, Callout__V1__Act act);

/* -- sla_verdict_needs.c: what should have come before */

/* Whether a milestone or a step of the pack knows the act. */
bool sla_is_used(const Callout__V1__PolicyPack *policy, Callout__V1__Act act);
/* Whether all that should come before it has happened. */
bool sla_is_ready(const struct judged *j, Callout__V1__Act act);
/* What is still to be reported before the command's act. */
enum co_err sla_list_missing(const struct judged *j, struct sla_verdict *v);

/* -- sla_verdict_consent.c: remote access */

check_rule sla_may_ask_consent, sla_may_give_consent, sla_may_change_consent,
    sla_may_withdraw_consent, sla_may_fail_consent, sla_may_start_session, sla_may_end_session;

/* Whether the act is about remote access: those are also weighed by their own time. */
bool sla_is_of_consent(Callout__V1__Act act);
