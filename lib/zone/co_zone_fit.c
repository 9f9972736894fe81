#include "co_zone_fit.h"

#include <math.h>

#include "co_assert.h"

#define BASE_MAX 100.0
#define FACTOR_MIN 1.0
#define FACTOR_MAX 3.0
#define STEPS 6  /* either way of the best figures so far */
#define ROUNDS 5 /* each with a third of the steps before */
#define LOOKED_AT                                                                                  \
    20000 /* pairs that the search looks at, evenly among all: more would not decide otherwise */

static uint32_t zone_of(const struct co_rings *rings, double km)
{
    return co_zone_of(rings, km).ring;
}

/* Of each `step`-th pair. */
static struct co_zone_score score_some(const struct co_rings *rings,
                                       const struct co_zone_pair *pairs, size_t count, size_t step,
                                       struct co_road_estimate estimate)
{
    struct co_zone_score score = { 0, 0 };
    size_t n = 0;
    for (size_t i = 0; i < count; i += step, n++) {
        double km = co_zone_estimate_km(estimate, pairs[i].straight_km);
        score.share += zone_of(rings, km) == zone_of(rings, pairs[i].road_km);
        score.error_km += fabs(km - pairs[i].road_km);
    }
    score.share /= (double)n;
    score.error_km /= (double)n;
    return score;
}

struct co_zone_score co_zone_score(const struct co_rings *rings, const struct co_zone_pair *pairs,
                                   size_t count, struct co_road_estimate estimate)
{
    co_assert(count > 0);
    return score_some(rings, pairs, count, 1, estimate);
}

static double clamp(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* The straight line through all pairs. */
static struct co_road_estimate line_through(const struct co_zone_pair *pairs, size_t count)
{
    double n = (double)count, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < count; i++) {
        x += pairs[i].straight_km;
        y += pairs[i].road_km;
        xx += pairs[i].straight_km * pairs[i].straight_km;
        xy += pairs[i].straight_km * pairs[i].road_km;
    }
    double spread = n * xx - x * x;
    double factor = spread > 0 ? (n * xy - x * y) / spread : FACTOR_MIN;
    factor = clamp(factor, FACTOR_MIN, FACTOR_MAX);
    return (struct co_road_estimate){ clamp((y - factor * x) / n, 0, BASE_MAX), factor };
}

static bool is_better(struct co_zone_score a, struct co_zone_score b)
{
    return a.share > b.share || (!(a.share < b.share) && a.error_km < b.error_km);
}

/* What the search knows: the best so far. */
struct search {
    const struct co_rings *rings;
    const struct co_zone_pair *pairs;
    size_t count, step;
    struct co_road_estimate best;
    struct co_zone_score score;
};

static void try_it(struct search *s, double base_km, double factor)
{
    struct co_road_estimate e = { clamp(base_km, 0, BASE_MAX),
                                  clamp(factor, FACTOR_MIN, FACTOR_MAX) };
    struct co_zone_score score = score_some(s->rings, s->pairs, s->count, s->step, e);
    if (is_better(score, s->score)) {
        s->best = e;
        s->score = score;
    }
}

static void look_around(struct search *s, double base_step, double factor_step)
{
    struct co_road_estimate from = s->best;
    for (int i = -STEPS; i <= STEPS; i++)
        for (int k = -STEPS; k <= STEPS; k++)
            if (i != 0 || k != 0)
                try_it(s, from.base_km + i * base_step, from.factor + k * factor_step);
}

enum co_err co_zone_fit(const struct co_rings *rings, const struct co_zone_pair *pairs,
                        size_t count, struct co_road_estimate *ret_estimate)
{
    if (count < 2)
        return CO_EINPUT;
    struct search s = {
        .rings = rings, .pairs = pairs, .count = count, .step = count / LOOKED_AT + 1
    };
    s.best = line_through(pairs, count);
    s.score = score_some(rings, pairs, count, s.step, s.best);
    double base_step = 1.0, factor_step = 0.03;
    for (int round = 0; round < ROUNDS; round++) {
        look_around(&s, base_step, factor_step);
        base_step /= 3;
        factor_step /= 3;
    }
    *ret_estimate = s.best;
    return CO_OK;
}
