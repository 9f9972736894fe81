#include "co_journal.h"

#include <string.h>

#include "co_assert.h"
#include "co_io_sql.h"
#include "co_pbarena.h"
#include "co_row.h"

void co_outbox_init(struct co_outbox *box, struct co_arena *arena)
{
    *box = (struct co_outbox){ .arena = arena };
}

static bool make_room(struct co_outbox *box)
{
    if (box->count < box->cap)
        return true;
    size_t cap = box->cap == 0 ? 16 : box->cap * 2;
    struct co_entry_raw *grown = co_arena_alloc(box->arena, cap * sizeof(*grown));
    if (grown == NULL)
        return false;
    if (box->count > 0)
        memcpy(grown, box->item, box->count * sizeof(*grown));
    box->item = grown;
    box->cap = cap;
    return true;
}

bool co_outbox_add(struct co_outbox *box, int64_t case_id, const Callout__V1__Event *event)
{
    size_t len = callout__v1__event__get_packed_size(event);
    uint8_t *body = co_arena_alloc(box->arena, len);
    if (body == NULL || !make_room(box))
        return false;
    (void)callout__v1__event__pack(event, body);
    box->item[box->count++] = (struct co_entry_raw){ .case_id = case_id,
                                                     .kind = co_event_kind(event),
                                                     .body = { body, len } };
    return true;
}

size_t co_outbox_append(const struct co_outbox *box, struct co_batch *batch, int lane, int64_t not_before_us)
{
    co_assert(box->count > 0);
    size_t n = box->count;
    int64_t *case_ids = co_arena_alloc(box->arena, n * sizeof(*case_ids));
    int16_t *kinds = co_arena_alloc(box->arena, n * sizeof(*kinds));
    struct co_bytes *bodies = co_arena_alloc(box->arena, n * sizeof(*bodies));
    size_t index = co_batch_add(batch, &co_io_sql[co_io_sql_append_entries]);
    co_batch_int2(batch, lane);
    if (case_ids == NULL || kinds == NULL || bodies == NULL) {
        co_batch_fail(batch, CO_ENOMEM);
        return index;
    }
    for (size_t i = 0; i < n; i++) {
        case_ids[i] = box->item[i].case_id;
        kinds[i] = (int16_t)box->item[i].kind;
        bodies[i] = box->item[i].body;
    }
    co_batch_int8s(batch, case_ids, n);
    co_batch_int2s(batch, kinds, n);
    co_batch_byteas(batch, bodies, n);
    co_batch_us(batch, not_before_us);
    return index;
}

void co_outbox_number(struct co_outbox *box, const PGresult *res)
{
    co_assert(PQntuples(res) == 1);
    int64_t first = co_row_int8(res, 0, 0);
    int64_t at_us = co_row_us(res, 0, 1);
    for (size_t i = 0; i < box->count; i++) {
        box->item[i].seq = first + (int64_t)i;
        box->item[i].at_us = at_us;
    }
}

Callout__V1__Event *co_event_unpack(struct co_arena *arena, struct co_bytes body)
{
    ProtobufCAllocator allocator = co_pbarena(arena);
    return callout__v1__event__unpack(&allocator, body.len, body.data);
}

int co_event_kind(const Callout__V1__Event *event)
{
    return (int)event->body_case;
}

struct co_entry_raw co_entry_of_row(const PGresult *res, int row)
{
    return (struct co_entry_raw){ co_row_int8(res, row, 0), co_row_us(res, row, 1), co_row_int8(res, row, 2),
                                  co_row_int2(res, row, 3), co_row_bytes(res, row, 4) };
}
