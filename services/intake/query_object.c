/* One version of a registry object, as a case pins it. It is read from the table each time: what anybody asks for must not
 * fill the memory that is meant for the versions of cases. */
#include "co_io_sql.h"
#include "co_object.h"
#include "co_pbarena.h"
#include "co_row.h"
#include "query.h"

static void on_read(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    if (PQntuples(res) == 0) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_NOT_FOUND, "query.since", "there is no such version of this object");
        return;
    }
    ProtobufCAllocator allocator = co_pbarena(ask->arena);
    struct co_bytes body = co_row_bytes(res, 0, 0);
    Callout__V1__RegistryObject *object = callout__v1__registry_object__unpack(&allocator, body.len, body.data);
    if (object == NULL) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this object now");
        return;
    }
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    result.objects = &object;
    result.n_objects = 1;
    intake_query_reply(ask, &result);
}

void intake_query_object(struct intake_ask *ask)
{
    (void)co_batch_add(ask->batch, &co_io_sql[co_io_sql_read_object]);
    co_batch_int2(ask->batch, (int)co_kind_parse(ask->kind));
    co_batch_text(ask->batch, ask->key);
    co_batch_int8(ask->batch, (int64_t)ask->since);
    intake_ask_run(ask, on_read);
}
