/* co_name_claim.h - may a process have the name of an instance? Pure.
 *
 * Two processes of one name would take each other for themselves. Whoever starts looks at the row of its name first: gone or old, the name
 * is free; renewed while we look, it is taken. Somebody who was killed a moment ago leaves a fresh row that stands still: after
 * CO_NAME_LOOKS looks, each a heartbeat after the last, it is free. Who was only stopped, and goes on, finds another process in his row.
 */
#pragma once

#include <stdint.h>

enum { CO_NAME_LOOKS = 4, CO_NAME_OLD_MS = 3000 };
enum co_name { CO_NAME_FREE, CO_NAME_WAIT, CO_NAME_TAKEN };

struct co_name_claim {
    int64_t process, seen_us; /* of the row, at the first look */
    int looks;
};

/* There is a row: renewed last at seen_us by the clock that stamped it, age_us ago, by `process`. */
enum co_name co_name_claim_look(struct co_name_claim *c, int64_t process, int64_t seen_us, int64_t age_us);
