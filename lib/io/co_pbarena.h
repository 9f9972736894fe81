/* co_pbarena.h - unpacks protobuf messages into an arena: the arena's cap bounds what a peer's message can
 * cost, and nothing is freed message by message. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "co_arena.h"

/* An allocator that takes from the arena and never gives back. Borrows the arena. */
ProtobufCAllocator co_pbarena(struct co_arena *arena);
