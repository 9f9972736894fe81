#include "co_history_impl.h"

#include <stdio.h>
#include <string.h>

#include "co_history_sql.h"
#include "co_pbarena.h"
#include "co_row.h"

enum { PAGE = 4000, NUMBER = 24 };

/* A result that is read from front to back, page by page. */
struct pages {
    PGresult *result;
    int at;
    bool is_last;
};

struct lane {
    struct co_history_shared *shared;
    struct co_tooldb *db;
    struct co_arena *arena;
    unsigned worker;
    int lane;
    struct pages entries, rows;
    int64_t case_id; /* of the entry read last */
    int64_t seq;
    int64_t row_case_id;           /* of the row read last */
    struct co_history_entry *list; /* of the case being read, the arena's */
    size_t count, cap;
    const char *problem;
    uint64_t permille; /* said of this lane */
};

static int64_t last_wanted(const struct lane *l)
{
    int64_t id = l->shared->options->case_id;
    return id != 0 ? id : INT64_MAX;
}

static void number(char text[static NUMBER], int64_t x)
{
    (void)snprintf(text, NUMBER, "%lld", (long long)x);
}

static enum co_err turn_page(struct lane *l, struct pages *p, const struct co_sql *sql, int n,
                             const char *const *values)
{
    PQclear(p->result);
    *p = (struct pages){ 0 };
    enum co_err err = co_tooldb_query(l->db, sql, n, values, &p->result);
    if (err != CO_OK)
        return err;
    p->is_last = PQntuples(p->result) < PAGE;
    return CO_OK;
}

static bool is_read(const struct pages *p)
{
    return p->result == NULL || p->at == PQntuples(p->result);
}

/* False in *ret_is_there: the lane is at its end. */
static enum co_err need_entry(struct lane *l, bool *ret_is_there)
{
    char lane[NUMBER], case_id[NUMBER], seq[NUMBER], kinds[NUMBER], last[NUMBER], limit[NUMBER];
    const char *values[] = { lane, case_id, seq, kinds, last, limit };
    enum co_err err = CO_OK;
    if (is_read(&l->entries) && !l->entries.is_last) {
        number(lane, l->lane);
        number(case_id, l->case_id);
        number(seq, l->seq);
        number(kinds, (int64_t)l->shared->options->kinds);
        number(last, last_wanted(l));
        number(limit, PAGE);
        err = turn_page(l, &l->entries, &co_history_sql[co_history_sql_read_page], 6, values);
        if (err == CO_OK)
            atomic_fetch_add(&l->shared->entries, (uint64_t)PQntuples(l->entries.result));
    }
    *ret_is_there = err == CO_OK && !is_read(&l->entries);
    return err;
}

static enum co_err need_row(struct lane *l, bool *ret_is_there)
{
    char lane[NUMBER], case_id[NUMBER], last[NUMBER], limit[NUMBER];
    const char *values[] = { lane, case_id, last, limit };
    enum co_err err = CO_OK;
    *ret_is_there = false;
    if (l->shared->options->rows == NULL)
        return CO_OK;
    if (is_read(&l->rows) && !l->rows.is_last) {
        number(lane, l->lane);
        number(case_id, l->row_case_id);
        number(last, last_wanted(l));
        number(limit, PAGE);
        err = turn_page(l, &l->rows, l->shared->options->rows, 4, values);
    }
    *ret_is_there = err == CO_OK && !is_read(&l->rows);
    return err;
}

static int64_t peek(const struct pages *p)
{
    return co_row_int8(p->result, p->at, 0);
}

static struct co_history_entry *room(struct lane *l)
{
    if (l->count < l->cap)
        return &l->list[l->count];
    size_t cap = l->cap == 0 ? 64 : l->cap * 2;
    struct co_history_entry *list = co_arena_alloc(l->arena, cap * sizeof(*list));
    if (list == NULL)
        return NULL;
    if (l->count > 0)
        memcpy(list, l->list, l->count * sizeof(*list));
    l->list = list;
    l->cap = cap;
    return &list[l->count];
}

/* What cannot be read leaves the case with a problem, and the next one without. */
static void take_entry(struct lane *l)
{
    const PGresult *res = l->entries.result;
    int row = l->entries.at++;
    l->seq = co_row_int8(res, row, 1);
    struct co_bytes body = co_row_bytes(res, row, 3);
    ProtobufCAllocator allocator = co_pbarena(l->arena);
    struct co_history_entry *e = room(l);
    Callout__V1__Event *event =
        e == NULL ? NULL : callout__v1__event__unpack(&allocator, body.len, body.data);
    if (event == NULL || event->body_case == CALLOUT__V1__EVENT__BODY__NOT_SET) {
        l->problem = e == NULL ? "the case is too large for the memory of this command"
                               : "an entry of it is no event that this release knows";
        return;
    }
    *e = (struct co_history_entry){ (uint64_t)l->seq, co_row_us(res, row, 2), event };
    l->count++;
}

static enum co_err take_entries(struct lane *l, int64_t case_id)
{
    bool is_there = true;
    l->case_id = case_id;
    l->seq = INT64_MAX; /* where it has none, the next page begins behind it */
    enum co_err err = need_entry(l, &is_there);
    while (err == CO_OK && is_there && peek(&l->entries) == case_id) {
        take_entry(l);
        err = need_entry(l, &is_there);
    }
    return err;
}

/* Numbers of cases are given out over all lanes, so a number says how far a lane is. */
static void tell_progress(struct lane *l, uint64_t permille)
{
    if (permille <= l->permille)
        return;
    atomic_fetch_add(&l->shared->permille, permille - l->permille);
    l->permille = permille;
}

static void tell_passed(struct lane *l, int64_t case_id)
{
    int64_t first = l->shared->first_case_id, span = l->shared->last_case_id - first;
    if (span > 0 && case_id > first && case_id - first <= span)
        tell_progress(l, (uint64_t)((double)(case_id - first) / (double)span * 1000.0));
}

static enum co_err hand_over(struct lane *l, int64_t case_id, bool has_row)
{
    const struct co_history_options *o = l->shared->options;
    struct co_history_case c = { .case_id = case_id,
                                 .lane = l->lane,
                                 .entries = l->list,
                                 .count = l->count,
                                 .problem = l->problem,
                                 .rows = has_row ? l->rows.result : NULL,
                                 .row = l->rows.at,
                                 .arena = l->arena };
    enum co_err err = o->each(o->arg, l->worker, &c);
    if (has_row) {
        l->row_case_id = case_id;
        l->rows.at++;
    }
    return err;
}

/* The next case of the lane: the least id of entries and rows. False: there is none. */
static enum co_err next_case(struct lane *l, int64_t *ret_case_id, bool *ret_has_row,
                             bool *ret_is_there)
{
    bool has_entry = false, has_row = false;
    enum co_err err = need_entry(l, &has_entry);
    if (err == CO_OK)
        err = need_row(l, &has_row);
    if (err != CO_OK)
        return err;
    int64_t of_entry = has_entry ? peek(&l->entries) : INT64_MAX;
    int64_t of_row = has_row ? peek(&l->rows) : INT64_MAX;
    *ret_case_id = of_entry < of_row ? of_entry : of_row;
    *ret_has_row = has_row && of_row == *ret_case_id;
    *ret_is_there = has_entry || has_row;
    return CO_OK;
}

static enum co_err read_case(struct lane *l, bool *ret_is_there)
{
    int64_t case_id;
    bool has_row;
    enum co_err err = next_case(l, &case_id, &has_row, ret_is_there);
    if (err != CO_OK || !*ret_is_there)
        return err;
    co_arena_reset(l->arena);
    l->list = NULL;
    l->count = l->cap = 0;
    l->problem = NULL;
    tell_passed(l, case_id);
    err = take_entries(l, case_id);
    return err == CO_OK ? hand_over(l, case_id, has_row) : err;
}

enum co_err co_history_lane(struct co_history_shared *shared, struct co_tooldb *db,
                            struct co_arena *arena, unsigned worker, int lane)
{
    struct lane l = { .shared = shared, .db = db, .arena = arena, .worker = worker, .lane = lane };
    int64_t only = shared->options->case_id;
    bool is_there = true;
    l.case_id = l.row_case_id = only != 0 ? only - 1 : 0; /* entries of no case have 0 */
    l.seq = INT64_MAX;
    enum co_err err = CO_OK;
    while (err == CO_OK && is_there && !atomic_load(&shared->is_over))
        err = read_case(&l, &is_there);
    if (!is_there)
        tell_progress(&l, 1000);
    PQclear(l.entries.result);
    PQclear(l.rows.result);
    return err;
}
