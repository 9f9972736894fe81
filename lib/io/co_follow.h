/* co_follow.h - hands out the entries of lanes in order, without gap and without double.
 *
 * Entries come from three sides: published messages (co_follow_offer, a hint that may be lost, doubled or out of
 * order), this process's own commits (the same call), and the table (read on a gap, and every half second
 * when the newest numbers say that something is missing). While a lane is behind, messages for it are ignored and the
 * table is read. One table read is in the air at a time.
 *
 * The owner is told by `on_ready` that a lane has entries, looks at them with co_follow_peek() and takes them with
 * co_follow_consume(). After a lost database connection the owner calls co_follow_forget() and starts its
 * lanes again from their cursors. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "co_journal.h"
#include "co_pg.h"

enum {
    CO_FOLLOW_LANE_MAX = 4096, /* entries held per lane; more are left in the table */
    CO_FOLLOW_READ = 1000,     /* numbers per lane and table read */
};

struct co_follow;

struct co_follow_options {
    uv_loop_t *loop;
    struct co_pg *pg;  /* for table reads; shared, borrowed */
    uint64_t kinds;    /* bit k: bodies of kind k are wanted; others are handed out without body */
    void (*on_ready)(void *arg, int lane); /* the lane has entries that were not there before */
    void *arg;
};

/* An entry as held: body.data is NULL for a kind that is not wanted. */
struct co_held {
    struct co_held *prev, *next;
    struct co_entry_raw entry;
};

struct co_follow_stats {
    uint64_t offered;  /* entries by message or own commit */
    uint64_t ignored;  /* ... of these double or while behind */
    uint64_t gaps;     /* times a lane had a gap */
    uint64_t reads;    /* table reads */
    uint64_t read_entries;
};

/* NULL: out of memory. */
struct co_follow *co_follow_new(const struct co_follow_options *options);
void co_follow_close(struct co_follow **f_p); /* freed when the loop has run again */

/* Starts handing out the entries of a lane after `seq`; a lane that is followed already starts anew. */
void co_follow_start(struct co_follow *f, int lane, int64_t seq);
void co_follow_stop(struct co_follow *f, int lane);

/* Stops every lane. */
void co_follow_forget(struct co_follow *f);

/* Entries that were committed: n > 0, numbers rising by one. Copied. Ignored for lanes that are not followed. */
void co_follow_offer(struct co_follow *f, int lane, const struct co_entry_raw *entries, size_t n);

/* The first waiting entry; the next ones by ->next as long as co_follow_is_ready() says so. NULL: none. */
const struct co_held *co_follow_peek(const struct co_follow *f, int lane);
bool co_follow_is_ready(const struct co_follow *f, int lane, const struct co_held *held);

/* Monotonic time since when the first entry waits; INT64_MAX: none waits. */
int64_t co_follow_since_mono_us(const struct co_follow *f, int lane);

/* Drops what waits up to and including `seq`. */
void co_follow_consume(struct co_follow *f, int lane, int64_t seq);

/* Are the entries up to and including `seq` all that the lane had when it was started? False also while that is not known. */
bool co_follow_is_caught_up(const struct co_follow *f, int lane, int64_t seq);

/* How many entries are known to exist and not yet consumed, in all followed lanes. */
int64_t co_follow_lag(const struct co_follow *f);

struct co_follow_stats co_follow_stats(const struct co_follow *f);
