/* Whom the orders of a turn are offered to, and the claims that this takes. */
#include "turn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_time.h"
#include "dispatch_offers.h"
#include "dispatch_review.h"
#include "turn_batch.h"

#define LANES 256 /* a case id is n * 256 + lane */
#define LANE_PHASE_US CO_SECOND_US
#define CAPACITY_LIMIT 1000 /* slots of one resource */
#define KEY_LIMIT 64
#define RESOURCE "engineer/"

/* Engineers picked in this turn, by key, with how often. */
struct picks {
    const char **engineer;
    uint32_t *times;
    size_t count;
};

static size_t place_of(const struct picks *picks, const char *engineer)
{
    size_t low = 0, high = picks->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(picks->engineer[middle], engineer) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct picks *picks, size_t place, const char *engineer)
{
    return place < picks->count && strcmp(picks->engineer[place], engineer) == 0;
}

static void pick(struct picks *picks, const char *engineer)
{
    size_t place = place_of(picks, engineer);
    if (is_at(picks, place, engineer)) {
        picks->times[place]++;
        return;
    }
    size_t after = picks->count++ - place;
    memmove(&picks->engineer[place + 1], &picks->engineer[place], after * sizeof(*picks->engineer));
    memmove(&picks->times[place + 1], &picks->times[place], after * sizeof(*picks->times));
    picks->engineer[place] = engineer;
    picks->times[place] = 1;
}

/* The rule of the order's policy; *ret_rule is NULL where the policy has none and so sends nobody.
 */
static enum co_err rule_of(struct co_registry_feed *feed, const Callout__V1__DispatchState *state,
                           const Callout__V1__DispatchRule **ret_rule)
{
    *ret_rule = NULL;
    if (state->policy == NULL)
        return CO_OK;
    bool is_missing = false;
    const struct co_object *object = co_registry_feed_pin(feed, CO_KIND_POLICY, state->policy->key,
                                                          state->policy->since, &is_missing);
    if (object == NULL)
        return is_missing ? CO_OK : CO_EAGAIN;
    const Callout__V1__DispatchRule *rule = object->message->policy->dispatch;
    *ret_rule = rule != NULL && rule->offer_us > 0 ? rule : NULL;
    return CO_OK;
}

/* What is being sought with. */
struct search {
    struct dispatch_turn *turn;
    struct dispatch_map *map;
    struct picks picks;
    struct dispatch_waiting *waiting; /* those that choose in this turn, in the order of cases */
    size_t waiting_count;
    struct dispatch_batch *batch; /* who is kept for whom; NULL: nothing to weigh */
    uint64_t registry_version;
};

static char *resource_of(struct co_arena *arena, const char *engineer)
{
    size_t len = strlen(engineer) + 1;
    char *resource = co_arena_alloc(arena, sizeof(RESOURCE) - 1 + len);
    if (resource == NULL)
        return NULL;
    memcpy(resource, RESOURCE, sizeof(RESOURCE) - 1);
    memcpy(resource + sizeof(RESOURCE) - 1, engineer, len);
    return resource;
}

/* The resources of the pool, joined by commas. NULL: out of memory. */
static const char *join(struct co_arena *arena, const struct dispatch_pool *pool)
{
    size_t size = 1;
    for (size_t i = 0; i < pool->count; i++)
        size += sizeof(RESOURCE) + strlen(pool->candidates[i].engineer);
    char *joined = co_arena_alloc(arena, size);
    if (joined == NULL)
        return NULL;
    char *end = joined;
    for (size_t i = 0; i < pool->count; i++) {
        if (i > 0)
            *end++ = ',';
        end = stpcpy(stpcpy(end, RESOURCE), pool->candidates[i].engineer);
    }
    *end = '\0';
    return joined;
}

static void fill_in_claims(const struct search *search, struct dispatch_pool *pool)
{
    const struct co_turn *t = search->turn->turn;
    const PGresult *res = t->read_results[search->turn->claims_index];
    for (size_t i = 0; i < pool->count; i++) {
        struct dispatch_candidate *c = &pool->candidates[i];
        char resource[sizeof(RESOURCE) + KEY_LIMIT];
        (void)snprintf(resource, sizeof(resource), RESOURCE "%s", c->engineer);
        c->claims = dispatch_store_held(res, resource, &c->held_by);
        if (search->turn->has_visits)
            dispatch_store_visits(t->read_results[search->turn->visits_index], resource, &c->recent,
                                  &c->today);
    }
}

/* Whether the visit would be in the span: until he is there. */
static bool is_in_span(const struct dispatch_need *need, const struct dispatch_candidate *c,
                       const struct dispatch_store_booking *booking)
{
    const Callout__V1__DispatchRule *rule = need->rule;
    int64_t there_us = need->now_us + rule->offer_min_us + rule->preparation_us + c->travel_us;
    return booking->from_us <= there_us && booking->until_us > need->now_us;
}

/* Who is taken for something else meanwhile is not asked. */
static void fill_in_bookings(const struct search *search, const struct dispatch_need *need,
                             struct dispatch_pool *pool)
{
    const PGresult *res = dispatch_turn_bookings(search->turn);
    for (size_t i = 0; i < pool->count; i++) {
        struct dispatch_candidate *c = &pool->candidates[i];
        char resource[sizeof(RESOURCE) + KEY_LIMIT];
        (void)snprintf(resource, sizeof(resource), RESOURCE "%s", c->engineer);
        for (int row = dispatch_store_first_booking(res, resource); row < PQntuples(res); row++) {
            struct dispatch_store_booking b = dispatch_store_booking_of_row(res, row);
            if (strcmp(b.resource, resource) != 0)
                break;
            if (c->booked_by == 0 && is_in_span(need, c, &b))
                c->booked_by = b.case_id;
        }
    }
}

/* Who is on event duty at the site of the case. */
static enum co_err add_on_event(const struct search *search, const struct dispatch_order *o,
                                const struct dispatch_need *need, struct dispatch_pool *pool)
{
    const PGresult *res = dispatch_turn_bookings(search->turn);
    const char *here = dispatch_turn_faults_at(o);
    enum co_err err = here == NULL ? CO_ENOMEM : CO_OK;
    for (int row = 0; err == CO_OK && row < PQntuples(res); row++) {
        struct dispatch_store_booking b = dispatch_store_booking_of_row(res, row);
        if (b.faults_at != NULL && strcmp(b.faults_at, here) == 0 && b.from_us <= need->now_us &&
            b.until_us > need->now_us && strncmp(b.resource, RESOURCE, sizeof(RESOURCE) - 1) == 0)
            err = dispatch_map_add_on_event(search->map, o, need, b.resource + sizeof(RESOURCE) - 1,
                                            pool);
    }
    return err;
}

/* Nobody can be sent: as if there were no engineer at all. */
static void seek_without_rule(struct dispatch_turn_case *c, int64_t now_us)
{
    Callout__V1__DispatchRule none;
    callout__v1__dispatch_rule__init(&none);
    struct dispatch_need need = dispatch_seek_need(&c->order, &none, now_us);
    struct dispatch_pool pool = { .candidates = NULL };
    dispatch_seek(&c->order, &need, &pool, NULL);
}

/* Not while an answer is on its way: it may make another offer needless. */
static bool chooses(const struct dispatch_turn_case *c)
{
    return c->is_due && c->is_prepared && !c->is_answered;
}

/* The candidates of an order that still seeks are stored, to be looked at in the next turn. */
static enum co_err prepare(struct search *search, struct dispatch_turn_case *c,
                           const struct dispatch_need *need)
{
    struct dispatch_pool pool;
    enum co_err err = dispatch_map_pool(search->map, &c->order, need, false, &pool);
    if (err != CO_OK)
        return err;
    c->candidates = join(c->order.arena, &pool);
    return c->candidates != NULL ? CO_OK : CO_ENOMEM;
}

/* Whoever is kept for another order of this turn is taken, for this one. */
static void choose(struct search *search, struct dispatch_turn_case *c, size_t i,
                   enum dispatch_why *whys)
{
    struct dispatch_waiting *w = &search->waiting[i];
    for (size_t k = 0; k < w->pool.count; k++) {
        struct dispatch_candidate *candidate = &w->pool.candidates[k];
        size_t place = place_of(&search->picks, candidate->engineer);
        if (is_at(&search->picks, place, candidate->engineer))
            candidate->claims += search->picks.times[place];
        else if (dispatch_batch_is_kept(search->batch, i, candidate->engineer))
            candidate->claims++;
    }
    dispatch_seek(&c->order, &w->need, &w->pool, whys);
    if (c->order.claim.engineer != NULL)
        pick(&search->picks, c->order.claim.engineer);
}

/* What the order sees: not yet what it makes of it. NULL: out of memory. */
static struct dispatch_seen *see(const struct search *search, const struct dispatch_turn_case *c,
                                 size_t i)
{
    const struct dispatch_waiting *w = &search->waiting[i];
    struct dispatch_seen *seen = co_arena_alloc(c->order.arena, sizeof(*seen));
    enum dispatch_why *whys = co_arena_alloc(c->order.arena, (w->pool.count + 1) * sizeof(*whys));
    if (seen == NULL || whys == NULL)
        return NULL;
    for (size_t k = 0; k < w->pool.count; k++)
        whys[k] = DISPATCH_WHYS;
    *seen = (struct dispatch_seen){ w->need, &w->pool, whys, search->registry_version };
    return seen;
}

/* What a choice saw is told when its claim is made: the registry may be another one then. */
static bool keep_keys(struct co_arena *arena, struct dispatch_pool *pool)
{
    for (size_t k = 0; k < pool->count; k++) {
        struct dispatch_candidate *candidate = &pool->candidates[k];
        candidate->engineer = co_arena_strdup(arena, candidate->engineer);
        candidate->office = co_arena_strdup(arena, candidate->office);
        if (candidate->engineer == NULL || candidate->office == NULL)
            return false;
    }
    return true;
}

static enum co_err seek_with(struct search *search, struct dispatch_turn_case *c, size_t i)
{
    struct dispatch_need need = search->waiting[i].need;
    if (chooses(c)) {
        struct dispatch_seen *seen = see(search, c, i);
        if (seen == NULL)
            return CO_ENOMEM;
        choose(search, c, i, seen->whys);
        c->seen = seen;
        if (!keep_keys(c->order.arena, &search->waiting[i].pool))
            return CO_ENOMEM;
    }
    return dispatch_seek_wanted(&c->order) ? prepare(search, c, &need) : CO_OK;
}

/* Whom those orders can choose from that choose in this turn. The others have an empty pool. */
static enum co_err gather(struct search *search, struct dispatch_turn_case *c,
                          const Callout__V1__DispatchRule *rule)
{
    struct dispatch_waiting *w = &search->waiting[search->waiting_count++];
    *w = (struct dispatch_waiting){ .need = dispatch_seek_need(&c->order, rule,
                                                               search->turn->turn->now_us) };
    w->need.turn = (uint64_t)c->case_id / LANES; /* one more for each case of a lane */
    w->need.phase_us = search->turn->turn->lane * LANE_PHASE_US;
    if (!chooses(c))
        return CO_OK;
    enum co_err err = dispatch_map_pool(search->map, &c->order, &w->need, false, &w->pool);
    if (err == CO_OK) {
        fill_in_bookings(search, &w->need, &w->pool);
        err = add_on_event(search, &c->order, &w->need, &w->pool);
    }
    if (err == CO_OK)
        fill_in_claims(search, &w->pool);
    return err;
}

static void review_one(const struct search *search, struct dispatch_turn_case *c,
                       const struct dispatch_need *need)
{
    struct dispatch_candidate who;
    bool is_there = dispatch_map_who(search->map, &c->order, need, c->order.state->engineer, &who);
    dispatch_review(&c->order, need, is_there ? &who : NULL);
}

/* Whoever is asked, or goes. The oldest offer comes last: the order speaks of it then. */
static void review(const struct search *search, struct dispatch_turn_case *c,
                   const Callout__V1__DispatchRule *rule)
{
    struct dispatch_order *o = &c->order;
    struct dispatch_need need = dispatch_seek_need(o, rule, search->turn->turn->now_us);
    size_t open = dispatch_offers_count(o);
    if (open == 0)
        review_one(search, c, &need);
    for (; open > 0; open--) {
        dispatch_offers_turn_to(o, dispatch_offers_get(o, open - 1));
        review_one(search, c, &need);
    }
}

static enum co_err gather_all(struct search *search, struct co_registry_feed *feed)
{
    struct dispatch_turn *turn = search->turn;
    for (size_t i = 0; i < turn->count; i++) {
        struct dispatch_turn_case *c = &turn->item[i];
        const Callout__V1__DispatchRule *rule = NULL;
        if (c->order.err != CO_OK)
            return c->order.err;
        bool is_reviewed = c->is_reviewed && dispatch_review_wanted(&c->order);
        if (!is_reviewed && !dispatch_seek_wanted(&c->order))
            continue;
        enum co_err err = rule_of(feed, c->order.state, &rule);
        if (err == CO_OK && is_reviewed && rule != NULL)
            review(search, c, rule);
        if (err == CO_OK && dispatch_seek_wanted(&c->order)) {
            c->is_sought = rule != NULL;
            if (rule == NULL)
                seek_without_rule(c, turn->turn->now_us);
            else
                err = gather(search, c, rule);
        }
        if (err != CO_OK)
            return err;
    }
    return CO_OK;
}

static enum co_err seek_all(struct search *search, struct co_registry_feed *feed)
{
    struct dispatch_turn *turn = search->turn;
    enum co_err err = gather_all(search, feed);
    if (err == CO_OK)
        err = dispatch_batch_new(turn->turn->arena, search->waiting, search->waiting_count,
                                 &search->batch);
    size_t next = 0;
    for (size_t i = 0; err == CO_OK && i < turn->count; i++)
        if (turn->item[i].is_sought)
            err = seek_with(search, &turn->item[i], next++);
    return err;
}

/* ---- claims ---- */

static int by_resource(const void *a, const void *b)
{
    const struct dispatch_store_claim *x = a, *y = b;
    int order = strcmp(x->resource, y->resource);
    return order != 0 ? order : (x->case_id > y->case_id) - (x->case_id < y->case_id);
}

static enum co_err add_claims(struct dispatch_turn *turn)
{
    struct co_turn *t = turn->turn;
    turn->claim = co_arena_alloc(t->arena, (turn->count + 1) * sizeof(*turn->claim));
    if (turn->claim == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < turn->count; i++) {
        const struct dispatch_claim *wanted = &turn->item[i].order.claim;
        if (wanted->engineer == NULL)
            continue;
        char *resource = resource_of(t->arena, wanted->engineer);
        if (resource == NULL)
            return CO_ENOMEM;
        turn->claim[turn->claim_count++] = (struct dispatch_store_claim){
            .resource = resource,
            .capacity =
                wanted->capacity < CAPACITY_LIMIT ? (int32_t)wanted->capacity : CAPACITY_LIMIT,
            .case_id = turn->item[i].case_id,
            .generation = (int64_t)wanted->generation,
        };
    }
    if (turn->claim_count == 0)
        return CO_OK;
    qsort(turn->claim, turn->claim_count, sizeof(*turn->claim), by_resource);
    for (size_t i = 1; i < turn->claim_count; i++)
        if (strcmp(turn->claim[i].resource, turn->claim[i - 1].resource) == 0)
            turn->claim[i].nth = turn->claim[i - 1].nth + 1;
    enum co_err err = dispatch_store_claim(t->claims, t->arena, t->lane, t->now_us, turn->claim,
                                           turn->claim_count);
    if (err == CO_OK)
        err = dispatch_store_own_claims(t->claims, t->arena, turn->claim, turn->claim_count,
                                        &turn->own_index);
    turn->own_index -= turn->first_claim;
    return err;
}

enum co_err dispatch_turn_seek(struct dispatch_turn *turn, struct dispatch_map *map,
                               struct co_registry_feed *feed)
{
    struct search search = { .turn = turn,
                             .map = map,
                             .registry_version = co_registry_feed_version(feed) };
    struct co_arena *arena = turn->turn->arena;
    size_t most = turn->count + 1;
    search.picks.engineer = co_arena_alloc(arena, most * sizeof(*search.picks.engineer));
    search.picks.times = co_arena_alloc(arena, most * sizeof(*search.picks.times));
    search.waiting = co_arena_alloc(arena, most * sizeof(*search.waiting));
    if (search.picks.engineer == NULL || search.picks.times == NULL || search.waiting == NULL)
        return CO_ENOMEM;
    enum co_err err = seek_all(&search, feed);
    return err != CO_OK ? err : add_claims(turn);
}
