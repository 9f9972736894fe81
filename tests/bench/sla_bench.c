/* Parts of tests/bench/sla.
 * usage: sla_bench fill|figures|bare --pack FILE --calendar FILE [--url URL] [--seconds N] [--group
 * FIRST_N,COUNT,FIRST_US,STEP_NS]... */
#include "sla_bench.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sla_bench_die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)fputs("sla_bench: ", stderr);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static void add_group(struct sla_bench *b, const char *text)
{
    struct sla_bench_group *g = &b->group[b->groups];
    if (b->groups++ == SLA_BENCH_GROUPS ||
        sscanf(text, "%" SCNd64 ",%" SCNd64 ",%" SCNd64 ",%" SCNd64, &g->first_n, &g->count,
               &g->first_us, &g->step_ns) != 4)
        sla_bench_die("--group wants FIRST_N,COUNT,FIRST_US,STEP_NS, at most %d times",
                      SLA_BENCH_GROUPS);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct sla_bench *b);
    } verbs[] = { { "fill", sla_bench_fill },
                  { "figures", sla_bench_figures },
                  { "bare", sla_bench_bare } };
    struct sla_bench b = { .seconds = 5 };
    const char *files[2] = { NULL, NULL };
    for (int i = 2; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--url") == 0)
            b.url = argv[i + 1];
        else if (strcmp(argv[i], "--pack") == 0)
            files[0] = argv[i + 1];
        else if (strcmp(argv[i], "--calendar") == 0)
            files[1] = argv[i + 1];
        else if (strcmp(argv[i], "--seconds") == 0)
            b.seconds = strtoll(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--group") == 0)
            add_group(&b, argv[i + 1]);
        else
            sla_bench_die("%s is not known", argv[i]);
    }
    for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(argv[1], verbs[i].name) != 0 || files[0] == NULL || files[1] == NULL)
            continue;
        sla_cases_open(&b.cases, files, 2);
        int code = verbs[i].run(&b);
        sla_cases_close(&b.cases);
        return code;
    }
    sla_bench_die("usage: sla_bench fill|figures|bare --pack FILE --calendar FILE [--url URL] "
                  "[--seconds N] [--group ...]");
}
