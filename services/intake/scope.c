#include "scope.h"

#include "clients.h"
#include "co_journal.h"
#include "co_number.h"
#include "co_row.h"
#include "intake_scope.h"
#include "intake_sql.h"

enum { CUSTOMER, CONTRACT, SOURCE, FIRST };

bool intake_ask_is_limited(const struct intake_ask *ask)
{
    return intake_scope_is_limited(ask->client->entry);
}

void intake_scope_add(struct co_batch *batch, int64_t case_id)
{
    (void)co_batch_add(batch, &intake_sql[intake_sql_read_scope]);
    co_batch_int2(batch, co_number_lane(case_id));
    co_batch_int8(batch, case_id);
}

static const char *text_or_null(const PGresult *res, int row, int column)
{
    return co_row_is_null(res, row, column) ? NULL : co_row_text(res, row, column);
}

bool intake_scope_sees(struct intake *in, const struct intake_client *client, const PGresult *res, int row, int column)
{
    struct intake_scope_case c = { text_or_null(res, row, column + CUSTOMER), text_or_null(res, row, column + CONTRACT),
                                   text_or_null(res, row, column + SOURCE) };
    if (c.customer != NULL)
        return intake_scope_has_case(client->entry, &c);
    if (co_row_is_null(res, row, column + FIRST))
        return false;
    co_arena_reset(in->scratch);
    const Callout__V1__Event *first = co_event_unpack(in->scratch, co_row_bytes(res, row, column + FIRST));
    if (first == NULL || first->body_case != CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED)
        return false;
    c = (struct intake_scope_case){ first->ticket_submitted->customer, "", first->ticket_submitted->source };
    return intake_scope_has_case(client->entry, &c);
}
