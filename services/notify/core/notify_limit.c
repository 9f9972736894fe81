#include "notify_limit.h"

#include <stdlib.h>
#include <string.h>

#include "co_strmap.h"

enum { KEYS_MAX = 100000, SWEEP_EVERY = 4096 };

/* When messages went, in a ring, oldest first. */
struct log {
    uint32_t first, len, cap;
    char *key; /* behind the times */
    int64_t at_us[];
};

struct notify_limits {
    struct co_strmap *logs;
    uint32_t since_sweep;
};

struct notify_limits *notify_limits_new(uint64_t seed)
{
    struct notify_limits *l = calloc(1, sizeof(*l));
    if (l == NULL)
        return NULL;
    l->logs = co_strmap_new(KEYS_MAX, seed);
    if (l->logs != NULL)
        return l;
    free(l);
    return NULL;
}

void notify_limits_free(struct notify_limits *l)
{
    uint32_t pos = 0;
    const char *key;
    void *log;
    if (l == NULL)
        return;
    while (co_strmap_next(l->logs, &pos, &key, &log))
        free(log);
    co_strmap_free(l->logs);
    free(l);
}

static int64_t at(const struct log *log, uint32_t i)
{
    return log->at_us[(log->first + i) % log->cap];
}

/* How many of the last minute; *ret_skip: how many older ones stand before them. */
static uint32_t recent(const struct log *log, int64_t now_us, int64_t minute_us, uint32_t *ret_skip)
{
    uint32_t skip = 0;
    while (skip < log->len && at(log, skip) <= now_us - minute_us)
        skip++;
    *ret_skip = skip;
    return log->len - skip;
}

static uint32_t room_of(const struct notify_limits *l, const struct notify_limit *limit,
                        int64_t now_us, int64_t minute_us, int64_t *ret_wait_us)
{
    const struct log *log = co_strmap_get(l->logs, limit->key);
    uint32_t skip = 0;
    uint32_t used = log == NULL ? 0 : recent(log, now_us, minute_us, &skip);
    *ret_wait_us = 0;
    if (log == NULL || used < limit->per_minute)
        return limit->per_minute - used;
    *ret_wait_us = at(log, skip + used - limit->per_minute) + minute_us - now_us;
    return 0;
}

uint32_t notify_limits_room(const struct notify_limits *l, const struct notify_limit *limits,
                            size_t count, int64_t now_us, int64_t minute_us, int64_t *ret_wait_us)
{
    uint32_t room = UINT32_MAX;
    *ret_wait_us = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t wait_us;
        uint32_t one = room_of(l, &limits[i], now_us, minute_us, &wait_us);
        room = one < room ? one : room;
        *ret_wait_us = wait_us > *ret_wait_us ? wait_us : *ret_wait_us;
    }
    return room;
}

/* What nobody was told by for a minute is forgotten. */
static void sweep(struct notify_limits *l, int64_t now_us, int64_t minute_us)
{
    uint32_t pos = 0, skip;
    const char *key;
    void *value;
    struct log *idle = NULL;
    do { /* one a walk: the map must not change during it */
        idle = NULL;
        pos = 0;
        while (idle == NULL && co_strmap_next(l->logs, &pos, &key, &value))
            idle = recent(value, now_us, minute_us, &skip) == 0 ? value : NULL;
        if (idle != NULL)
            (void)co_strmap_take(l->logs, idle->key);
        free(idle);
    } while (idle != NULL);
}

/* The log of that key, with room for `cap`; NULL: out of memory. */
static struct log *log_of(struct notify_limits *l, const char *key, uint32_t cap)
{
    struct log *old = co_strmap_get(l->logs, key);
    if (old != NULL && old->cap >= cap)
        return old;
    size_t key_size = strlen(key) + 1;
    struct log *log = calloc(1, sizeof(*log) + cap * sizeof(log->at_us[0]) + key_size);
    if (log == NULL)
        return NULL;
    log->cap = cap;
    log->key = memcpy(log->at_us + cap, key, key_size);
    for (; old != NULL && log->len < old->len; log->len++)
        log->at_us[log->len] = at(old, log->len);
    if (co_strmap_put(l->logs, log->key, log) != CO_OK) {
        free(log);
        return NULL;
    }
    free(old);
    return log;
}

void notify_limits_count(struct notify_limits *l, const struct notify_limit *limits, size_t count,
                         int64_t now_us, int64_t minute_us)
{
    if (count > 0 && ++l->since_sweep >= SWEEP_EVERY) {
        l->since_sweep = 0;
        sweep(l, now_us, minute_us);
    }
    for (size_t i = 0; i < count; i++) {
        struct log *log = log_of(l, limits[i].key, limits[i].per_minute);
        if (log == NULL)
            continue;
        if (log->len == log->cap) {
            log->first = (log->first + 1) % log->cap;
            log->len--;
        }
        log->at_us[(log->first + log->len++) % log->cap] = now_us;
    }
}
