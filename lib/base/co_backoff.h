/* co_backoff.h - how long to wait before the next try. Pure: the randomness is passed in. */
#pragma once

#include <stdint.h>

struct co_backoff {
    int64_t first_us; /* after the first failure; > 0 */
    int64_t limit_us; /* never longer than this; >= first_us */
};

/* The wait after `failures` (>= 1) failures in a row, in us. The full wait doubles with each
 * failure up to the limit; the answer lies between half of it and all of it, chosen by `random`
 * (any 64 bits, evenly spread), so that those who failed together do not come back together. */
int64_t co_backoff_us(const struct co_backoff *b, uint32_t failures, uint64_t random);
