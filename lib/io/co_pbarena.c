#include "co_pbarena.h"

static void *take(void *arena, size_t size)
{
    return co_arena_alloc(arena, size);
}

static void keep(void *arena, void *p)
{
    (void)arena;
    (void)p;
}

ProtobufCAllocator co_pbarena(struct co_arena *arena)
{
    return (ProtobufCAllocator){ .alloc = take, .free = keep, .allocator_data = arena };
}
