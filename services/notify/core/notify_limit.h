/* notify_limit.h - how many messages a minute: never more than N in any minute, to whatever a key
 * names.
 *
 * Pure: the time is passed in, in us, and never goes back. What is remembered is only what was sent
 * within the last minute; a process that starts anew remembers nothing.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_err.h"

enum { NOTIFY_LIMIT_MOST = 6000 }; /* a minute */

struct notify_limits;

/* NULL: out of memory. */
struct notify_limits *notify_limits_new(uint64_t seed);

/* NULL is allowed. */
void notify_limits_free(struct notify_limits *l);

/* One that holds: not more than per_minute (1 .. NOTIFY_LIMIT_MOST) to what `key` names. */
struct notify_limit {
    const char *key; /* copied */
    uint32_t per_minute;
};

/* How many more may go at once under all of these; where none may, *ret_wait_us is when one may.
 * `minute_us` is how long a minute is in the time that is passed in. UINT32_MAX: no limit. */
uint32_t notify_limits_room(const struct notify_limits *l, const struct notify_limit *limits,
                            size_t count, int64_t now_us, int64_t minute_us, int64_t *ret_wait_us);

/* Counts one message under all of these. Out of memory: it is not counted. */
void notify_limits_count(struct notify_limits *l, const struct notify_limit *limits, size_t count,
                         int64_t now_us, int64_t minute_us);
