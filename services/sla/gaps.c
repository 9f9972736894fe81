#include "gaps.h"

#include <stdio.h>
#include <string.h>

#include "co_calendar_gaps.h"
#include "co_hash.h"

enum { GAPS_MAX = 100 };

static void say(struct co_log *log, const struct co_calendar_gap *gap)
{
    char years[32] = "";
    size_t len = 0;
    for (uint32_t i = 0; i < gap->years && len < sizeof(years); i++)
        len += (size_t)snprintf(years + len, sizeof(years) - len, "%s%d", i == 0 ? "" : ",", (int)gap->year[i]);
    co_log_warn(log, "holidays_unknown", CO_S("calendar", gap->key), CO_S("years", years));
}

/* Which gaps there are, as a number. */
static uint64_t sum_of(const struct co_calendar_gap *gaps, size_t count)
{
    uint64_t sum = CO_FNV1A64_START;
    for (size_t i = 0; i < count; i++) {
        sum = co_hash_fnv1a64(sum, gaps[i].key, strlen(gaps[i].key) + 1);
        sum = co_hash_fnv1a64(sum, gaps[i].year, gaps[i].years * sizeof(gaps[i].year[0]));
    }
    return sum;
}

void sla_gaps_say(void *service)
{
    struct sla_service *s = service;
    struct co_calendar_gap gaps[GAPS_MAX];
    size_t count = 0;
    const struct co_registry *r = co_registry_feed_get(co_daemon_feed(s->daemon));
    int64_t now_us = co_node_now_us(co_daemon_node(s->daemon));
    if (co_registry_version(r) == s->gaps_version || co_calendar_gaps(r, now_us, gaps, GAPS_MAX, &count) != CO_OK)
        return;
    uint64_t sum = sum_of(gaps, count);
    bool is_new = sum != s->gaps_told;
    s->gaps_version = co_registry_version(r);
    s->gaps_told = sum;
    for (size_t i = 0; is_new && i < count; i++)
        say(co_daemon_log(s->daemon), &gaps[i]);
}
