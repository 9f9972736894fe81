#include "dispatch_match.h"

#include <string.h>

/* Columns are the engineers, and behind them one "nobody" for each order. */
struct work {
    const struct dispatch_match_ask *ask;
    int64_t *price;    /* dual of each column, <= 0 */
    uint32_t *row_of;  /* order that has the column, or DISPATCH_MATCH_NONE */
    uint32_t *column;  /* of each order, or DISPATCH_MATCH_NONE */
    int64_t *paid;     /* cost of that pair */
    int64_t *distance; /* of the present search; INT64_MAX: not reached */
    uint32_t *before;  /* order from which the column was reached */
    int64_t *through;  /* cost of that pair */
    bool *is_done;
    uint32_t *reached; /* columns reached by the present search */
    uint32_t reached_count;
};

static void reach(struct work *w, uint32_t row, uint32_t column, int64_t cost, int64_t offset)
{
    if (w->is_done[column])
        return;
    int64_t distance = offset + cost - w->price[column];
    if (w->distance[column] == INT64_MAX)
        w->reached[w->reached_count++] = column;
    else if (distance >= w->distance[column])
        return;
    w->distance[column] = distance;
    w->before[column] = row;
    w->through[column] = cost;
}

static void reach_all(struct work *w, uint32_t row, int64_t offset)
{
    for (uint32_t i = w->ask->first[row]; i < w->ask->first[row + 1]; i++)
        reach(w, row, w->ask->pair[i].engineer, w->ask->pair[i].cost, offset);
    reach(w, row, w->ask->engineers + row, DISPATCH_MATCH_NOBODY + w->ask->idle[row], offset);
}

/* The nearest column reached and not done; of equally near ones the first. There is one. */
static uint32_t nearest(const struct work *w)
{
    uint32_t best = DISPATCH_MATCH_NONE;
    for (uint32_t i = 0; i < w->reached_count; i++) {
        uint32_t c = w->reached[i];
        if (!w->is_done[c] && (best == DISPATCH_MATCH_NONE || w->distance[c] < w->distance[best] ||
                               (w->distance[c] == w->distance[best] && c < best)))
            best = c;
    }
    return best;
}

/* Ends the search: prices, and back along the path. */
static void settle(struct work *w, uint32_t end)
{
    int64_t length = w->distance[end];
    for (uint32_t i = 0; i < w->reached_count; i++) {
        uint32_t c = w->reached[i];
        if (w->is_done[c])
            w->price[c] += w->distance[c] - length;
    }
    for (uint32_t c = end; c != DISPATCH_MATCH_NONE;) {
        uint32_t row = w->before[c];
        uint32_t next = w->column[row];
        w->row_of[c] = row;
        w->column[row] = c;
        w->paid[row] = w->through[c];
        c = next;
    }
    for (uint32_t i = 0; i < w->reached_count; i++) {
        w->distance[w->reached[i]] = INT64_MAX;
        w->is_done[w->reached[i]] = false;
    }
    w->reached_count = 0;
}

static void serve(struct work *w, uint32_t row)
{
    reach_all(w, row, 0);
    for (;;) {
        uint32_t c = nearest(w);
        uint32_t owner = w->row_of[c];
        if (owner == DISPATCH_MATCH_NONE) {
            settle(w, c);
            return;
        }
        w->is_done[c] = true;
        reach_all(w, owner, w->distance[c] - (w->paid[owner] - w->price[c]));
    }
}

static void *cleared(struct co_arena *arena, size_t size, int byte)
{
    void *p = co_arena_alloc(arena, size);
    if (p != NULL)
        memset(p, byte, size);
    return p;
}

static bool make(struct work *w, struct co_arena *arena, const struct dispatch_match_ask *ask)
{
    size_t columns = (size_t)ask->engineers + ask->orders + 1, rows = (size_t)ask->orders + 1;
    *w = (struct work){
        .ask = ask,
        .price = cleared(arena, columns * sizeof(*w->price), 0),
        .row_of = cleared(arena, columns * sizeof(*w->row_of), 0xff),
        .column = cleared(arena, rows * sizeof(*w->column), 0xff),
        .paid = cleared(arena, rows * sizeof(*w->paid), 0),
        .distance = cleared(arena, columns * sizeof(*w->distance), 0),
        .before = cleared(arena, columns * sizeof(*w->before), 0),
        .through = cleared(arena, columns * sizeof(*w->through), 0),
        .is_done = cleared(arena, columns * sizeof(*w->is_done), 0),
        .reached = cleared(arena, columns * sizeof(*w->reached), 0),
    };
    if (w->price == NULL || w->row_of == NULL || w->column == NULL || w->paid == NULL ||
        w->distance == NULL || w->before == NULL || w->through == NULL || w->is_done == NULL ||
        w->reached == NULL)
        return false;
    for (size_t c = 0; c < columns; c++)
        w->distance[c] = INT64_MAX;
    return true;
}

bool dispatch_match_least(struct co_arena *arena, const struct dispatch_match_ask *ask,
                          uint32_t *ret_engineer)
{
    struct work w;
    bool is_made = make(&w, arena, ask);
    for (uint32_t row = 0; is_made && row < ask->orders; row++)
        serve(&w, row);
    for (uint32_t row = 0; is_made && row < ask->orders; row++)
        ret_engineer[row] = w.column[row] < ask->engineers ? w.column[row] : DISPATCH_MATCH_NONE;
    return is_made;
}

int64_t dispatch_match_cost(const struct dispatch_match_ask *ask, const uint32_t *engineer)
{
    int64_t sum = 0;
    for (uint32_t row = 0; row < ask->orders; row++) {
        int64_t cost = DISPATCH_MATCH_NOBODY + ask->idle[row];
        for (uint32_t i = ask->first[row]; i < ask->first[row + 1]; i++)
            if (ask->pair[i].engineer == engineer[row])
                cost = ask->pair[i].cost;
        sum += cost;
    }
    return sum;
}
