/* audit_cursors.h - how far sla has read, and which cases it has set aside. */
#pragma once

#include "co_lane.h"
#include "history.h"

struct audit_parked {
    int64_t case_id;
    uint64_t since; /* its entries from here on wait */
};

struct audit_cursors {
    uint64_t taken[CO_LANES_MAX]; /* by sla, of each lane */
    struct audit_parked *parked;  /* by case_id; the arena's of the command */
    size_t parked_count;
};

/* In the snapshot of the history. Returns the exit code. */
CO_MUST_CHECK int audit_cursors_read(struct history *h, struct audit_cursors *ret);

/* The number up to which sla has taken in the entries of a case. */
uint64_t audit_taken(const struct audit_cursors *cursors, const struct co_history_case *c,
                     bool *ret_is_parked);
