#include "numbers.h"

#include <stdlib.h>

#include "co_clock.h"
#include "co_row.h"
#include "intake_sql.h"

/* A stock that lasts less than FAST_US was too small: the next one is twice as large. One that lasted long was large
 * enough, and what a restart throws away should stay small: numbers are to stay short. */
enum { BLOCK = 1000, BLOCKS_MAX = 32, FAST_US = 1000000 };

struct range {
    int64_t next, end;
};

struct intake_numbers {
    struct intake *in;
    struct co_batch *batch;
    bool in_air;
    int32_t blocks; /* to fetch at a time */
    int64_t fetched_mono_us;
    struct range range[2 * BLOCKS_MAX];
    size_t first, count;
    int64_t left;
};

struct intake_numbers *intake_numbers_new(struct intake *in)
{
    struct intake_numbers *n = calloc(1, sizeof(*n));
    if (n == NULL)
        return NULL;
    n->in = in;
    n->blocks = 1;
    n->batch = co_batch_new(1024);
    if (n->batch == NULL) {
        free(n);
        return NULL;
    }
    return n;
}

void intake_numbers_free(struct intake_numbers *n)
{
    if (n == NULL)
        return;
    co_batch_free(n->batch);
    free(n);
}

static void on_fetched(void *arg, const struct co_pg_outcome *outcome)
{
    struct intake_numbers *n = arg;
    n->in_air = false;
    if (outcome->err != CO_OK) {
        if (outcome->err != CO_EDOWN)
            co_log_error(n->in->log, "numbers_failed", CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
        return; /* the next beat tries again */
    }
    const PGresult *res = outcome->results->item[0];
    for (int row = 0; row < PQntuples(res) && n->count < 2 * BLOCKS_MAX; row++) {
        int64_t first = co_row_int8(res, row, 0);
        n->range[(n->first + n->count++) % (2 * BLOCKS_MAX)] = (struct range){ first, first + BLOCK };
        n->left += BLOCK;
    }
}

void intake_numbers_fill(struct intake_numbers *n)
{
    int64_t now_mono_us = co_mono_us();
    if (n->in_air || n->left > (int64_t)n->blocks * BLOCK / 2 || !co_pg_is_up(co_node_pg(n->in->node)))
        return;
    bool is_fast = n->fetched_mono_us != 0 && now_mono_us - n->fetched_mono_us < FAST_US;
    n->blocks = !is_fast ? 1 : n->blocks < BLOCKS_MAX ? n->blocks * 2 : BLOCKS_MAX;
    n->fetched_mono_us = now_mono_us;
    co_batch_clear(n->batch);
    (void)co_batch_add(n->batch, &intake_sql[intake_sql_take_numbers]);
    co_batch_int4(n->batch, n->blocks);
    n->in_air = true;
    co_pg_run(co_node_pg(n->in->node), n->batch, CO_PG_PLAIN, on_fetched, n);
}

enum co_err intake_numbers_take(struct intake_numbers *n, int64_t *ret_number)
{
    intake_numbers_fill(n);
    if (n->left == 0)
        return CO_EAGAIN;
    struct range *r = &n->range[n->first];
    *ret_number = r->next++;
    n->left--;
    if (r->next == r->end) {
        n->first = (n->first + 1) % (2 * BLOCKS_MAX);
        n->count--;
    }
    return CO_OK;
}
