#include "load.h"

#include <stdlib.h>

#include "co_clock.h"
#include "co_row.h"
#include "intake_sql.h"
#include "waiters.h"

enum { SHARE_LEAST_PER_S = 10, RETRY_MS = 1000 };

struct intake_load {
    struct intake *in;
    struct co_batch *batch;
    bool in_air, is_behind;
    int64_t lag_us;
    int64_t beat_mono_us; /* the last one */
    uint64_t opened;      /* cases that sla had taken on then */
    double share_per_s;
    double elapsed_s;
    size_t active;        /* sources that post */
    struct co_log_condition behind;
};

struct intake_load *intake_load_new(struct intake *in)
{
    struct intake_load *load = calloc(1, sizeof(*load));
    if (load == NULL)
        return NULL;
    load->in = in;
    load->batch = co_batch_new(1024);
    if (load->batch == NULL) {
        free(load);
        return NULL;
    }
    return load;
}

void intake_load_free(struct intake_load *load)
{
    if (load == NULL)
        return;
    co_batch_free(load->batch);
    free(load);
}

static void count_active(struct intake_client *client, void *arg)
{
    struct intake_load *load = arg;
    load->active += client->posted != client->posted_before;
    client->posted_before = client->posted;
}

static void give_share(struct intake_client *client, void *arg)
{
    const struct intake_load *load = arg;
    client->share_tokens += load->share_per_s * load->elapsed_s;
    if (client->share_tokens > load->share_per_s)
        client->share_tokens = load->share_per_s;
}

static void give_shares(struct intake_load *load)
{
    int64_t now_mono_us = co_mono_us();
    uint64_t opened = intake_waiters_opened(load->in->waiters);
    load->elapsed_s = load->beat_mono_us == 0 ? 0 : (double)(now_mono_us - load->beat_mono_us) / 1e6;
    load->active = 0;
    intake_clients_each(load->in->clients, count_active, load);
    double done_per_s = load->elapsed_s > 0 ? (double)(opened - load->opened) / load->elapsed_s : 0;
    load->share_per_s = done_per_s / (double)(load->active == 0 ? 1 : load->active);
    if (load->share_per_s < SHARE_LEAST_PER_S)
        load->share_per_s = SHARE_LEAST_PER_S;
    load->beat_mono_us = now_mono_us;
    load->opened = opened;
    intake_clients_each(load->in->clients, give_share, load);
}

static void on_lag(void *arg, const struct co_pg_outcome *outcome)
{
    struct intake_load *load = arg;
    struct intake *in = load->in;
    load->in_air = false;
    if (outcome->err != CO_OK)
        return;
    const PGresult *res = outcome->results->item[0];
    double rate = co_node_clock(in->node)->rate;
    int64_t oldest_us = co_row_us(res, 0, 0);
    bool is_known = oldest_us != INT64_MAX && rate > 0; /* the stepped clock stands still: nobody is late */
    load->lag_us = is_known ? (int64_t)((double)(co_node_now_us(in->node) - oldest_us) / rate) : 0;
    load->is_behind = load->lag_us > in->config->lag_limit_ms * 1000;
    if (load->is_behind)
        co_log_holds(in->log, &load->behind, CO_LOG_WARN, "sla_behind", CO_FOR("lag", load->lag_us));
    else
        co_log_ended(in->log, &load->behind, "sla_behind");
}

void intake_load_beat(struct intake_load *load)
{
    give_shares(load);
    if (load->in_air)
        return;
    co_batch_clear(load->batch);
    (void)co_batch_add(load->batch, &intake_sql[intake_sql_read_sla_lag]);
    load->in_air = true;
    co_pg_run(co_node_pg(load->in->node), load->batch, CO_PG_PLAIN, on_lag, load);
}

bool intake_load_is_over(struct intake_load *load, struct intake_client *client, uint32_t *ret_wait_ms)
{
    if (!load->is_behind)
        return false;
    if (client->share_tokens >= 1) {
        client->share_tokens -= 1;
        return false;
    }
    *ret_wait_ms = RETRY_MS;
    return true;
}

int64_t intake_load_lag_us(const struct intake_load *load)
{
    return load->lag_us;
}
