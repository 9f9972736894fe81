/* notify_circuit.h - is a server that keeps failing tried, left alone, or tried once?
 *
 * Pure. After so many failures in a row, whoever they are for, a server is set aside: nothing is
 * sent there for a while. Then one message tries it: where that fails, too, the next pause is
 * longer; anything it takes takes it back. One value for each server; times are of one clock that
 * never goes back, in us.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "co_backoff.h"

/* One message alone gets there within half a minute (its attempts come 2, 4, 8, 16 s apart at
 * most), so that it goes another way soon; a server that is only started anew, and drops the 4 that
 * are in the air at one webhook, is not set aside for it. */
enum { NOTIFY_CIRCUIT_FAILURES = 5 };

struct notify_circuit {
    uint32_t failures; /* in a row */
    uint32_t pauses;   /* since it was set aside; 0: it is not */
    int64_t since_us;  /* set aside since */
    int64_t retry_us;  /* one may try it from then on */
};

enum notify_circuit_change {
    NOTIFY_CIRCUIT_NOTHING,
    NOTIFY_CIRCUIT_ASIDE,  /* it is set aside */
    NOTIFY_CIRCUIT_LONGER, /* it was tried, in vain: another pause */
    NOTIFY_CIRCUIT_BACK    /* it is taken back */
};

/* An attempt at the server has ended. What ends during a pause was begun before it: failures then
 * say nothing new. `random`: any 64 bits. */
enum notify_circuit_change notify_circuit_learn(struct notify_circuit *c, bool is_failure,
                                                const struct co_backoff *pause, int64_t now_us,
                                                uint64_t random);

bool notify_circuit_is_aside(const struct notify_circuit *c);

/* How long nobody may try it; 0: it is not set aside, or one may try it now. */
int64_t notify_circuit_wait_us(const struct notify_circuit *c, int64_t now_us);
