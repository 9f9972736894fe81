#include "co_heap.h"

#include <stdlib.h>

#include "co_assert.h"

enum { WAYS = 4, FIRST_CAP = 64 };

struct co_heap {
    struct co_due *item;
    uint32_t len;
    uint32_t cap;
    uint32_t limit;
};

static bool is_before(struct co_due a, struct co_due b)
{
    return a.due_us != b.due_us ? a.due_us < b.due_us : a.id < b.id;
}

static void sift_up(struct co_due *item, uint32_t slot)
{
    struct co_due d = item[slot];
    while (slot > 0) {
        uint32_t parent = (slot - 1) / WAYS;
        if (!is_before(d, item[parent]))
            break;
        item[slot] = item[parent];
        slot = parent;
    }
    item[slot] = d;
}

static uint64_t earliest_child(const struct co_due *item, uint32_t len, uint64_t first)
{
    uint64_t end = first + WAYS < len ? first + WAYS : len;
    uint64_t best = first;
    for (uint64_t i = first + 1; i < end; i++) {
        if (is_before(item[i], item[best]))
            best = i;
    }
    return best;
}

static void sift_down(struct co_due *item, uint32_t len, uint64_t slot)
{
    struct co_due d = item[slot];
    for (;;) {
        uint64_t child = slot * WAYS + 1;
        if (child >= len)
            break;
        child = earliest_child(item, len, child);
        if (!is_before(item[child], d))
            break;
        item[slot] = item[child];
        slot = child;
    }
    item[slot] = d;
}

static enum co_err grow(struct co_heap *h)
{
    uint32_t cap = h->cap == 0 ? FIRST_CAP : h->cap > h->limit / 2 ? h->limit : h->cap * 2;
    if (cap > h->limit)
        cap = h->limit;
    struct co_due *item = realloc(h->item, cap * sizeof(*item));
    if (item == NULL)
        return CO_ENOMEM;
    h->item = item;
    h->cap = cap;
    return CO_OK;
}

struct co_heap *co_heap_new(uint32_t limit)
{
    co_assert(limit > 0);
    struct co_heap *h = calloc(1, sizeof(*h));
    if (h != NULL)
        h->limit = limit;
    return h;
}

void co_heap_free(struct co_heap *h)
{
    if (h != NULL)
        free(h->item);
    free(h);
}

enum co_err co_heap_push(struct co_heap *h, struct co_due d)
{
    if (h->len == h->limit)
        return CO_EFULL;
    if (h->len == h->cap && grow(h) != CO_OK)
        return CO_ENOMEM;
    h->item[h->len] = d;
    sift_up(h->item, h->len++);
    return CO_OK;
}

bool co_heap_peek(const struct co_heap *h, struct co_due *ret_due)
{
    if (h->len == 0)
        return false;
    *ret_due = h->item[0];
    return true;
}

bool co_heap_pop(struct co_heap *h, struct co_due *ret_due)
{
    if (!co_heap_peek(h, ret_due))
        return false;
    h->len--;
    h->item[0] = h->item[h->len];
    if (h->len > 0)
        sift_down(h->item, h->len, 0);
    return true;
}

uint32_t co_heap_len(const struct co_heap *h)
{
    return h->len;
}

void co_heap_clear(struct co_heap *h)
{
    h->len = 0;
}

uint32_t co_heap_remove_if(struct co_heap *h, bool (*is_gone)(struct co_due d, void *arg),
                           void *arg)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < h->len; i++) {
        if (!is_gone(h->item[i], arg))
            h->item[kept++] = h->item[i];
    }
    uint32_t removed = h->len - kept;
    h->len = kept;
    for (uint32_t i = kept / WAYS + 1; i-- > 0;) {
        if (i < kept)
            sift_down(h->item, kept, i);
    }
    return removed;
}
