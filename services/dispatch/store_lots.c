#include "store.h"

#include "dispatch_sql.h"

static size_t add(struct co_batch *b, int statement)
{
    return co_batch_add(b, &dispatch_sql[statement]);
}

/* Which lots, as arrays. */
struct keys {
    const char **contract;
    const char **lot;
};

static bool spread_keys(struct co_arena *arena, const struct dispatch_lot *lots, size_t count,
                        struct keys *ret)
{
    struct keys k = { co_arena_alloc(arena, count * sizeof(*k.contract)),
                      co_arena_alloc(arena, count * sizeof(*k.lot)) };
    if (k.contract == NULL || k.lot == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        k.contract[i] = lots[i].contract;
        k.lot[i] = lots[i].key;
    }
    *ret = k;
    return true;
}

static void put_keys(struct co_batch *b, const struct keys *k, size_t count)
{
    co_batch_texts(b, k->contract, count);
    co_batch_texts(b, k->lot, count);
}

enum co_err dispatch_store_lock_lots(struct co_batch *b, struct co_arena *arena,
                                     const struct dispatch_lot *lots, size_t count,
                                     size_t *ret_index)
{
    struct keys k;
    if (!spread_keys(arena, lots, count, &k))
        return CO_ENOMEM;
    (void)add(b, dispatch_sql_add_lots);
    put_keys(b, &k, count);
    *ret_index = add(b, dispatch_sql_lock_lots);
    put_keys(b, &k, count);
    return CO_OK;
}

enum co_err dispatch_store_save_lots(struct co_batch *b, struct co_arena *arena,
                                     const struct dispatch_lot *lots, size_t count)
{
    enum { ALLOWED = DISPATCH_ACCOUNTS, POSTINGS, COLUMNS };
    struct keys k;
    const char **kind = co_arena_alloc(arena, count * sizeof(*kind));
    int64_t *column[COLUMNS];
    bool is_there = kind != NULL && spread_keys(arena, lots, count, &k);
    for (size_t c = 0; c < COLUMNS; c++)
        is_there =
            (column[c] = co_arena_alloc(arena, count * sizeof(*column[c]))) != NULL && is_there;
    if (!is_there)
        return CO_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        kind[i] = lots[i].terms == NULL ? NULL : lots[i].terms->kind;
        for (size_t c = 0; c < DISPATCH_ACCOUNTS; c++)
            column[c][i] = lots[i].minutes[c];
        column[ALLOWED][i] = lots[i].allowed;
        column[POSTINGS][i] = lots[i].postings;
    }
    (void)add(b, dispatch_sql_save_lots);
    put_keys(b, &k, count);
    co_batch_texts(b, kind, count);
    for (size_t c = 0; c < COLUMNS; c++)
        co_batch_int8s(b, column[c], count);
    return CO_OK;
}

enum co_err dispatch_store_save_postings(struct co_batch *b, struct co_arena *arena, int64_t now_us,
                                         const struct dispatch_posting *postings, size_t count)
{
    const char **contract = co_arena_alloc(arena, count * sizeof(*contract));
    const char **lot = co_arena_alloc(arena, count * sizeof(*lot));
    const char **kind = co_arena_alloc(arena, count * sizeof(*kind));
    const char **from = co_arena_alloc(arena, count * sizeof(*from));
    const char **to = co_arena_alloc(arena, count * sizeof(*to));
    const char **why = co_arena_alloc(arena, count * sizeof(*why));
    int64_t *number = co_arena_alloc(arena, count * sizeof(*number));
    int64_t *minutes = co_arena_alloc(arena, count * sizeof(*minutes));
    int64_t *case_id = co_arena_alloc(arena, count * sizeof(*case_id));
    if (contract == NULL || lot == NULL || kind == NULL || from == NULL || to == NULL ||
        why == NULL || number == NULL || minutes == NULL || case_id == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const struct dispatch_posting *p = &postings[i];
        contract[i] = p->lot->contract;
        lot[i] = p->lot->key;
        number[i] = p->number;
        kind[i] = p->kind;
        from[i] = dispatch_account_name(p->from);
        to[i] = dispatch_account_name(p->to);
        minutes[i] = p->minutes;
        case_id[i] = p->case_id;
        why[i] = p->why;
    }
    (void)add(b, dispatch_sql_save_postings);
    co_batch_us(b, now_us);
    co_batch_texts(b, contract, count);
    co_batch_texts(b, lot, count);
    co_batch_int8s(b, number, count);
    co_batch_texts(b, kind, count);
    co_batch_texts(b, from, count);
    co_batch_texts(b, to, count);
    co_batch_int8s(b, minutes, count);
    co_batch_int8s(b, case_id, count);
    co_batch_texts(b, why, count);
    return CO_OK;
}
