#include "notify_circuit.h"

bool notify_circuit_is_aside(const struct notify_circuit *c)
{
    return c->pauses > 0;
}

int64_t notify_circuit_wait_us(const struct notify_circuit *c, int64_t now_us)
{
    return notify_circuit_is_aside(c) && c->retry_us > now_us ? c->retry_us - now_us : 0;
}

static enum notify_circuit_change fail(struct notify_circuit *c, const struct co_backoff *pause,
                                       int64_t now_us, uint64_t random)
{
    bool was_aside = notify_circuit_is_aside(c);
    c->failures++;
    if (notify_circuit_wait_us(c, now_us) > 0 || c->failures < NOTIFY_CIRCUIT_FAILURES)
        return NOTIFY_CIRCUIT_NOTHING;
    c->pauses++;
    c->retry_us = now_us + co_backoff_us(pause, c->pauses, random);
    if (was_aside)
        return NOTIFY_CIRCUIT_LONGER;
    c->since_us = now_us;
    return NOTIFY_CIRCUIT_ASIDE;
}

enum notify_circuit_change notify_circuit_learn(struct notify_circuit *c, bool is_failure,
                                                const struct co_backoff *pause, int64_t now_us,
                                                uint64_t random)
{
    if (is_failure)
        return fail(c, pause, now_us, random);
    bool was_aside = notify_circuit_is_aside(c);
    *c = (struct notify_circuit){ .failures = 0 };
    return was_aside ? NOTIFY_CIRCUIT_BACK : NOTIFY_CIRCUIT_NOTHING;
}
