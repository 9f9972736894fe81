#include "co_lane.h"

#include <string.h>

#include "co_assert.h"
#include "co_hash.h"

uint8_t co_lane_of(const char *source, const char *key, uint32_t lanes)
{
    co_assert(lanes >= 1 && lanes <= CO_LANES_MAX && (lanes & (lanes - 1)) == 0);
    uint64_t h = co_hash_fnv1a64(CO_FNV1A64_START, source, strlen(source));
    h = co_hash_fnv1a64(h, "\x1f", 1);
    h = co_hash_fnv1a64(h, key, strlen(key));
    return (uint8_t)(co_hash_fmix64(h) & (lanes - 1));
}
