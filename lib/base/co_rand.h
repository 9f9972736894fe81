/* co_rand.h - repeatable randomness with a state that the caller holds.
 *
 * Pure: the same seed gives the same sequence on every machine. For jitter, fault seeds and
 * property tests; never for keys or secrets. xoshiro256**, seeded by splitmix64 (Blackman, Vigna).
 */
#pragma once

#include <stdint.h>

struct co_rand {
    uint64_t s[4];
};

/* Any seed will do, 0 too. */
void co_rand_init(struct co_rand *r, uint64_t seed);

/* The next 64 bits. */
uint64_t co_rand_next(struct co_rand *r);

/* Evenly one of 0..bound-1, without bias; bound > 0. */
uint64_t co_rand_below(struct co_rand *r, uint64_t bound);

/* Evenly one of low..high, both included; low <= high. */
int64_t co_rand_between(struct co_rand *r, int64_t low, int64_t high);

/* Evenly in [0, 1), 53 bits. */
double co_rand_unit(struct co_rand *r);
