/* co_lane.h - which lane of the journal a case lives in, for ever.
 *
 * Pure. The function is named and versioned, and fixed by a test vector: a case found by its
 * (source, key) must be looked for in the lane where an earlier release put it.
 */
#pragma once

#include <stdint.h>

/* FNV-1a 64 over the bytes of source, one 0x1F, the bytes of key; then fmix64; then the low bits.
 */
#define CO_LANE_HASH "fnv1a64-1"
#define CO_LANES_MAX 256

/* `lanes` is a power of two, 1..CO_LANES_MAX; the result is less than it. */
uint8_t co_lane_of(const char *source, const char *key, uint32_t lanes);
