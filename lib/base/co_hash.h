/* co_hash.h - the hash functions in use, each for one purpose. Pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define CO_FNV1A64_START UINT64_C(0xcbf29ce484222325)

/* FNV-1a over `size` bytes, going on from `state` (CO_FNV1A64_START at first). */
uint64_t co_hash_fnv1a64(uint64_t state, const void *p, size_t size);

/* The finaliser of MurmurHash3: a bijection that spreads every input bit over all 64. */
uint64_t co_hash_fmix64(uint64_t x);

/* SipHash-2-4 with the key (k0, k1): for tables keyed by what peers send, so that nobody without
 * the key can choose texts that fall on one slot. */
uint64_t co_hash_sip(uint64_t k0, uint64_t k1, const void *p, size_t size);
