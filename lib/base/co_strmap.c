#include "co_strmap.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_hash.h"
#include "co_table.h"

struct co_strmap {
    struct co_table table;
    uint64_t k0;
    uint64_t k1;
};

static bool is_same(union co_table_key a, union co_table_key b)
{
    return strcmp(a.text, b.text) == 0;
}

struct co_strmap *co_strmap_new(uint32_t limit, uint64_t seed)
{
    co_assert(limit > 0);
    struct co_strmap *m = calloc(1, sizeof(*m));
    if (m == NULL)
        return NULL;
    m->table = (struct co_table){ .is_same = is_same, .limit = limit };
    m->k0 = seed;
    m->k1 = co_hash_fmix64(~seed);
    return m;
}

void co_strmap_free(struct co_strmap *m)
{
    if (m != NULL)
        free(m->table.slot);
    free(m);
}

static uint64_t hash_of(const struct co_strmap *m, const char *key)
{
    return co_hash_sip(m->k0, m->k1, key, strlen(key));
}

enum co_err co_strmap_put(struct co_strmap *m, const char *key, void *value)
{
    return co_table_put(&m->table, hash_of(m, key), (union co_table_key){ .text = key }, value);
}

void *co_strmap_get(const struct co_strmap *m, const char *key)
{
    const struct co_table_slot *s =
        co_table_find(&m->table, hash_of(m, key), (union co_table_key){ .text = key });
    return s == NULL ? NULL : s->value;
}

void *co_strmap_take(struct co_strmap *m, const char *key)
{
    return co_table_take(&m->table, hash_of(m, key), (union co_table_key){ .text = key });
}

uint32_t co_strmap_len(const struct co_strmap *m)
{
    return m->table.len;
}

void co_strmap_clear(struct co_strmap *m)
{
    co_table_clear(&m->table);
}

bool co_strmap_next(const struct co_strmap *m, uint32_t *pos, const char **ret_key,
                    void **ret_value)
{
    const struct co_table_slot *s = co_table_next(&m->table, pos);
    if (s == NULL)
        return false;
    *ret_key = s->key.text;
    *ret_value = s->value;
    return true;
}
