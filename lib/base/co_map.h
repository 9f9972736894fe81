/* co_map.h - int64 -> pointer.
 *
 * Pure. The map borrows the values: it never frees or copies one. One map belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "co_err.h"

struct co_map;

/* Makes an empty map for at most `limit` (> 0) entries; memory grows with use. The caller owns the
 * result; NULL means out of memory. */
struct co_map *co_map_new(uint32_t limit);

/* Frees the map, not the values. NULL is allowed. */
void co_map_free(struct co_map *m);

/* Inserts or replaces; `value` is not NULL. CO_EFULL: `limit` other keys are in. CO_ENOMEM. The
 * map is then unchanged. */
CO_MUST_CHECK enum co_err co_map_put(struct co_map *m, int64_t key, void *value);

/* The value, NULL when the key is not there. */
void *co_map_get(const struct co_map *m, int64_t key);

/* Removes the key and returns its value, NULL when it was not there. */
void *co_map_take(struct co_map *m, int64_t key);

uint32_t co_map_len(const struct co_map *m);

/* Empties the map; keeps its memory. */
void co_map_clear(struct co_map *m);

/* Walks all entries: *pos is 0 at first; false at the end. In no useful order: sort where a replay
 * must give the same sequence. The map must not be changed during the walk. */
CO_MUST_CHECK bool co_map_next(const struct co_map *m, uint32_t *pos, int64_t *ret_key,
                               void **ret_value);
