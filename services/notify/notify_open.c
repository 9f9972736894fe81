/* The cases of a turn as the tables have them. */
#include <string.h>

#include "co_pbarena.h"
#include "co_row.h"
#include "notify_turn.h"
#include "store.h"

const PGresult *notify_open_result(const struct notify_turn *n, int index)
{
    return index == NOTIFY_NOT_READ ? NULL : n->t->read_results[index];
}

static struct notify_case *add_case(struct notify_turn *n, int64_t case_id,
                                    Callout__V1__NotifyCase *state)
{
    if (n->case_count == n->case_cap) {
        size_t cap = n->case_cap == 0 ? n->wanted_count + 16 : 2 * n->case_cap;
        struct notify_case **bigger =
            co_arena_alloc(n->t->arena, cap * sizeof(struct notify_case *));
        if (bigger == NULL)
            return NULL;
        if (n->case_count > 0)
            memcpy(bigger, n->cases, n->case_count * sizeof(struct notify_case *));
        n->cases = bigger;
        n->case_cap = cap;
    }
    struct notify_case *c = notify_case_new(&n->world, case_id, state);
    if (c != NULL)
        n->cases[n->case_count++] = c;
    return c;
}

/* Cases of `wanted` are sorted, those of a takeover stand behind them and come in order, too. */
struct notify_case *notify_open_find(const struct notify_turn *n, int64_t case_id)
{
    size_t low = 0, high = n->wanted_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (n->cases[middle]->case_id == case_id)
            return n->cases[middle];
        *(n->cases[middle]->case_id < case_id ? &low : &high) =
            n->cases[middle]->case_id < case_id ? middle + 1 : middle;
    }
    bool has_more = n->case_count > n->wanted_count;
    struct notify_case *last = has_more ? n->cases[n->case_count - 1] : NULL;
    return last != NULL && last->case_id == case_id ? last : NULL;
}

/* CO_EINPUT: the row does not unpack. */
static enum co_err read_state(struct notify_turn *n, int64_t case_id,
                              Callout__V1__NotifyCase **ret_state)
{
    const PGresult *res = notify_open_result(n, n->cases_at);
    int row = res == NULL ? -1 : notify_store_row_of(res, case_id);
    *ret_state = NULL;
    if (row < 0)
        return CO_OK;
    struct co_bytes packed = co_row_bytes(res, row, 1);
    ProtobufCAllocator allocator = co_pbarena(n->t->arena);
    *ret_state = callout__v1__notify_case__unpack(&allocator, packed.len, packed.data);
    return *ret_state != NULL ? CO_OK : CO_EINPUT;
}

static void read_words(struct notify_turn *n, struct notify_case *c)
{
    const PGresult *res = notify_open_result(n, n->words_at);
    int row = res == NULL ? -1 : notify_store_row_of(res, c->case_id);
    if (row < 0)
        return;
    c->title = co_row_text(res, row, 1);
    if (c->state->customer[0] == '\0') /* held: not opened yet */
        c->state->customer = notify_case_lend(co_row_text(res, row, 2));
    if (c->state->site[0] == '\0')
        c->state->site = notify_case_lend(co_row_text(res, row, 3));
}

static enum co_err open_states(struct notify_turn *n)
{
    for (size_t i = 0; i < n->wanted_count; i++) {
        Callout__V1__NotifyCase *state;
        enum co_err err = read_state(n, n->wanted[i].case_id, &state);
        if (err != CO_OK)
            return err;
        struct notify_case *c = add_case(n, n->wanted[i].case_id, state);
        if (c == NULL)
            return CO_ENOMEM;
        unsigned whole = NOTIFY_WANT_CASE | NOTIFY_WANT_OPEN | NOTIFY_WANT_ALL;
        c->is_whole = (n->wanted[i].what & whole) == whole;
        read_words(n, c);
    }
    return CO_OK;
}

static enum co_err open_notices(struct notify_turn *n)
{
    const PGresult *res = notify_open_result(n, n->notices_at);
    for (int row = 0; res != NULL && row < PQntuples(res); row++) {
        struct notify_notice notice;
        struct notify_case *c = notify_open_find(n, notify_store_notice(res, row, &notice));
        if (c == NULL || notify_case_add(c, &notice) == NULL)
            return CO_ENOMEM;
    }
    return CO_OK;
}

struct notify_case *notify_open_add(struct notify_turn *n, int64_t case_id)
{
    return add_case(n, case_id, NULL);
}

enum co_err notify_open_cases(struct notify_turn *n)
{
    enum co_err err = open_states(n);
    return err != CO_OK ? err : open_notices(n);
}
