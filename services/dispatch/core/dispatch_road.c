#include "dispatch_road.h"

#include <string.h>

#define TRIES 2 /* of processes that die while they ask */

static bool is_open(const struct dispatch_order *o)
{
    return o->err == CO_OK && o->state->located == NULL &&
           o->state->order != CALLOUT__V1__ORDER_STATE__ORDER_ENDED;
}

bool dispatch_road_wanted(const struct dispatch_order *o)
{
    return is_open(o) && o->state->n_roads == 0 && o->state->road_missing[0] == '\0';
}

void dispatch_road_ask(struct dispatch_order *o, int64_t until_us)
{
    o->state->road_until_us = until_us;
    o->is_changed = true;
    o->locate = false;
}

static void give_up(struct dispatch_order *o, const char *why)
{
    o->state->road_missing = dispatch_order_keep(o, why);
    o->locate = is_open(o);
}

void dispatch_road_answered(struct dispatch_order *o, const struct dispatch_road_answer *answer)
{
    Callout__V1__DispatchState *state = o->state;
    if (o->err != CO_OK || state->road_until_us == 0)
        return; /* it took too long, or was about another ticket of that case */
    state->road_until_us = 0;
    o->is_changed = true;
    o->trace = o->state->traceparent;
    if (answer->missing[0] != '\0') {
        give_up(o, answer->missing);
        return;
    }
    state->roads = dispatch_order_alloc(o, answer->question->count * sizeof(*state->roads));
    for (size_t i = 0; state->roads != NULL && i < answer->question->count; i++) {
        Callout__V1__RoadFigure *road = dispatch_order_alloc(o, sizeof(*road));
        if (road == NULL)
            return;
        callout__v1__road_figure__init(road);
        road->office = dispatch_order_keep(o, answer->question->item[i].office);
        road->km = answer->figure[i].km;
        road->us = answer->figure[i].us;
        road->is_reached = answer->figure[i].is_reached;
        state->roads[state->n_roads++] = road;
    }
    o->locate = is_open(o);
}

void dispatch_road_due(struct dispatch_order *o, int64_t now_us, bool is_asking, int64_t until_us)
{
    Callout__V1__DispatchState *state = o->state;
    if (o->err != CO_OK || state->road_until_us == 0)
        return;
    if (now_us < state->road_until_us) {
        o->locate = false;
        return;
    }
    if (is_asking) {
        dispatch_road_ask(o, until_us);
        return;
    }
    state->road_until_us = 0;
    o->is_changed = true;
    o->locate = is_open(o);
    if (++state->road_tries == TRIES)
        give_up(o, "interrupted");
}

const Callout__V1__RoadFigure *dispatch_road_of(const Callout__V1__DispatchState *state,
                                                const char *office)
{
    for (size_t i = 0; i < state->n_roads; i++)
        if (strcmp(state->roads[i]->office, office) == 0)
            return state->roads[i];
    return NULL;
}
