/* co_replay_tally_impl.h - what the two files of the tally share: taking entries, and counting at the
 * end. Nobody else includes it. */
#pragma once

#include <stdbool.h>

#include "co_arena.h"
#include "co_replay_tally.h"
#include "co_strmap.h"

/* Things of one kind, each found by a key. */
struct group {
    struct co_strmap *map;
    char *item; /* as they came until they are sorted */
    const char **key;
    size_t size; /* of one */
    size_t n, cap;
};

struct clock {
    const char *milestone;
    const char *zone;
    uint32_t severity;
    double km;
    bool is_promised, is_breached, is_met, is_late, is_stopped;
};

struct offer {
    int64_t metres;
};

struct notice {
    const char *channel;
    Callout__V1__NoticeState state;
};

struct person {
    struct co_replay_engineer said;
    int64_t metres;
};

struct held {
    bool is_held;
};

enum groups {
    CLOCKS, /* what was announced about each */
    OFFERS,
    NOTICES,
    HELD,
    PERSONS,
    MILESTONES, /* what is counted from that at the end */
    ZONES,
    ENGINEERS,
    CHANNELS,
    COMMANDS,
    GROUPS
};

struct co_replay_tally {
    struct co_arena *arena;
    struct group group[GROUPS];
    struct co_replay_cases cases;
    uint64_t opened_with[CO_REPLAY_SEVERITIES];
};

/* The thing of that key, all zero when it is new; good until the next new one of the group. NULL: out
 * of memory. */
void *tally_thing(struct co_replay_tally *t, enum groups which, const char *key);
void *tally_thing_of(struct co_replay_tally *t, enum groups which, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
