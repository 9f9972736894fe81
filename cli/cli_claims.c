#include "cli_claims.h"

#include <string.h>

#include "co_pbarena.h"

enum { PAGE = 1000, FIRST_CAP = 1024 };

static bool keep(struct cli *cli, struct cli_claims *c, const Callout__V1__ClaimRow *row)
{
    if (c->count == c->cap) {
        size_t cap = c->cap == 0 ? FIRST_CAP : 2 * c->cap;
        Callout__V1__ClaimRow **grown = co_arena_alloc(cli->arena, cap * sizeof(*grown));
        if (grown == NULL)
            return false;
        if (c->count > 0)
            memcpy((void *)grown, (const void *)c->row, c->count * sizeof(*grown));
        c->row = grown;
        c->cap = cap;
    }
    ProtobufCAllocator allocator = co_pbarena(cli->arena);
    size_t size = callout__v1__claim_row__get_packed_size(row);
    uint8_t *packed = co_arena_alloc(cli->arena, size + 1);
    if (packed == NULL)
        return false;
    (void)callout__v1__claim_row__pack(row, packed);
    c->row[c->count] = callout__v1__claim_row__unpack(&allocator, size, packed);
    return c->row[c->count++] != NULL;
}

int cli_claims_fetch(struct cli *cli, struct cli_claims *ret_claims)
{
    struct cli_cursor cursor = { .len = 0 };
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    query.what = CALLOUT__V1__WHAT__WHAT_CLAIMS;
    query.limit = PAGE;
    *ret_claims = (struct cli_claims){ .row = NULL };
    for (;;) {
        Callout__V1__QueryResult *page = NULL;
        int code = cli_query(cli, &query, &page);
        if (code != CLI_OK)
            return code;
        for (size_t i = 0; i < page->n_claims; i++)
            if (!keep(cli, ret_claims, page->claims[i]))
                return cli_fail(cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
        if (page->n_claims == 0 || !cli_cursor_move(&cursor, &query, page))
            return CLI_OK;
    }
}

size_t cli_claims_of(const struct cli_claims *claims, const char *engineer,
                     Callout__V1__ClaimRow *const **ret_first)
{
    size_t low = 0, high = claims->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(claims->row[middle]->engineer, engineer) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    size_t end = low;
    while (end < claims->count && strcmp(claims->row[end]->engineer, engineer) == 0)
        end++;
    *ret_first = claims->row + low;
    return end - low;
}
