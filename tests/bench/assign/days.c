#include "days.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "co_assert.h"
#include "co_rand.h"
#include "dispatch_match.h"

#define HOUR_S 3600.0
#define LANES 16
#define LATE_WEIGHT 100 /* a second too late counts like so many on the road */

struct order {
    double at_s, due_s, work_s;
    uint32_t place;
    double assigned_s;
};

struct days {
    const struct world *world;
    struct co_rand rand;
    uint32_t *base; /* office place of each engineer */
    double *free_s; /* each is free from then on */
    uint32_t engineers;
    struct order *order;
    uint32_t orders;
    uint32_t *waiting; /* indices of orders, by due time */
    uint32_t waiting_count;
    struct dispatch_match_pair *pair;
    uint32_t *first, *match;
    int64_t *idle;
    double decisions, decided, cpu_us;
    struct co_arena *arena;
};

/* Rings of the storage pack at its worst level, in km and hours. */
static double promise_s(double km)
{
    static const double ring[][2] = { { 40, 2 }, { 80, 4 }, { 160, 6 }, { 240, 10 }, { 320, 12 } };
    for (size_t i = 0; i < sizeof(ring) / sizeof(ring[0]); i++)
        if (km < ring[i][0] + 0.5)
            return ring[i][1] * HOUR_S;
    return 24 * HOUR_S;
}

static double nearest_km(const struct world *w, uint32_t place)
{
    double least = 1e12;
    for (uint32_t o = 0; o < w->offices; o++) {
        double km = w->km[(size_t)w->office[o] * w->places + place];
        least = km < least ? km : least;
    }
    return least;
}

static double journey_s(const struct days *d, uint32_t engineer, uint32_t place)
{
    return d->world->seconds[(size_t)d->base[engineer] * d->world->places + place];
}

static int64_t cost_of(const struct days *d, uint32_t engineer, const struct order *o, double now_s)
{
    double journey = journey_s(d, engineer, o->place);
    double late = now_s + journey - o->due_s;
    return (int64_t)(journey + (late > 0 ? late * LATE_WEIGHT : 0));
}

static double *alloc_doubles(size_t n)
{
    return calloc(n + 1, sizeof(double));
}

static void make_orders(struct days *d, double busy)
{
    const struct world *w = d->world;
    double visit_s = 0, at_s = 0;
    for (uint32_t i = 0; i < d->orders; i++) {
        struct order *o = &d->order[i];
        o->place = world_place(w, co_rand_unit(&d->rand));
        o->work_s = 1.5 * HOUR_S - 1.5 * HOUR_S * log(1 - co_rand_unit(&d->rand));
        visit_s += o->work_s + 2 * nearest_km(w, o->place) / 60 * HOUR_S;
    }
    double gap_s = visit_s / d->orders / d->engineers / busy;
    for (uint32_t i = 0; i < d->orders; i++) {
        at_s -= gap_s * log(1 - co_rand_unit(&d->rand));
        d->order[i].at_s = at_s;
        d->order[i].due_s = at_s + promise_s(nearest_km(w, d->order[i].place));
    }
}

static void make(struct days *d, const struct days_ask *ask)
{
    *d = (struct days){ .world = ask->world, .engineers = ask->engineers, .orders = ask->orders };
    co_rand_init(&d->rand, ask->seed);
    d->arena = co_arena_new((size_t)1 << 30);
    d->base = calloc(ask->engineers, sizeof(*d->base));
    d->free_s = alloc_doubles(ask->engineers);
    d->order = calloc(ask->orders, sizeof(*d->order));
    d->waiting = calloc(ask->orders, sizeof(*d->waiting));
    d->pair = calloc((size_t)DISPATCH_MATCH_ORDERS_MAX * ask->engineers, sizeof(*d->pair));
    d->first = calloc(DISPATCH_MATCH_ORDERS_MAX + 1, sizeof(*d->first));
    d->match = calloc(DISPATCH_MATCH_ORDERS_MAX, sizeof(*d->match));
    d->idle = calloc(DISPATCH_MATCH_ORDERS_MAX, sizeof(*d->idle));
    co_assert(d->base != NULL && d->free_s != NULL && d->order != NULL && d->waiting != NULL &&
              d->pair != NULL && d->first != NULL && d->match != NULL && d->idle != NULL);
    for (uint32_t e = 0; e < ask->engineers; e++)
        d->base[e] = ask->world->office[e % ask->world->offices];
    make_orders(d, ask->busy);
}

static void unmake(struct days *d)
{
    co_arena_free(d->arena);
    free(d->base);
    free(d->free_s);
    free(d->order);
    free(d->waiting);
    free(d->pair);
    free(d->first);
    free(d->match);
    free(d->idle);
}

static void enqueue(struct days *d, uint32_t order)
{
    uint32_t place = d->waiting_count++;
    while (place > 0 && d->order[d->waiting[place - 1]].due_s > d->order[order].due_s) {
        d->waiting[place] = d->waiting[place - 1];
        place--;
    }
    d->waiting[place] = order;
}

static void go(struct days *d, uint32_t order, uint32_t engineer, double now_s)
{
    struct order *o = &d->order[order];
    double journey = journey_s(d, engineer, o->place);
    o->assigned_s = now_s;
    d->free_s[engineer] = now_s + 2 * journey + o->work_s;
    o->at_s = o->at_s;           /* kept for the wait */
    o->due_s -= now_s + journey; /* from here on: how early he is */
    o->place |= engineer << 16;  /* who went */
}

/* Fills the pairs of the waiting orders with those free now. */
static void list_pairs(struct days *d, double now_s)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < d->waiting_count; i++) {
        const struct order *o = &d->order[d->waiting[i]];
        d->first[i] = count;
        double slack = o->due_s - now_s;
        d->idle[i] = (int64_t)(slack < 48 * HOUR_S ? (48 * HOUR_S - slack) * LATE_WEIGHT : 0);
        for (uint32_t e = 0; e < d->engineers; e++)
            if (d->free_s[e] <= now_s)
                d->pair[count++] = (struct dispatch_match_pair){ e, cost_of(d, e, o, now_s) };
    }
    d->first[d->waiting_count] = count;
}

/* One after the other, the most urgent first: each takes the cheapest who is left. */
static void choose_greedily(const struct dispatch_match_ask *ask, uint32_t *ret_engineer)
{
    for (uint32_t i = 0; i < ask->orders; i++) {
        const struct dispatch_match_pair *best = NULL;
        for (uint32_t p = ask->first[i]; p < ask->first[i + 1]; p++) {
            bool is_taken = false;
            for (uint32_t j = 0; j < i; j++)
                is_taken |= ret_engineer[j] == ask->pair[p].engineer;
            if (!is_taken && (best == NULL || ask->pair[p].cost < best->cost))
                best = &ask->pair[p];
        }
        ret_engineer[i] = best != NULL ? best->engineer : DISPATCH_MATCH_NONE;
    }
}

static double cpu_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* Puts the waiting orders of one lane, one that has any, in front. Returns how many. */
static uint32_t pick_lane(struct days *d)
{
    uint32_t lane = d->waiting[co_rand_below(&d->rand, d->waiting_count)] % LANES, count = 0;
    for (uint32_t i = 0; i < d->waiting_count; i++)
        if (d->waiting[i] % LANES == lane) {
            uint32_t order = d->waiting[i];
            memmove(&d->waiting[count + 1], &d->waiting[count], (i - count) * sizeof(*d->waiting));
            d->waiting[count++] = order;
        }
    return count;
}

static void decide(struct days *d, enum way way, double now_s)
{
    uint32_t all = d->waiting_count;
    if (way == WAY_LANES)
        d->waiting_count = pick_lane(d);
    uint32_t rest = all - d->waiting_count, asked = d->waiting_count;
    co_assert(asked <= DISPATCH_MATCH_ORDERS_MAX);
    list_pairs(d, now_s);
    struct dispatch_match_ask ask = { .orders = d->waiting_count,
                                      .engineers = d->engineers,
                                      .first = d->first,
                                      .pair = d->pair,
                                      .idle = d->idle };
    double from_us = cpu_us();
    co_arena_reset(d->arena);
    if (way == WAY_ONE_BY_ONE)
        choose_greedily(&ask, d->match);
    else
        co_assert(dispatch_match_least(d->arena, &ask, d->match));
    d->cpu_us += cpu_us() - from_us;
    uint32_t left = 0;
    for (uint32_t i = 0; i < d->waiting_count; i++) {
        if (d->match[i] == DISPATCH_MATCH_NONE)
            d->waiting[left++] = d->waiting[i];
        else
            go(d, d->waiting[i], d->match[i], now_s);
    }
    d->decisions += asked > left;
    d->decided += asked - left;
    memmove(&d->waiting[left], &d->waiting[asked], rest * sizeof(*d->waiting));
    d->waiting_count = left + rest;
}

static double next_free_s(const struct days *d, double now_s)
{
    double next = 1e18;
    for (uint32_t e = 0; e < d->engineers; e++) {
        if (d->free_s[e] <= now_s)
            return now_s;
        next = d->free_s[e] < next ? d->free_s[e] : next;
    }
    return next;
}

static struct days_result sum_up(const struct days *d)
{
    struct days_result r = { 0 };
    for (uint32_t i = 0; i < d->orders; i++) {
        const struct order *o = &d->order[i];
        uint32_t place = o->place & 0xffff, engineer = o->place >> 16;
        r.late_percent += o->due_s < 0 ? 100.0 / d->orders : 0;
        r.late_h += o->due_s < 0 ? -o->due_s / HOUR_S / d->orders : 0;
        r.travel_km +=
            d->world->km[(size_t)d->base[engineer] * d->world->places + place] / d->orders;
        r.wait_min += (o->assigned_s - o->at_s) / 60 / d->orders;
    }
    r.together = d->decided / (d->decisions > 0 ? d->decisions : 1);
    r.us = d->cpu_us / (d->decided > 0 ? d->decided : 1);
    return r;
}

struct days_result days_run(const struct days_ask *ask, enum way way)
{
    static const double hold_s[WAYS] = { 0, 0, 30, 300, 0 };
    struct days d;
    make(&d, ask);
    uint32_t next = 0;
    double now_s = 0;
    while (next < d.orders || d.waiting_count > 0) {
        double come_s = next < d.orders ? d.order[next].at_s : 1e18;
        double ready_s = 1e18;
        if (d.waiting_count > 0) {
            double first_s = 1e18;
            for (uint32_t i = 0; i < d.waiting_count; i++)
                first_s = fmin(first_s, d.order[d.waiting[i]].at_s);
            ready_s = fmax(next_free_s(&d, now_s), first_s + hold_s[way]);
        }
        now_s = fmax(now_s, fmin(come_s, ready_s));
        if (come_s <= ready_s)
            enqueue(&d, next++);
        else
            decide(&d, way, now_s);
    }
    struct days_result r = sum_up(&d);
    unmake(&d);
    return r;
}

/* The least total cost, by trying everything. */
static int64_t try_out(const struct dispatch_match_ask *ask, uint32_t row, uint64_t taken)
{
    if (row == ask->orders)
        return 0;
    int64_t best = DISPATCH_MATCH_NOBODY + ask->idle[row] + try_out(ask, row + 1, taken);
    for (uint32_t p = ask->first[row]; p < ask->first[row + 1]; p++) {
        uint64_t bit = UINT64_C(1) << ask->pair[p].engineer;
        if ((taken & bit) != 0)
            continue;
        int64_t cost = ask->pair[p].cost + try_out(ask, row + 1, taken | bit);
        best = cost < best ? cost : best;
    }
    return best;
}

struct small_result days_small(const struct world *world, uint32_t cases, uint64_t seed)
{
    struct small_result r = { .cases = cases };
    for (uint32_t i = 0; i < cases; i++) {
        struct days d;
        make(&d, &(struct days_ask){ world, 7, 6, 0.8, seed + i });
        for (uint32_t o = 0; o < d.orders; o++)
            enqueue(&d, o);
        list_pairs(&d, d.order[d.orders - 1].at_s);
        struct dispatch_match_ask ask = { d.orders, d.engineers, d.first, d.pair, d.idle };
        double least = (double)try_out(&ask, 0, 0);
        choose_greedily(&ask, d.match);
        double ratio = (double)dispatch_match_cost(&ask, d.match) / least;
        r.one_by_one += ratio / cases;
        r.one_by_one_worst = fmax(r.one_by_one_worst, ratio);
        co_assert(dispatch_match_least(d.arena, &ask, d.match));
        r.batch += (double)dispatch_match_cost(&ask, d.match) / least / cases;
        unmake(&d);
    }
    return r;
}

const char *days_way_name(enum way way)
{
    static const char *const name[WAYS] = { "one by one", "all at once", "after 30 s",
                                            "after 5 min", "by lane" };
    return name[way];
}
