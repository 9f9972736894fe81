/* What the core needs for one case with five running milestones, in this process: no database. */
#include <stdio.h>
#include <time.h>

#include "co_heap.h"
#include "sla_bench.h"

enum { ROUNDS = 20000, TIMERS = 1000000 };

static const int64_t REPORTED_US = INT64_C(1790000000000000);

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

struct packed {
    struct co_bytes body;
    size_t running;
    int64_t next_us;
};

/* What a timer's turn does with one case: unpack, fold, compare, pack. */
static size_t fire(struct sla_cases *c, struct co_bytes body, int64_t fires_us)
{
    struct sla_made made = { 0 };
    co_arena_reset(c->arena);
    co_arena_reset(c->scratch);
    if (sla_state_unpack(c->arena, body.data, body.len, &made.state) != CO_OK)
        sla_bench_die("a state cannot be read");
    struct sla_events events = sla_cases_fire(c, &made, fires_us);
    (void)sla_cases_pack(c->arena, &made.state->base);
    return events.count;
}

static double time_fold(struct sla_cases *c, const struct sla_made *made, size_t *ret_events)
{
    double start_us = now_us();
    for (int i = 0; i < ROUNDS; i++) {
        struct sla_case one = { .arena = c->scratch,
                                .scratch = c->scratch,
                                .state = made->state,
                                .policy = c->policy,
                                .calendars = { .site = { c->calendar_key, c->calendar } },
                                .now_us = made->next_us };
        struct sla_fold fold;
        co_arena_reset(c->scratch);
        if (sla_case_fold(&one, c->scratch, made->next_us, &fold) != CO_OK)
            sla_bench_die("a case cannot be folded");
        *ret_events = fold.output_count;
    }
    return (now_us() - start_us) / ROUNDS;
}

static double time_heap(void)
{
    struct co_heap *heap = co_heap_new(TIMERS);
    struct co_due due = { 0, 0 };
    double start_us = now_us();
    for (int64_t i = 0; heap != NULL && i < TIMERS; i++)
        if (co_heap_push(heap, (struct co_due){ i * 7919 % TIMERS, i }) != CO_OK)
            sla_bench_die("out of memory");
    while (heap != NULL && co_heap_pop(heap, &due)) {
    }
    double took_us = now_us() - start_us;
    co_heap_free(heap);
    return took_us / TIMERS;
}

int sla_bench_figures(struct sla_bench *b)
{
    struct sla_cases *c = &b->cases;
    struct co_arena *kept = co_arena_new(1 << 20);
    struct sla_made made = sla_cases_make(c, REPORTED_US);
    size_t events = 0;
    double fold_us = time_fold(c, &made, &events);
    struct packed p = { sla_cases_pack(kept, &made.state->base), made.running, made.next_us };
    (void)fire(c, p.body, p.next_us);
    size_t arena_bytes = co_arena_used(c->arena);
    size_t said = 0;
    double start_us = now_us();
    for (int i = 0; i < ROUNDS; i++)
        said += fire(c, p.body, p.next_us);
    double fire_us = (now_us() - start_us) / ROUNDS;
    if (said != ROUNDS)
        sla_bench_die("a timer said %zu things", said / ROUNDS);
    (void)printf("milestones=%zu outputs=%zu fold_ns=%.0f fire_ns=%.0f events_per_s=%.0f "
                 "state_bytes=%zu arena_bytes=%zu heap_ns=%.0f "
                 "timer_bytes=%zu\n",
                 p.running, events, fold_us * 1e3, fire_us * 1e3, (double)events * 1e6 / fold_us,
                 p.body.len, arena_bytes, time_heap() * 1e3, sizeof(struct co_due));
    co_arena_free(kept);
    return 0;
}
