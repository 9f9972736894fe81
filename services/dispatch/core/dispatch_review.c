#include "dispatch_review.h"

#include <string.h>

#include "dispatch_risk.h"

#define OFF_DUTY "engineer_off_duty"
#define GONE "engineer_gone"

bool dispatch_review_wanted(const struct dispatch_order *o)
{
    return o->err == CO_OK && (o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_OFFERED ||
                               o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_ASSIGNED);
}

/* When he could be there; 0: never. */
static int64_t there_us(const struct dispatch_need *need, const struct dispatch_candidate *who)
{
    if (who == NULL || who->free_from_us == DISPATCH_NEVER_ON_DUTY)
        return 0;
    int64_t from_us = who->free_from_us > need->now_us ? who->free_from_us : need->now_us;
    return from_us + need->rule->preparation_us + who->travel_us;
}

static bool is_ours(const Callout__V1__ArrivalAtRisk *risk)
{
    return risk != NULL &&
           (strcmp(risk->missing, OFF_DUTY) == 0 || strcmp(risk->missing, GONE) == 0);
}

void dispatch_review(struct dispatch_order *o, const struct dispatch_need *need,
                     const struct dispatch_candidate *who)
{
    if (!dispatch_review_wanted(o))
        return;
    bool is_here = who != NULL && who->free_from_us <= need->now_us;
    int64_t at_us = there_us(need, who);
    bool is_in_time = at_us != 0 && (need->deadline_us == 0 || at_us <= need->deadline_us);
    if (o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_OFFERED) {
        if (!is_here && !is_in_time)
            dispatch_order_move(o, DISPATCH_ON_UNABLE, need->now_us, NULL);
        return;
    }
    if (!is_here) {
        enum dispatch_why why = DISPATCH_OFF_DUTY;
        struct dispatch_pool him = { .candidates = NULL, .count = 0 };
        struct dispatch_candidate copy;
        if (who != NULL) {
            copy = *who;
            him = (struct dispatch_pool){ .candidates = &copy, .count = 1 };
        }
        dispatch_risk_remedies(o, need, &him, &why, &o->remedies, &o->remedy_count);
        dispatch_risk_weigh(o, need, at_us, who == NULL ? GONE : OFF_DUTY);
    } else if (is_ours(o->state->at_risk)) {
        dispatch_risk_over(o, need, at_us);
    }
}
