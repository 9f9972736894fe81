#include "dispatch_seek.h"

#include <string.h>

#include "co_assert.h"
#include "co_time.h"
#include "dispatch_risk.h"

#define CONFIRM_SHARE 10
#define RETRY_LEAST_US CO_MINUTE_US /* a rule without thinking time must not make us spin */

bool dispatch_seek_wanted(const struct dispatch_order *o)
{
    return o->err == CO_OK && o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_SEEKING;
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
    left->asked = (uint32_t)o->state->generation;
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

static void find_nobody(struct dispatch_order *o, const struct dispatch_need *need,
                        const char *missing, uint32_t able)
{
    int64_t next_us = retry_us(need);
    int64_t duty_us = o->state->duty_us;
    dispatch_order_move(o, DISPATCH_ON_NOBODY, need->now_us, NULL);
    tell(o, missing, able, need->now_us);
    dispatch_risk_weigh(o, need, o->state->there_us, missing);
    wake(o, duty_us > need->now_us && duty_us < next_us ? duty_us : next_us);
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

static void prepare(struct dispatch_order *o, const struct dispatch_need *need,
                    const struct dispatch_candidate *candidate, int64_t accept_by_us)
{
    Callout__V1__Offered *offer = dispatch_order_alloc(o, sizeof(*offer));
    if (offer == NULL)
        return;
    callout__v1__offered__init(offer);
    offer->generation = o->state->generation + 1;
    offer->engineer = dispatch_order_keep(o, candidate->engineer);
    offer->office = dispatch_order_keep(o, candidate->office);
    offer->km = candidate->km;
    offer->travel_us = candidate->travel_us;
    offer->accept_by_us = accept_by_us;
    offer->arrive_by_us = need->deadline_us;
    offer->offered_us = need->now_us;
    offer->is_named = o->state->named[0] != '\0';
    o->offer = offer;
    o->offer_skill = candidate->skill;
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

/* Nobody is left within the circle: the next one, from the nearest on. */
static void widen(struct dispatch_order *o, const struct dispatch_need *need)
{
    o->state->circle++;
    o->state->window = 0;
    o->is_changed = true;
    wake(o, need->now_us);
}

void dispatch_seek(struct dispatch_order *o, const struct dispatch_need *need,
                   const struct dispatch_pool *pool, enum dispatch_why *whys)
{
    co_assert(dispatch_seek_wanted(o));
    if (o->state->located == NULL) {
        wait_for(o, need, "position");
        return;
    }
    if (need->confirm_us > 0 && !o->state->is_confirmed) {
        dispatch_order_draft(o, confirm_by(need), need->now_us);
        return;
    }
    bool is_named = o->state->named[0] != '\0';
    if (!is_named && need->deadline_us == 0) {
        wait_for(o, need, "agreed_time"); /* nobody can say yes to a day that is not known */
        return;
    }
    if (!is_named && need->rule->offers > 0 && need->asked >= need->rule->offers) {
        find_nobody(o, need, "acceptance", pool->able);
        return;
    }
    struct dispatch_choice choice = dispatch_choose(need, pool->candidates, pool->count, whys);
    dispatch_risk_remedies(o, need, pool, whys, &o->remedies, &o->remedy_count);
    if (choice.pick != DISPATCH_NO_PICK) {
        prepare(o, need, &pool->candidates[choice.pick], choice.accept_by_us);
        o->there_us = choice.there_us;
        return;
    }
    note(o, &choice);
    if (!is_named && !pool->has_more && pool->is_in_circle) {
        widen(o, need);
    } else if (pool->has_more) {
        o->state->window += (uint32_t)pool->count;
        o->is_changed = true;
        wake(o, need->now_us);
    } else {
        find_nobody(o, need, is_named ? "named_engineer" : what_is_missing(o, pool), pool->able);
    }
}

/* The offer is the best that can be done: is it in time? */
static void weigh_offer(struct dispatch_order *o, int64_t now_us)
{
    struct dispatch_need need = { .now_us = now_us, .deadline_us = o->offer->arrive_by_us };
    dispatch_risk_weigh(o, &need, o->there_us, "nearer_engineer");
}

void dispatch_seek_claimed(struct dispatch_order *o, int64_t now_us)
{
    co_assert(dispatch_seek_wanted(o) && o->offer != NULL);
    Callout__V1__DispatchState *state = o->state;
    dispatch_order_move(o, DISPATCH_ON_CLAIMED, now_us, NULL);
    state->generation = o->offer->generation;
    state->engineer = o->offer->engineer;
    state->accept_by_us = o->offer->accept_by_us;
    state->told = dispatch_order_keep(o, "");
    state->named = dispatch_order_keep(o, "");
    dispatch_order_look_anew(
        o); /* whoever was busy near by may be free when the next one is sought */
    wake(o, o->offer->accept_by_us + DISPATCH_GRACE_US + 1);
    dispatch_order_remember(o, o->offer_skill, CALLOUT__V1__OFFER_END__OFFER_END_NONE);
    Callout__V1__Event *event = dispatch_order_announce(o);
    if (event == NULL)
        return;
    event->body_case = CALLOUT__V1__EVENT__BODY_OFFERED;
    event->offered = o->offer;
    weigh_offer(o, now_us);
}

void dispatch_seek_lost(struct dispatch_order *o, int64_t now_us)
{
    co_assert(dispatch_seek_wanted(o));
    o->claim = (struct dispatch_claim){ 0 };
    o->offer = NULL;
    wake(o, now_us);
    o->is_changed = true; /* whom to look at is stored anew, also where time stands still */
}
