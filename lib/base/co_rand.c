#include "co_rand.h"

#include "co_assert.h"

static uint64_t splitmix(uint64_t *state)
{
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

void co_rand_init(struct co_rand *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++)
        r->s[i] = splitmix(&seed);
}

uint64_t co_rand_next(struct co_rand *r)
{
    uint64_t *s = r->s;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t co_rand_below(struct co_rand *r, uint64_t bound)
{
    co_assert(bound > 0);
    uint64_t uneven = -bound % bound; /* 2^64 modulo bound */
    uint64_t x = co_rand_next(r);
    while (x < uneven)
        x = co_rand_next(r);
    return x % bound;
}

int64_t co_rand_between(struct co_rand *r, int64_t low, int64_t high)
{
    co_assert(low <= high);
    uint64_t span = (uint64_t)high - (uint64_t)low + 1;
    uint64_t step = span == 0 ? co_rand_next(r) : co_rand_below(r, span);
    return (int64_t)((uint64_t)low + step);
}

double co_rand_unit(struct co_rand *r)
{
    return (double)(co_rand_next(r) >> 11) * 0x1.0p-53;
}
