/* dispatch_ledger.h - the lots of man-days and what is posted to them. Double entry: every posting
 * takes minutes from one account of a lot and gives them to another, and what was bought is always
 * free, reserved, used or expired (DOMAIN section 9: man-days).
 *
 * Pure. The shell locks the rows of the lots, lets the cases of the turn post, and saves both in
 * the same transaction. All memory is the arena's. Minutes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/registry.pb-c.h"
#include "co_arena.h"
#include "co_err.h"

enum dispatch_account {
    DISPATCH_ACCOUNT_BOUGHT, /* where minutes come from: the sum of the others */
    DISPATCH_ACCOUNT_FREE,
    DISPATCH_ACCOUNT_RESERVED,
    DISPATCH_ACCOUNT_USED,
    DISPATCH_ACCOUNT_EXPIRED,
    DISPATCH_ACCOUNTS
};

/* "free" */
const char *dispatch_account_name(enum dispatch_account account);

/* A lot, as its row is locked. */
struct dispatch_lot {
    const char *contract;
    const char *key;
    const Callout__V1__Lot *terms; /* what the registry says; NULL: it is not there any more */
    int64_t from_us,
        until_us; /* good from then until then, the end rolled over or not; 0: always */
    int64_t minutes[DISPATCH_ACCOUNTS];
    int64_t allowed; /* what is free may be so much below zero */
    int64_t postings;
    bool is_changed;
};

struct dispatch_posting {
    struct dispatch_lot *lot;
    int64_t number; /* of the lot, from 1, without gaps */
    const char *kind;
    enum dispatch_account from, to;
    int64_t minutes;
    int64_t case_id; /* 0: of the lot itself */
    const char *why;
};

/* The lots of a turn, sorted by contract and key, and what is posted to them. */
struct dispatch_ledger {
    struct co_arena *arena;
    struct dispatch_lot *lot;
    size_t count;
    struct dispatch_posting *posting;
    size_t posting_count, posting_cap;
    enum co_err err; /* CO_ENOMEM sticks: nothing may be saved */
};

bool dispatch_lot_is_good(const struct dispatch_lot *lot, int64_t now_us);

/* Nothing where there are no minutes. `kind` and `why` are constant. */
void dispatch_ledger_post(struct dispatch_ledger *ledger, struct dispatch_lot *lot,
                          const char *kind, enum dispatch_account from, enum dispatch_account to,
                          int64_t minutes, int64_t case_id, const char *why);

/* Brings the lots up to what the registry says, and to `now_us`: what was bought, what expired. */
void dispatch_ledger_refresh(struct dispatch_ledger *ledger, int64_t now_us);
