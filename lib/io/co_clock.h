/* co_clock.h - the two clocks of Callout.
 *
 * Real time is monotonic (`_mono_us`): leases, heartbeats, retries. Domain time (`_us`): cases, calendars,
 * offers. Domain time follows the database's clock through journal.clock: rate 1 in production, faster for
 * people to watch, 0 for replays, where it stands until somebody sets it.
 *
 * The estimate is never ahead of the database: a reading counts as taken when its answer arrived. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct co_clock {
    bool is_known;
    int64_t mono_us;       /* when the reading below arrived */
    int64_t real_us;       /* the database's clock then */
    int64_t anchor_real_us;
    int64_t anchor_domain_us;
    double rate;
    int64_t floor_us;      /* domain time never goes back below what was already given out */
};

/* Monotonic time of this machine, in microseconds since some point in the past. */
int64_t co_mono_us(void);

/* Takes a reading of the database's clock that arrived at mono_us. Returns by how much the database's clock
 * has jumped since the last reading (0 for the first), in microseconds; jitter of the network included. */
int64_t co_clock_sync(struct co_clock *c, int64_t mono_us, int64_t real_us, int64_t anchor_real_us,
                      int64_t anchor_domain_us, double rate);

/* Stepped clock only: domain time is now at least domain_us. */
void co_clock_step(struct co_clock *c, int64_t domain_us);

/* Domain time at mono_us; never before an earlier answer. The clock must be known. */
int64_t co_clock_domain_us(struct co_clock *c, int64_t mono_us);

/* How long to sleep from mono_us until domain time reaches due_us, in milliseconds, rounded up; -1: for ever
 * (stepped clock, or due_us is INT64_MAX). */
int64_t co_clock_sleep_ms(struct co_clock *c, int64_t mono_us, int64_t due_us);
