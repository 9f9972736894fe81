#include "co_schema.h"

#include <stdlib.h>
#include <string.h>

#define PARTS 3

int co_schema_release_order(const char *a, const char *b)
{
    for (int i = 0; i < PARTS; i++) {
        char *end_a, *end_b;
        unsigned long x = strtoul(a, &end_a, 10), y = strtoul(b, &end_b, 10);
        if (x != y)
            return x < y ? -1 : 1;
        a = *end_a == '.' ? end_a + 1 : "";
        b = *end_b == '.' ? end_b + 1 : "";
    }
    return 0;
}

static int newest_of(const struct co_schema_room *rooms, size_t count, const char *service)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rooms[i].service, service) == 0)
            return rooms[i].newest;
    return 0;
}

bool co_schema_fits(const struct co_schema_room *needed, size_t needed_count,
                    const struct co_schema_room *found, size_t found_count,
                    const char *least_release, const char *own_release, struct co_why *why)
{
    for (size_t i = 0; i < needed_count; i++) {
        int newest = newest_of(found, found_count, needed[i].service);
        if (newest >= needed[i].newest)
            continue;
        co_why_set(why,
                   "the schema of the database is older than this release, %s: it has %s up to "
                   "%04d, and %04d is needed; run: callout migrate",
                   own_release, needed[i].service, newest, needed[i].newest);
        return false;
    }
    if (co_schema_release_order(own_release, least_release) < 0) {
        co_why_set(why,
                   "this release, %s, is too old for the schema of the database, which needs %s or "
                   "newer: upgrade this daemon (callout status shows the release of each)",
                   own_release, least_release);
        return false;
    }
    return true;
}
