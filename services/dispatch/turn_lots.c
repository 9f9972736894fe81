/* The man-days of a turn: which lots are locked, and what is posted to them. */
#include "turn.h"

#include <stdlib.h>
#include <string.h>

#include "co_lot.h"
#include "co_pbarena.h"
#include "co_row.h"
#include "dispatch_mandays.h"

struct dispatch_turn_lots {
    struct dispatch_ledger ledger;
    size_t index; /* of the statement that locks */
};

static int by_key(const void *a, const void *b)
{
    const struct dispatch_lot *x = a, *y = b;
    int order = strcmp(x->contract, y->contract);
    return order != 0 ? order : strcmp(x->key, y->key);
}

static const Callout__V1__Lot *terms_of(const Callout__V1__Contract *contract, const char *key)
{
    for (size_t i = 0; contract != NULL && i < contract->n_lots; i++)
        if (strcmp(contract->lots[i]->key, key) == 0)
            return contract->lots[i];
    return NULL;
}

static void add(struct dispatch_ledger *ledger, const struct dispatch_order *o, const char *key)
{
    struct dispatch_lot *lot = &ledger->lot[ledger->count++];
    *lot = (struct dispatch_lot){ .contract = o->state->contract,
                                  .key = key,
                                  .terms = terms_of(o->contract, key) };
    if (lot->terms != NULL)
        co_lot_span(o->contract, lot->terms, &lot->from_us, &lot->until_us);
}

/* Those of its kind, and those that it holds something of. */
static void add_of(struct dispatch_ledger *ledger, const struct dispatch_order *o)
{
    const Callout__V1__ManDays *days = o->state->man_days;
    for (size_t i = 0; o->contract != NULL && i < o->contract->n_lots; i++)
        if (strcmp(o->contract->lots[i]->kind, days->kind) == 0)
            add(ledger, o, o->contract->lots[i]->key);
    for (size_t i = 0; i < days->n_held; i++)
        add(ledger, o, days->held[i]->lot);
}

static size_t most_of(const struct dispatch_order *o)
{
    return (o->contract == NULL ? 0 : o->contract->n_lots) + o->state->man_days->n_held;
}

static void sort(struct dispatch_ledger *ledger)
{
    size_t kept = 0;
    qsort(ledger->lot, ledger->count, sizeof(ledger->lot[0]), by_key);
    for (size_t i = 0; i < ledger->count; i++)
        if (kept == 0 || by_key(&ledger->lot[kept - 1], &ledger->lot[i]) != 0)
            ledger->lot[kept++] = ledger->lot[i];
    ledger->count = kept;
}

/* The registry may be another one when the rows are locked: what is decided then is decided by a
 * copy. NULL: out of memory, or there is none. */
static const Callout__V1__Contract *copy_of(struct co_arena *arena,
                                            const Callout__V1__Contract *contract)
{
    if (contract == NULL)
        return NULL;
    ProtobufCAllocator allocator = co_pbarena(arena);
    size_t size = callout__v1__contract__get_packed_size(contract);
    uint8_t *packed = co_arena_alloc(arena, size + 1);
    if (packed == NULL)
        return NULL;
    (void)callout__v1__contract__pack(contract, packed);
    return callout__v1__contract__unpack(&allocator, size, packed);
}

enum co_err dispatch_turn_lock_lots(struct dispatch_turn *turn, const struct co_registry *registry)
{
    struct co_turn *t = turn->turn;
    size_t most = 0;
    for (size_t i = 0; i < turn->count; i++) {
        struct dispatch_turn_case *c = &turn->item[i];
        const Callout__V1__Contract *contract =
            co_registry_contract(registry, c->order.state->contract);
        c->order.contract = contract;
        c->takes_days =
            dispatch_mandays_wanted(&c->order, c->is_reviewed || turn->has_registry, t->now_us);
        c->order.contract = c->takes_days ? copy_of(t->arena, contract) : NULL;
        if (c->takes_days && contract != NULL && c->order.contract == NULL)
            return CO_ENOMEM;
        most += c->takes_days ? most_of(&c->order) : 0;
    }
    turn->lots = co_arena_alloc(t->arena, sizeof(*turn->lots));
    if (turn->lots == NULL)
        return CO_ENOMEM;
    *turn->lots = (struct dispatch_turn_lots){ .ledger = { .arena = t->arena } };
    struct dispatch_ledger *ledger = &turn->lots->ledger;
    ledger->lot = co_arena_alloc(t->arena, (most + 1) * sizeof(ledger->lot[0]));
    if (ledger->lot == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < turn->count; i++)
        if (turn->item[i].takes_days)
            add_of(ledger, &turn->item[i].order);
    sort(ledger);
    if (ledger->count == 0)
        return CO_OK;
    return dispatch_store_lock_lots(t->claims, t->arena, ledger->lot, ledger->count,
                                    &turn->lots->index);
}

/* Rows and lots are in one order. */
static void read_rows(struct dispatch_ledger *ledger, const PGresult *res)
{
    size_t next = 0;
    for (int row = 0; row < PQntuples(res); row++) {
        struct dispatch_lot asked = { .contract = co_row_text(res, row, 0),
                                      .key = co_row_text(res, row, 1) };
        while (next < ledger->count && by_key(&ledger->lot[next], &asked) < 0)
            next++;
        if (next == ledger->count || by_key(&ledger->lot[next], &asked) != 0)
            continue;
        struct dispatch_lot *lot = &ledger->lot[next];
        for (int account = 0; account < DISPATCH_ACCOUNTS; account++)
            lot->minutes[account] = co_row_int8(res, row, 2 + account);
        lot->allowed = co_row_int8(res, row, 2 + DISPATCH_ACCOUNTS);
        lot->postings = co_row_int8(res, row, 3 + DISPATCH_ACCOUNTS);
    }
}

enum co_err dispatch_turn_post_lots(struct dispatch_turn *turn)
{
    const struct co_turn *t = turn->turn;
    struct dispatch_ledger *ledger = &turn->lots->ledger;
    if (ledger->count > 0)
        read_rows(ledger, t->claim_results[turn->lots->index - turn->first_claim]);
    dispatch_ledger_refresh(ledger, t->now_us);
    for (size_t i = 0; i < turn->count; i++)
        if (turn->item[i].takes_days)
            dispatch_mandays_settle(ledger, &turn->item[i].order, turn->item[i].case_id, t->now_us);
    dispatch_ledger_refresh(ledger, t->now_us); /* what was given back may be over */
    return ledger->err;
}

enum co_err dispatch_turn_save_lots(struct dispatch_turn *turn)
{
    struct co_turn *t = turn->turn;
    const struct dispatch_ledger *ledger = &turn->lots->ledger;
    struct dispatch_lot *changed = co_arena_alloc(t->arena, (ledger->count + 1) * sizeof(*changed));
    size_t count = 0;
    if (changed == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < ledger->count; i++)
        if (ledger->lot[i].is_changed)
            changed[count++] = ledger->lot[i];
    enum co_err err =
        count == 0 ? CO_OK : dispatch_store_save_lots(t->writes, t->arena, changed, count);
    return err != CO_OK || ledger->posting_count == 0
               ? err
               : dispatch_store_save_postings(t->writes, t->arena, t->now_us, ledger->posting,
                                              ledger->posting_count);
}
