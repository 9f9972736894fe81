#include "co_backoff.h"

#include "co_assert.h"

static int64_t full_wait_us(const struct co_backoff *b, uint32_t failures)
{
    int64_t wait_us = b->first_us;
    for (uint32_t i = 1; i < failures; i++) {
        if (wait_us > b->limit_us / 2)
            return b->limit_us;
        wait_us *= 2;
    }
    return wait_us;
}

int64_t co_backoff_us(const struct co_backoff *b, uint32_t failures, uint64_t random)
{
    co_assert(b->first_us > 0 && b->limit_us >= b->first_us && failures > 0);
    int64_t wait_us = full_wait_us(b, failures);
    int64_t half_us = wait_us / 2;
    return wait_us - (int64_t)(random % ((uint64_t)half_us + 1));
}
