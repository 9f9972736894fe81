#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_geo.h"
#include "co_zone.h"

#define LINE_BYTES 65536
#define TOWNS_MAX 1000
static const struct co_road_estimate road = { 2.4, 1.15 };
static const double towns_kmh = 60;

static bool complain(const char *file, const char *what)
{
    (void)fprintf(stderr, "assign: %s: %s\n", file, what);
    return false;
}

/* The numbers behind EDGE_WEIGHT_SECTION, `*ret_n` by `*ret_n`. NULL: no such file. */
static double *read_matrix(const char *path, uint32_t *ret_n)
{
    FILE *in = fopen(path, "r");
    double *matrix = NULL;
    char word[256];
    unsigned long n = 0;
    while (in != NULL && fscanf(in, "%255s", word) == 1 && strcmp(word, "EDGE_WEIGHT_SECTION") != 0)
        if (strncmp(word, "DIMENSION", 9) == 0)
            n = word[9] == ':' && fscanf(in, "%255s", word) == 1 ? strtoul(word, NULL, 10) : 0;
    if (in != NULL && n > 0 && n <= TOWNS_MAX)
        matrix = calloc(n * n, sizeof(*matrix));
    for (size_t i = 0; matrix != NULL && i < n * n; i++)
        if (fscanf(in, "%lf", &matrix[i]) != 1) {
            free(matrix);
            matrix = NULL;
        }
    if (in != NULL)
        (void)fclose(in);
    *ret_n = (uint32_t)n;
    return matrix;
}

/* Each next office stands at the town that is farthest from those before. */
static void spread_offices(struct world *w)
{
    for (uint32_t k = 1; k < w->offices; k++) {
        double most = -1;
        for (uint32_t p = 0; p < w->places; p++) {
            double least = 1e12;
            for (uint32_t o = 0; o < k; o++) {
                double km = w->km[(size_t)w->office[o] * w->places + p];
                least = km < least ? km : least;
            }
            if (least > most) {
                most = least;
                w->office[k] = p;
            }
        }
    }
}

static bool make_room(struct world *w, uint32_t offices)
{
    w->offices = offices < w->places ? offices : w->places;
    w->office = calloc((size_t)w->offices + 1, sizeof(*w->office));
    w->until = calloc((size_t)w->places + 1, sizeof(*w->until));
    return w->office != NULL && w->until != NULL;
}

bool world_of_matrices(struct world *w, const char *km_file, const char *time_file,
                       uint32_t offices)
{
    uint32_t n = 0;
    *w = (struct world){ .name = "Belgian towns, real roads" };
    w->km = read_matrix(km_file, &w->places);
    w->seconds = read_matrix(time_file, &n);
    if (w->km == NULL || w->seconds == NULL || n != w->places || !make_room(w, offices))
        return complain(w->km == NULL ? km_file : time_file, "no such matrix");
    for (uint32_t p = 0; p < w->places; p++)
        w->until[p] = p + 1;
    spread_offices(w);
    return true;
}

struct town {
    struct co_point at;
    double people;
};

static uint32_t read_towns(const char *path, struct town *towns, uint32_t limit)
{
    char line[LINE_BYTES];
    uint32_t count = 0;
    FILE *in = fopen(path, "r");
    while (in != NULL && count < limit && fgets(line, sizeof(line), in) != NULL) {
        char *field[9] = { NULL }, *rest = line;
        for (size_t i = 0; i < 9; i++)
            field[i] = strsep(&rest, ",");
        if (field[8] == NULL || strtod(field[6], NULL) <= 0)
            continue;
        towns[count++] = (struct town){ { strtod(field[7], NULL), strtod(field[8], NULL) },
                                        strtod(field[6], NULL) };
    }
    if (in != NULL)
        (void)fclose(in);
    return count;
}

bool world_of_towns(struct world *w, const char *csv_file, uint32_t offices)
{
    static struct town towns[TOWNS_MAX];
    *w = (struct world){ .name = "Chinese towns, estimated roads" };
    w->places = read_towns(csv_file, towns, TOWNS_MAX);
    size_t n = w->places;
    w->km = calloc(n * n + 1, sizeof(*w->km));
    w->seconds = calloc(n * n + 1, sizeof(*w->seconds));
    if (n == 0 || w->km == NULL || w->seconds == NULL || !make_room(w, offices))
        return complain(csv_file, "no towns");
    for (size_t i = 0; i < n; i++) {
        w->until[i] = towns[i].people + (i > 0 ? w->until[i - 1] : 0);
        for (size_t j = 0; j < n; j++) {
            double km = co_zone_estimate_km(road, co_geo_km(towns[i].at, towns[j].at));
            w->km[i * n + j] = i == j ? 0 : km;
            w->seconds[i * n + j] = w->km[i * n + j] / towns_kmh * 3600;
        }
    }
    for (uint32_t i = 0; i < w->offices; i++)
        w->office[i] = i; /* the file is sorted by people */
    return true;
}

void world_free(struct world *w)
{
    free(w->km);
    free(w->seconds);
    free(w->until);
    free(w->office);
}

uint32_t world_place(const struct world *w, double unit)
{
    double at = unit * w->until[w->places - 1];
    uint32_t p = 0;
    while (p + 1 < w->places && w->until[p] <= at)
        p++;
    return p;
}
