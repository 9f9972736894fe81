/* co_history_impl.h - what the files of lib/history share. Nobody else includes it. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include "co_history.h"
#include "co_tooldb.h"

/* What the threads of one run share. */
struct co_history_shared {
    const struct co_history_options *options;
    int64_t first_case_id; /* of all lanes */
    int64_t last_case_id;
    _Atomic(uint64_t) entries;
    _Atomic(uint64_t) permille; /* sum over all lanes */
    _Atomic(bool) is_over; /* somebody failed: the others stop */
};

/* Reads one lane over `db`, which is in the snapshot already. Errors as co_history_run(). */
CO_MUST_CHECK enum co_err co_history_lane(struct co_history_shared *shared, struct co_tooldb *db,
                                          struct co_arena *arena, unsigned worker, int lane);
