#include "co_nearest.h"

#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "co_assert.h"

/* Places are handled in rows of this length, so that the compiler can unroll without a rest. */
enum { ROW = 16 };

/* How far single precision may be off in a chord (unit sphere, so 6 m): rounding of the vectors
 * 2e-7, of differences, squares and sums 3e-7. */
static const double slack = 1e-6;

struct row {
    float x[ROW];
    float y[ROW];
    float z[ROW];
};

struct co_nearest {
    uint32_t count;
    uint32_t rows;
    struct co_point *place;
    struct co_vector *vector;
    struct row *row;
    float *chord2; /* of the query under way, rows * ROW */
};

static bool take_memory(struct co_nearest *n)
{
    size_t rows = n->rows == 0 ? 1 : n->rows;
    n->place = calloc(rows * ROW, sizeof(*n->place));
    n->vector = calloc(rows * ROW, sizeof(*n->vector));
    n->row = calloc(rows, sizeof(*n->row));
    n->chord2 = calloc(rows * ROW, sizeof(*n->chord2));
    return n->place != NULL && n->vector != NULL && n->row != NULL && n->chord2 != NULL;
}

struct co_nearest *co_nearest_new(const struct co_point *places, uint32_t count)
{
    co_assert(count <= CO_NEAREST_PLACES_MAX);
    struct co_nearest *n = calloc(1, sizeof(*n));
    if (n == NULL)
        return NULL;
    n->count = count;
    n->rows = (count + ROW - 1) / ROW;
    if (!take_memory(n)) {
        co_nearest_free(n);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        co_assert(co_point_is_valid(places[i]));
        n->place[i] = places[i];
        n->vector[i] = co_geo_vector(places[i]);
        n->row[i / ROW].x[i % ROW] = (float)n->vector[i].x;
        n->row[i / ROW].y[i % ROW] = (float)n->vector[i].y;
        n->row[i / ROW].z[i % ROW] = (float)n->vector[i].z;
    }
    return n;
}

void co_nearest_free(struct co_nearest *n)
{
    if (n == NULL)
        return;
    free(n->place);
    free(n->vector);
    free(n->row);
    free(n->chord2);
    free(n);
}

static void measure_row(const struct row *restrict row, float x, float y, float z,
                        float *restrict chord2)
{
    for (int i = 0; i < ROW; i++) {
        float dx = row->x[i] - x;
        float dy = row->y[i] - y;
        float dz = row->z[i] - z;
        chord2[i] = dx * dx + dy * dy + dz * dz;
    }
}

/* Counts instead of leaving early: that is what vectorises. */
static bool has_within(const float *chord2, float bound)
{
    int within = 0;
    for (int i = 0; i < ROW; i++)
        within += chord2[i] <= bound;
    return within > 0;
}

/* While a query is under way, `km` of its results holds the squared chord instead. */
static bool is_farther(struct co_near a, struct co_near b)
{
    return a.km != b.km ? a.km > b.km : a.index > b.index;
}

/* Puts `c` among the best so far, nearest first; the farthest falls out when there are `limit`. */
static uint32_t insert(struct co_near *best, uint32_t len, uint32_t limit, struct co_near c)
{
    if (len == limit && is_farther(c, best[len - 1]))
        return len;
    uint32_t slot = len == limit ? len - 1 : len;
    for (; slot > 0 && is_farther(best[slot - 1], c); slot--)
        best[slot] = best[slot - 1];
    best[slot] = c;
    return len == limit ? len : len + 1;
}

/* A squared chord in single precision above this belongs to a place farther than `c`. */
static float bound_of(struct co_near c)
{
    double chord = sqrt(c.km) + slack;
    return nextafterf((float)(chord * chord), FLT_MAX);
}

uint32_t co_nearest_find(struct co_nearest *n, struct co_point from,
                         bool (*may_serve)(uint32_t index, void *arg), void *arg, uint32_t limit,
                         struct co_near *ret_near)
{
    co_assert(co_point_is_valid(from));
    if (limit == 0)
        return 0;
    struct co_vector v = co_geo_vector(from);
    for (uint32_t i = 0; i < n->rows; i++)
        measure_row(&n->row[i], (float)v.x, (float)v.y, (float)v.z, &n->chord2[(size_t)i * ROW]);

    uint32_t len = 0;
    float bound = FLT_MAX;
    for (uint32_t start = 0; start < n->count; start += ROW) {
        uint32_t end = n->count - start < ROW ? n->count : start + ROW;
        if (!has_within(&n->chord2[start], bound))
            continue;
        for (uint32_t i = start; i < end; i++) {
            if (n->chord2[i] > bound || (may_serve != NULL && !may_serve(i, arg)))
                continue;
            len =
                insert(ret_near, len, limit, (struct co_near){ i, co_geo_chord2(n->vector[i], v) });
            if (len == limit)
                bound = bound_of(ret_near[len - 1]);
        }
    }
    for (uint32_t i = 0; i < len; i++)
        ret_near[i].km = co_geo_km(from, n->place[ret_near[i].index]);
    return len;
}
