#include "store.h"

#include "co_row.h"
#include "notify_sql.h"

static size_t read_by_ids(struct co_turn *t, size_t statement, const int64_t *case_ids, size_t n)
{
    size_t index = co_batch_add(t->reads, &notify_sql[statement]);
    co_batch_int2(t->reads, t->lane);
    co_batch_int8s(t->reads, case_ids, n);
    return index;
}

size_t notify_store_read_cases(struct co_turn *t, const int64_t *case_ids, size_t n)
{
    return read_by_ids(t, notify_sql_read_cases, case_ids, n);
}

size_t notify_store_read_words(struct co_turn *t, const int64_t *case_ids, size_t n)
{
    return read_by_ids(t, notify_sql_read_words, case_ids, n);
}

size_t notify_store_read_notices(struct co_turn *t, const int64_t *case_ids, const bool *all,
                                 size_t n)
{
    size_t index = read_by_ids(t, notify_sql_read_notices, case_ids, n);
    co_batch_bools(t->reads, all, n);
    return index;
}

size_t notify_store_read_sending(struct co_turn *t, int64_t after_case_id, int limit)
{
    size_t index = co_batch_add(t->reads, &notify_sql[notify_sql_read_sending]);
    co_batch_int2(t->reads, t->lane);
    co_batch_int8(t->reads, after_case_id);
    co_batch_int4(t->reads, limit);
    return index;
}

int notify_store_row_of(const PGresult *res, int64_t case_id)
{
    int low = 0, high = PQntuples(res);
    while (low < high) {
        int middle = low + (high - low) / 2;
        int64_t at = co_row_int8(res, middle, 0);
        if (at == case_id)
            return middle;
        *(at < case_id ? &low : &high) = at < case_id ? middle + 1 : middle;
    }
    return -1;
}

static const char *text_or_null(const PGresult *res, int row, int column)
{
    return co_row_is_null(res, row, column) ? NULL : co_row_text(res, row, column);
}

static const uint8_t *secret_of(const PGresult *res, int row, int column)
{
    bool is_none = co_row_is_null(res, row, column);
    struct co_bytes secret = is_none ? (struct co_bytes){ 0 } : co_row_bytes(res, row, column);
    return secret.len == CO_ANSWER_SECRET ? secret.data : NULL;
}

int64_t notify_store_notice(const PGresult *res, int row, struct notify_notice *ret_notice)
{
    bool is_erased = co_row_is_null(res, row, 14);
    int64_t planned_us = co_row_us(res, row, 10);
    *ret_notice = (struct notify_notice){
        .obligation = co_row_text(res, row, 1),
        .generation = (uint32_t)co_row_int4(res, row, 2),
        .slot = co_row_text(res, row, 3),
        .person = co_row_text(res, row, 5),
        .channel = co_row_text(res, row, 6),
        .address = is_erased ? NULL : co_row_text(res, row, 14),
        .subject = is_erased ? NULL : co_row_text(res, row, 15),
        .body = is_erased ? NULL : co_row_text(res, row, 16),
        .html = text_or_null(res, row, 24),
        .markdown = text_or_null(res, row, 25),
        .brief = text_or_null(res, row, 26),
        .life = { .state = (Callout__V1__NoticeState)co_row_int2(res, row, 4),
                  .attempts = (uint32_t)co_row_int4(res, row, 7),
                  .doubted = co_row_bool(res, row, 8),
                  .recalled = co_row_bool(res, row, 9),
                  .spent = (uint32_t)co_row_int4(res, row, 18),
                  .planned_us = planned_us,
                  .since_us = co_row_is_null(res, row, 17) ? planned_us : co_row_us(res, row, 17),
                  .way_us = co_row_is_null(res, row, 19) ? planned_us : co_row_us(res, row, 19),
                  .next_us = co_row_us(res, row, 11),
                  .give_up_s = (uint32_t)co_row_int4(res, row, 21),
                  .next_channel_s = (uint32_t)co_row_int4(res, row, 22),
                  .alone = co_row_bool(res, row, 23) },
        .settled_us = co_row_us(res, row, 12),
        .detail = co_row_text(res, row, 13),
        .tried = co_row_text(res, row, 20),
        .answers = (uint32_t)co_row_int4(res, row, 27),
        .stands_for = co_row_text(res, row, 28),
        .why_him = co_row_text(res, row, 29),
        .recheck_us = co_row_is_null(res, row, 30) ? 0 : co_row_us(res, row, 30),
        .trace = co_row_text(res, row, 31),
        .secret = secret_of(res, row, 32),
    };
    return co_row_int8(res, row, 0);
}

/* ---- writing: rows as columns, as unnest() wants them ---- */

struct columns {
    size_t n;
    int64_t *case_id, *planned, *next, *settled, *since, *way, *answer_by, *recheck;
    struct co_bytes *secret;
    const char **obligation, **slot, **person, **channel, **detail, **address, **subject, **body,
        **tried, **html, **markdown, **brief, **stands_for, **why_him, **trace;
    int32_t *generation, *attempts, *spent, *give_up, *next_channel, *answers;
    int16_t *state;
    bool *doubted, *recalled, *alone;
};

static bool columns_new(struct columns *c, struct co_arena *arena, size_t n)
{
    int64_t *numbers = co_arena_alloc(arena, 8 * n * sizeof(*numbers));
    const char **texts = co_arena_alloc(arena, 15 * n * sizeof(*texts));
    int32_t *small = co_arena_alloc(arena, 6 * n * sizeof(*small));
    struct co_bytes *secret = co_arena_alloc(arena, n * sizeof(*secret));
    int16_t *state = co_arena_alloc(arena, n * sizeof(*state));
    bool *flags = co_arena_alloc(arena, 3 * n * sizeof(*flags));
    if (numbers == NULL || texts == NULL || small == NULL || state == NULL || flags == NULL ||
        secret == NULL)
        return false;
    *c = (struct columns){
        .case_id = numbers,
        .planned = numbers + n,
        .next = numbers + 2 * n,
        .settled = numbers + 3 * n,
        .since = numbers + 4 * n,
        .way = numbers + 5 * n,
        .answer_by = numbers + 6 * n,
        .recheck = numbers + 7 * n,
        .secret = secret,
        .obligation = texts,
        .slot = texts + n,
        .person = texts + 2 * n,
        .channel = texts + 3 * n,
        .detail = texts + 4 * n,
        .address = texts + 5 * n,
        .subject = texts + 6 * n,
        .body = texts + 7 * n,
        .tried = texts + 8 * n,
        .html = texts + 9 * n,
        .markdown = texts + 10 * n,
        .brief = texts + 11 * n,
        .stands_for = texts + 12 * n,
        .why_him = texts + 13 * n,
        .trace = texts + 14 * n,
        .generation = small,
        .attempts = small + n,
        .spent = small + 2 * n,
        .give_up = small + 3 * n,
        .next_channel = small + 4 * n,
        .answers = small + 5 * n,
        .state = state,
        .doubted = flags,
        .recalled = flags + n,
        .alone = flags + 2 * n,
    };
    return true;
}

static void add_row(struct columns *c, int64_t case_id, const struct notify_notice *n)
{
    size_t i = c->n++;
    c->case_id[i] = case_id;
    c->obligation[i] = n->obligation;
    c->generation[i] = (int32_t)n->generation;
    c->slot[i] = n->slot;
    c->state[i] = (int16_t)n->life.state;
    c->person[i] = n->person;
    c->channel[i] = n->channel;
    c->attempts[i] = (int32_t)n->life.attempts;
    c->doubted[i] = n->life.doubted;
    c->recalled[i] = n->life.recalled;
    c->planned[i] = n->life.planned_us;
    c->next[i] = n->life.next_us;
    c->settled[i] = n->settled_us;
    c->detail[i] = n->detail;
    c->give_up[i] = (int32_t)n->life.give_up_s;
    c->next_channel[i] = (int32_t)n->life.next_channel_s;
    c->alone[i] = n->life.alone;
    c->tried[i] = n->tried;
    c->stands_for[i] = n->stands_for;
    c->why_him[i] = n->why_him;
    c->trace[i] = n->trace;
    c->recheck[i] = n->recheck_us == 0 ? INT64_MAX : n->recheck_us;
    c->spent[i] = (int32_t)n->life.spent;
    c->since[i] = n->life.since_us == n->life.planned_us ? INT64_MAX : n->life.since_us;
    c->way[i] = n->life.way_us == n->life.planned_us ? INT64_MAX : n->life.way_us;
    c->secret[i] = (struct co_bytes){ n->secret, n->secret == NULL ? 0 : CO_ANSWER_SECRET };
    c->answers[i] = (int32_t)n->answers;
    c->answer_by[i] = n->secret == NULL ? INT64_MAX : n->answer_by_us;
    c->address[i] = n->address;
    c->subject[i] = n->subject;
    c->body[i] = n->body;
    c->html[i] = n->html;
    c->markdown[i] = n->markdown;
    c->brief[i] = n->brief;
}

static void write_identity(struct co_batch *b, size_t statement, int lane, const struct columns *c)
{
    (void)co_batch_add(b, &notify_sql[statement]);
    co_batch_int2(b, lane);
    co_batch_int8s(b, c->case_id, c->n);
    co_batch_texts(b, c->obligation, c->n);
    co_batch_int4s(b, c->generation, c->n);
    co_batch_texts(b, c->slot, c->n);
}

static void write_new(struct co_turn *t, const struct columns *c)
{
    struct co_batch *b = t->writes;
    write_identity(b, notify_sql_add_notices, t->lane, c);
    co_batch_int2s(b, c->state, c->n);
    co_batch_texts(b, c->person, c->n);
    co_batch_texts(b, c->channel, c->n);
    co_batch_int4s(b, c->attempts, c->n);
    co_batch_bools(b, c->doubted, c->n);
    co_batch_bools(b, c->recalled, c->n);
    co_batch_uss(b, c->planned, c->n);
    co_batch_uss(b, c->next, c->n);
    co_batch_uss(b, c->settled, c->n);
    co_batch_texts(b, c->detail, c->n);
    co_batch_int4s(b, c->give_up, c->n);
    co_batch_int4s(b, c->next_channel, c->n);
    co_batch_bools(b, c->alone, c->n);
    co_batch_byteas(b, c->secret, c->n);
    co_batch_int4s(b, c->answers, c->n);
    co_batch_uss(b, c->answer_by, c->n);
    co_batch_texts(b, c->stands_for, c->n);
    co_batch_texts(b, c->why_him, c->n);
    co_batch_uss(b, c->recheck, c->n);
    co_batch_uss(b, c->since, c->n);
    co_batch_uss(b, c->way, c->n);
    co_batch_texts(b, c->trace, c->n);
    write_identity(b, notify_sql_add_texts, t->lane, c);
    co_batch_texts(b, c->address, c->n);
    co_batch_texts(b, c->subject, c->n);
    co_batch_texts(b, c->body, c->n);
    co_batch_texts(b, c->html, c->n);
    co_batch_texts(b, c->markdown, c->n);
    co_batch_texts(b, c->brief, c->n);
}

static void write_changed(struct co_turn *t, const struct columns *c)
{
    struct co_batch *b = t->writes;
    write_identity(b, notify_sql_change_notices, t->lane, c);
    co_batch_int2s(b, c->state, c->n);
    co_batch_int4s(b, c->attempts, c->n);
    co_batch_bools(b, c->doubted, c->n);
    co_batch_bools(b, c->recalled, c->n);
    co_batch_uss(b, c->next, c->n);
    co_batch_uss(b, c->settled, c->n);
    co_batch_texts(b, c->detail, c->n);
    co_batch_texts(b, c->channel, c->n);
    co_batch_uss(b, c->since, c->n);
    co_batch_int4s(b, c->spent, c->n);
    co_batch_uss(b, c->way, c->n);
    co_batch_texts(b, c->tried, c->n);
    co_batch_texts(b, c->person, c->n);
    co_batch_texts(b, c->stands_for, c->n);
    co_batch_texts(b, c->why_him, c->n);
}

static void write_texts(struct co_turn *t, const struct columns *c)
{
    struct co_batch *b = t->writes;
    write_identity(b, notify_sql_change_texts, t->lane, c);
    co_batch_texts(b, c->address, c->n);
    co_batch_texts(b, c->subject, c->n);
    co_batch_texts(b, c->body, c->n);
    co_batch_texts(b, c->html, c->n);
    co_batch_texts(b, c->markdown, c->n);
    co_batch_texts(b, c->brief, c->n);
}

typedef bool is_meant(const struct notify_notice *n);

static bool is_added(const struct notify_notice *n)
{
    return n->is_new;
}

static bool is_changed(const struct notify_notice *n)
{
    return !n->is_new && n->is_changed;
}

static bool is_rewritten(const struct notify_notice *n)
{
    return !n->is_new && n->is_rewritten;
}

static enum co_err save_notices(struct co_turn *t, struct notify_case *const *cases, size_t n,
                                is_meant *is_to_write,
                                void (*write)(struct co_turn *t, const struct columns *c))
{
    size_t count = 0;
    struct columns c;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < cases[i]->count; j++)
            count += is_to_write(cases[i]->notices[j]) ? 1 : 0;
    if (count == 0)
        return CO_OK;
    if (!columns_new(&c, t->arena, count))
        return CO_ENOMEM;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < cases[i]->count; j++)
            if (is_to_write(cases[i]->notices[j]))
                add_row(&c, cases[i]->case_id, cases[i]->notices[j]);
    write(t, &c);
    return CO_OK;
}

static enum co_err save_states(struct co_turn *t, struct notify_case *const *cases, size_t n)
{
    int64_t *ids = co_arena_alloc(t->arena, n * sizeof(*ids));
    struct co_bytes *states = co_arena_alloc(t->arena, n * sizeof(*states));
    size_t count = 0;
    if (ids == NULL || states == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        if (!cases[i]->is_state_changed)
            continue;
        size_t len = callout__v1__notify_case__get_packed_size(cases[i]->state);
        uint8_t *packed = co_arena_alloc(t->arena, len);
        if (packed == NULL)
            return CO_ENOMEM;
        (void)callout__v1__notify_case__pack(cases[i]->state, packed);
        ids[count] = cases[i]->case_id;
        states[count++] = (struct co_bytes){ packed, len };
    }
    if (count == 0)
        return CO_OK;
    (void)co_batch_add(t->writes, &notify_sql[notify_sql_save_cases]);
    co_batch_int2(t->writes, t->lane);
    co_batch_int8s(t->writes, ids, count);
    co_batch_byteas(t->writes, states, count);
    return CO_OK;
}

enum co_err notify_store_save(struct co_turn *t, struct notify_case *const *cases, size_t n)
{
    enum co_err err = n == 0 ? CO_OK : save_states(t, cases, n);
    if (err == CO_OK)
        err = save_notices(t, cases, n, is_added, write_new);
    if (err == CO_OK)
        err = save_notices(t, cases, n, is_changed, write_changed);
    return err != CO_OK ? err : save_notices(t, cases, n, is_rewritten, write_texts);
}
