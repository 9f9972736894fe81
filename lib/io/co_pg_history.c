#include "co_pg_history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum co_pg_verdict co_pg_history_meet(struct co_pg_history *h, const char *system, int64_t timeline)
{
    if (h->system[0] == '\0')
        (void)snprintf(h->system, sizeof(h->system), "%s", system);
    if (strcmp(h->system, system) != 0)
        return CO_PG_OTHER;
    if (timeline < h->timeline)
        return CO_PG_OLDER;
    bool is_newer = timeline > h->timeline;
    h->timeline = timeline;
    return is_newer ? CO_PG_NEWER : CO_PG_SAME;
}

bool co_pg_history_hear(struct co_pg_history *h, const char *era)
{
    size_t len = strlen(h->system);
    if (len == 0 || strncmp(era, h->system, len) != 0 || era[len] != '.' || strlen(era) != len + 9)
        return false;
    char *end = NULL;
    int64_t timeline = (int64_t)strtoul(era + len + 1, &end, 16);
    if (*end != '\0' || timeline <= h->timeline)
        return false;
    h->timeline = timeline;
    return true;
}
