#include "dispatch_risk.h"

#include <string.h>

/* The milestone whose deadline it is. */
static const char *milestone_of(const struct dispatch_order *o, int64_t due_us)
{
    for (size_t i = 0; i < o->state->n_promises; i++)
        if (!o->state->promises[i]->is_over && o->state->promises[i]->due_us == due_us)
            return o->state->promises[i]->milestone;
    return "";
}

static Callout__V1__ArrivalAtRisk *announce(struct dispatch_order *o)
{
    Callout__V1__ArrivalAtRisk *risk = dispatch_order_alloc(o, sizeof(*risk));
    Callout__V1__Event *event = risk != NULL ? dispatch_order_announce(o) : NULL;
    if (event == NULL)
        return NULL;
    callout__v1__arrival_at_risk__init(risk);
    event->body_case = CALLOUT__V1__EVENT__BODY_ARRIVAL_AT_RISK;
    event->arrival_at_risk = risk;
    o->is_changed = true;
    return risk;
}

void dispatch_risk_over(struct dispatch_order *o, const struct dispatch_need *need,
                        int64_t there_us)
{
    const Callout__V1__ArrivalAtRisk *said = o->state->at_risk;
    Callout__V1__ArrivalAtRisk *risk = said != NULL ? announce(o) : NULL;
    if (risk == NULL)
        return;
    risk->milestone = said->milestone;
    risk->is_over = true;
    risk->due_us = need->deadline_us;
    risk->earliest_us = there_us;
    risk->at_us = need->now_us;
    o->state->at_risk = NULL;
}

void dispatch_risk_weigh(struct dispatch_order *o, const struct dispatch_need *need,
                         int64_t there_us, const char *missing)
{
    const Callout__V1__ArrivalAtRisk *said = o->state->at_risk;
    bool is_at_risk = need->deadline_us != 0 && (there_us == 0 || there_us > need->deadline_us);
    if (!is_at_risk) {
        dispatch_risk_over(o, need, there_us);
        return;
    }
    if (said != NULL && strcmp(said->missing, missing) == 0)
        return; /* another due time that nobody can keep either is no news */
    Callout__V1__ArrivalAtRisk *risk = announce(o);
    if (risk == NULL)
        return;
    risk->milestone = dispatch_order_keep(o, milestone_of(o, need->deadline_us));
    risk->due_us = need->deadline_us;
    risk->earliest_us = there_us;
    risk->missing = dispatch_order_keep(o, missing);
    risk->remedies = o->remedies;
    risk->n_remedies = o->remedy_count;
    risk->at_us = need->now_us;
    o->state->at_risk = risk;
}

/* What would help with him; NULL: nothing small. */
static const char *remedy_of(enum dispatch_why why, const struct dispatch_candidate *c)
{
    switch (why) {
    case DISPATCH_BUSY:
    case DISPATCH_BOOKED:
        return "free";
    case DISPATCH_DAY_FULL:
        return "load";
    case DISPATCH_OFF_DUTY:
        return c->free_from_us != DISPATCH_NEVER_ON_DUTY ? "shift" : NULL;
    case DISPATCH_PICKED:
        return "later";
    case DISPATCH_PRODUCT:
    case DISPATCH_SKILL:
    case DISPATCH_UNQUALIFIED:
    case DISPATCH_DECLINED:
    case DISPATCH_SILENT:
    case DISPATCH_RECALLED:
    case DISPATCH_UNSOLVED:
    case DISPATCH_EVENT:
    case DISPATCH_LATER:
    case DISPATCH_FIT:
    case DISPATCH_FARTHER:
    case DISPATCH_LOADED:
    case DISPATCH_UNFAIR:
    case DISPATCH_TIE:
    case DISPATCH_WHYS:
        break;
    }
    return NULL;
}

static int64_t possible_us(const struct dispatch_need *need, const struct dispatch_candidate *c)
{
    int64_t from_us = c->free_from_us > need->now_us ? c->free_from_us : need->now_us;
    return from_us + need->rule->offer_min_us + need->rule->preparation_us + c->travel_us;
}

void dispatch_risk_remedies(struct dispatch_order *o, const struct dispatch_need *need,
                            const struct dispatch_pool *pool, const enum dispatch_why *whys,
                            Callout__V1__Remedy ***ret_remedies, size_t *ret_count)
{
    Callout__V1__Remedy **list = dispatch_order_alloc(o, DISPATCH_REMEDIES * sizeof(*list));
    *ret_remedies = list;
    *ret_count = 0;
    for (size_t i = 0; list != NULL && i < pool->count; i++) {
        const struct dispatch_candidate *c = &pool->candidates[i];
        const char *kind = remedy_of(whys[i], c);
        if (kind == NULL || *ret_count == DISPATCH_REMEDIES)
            continue;
        Callout__V1__Remedy *remedy = dispatch_order_alloc(o, sizeof(*remedy));
        if (remedy == NULL)
            return;
        callout__v1__remedy__init(remedy);
        remedy->kind = dispatch_order_keep(o, kind);
        remedy->engineer = dispatch_order_keep(o, c->engineer);
        remedy->at_us = whys[i] == DISPATCH_OFF_DUTY ? c->free_from_us : possible_us(need, c);
        list[(*ret_count)++] = remedy;
    }
}
