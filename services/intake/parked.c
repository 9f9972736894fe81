#include "parked.h"

#include <string.h>

#include "ask.h"
#include "co_number.h"
#include "co_row.h"
#include "intake_sql.h"

enum { BUSY_RETRY_MS = 200 };

static Callout__V1__ParkedRow *parked_row(struct intake_ask *ask, const PGresult *res, int row)
{
    Callout__V1__ParkedRow *r = co_arena_alloc(ask->arena, sizeof(*r));
    char *number = co_arena_alloc(ask->arena, CO_NUMBER_TEXT);
    if (r == NULL || number == NULL)
        return NULL;
    callout__v1__parked_row__init(r);
    co_number_format(co_row_int8(res, row, 1), number);
    r->number = number;
    r->service = co_arena_strdup(ask->arena, co_row_text(res, row, 0));
    r->since_seq = (uint64_t)co_row_int8(res, row, 2);
    r->parked_us = co_row_us(res, row, 3);
    r->reason = co_arena_strdup(ask->arena, co_row_text(res, row, 4));
    r->waiting = (uint64_t)co_row_int8(res, row, 5);
    return r->service == NULL || r->reason == NULL ? NULL : r;
}

static void on_rows(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    size_t n = (size_t)PQntuples(res);
    Callout__V1__Reply reply = CALLOUT__V1__REPLY__INIT;
    Callout__V1__ParkedResult parked = CALLOUT__V1__PARKED_RESULT__INIT;
    if (n == 0 && ask->command_id != 0) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_NOT_FOUND, "parked.number", "this case is not parked for this service");
        return;
    }
    parked.rows = co_arena_alloc(ask->arena, n * sizeof(parked.rows[0]));
    for (size_t i = 0; parked.rows != NULL && i < n; i++) {
        parked.rows[i] = parked_row(ask, res, (int)i);
        if (parked.rows[i] == NULL)
            break;
        parked.n_rows = i + 1;
    }
    reply.body_case = CALLOUT__V1__REPLY__BODY_PARKED;
    reply.parked = &parked;
    intake_ask_reply(ask, &reply);
}

void intake_parked_ask(struct intake_call **call_p, const Callout__V1__Request *request)
{
    const Callout__V1__Parked *p = request->parked;
    bool is_list = strcmp(p->verb, "list") == 0;
    struct intake_ask *ask = intake_ask_new(call_p);
    if (ask == NULL) {
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_BUSY, BUSY_RETRY_MS, "", "no memory for this now");
        return;
    }
    if (p->number[0] != '\0')
        (void)!co_number_parse(p->number, &ask->case_id); /* checked */
    ask->command_id = is_list ? 0 : 1; /* one is meant: not finding it is an answer */
    (void)co_batch_add(ask->batch, &intake_sql[is_list ? intake_sql_list_parked : intake_sql_ask_parked]);
    co_batch_text(ask->batch, p->service);
    co_batch_int8(ask->batch, ask->case_id);
    if (!is_list)
        co_batch_text(ask->batch, p->verb);
    intake_ask_run(ask, on_rows);
}
