/* co_liveness.h - does another instance live? Pure.
 *
 * What it renews must go on changing; how long that may take is judged by our own monotonic clock. While we could not look, silence
 * says nothing: the same database may have been away for everybody, and who comes back first must not take the others for dead.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct co_liveness {
    int64_t seen_us;         /* what it renewed last; any clock */
    int64_t changed_mono_us; /* when that was news to us, or its patience began anew */
    bool is_doubted;         /* see co_liveness_doubt() */
};

/* A look at now_mono_us found seen_us. was_blind: since the look before there was a time without looks. */
void co_liveness_look(struct co_liveness *l, int64_t seen_us, bool was_blind, int64_t now_mono_us);

/* It changed, or we were blind, less than ttl_us ago. */
bool co_liveness_lives(const struct co_liveness *l, int64_t ttl_us, int64_t now_mono_us);

/* After the first look: by the clock that stamped seen_us, which may have been set since, it was silent for long before we came. That
 * proves nothing, so it still lives as long as ttl_us; is_doubted is for those who lose nothing if it does. A change ends it. */
void co_liveness_doubt(struct co_liveness *l);
