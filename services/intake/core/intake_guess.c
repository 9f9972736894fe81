#include "intake_guess.h"

#include "co_time.h"

int64_t intake_guess_wait_us(const struct intake_guess *g, int64_t now_us)
{
    return now_us < g->until_us ? g->until_us - now_us : 0;
}

static void forget_old(struct intake_guess *g, int64_t now_us)
{
    int64_t quiet_us = g->pause_us > CO_MINUTE_US ? g->pause_us : CO_MINUTE_US;
    if (g->pause_us > 0 && now_us >= g->until_us + quiet_us)
        intake_guess_right(g);
    if (g->pause_us == 0 && now_us >= g->since_us + CO_MINUTE_US)
        g->wrong = 0;
}

static bool pause_for(struct intake_guess *g, int64_t pause_us, int64_t now_us)
{
    g->pause_us = pause_us;
    g->until_us = now_us + pause_us;
    return true;
}

bool intake_guess_wrong(struct intake_guess *g, const struct intake_guess_limits *limits, int64_t now_us)
{
    if (limits->wrong == 0 || intake_guess_wait_us(g, now_us) > 0)
        return false;
    forget_old(g, now_us);
    if (g->pause_us > 0)
        return pause_for(g, g->pause_us > limits->most_us / 2 ? limits->most_us : 2 * g->pause_us, now_us);
    if (g->wrong == 0)
        g->since_us = now_us;
    g->wrong++;
    return g->wrong >= limits->wrong && pause_for(g, limits->first_us, now_us);
}

void intake_guess_right(struct intake_guess *g)
{
    *g = (struct intake_guess){ .wrong = 0 };
}
