/* sla_bench.h - the parts of the program build/tests/bench/sla_bench; see tests/bench/sla. */
#pragma once

#include <stdint.h>

#include "sla_cases.h"

enum { SLA_BENCH_LANES = 16, SLA_BENCH_GROUPS = 16 };

/* Cases with numbers first_n, first_n + 1 ..., whose first timers fire from first_us on, step_ns
 * apart. */
struct sla_bench_group {
    int64_t first_n, count, first_us, step_ns;
};

struct sla_bench {
    const char *url;
    int64_t seconds;
    struct sla_bench_group group[SLA_BENCH_GROUPS];
    int groups;
    struct sla_cases cases;
};

/* The lane of a case's number, and its id. */
static inline int sla_bench_lane(int64_t n)
{
    return (int)(n % SLA_BENCH_LANES);
}

static inline int64_t sla_bench_id(int64_t n)
{
    return n << 8 | sla_bench_lane(n);
}

void sla_bench_die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

int sla_bench_fill(struct sla_bench *b);    /* COPY of the groups into sla.case */
int sla_bench_figures(struct sla_bench *b); /* of the core, in this process */
int sla_bench_bare(
    struct sla_bench *b); /* the rows of the first group, written with nothing else */
