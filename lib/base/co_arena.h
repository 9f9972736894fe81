/* co_arena.h - memory that is given back all at once, with a cap.
 *
 * Pure. One arena belongs to one thread. Used for what lives as long as one message or one turn:
 * nothing is freed singly. The cap counts the bytes of the blocks taken from the heap (not their
 * headers), so a hostile message cannot take more than the cap, whatever it asks for.
 */
#pragma once

#include <stddef.h>

struct co_arena;

/* Makes an arena that takes at most `limit_bytes` (> 0) from the heap; its first block, of at most
 * 4 KiB, is taken here. The caller owns the result; NULL means out of memory. */
struct co_arena *co_arena_new(size_t limit_bytes);

/* Frees the arena and everything handed out by it. NULL is allowed. */
void co_arena_free(struct co_arena *a);

/* Takes back everything handed out. The first block is kept for reuse, the others are freed. */
void co_arena_reset(struct co_arena *a);

/* Hands out `size` bytes (0 counts as 1), not cleared, at an address divisible by 16. The arena
 * owns them. NULL when the cap or the memory does not allow it; the arena stays usable. */
void *co_arena_alloc(struct co_arena *a, size_t size);

/* Copies of a string and of `size` bytes, owned by the arena. NULL as co_arena_alloc(). */
char *co_arena_strdup(struct co_arena *a, const char *s);
void *co_arena_memdup(struct co_arena *a, const void *p, size_t size);

/* Bytes handed out since the last reset, each piece rounded up to 16. */
size_t co_arena_used(const struct co_arena *a);
