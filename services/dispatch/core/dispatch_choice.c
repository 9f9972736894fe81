#include "dispatch_choice.h"

#include <math.h>
#include <string.h>

#include "co_assert.h"
#include "co_time.h"

#define TRAVEL_LIMIT_US (365 * CO_DAY_US)
#define WEIGHT_LIMIT_US (30 * CO_DAY_US)
#define COUNT_LIMIT 1000
#define LATE_WEIGHT 100 /* a minute too late counts like so many on the road */
/* A level, where no weight says what it counts. */
#define LEVEL_MS (CO_DAY_US / CO_MILLISECOND_US)

/* What a candidate would cost, most important first; smaller is better. */
struct cost {
    int64_t late_us;
    int64_t below;   /* levels below the wish */
    int64_t misfit;  /* levels above what is needed, where no weight says what they count */
    int64_t part[4]; /* of the sum, in us: journey, level, load, fairness */
    int64_t sum_us;
    int64_t load;
    int64_t recent;
};

enum part { PART_TRAVEL, PART_FIT, PART_LOAD, PART_FAIR, PARTS };

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

uint32_t dispatch_at_once(const Callout__V1__DispatchRule *rule, uint32_t severity)
{
    uint32_t stated =
        severity >= 1 && severity <= rule->n_at_once ? rule->at_once[severity - 1] : 0;
    return (uint32_t)clamp(stated, 1, DISPATCH_AT_ONCE_MAX);
}

int64_t dispatch_confirm_us(const Callout__V1__DispatchRule *rule, uint32_t severity)
{
    if (severity == 0 || rule->n_confirm_us == 0)
        return 0;
    size_t last = rule->n_confirm_us - 1;
    return rule->confirm_us[severity - 1 < last ? severity - 1 : last];
}

static const Callout__V1__Skill *find_skill(const Callout__V1__Engineer *engineer, const char *key,
                                            int64_t at_us)
{
    for (size_t i = 0; i < engineer->n_skills; i++) {
        const Callout__V1__Skill *skill = engineer->skills[i];
        if (strcmp(skill->key, key) == 0)
            return skill->until_us == 0 || at_us < skill->until_us ? skill : NULL;
    }
    return NULL;
}

static bool holds_at(const Callout__V1__SkillNeed *need, uint32_t severity)
{
    for (size_t i = 0; i < need->n_severities; i++)
        if (need->severities[i] == severity)
            return true;
    return need->n_severities == 0;
}

bool dispatch_is_qualified(const Callout__V1__DispatchRule *rule, uint32_t severity,
                           const Callout__V1__Engineer *engineer, int64_t at_us)
{
    for (size_t i = 0; i < rule->n_skills; i++) {
        if (!holds_at(rule->skills[i], severity))
            continue;
        const Callout__V1__Skill *skill = find_skill(engineer, rule->skills[i]->skill, at_us);
        if (skill == NULL || skill->level < rule->skills[i]->level)
            return false;
    }
    return true;
}

static bool works_on(const Callout__V1__Engineer *engineer, const char *product)
{
    if (engineer->n_products == 0 || *product == '\0')
        return true;
    for (size_t i = 0; i < engineer->n_products; i++)
        if (strcmp(engineer->products[i], product) == 0)
            return true;
    return false;
}

bool dispatch_level_of(const Callout__V1__Engineer *engineer, const char *product, int64_t at_us,
                       uint32_t *ret_level)
{
    const Callout__V1__Skill *skill =
        *product != '\0' ? find_skill(engineer, product, at_us) : NULL;
    if (skill == NULL && !works_on(engineer, product))
        return false;
    *ret_level = skill != NULL ? skill->level : engineer->skill;
    return true;
}

/* DISPATCH_PICKED: he can be asked. */
static enum dispatch_why why_not_at_all(const struct dispatch_need *need,
                                        const struct dispatch_candidate *c)
{
    if (!c->has_product)
        return DISPATCH_PRODUCT;
    if (c->skill < need->min_skill)
        return DISPATCH_SKILL;
    if (c->is_unqualified)
        return DISPATCH_UNQUALIFIED;
    if (c->asked == CALLOUT__V1__OFFER_END__OFFER_END_DECLINED)
        return DISPATCH_DECLINED;
    if (c->asked == CALLOUT__V1__OFFER_END__OFFER_END_SILENT)
        return DISPATCH_SILENT;
    if (c->asked == CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN)
        return DISPATCH_RECALLED;
    if (c->asked == CALLOUT__V1__OFFER_END__OFFER_END_UNSOLVED)
        return DISPATCH_UNSOLVED;
    if (c->booked_by != 0)
        return DISPATCH_BOOKED;
    if (c->free_from_us > need->now_us)
        return DISPATCH_OFF_DUTY;
    if (c->claims >= c->capacity)
        return DISPATCH_BUSY;
    return c->per_day != 0 && c->today >= c->per_day ? DISPATCH_DAY_FULL : DISPATCH_PICKED;
}

/* When he could be there, asked at `at_us`. */
static int64_t there_us(const struct dispatch_need *need, const struct dispatch_candidate *c,
                        int64_t at_us)
{
    return at_us + need->rule->offer_min_us + need->rule->preparation_us + c->travel_us;
}

static int64_t weighed(int64_t weight_us, int64_t count)
{
    return clamp(weight_us, 0, WEIGHT_LIMIT_US) * clamp(count, 0, COUNT_LIMIT);
}

static struct cost cost_of(const struct dispatch_need *need, const struct dispatch_candidate *c)
{
    const Callout__V1__DispatchRule *rule = need->rule;
    int64_t arrival_us = there_us(need, c, need->now_us);
    bool is_late = need->deadline_us != 0 && arrival_us > need->deadline_us;
    uint32_t wish = need->wanted_skill > need->min_skill ? need->wanted_skill : need->min_skill;
    int64_t above = c->skill >= wish ? c->skill - wish : 0;
    struct cost cost = {
        .late_us = is_late ? arrival_us - need->deadline_us : 0,
        .below = c->skill < wish ? wish - c->skill : 0,
        .misfit = rule->fit_us == 0 ? above : 0,
        .part = { [PART_TRAVEL] = c->travel_us,
                  [PART_FIT] = weighed(rule->fit_us, above),
                  [PART_LOAD] = weighed(rule->load_us, c->claims),
                  [PART_FAIR] = weighed(rule->fairness_us, c->recent) },
        .load = c->claims,
        .recent = c->recent,
    };
    for (size_t i = 0; i < PARTS; i++)
        cost.sum_us += cost.part[i];
    return cost;
}

/* What makes most of the difference of two sums. */
static enum dispatch_why main_part(const struct cost *worse, const struct cost *better)
{
    static const enum dispatch_why why[PARTS] = { DISPATCH_FARTHER, DISPATCH_FIT, DISPATCH_LOADED,
                                                  DISPATCH_UNFAIR };
    size_t most = 0;
    for (size_t i = 1; i < PARTS; i++)
        if (worse->part[i] - better->part[i] > worse->part[most] - better->part[most])
            most = i;
    return why[most];
}

/* Why `worse` comes after `better`; DISPATCH_PICKED where it does not. */
static enum dispatch_why why_after(const struct dispatch_need *need,
                                   const struct dispatch_candidate *worse,
                                   const struct dispatch_candidate *better)
{
    struct cost w = cost_of(need, worse), b = cost_of(need, better);
    if (worse->is_on_event != better->is_on_event)
        return better->is_on_event ? DISPATCH_EVENT : DISPATCH_PICKED;
    if (w.late_us != b.late_us)
        return w.late_us > b.late_us ? DISPATCH_LATER : DISPATCH_PICKED;
    if (w.below != b.below)
        return w.below > b.below ? DISPATCH_FIT : DISPATCH_PICKED;
    if (w.misfit != b.misfit)
        return w.misfit > b.misfit ? DISPATCH_FIT : DISPATCH_PICKED;
    if (w.sum_us != b.sum_us)
        return w.sum_us > b.sum_us ? main_part(&w, &b) : DISPATCH_PICKED;
    if (w.load != b.load)
        return w.load > b.load ? DISPATCH_LOADED : DISPATCH_PICKED;
    if (w.recent != b.recent)
        return w.recent > b.recent ? DISPATCH_UNFAIR : DISPATCH_PICKED;
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

/* How many are asked together with this one, before anybody has answered. */
static int64_t besides(const struct dispatch_need *need)
{
    int64_t width = need->at_once > 1 ? need->at_once : 1;
    return width > need->open ? width - need->open - 1 : 0;
}

/* How many more times somebody may have to be asked after these, by the rule and by who is free. */
static int64_t next_rounds(const struct dispatch_need *need, size_t others)
{
    int64_t width = need->at_once > 1 ? need->at_once : 1;
    uint32_t made = need->asked + need->open + 1;
    int64_t allowed = need->rule->offers > made ? need->rule->offers - made : 0;
    int64_t left = ((int64_t)others < allowed ? (int64_t)others : allowed) - besides(need);
    return left > 0 ? (left + width - 1) / width : 0;
}

/* Who would be asked if nobody of those accepted; DISPATCH_NO_PICK: nobody. */
static size_t next_of(const struct dispatch_need *need, const struct dispatch_candidate *candidates,
                      size_t count, enum dispatch_why *whys, size_t pick)
{
    size_t next = best_of(need, candidates, count, whys, pick);
    for (int64_t i = besides(need); i > 0 && next != DISPATCH_NO_PICK; i--) {
        whys[next] = DISPATCH_WHYS; /* asked together with the pick */
        next = best_of(need, candidates, count, whys, pick);
    }
    for (size_t i = 0; i < count; i++)
        if (whys[i] == DISPATCH_WHYS)
            whys[i] = DISPATCH_PICKED;
    return next;
}

static int64_t accept_by(const struct dispatch_need *need, int64_t travel_us, size_t others)
{
    const Callout__V1__DispatchRule *rule = need->rule;
    int64_t longest_us = need->now_us + rule->offer_us;
    int64_t shortest_us = need->now_us + rule->offer_min_us;
    int64_t by_us = longest_us;
    if (need->deadline_us != 0) {
        int64_t room_us = next_rounds(need, others) * rule->offer_min_us;
        int64_t latest_us = need->deadline_us - travel_us - rule->preparation_us - room_us;
        by_us = latest_us < longest_us ? latest_us : longest_us;
    }
    return by_us > shortest_us ? by_us : shortest_us;
}

static bool is_in_time(const struct dispatch_need *need, const struct dispatch_candidate *c)
{
    return need->deadline_us == 0 || there_us(need, c, need->now_us) <= need->deadline_us;
}

/* Until when the pick may think: time is left for whoever would be asked next only as far as that
 * helps, so not for those who would be late in any case. */
static int64_t think_until(const struct dispatch_need *need,
                           const struct dispatch_candidate *candidates, size_t count,
                           enum dispatch_why *whys, size_t pick)
{
    size_t others = 0, next = next_of(need, candidates, count, whys, pick);
    int64_t travel_us = candidates[pick].travel_us;
    for (size_t i = 0; i < count; i++)
        others += i != pick && whys[i] == DISPATCH_PICKED && is_in_time(need, &candidates[i]);
    if (next != DISPATCH_NO_PICK && is_in_time(need, &candidates[next]) &&
        candidates[next].travel_us > travel_us && next_rounds(need, others) > 0)
        travel_us = candidates[next].travel_us;
    return accept_by(need, travel_us, others);
}

static bool is_earlier(int64_t us, int64_t than_us)
{
    return than_us == 0 || us < than_us;
}

/* Nobody can be asked now: what those who are off duty could do. */
static void look_ahead(const struct dispatch_need *need,
                       const struct dispatch_candidate *candidates, size_t count,
                       const enum dispatch_why *whys, struct dispatch_choice *choice)
{
    for (size_t i = 0; i < count; i++) {
        const struct dispatch_candidate *c = &candidates[i];
        choice->is_any_busy |=
            whys[i] == DISPATCH_BUSY || whys[i] == DISPATCH_DAY_FULL || whys[i] == DISPATCH_BOOKED;
        if (whys[i] != DISPATCH_OFF_DUTY || c->free_from_us == DISPATCH_NEVER_ON_DUTY)
            continue;
        int64_t arrival_us = there_us(need, c, c->free_from_us);
        if (is_earlier(arrival_us, choice->there_us))
            choice->there_us = arrival_us;
        if (is_earlier(c->free_from_us, choice->duty_us))
            choice->duty_us = c->free_from_us;
    }
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
    if (choice.pick == DISPATCH_NO_PICK) {
        look_ahead(need, candidates, count, whys, &choice);
        return choice;
    }

    const struct dispatch_candidate *pick = &candidates[choice.pick];
    choice.there_us = there_us(need, pick, need->now_us);
    choice.accept_by_us = think_until(need, candidates, count, whys, choice.pick);
    for (size_t i = 0; i < count; i++)
        if (whys[i] == DISPATCH_PICKED && i != choice.pick)
            whys[i] = why_after(need, &candidates[i], pick);
    return choice;
}

int64_t dispatch_cost(const struct dispatch_need *need, const struct dispatch_candidate *c)
{
    if (why_not_at_all(need, c) != DISPATCH_PICKED)
        return -1;
    if (c->is_on_event)
        return 0;
    struct cost cost = cost_of(need, c);
    int64_t late_ms = clamp(cost.late_us / CO_MILLISECOND_US, 0, DISPATCH_COST_MAX / LATE_WEIGHT);
    int64_t sum_ms = cost.sum_us / CO_MILLISECOND_US;
    int64_t level_ms = (cost.below + cost.misfit) * LEVEL_MS;
    return clamp(late_ms * LATE_WEIGHT + sum_ms + level_ms, 0, DISPATCH_COST_MAX);
}
