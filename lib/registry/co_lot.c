#include "co_lot.h"

void co_lot_span(const Callout__V1__Contract *contract, const Callout__V1__Lot *lot,
                 int64_t *ret_from_us, int64_t *ret_until_us)
{
    int64_t until_us = lot->until_us != 0 ? lot->until_us : contract->until_us;
    *ret_from_us = lot->from_us != 0 ? lot->from_us : contract->from_us;
    *ret_until_us = lot->roll_until_us > until_us ? lot->roll_until_us : until_us;
}

static int64_t positive(int64_t minutes)
{
    return minutes > 0 ? minutes : 0;
}

struct co_lot_due co_lot_due(const Callout__V1__Lot *lot, int64_t until_us,
                             const struct co_lot_minutes *m, int64_t now_us)
{
    bool is_over = until_us != 0 && until_us <= now_us;
    struct co_lot_due due = { .revive = is_over ? 0 : m->expired,
                              .buy = positive(lot->minutes - m->bought) };
    int64_t free = m->free + due.revive + due.buy;
    int64_t less = positive(m->bought - lot->minutes);
    due.correct = less < positive(free) ? less : positive(free);
    due.expire = is_over ? positive(free - due.correct) : 0;
    return due;
}
