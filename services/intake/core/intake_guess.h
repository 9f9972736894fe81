/* intake_guess.h - how long a client waits that answers with one wrong code after the other.
 *
 * Pure. Codes cannot be guessed; this is so that nobody tries in earnest, and that whoever relays answers and has lost his
 * mind is noticed. After so many wrong codes within a minute a pause begins; each wrong one after it begins the next, twice
 * as long, up to a limit. A right code ends all this, and so does a time without wrong ones as long as the last pause was,
 * at least a minute. One value for each client, all zero at first; times are of one clock that never goes back, in us.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct intake_guess_limits {
    uint32_t wrong; /* codes in a minute; 0: there are no pauses */
    int64_t first_us, most_us; /* pauses */
};

struct intake_guess {
    uint32_t wrong;   /* in the minute that began at since_us */
    int64_t since_us;
    int64_t pause_us; /* the last one; 0: none yet */
    int64_t until_us; /* its end */
};

/* How long answers wait from now on; 0: not at all. */
int64_t intake_guess_wait_us(const struct intake_guess *g, int64_t now_us);

/* A code was wrong. True: a pause begins. During a pause nothing counts: that was asked before it. */
bool intake_guess_wrong(struct intake_guess *g, const struct intake_guess_limits *limits, int64_t now_us);

/* A code was right. */
void intake_guess_right(struct intake_guess *g);
