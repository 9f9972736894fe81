#include "audit_cursors.h"

#include <stdlib.h>

#include "co_assert.h"
#include "co_cli_sql.h"
#include "co_row.h"

static int by_case(const void *a, const void *b)
{
    int64_t x = ((const struct audit_parked *)a)->case_id;
    int64_t y = ((const struct audit_parked *)b)->case_id;
    return (x > y) - (x < y);
}

int audit_cursors_read(struct history *h, struct audit_cursors *ret)
{
    struct cli *cli = h->cli;
    struct co_why why = { "" };
    PGresult *res = NULL;
    enum co_err err =
        co_history_query(h->stored, &co_cli_sql[co_cli_sql_refold_cursors], 0, NULL, &res, &why);
    if (err != CO_OK)
        return cli_fail(cli, cli_exit_of(err), "%s", why.text);
    int rows = PQntuples(res);
    *ret = (struct audit_cursors){ 0 };
    ret->parked = co_arena_alloc(cli->arena, ((size_t)rows + 1) * sizeof(ret->parked[0]));
    co_assert(ret->parked != NULL); /* a parked case is an alarm: they are few */
    for (int i = 0; i < rows; i++) {
        int64_t case_id = co_row_int8(res, i, 2);
        uint64_t seq = (uint64_t)co_row_int8(res, i, 1);
        if (case_id == 0)
            ret->taken[co_row_int2(res, i, 0)] = seq;
        else
            ret->parked[ret->parked_count++] = (struct audit_parked){ case_id, seq };
    }
    PQclear(res);
    if (ret->parked_count > 0)
        qsort(ret->parked, ret->parked_count, sizeof(ret->parked[0]), by_case);
    return CLI_OK;
}

uint64_t audit_taken(const struct audit_cursors *cursors, const struct co_history_case *c,
                     bool *ret_is_parked)
{
    struct audit_parked wanted = { .case_id = c->case_id };
    const struct audit_parked *parked =
        cursors->parked_count == 0
            ? NULL
            : bsearch(&wanted, cursors->parked, cursors->parked_count, sizeof(wanted), by_case);
    *ret_is_parked = parked != NULL;
    return parked != NULL ? parked->since - 1 : cursors->taken[c->lane];
}
