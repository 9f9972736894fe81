/* co_strmap.h - string -> pointer.
 *
 * Pure. The map borrows keys and values: a key must live, unchanged, as long as it is in. Hashing
 * is keyed (SipHash), so peers cannot choose keys that make it slow. One map belongs to one thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "co_err.h"

struct co_strmap;

/* Makes an empty map for at most `limit` (> 0) entries; memory grows with use. `seed` should be
 * unknown to peers where they choose keys. The caller owns the result; NULL: out of memory. */
struct co_strmap *co_strmap_new(uint32_t limit, uint64_t seed);

/* Frees the map, not keys and values. NULL is allowed. */
void co_strmap_free(struct co_strmap *m);

/* Inserts, or replaces key and value; `value` is not NULL. CO_EFULL: `limit` other keys are in.
 * CO_ENOMEM. The map is then unchanged. */
CO_MUST_CHECK enum co_err co_strmap_put(struct co_strmap *m, const char *key, void *value);

/* The value, NULL when the key is not there. */
void *co_strmap_get(const struct co_strmap *m, const char *key);

/* Removes the key and returns its value, NULL when it was not there. */
void *co_strmap_take(struct co_strmap *m, const char *key);

uint32_t co_strmap_len(const struct co_strmap *m);

/* Empties the map; keeps its memory. */
void co_strmap_clear(struct co_strmap *m);

/* Walks all entries: *pos is 0 at first; false at the end. In no useful order: sort where a replay
 * must give the same sequence. The map must not be changed during the walk. */
CO_MUST_CHECK bool co_strmap_next(const struct co_strmap *m, uint32_t *pos, const char **ret_key,
                                  void **ret_value);
