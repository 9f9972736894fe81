#include "road_rest.h"

#include "co_backoff.h"
#include "co_time.h"

static const struct co_backoff REST = { .first_us = CO_SECOND_US, .limit_us = CO_MINUTE_US };

bool road_rest_allows(struct road_rest *r, int64_t now_us)
{
    if (r->failures < ROAD_REST_FAILURES)
        return true;
    if (r->is_probing || now_us < r->until_us)
        return false;
    r->is_probing = true;
    return true;
}

void road_rest_succeeded(struct road_rest *r)
{
    *r = (struct road_rest){ 0 };
}

void road_rest_failed(struct road_rest *r, int64_t now_us, uint64_t random)
{
    r->is_probing = false;
    r->failures++;
    if (r->failures >= ROAD_REST_FAILURES)
        r->until_us = now_us + co_backoff_us(&REST, r->failures - ROAD_REST_FAILURES + 1, random);
}
