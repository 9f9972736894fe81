#include "dispatch_ledger.h"

#include <string.h>

#include "co_lot.h"

const char *dispatch_account_name(enum dispatch_account account)
{
    static const char *const names[DISPATCH_ACCOUNTS] = {
        [DISPATCH_ACCOUNT_BOUGHT] = "bought",     [DISPATCH_ACCOUNT_FREE] = "free",
        [DISPATCH_ACCOUNT_RESERVED] = "reserved", [DISPATCH_ACCOUNT_USED] = "used",
        [DISPATCH_ACCOUNT_EXPIRED] = "expired",
    };
    return names[account];
}

void dispatch_ledger_post(struct dispatch_ledger *ledger, struct dispatch_lot *lot,
                          const char *kind, enum dispatch_account from, enum dispatch_account to,
                          int64_t minutes, int64_t case_id, const char *why)
{
    if (minutes <= 0 || ledger->err != CO_OK)
        return;
    if (ledger->posting_count == ledger->posting_cap) {
        size_t cap = ledger->posting_cap == 0 ? 16 : 2 * ledger->posting_cap;
        struct dispatch_posting *grown = co_arena_alloc(ledger->arena, cap * sizeof(*grown));
        if (grown == NULL) {
            ledger->err = CO_ENOMEM;
            return;
        }
        if (ledger->posting_count > 0)
            memcpy(grown, ledger->posting, ledger->posting_count * sizeof(*grown));
        ledger->posting = grown;
        ledger->posting_cap = cap;
    }
    /* What was bought is a source: it is the sum of the others. */
    lot->minutes[from] += from == DISPATCH_ACCOUNT_BOUGHT ? minutes : -minutes;
    lot->minutes[to] += to == DISPATCH_ACCOUNT_BOUGHT ? -minutes : minutes;
    lot->is_changed = true;
    ledger->posting[ledger->posting_count++] = (struct dispatch_posting){
        .lot = lot,
        .number = ++lot->postings,
        .kind = kind,
        .from = from,
        .to = to,
        .minutes = minutes,
        .case_id = case_id,
        .why = why,
    };
}

bool dispatch_lot_is_good(const struct dispatch_lot *lot, int64_t now_us)
{
    return lot->terms != NULL && lot->from_us <= now_us &&
           (lot->until_us == 0 || now_us < lot->until_us);
}

static void refresh_one(struct dispatch_ledger *ledger, struct dispatch_lot *lot, int64_t now_us)
{
    if (lot->terms == NULL)
        return;
    struct co_lot_minutes minutes = { .bought = lot->minutes[DISPATCH_ACCOUNT_BOUGHT],
                                      .free = lot->minutes[DISPATCH_ACCOUNT_FREE],
                                      .expired = lot->minutes[DISPATCH_ACCOUNT_EXPIRED] };
    struct co_lot_due due = co_lot_due(lot->terms, lot->until_us, &minutes, now_us);
    int64_t allowed = lot->terms->overdraft_minutes;
    dispatch_ledger_post(ledger, lot, "revive", DISPATCH_ACCOUNT_EXPIRED, DISPATCH_ACCOUNT_FREE,
                         due.revive, 0, "extended");
    dispatch_ledger_post(ledger, lot, "buy", DISPATCH_ACCOUNT_BOUGHT, DISPATCH_ACCOUNT_FREE,
                         due.buy, 0, minutes.bought == 0 ? "bought" : "topped_up");
    dispatch_ledger_post(ledger, lot, "correct", DISPATCH_ACCOUNT_FREE, DISPATCH_ACCOUNT_BOUGHT,
                         due.correct, 0, "corrected");
    dispatch_ledger_post(ledger, lot, "expire", DISPATCH_ACCOUNT_FREE, DISPATCH_ACCOUNT_EXPIRED,
                         due.expire, 0, "over");
    if (allowed <= lot->allowed)
        return;
    lot->allowed = allowed;
    lot->is_changed = true;
}

void dispatch_ledger_refresh(struct dispatch_ledger *ledger, int64_t now_us)
{
    for (size_t i = 0; i < ledger->count; i++)
        refresh_one(ledger, &ledger->lot[i], now_us);
}
