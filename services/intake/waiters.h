/* waiters.h - follows the journal for whoever waits for something to happen to a case.
 *
 * An observer: all lanes, from their heads on, without lease or cursor. What is waited for may have happened before the
 * waiting began, or be missed while the database is away; whoever waits looks at the table before and, when the
 * time is over, after. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "co_journal.h"
#include "intake.h"

#define INTAKE_ANY_KIND UINT64_MAX
#define INTAKE_KIND(name) (UINT64_C(1) << CALLOUT__V1__EVENT__BODY_##name)

/* It happened: an entry of that kind; `event` only with verdicts, else NULL. Kind 0: the time is over. The waiter is gone by then. */
typedef void intake_wake_fn(void *arg, int kind, const Callout__V1__Event *event);

/* NULL: out of memory. */
struct intake_waiters *intake_waiters_new(struct intake *in);
/* Wakes all as if their time were over, stops following. */
void intake_waiters_close(struct intake_waiters *w);
void intake_waiters_free(struct intake_waiters *w); /* NULL is allowed; the loop has run to its end */

/* Waits for an entry of one of `kinds` (bits) of case `key`, of command `key` (verdicts), or, with 0, of anything. Returns the waiter's
 * id; 0: it was woken at once, as if its time were over. */
int64_t intake_waiters_add(struct intake_waiters *w, int64_t key, uint64_t kinds, uint32_t wait_ms, intake_wake_fn *wake,
                        void *arg);

/* Takes a waiter off, without waking it. 0 is allowed, and one that is gone. */
void intake_waiters_cancel(struct intake_waiters *w, int64_t id);

/* Entries of one lane that were committed, here or elsewhere. */
void intake_waiters_offer(struct intake_waiters *w, int lane, const struct co_entry_raw *entries, size_t n);

/* How many cases were seen to be opened or held since the start. */
uint64_t intake_waiters_opened(const struct intake_waiters *w);

/* Begins to follow, if it does not; the connection was lost. */
void intake_waiters_follow(struct intake_waiters *w);
void intake_waiters_reset(struct intake_waiters *w);
