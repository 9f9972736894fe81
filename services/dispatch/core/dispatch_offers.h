/* dispatch_offers.h - the offers of one work order: what was asked of whom, and which are open.
 *
 * Pure. For the files of this core and for its shell. While an order is offered at least one offer
 * is open; up to as many as the policy says may be, each with a claim and a time to accept of its
 * own. The order's `engineer`, `generation` and `accept_by_us` speak of one of them, the oldest,
 * unless dispatch_offers_turn_to() says otherwise. Errors stick in the order, see
 * dispatch_order.h. Times are Unix microseconds.
 */
#pragma once

#include "dispatch_order.h"

/* How many are open. */
size_t dispatch_offers_count(const struct dispatch_order *o);

/* The `i`-th of them, from the oldest on; NULL: there are not so many. Borrowed. */
Callout__V1__OfferMade *dispatch_offers_get(const struct dispatch_order *o, size_t i);

/* The open offer to `person` ("": to whomever) of `generation` (0: whichever). NULL: none, or not
 * only one. */
Callout__V1__OfferMade *dispatch_offers_find(const struct dispatch_order *o, const char *person,
                                             uint64_t generation);

/* The one whose time to accept ends first, where that is before `us`; else NULL. */
Callout__V1__OfferMade *dispatch_offers_over(const struct dispatch_order *o, int64_t us);

/* When the last of them runs out; 0: none is open. */
int64_t dispatch_offers_until_us(const struct dispatch_order *o);

/* When the first of those who are asked could be there; 0: not known. */
int64_t dispatch_offers_there_us(const struct dispatch_order *o);

/* The order speaks of `offer`, which is open, from now on. */
void dispatch_offers_turn_to(struct dispatch_order *o, const Callout__V1__OfferMade *offer);

/* Opens the offer that was prepared (o->offer). */
void dispatch_offers_open(struct dispatch_order *o, int64_t now_us);

/* Ends the offer that the order speaks of, as `effects` (of dispatch_rules.h) say, and unless they
 * say that it is one of several, all others; these give their claims back. */
void dispatch_offers_end(struct dispatch_order *o, unsigned effects, int64_t at_us);

/* Somebody is asked besides, if there is anybody and the policy wants so many. Only while offered.
 */
void dispatch_offers_want_more(struct dispatch_order *o, int64_t at_us);

/* Nobody is asked besides before `again_us` (0: at all). Only while offered. */
void dispatch_offers_rest(struct dispatch_order *o, int64_t again_us);

/* The claim of `generation` ends with this turn; one that is not made yet is not made. */
void dispatch_offers_give_back(struct dispatch_order *o, uint64_t generation);

/* Remembers that the offer of the present generation is made to the present engineer, or how it
 * went with it. One entry per engineer: his newest. */
void dispatch_offers_remember(struct dispatch_order *o, uint32_t skill, Callout__V1__OfferEnd how);
