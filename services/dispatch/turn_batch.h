/* turn_batch.h - several orders of a turn that seek somebody at the same time: who is kept for
 * whom. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_arena.h"
#include "co_err.h"
#include "dispatch_seek.h"

/* An order that will choose in this turn. */
struct dispatch_waiting {
    struct dispatch_need need;
    struct dispatch_pool pool; /* with the claims that are held now */
};

struct dispatch_batch;

/* Finds out who goes where at the least total cost, each engineer once. The waiting orders are
 * borrowed. *ret_batch is NULL where there is nothing to weigh: fewer than two orders, or plenty to
 * choose from for each. CO_ENOMEM. */
CO_MUST_CHECK enum co_err dispatch_batch_new(struct co_arena *arena,
                                             const struct dispatch_waiting *waiting, size_t count,
                                             struct dispatch_batch **ret_batch);

/* True where the engineer is kept for another order than the `i`-th. `batch` may be NULL. */
bool dispatch_batch_is_kept(const struct dispatch_batch *batch, size_t i, const char *engineer);
