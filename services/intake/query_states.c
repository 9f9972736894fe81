/* The states of open cases, a window of cases at a time. */
#include <string.h>

#include "co_number.h"
#include "co_row.h"
#include "cursor.h"
#include "intake_sql.h"
#include "query.h"

enum { WINDOW = 2000, PAGE_BYTES = 4 << 20, CURSOR = 8 };

static Callout__V1__StateRow *state_row(struct intake_ask *ask, int64_t case_id, struct co_bytes body)
{
    Callout__V1__StateRow *row = co_arena_alloc(ask->arena, sizeof(*row));
    char *number = co_arena_alloc(ask->arena, CO_NUMBER_TEXT);
    uint8_t *bytes = co_arena_memdup(ask->arena, body.data, body.len);
    if (row == NULL || number == NULL || bytes == NULL)
        return NULL;
    callout__v1__state_row__init(row);
    co_number_format(case_id, number);
    row->case_id = (uint64_t)case_id;
    row->number = number;
    row->state = (ProtobufCBinaryData){ body.len, bytes };
    return row;
}

/* Puts rows in as long as the page has room; what is left begins the next page. False: no memory. */
static bool fill_page(struct intake_ask *ask, const PGresult *res, Callout__V1__QueryResult *result)
{
    size_t n = (size_t)PQntuples(res), bytes = 0;
    result->states = co_arena_alloc(ask->arena, (n + 1) * sizeof(result->states[0]));
    for (size_t i = 0; result->states != NULL && i < n; i++) {
        struct co_bytes body = co_row_bytes(res, (int)i, 1);
        if (result->n_states > 0 && (result->n_states == ask->limit || bytes + body.len > PAGE_BYTES))
            return true;
        result->looked_at++;
        if (co_row_is_null(res, (int)i, 1))
            continue;
        Callout__V1__StateRow *row = state_row(ask, co_row_int8(res, (int)i, 0), body);
        if (row == NULL)
            return false;
        bytes += body.len;
        result->states[result->n_states++] = row;
    }
    return result->states != NULL;
}

static void on_states(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    int n = PQntuples(res);
    uint8_t next[CURSOR];
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    if (!fill_page(ask, res, &result)) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this page; ask for a smaller one");
        return;
    }
    if (n == WINDOW || result.looked_at < (uint64_t)n) {
        intake_put_be(next, (uint64_t)co_row_int8(res, (int)result.looked_at - 1, 0), CURSOR);
        result.next = (ProtobufCBinaryData){ sizeof(next), next };
    }
    intake_query_reply(ask, &result);
}

void intake_query_states(struct intake_ask *ask)
{
    if (ask->after_len != 0 && ask->after_len != CURSOR) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_INVALID, "query.after", "query.after is not the `next` of a page of this question");
        return;
    }
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_states]);
    co_batch_int8(ask->batch, ask->after_len == 0 ? INT64_MAX : (int64_t)intake_get_be(ask->after, CURSOR));
    co_batch_int4(ask->batch, WINDOW);
    co_batch_bytea(ask->batch, ask->key, strlen(ask->key));
    intake_ask_run(ask, on_states);
}
