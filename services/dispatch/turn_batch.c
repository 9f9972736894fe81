#include "turn_batch.h"

#include <stdlib.h>
#include <string.h>

#include "co_time.h"
#include "dispatch_match.h"

#define ORDERS_MAX 256 /* weighed together; what is beyond them chooses after them */
#define PLENTY 8       /* who has so many to choose from gives way without loss */

struct dispatch_batch {
    const char **engineer; /* everybody who can be asked, by key */
    size_t engineers;
    uint32_t *order_of; /* for which order he is kept, or DISPATCH_MATCH_NONE */
};

static int by_key(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t place_of(const struct dispatch_batch *batch, const char *engineer)
{
    const char *const *found =
        bsearch(&engineer, batch->engineer, batch->engineers, sizeof(*batch->engineer), by_key);
    return found != NULL ? (size_t)(found - batch->engineer) : batch->engineers;
}

/* What he costs, or -1: he cannot be asked, or only besides somebody else, who is asked already. No
 * order keeps him from others for that. */
static int64_t cost_of(const struct dispatch_waiting *w, const struct dispatch_candidate *c)
{
    return w->need.open > 0 ? -1 : dispatch_cost(&w->need, c);
}

/* Lists everybody once; returns how many pairs of order and engineer there are. */
static size_t list_engineers(struct dispatch_batch *batch, const struct dispatch_waiting *waiting,
                             size_t count)
{
    size_t pairs = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < waiting[i].pool.count; k++)
            if (cost_of(&waiting[i], &waiting[i].pool.candidates[k]) >= 0)
                batch->engineer[pairs++] = waiting[i].pool.candidates[k].engineer;
    qsort(batch->engineer, pairs, sizeof(*batch->engineer), by_key);
    for (size_t i = 0; i < pairs; i++)
        if (i == 0 || strcmp(batch->engineer[i], batch->engineer[batch->engineers - 1]) != 0)
            batch->engineer[batch->engineers++] = batch->engineer[i];
    return pairs;
}

/* Has somebody so few to choose from that another order could take them away? */
static bool is_scarce(const struct dispatch_waiting *waiting, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t choices = 0;
        for (size_t k = 0; k < waiting[i].pool.count && choices < PLENTY; k++)
            choices += cost_of(&waiting[i], &waiting[i].pool.candidates[k]) >= 0;
        if (choices > 0 && choices < PLENTY)
            return true;
    }
    return false;
}

/* The less time an order has, the more it costs to leave it waiting. */
static int64_t idle_cost(const struct dispatch_need *need)
{
    int64_t slack_us = need->deadline_us != 0 ? need->deadline_us - need->now_us : CO_DAY_US;
    int64_t urgency_us = slack_us < CO_DAY_US ? CO_DAY_US - slack_us : 0;
    int64_t cost = urgency_us / CO_MILLISECOND_US;
    return cost < DISPATCH_MATCH_COST_MAX ? cost : DISPATCH_MATCH_COST_MAX;
}

static enum co_err solve(struct co_arena *arena, struct dispatch_batch *batch,
                         const struct dispatch_waiting *waiting, size_t count, size_t pairs)
{
    struct dispatch_match_pair *pair = co_arena_alloc(arena, (pairs + 1) * sizeof(*pair));
    uint32_t *first = co_arena_alloc(arena, (count + 1) * sizeof(*first));
    uint32_t *match = co_arena_alloc(arena, count * sizeof(*match));
    int64_t *idle = co_arena_alloc(arena, count * sizeof(*idle));
    if (pair == NULL || first == NULL || match == NULL || idle == NULL)
        return CO_ENOMEM;
    uint32_t n = 0;
    for (size_t i = 0; i < count; i++) {
        first[i] = n;
        idle[i] = idle_cost(&waiting[i].need);
        for (size_t k = 0; k < waiting[i].pool.count; k++) {
            const struct dispatch_candidate *c = &waiting[i].pool.candidates[k];
            int64_t cost = cost_of(&waiting[i], c);
            if (cost >= 0)
                pair[n++] =
                    (struct dispatch_match_pair){ (uint32_t)place_of(batch, c->engineer), cost };
        }
    }
    first[count] = n;
    struct dispatch_match_ask ask = { (uint32_t)count, (uint32_t)batch->engineers, first, pair,
                                      idle };
    if (!dispatch_match_least(arena, &ask, match))
        return CO_ENOMEM;
    for (size_t i = 0; i < count; i++)
        if (match[i] != DISPATCH_MATCH_NONE)
            batch->order_of[match[i]] = (uint32_t)i;
    return CO_OK;
}

enum co_err dispatch_batch_new(struct co_arena *arena, const struct dispatch_waiting *waiting,
                               size_t count, struct dispatch_batch **ret_batch)
{
    *ret_batch = NULL;
    count = count < ORDERS_MAX ? count : ORDERS_MAX;
    if (count < 2 || !is_scarce(waiting, count))
        return CO_OK;
    size_t most = 1;
    for (size_t i = 0; i < count; i++)
        most += waiting[i].pool.count;
    struct dispatch_batch *batch = co_arena_alloc(arena, sizeof(*batch));
    if (batch == NULL)
        return CO_ENOMEM;
    *batch = (struct dispatch_batch){
        .engineer = co_arena_alloc(arena, most * sizeof(*batch->engineer)),
        .order_of = co_arena_alloc(arena, most * sizeof(*batch->order_of)),
    };
    if (batch->engineer == NULL || batch->order_of == NULL)
        return CO_ENOMEM;
    memset(batch->order_of, 0xff, most * sizeof(*batch->order_of));
    size_t pairs = list_engineers(batch, waiting, count);
    enum co_err err = solve(arena, batch, waiting, count, pairs);
    if (err == CO_OK)
        *ret_batch = batch;
    return err;
}

bool dispatch_batch_is_kept(const struct dispatch_batch *batch, size_t i, const char *engineer)
{
    size_t place = batch != NULL ? place_of(batch, engineer) : 0;
    return batch != NULL && place < batch->engineers &&
           batch->order_of[place] != DISPATCH_MATCH_NONE && batch->order_of[place] != i;
}
