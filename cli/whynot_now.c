/* Why others do not go, as of now: by the registry in force, and by what everybody holds. */
#include <stdlib.h>
#include <string.h>

#include "whynot.h"

int whynot_by_miss(const void *a, const void *b)
{
    const struct why_row *x = a, *y = b;
    return dispatch_miss_compare(&x->miss, &y->miss);
}

/* Who is asked now, or goes. */
static bool is_engaged(const struct whynot *w, const char *engineer)
{
    return dispatch_offers_find(&w->order, engineer, 0) != NULL ||
           strcmp(engineer, w->order.state->engineer) == 0;
}

static const char *held_by(const struct whynot *w, const char *engineer)
{
    Callout__V1__ClaimRow *const *held;
    size_t count = cli_claims_of(&w->claims, engineer, &held);
    return count == 0 ? "" : cli_format(w->cli, "%s (%s)", held[0]->number, held[0]->state);
}

static void fill_in_claims(const struct whynot *w, struct dispatch_pool *pool)
{
    for (size_t i = 0; i < pool->count; i++) {
        Callout__V1__ClaimRow *const *held;
        size_t count = cli_claims_of(&w->claims, pool->candidates[i].engineer, &held);
        for (size_t k = 0; k < count; k++)
            pool->candidates[i].claims += strcmp(held[k]->number, w->number) != 0;
    }
}

static const char *change(const struct whynot *w, const struct dispatch_miss *m)
{
    const struct dispatch_candidate *c = m->candidate;
    struct why_facts facts = {
        .candidate = c,
        .product = w->order.state->product,
        .held_by = m->why == DISPATCH_BUSY ? held_by(w, c->engineer) : "",
        .min_skill = w->need.min_skill,
        .there_us = w->now_us + w->rule->offer_min_us + w->rule->preparation_us + c->travel_us,
        .asked = w->chosen,
    };
    return whynot_change(w->cli, m->why, &facts);
}

static int choose(struct whynot *w, struct dispatch_pool *pool)
{
    enum dispatch_why *whys = co_arena_alloc(w->cli->arena, (pool->count + 1) * sizeof(*whys));
    w->row = co_arena_alloc(w->cli->arena, (pool->count + 1) * sizeof(*w->row));
    if (whys == NULL || w->row == NULL)
        return cli_fail(w->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    struct dispatch_choice choice = dispatch_choose(&w->need, pool->candidates, pool->count, whys);
    w->chosen = choice.pick == DISPATCH_NO_PICK
                    ? ""
                    : cli_text(w->cli, pool->candidates[choice.pick].engineer);
    for (size_t i = 0; i < pool->count; i++) {
        struct dispatch_miss miss = { &pool->candidates[i], whys[i] };
        if (!is_engaged(w, miss.candidate->engineer) && i != choice.pick)
            w->row[w->count++] = (struct why_row){ miss, change(w, &miss), true };
    }
    if (w->count > 0)
        qsort(w->row, w->count, sizeof(*w->row), whynot_by_miss);
    return CLI_OK;
}

int whynot_now(struct whynot *w, const struct co_registry *registry)
{
    struct co_road_estimate road = { DISPATCH_ROAD_FIXED_KM, DISPATCH_ROAD_FACTOR };
    struct dispatch_map *map = dispatch_map_new(registry, road);
    struct dispatch_pool pool;
    if (map == NULL)
        return cli_fail(w->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    w->need = dispatch_seek_need(&w->order, w->rule, w->now_us);
    if (dispatch_map_pool(map, &w->order, &w->need, true, &pool) != CO_OK) {
        dispatch_map_free(map);
        return cli_fail(w->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    }
    fill_in_claims(w, &pool);
    int code = choose(w, &pool);
    dispatch_map_free(map);
    return code;
}
