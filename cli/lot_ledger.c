#include "lot_ledger.h"

#include <string.h>

#include "co_lot.h"
#include "co_pbarena.h"

enum { KEYS_MAX = 1000, PAGE = 1000, DAY_MINUTES = 480 };

static void *grow(struct cli *cli, void *items, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return items;
    size_t more = *cap == 0 ? 64 : 2 * *cap;
    void *grown = co_arena_alloc(cli->arena, more * size);
    if (grown == NULL)
        return NULL;
    if (count > 0)
        memcpy(grown, items, count * size);
    *cap = more;
    return grown;
}

static int fail_memory(struct cli *cli)
{
    return cli_fail(cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
}

/* NULL: no memory. */
static struct lot_line *add_line(struct lot_ledger *ledger, char *contract, char *lot)
{
    struct lot_line *grown =
        grow(ledger->cli, ledger->line, ledger->count, &ledger->cap, sizeof(ledger->line[0]));
    if (grown == NULL)
        return NULL;
    ledger->line = grown;
    struct lot_line *line = &ledger->line[ledger->count++];
    *line = (struct lot_line){ .row = CALLOUT__V1__LOT_ROW__INIT };
    line->row.contract = contract;
    line->row.lot = lot;
    return line;
}

int lot_ledger_add(struct lot_ledger *ledger, const Callout__V1__Contract *contract)
{
    for (size_t i = 0; i < contract->n_lots; i++) {
        const Callout__V1__Lot *lot = contract->lots[i];
        struct lot_line *line = add_line(ledger, contract->key, lot->key);
        if (line == NULL)
            return fail_memory(ledger->cli);
        int64_t own_us = lot->until_us != 0 ? lot->until_us : contract->until_us;
        line->terms = lot;
        line->day_minutes = contract->man_days == NULL || contract->man_days->day_minutes == 0
                                ? DAY_MINUTES
                                : contract->man_days->day_minutes;
        co_lot_span(contract, lot, &line->from_us, &line->until_us);
        line->is_rolled = own_us <= ledger->now_us && ledger->now_us < line->until_us;
    }
    return CLI_OK;
}

static struct lot_line *find(struct lot_ledger *ledger, const Callout__V1__LotRow *row)
{
    for (size_t i = 0; i < ledger->count; i++)
        if (strcmp(ledger->line[i].row.contract, row->contract) == 0 &&
            strcmp(ledger->line[i].row.lot, row->lot) == 0)
            return &ledger->line[i];
    return NULL;
}

static int take(struct lot_ledger *ledger, const Callout__V1__LotRow *row)
{
    struct lot_line *line = find(ledger, row);
    if (line == NULL)
        line =
            add_line(ledger, cli_text(ledger->cli, row->contract), cli_text(ledger->cli, row->lot));
    if (line == NULL)
        return fail_memory(ledger->cli);
    char *contract = line->row.contract, *lot = line->row.lot;
    line->row = *row;
    line->row.contract = contract;
    line->row.lot = lot;
    return CLI_OK;
}

/* As the next posting would have it. */
static void bring_up(struct lot_line *line, int64_t now_us)
{
    Callout__V1__LotRow *r = &line->row;
    if (line->terms == NULL)
        return;
    struct co_lot_due due = co_lot_due(
        line->terms, line->until_us,
        &(struct co_lot_minutes){ .bought = r->bought, .free = r->free, .expired = r->expired },
        now_us);
    r->bought += due.buy - due.correct;
    r->free += due.revive + due.buy - due.correct - due.expire;
    r->expired += due.expire - due.revive;
}

int lot_ledger_ask(struct lot_ledger *ledger)
{
    struct cli *cli = ledger->cli;
    size_t own = ledger->count, i = 0;
    do {
        Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
        Callout__V1__QueryResult *result = NULL;
        query.what = CALLOUT__V1__WHAT__WHAT_LOTS;
        query.keys = co_arena_alloc(cli->arena, KEYS_MAX * sizeof(query.keys[0]));
        if (query.keys == NULL)
            return fail_memory(cli);
        if (ledger->contract != NULL)
            query.keys[query.n_keys++] = ledger->contract;
        for (; i < own && query.n_keys < KEYS_MAX; i++)
            if (query.n_keys == 0 ||
                strcmp(query.keys[query.n_keys - 1], ledger->line[i].row.contract) != 0)
                query.keys[query.n_keys++] = ledger->line[i].row.contract;
        int code = cli_query(cli, &query, &result);
        for (size_t k = 0; code == CLI_OK && k < result->n_lots; k++)
            code = take(ledger, result->lots[k]);
        if (code != CLI_OK)
            return code;
    } while (i < own);
    for (i = 0; i < ledger->count; i++)
        bring_up(&ledger->line[i], ledger->now_us);
    return CLI_OK;
}

static bool keep(struct lot_ledger *ledger, const Callout__V1__PostingRow *row)
{
    struct cli *cli = ledger->cli;
    bool is_before = ledger->from_us != 0 && row->at_us < ledger->from_us;
    if (is_before || (ledger->until_us != 0 && row->at_us >= ledger->until_us))
        return true;
    Callout__V1__PostingRow **grown = grow(cli, (void *)ledger->posting, ledger->posting_count,
                                           &ledger->posting_cap, sizeof(ledger->posting[0]));
    ProtobufCAllocator allocator = co_pbarena(cli->arena);
    size_t size = callout__v1__posting_row__get_packed_size(row);
    uint8_t *packed = co_arena_alloc(cli->arena, size + 1);
    if (grown == NULL || packed == NULL)
        return false;
    (void)callout__v1__posting_row__pack(row, packed);
    ledger->posting = grown;
    ledger->posting[ledger->posting_count] =
        callout__v1__posting_row__unpack(&allocator, size, packed);
    return ledger->posting[ledger->posting_count++] != NULL;
}

int lot_ledger_postings(struct lot_ledger *ledger, const char *contract)
{
    struct cli *cli = ledger->cli;
    struct cli_cursor cursor = { .len = 0 };
    char *key = cli_text(cli, contract);
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    query.what = CALLOUT__V1__WHAT__WHAT_POSTINGS;
    query.limit = PAGE;
    query.keys = &key;
    query.n_keys = 1;
    for (;;) {
        Callout__V1__QueryResult *page = NULL;
        int code = cli_query(cli, &query, &page);
        for (size_t i = 0; code == CLI_OK && i < page->n_postings; i++)
            if (!keep(ledger, page->postings[i]))
                code = fail_memory(cli);
        if (code != CLI_OK)
            return code;
        if (page->n_postings == 0 || !cli_cursor_move(&cursor, &query, page))
            return CLI_OK;
    }
}
