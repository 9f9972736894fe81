#include "co_table.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"

enum { FIRST_CAP = 16 };

/* Where the key is, or the free slot where it belongs. Needs cap > 0. */
static uint32_t probe(const struct co_table *t, uint64_t hash, union co_table_key key)
{
    uint32_t mask = t->cap - 1;
    uint32_t i = (uint32_t)hash & mask;
    while (t->slot[i].value != NULL &&
           (t->slot[i].hash != hash || !t->is_same(t->slot[i].key, key)))
        i = (i + 1) & mask;
    return i;
}

struct co_table_slot *co_table_find(const struct co_table *t, uint64_t hash, union co_table_key key)
{
    if (t->len == 0)
        return NULL;
    struct co_table_slot *s = &t->slot[probe(t, hash, key)];
    return s->value == NULL ? NULL : s;
}

static enum co_err grow(struct co_table *t)
{
    struct co_table bigger = *t;
    bigger.cap = t->cap == 0 ? FIRST_CAP : t->cap * 2;
    if (bigger.cap == 0)
        return CO_ENOMEM;
    bigger.slot = calloc(bigger.cap, sizeof(*bigger.slot));
    if (bigger.slot == NULL)
        return CO_ENOMEM;
    uint32_t pos = 0;
    for (const struct co_table_slot *s; (s = co_table_next(t, &pos)) != NULL;)
        bigger.slot[probe(&bigger, s->hash, s->key)] = *s;
    free(t->slot);
    *t = bigger;
    return CO_OK;
}

enum co_err co_table_put(struct co_table *t, uint64_t hash, union co_table_key key, void *value)
{
    co_assert(value != NULL);
    struct co_table_slot *old = co_table_find(t, hash, key);
    if (old != NULL) {
        *old = (struct co_table_slot){ hash, key, value };
        return CO_OK;
    }
    if (t->len == t->limit)
        return CO_EFULL;
    if ((uint64_t)(t->len + 1) * 4 > (uint64_t)t->cap * 3 && grow(t) != CO_OK)
        return CO_ENOMEM;
    t->slot[probe(t, hash, key)] = (struct co_table_slot){ hash, key, value };
    t->len++;
    return CO_OK;
}

/* Moves later members of the chain back over the hole, unless that would put one before its home.
 */
static void close_hole(struct co_table *t, uint32_t hole)
{
    uint32_t mask = t->cap - 1;
    for (uint32_t i = (hole + 1) & mask; t->slot[i].value != NULL; i = (i + 1) & mask) {
        uint32_t from_home = (i - (uint32_t)t->slot[i].hash) & mask;
        if (from_home < ((i - hole) & mask))
            continue;
        t->slot[hole] = t->slot[i];
        hole = i;
    }
    t->slot[hole].value = NULL;
}

void *co_table_take(struct co_table *t, uint64_t hash, union co_table_key key)
{
    struct co_table_slot *s = co_table_find(t, hash, key);
    if (s == NULL)
        return NULL;
    void *value = s->value;
    close_hole(t, (uint32_t)(s - t->slot));
    t->len--;
    return value;
}

const struct co_table_slot *co_table_next(const struct co_table *t, uint32_t *pos)
{
    while (*pos < t->cap) {
        const struct co_table_slot *s = &t->slot[(*pos)++];
        if (s->value != NULL)
            return s;
    }
    return NULL;
}

void co_table_clear(struct co_table *t)
{
    if (t->cap > 0)
        memset(t->slot, 0, t->cap * sizeof(*t->slot));
    t->len = 0;
}
