#include "co_calendar_gaps.h"

#include <stdlib.h>
#include <string.h>

#include "co_offering.h"
#include "co_time.h"

/* Calendars by their place in the registry. */
struct used {
    const struct co_registry *registry;
    bool *is_used;
};

static const Callout__V1__Calendar *calendar_at(const struct co_registry *r, uint32_t i)
{
    return co_registry_at(r, CO_KIND_CALENDAR, i)->message->calendar;
}

/* Also for words that are no calendar: "", "site", "contract". */
static void mark(struct used *u, const char *key)
{
    uint32_t low = 0;
    uint32_t high = co_registry_count(u->registry, CO_KIND_CALENDAR);
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        int c = strcmp(calendar_at(u->registry, mid)->key, key);
        if (c == 0) {
            u->is_used[mid] = true;
            return;
        }
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
}

static void mark_pack(struct used *u, const Callout__V1__PolicyPack *policy)
{
    for (size_t i = 0; policy != NULL && i < policy->n_milestones; i++)
        mark(u, policy->milestones[i]->calendar);
}

static void mark_all(struct used *u)
{
    const struct co_registry *r = u->registry;
    for (uint32_t i = 0; i < co_registry_count(r, CO_KIND_SITE); i++)
        mark(u, co_registry_at(r, CO_KIND_SITE, i)->message->site->calendar);
    for (uint32_t i = 0; i < co_registry_count(r, CO_KIND_CONTRACT); i++) {
        const Callout__V1__Contract *contract =
            co_registry_at(r, CO_KIND_CONTRACT, i)->message->contract;
        const char *key = NULL;
        mark(u, contract->calendar);
        for (size_t k = 0; (key = co_offering_at(contract, k)) != NULL; k++)
            mark_pack(u, co_registry_policy(r, key));
    }
}

static int32_t year_there(const Callout__V1__Calendar *c, int64_t now_us)
{
    int32_t offset_s = c->n_transitions == 0 ? 0 : c->transitions[0]->offset_s;
    for (size_t i = 1; i < c->n_transitions && c->transitions[i]->from_us <= now_us; i++)
        offset_s = c->transitions[i]->offset_s;
    return co_date_of_days(co_days_of_us(now_us, offset_s)).year;
}

static bool knows(const Callout__V1__Calendar *c, int32_t year)
{
    for (size_t i = 0; i < c->n_years; i++)
        if (c->years[i] == (uint32_t)year)
            return true;
    return c->n_years == 0 && c->n_exceptions == 0;
}

static struct co_calendar_gap gap_of(const Callout__V1__Calendar *c, int64_t now_us)
{
    struct co_calendar_gap gap = { .key = c->key };
    int32_t year = year_there(c, now_us);
    for (int32_t i = 0; i < CO_CALENDAR_GAP_YEARS; i++)
        if (!knows(c, year + i))
            gap.year[gap.years++] = year + i;
    return gap;
}

enum co_err co_calendar_gaps(const struct co_registry *r, int64_t now_us,
                             struct co_calendar_gap *ret_gaps, size_t cap, size_t *ret_count)
{
    uint32_t count = co_registry_count(r, CO_KIND_CALENDAR);
    struct used u = { r, calloc((size_t)count + 1, sizeof(bool)) };
    size_t n = 0;
    if (u.is_used == NULL)
        return CO_ENOMEM;
    mark_all(&u);
    for (uint32_t i = 0; i < count && n < cap; i++) {
        struct co_calendar_gap gap = gap_of(calendar_at(r, i), now_us);
        if (u.is_used[i] && gap.years > 0)
            ret_gaps[n++] = gap;
    }
    free(u.is_used);
    *ret_count = n;
    return CO_OK;
}
