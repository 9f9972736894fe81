/* Assigning waiting orders one by one, or all at once at the least total cost: lateness and travel
 * with real geography, and both beside the optimum in small cases. usage: tests/bench/assign
 * DATA_DIR [SEEDS]: medians over so many seeds [9]. */
#include <stdio.h>
#include <stdlib.h>

#include "days.h"

#define SEEDS_MAX 101

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), by_value);
    return values[count / 2];
}

static void compare(const struct world *w, double busy, size_t seeds)
{
    double value[6][SEEDS_MAX];
    for (enum way way = WAY_ONE_BY_ONE; way < WAYS; way++) {
        for (size_t s = 0; s < seeds; s++) {
            struct days_ask ask = { w, 3 * w->offices, 2000, busy, s + 1 };
            struct days_result r = days_run(&ask, way);
            double all[6] = { r.late_percent, r.late_h * 60, r.travel_km,
                              r.wait_min,     r.together,    r.us };
            for (size_t i = 0; i < 6; i++)
                value[i][s] = all[i];
        }
        printf("  %4.0f %%  %-12s %7.2f %9.2f %9.1f %9.1f %9.2f %8.1f\n", busy * 100,
               days_way_name(way), median(value[0], seeds), median(value[1], seeds),
               median(value[2], seeds), median(value[3], seeds), median(value[4], seeds),
               median(value[5], seeds));
    }
}

static void show(const struct world *w, size_t seeds)
{
    static const double busy[] = { 0.5, 0.8, 0.95 };
    printf("%s: %u places, %u offices, %u engineers, 2,000 orders\n", w->name, w->places,
           w->offices, 3 * w->offices);
    printf("  busy    way           late %%  late min  travel km  wait min  at once  us each\n");
    for (size_t i = 0; i < sizeof(busy) / sizeof(busy[0]); i++)
        compare(w, busy[i], seeds);
    struct small_result s = days_small(w, 300, 1000);
    printf(
        "  6 orders, 7 engineers, %u cases: cost over the optimum: one by one %.4f (worst %.3f), "
        "all at once %.4f\n",
        s.cases, s.one_by_one, s.one_by_one_worst, s.batch);
}

int main(int argc, char **argv)
{
    char file[3][4096];
    size_t seeds = argc > 2 ? strtoul(argv[2], NULL, 10) : 9;
    if (argc < 2 || argc > 3 || seeds < 1 || seeds > SEEDS_MAX) {
        (void)fprintf(stderr, "usage: assign DATA_DIR [SEEDS 1..%d]\n", SEEDS_MAX);
        return 2;
    }
    static const char *const names[3] = { "belgium-road-km-d3-n100-k10.vrp",
                                          "belgium-road-time-d3-n100-k10.vrp",
                                          "cn_cities_geonames_zh.csv" };
    for (size_t i = 0; i < 3; i++)
        (void)snprintf(file[i], sizeof(file[i]), "%s/%s", argv[1], names[i]);
    struct world belgium, china;
    if (!world_of_matrices(&belgium, file[0], file[1], 8) || !world_of_towns(&china, file[2], 30))
        return 1;
    show(&belgium, seeds);
    show(&china, seeds);
    world_free(&belgium);
    world_free(&china);
    return 0;
}
