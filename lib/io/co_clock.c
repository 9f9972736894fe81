#include "co_clock.h"

#include <uv.h>

#include "co_assert.h"

int64_t co_mono_us(void)
{
    return (int64_t)(uv_hrtime() / 1000);
}

int64_t co_clock_sync(struct co_clock *c, int64_t mono_us, int64_t real_us, int64_t anchor_real_us,
                      int64_t anchor_domain_us, double rate)
{
    int64_t step_us = c->is_known ? real_us - (c->real_us + (mono_us - c->mono_us)) : 0;
    c->is_known = true;
    c->mono_us = mono_us;
    c->real_us = real_us;
    c->anchor_real_us = anchor_real_us;
    c->anchor_domain_us = anchor_domain_us;
    c->rate = rate;
    return step_us;
}

void co_clock_step(struct co_clock *c, int64_t domain_us)
{
    if (c->is_known && c->rate <= 0 && domain_us > c->anchor_domain_us)
        c->anchor_domain_us = domain_us;
}

int64_t co_clock_domain_us(struct co_clock *c, int64_t mono_us)
{
    co_assert(c->is_known);
    int64_t real_us = c->real_us + (mono_us - c->mono_us);
    double gone = (double)(real_us - c->anchor_real_us) * c->rate;
    int64_t now_us = c->anchor_domain_us + (int64_t)gone;
    if (now_us > c->floor_us)
        c->floor_us = now_us;
    return c->floor_us;
}

int64_t co_clock_sleep_ms(struct co_clock *c, int64_t mono_us, int64_t due_us)
{
    if (due_us == INT64_MAX)
        return -1;
    int64_t left_us = due_us - co_clock_domain_us(c, mono_us);
    if (left_us <= 0)
        return 0;
    if (c->rate <= 0)
        return -1;
    double real_us = (double)left_us / c->rate;
    return real_us > 86400e6 ? 86400 * 1000 : (int64_t)(real_us / 1000) + 1;
}
