#include "dispatch_seek.h"

#include <string.h>

#include "co_assert.h"
#include "co_time.h"
#include "dispatch_offers.h"
#include "dispatch_risk.h"

#define CONFIRM_SHARE 10
#define RETRY_LEAST_US CO_MINUTE_US /* a rule without thinking time must not make us spin */

bool dispatch_seek_wanted(const struct dispatch_order *o)
{
    return o->err == CO_OK &&
           (o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_SEEKING || o->state->asks_more);
}

struct dispatch_need dispatch_seek_need(const struct dispatch_order *o,
                                        const Callout__V1__DispatchRule *rule, int64_t now_us)
{
    return (struct dispatch_need){
        .now_us = now_us,
        .deadline_us = dispatch_order_deadline_us(o),
        .min_skill = dispatch_min_skill(rule, o->state->severity),
        .wanted_skill = o->state->wanted_skill,
        .asked = o->state->asked,
        .open = (uint32_t)dispatch_offers_count(o),
        .at_once = dispatch_at_once(rule, o->state->severity),
        .confirm_us = dispatch_confirm_us(rule, o->state->severity),
        .rule = rule,
    };
}

static void wake(struct dispatch_order *o, int64_t next_us)
{
    if (o->state->next_us == next_us)
        return;
    o->state->next_us = next_us;
    o->is_changed = true;
}

/* Says once what is missing, as long as it stays the same. */
static void tell(struct dispatch_order *o, const char *missing, uint32_t able, int64_t now_us)
{
    if (strcmp(o->state->told, missing) == 0)
        return;
    o->state->told = dispatch_order_keep(o, missing);
    Callout__V1__NobodyLeft *left = dispatch_order_alloc(o, sizeof(*left));
    Callout__V1__Event *event = dispatch_order_announce(o);
    if (left == NULL || event == NULL)
        return;
    callout__v1__nobody_left__init(left);
    left->asked = (uint32_t)o->state->newest;
    left->eligible = able;
    left->missing = o->state->told;
    left->at_us = now_us;
    left->remedies = o->remedies;
    left->n_remedies = o->remedy_count;
    event->body_case = CALLOUT__V1__EVENT__BODY_NOBODY_LEFT;
    event->nobody_left = left;
}

/* At the next full pause: the orders of a lane that wait look for somebody together, so that who
 * became free goes where it costs least. Each lane has its own moments: at the same one it would
 * depend on chance who is first, also where a history is played again. */
static int64_t retry_us(const struct dispatch_need *need)
{
    int64_t pause_us = need->rule->offer_us;
    int64_t pace_us = pause_us > RETRY_LEAST_US ? pause_us : RETRY_LEAST_US;
    int64_t phase_us = need->phase_us % pace_us;
    return ((need->now_us - phase_us) / pace_us + 1) * pace_us + phase_us;
}

/* Nobody was found: at the next pause, or when the first comes on duty. */
static int64_t again_us(const struct dispatch_order *o, const struct dispatch_need *need)
{
    int64_t next_us = retry_us(need);
    int64_t duty_us = o->state->duty_us;
    return duty_us > need->now_us && duty_us < next_us ? duty_us : next_us;
}

static void find_nobody(struct dispatch_order *o, const struct dispatch_need *need,
                        const char *missing, uint32_t able)
{
    int64_t next_us = again_us(o, need);
    dispatch_order_move(o, DISPATCH_ON_NOBODY, need->now_us, NULL);
    tell(o, missing, able, need->now_us);
    dispatch_risk_weigh(o, need, o->state->there_us, missing);
    wake(o, next_us);
}

/* What becomes known by an event, not by time, is waited for without looking again. */
static void wait_for(struct dispatch_order *o, const struct dispatch_need *need,
                     const char *missing)
{
    dispatch_order_move(o, DISPATCH_ON_NOBODY, need->now_us, NULL);
    tell(o, missing, 0, need->now_us);
    dispatch_risk_weigh(o, need, o->state->there_us, missing);
}

/* What the people of one window told. */
static void note(struct dispatch_order *o, const struct dispatch_choice *choice)
{
    Callout__V1__DispatchState *state = o->state;
    if (choice->duty_us != 0 && (state->duty_us == 0 || choice->duty_us < state->duty_us))
        state->duty_us = choice->duty_us;
    if (choice->there_us != 0 && (state->there_us == 0 || choice->there_us < state->there_us))
        state->there_us = choice->there_us;
    state->is_any_busy = state->is_any_busy || choice->is_any_busy;
    o->is_changed = true;
}

/* What would help, where nobody of the whole pool can be asked. */
static const char *what_is_missing(const struct dispatch_order *o, const struct dispatch_pool *pool)
{
    if (pool->able > pool->refused)
        return o->state->is_any_busy ? "free_engineer" : "shift";
    if (pool->able > 0)
        return "acceptance";
    return pool->has_unskilled ? "skill" : "engineer";
}

/* Whether so few are asked that another one may be, besides `open` of them. Whom the project
 * manager named is asked alone. */
static bool has_room(const struct dispatch_order *o, const struct dispatch_need *need,
                     uint32_t open)
{
    for (size_t i = 0; i < need->open; i++)
        if (dispatch_offers_get(o, i)->is_named)
            return false;
    return open < need->at_once && need->deadline_us != 0 &&
           (need->rule->offers == 0 || need->asked + open < need->rule->offers);
}

static void prepare(struct dispatch_order *o, const struct dispatch_need *need,
                    const struct dispatch_candidate *candidate,
                    const struct dispatch_choice *choice)
{
    Callout__V1__Offered *offer = dispatch_order_alloc(o, sizeof(*offer));
    if (offer == NULL)
        return;
    callout__v1__offered__init(offer);
    offer->generation = o->state->newest + 1;
    offer->engineer = dispatch_order_keep(o, candidate->engineer);
    offer->office = dispatch_order_keep(o, candidate->office);
    offer->km = candidate->km;
    offer->travel_us = candidate->travel_us;
    offer->accept_by_us = choice->accept_by_us;
    offer->arrive_by_us = need->deadline_us;
    offer->offered_us = need->now_us;
    offer->is_named = o->state->named[0] != '\0';
    if (o->err != CO_OK)
        return;
    o->offer = offer;
    o->offer_skill = candidate->skill;
    o->there_us = choice->there_us;
    o->asks_more = !offer->is_named && !candidate->is_on_event && has_room(o, need, need->open + 1);
    o->claim = (struct dispatch_claim){
        .engineer = offer->engineer,
        .generation = offer->generation,
        .capacity = candidate->capacity,
    };
}

/* The project manager has the time of the level, but at most a tenth of what is left. */
static int64_t confirm_by(const struct dispatch_need *need)
{
    int64_t confirm_us = need->confirm_us;
    int64_t left_us = (need->deadline_us - need->now_us) / CONFIRM_SHARE;
    if (need->deadline_us != 0 && left_us < confirm_us)
        confirm_us = left_us > 0 ? left_us : 0;
    return need->now_us + confirm_us;
}

/* Turns to those beyond the window, and where nobody is left within the circle, to the next one,
 * from the nearest on. False: there is nobody farther away. */
static bool look_further(struct dispatch_order *o, const struct dispatch_need *need,
                         const struct dispatch_pool *pool)
{
    if (pool->has_more) {
        o->state->window += (uint32_t)(pool->count - pool->extra);
    } else if (pool->is_in_circle) {
        o->state->circle++;
        o->state->window = 0;
    } else {
        return false;
    }
    o->is_changed = true;
    wake(o, need->now_us);
    return true;
}

/* The best of those who are asked: is he in time? */
static void weigh_offers(struct dispatch_order *o, const struct dispatch_need *need)
{
    dispatch_risk_weigh(o, need, dispatch_offers_there_us(o), "nearer_engineer");
}

/* Whoever would be too late is not asked besides somebody who would not: he could be the first to
 * accept. */
static bool is_worse(const struct dispatch_order *o, const struct dispatch_need *need,
                     const struct dispatch_choice *choice)
{
    int64_t best_us = dispatch_offers_there_us(o);
    return choice->there_us > need->deadline_us && best_us != 0 && best_us <= need->deadline_us;
}

/* Somebody is asked already: who else? */
static void seek_more(struct dispatch_order *o, const struct dispatch_need *need,
                      const struct dispatch_pool *pool, enum dispatch_why *whys)
{
    if (!has_room(o, need, need->open)) {
        dispatch_offers_rest(o, 0);
        return;
    }
    struct dispatch_choice choice = dispatch_choose(need, pool->candidates, pool->count, whys);
    dispatch_risk_remedies(o, need, pool, whys, &o->remedies, &o->remedy_count);
    if (choice.pick != DISPATCH_NO_PICK && !is_worse(o, need, &choice)) {
        prepare(o, need, &pool->candidates[choice.pick], &choice);
        return;
    }
    note(o, &choice);
    if (choice.pick == DISPATCH_NO_PICK && look_further(o, need, pool))
        return;
    dispatch_offers_rest(o, again_us(o, need));
    weigh_offers(o, need);
}

/* Nobody is asked yet, and may be. */
static void seek_first(struct dispatch_order *o, const struct dispatch_need *need,
                       const struct dispatch_pool *pool, enum dispatch_why *whys)
{
    bool is_named = o->state->named[0] != '\0';
    struct dispatch_choice choice = dispatch_choose(need, pool->candidates, pool->count, whys);
    dispatch_risk_remedies(o, need, pool, whys, &o->remedies, &o->remedy_count);
    if (choice.pick != DISPATCH_NO_PICK) {
        prepare(o, need, &pool->candidates[choice.pick], &choice);
        return;
    }
    note(o, &choice);
    if (is_named)
        find_nobody(o, need, "named_engineer", pool->able);
    else if (!look_further(o, need, pool))
        find_nobody(o, need, what_is_missing(o, pool), pool->able);
}

void dispatch_seek(struct dispatch_order *o, const struct dispatch_need *need,
                   const struct dispatch_pool *pool, enum dispatch_why *whys)
{
    co_assert(dispatch_seek_wanted(o));
    bool is_named = o->state->named[0] != '\0';
    if (o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_OFFERED)
        seek_more(o, need, pool, whys);
    else if (o->state->located == NULL)
        wait_for(o, need, "position");
    else if (need->confirm_us > 0 && !o->state->is_confirmed)
        dispatch_order_draft(o, confirm_by(need), need->now_us);
    else if (!is_named && need->deadline_us == 0)
        wait_for(o, need, "agreed_time"); /* nobody can say yes to a day that is not known */
    else if (!is_named && need->rule->offers > 0 && need->asked >= need->rule->offers)
        find_nobody(o, need, "acceptance", pool->able);
    else
        seek_first(o, need, pool, whys);
}

void dispatch_seek_claimed(struct dispatch_order *o, int64_t now_us)
{
    co_assert(dispatch_seek_wanted(o) && o->offer != NULL);
    Callout__V1__DispatchState *state = o->state;
    if (state->order == CALLOUT__V1__ORDER_STATE__ORDER_SEEKING)
        dispatch_order_move(o, DISPATCH_ON_CLAIMED, now_us, NULL);
    state->told = dispatch_order_keep(o, "");
    state->named = dispatch_order_keep(o, "");
    dispatch_order_look_anew(
        o); /* whoever was busy near by may be free when the next one is sought */
    dispatch_offers_open(o, now_us);
    Callout__V1__Event *event = dispatch_order_announce(o);
    if (event == NULL)
        return;
    event->body_case = CALLOUT__V1__EVENT__BODY_OFFERED;
    event->offered = o->offer;
    struct dispatch_need need = { .now_us = now_us, .deadline_us = o->offer->arrive_by_us };
    weigh_offers(o, &need);
}

void dispatch_seek_lost(struct dispatch_order *o, int64_t now_us)
{
    co_assert(dispatch_seek_wanted(o));
    o->claim = (struct dispatch_claim){ 0 };
    o->offer = NULL;
    wake(o, now_us);
    o->is_changed = true; /* whom to look at is stored anew, also where time stands still */
}
