/* dispatch_seek.h - the order that is being sought an engineer for takes the next step.
 *
 * Pure. Three steps in two transactions: the order says what it needs (dispatch_seek_need), the
 * caller gathers candidates (dispatch_site.h) with their claims as the tables show them, the order
 * decides (dispatch_seek); where it wants a claim, the tables decide who gets it, and the order is
 * told (dispatch_seek_claimed, dispatch_seek_lost). Errors stick in the order, see
 * dispatch_order.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dispatch_choice.h"
#include "dispatch_order.h"

/* Whom there is to choose from. */
struct dispatch_pool {
    struct dispatch_candidate *candidates; /* one window of those who may be asked, nearest first */
    size_t count;
    size_t extra;       /* of them, who is on event duty and not of the window */
    bool has_more;      /* there are others beyond this window */
    bool is_in_circle;  /* and others farther away than those asked at first */
    bool has_unskilled; /* somebody has the product, but not the level */
    uint32_t able;      /* up to the end of this window: right product, level high enough */
    uint32_t refused;   /* able, but barred by refusal or silence */
};

/* True while somebody is being chosen. */
bool dispatch_seek_wanted(const struct dispatch_order *o);

/* What the visit needs now. */
struct dispatch_need dispatch_seek_need(const struct dispatch_order *o,
                                        const Callout__V1__DispatchRule *rule, int64_t now_us);

/* Decides with `pool`, whose candidates carry the claims now held: puts a claim into the order and
 * the offer that goes with it, or turns to those beyond the window, or finds that nobody can be
 * asked. `whys` has room for each candidate. Only while dispatch_seek_wanted(). */
void dispatch_seek(struct dispatch_order *o, const struct dispatch_need *need,
                   const struct dispatch_pool *pool, enum dispatch_why *whys);

/* The claim was made: the engineer is asked. */
void dispatch_seek_claimed(struct dispatch_order *o, int64_t now_us);

/* Somebody else got him: to be decided again at once. */
void dispatch_seek_lost(struct dispatch_order *o, int64_t now_us);
