#include "dispatch_offers.h"

#include <string.h>

static bool is_open(const struct dispatch_order *o, const Callout__V1__OfferMade *offer)
{
    return o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_OFFERED &&
           offer->how == CALLOUT__V1__OFFER_END__OFFER_END_NONE;
}

size_t dispatch_offers_count(const struct dispatch_order *o)
{
    size_t count = 0;
    for (size_t i = 0; i < o->state->n_offers; i++)
        count += is_open(o, o->state->offers[i]);
    return count;
}

/* The oldest open offer after `generation`. */
static Callout__V1__OfferMade *next_open(const struct dispatch_order *o, uint64_t generation)
{
    Callout__V1__OfferMade *next = NULL;
    for (size_t i = 0; i < o->state->n_offers; i++) {
        Callout__V1__OfferMade *offer = o->state->offers[i];
        if (is_open(o, offer) && offer->generation > generation &&
            (next == NULL || offer->generation < next->generation))
            next = offer;
    }
    return next;
}

Callout__V1__OfferMade *dispatch_offers_get(const struct dispatch_order *o, size_t i)
{
    Callout__V1__OfferMade *offer = next_open(o, 0);
    for (; i > 0 && offer != NULL; i--)
        offer = next_open(o, offer->generation);
    return offer;
}

Callout__V1__OfferMade *dispatch_offers_find(const struct dispatch_order *o, const char *person,
                                             uint64_t generation)
{
    Callout__V1__OfferMade *found = NULL;
    for (size_t i = 0; i < o->state->n_offers; i++) {
        Callout__V1__OfferMade *offer = o->state->offers[i];
        if (!is_open(o, offer) || (generation != 0 && offer->generation != generation) ||
            (*person != '\0' && strcmp(offer->engineer, person) != 0))
            continue;
        if (found != NULL)
            return NULL;
        found = offer;
    }
    return found;
}

Callout__V1__OfferMade *dispatch_offers_over(const struct dispatch_order *o, int64_t us)
{
    Callout__V1__OfferMade *first = NULL;
    for (Callout__V1__OfferMade *offer = next_open(o, 0); offer != NULL;
         offer = next_open(o, offer->generation))
        if (offer->accept_by_us < us &&
            (first == NULL || offer->accept_by_us < first->accept_by_us))
            first = offer;
    return first;
}

int64_t dispatch_offers_until_us(const struct dispatch_order *o)
{
    int64_t until_us = 0;
    for (size_t i = 0; i < o->state->n_offers; i++)
        if (is_open(o, o->state->offers[i]) && o->state->offers[i]->accept_by_us > until_us)
            until_us = o->state->offers[i]->accept_by_us;
    return until_us;
}

int64_t dispatch_offers_there_us(const struct dispatch_order *o)
{
    int64_t there_us = 0;
    for (size_t i = 0; i < o->state->n_offers; i++) {
        const Callout__V1__OfferMade *offer = o->state->offers[i];
        if (is_open(o, offer) && offer->there_us != 0 &&
            (there_us == 0 || offer->there_us < there_us))
            there_us = offer->there_us;
    }
    return there_us;
}

void dispatch_offers_turn_to(struct dispatch_order *o, const Callout__V1__OfferMade *offer)
{
    o->state->engineer = offer->engineer;
    o->state->generation = offer->generation;
    o->state->accept_by_us = offer->accept_by_us;
}

/* An offered order wakes when the first offer runs out, or when somebody else is to be sought. */
static void wake(struct dispatch_order *o, int64_t now_us)
{
    Callout__V1__DispatchState *state = o->state;
    const Callout__V1__OfferMade *first = dispatch_offers_over(o, INT64_MAX);
    state->next_us = first != NULL ? first->accept_by_us + DISPATCH_GRACE_US + 1 : now_us;
    if (state->asks_more)
        state->next_us = now_us;
    else if (state->more_us != 0 && state->more_us < state->next_us)
        state->next_us = state->more_us;
    o->is_changed = true;
}

void dispatch_offers_open(struct dispatch_order *o, int64_t now_us)
{
    Callout__V1__DispatchState *state = o->state;
    const Callout__V1__Offered *offered = o->offer;
    state->newest = state->generation = offered->generation;
    state->engineer = offered->engineer;
    dispatch_offers_remember(o, o->offer_skill, CALLOUT__V1__OFFER_END__OFFER_END_NONE);
    if (o->err != CO_OK)
        return;
    Callout__V1__OfferMade *offer = dispatch_offers_find(o, "", offered->generation);
    offer->accept_by_us = offered->accept_by_us;
    offer->is_named = offered->is_named;
    offer->there_us = o->there_us;
    dispatch_offers_turn_to(o, next_open(o, 0));
    state->asks_more = o->asks_more;
    state->more_us = 0;
    wake(o, now_us);
}

/* The entry of the present engineer, made where there is none. NULL: out of memory. */
static Callout__V1__OfferMade *own_offer(struct dispatch_order *o)
{
    Callout__V1__DispatchState *state = o->state;
    for (size_t i = 0; i < state->n_offers; i++)
        if (strcmp(state->offers[i]->engineer, state->engineer) == 0)
            return state->offers[i];
    size_t cap = state->n_offers; /* unpacked arrays have no room to spare */
    Callout__V1__OfferMade **grown =
        dispatch_order_grow(o, state->offers, state->n_offers, &cap, sizeof(*state->offers));
    Callout__V1__OfferMade *offer = dispatch_order_alloc(o, sizeof(*offer));
    if (grown == NULL || offer == NULL)
        return NULL;
    callout__v1__offer_made__init(offer);
    offer->engineer = state->engineer;
    state->offers = grown;
    state->offers[state->n_offers++] = offer;
    return offer;
}

void dispatch_offers_remember(struct dispatch_order *o, uint32_t skill, Callout__V1__OfferEnd how)
{
    Callout__V1__OfferMade *offer = own_offer(o);
    if (offer == NULL)
        return;
    offer->generation = o->state->generation;
    offer->round = o->state->round;
    offer->skill = skill;
    offer->how = how;
}

static void announce_end(struct dispatch_order *o, const Callout__V1__OfferMade *offer,
                         Callout__V1__OfferEnd how, int64_t at_us)
{
    Callout__V1__OfferEnded *ended = dispatch_order_alloc(o, sizeof(*ended));
    Callout__V1__Event *event = ended != NULL ? dispatch_order_announce(o) : NULL;
    if (event == NULL)
        return;
    callout__v1__offer_ended__init(ended);
    ended->generation = offer->generation;
    ended->engineer = offer->engineer;
    ended->how = how;
    ended->ended_us = at_us;
    event->body_case = CALLOUT__V1__EVENT__BODY_OFFER_ENDED;
    event->offer_ended = ended;
}

static void end(struct dispatch_order *o, Callout__V1__OfferMade *offer, Callout__V1__OfferEnd how,
                int64_t at_us)
{
    announce_end(o, offer, how, at_us);
    offer->how = how;
    offer->round = o->state->round;
    offer->accept_by_us = 0;
    if (how == CALLOUT__V1__OFFER_END__OFFER_END_DECLINED ||
        how == CALLOUT__V1__OFFER_END__OFFER_END_SILENT)
        o->state->asked++;
}

static Callout__V1__OfferEnd how_of(unsigned effects)
{
    static const struct {
        unsigned effect;
        Callout__V1__OfferEnd how;
    } rows[] = {
        { DISPATCH_OFFER_ACCEPTED, CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED },
        { DISPATCH_OFFER_DECLINED, CALLOUT__V1__OFFER_END__OFFER_END_DECLINED },
        { DISPATCH_OFFER_SILENT, CALLOUT__V1__OFFER_END__OFFER_END_SILENT },
        { DISPATCH_OFFER_WITHDRAWN, CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if ((effects & rows[i].effect) != 0)
            return rows[i].how;
    return CALLOUT__V1__OFFER_END__OFFER_END_NONE;
}

void dispatch_offers_end(struct dispatch_order *o, unsigned effects, int64_t at_us)
{
    Callout__V1__OfferEnd how = how_of(effects);
    Callout__V1__OfferMade *offer =
        dispatch_offers_find(o, o->state->engineer, o->state->generation);
    if (how == CALLOUT__V1__OFFER_END__OFFER_END_NONE || offer == NULL)
        return;
    end(o, offer, how, at_us);
    if ((effects & DISPATCH_OF_ONE) != 0)
        return;
    if (how == CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED)
        how = CALLOUT__V1__OFFER_END__OFFER_END_OVERTAKEN;
    while ((offer = next_open(o, 0)) != NULL) {
        end(o, offer, how, at_us);
        dispatch_offers_give_back(o, offer->generation);
    }
}

void dispatch_offers_give_back(struct dispatch_order *o, uint64_t generation)
{
    if (o->claim.engineer != NULL && o->claim.generation == generation) {
        o->claim = (struct dispatch_claim){ 0 };
        return;
    }
    uint64_t *grown =
        dispatch_order_grow(o, o->released, o->released_count, &o->released_cap, sizeof(*grown));
    if (grown == NULL)
        return;
    o->released = grown;
    o->released[o->released_count++] = generation;
}

void dispatch_offers_want_more(struct dispatch_order *o, int64_t at_us)
{
    o->state->asks_more = true;
    o->state->more_us = 0;
    dispatch_order_look_anew(o);
    wake(o, at_us);
}

void dispatch_offers_rest(struct dispatch_order *o, int64_t again_us)
{
    o->state->asks_more = false;
    o->state->more_us = again_us;
    wake(o, again_us);
}
