#include "co_view_fold.h"

#include <string.h>

static char order_offered[] = "offered", order_assigned[] = "assigned",
            order_underway[] = "underway", order_arrived[] = "arrived", order_ended[] = "ended",
            order_drafted[] = "drafted", offer_open[] = "open", order_seeking[] = "seeking",
            order_nobody[] = "nobody";

static Callout__V1__OrderView *get_order(struct co_view_fold *f)
{
    if (f->view->order != NULL)
        return f->view->order;
    Callout__V1__OrderView *order = co_arena_alloc(f->arena, sizeof(*order));
    if (order == NULL)
        return NULL;
    callout__v1__order_view__init(order);
    order->state = order_offered;
    f->view->order = order;
    return order;
}

static Callout__V1__OfferView *find_offer(const Callout__V1__OrderView *order, uint64_t generation)
{
    for (size_t i = order->n_offers; i > 0; i--)
        if (order->offers[i - 1]->generation == generation)
            return order->offers[i - 1];
    return NULL;
}

static Callout__V1__OfferView *add_offer(struct co_view_fold *f, Callout__V1__OrderView *order)
{
    Callout__V1__OfferView **list = co_view_room(f, order->offers, order->n_offers);
    Callout__V1__OfferView *offer = co_arena_alloc(f->arena, sizeof(*offer));
    if (list == NULL || offer == NULL)
        return NULL;
    callout__v1__offer_view__init(offer);
    list[order->n_offers++] = offer;
    order->offers = list;
    return offer;
}

enum co_err co_view_offered(struct co_view_fold *f, const struct co_view_entry *e)
{
    static char nobody_yet[] = "";
    const Callout__V1__Offered *o = e->event->offered;
    Callout__V1__OrderView *order = get_order(f);
    if (order == NULL)
        return CO_ENOMEM;
    Callout__V1__OfferView *offer = find_offer(order, o->generation);
    if (offer == NULL)
        offer = add_offer(f, order);
    if (offer == NULL)
        return CO_ENOMEM;
    offer->generation = o->generation;
    offer->engineer = o->engineer;
    offer->office = o->office;
    offer->km = o->km;
    offer->travel_us = o->travel_us;
    offer->offered_us = o->offered_us;
    offer->accept_by_us = o->accept_by_us;
    offer->arrive_by_us = o->arrive_by_us;
    offer->state = offer_open;
    order->state = order_offered;
    order->missing = nobody_yet;
    order->n_remedies = 0;
    order->engineer = nobody_yet;
    return CO_OK;
}

static char *offer_end_state(Callout__V1__OfferEnd how)
{
    static char accepted[] = "accepted", declined[] = "declined", silent[] = "silent",
                taken_back[] = "withdrawn", overtaken[] = "overtaken";
    if (how == CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED)
        return accepted;
    if (how == CALLOUT__V1__OFFER_END__OFFER_END_DECLINED)
        return declined;
    if (how == CALLOUT__V1__OFFER_END__OFFER_END_OVERTAKEN)
        return overtaken;
    return how == CALLOUT__V1__OFFER_END__OFFER_END_SILENT ? silent : taken_back;
}

static bool is_any_open(const Callout__V1__OrderView *order)
{
    for (size_t i = 0; i < order->n_offers; i++)
        if (order->offers[i]->state == offer_open)
            return true;
    return false;
}

/* An offer taken back ends the order, unless another one is open, or follows. */
enum co_err co_view_offer_ended(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__OfferEnded *o = e->event->offer_ended;
    Callout__V1__OrderView *order = f->view->order;
    Callout__V1__OfferView *offer = order == NULL ? NULL : find_offer(order, o->generation);
    if (offer == NULL)
        return CO_OK;
    offer->state = offer_end_state(o->how);
    if (o->how == CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN && order->state == order_offered &&
        !is_any_open(order))
        order->state = order_ended;
    return CO_OK;
}

enum co_err co_view_assigned(struct co_view_fold *f, const struct co_view_entry *e)
{
    Callout__V1__OrderView *order = get_order(f);
    if (order == NULL)
        return CO_ENOMEM;
    order->state = order_assigned;
    order->engineer = e->event->assigned->engineer;
    co_view_order_act(f, e->event->assigned->by);
    return CO_OK;
}

enum co_err co_view_nobody_left(struct co_view_fold *f, const struct co_view_entry *e)
{
    Callout__V1__OrderView *order = get_order(f);
    if (order == NULL)
        return CO_ENOMEM;
    order->state = order_nobody;
    order->missing = e->event->nobody_left->missing;
    order->remedies = e->event->nobody_left->remedies;
    order->n_remedies = e->event->nobody_left->n_remedies;
    return CO_OK;
}

enum co_err co_view_drafted(struct co_view_fold *f, const struct co_view_entry *e)
{
    Callout__V1__OrderView *order = get_order(f);
    if (order == NULL)
        return CO_ENOMEM;
    order->state = order_drafted;
    order->confirm_by_us = e->event->task_order_drafted->confirm_by_us;
    return CO_OK;
}

enum co_err co_view_confirmed(struct co_view_fold *f, const struct co_view_entry *e)
{
    Callout__V1__OrderView *order = get_order(f);
    if (order == NULL)
        return CO_ENOMEM;
    order->confirm_by_us = 0;
    order->confirmed = e->event->task_order_confirmed;
    if (order->state == order_drafted)
        order->state = order_seeking;
    return CO_OK;
}

enum co_err co_view_at_risk(struct co_view_fold *f, const struct co_view_entry *e)
{
    Callout__V1__OrderView *order = get_order(f);
    if (order == NULL)
        return CO_ENOMEM;
    order->at_risk = e->event->arrival_at_risk->is_over ? NULL : e->event->arrival_at_risk;
    return CO_OK;
}

enum co_err co_view_order_ended(struct co_view_fold *f, const struct co_view_entry *e)
{
    (void)e;
    Callout__V1__OrderView *order = get_order(f);
    if (order == NULL)
        return CO_ENOMEM;
    order->state = order_ended;
    order->at_risk = NULL;
    return CO_OK;
}

/* Reports may come late and out of order: somebody who arrived is not under way again. */
void co_view_order_act(struct co_view_fold *f, Callout__V1__Act act)
{
    Callout__V1__OrderView *order = f->view->order;
    if (order == NULL)
        return;
    bool goes = order->state == order_assigned;
    if (act == CALLOUT__V1__ACT__ACT_UNDERWAY && goes)
        order->state = order_underway;
    if (act == CALLOUT__V1__ACT__ACT_ARRIVED && (goes || order->state == order_underway))
        order->state = order_arrived;
}
