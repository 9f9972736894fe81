/* co_table.h - the open-addressing table below co_map and co_strmap. Nobody else includes it.
 *
 * Linear probing, at most 3/4 full, removal by shifting back, so no tombstones. A slot is free
 * when its value is NULL; values are therefore never NULL.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_err.h"

union co_table_key {
    int64_t id;
    const char *text;
};

struct co_table_slot {
    uint64_t hash;
    union co_table_key key;
    void *value;
};

struct co_table {
    struct co_table_slot *slot;
    bool (*is_same)(union co_table_key a, union co_table_key b);
    uint32_t len;
    uint32_t cap; /* a power of two, or 0 */
    uint32_t limit;
};

/* The slot of that key, NULL when it is not there. */
struct co_table_slot *co_table_find(const struct co_table *t, uint64_t hash,
                                    union co_table_key key);

/* Inserts or replaces. CO_EFULL, CO_ENOMEM: unchanged. */
CO_MUST_CHECK enum co_err co_table_put(struct co_table *t, uint64_t hash, union co_table_key key,
                                       void *value);

/* Removes and returns the value, NULL when it is not there. */
void *co_table_take(struct co_table *t, uint64_t hash, union co_table_key key);

/* The next used slot at or after *pos, which is moved on; NULL at the end. */
const struct co_table_slot *co_table_next(const struct co_table *t, uint32_t *pos);

void co_table_clear(struct co_table *t);
