#include "dispatch_choice.h"

#include <math.h>
#include <string.h>

#include "co_assert.h"
#include "co_time.h"

#define TRAVEL_LIMIT_US (365 * CO_DAY_US)
#define BELOW_WISH 1000 /* more than levels can differ */

/* What a candidate would cost, most important first; smaller is better. */
struct cost {
    int64_t late_us;
    int64_t misfit;
    int64_t travel_us;
    int64_t load;
};

static int64_t clamp(int64_t x, int64_t low, int64_t high)
{
    return x < low ? low : x > high ? high : x;
}

int64_t dispatch_travel_us(const Callout__V1__DispatchRule *rule, double km)
{
    int64_t fixed_us = clamp(rule->travel_fixed_us, 0, TRAVEL_LIMIT_US);
    if (!(rule->speed_kmh > 0))
        return fixed_us;
    double ride_us = km / rule->speed_kmh * (double)CO_HOUR_US;
    if (!(ride_us < (double)(TRAVEL_LIMIT_US - fixed_us)))
        return TRAVEL_LIMIT_US;
    return fixed_us + (int64_t)llround(ride_us);
}

uint32_t dispatch_min_skill(const Callout__V1__DispatchRule *rule, uint32_t severity)
{
    return severity >= 1 && severity <= rule->n_min_skill ? rule->min_skill[severity - 1] : 0;
}

/* DISPATCH_PICKED: he can be asked. */
static enum dispatch_why why_not_at_all(const struct dispatch_need *need,
                                        const struct dispatch_candidate *c)
{
    if (!c->has_product)
        return DISPATCH_PRODUCT;
    if (c->skill < need->min_skill)
        return DISPATCH_SKILL;
    if (c->asked == CALLOUT__V1__OFFER_END__OFFER_END_DECLINED)
        return DISPATCH_DECLINED;
    if (c->asked == CALLOUT__V1__OFFER_END__OFFER_END_SILENT)
        return DISPATCH_SILENT;
    return c->claims >= c->capacity ? DISPATCH_BUSY : DISPATCH_PICKED;
}

static struct cost cost_of(const struct dispatch_need *need, const struct dispatch_candidate *c)
{
    const Callout__V1__DispatchRule *rule = need->rule;
    int64_t there_us = need->now_us + rule->offer_min_us + rule->preparation_us + c->travel_us;
    bool is_late = need->deadline_us != 0 && there_us > need->deadline_us;
    uint32_t wish = need->wanted_skill > need->min_skill ? need->wanted_skill : need->min_skill;
    return (struct cost){
        .late_us = is_late ? there_us - need->deadline_us : 0,
        .misfit = c->skill >= wish ? c->skill - wish : BELOW_WISH + (int64_t)(wish - c->skill),
        .travel_us = c->travel_us,
        .load = c->claims,
    };
}

/* Why `worse` comes after `better`; DISPATCH_PICKED where it does not. */
static enum dispatch_why why_after(const struct dispatch_need *need,
                                   const struct dispatch_candidate *worse,
                                   const struct dispatch_candidate *better)
{
    struct cost w = cost_of(need, worse), b = cost_of(need, better);
    if (w.late_us != b.late_us)
        return w.late_us > b.late_us ? DISPATCH_LATER : DISPATCH_PICKED;
    if (w.misfit != b.misfit)
        return w.misfit > b.misfit ? DISPATCH_FIT : DISPATCH_PICKED;
    if (w.travel_us != b.travel_us)
        return w.travel_us > b.travel_us ? DISPATCH_FARTHER : DISPATCH_PICKED;
    if (w.load != b.load)
        return w.load > b.load ? DISPATCH_LOADED : DISPATCH_PICKED;
    return strcmp(worse->engineer, better->engineer) > 0 ? DISPATCH_TIE : DISPATCH_PICKED;
}

/* The best of those whose why is DISPATCH_PICKED and that are not `except`. */
static size_t best_of(const struct dispatch_need *need, const struct dispatch_candidate *candidates,
                      size_t count, const enum dispatch_why *whys, size_t except)
{
    size_t best = DISPATCH_NO_PICK;
    for (size_t i = 0; i < count; i++) {
        if (whys[i] != DISPATCH_PICKED || i == except)
            continue;
        if (best == DISPATCH_NO_PICK ||
            why_after(need, &candidates[best], &candidates[i]) != DISPATCH_PICKED)
            best = i;
    }
    return best;
}

/* How many more may be asked after this offer, by the rule and by who is free. */
static int64_t next_offers(const struct dispatch_need *need, size_t others)
{
    uint32_t made = need->asked + 1;
    int64_t allowed = need->rule->offers > made ? need->rule->offers - made : 0;
    return (int64_t)others < allowed ? (int64_t)others : allowed;
}

static int64_t accept_by(const struct dispatch_need *need, int64_t travel_us, size_t others)
{
    const Callout__V1__DispatchRule *rule = need->rule;
    int64_t longest_us = need->now_us + rule->offer_us;
    int64_t shortest_us = need->now_us + rule->offer_min_us;
    int64_t by_us = longest_us;
    if (need->deadline_us != 0) {
        int64_t room_us = next_offers(need, others) * rule->offer_min_us;
        int64_t latest_us = need->deadline_us - travel_us - rule->preparation_us - room_us;
        by_us = latest_us < longest_us ? latest_us : longest_us;
    }
    return by_us > shortest_us ? by_us : shortest_us;
}

struct dispatch_choice dispatch_choose(const struct dispatch_need *need,
                                       const struct dispatch_candidate *candidates, size_t count,
                                       enum dispatch_why *whys)
{
    struct dispatch_choice choice = { .pick = DISPATCH_NO_PICK };
    for (size_t i = 0; i < count; i++) {
        whys[i] = why_not_at_all(need, &candidates[i]);
        choice.free += whys[i] == DISPATCH_PICKED;
    }
    choice.pick = best_of(need, candidates, count, whys, DISPATCH_NO_PICK);
    if (choice.pick == DISPATCH_NO_PICK)
        return choice;

    const struct dispatch_candidate *pick = &candidates[choice.pick];
    size_t second = best_of(need, candidates, count, whys, choice.pick);
    int64_t travel_us = pick->travel_us;
    if (second != DISPATCH_NO_PICK && candidates[second].travel_us > travel_us &&
        next_offers(need, choice.free - 1) > 0)
        travel_us = candidates[second].travel_us;
    choice.accept_by_us = accept_by(need, travel_us, choice.free - 1);
    for (size_t i = 0; i < count; i++)
        if (whys[i] == DISPATCH_PICKED && i != choice.pick)
            whys[i] = why_after(need, &candidates[i], pick);
    return choice;
}

const char *dispatch_why_text(enum dispatch_why why)
{
    static const char *const text[DISPATCH_WHYS] = {
        [DISPATCH_PICKED] = "he was asked",
        [DISPATCH_PRODUCT] = "he does not work on this product",
        [DISPATCH_SKILL] = "his level is below what this severity needs",
        [DISPATCH_DECLINED] = "he declined this case",
        [DISPATCH_SILENT] = "he was asked and did not answer in time",
        [DISPATCH_BUSY] = "all his visits at the same time are taken",
        [DISPATCH_LATER] = "he would be later past the deadline",
        [DISPATCH_FIT] = "somebody's level fits better",
        [DISPATCH_FARTHER] = "somebody has a shorter journey",
        [DISPATCH_LOADED] = "somebody has less to do",
        [DISPATCH_TIE] = "all else equal, somebody comes first by key",
    };
    co_assert(why < DISPATCH_WHYS);
    return text[why];
}
