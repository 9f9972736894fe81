#include "co_map.h"

#include <stdlib.h>

#include "co_assert.h"
#include "co_hash.h"
#include "co_table.h"

struct co_map {
    struct co_table table;
};

static bool is_same(union co_table_key a, union co_table_key b)
{
    return a.id == b.id;
}

struct co_map *co_map_new(uint32_t limit)
{
    co_assert(limit > 0);
    struct co_map *m = calloc(1, sizeof(*m));
    if (m != NULL)
        m->table = (struct co_table){ .is_same = is_same, .limit = limit };
    return m;
}

void co_map_free(struct co_map *m)
{
    if (m != NULL)
        free(m->table.slot);
    free(m);
}

static uint64_t hash_of(int64_t key)
{
    return co_hash_fmix64((uint64_t)key);
}

enum co_err co_map_put(struct co_map *m, int64_t key, void *value)
{
    return co_table_put(&m->table, hash_of(key), (union co_table_key){ .id = key }, value);
}

void *co_map_get(const struct co_map *m, int64_t key)
{
    const struct co_table_slot *s =
        co_table_find(&m->table, hash_of(key), (union co_table_key){ .id = key });
    return s == NULL ? NULL : s->value;
}

void *co_map_take(struct co_map *m, int64_t key)
{
    return co_table_take(&m->table, hash_of(key), (union co_table_key){ .id = key });
}

uint32_t co_map_len(const struct co_map *m)
{
    return m->table.len;
}

void co_map_clear(struct co_map *m)
{
    co_table_clear(&m->table);
}

bool co_map_next(const struct co_map *m, uint32_t *pos, int64_t *ret_key, void **ret_value)
{
    const struct co_table_slot *s = co_table_next(&m->table, pos);
    if (s == NULL)
        return false;
    *ret_key = s->key.id;
    *ret_value = s->value;
    return true;
}
