/* co_heap.h - what is due, earliest first.
 *
 * Pure: no clock. A 4-ary min-heap of 16-byte entries, ordered by (due_us, id): equal times leave
 * in id order, so a replay gives the same sequence. One heap belongs to one thread. The same id may
 * be in it several times; an entry is a wake-up, not a truth, so stale ones are simply ignored by
 * whoever pops them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "co_err.h"

struct co_due {
    int64_t due_us; /* microseconds since the Unix epoch, UTC */
    int64_t id;
};

struct co_heap;

/* Makes an empty heap for at most `limit` (> 0) entries; memory grows with use. The caller owns
 * the result; NULL means out of memory. */
struct co_heap *co_heap_new(uint32_t limit);

/* NULL is allowed. */
void co_heap_free(struct co_heap *h);

/* CO_EFULL: `limit` entries wait already. CO_ENOMEM. The heap is then unchanged. */
CO_MUST_CHECK enum co_err co_heap_push(struct co_heap *h, struct co_due d);

/* The earliest entry; false, and *ret_due untouched, when the heap is empty. */
CO_MUST_CHECK bool co_heap_peek(const struct co_heap *h, struct co_due *ret_due);

/* Takes the earliest entry out; false, and *ret_due untouched, when the heap is empty. */
CO_MUST_CHECK bool co_heap_pop(struct co_heap *h, struct co_due *ret_due);

uint32_t co_heap_len(const struct co_heap *h);

/* Empties the heap; keeps its memory. */
void co_heap_clear(struct co_heap *h);

/* Drops every entry for which `is_gone` says true (lanes given away). Linear. Returns how many. */
uint32_t co_heap_remove_if(struct co_heap *h, bool (*is_gone)(struct co_due d, void *arg),
                           void *arg);
