/* One case, whole; also as part of the reply to a submit. */
#include <stdio.h>
#include <string.h>

#include "callout/v1/intake_text.pb-c.h"
#include "co_clock.h"
#include "co_io_sql.h"
#include "co_number.h"
#include "co_pbarena.h"
#include "co_row.h"
#include "co_view.h"
#include "intake_sql.h"
#include "query.h"
#include "waiters.h"

enum { ENTRIES_MAX = 20000, PIN_PATIENCE_US = 2000000 };

enum { RESULT_ENTRIES, RESULT_TEXT, RESULT_ARCHIVED };

static void reply_view(struct intake_ask *ask, Callout__V1__CaseView *view)
{
    if (ask->submitted == NULL) {
        Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
        result.view = view;
        intake_query_reply(ask, &result);
        return;
    }
    Callout__V1__Reply reply = CALLOUT__V1__REPLY__INIT;
    Callout__V1__Submitted submitted = *ask->submitted;
    submitted.view = view;
    reply.body_case = CALLOUT__V1__REPLY__BODY_SUBMITTED;
    reply.submitted = &submitted;
    intake_ask_reply(ask, &reply);
}

/* The first `rows` entries of the result, unpacked. NULL: the arena is at its cap, or an entry is no event. */
static struct co_view_entry *unpack(struct intake_ask *ask, const PGresult *res, int rows)
{
    struct co_view_entry *entries = co_arena_alloc(ask->arena, (size_t)rows * sizeof(*entries));
    for (int row = 0; entries != NULL && row < rows; row++) {
        struct co_entry_raw raw = co_entry_of_row(res, row);
        const Callout__V1__Event *event = co_event_unpack(ask->arena, raw.body);
        if (event == NULL)
            return NULL;
        entries[row] = (struct co_view_entry){ co_number_lane(ask->case_id), raw.seq, raw.at_us, raw.case_id, event };
    }
    return entries;
}

static void add_text(struct intake_ask *ask, const PGresult *res, Callout__V1__CaseView *view)
{
    if (PQntuples(res) == 0)
        return;
    ProtobufCAllocator allocator = co_pbarena(ask->arena);
    struct co_bytes body = co_row_bytes(res, 0, 1);
    Callout__V1__FreeText *text = callout__v1__free_text__unpack(&allocator, body.len, body.data);
    char *title = co_arena_strdup(ask->arena, co_row_text(res, 0, 0));
    if (title != NULL)
        view->title = title;
    if (text != NULL)
        view->description = text->description;
}

/* False: the policy pack is being fetched. */
static bool add_pack(struct intake_ask *ask, Callout__V1__CaseView *view)
{
    bool is_missing = false;
    if (view->policy == NULL || view->policy->key[0] == '\0')
        return true;
    const struct co_object *pack =
        co_registry_feed_pin(ask->in->feed, CO_KIND_POLICY, view->policy->key, view->policy->since, &is_missing);
    if (pack != NULL)
        (void)co_view_add_pack(ask->arena, view, pack->message->policy); /* without room: shown without it */
    return pack != NULL || is_missing;
}

void intake_query_case_finish(struct intake_ask *ask)
{
    Callout__V1__CaseView *view = NULL;
    const PGresult *res = ask->results.item[RESULT_ENTRIES];
    bool is_cut = PQntuples(res) > ENTRIES_MAX;
    int rows = is_cut ? ENTRIES_MAX : PQntuples(res);
    co_arena_reset(ask->arena); /* done again when the pack has come */
    struct co_view_entry *entries = unpack(ask, res, rows);
    if (entries == NULL || co_view_fold(ask->arena, entries, (size_t)rows, &view) != CO_OK) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_INVALID, "query.number", "the case is too large to be shown whole; ask for its entries");
        return;
    }
    view->is_cut = is_cut;
    add_text(ask, ask->results.item[RESULT_TEXT], view);
    bool is_late = co_mono_us() - ask->call->since_mono_us > ask->wait_ms * INT64_C(1000) + PIN_PATIENCE_US;
    if (!add_pack(ask, view) && !is_late && !ask->in->is_stopping)
        intake_queries_wait(ask);
    else
        reply_view(ask, view);
}

/* Its entries are not all here: what they would be folded to is not the case. */
static void reply_archived(struct intake_ask *ask, int64_t low)
{
    char text[160];
    (void)snprintf(text, sizeof(text), "the entries of this case are archived (journal-%lld-...): callout explain NUMBER --archive FILE", (long long)low);
    if (ask->submitted != NULL)
        reply_view(ask, NULL);
    else
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_NOT_FOUND, "query.number", text);
}

static void on_read(struct intake_ask *ask, struct co_results *results)
{
    if (PQntuples(results->item[RESULT_ARCHIVED]) > 0) {
        reply_archived(ask, co_row_int8(results->item[RESULT_ARCHIVED], 0, 0));
        return;
    }
    int rows = PQntuples(results->item[RESULT_ENTRIES]);
    if (rows == 0) {
        intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_NOT_FOUND, "query.number", "there is no case with this number");
        return;
    }
    ask->results = *results;
    *results = (struct co_results){ 0 };
    intake_query_case_finish(ask);
}

void intake_query_case(struct intake_ask *ask)
{
    int lane = co_number_lane(ask->case_id);
    co_batch_clear(ask->batch);
    (void)co_batch_add(ask->batch, &co_io_sql[co_io_sql_read_case_entries]);
    co_batch_int2(ask->batch, lane);
    co_batch_int8(ask->batch, ask->case_id);
    co_batch_int8(ask->batch, 0);
    co_batch_int8(ask->batch, INT64_MAX);
    co_batch_int4(ask->batch, ENTRIES_MAX + 1); /* one more: is there more? */
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_text]);
    co_batch_int2(ask->batch, lane);
    co_batch_int8(ask->batch, ask->case_id);
    (void)co_batch_add(ask->batch, &intake_sql[intake_sql_read_archived]);
    co_batch_int2(ask->batch, lane);
    co_batch_int8(ask->batch, ask->case_id);
    intake_ask_run(ask, on_read);
}
