/* The bare database: rows of cases and one entry each, in arrays of 256, over two connections.
 * Prints rate=N. */
#include <stdio.h>
#include <unistd.h>
#include <uv.h>

#include "bench_sla_sql.h"
#include "co_batch.h"
#include "co_clock.h"
#include "co_log.h"
#include "co_pg.h"
#include "sla_bench.h"

enum { CONNECTIONS = 2, GROUP = 256, BATCH_BYTES = 16 << 20 };

static const int64_t NEXT_US = INT64_C(4000000000000000), FIRST_SEQ = INT64_C(1) << 30;

struct writer {
    struct bare *bare;
    struct co_pg *pg;
    struct co_batch *batch;
};

struct bare {
    struct sla_bench *bench;
    struct writer writer[CONNECTIONS];
    struct co_bytes body, entry;
    int64_t next; /* group */
    int64_t fired;
    int64_t start_us, last_us;
    int open;
};

static void on_done(void *arg, const struct co_pg_outcome *outcome);

/* Group k: 256 cases of lane k % 16. False: all were written once. */
static bool write_group(struct writer *w)
{
    struct bare *b = w->bare;
    const struct sla_bench_group *g = &b->bench->group[0];
    int64_t k = b->next++, ids[GROUP];
    struct co_bytes bodies[GROUP];
    int64_t from = g->first_n + k / SLA_BENCH_LANES * GROUP * SLA_BENCH_LANES + k % SLA_BENCH_LANES;
    if (from + (GROUP - 1) * SLA_BENCH_LANES >= g->first_n + g->count)
        return false;
    for (int64_t i = 0; i < GROUP; i++) {
        ids[i] = sla_bench_id(from + i * SLA_BENCH_LANES);
        bodies[i] = b->body;
    }
    co_batch_clear(w->batch);
    (void)co_batch_add(w->batch, &bench_sla_sql[bench_sla_sql_fire_bare]);
    co_batch_int2(w->batch, sla_bench_lane(from));
    co_batch_int8s(w->batch, ids, GROUP);
    co_batch_us(w->batch, NEXT_US);
    co_batch_byteas(w->batch, bodies, GROUP);
    co_batch_int8(w->batch, FIRST_SEQ + k * GROUP);
    co_batch_bytea(w->batch, b->entry.data, b->entry.len);
    co_pg_run(w->pg, w->batch, CO_PG_BEGIN | CO_PG_COMMIT, on_done, w);
    return true;
}

static void on_done(void *arg, const struct co_pg_outcome *outcome)
{
    struct writer *w = arg;
    struct bare *b = w->bare;
    if (outcome->err != CO_OK)
        sla_bench_die("%s %s", outcome->sqlstate, outcome->message);
    b->fired += GROUP;
    b->last_us = co_mono_us();
    if (b->last_us - b->start_us > b->bench->seconds * 1000000 || !write_group(w))
        co_pg_close(&w->pg);
}

static void on_up(void *arg)
{
    struct writer *w = arg;
    if (w->bare->start_us == 0)
        w->bare->start_us = co_mono_us();
    (void)write_group(w);
}

static void prepare(struct bare *b, struct co_arena *kept)
{
    struct sla_made made = sla_cases_make(&b->bench->cases, INT64_C(1790000000000000));
    struct sla_events events = sla_cases_fire(&b->bench->cases, &made, made.next_us);
    if (events.count != 1)
        sla_bench_die("a timer said %zu things", events.count);
    b->entry = sla_cases_pack(kept, &events.event[0]->base);
    b->body = sla_cases_pack(kept, &made.state->base);
}

int sla_bench_bare(struct sla_bench *bench)
{
    uv_loop_t loop;
    struct co_log_options log = {
        .service = "bare", .instance = "bare", .level = CO_LOG_WARN, .fd = STDERR_FILENO
    };
    struct co_log *to = co_log_new(&log);
    struct co_arena *kept = co_arena_new(1 << 20);
    struct bare b = { .bench = bench };
    if (bench->groups == 0 || bench->url == NULL)
        sla_bench_die("--group and --url are missing");
    prepare(&b, kept);
    (void)uv_loop_init(&loop);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct writer *w = &b.writer[i];
        *w = (struct writer){ .bare = &b, .batch = co_batch_new(BATCH_BYTES) };
        struct co_pg_options pg = { .loop = &loop,
                                    .log = to,
                                    .url = bench->url,
                                    .application = "bare",
                                    .on_up = on_up,
                                    .arg = w };
        w->pg = co_pg_open(&pg);
        if (w->batch == NULL || w->pg == NULL)
            sla_bench_die("out of memory");
    }
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    (void)printf("fired=%lld rate=%.0f\n", (long long)b.fired,
                 (double)b.fired * 1e6 / (double)(b.last_us - b.start_us));
    for (size_t i = 0; i < CONNECTIONS; i++)
        co_batch_free(b.writer[i].batch);
    co_arena_free(kept);
    (void)uv_loop_close(&loop);
    co_log_free(to);
    return 0;
}
