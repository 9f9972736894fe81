#include "co_arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"

enum { ALIGN = 16, FIRST_BLOCK = 4096, LARGEST_STEP = 64 * 1024 };

struct block {
    struct block *older;
    size_t size;
    size_t used;
    alignas(ALIGN) unsigned char data[];
};

struct co_arena {
    struct block *newest;
    size_t limit; /* bytes of all blocks together, at most */
    size_t taken; /* bytes of all blocks together, now */
    size_t used;
    size_t step; /* size of the next block, unless more is asked for */
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static struct block *add_block(struct co_arena *a, size_t need)
{
    size_t left = a->limit - a->taken;
    if (need > left)
        return NULL;
    size_t size = need > a->step ? need : smaller(a->step, left);
    struct block *b = malloc(sizeof(*b) + size);
    if (b == NULL)
        return NULL;
    *b = (struct block){ .older = a->newest, .size = size };
    a->newest = b;
    a->taken += size;
    a->step = smaller(a->step * 2, LARGEST_STEP);
    return b;
}

static void drop_newest(struct co_arena *a)
{
    struct block *b = a->newest;
    a->newest = b->older;
    a->taken -= b->size;
    free(b);
}

struct co_arena *co_arena_new(size_t limit_bytes)
{
    co_assert(limit_bytes > 0);
    struct co_arena *a = calloc(1, sizeof(*a));
    if (a == NULL)
        return NULL;
    a->limit = limit_bytes;
    a->step = FIRST_BLOCK;
    if (add_block(a, 1) == NULL) {
        free(a);
        return NULL;
    }
    return a;
}

void co_arena_free(struct co_arena *a)
{
    if (a == NULL)
        return;
    while (a->newest != NULL)
        drop_newest(a);
    free(a);
}

void co_arena_reset(struct co_arena *a)
{
    while (a->newest->older != NULL)
        drop_newest(a);
    a->newest->used = 0;
    a->used = 0;
    a->step = FIRST_BLOCK;
}

void *co_arena_alloc(struct co_arena *a, size_t size)
{
    if (size > SIZE_MAX - ALIGN)
        return NULL;
    size_t need = size == 0 ? ALIGN : (size + ALIGN - 1) / ALIGN * ALIGN;
    struct block *b = a->newest;
    if (need > b->size - b->used)
        b = add_block(a, need);
    if (b == NULL)
        return NULL;
    void *p = b->data + b->used;
    b->used += need;
    a->used += need;
    return p;
}

char *co_arena_strdup(struct co_arena *a, const char *s)
{
    return co_arena_memdup(a, s, strlen(s) + 1);
}

void *co_arena_memdup(struct co_arena *a, const void *p, size_t size)
{
    void *copy = co_arena_alloc(a, size);
    if (copy != NULL && size > 0)
        memcpy(copy, p, size);
    return copy;
}

size_t co_arena_used(const struct co_arena *a)
{
    return a->used;
}
