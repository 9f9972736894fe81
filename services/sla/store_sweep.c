/* The statements of sweeps. */
#include "co_row.h"
#include "sla_sql.h"
#include "store.h"
#include "sweep.h"

static int add_read(struct co_turn *t, size_t sql)
{
    size_t index = co_batch_add(t->reads, &sla_sql[sql]);
    co_batch_int2(t->reads, t->lane);
    return (int)index;
}

int sla_store_read_sweep(struct co_turn *t)
{
    return add_read(t, sla_sql_read_sweep);
}

int sla_store_read_sweep_waiting(struct co_turn *t)
{
    return add_read(t, sla_sql_read_sweep_waiting);
}

int sla_store_read_wide_changes(struct co_turn *t)
{
    return add_read(t, sla_sql_read_wide_changes);
}

int sla_store_read_sweep_window(struct co_turn *t, int limit)
{
    int index = add_read(t, sla_sql_read_sweep_window);
    co_batch_int4(t->reads, limit);
    return index;
}

void sla_store_sweep_found(const struct co_turn *t, int index, struct sla_sweep *ret)
{
    const PGresult *res = t->read_results[index];
    *ret = (struct sla_sweep){ .next_us = INT64_MAX };
    if (PQntuples(res) == 0)
        return;
    *ret = (struct sla_sweep){
        .exists = true,
        .version = (uint64_t)co_row_int8(res, 0, 0),
        .stage = (enum sla_sweep_stage)co_row_int2(res, 0, 1),
        .after_us = co_row_us(res, 0, 2),
        .after_case_id = co_row_int8(res, 0, 3),
        .has_span = !co_row_is_null(res, 0, 4),
        .span_from_us = co_row_us(res, 0, 4),
        .span_until_us = co_row_us(res, 0, 5),
        .regions = co_row_is_null(res, 0, 6) ? NULL : co_row_text(res, 0, 6),
        .found = co_row_int4(res, 0, 7),
        .visited = co_row_int8(res, 0, 8),
        .moved = co_row_int8(res, 0, 9),
        .next_us = co_row_us(res, 0, 10),
    };
}

void sla_store_save_sweep(struct co_turn *t, const struct sla_sweep *w, const int64_t *waiting, size_t n)
{
    struct co_batch *b = t->writes;
    (void)co_batch_add(b, &sla_sql[sla_sql_save_sweep]);
    co_batch_int2(b, t->lane);
    co_batch_int8(b, (int64_t)w->version);
    co_batch_int2(b, (int)w->stage);
    co_batch_us(b, w->after_us);
    co_batch_int8(b, w->after_case_id);
    co_batch_us(b, w->has_span ? w->span_from_us : INT64_MAX);
    co_batch_us(b, w->has_span ? w->span_until_us : INT64_MAX);
    co_batch_text(b, w->regions);
    co_batch_int8s(b, waiting, n);
    co_batch_us(b, t->now_us);
    co_batch_int8(b, w->visited);
    co_batch_int8(b, w->moved);
    co_batch_us(b, w->next_us);
}

void sla_store_add_moved(struct co_turn *t, int64_t moved)
{
    (void)co_batch_add(t->writes, &sla_sql[sla_sql_add_moved]);
    co_batch_int2(t->writes, t->lane);
    co_batch_int8(t->writes, moved);
}
