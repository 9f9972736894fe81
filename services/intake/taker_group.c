#include "taker_group.h"

#include <stdlib.h>
#include <string.h>

#include "callout/v1/event.pb-c.h"
#include "co_assert.h"
#include "co_row.h"
#include "intake_sql.h"

static int by_rank(const void *a, const void *b)
{
    const struct intake_post *x = *(struct intake_post *const *)a, *y = *(struct intake_post *const *)b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static int compare_keys(const struct intake_post *x, const struct intake_post *y)
{
    int c = strcmp(x->source, y->source);
    if (c == 0)
        c = strcmp(x->key, y->key);
    return c != 0 ? c : (int)x->kind - (int)y->kind;
}

static int by_key(const void *a, const void *b)
{
    const struct intake_post *x = *(struct intake_post *const *)a, *y = *(struct intake_post *const *)b;
    int c = compare_keys(x, y);
    return c != 0 ? c : x->order < y->order ? -1 : x->order > y->order;
}

bool intake_group_form(struct intake_group *g, struct co_arena *arena, int lane, struct intake_post **posts, size_t count)
{
    struct intake_post **leaders = co_arena_memdup(arena, posts, count * sizeof(posts[0]));
    struct intake_post **losers = co_arena_alloc(arena, count * sizeof(posts[0]));
    if (leaders == NULL || losers == NULL)
        return false;
    *g = (struct intake_group){ .lane = lane, .all = posts, .count = count, .leaders = leaders, .losers = losers };
    qsort(posts, count, sizeof(posts[0]), by_rank);
    qsort(leaders, count, sizeof(leaders[0]), by_key);
    for (size_t i = 0; i < count; i++) {
        struct intake_post *p = leaders[i];
        p->twins = NULL;
        p->has_won = false;
        struct intake_post *leader = g->leader_count == 0 ? NULL : leaders[g->leader_count - 1];
        p->is_twin = leader != NULL && compare_keys(leader, p) == 0;
        if (!p->is_twin) {
            leaders[g->leader_count++] = p;
            continue;
        }
        p->twins = leader->twins; /* those of one leader are a list */
        leader->twins = p;
    }
    return true;
}

/* Parallel arrays of one group. */
struct columns {
    const char **source, **key, **title;
    int16_t *kind;
    struct co_bytes *bytes;
    int64_t *case_id, *id;
};

static bool make_columns(struct columns *c, struct co_arena *arena, size_t n)
{
    *c = (struct columns){
        co_arena_alloc(arena, n * sizeof(*c->source)),  co_arena_alloc(arena, n * sizeof(*c->key)),
        co_arena_alloc(arena, n * sizeof(*c->title)),   co_arena_alloc(arena, n * sizeof(*c->kind)),
        co_arena_alloc(arena, n * sizeof(*c->bytes)),   co_arena_alloc(arena, n * sizeof(*c->case_id)),
        co_arena_alloc(arena, n * sizeof(*c->id)),
    };
    return c->source != NULL && c->key != NULL && c->title != NULL && c->kind != NULL && c->bytes != NULL &&
           c->case_id != NULL && c->id != NULL;
}

static void write_receipts(const struct intake_group *g, struct columns *c, struct co_batch *batch)
{
    size_t n = g->leader_count;
    for (size_t i = 0; i < n; i++) {
        const struct intake_post *p = g->leaders[i];
        c->source[i] = p->source;
        c->key[i] = p->key;
        c->kind[i] = (int16_t)p->kind;
        c->bytes[i] = (struct co_bytes){ p->hash, INTAKE_HASH_BYTES };
        c->case_id[i] = p->case_id;
        c->id[i] = p->id;
    }
    co_batch_texts(batch, c->source, n);
    co_batch_texts(batch, c->key, n);
    co_batch_int2s(batch, c->kind, n);
    co_batch_byteas(batch, c->bytes, n);
    co_batch_int8s(batch, c->case_id, n);
    co_batch_int8s(batch, c->id, n);
}

static void write_texts(const struct intake_group *g, struct columns *c, struct co_batch *batch)
{
    size_t n = 0;
    for (size_t i = 0; i < g->count; i++) {
        const struct intake_post *p = g->all[i];
        if (p->is_twin || (p->text.len == 0 && p->title == NULL))
            continue;
        c->id[n] = p->id;
        c->title[n] = p->title;
        c->bytes[n++] = p->text;
    }
    co_batch_int8s(batch, c->id, n);
    co_batch_texts(batch, c->title, n);
    co_batch_byteas(batch, c->bytes, n);
}

static void write_entries(const struct intake_group *g, struct columns *c, struct co_batch *batch)
{
    size_t n = 0;
    for (size_t i = 0; i < g->count; i++) {
        const struct intake_post *p = g->all[i];
        if (p->is_twin)
            continue;
        c->id[n] = p->id;
        c->case_id[n] = p->case_id;
        c->kind[n] = (int16_t)p->entry_kind;
        c->bytes[n++] = p->event;
    }
    co_batch_int8s(batch, c->id, n);
    co_batch_int8s(batch, c->case_id, n);
    co_batch_int2s(batch, c->kind, n);
    co_batch_byteas(batch, c->bytes, n);
}

void intake_group_write(const struct intake_group *g, struct co_arena *arena, struct co_batch *batch)
{
    struct columns c;
    (void)co_batch_add(batch, &intake_sql[intake_sql_take_group]);
    co_batch_int2(batch, g->lane);
    if (!make_columns(&c, arena, g->count)) {
        co_batch_fail(batch, CO_ENOMEM);
        return;
    }
    write_receipts(g, &c, batch);
    write_texts(g, &c, batch);
    write_entries(g, &c, batch);
}

/* Rows come in the order of the receipts: each belongs to the next leader with its id. One row without an id: all won. */
static void find_winners(struct intake_group *g, const PGresult *res)
{
    int row = 0, rows = PQntuples(res);
    bool is_all = rows == 1 && co_row_is_null(res, 0, 0);
    for (size_t i = 0; i < g->leader_count; i++) {
        struct intake_post *p = g->leaders[i];
        p->has_won = is_all || (row < rows && co_row_int8(res, row, 0) == p->id);
        if (!p->has_won)
            g->losers[g->loser_count++] = p;
        else if (!is_all)
            row++;
    }
    co_assert(is_all || row == rows);
}

bool intake_group_read(struct intake_group *g, struct co_arena *arena, const PGresult *res,
                       struct co_entry_raw **ret_entries, size_t *ret_count)
{
    struct co_entry_raw *entries = co_arena_alloc(arena, g->count * sizeof(*entries));
    size_t n = 0;
    if (entries == NULL)
        return false;
    find_winners(g, res);
    if (PQntuples(res) > 0) {
        int64_t before = co_row_int8(res, 0, 1), at_us = co_row_us(res, 0, 2);
        for (size_t i = 0; i < g->count; i++) {
            const struct intake_post *p = g->all[i];
            if (!p->is_twin && p->has_won) {
                entries[n] = (struct co_entry_raw){ before + 1 + (int64_t)n, at_us, p->case_id, p->entry_kind, p->event };
                n++;
            }
        }
    }
    *ret_entries = entries;
    *ret_count = n;
    return true;
}

void intake_group_write_losers(const struct intake_group *g, struct co_arena *arena, struct co_batch *batch)
{
    struct columns c;
    size_t n = g->loser_count;
    (void)co_batch_add(batch, &intake_sql[intake_sql_read_receipts]);
    co_batch_int2(batch, g->lane);
    if (!make_columns(&c, arena, n)) {
        co_batch_fail(batch, CO_ENOMEM);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        c.source[i] = g->losers[i]->source;
        c.key[i] = g->losers[i]->key;
        c.kind[i] = (int16_t)g->losers[i]->kind;
    }
    co_batch_texts(batch, c.source, n);
    co_batch_texts(batch, c.key, n);
    co_batch_int2s(batch, c.kind, n);
    (void)co_batch_add(batch, &intake_sql[intake_sql_wait_replicated]);
}

static void answer_known(struct intake_post *leader, const uint8_t hash[static INTAKE_HASH_BYTES], int64_t case_id, int64_t id)
{
    for (struct intake_post *twin = leader->twins, *next; twin != NULL; twin = next) {
        next = twin->twins;
        intake_post_known(twin, hash, case_id, id);
    }
}

/* A command that found no case; others with its key may name another one, but then they are wrong as well. */
static void answer_missing(struct intake_post *leader)
{
    for (struct intake_post *twin = leader->twins, *next; twin != NULL; twin = next) {
        next = twin->twins;
        intake_post_has_no_case(twin);
    }
    intake_post_has_no_case(leader);
}

void intake_group_answer_losers(struct intake_group *g, const PGresult *res)
{
    int row = 0, rows = PQntuples(res);
    for (size_t i = 0; i < g->loser_count; i++) {
        struct intake_post *p = g->losers[i];
        if (row >= rows || co_row_int8(res, row, 0) != (int64_t)i + 1) {
            answer_missing(p);
            continue;
        }
        const uint8_t *hash = co_row_bytes(res, row, 1).data;
        int64_t case_id = co_row_int8(res, row, 2), id = co_row_int8(res, row, 3);
        answer_known(p, hash, case_id, id);
        intake_post_known(p, hash, case_id, id);
        row++;
    }
}

/* By leaders: a twin is gone with its leader. */
void intake_group_answer_winners(struct intake_group *g)
{
    for (size_t i = 0; i < g->leader_count; i++) {
        struct intake_post *p = g->leaders[i];
        if (!p->has_won)
            continue;
        answer_known(p, p->hash, p->case_id, p->id);
        intake_post_committed(p);
    }
}
