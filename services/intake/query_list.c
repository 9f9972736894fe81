/* Pages of cases and of the registry; how the suite stands. */
#include <string.h>

#include "clients.h"
#include "co_number.h"
#include "co_row.h"
#include "cursor.h"
#include "intake_scope.h"
#include "intake_sql.h"
#include "query.h"
#include "scope.h"

enum { PAGE_BYTES = 4 << 20 };

static void refuse_cursor(struct intake_ask *ask)
{
    intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_INVALID, "query.after", "query.after is not the `next` of a page of this question");
}

/* ---- cases ---- */

enum { CASES_CURSOR = 8 };

/* Texts belong to the result. */
static Callout__V1__CaseRow *case_row(struct intake_ask *ask, const PGresult *res, int row)
{
    Callout__V1__CaseRow *r = co_arena_alloc(ask->arena, sizeof(*r));
    char *number = co_arena_alloc(ask->arena, CO_NUMBER_TEXT);
    if (r == NULL || number == NULL)
        return NULL;
    callout__v1__case_row__init(r);
    int64_t case_id = co_row_int8(res, row, 0), due_us = co_row_us(res, row, 6);
    co_number_format(case_id, number);
    r->case_id = (uint64_t)case_id;
    r->number = number;
    r->customer = co_arena_strdup(ask->arena, co_row_text(res, row, 1));
    r->site = co_arena_strdup(ask->arena, co_row_text(res, row, 2));
    r->severity = (uint32_t)co_row_int2(res, row, 3);
    r->state = co_arena_strdup(ask->arena, co_row_text(res, row, 4));
    r->opened_us = co_row_us(res, row, 5);
    r->next_due_us = due_us == INT64_MAX ? 0 : due_us;
    r->next_milestone = co_arena_strdup(ask->arena, co_row_text(res, row, 7));
    r->title = co_arena_strdup(ask->arena, co_row_text(res, row, 8));
    bool is_whole = r->customer != NULL && r->site != NULL && r->state != NULL && r->next_milestone != NULL && r->title != NULL;
    return is_whole ? r : NULL;
}

static void on_cases(struct intake_ask *ask, struct co_results *results)
{
    const PGresult *res = results->item[0];
    size_t n = (size_t)PQntuples(res);
    uint8_t next[CASES_CURSOR];
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    result.rows = co_arena_alloc(ask->arena, n * sizeof(result.rows[0]));
    for (size_t i = 0; result.rows != NULL && i < n; i++) {
        result.rows[i] = case_row(ask, res, (int)i);
        if (result.rows[i] == NULL)
            result.rows = NULL;
    }
    if (result.rows == NULL) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this page; ask for a smaller one");
        return;
    }
    result.n_rows = n;
    if (n == ask->limit) {
        intake_put_be(next, result.rows[n - 1]->case_id, sizeof(next));
        result.next = (ProtobufCBinaryData){ sizeof(next), next };
    }
    intake_query_reply(ask, &result);
}

static void add_scope(struct intake_ask *ask)
{
    const Callout__V1__Client *scope = ask->client->entry;
    bool is_limited = intake_scope_is_limited(scope);
    co_batch_bool(ask->batch, is_limited);
    co_batch_texts(ask->batch, is_limited ? (const char *const *)scope->contracts : NULL, is_limited ? scope->n_contracts : 0);
    co_batch_texts(ask->batch, is_limited ? (const char *const *)scope->customers : NULL, is_limited ? scope->n_customers : 0);
    co_batch_text(ask->batch, ask->client->key);
}

void intake_query_cases(struct intake_ask *ask)
{
    if (ask->after_len != 0 && ask->after_len != CASES_CURSOR) {
        refuse_cursor(ask);
        return;
    }
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_cases]);
    co_batch_int8(ask->batch, ask->after_len == 0 ? INT64_MAX : (int64_t)intake_get_be(ask->after, CASES_CURSOR));
    co_batch_int4(ask->batch, (int32_t)ask->limit);
    co_batch_bool(ask->batch, ask->open_only);
    co_batch_text(ask->batch, ask->customer);
    add_scope(ask);
    intake_ask_run(ask, on_cases);
}

/* ---- the registry ---- */

/* Which version, which kind, which place in it comes next. A version that is not in force any more: the pages would not
 * belong together. */
enum { REGISTRY_CURSOR = 8 + 1 + 4 };

/* Messages have no const members; packing only reads them. */
static Callout__V1__RegistryObject *borrowed(const struct co_object *o)
{
    union {
        const Callout__V1__RegistryObject *is;
        Callout__V1__RegistryObject *as;
    } u = { .is = o->message };
    return u.as;
}

/* Fills the page from (kind, place) on, to the end of the kind `last`. False: nothing is left after it. */
static bool fill_page(const struct intake_ask *ask, const struct co_registry *r, int last, int *kind, uint32_t *place,
                      Callout__V1__QueryResult *result)
{
    size_t bytes = 0;
    for (; *kind <= last; (*kind)++, *place = 0)
        for (; *place < co_registry_count(r, (enum co_kind)*kind); (*place)++) {
            const struct co_object *o = co_registry_at(r, (enum co_kind)*kind, *place);
            if (!intake_scope_has_object(ask->client->entry, r, o))
                continue;
            if (result->n_objects == ask->limit || (result->n_objects > 0 && bytes + o->len > PAGE_BYTES))
                return true;
            result->objects[result->n_objects++] = borrowed(o);
            bytes += o->len;
        }
    return false;
}

void intake_query_registry(struct intake_ask *ask)
{
    const struct co_registry *r = co_registry_feed_get(ask->in->feed);
    uint8_t next[REGISTRY_CURSOR];
    uint64_t version = co_registry_version(r);
    int only = (int)co_kind_parse(ask->kind);
    int kind = only == CO_KIND_NONE ? CO_KIND_CUSTOMER : only;
    int last = only == CO_KIND_NONE ? CO_KINDS - 1 : only;
    uint32_t place = 0;
    if (only == CO_KIND_NONE && ask->kind[0] != '\0') {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_INVALID, "query.kind", "query.kind is no kind of the registry's objects");
        return;
    }
    if (ask->after_len == REGISTRY_CURSOR) {
        kind = ask->after[8];
        place = (uint32_t)intake_get_be(ask->after + 9, 4);
    }
    if ((ask->after_len != 0 && ask->after_len != REGISTRY_CURSOR) || kind < CO_KIND_CUSTOMER || kind >= CO_KINDS) {
        refuse_cursor(ask);
        return;
    }
    if (ask->after_len != 0 && intake_get_be(ask->after, 8) != version) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_CONFLICT, "query.after", "the registry changed since the first page; begin again");
        return;
    }
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    result.registry_version = version;
    result.objects = co_arena_alloc(ask->arena, ask->limit * sizeof(result.objects[0]));
    if (result.objects == NULL) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_BUSY, "", "no memory for this page now");
        return;
    }
    if (fill_page(ask, r, last, &kind, &place, &result)) {
        intake_put_be(next, version, 8);
        intake_put_be(next + 8, (uint64_t)kind, 1);
        intake_put_be(next + 9, place, 4);
        result.next = (ProtobufCBinaryData){ sizeof(next), next };
    }
    intake_query_reply(ask, &result);
}
