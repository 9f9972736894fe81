#include "store.h"

#include "co_row.h"
#include "sla_sql.h"

void sla_store_read(struct co_turn *t, const int64_t *case_ids, size_t n)
{
    (void)co_batch_add(t->reads, &sla_sql[sla_sql_read_cases]);
    co_batch_int2(t->reads, t->lane);
    co_batch_int8s(t->reads, case_ids, n);
}

struct co_bytes sla_store_found(const struct co_turn *t, int64_t case_id)
{
    const PGresult *res = t->read_results[0];
    int low = 0, high = PQntuples(res);
    while (low < high) {
        int middle = low + (high - low) / 2;
        int64_t at = co_row_int8(res, middle, 0);
        if (at == case_id)
            return co_row_bytes(res, middle, 1);
        *(at < case_id ? &low : &high) = at < case_id ? middle + 1 : middle;
    }
    return (struct co_bytes){ NULL, 0 };
}

/* The rows as columns, as unnest() wants them. */
struct columns {
    int64_t *case_id, *opened, *next_due, *next, *closed, *registry_seen;
    const char **customer, **site, **state, **milestone, **contract, **source;
    int16_t *severity;
    struct co_bytes *body;
};

static bool columns_new(struct columns *c, struct co_arena *arena, size_t n)
{
    c->case_id = co_arena_alloc(arena, 6 * n * sizeof(int64_t));
    c->customer = co_arena_alloc(arena, 6 * n * sizeof(char *));
    c->severity = co_arena_alloc(arena, n * sizeof(*c->severity));
    c->body = co_arena_alloc(arena, n * sizeof(*c->body));
    if (c->case_id == NULL || c->customer == NULL || c->severity == NULL || c->body == NULL)
        return false;
    c->opened = c->case_id + n;
    c->next_due = c->opened + n;
    c->next = c->next_due + n;
    c->closed = c->next + n;
    c->registry_seen = c->closed + n;
    c->site = c->customer + n;
    c->state = c->site + n;
    c->milestone = c->state + n;
    c->contract = c->milestone + n;
    c->source = c->contract + n;
    return true;
}

enum co_err sla_store_save(struct co_turn *t, const struct sla_row *rows, size_t n)
{
    struct columns c;
    if (n == 0)
        return CO_OK;
    if (!columns_new(&c, t->arena, n))
        return CO_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        c.case_id[i] = rows[i].case_id;
        c.customer[i] = rows[i].customer;
        c.contract[i] = rows[i].contract;
        c.source[i] = rows[i].source;
        c.site[i] = rows[i].site;
        c.severity[i] = (int16_t)rows[i].severity;
        c.state[i] = rows[i].state;
        c.opened[i] = rows[i].opened_us;
        c.next_due[i] = rows[i].next_due_us;
        c.milestone[i] = rows[i].next_milestone;
        c.next[i] = rows[i].next_us;
        c.closed[i] = rows[i].closed_us;
        c.registry_seen[i] = (int64_t)rows[i].registry_seen;
        c.body[i] = rows[i].body;
    }
    struct co_batch *b = t->writes;
    (void)co_batch_add(b, &sla_sql[sla_sql_save_cases]);
    co_batch_int2(b, t->lane);
    co_batch_int8s(b, c.case_id, n);
    co_batch_texts(b, c.customer, n);
    co_batch_texts(b, c.site, n);
    co_batch_int2s(b, c.severity, n);
    co_batch_texts(b, c.state, n);
    co_batch_uss(b, c.opened, n);
    co_batch_uss(b, c.next_due, n);
    co_batch_texts(b, c.milestone, n);
    co_batch_uss(b, c.next, n);
    co_batch_byteas(b, c.body, n);
    co_batch_uss(b, c.closed, n);
    co_batch_int8s(b, c.registry_seen, n);
    co_batch_texts(b, c.contract, n);
    co_batch_texts(b, c.source, n);
    return CO_OK;
}

