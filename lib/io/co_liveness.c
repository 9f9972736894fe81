#include "co_liveness.h"

void co_liveness_look(struct co_liveness *l, int64_t seen_us, bool was_blind, int64_t now_mono_us)
{
    if (seen_us == l->seen_us && !was_blind)
        return;
    l->is_doubted = l->is_doubted && seen_us == l->seen_us;
    l->seen_us = seen_us;
    l->changed_mono_us = now_mono_us;
}

bool co_liveness_lives(const struct co_liveness *l, int64_t ttl_us, int64_t now_mono_us)
{
    return now_mono_us - l->changed_mono_us < ttl_us;
}

void co_liveness_doubt(struct co_liveness *l)
{
    l->is_doubted = true;
}
